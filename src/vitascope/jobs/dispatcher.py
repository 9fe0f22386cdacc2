"""Plan, run, publish: one thread that takes films from the queue, keeps the workers busy, and writes down what became of it.

What happens to a film is decided here alone and written down before it counts, so that after a crash the rows say what is
left to do. Rows carry the name of the server that makes them and until when that is to be believed.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from vitascope.film import FilmError
from vitascope.jobs import states
from vitascope.jobs.accounts import Accounts
from vitascope.jobs.backlog import being_made, heads, making_of, storage_prefix, tiers_of
from vitascope.jobs.database import Database
from vitascope.jobs.engines import Engines
from vitascope.jobs.errors import JobError
from vitascope.jobs.executor import Done, Executor, Failed, Lost, Started, Step
from vitascope.jobs.fair import Shares, Waiting, choose
from vitascope.jobs.ids import new_id
from vitascope.jobs.making import TRIES, Making, Part
from vitascope.jobs.publishing import keep_chunk, publish
from vitascope.jobs.rows import stepped, video_of
from vitascope.jobs.tables import VideoRow
from vitascope.jobs.values import Fault, State, Video
from vitascope.jobs.watch import Watch

__all__ = ["Dispatcher"]

log = logging.getLogger(__name__)

LEASE = 10.0
"""Seconds after which others go on with the films of a server that is not heard of. Clocks may differ by less than that."""
BEAT_ALONE, BEAT_SHARED = 2.5, 0.8
"""Seconds between two looks at the rows: on a shared database others cancel and queue films too."""
TROUBLE_WAIT = 1.0
"""Seconds before the next try when the database cannot be used."""


@dataclass(frozen=True, slots=True)
class _Queued:
    """There may be a film in the queue that was not there before."""


@dataclass(frozen=True, slots=True)
class _Cancel:
    """Let go of a film; its row says whether it still exists."""

    video: str


@dataclass(frozen=True, slots=True)
class _Ended:
    """A film came to its end without being made."""

    video: Video


class Dispatcher:
    """`start` it, or call `turn` by hand. `on_end` is called for each film that is at an end, one after the other."""

    def __init__(
        self,
        *,
        database: Database,
        executor: Executor,
        accounts: Accounts,
        engines: Engines,
        watch: Watch,
        on_end: Callable[[Video], None],
        lease: float = LEASE,
        tries: int = TRIES,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.server = new_id("server")
        self._database, self._executor, self._accounts, self._engines = database, executor, accounts, engines
        self._watch, self._on_end, self._lease, self._tries, self._now = watch, on_end, lease, tries, now
        self._beat = BEAT_ALONE if database.is_sqlite else BEAT_SHARED
        self._inbox: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._unread: deque[object] = deque()
        self._makings: dict[str, Making] = {}
        self._tasks: dict[str, str] = {}
        """Every task that has not ended, with its film, which may have ended."""
        self._workers: dict[str, str] = {}
        self._shares = Shares()
        self._queue_unknown = True
        self._next_beat = 0.0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def at_work(self) -> int:
        """How many tasks workers have in hand."""
        return len(self._tasks)

    def start(self) -> None:
        """Begin to make films, those first that a server left behind."""
        self._thread = threading.Thread(target=self._run, name="dispatcher", daemon=True)
        self._thread.start()

    def stop(self, wait: float = 0.0) -> None:
        """Begin nothing more, wait for what is in hand, and leave the rest to whoever comes next."""
        self._stopping.set()
        self._inbox.put(None)
        if self._thread is not None:
            self._thread.join()
        until = time.monotonic() + wait
        while self._tasks and (left := until - time.monotonic()) > 0:
            try:
                self._unread.append(self._inbox.get(timeout=left))
            except queue.Empty:
                break
            self._read()
        with self._database.writing() as session:
            for making in self._makings.values():
                states.not_tried(session, making.video, [part.number for part in making.at_work.values()])
            states.let_go(session, self.server)

    def queued(self) -> None:
        """Films were put into the queue."""
        self._inbox.put(_Queued())

    def cancel(self, video: str) -> None:
        """The row of a film says that it is to be let go of, or is gone."""
        self._inbox.put(_Cancel(video))

    def ended(self, video: Video) -> None:
        """A film that was never begun is at an end."""
        self._inbox.put(_Ended(video))

    def openings(self, video: str) -> Mapping[int, str]:
        """By number of the chunk, the address of what can be seen of it while this server draws it. From any thread."""
        making = self._makings.get(video)
        return {} if making is None else making.openings

    def turn(self) -> float:
        """Do all that can be done now; returns after how many seconds there is more, unless something happens before."""
        self._read()
        now = self._now()
        if now >= self._next_beat:
            self._keep_alive(now)
            self._next_beat = now + self._beat
        if not self._stopping.is_set():
            self._fill(now)
        due = [at for making in self._makings.values() if (at := making.due(now)) is not None and at > now]
        return max(0.0, min([self._next_beat, *due]) - now)

    # Reading what happened ------------------------------------------------------------------------------------------

    def _run(self) -> None:
        wait = 0.0
        while not self._stopping.is_set():
            with suppress(queue.Empty):
                self._unread.append(self._inbox.get(timeout=wait))
            try:
                wait = self.turn()
            except JobError as error:
                log.warning("the database cannot be used, so films wait: %s", error)
                wait = TROUBLE_WAIT
            except Exception:
                log.exception("a mistake in the dispatcher")
                wait = TROUBLE_WAIT

    def _read(self) -> None:
        """What happened, in order. What cannot be written down is kept for the next turn."""
        while not self._inbox.empty():
            self._unread.append(self._inbox.get())
        while self._unread:
            try:
                self._hear(self._unread[0])
            except JobError:
                raise
            except Exception:
                log.exception("a mistake in the dispatcher at %s", type(self._unread[0]).__name__)
            self._unread.popleft()

    def _hear(self, message: object) -> None:
        match message:
            case _Queued():
                self._queue_unknown = True
            case _Cancel(video):
                self._hear_cancel(video)
            case _Ended(video):
                self._tell_end(video)
            case Step(task=task, frames=frames, opening=opening):
                if (making := self._making(task)) is not None:
                    making.step(task, frames, opening)
                    self._tell_progress(making)
            case Started(task=task, worker=worker):
                self._workers[task] = worker
                if (making := self._making(task)) is not None:
                    self._begun(making)
            case Done() | Failed() | Lost():
                self._hear_end(message)

    def _hear_end(self, event: Done | Failed | Lost) -> None:
        making = self._making(event.task)
        if making is not None and event.task in making.at_work:
            number = making.at_work[event.task].number
            if making.ending or not isinstance(event, Done):
                making.gone(event, self._now())
                if isinstance(event, Failed) and not making.cancelling:
                    log.warning("a task of %s failed (%s)", making.video, event.code)
            elif number is not None:
                worker, seconds = self._workers.get(event.task), event.result.get("seconds")
                with self._database.writing() as session:
                    keep_chunk(session, making, number, event.result, worker=worker, seconds=seconds)
                making.drawn(event)
                self._tell_progress(making)
            else:
                self._publish(making, event)
        self._tasks.pop(event.task, None)
        self._workers.pop(event.task, None)
        self._end_if_idle(making)

    def _publish(self, making: Making, event: Done) -> None:
        now = self._now()
        with self._database.writing() as session:
            tier = tiers_of(session, {making.account}).get(making.account)
            days = None if tier is None else self._accounts.limits(tier).retention_days
            expires = None if days is None else int(now) + days * 86_400
            done = publish(session, making, event.result, server=self.server, now=now, expires_at=expires)
            row = session.get(VideoRow, making.video, populate_existing=True) if done else None
        making.ended(event.task)
        if row is not None:
            self._makings.pop(making.video, None)
            self._tell_end(self._watch.tell(video_of(row)))
        else:
            self._check(making)

    def _check(self, making: Making) -> None:
        """Look whether a film was cancelled or deleted meanwhile, or is another server's now."""
        with self._database.session() as session:
            row = session.get(VideoRow, making.video)
        if row is None or row.server != self.server:
            self._abandon(making)
        elif row.state == State.CANCELLING:
            making.cancelling = True

    def _hear_cancel(self, video: str) -> None:
        making = self._makings.get(video)
        if making is None:
            return
        self._check(making)
        if making.cancelling:
            for task in making.at_work:
                self._executor.cancel(task)
            self._end_if_idle(making)

    def _abandon(self, making: Making) -> None:
        for task in making.at_work:
            self._executor.cancel(task)
        self._makings.pop(making.video, None)
        self._watch.forget(making.video)

    def _end_if_idle(self, making: Making | None) -> None:
        """Write down the end of a film that failed, at once, or that was cancelled, when nothing of it is in hand."""
        if making is None or making.video not in self._makings:
            return
        if making.cancelling and not making.at_work:
            with self._database.writing() as session:
                done = states.cancelled(session, making.video, server=self.server, now=self._now())
        elif making.fault is not None and not making.cancelling:
            with self._database.writing() as session:
                done = states.fail(session, making.video, server=self.server, now=self._now(), fault=making.fault)
        else:
            return
        if not done:
            self._check(making)
            return
        for task in making.at_work:
            self._executor.cancel(task)
        self._makings.pop(making.video)
        video = self._told(making.video)
        if video is not None:
            self._tell_end(video)

    def _begun(self, making: Making) -> None:
        if making.running or making.ending:
            return
        with self._database.writing() as session:
            done = states.run(session, making.video, server=self.server)
        making.running = True
        if done:
            self._told(making.video)
        else:
            self._check(making)

    # Giving out work ------------------------------------------------------------------------------------------------

    def _fill(self, now: float) -> None:
        """Give out tasks while there are free workers, fairly."""
        free = self._executor.capacity - len(self._tasks)
        if free <= 0:
            return
        queued, at_most, counts = self._look(now, free)
        outrun = False
        while free > 0:
            found = choose([*queued, *self._waiting(now)], self._shares, being_made=counts, at_most=at_most)
            if found is None:
                if not outrun:
                    return
                queued, at_most, counts = self._look(now, free)
                outrun = False
                continue
            chosen, shares = found
            if not chosen.begun:
                queued.remove(chosen)
                if not self._begin(chosen.film, now):
                    outrun = True
                    continue
                counts[chosen.account] += 1
            if self._submit(chosen.film, now):
                self._shares = shares
                free -= 1

    def _look(self, now: float, free: int) -> tuple[list[Waiting], dict[str, int], Counter[str]]:
        """What waits in the queue, how many films each account may have made at once, and how many there are."""
        if not self._queue_unknown:
            return [], {}, Counter()
        with self._database.session() as session:
            queued = heads(session, now, most=free)
            tiers = tiers_of(session, {one.account for one in queued})
            counts = Counter(being_made(session)) if queued else Counter[str]()
        self._queue_unknown = bool(queued)
        limits = {account: self._accounts.limits(tier).concurrent_films for account, tier in tiers.items()}
        return queued, {account: most for account, most in limits.items() if most is not None}, counts

    @property
    def _careful(self) -> bool:
        """Of what may have ended servers before this one, one at a time is in hand: what is beside it must not fail with it."""
        return any(making.is_risking for making in self._makings.values())

    def _waiting(self, now: float) -> list[Waiting]:
        careful = self._careful
        return [
            Waiting(
                film=making.video,
                account=making.account,
                priority=making.priority,
                ordinal=making.ordinal,
                at_work=len(making.at_work),
                begun=True,
            )
            for making in self._makings.values()
            if making.due(now, careful=careful) == now
        ]

    def _begin(self, video: str, now: float) -> bool:
        with self._database.writing() as session:
            if not states.begin(session, video, server=self.server, now=now, until=now + self._lease):
                return False
        return self._load(video)

    def _load(self, video: str) -> bool:
        """Bring a film that is this server's into hand."""
        try:
            with self._database.writing() as session:
                making = making_of(session, video, self._engines, tries=self._tries)
        except (FilmError, AssertionError) as error:
            fault = Fault(code="invalid_document", message=str(error) or "The film has no document.")
            with self._database.writing() as session:
                states.fail(session, video, server=self.server, now=self._now(), fault=fault)
            if (failed := self._told(video)) is not None:
                self._tell_end(failed)
            return False
        self._makings[video] = making
        self._told(video)
        self._end_if_idle(making)
        return video in self._makings

    def _submit(self, video: str, now: float) -> bool:
        making = self._makings.get(video)
        part = None if making is None else making.next_part(now, careful=self._careful)
        if making is None or part is None:
            return False
        if not self._count(making, part):
            self._check(making)
            self._end_if_idle(making)
            return False
        task = new_id("task")
        self._tasks[task] = making.video
        self._executor.submit(making.begin(task, part, storage_prefix(making.video, making.attempt)), self._inbox.put)
        return True

    def _count(self, making: Making, part: Part) -> bool:
        """Write down a try before it is made, so that it counts whatever it ends. Whether the film is still to be made here."""
        with self._database.writing() as session:
            if part.number is not None:
                return states.try_chunk(session, making.video, part.number, server=self.server)
            attempt = states.next_attempt(session, making.video, server=self.server)
        making.attempt = attempt or making.attempt
        return attempt is not None

    # Keeping alive --------------------------------------------------------------------------------------------------

    def _keep_alive(self, now: float) -> None:
        """Renew what is this server's, let go of what is not, and take up what others left behind."""
        if self._makings:
            done = {making.video: making.frames_done for making in self._makings.values()}
            with self._database.writing() as session:
                found = states.renew(session, self.server, done, now + self._lease)
            for making in list(self._makings.values()):
                if making.video not in found:
                    log.warning("the film %s is not this server's any more", making.video)
                    self._abandon(making)
                elif found[making.video] is State.CANCELLING and not making.cancelling:
                    self._hear_cancel(making.video)
        self._queue_unknown = True
        if self._stopping.is_set():
            return
        with self._database.session() as session:
            left = states.orphans(session, now)
        for video in left:
            with self._database.writing() as session:
                taken = states.take_up(session, video, server=self.server, now=now, until=now + self._lease)
            if taken:
                log.info("going on with the film %s", video)
                self._load(video)

    # Telling --------------------------------------------------------------------------------------------------------

    def _making(self, task: str) -> Making | None:
        return self._makings.get(self._tasks.get(task, ""))

    def _told(self, video: str) -> Video | None:
        """Tell how a film is now; None if it is gone."""
        with self._database.session() as session:
            row = session.get(VideoRow, video)
        if row is None:
            return None
        value = self._watch.tell(video_of(row))
        if (making := self._makings.get(video)) is not None:
            making.value = value
        return value

    def _tell_progress(self, making: Making) -> None:
        self._watch.tell(stepped(making.value, making.frames_done, making.steps))

    def _tell_end(self, video: Video) -> None:
        self._queue_unknown = True
        self._on_end(video)
