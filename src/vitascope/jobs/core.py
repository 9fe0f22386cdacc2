"""`Core`: the desk that every face asks. Reads words, keeps the rules, puts films into the queue, and tells how they are."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from functools import partial
from typing import BinaryIO

from vitascope.continuity import Store
from vitascope.director import system_wordnet
from vitascope.director.editing import Impossible, NotUnderstood, Question, Reply, Return, Selection
from vitascope.film import Edit, Film, Reading
from vitascope.jobs import shelf, states, videos
from vitascope.jobs.accounts import Accounts, need_role
from vitascope.jobs.audit import record
from vitascope.jobs.characters import Characters
from vitascope.jobs.conversation import conversation_about
from vitascope.jobs.database import Database
from vitascope.jobs.desk import Character, Content, Engine
from vitascope.jobs.dispatcher import LEASE, Dispatcher
from vitascope.jobs.drafting import check_drawable, films_of
from vitascope.jobs.editing import Changed, carry_out, changed, extend, understand
from vitascope.jobs.engines import WORLD, Engines
from vitascope.jobs.enquiries import Enquiries
from vitascope.jobs.errors import Conflict, Invalid, Missing
from vitascope.jobs.executor import Executor
from vitascope.jobs.lookout import Lookout
from vitascope.jobs.making import TRIES
from vitascope.jobs.orders import Order, Orders, order_document, order_edit, order_elsewhere, order_film
from vitascope.jobs.rows import film_of, video_of, wish_fields
from vitascope.jobs.storage import Storage
from vitascope.jobs.tables import VideoRow
from vitascope.jobs.values import Caller, Operation, Page, Role, State, Variant, Video, Wish
from vitascope.jobs.watch import Watch
from vitascope.media import EncodedChunk, MediaError
from vitascope.studio.library import director, library

__all__ = ["Core"]

log = logging.getLogger(__name__)

PROMPT_LONGEST = 32_000
PAGE_MOST = 100
QUEUE_MOST = 20_000
"""Films that wait on one server."""
BELIEVED = 5.0
"""Seconds that the value of a film is believed when nobody tells of a change: others on the same database tell nothing. The
lookout asks every second for those in use, so they are seldom that old."""
FILES: dict[Variant, tuple[str, str]] = {
    "video": ("film.mp4", "video/mp4"),
    "thumbnail": ("thumbnail.webp", "image/webp"),
    "spritesheet": ("spritesheet.jpg", "image/jpeg"),
}


class Core:
    """Implements `Desk`. `on_end` holds what is to be done with each film that is at an end, one after the other.

    `software`: whether a processor draws, for forecasts. `queue_most` bounds the films that wait on the server.
    `tries` is how often each part of a film is tried when what makes it dies, or its fault can pass. `store` is where the
    executor keeps chunks; without it none can be looked at before its film is done.
    """

    def __init__(
        self,
        *,
        database: Database,
        storage: Storage,
        executor: Executor,
        accounts: Accounts,
        engines: Engines | None = None,
        store: Store | None = None,
        software: bool = True,
        queue_most: int = QUEUE_MOST,
        lease: float = LEASE,
        tries: int = TRIES,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.on_end: list[Callable[[Video], None]] = []
        self._database, self._storage, self._now = database, storage, now
        self._executor = executor
        self._engines = engines or Engines()
        self._store = store
        self._watch = Watch(keeps=BELIEVED)
        self._lookout = Lookout(database, self._watch, accounts)
        self.enquiries = Enquiries(database, self._watch, accounts)
        """Of the event loop that answers requests."""
        self._characters = Characters(database, storage)
        self._digests: dict[str, str] = {}
        self._orders = Orders(
            database,
            accounts,
            capacity=lambda: executor.capacity,
            most=queue_most,
            software=software,
            now=now,
        )
        self.dispatcher = Dispatcher(
            database=database,
            executor=executor,
            accounts=accounts,
            engines=self._engines,
            watch=self._watch,
            on_end=self._end,
            lease=lease,
            tries=tries,
            now=now,
        )

    def start(self) -> None:
        """Make films from now on, those first that were left behind."""
        self.dispatcher.start()
        self._lookout.start()
        threading.Thread(target=_learn_to_read, name="director", daemon=True).start()

    def stop(self, wait: float = 0.0) -> None:
        """Begin nothing more, wait up to `wait` [s] for what is in hand, and end the workers.

        What is not done is made on by the next server.
        """
        self.dispatcher.stop(wait)
        self._lookout.stop()
        self._executor.close()

    def queue_depth(self) -> int:
        """How many films wait."""
        with self._database.session() as session:
            return videos.count_queued(session)

    def forget(self, video: str) -> None:
        """The row of a film was changed or deleted by somebody else in this process: ask the database again."""
        self._watch.forget(video)

    # Making ---------------------------------------------------------------------------------------------------------

    def create(self, caller: Caller, wish: Wish) -> list[Video]:
        """Queue `wish.n` films with consecutive seeds (the same ones again for the same idempotency key)."""
        need_role(caller, Role.EDITOR)
        _check_words(wish.prompt)
        if not 1 <= wish.n <= PAGE_MOST:
            raise Invalid(f"n is {wish.n}; give how many films are wished for, from 1.", param="n")
        digest = videos.digest_of({"operation": "create", **wish_fields(wish)})
        with self._database.session() as session:
            before = videos.made_before(session, caller.workspace, wish.idempotency_key, digest)
        if before:
            return [self._watch.know(video_of(row)) for row in before]
        engine = self._engines.suited(wish).name
        return self._place(caller, self._ordered(caller, wish, engine), wish.idempotency_key, digest)

    def edit(
        self,
        caller: Caller,
        video: str,
        words: str,
        *,
        operation: Operation = "edit",
        seconds: Fraction | None = None,
        choice: int | None = None,
        selection: Selection | None = None,
        idempotency_key: str | None = None,
    ) -> Video | Question | Impossible | NotUnderstood:
        """Queue what `words` say to a film as its child; or what stands in the way."""
        need_role(caller, Role.EDITOR)
        if operation != "extend" or seconds is None:
            _check_words(words)
        digest = videos.digest_of(
            {"operation": operation, "video": video, "words": words, "seconds": str(seconds), "choice": choice,
             "selection": repr(selection)}
        )  # fmt: skip
        with self._database.session() as session:
            row = videos.find(session, caller.workspace, video)
            before = videos.made_before(session, caller.workspace, idempotency_key, digest)
            tree = videos.tree(session, row)
        if before:
            return self._watch.know(video_of(before[0]))
        _check_completed(row)
        about = conversation_about(row, tree, selection)
        if operation == "extend" and seconds is not None:
            outcome = extend(words, about, seconds, choice=choice)
        else:
            outcome = carry_out(words, about, choice=choice)
        if isinstance(outcome, Return):
            return self.video(caller, outcome.take)
        if not isinstance(outcome, Changed):
            return outcome
        order = order_edit(
            row, words, outcome.film, operation=operation, edit=outcome.edit, said=outcome.said, reading=outcome.reading
        )  # fmt: skip
        return self._place(caller, [order], idempotency_key, digest)[0]

    def shoot(self, caller: Caller, film: Film, *, words: str = "") -> Video:
        """Queue a document as a new first film. Raises Invalid for one that cannot be filmed here."""
        need_role(caller, Role.EDITOR)
        order = order_document(check_drawable(film), words or film.prompt or film.title or "A film")
        return self._place(caller, [order], None, "")[0]

    def apply(self, caller: Caller, video: str, edit: Edit, *, words: str = "") -> Video:
        """Queue a film after a typed edit, as its child. `words` is what it is called, found out if not given."""
        need_role(caller, Role.EDITOR)
        with self._database.session() as session:
            row = videos.find(session, caller.workspace, video)
        _check_completed(row)
        found = changed(film_of(row), edit, said="", reading=Reading())
        order = order_edit(
            row, words or found.said or "No change", found.film, operation="edit", edit=edit, said=found.said,
            reading=found.reading,
        )  # fmt: skip
        return self._place(caller, [order], None, "")[0]

    def mark(self, caller: Caller, video: str, *, name: str | None = None, starred: bool | None = None) -> Video:
        """Give a film that is at an end a name ("" takes it away) or a star; what is None stays."""
        need_role(caller, Role.EDITOR)
        with self._database.writing() as session:
            found = shelf.mark(session, caller.workspace, video, name=name, starred=starred)
            record(session, "video.mark", caller=caller, object=video)
        return self._watch.tell(found)

    def read(self, caller: Caller, video: str | None, words: str) -> Reply | Film:
        """How words are understood, about a film or (None) as a new one. Nothing is queued."""
        _check_words(words)
        if video is None:
            return films_of(Wish(prompt=words))[0]
        with self._database.session() as session:
            row = videos.find(session, caller.workspace, video)
            tree = videos.tree(session, row)
        return understand(words, conversation_about(row, tree))

    def cancel(self, caller: Caller, video: str) -> Video:
        """Stop making a film; what is at an end stays as it is."""
        need_role(caller, Role.EDITOR)
        with self._database.writing() as session:
            videos.find(session, caller.workspace, video)
            changed = states.cancel(session, video, self._now())
            if changed:
                record(session, "video.cancel", caller=caller, object=video)
            found = video_of(session.get_one(VideoRow, video, populate_existing=True))
        if not changed:
            return self._watch.know(found)
        found = self._watch.tell(found)
        if found.state.is_end:
            self.dispatcher.ended(found)
        else:
            self.dispatcher.cancel(video)
        return found

    def delete(self, caller: Caller, video: str) -> None:
        """Cancel if need be, and delete the film with its files. Films made from it stay."""
        need_role(caller, Role.EDITOR)
        with self._database.writing() as session:
            session.delete(videos.find(session, caller.workspace, video))
            record(session, "video.delete", caller=caller, object=video)
        self._watch.forget(video)
        self.dispatcher.cancel(video)
        self._storage.delete(f"videos/{video}")

    # Looking --------------------------------------------------------------------------------------------------------

    def video(self, caller: Caller, video: str) -> Video:
        """The film with this id in the caller's workspace. Raises Missing."""
        found = self._watch.get(video)
        if found is None:
            with self._database.session() as session:
                found = self._watch.know(video_of(videos.find(session, caller.workspace, video)))
        if found.workspace != caller.workspace:
            raise Missing(f"There is no film {video!r} here.", param="video_id")
        return found

    def known(self, caller: Caller, video: str) -> Video | None:
        """The film, if it is known in memory and in the caller's workspace; waits for nothing. None says nothing about it."""
        found = self._watch.get(video)
        return found if found is not None and found.workspace == caller.workspace else None

    @property
    def asked(self) -> int:
        """How many films were asked for in the last seconds."""
        return self._lookout.asked

    def videos(
        self, caller: Caller, *, after: str | None = None, limit: int = 20, ascending: bool = False
    ) -> Page[Video]:
        """Films of the workspace by time."""
        if not 1 <= limit <= PAGE_MOST:
            raise Invalid(f"limit is {limit}; give 1 to {PAGE_MOST}.", param="limit")
        with self._database.session() as session:
            rows, more = videos.page(session, caller.workspace, after=after, limit=limit, ascending=ascending)
        return Page(items=tuple(self._watch.know(video_of(row)) for row in rows), has_more=more)

    def takes(self, caller: Caller, video: str) -> list[Video]:
        """All films of the tree that this one is in, oldest first."""
        with self._database.session() as session:
            rows = videos.tree(session, videos.find(session, caller.workspace, video))
        return [self._watch.know(video_of(row)) for row in rows]

    def trees(self, caller: Caller, *, limit: int = 20) -> list[shelf.Tree]:
        """The trees of the workspace, those first in which something was made last."""
        if not 1 <= limit <= PAGE_MOST:
            raise Invalid(f"limit is {limit}; give 1 to {PAGE_MOST}.", param="limit")
        with self._database.session() as session:
            return shelf.trees(session, caller.workspace, limit=limit)

    def chunks(self, caller: Caller, video: str) -> tuple[shelf.DrawnChunk, ...]:
        """The chunks of a film of ours, those that are drawn with an address; none before it is begun."""
        with self._database.session() as session:
            row = videos.find(session, caller.workspace, video)
            return shelf.drawn_chunks(session, row, self.dispatcher.openings(row.id))

    def chunk(self, caller: Caller, video: str, number: int) -> EncodedChunk:
        """A chunk that is drawn, or its opening. Raises Missing where neither is there, or not any more."""
        wanted = next((one for one in self.chunks(caller, video) if one.number == number), None)
        address, content = None if wanted is None else wanted.address or wanted.opening, None
        if address is not None and self._store is not None:
            content = self._store.get("chunk", bytes.fromhex(address))
        try:
            if content is not None:
                return EncodedChunk.from_bytes(content)
        except MediaError:
            pass
        raise Missing(f"Chunk {number} of the film {video} is not there; ask again when it is drawn.", param="number")

    def document(self, caller: Caller, video: str) -> Film:
        """The film as a document. Raises Conflict for one that another server made."""
        with self._database.session() as session:
            return film_of(videos.find(session, caller.workspace, video))

    def content(self, caller: Caller, video: str, variant: Variant = "video") -> Content:
        """A file of a completed film. Raises Conflict before that, with the state in its sentence."""
        with self._database.session() as session:
            row = videos.find(session, caller.workspace, video)
        _check_completed(row)
        name, media_type = FILES[variant]
        key = f"{row.prefix}/{name}"
        if not self._storage.exists(key):
            raise Missing(f"The files of the film {video} are not in storage any more.", code="file_gone")
        return Content(
            media_type=media_type,
            size=self._storage.size(key),
            sha256=row.sha256 if variant == "video" and row.sha256 else self._digest(key),
            name=f"{video}.{name.rsplit('.', 1)[1]}",
            open=partial(self._storage.open, key),
        )

    async def changes(self, caller: Caller, video: str, *, timeout: float | None = None) -> AsyncIterator[Video]:
        """The film now, then each time that it changes, until it is at an end or `timeout` [s] has passed.

        Raises Missing, also when the film is deleted meanwhile.
        """
        loop = asyncio.get_running_loop()
        until = None if timeout is None else loop.time() + timeout
        version = -1
        with self._watch.listening(video) as changed:
            while True:
                changed.clear()
                found = self._watch.get(video) or await asyncio.to_thread(self.video, caller, video)
                if found.workspace != caller.workspace:
                    raise Missing(f"There is no film {video!r} here.", param="video_id")
                if found.version > version:
                    version = found.version
                    yield found
                left = BELIEVED if until is None else min(BELIEVED, until - loop.time())
                if found.state.is_end or left <= 0:
                    return
                try:
                    await asyncio.wait_for(changed.wait(), left)
                except TimeoutError:
                    continue

    # Characters and engines -----------------------------------------------------------------------------------------

    def create_character(self, caller: Caller, name: str, film: BinaryIO | str) -> Character:
        """Keep a subject under a name, from a film file or a film of the workspace (its id)."""
        need_role(caller, Role.EDITOR)
        return self._characters.create(caller, name, film)

    def character(self, caller: Caller, character: str) -> Character:
        """Raises Missing."""
        return self._characters.get(caller.workspace, character)

    def characters(self, caller: Caller) -> list[Character]:
        """All of the workspace."""
        return self._characters.all(caller.workspace)

    def delete_character(self, caller: Caller, character: str) -> None:
        """Films that use it stay as they are."""
        need_role(caller, Role.EDITOR)
        self._characters.delete(caller, character)

    def engines(self) -> list[Engine]:
        """What can make films here, the default first."""
        return self._engines.all()

    # Inside ---------------------------------------------------------------------------------------------------------

    def _ordered(self, caller: Caller, wish: Wish, engine: str) -> list[Order]:
        if engine != WORLD:
            return [order_elsewhere(wish, engine, number) for number in range(wish.n)]
        parts = self._characters.parts(caller.workspace, wish.characters)
        return [order_film(wish, film, engine) for film in films_of(wish, parts)]

    def _place(self, caller: Caller, orders: list[Order], key: str | None, digest: str) -> list[Video]:
        rows, new = self._orders.place(caller, orders, key=key, digest=digest)
        placed = [self._watch.know(video_of(row)) for row in rows]
        if new:
            self.dispatcher.queued()
        return placed

    def _end(self, video: Video) -> None:
        for each in self.on_end:
            try:
                each(video)
            except Exception:
                log.exception("what follows the end of the film %s went wrong", video.id)

    def _digest(self, key: str) -> str:
        """Of a small file; what lies under a key never changes."""
        if key not in self._digests:
            if len(self._digests) >= PAGE_MOST * PAGE_MOST:
                self._digests.clear()
            self._digests[key] = hashlib.sha256(self._storage.read(key)).hexdigest()
        return self._digests[key]


def _check_words(words: str) -> None:
    if not 1 <= len(words.strip()) <= PROMPT_LONGEST:
        raise Invalid(
            f"The prompt has {len(words.strip()):,} characters; give 1 to {PROMPT_LONGEST:,}.", param="prompt"
        )


def _check_completed(row: VideoRow) -> None:
    if row.state == State.COMPLETED:
        return
    end = State(row.state).is_end
    why = f" ({row.fault_message})" if row.fault_message else ""
    what = f"it has no files and cannot be edited{why}" if end else "wait until it is completed"
    raise Conflict(f"The film {row.id} is {row.state}; {what}.", code="not_completed", param="video_id")


def _learn_to_read() -> None:
    """The director's first words take seconds; nobody shall wait for them."""
    director().direct("A ball", catalogue=library(), wordnet=system_wordnet())
