"""A desk whose workers are moved by hand: each test says what happens to which task, and when."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vitascope.film import Size, film_from_json
from vitascope.jobs.accounts import Accounts
from vitascope.jobs.core import Core
from vitascope.jobs.database import Database
from vitascope.jobs.engines import Engines
from vitascope.jobs.executor import Done, DrawChunk, Event, Failed, FinishFilm, Lost, Started, Step, Task
from vitascope.jobs.storage import Storage
from vitascope.jobs.values import Caller, Role, Video, Wish
from vitascope.studio.plan import plan_chunks

PROMPT = "A red ball on a plain backdrop"
SMALL = Size(width=128, height=128)


def wish(**settings: object) -> Wish:
    """A film of one second that is quickly made."""
    return Wish(**{"prompt": PROMPT, "size": SMALL, "seconds": 1, "audio": False, **settings})  # type: ignore[arg-type]


@dataclass
class Hands:
    """An executor that does nothing by itself."""

    capacity: int = 2
    tasks: dict[str, Task] = field(default_factory=dict)
    told: dict[str, Callable[[Event], None]] = field(default_factory=dict)
    let_go: list[str] = field(default_factory=list)

    def submit(self, task: Task, tell: Callable[[Event], None]) -> None:
        self.tasks[task.id], self.told[task.id] = task, tell

    def cancel(self, task: str) -> None:
        self.let_go.append(task)

    def close(self, *, wait: float = 0.0) -> None:
        for task in list(self.tasks):
            self.end(Lost(task=task))

    def begin(self, task: Task) -> None:
        self.told[task.id](Started(task=task.id, worker="hand"))

    def step(self, task: Task, frames: int, opening: str | None = None) -> None:
        self.told[task.id](Step(task=task.id, frames=frames, opening=opening))

    def end(self, event: Done | Failed | Lost) -> None:
        del self.tasks[event.task]
        self.told.pop(event.task)(event)

    def do(self, task: Task, storage: Storage) -> None:
        """What a worker would do, without a picture."""
        self.begin(task)
        if isinstance(task, DrawChunk):
            count = plan_chunks(film_from_json(task.film))[task.number].count
            result = {"address": f"{task.number:064x}", "ways": {"drawn": count}, "frames": count, "seconds": 0.5}
        else:
            film = f"film of {task.video}".encode()
            for name in ("film.mp4", "film.json", "thumbnail.webp", "spritesheet.jpg"):
                storage.put(f"{task.prefix}/{name}", film)
            count = (
                sum(plan.count for plan in plan_chunks(film_from_json(task.film)))
                if isinstance(task, FinishFilm)
                else 24
            )
            result = {
                "size_bytes": len(film), "sha256": hashlib.sha256(film).hexdigest(), "ways": {"drawn": count},
                "frames": count, "chunks": ["00"], "remark": None,
            }  # fmt: skip
        self.end(Done(task=task.id, result=result))


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


class House:
    """A desk on a database and storage in a folder. Another one on the same folder is another server."""

    def __init__(
        self, folder: Path, *, url: str | None = None, capacity: int = 2, engines: Engines | None = None, **settings
    ) -> None:
        self.folder = folder
        self.url = url or f"sqlite:///{folder}/films.db"
        self.database = Database(self.url)
        self.database.migrate()
        self.storage = Storage(str(folder / "files"))
        self.accounts = Accounts(self.database)
        self.hands = Hands(capacity=capacity)
        self.clock = settings.pop("clock", None) or Clock()
        self.desk = Core(
            database=self.database, storage=self.storage, executor=self.hands, accounts=self.accounts, engines=engines,
            now=self.clock, **settings,
        )  # fmt: skip
        self.ended: list[Video] = []
        self.desk.on_end.append(self.ended.append)

    def caller(self, name: str = "someone", tier: str = "enterprise", role: Role = Role.OWNER) -> Caller:
        """Somebody new with a workspace of their own."""
        account = self.accounts.create_account(name, tier)
        workspace = self.accounts.create_workspace(name, account.id)
        return Caller(account=account.id, workspace=workspace.id, role=role, tier=tier)

    def turn(self, seconds: float = 0.0) -> None:
        """Let the dispatcher do what there is to do, after `seconds`."""
        self.clock.time += seconds
        self.desk.dispatcher.turn()

    def tasks(self, kind: type = object) -> list:
        """The tasks in hand."""
        return [task for task in self.hands.tasks.values() if isinstance(task, kind)]

    def make_all(self) -> None:
        """Work until there is nothing left to do."""
        self.turn()
        while self.hands.tasks:
            self.hands.do(next(iter(self.hands.tasks.values())), self.storage)
            self.turn()

    def made(self, caller: Caller, **settings: object) -> Video:
        """A film that is completed."""
        (video,) = self.desk.create(caller, wish(**settings))
        self.make_all()
        return self.desk.video(caller, video.id)

    def close(self) -> None:
        self.database.close()
