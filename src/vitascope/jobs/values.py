"""What the job core speaks of: who calls, what is wished for, what a film is while it is made and afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Generic, Literal, TypeVar

from vitascope.film import Reading, Size

__all__ = ["Caller", "Fault", "Operation", "Page", "Role", "State", "Variant", "Video", "Wish"]


T = TypeVar("T")


class State(StrEnum):
    """Where a film is on its way. The last three are ends."""

    QUEUED = "queued"
    STARTING = "starting"
    RUNNING = "running"
    CANCELLING = "cancelling"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_end(self) -> bool:
        """Whether nothing more happens by itself."""
        return self in (State.COMPLETED, State.FAILED, State.CANCELLED)


class Role(StrEnum):
    """What a member may do in a workspace: a viewer looks, an editor also films, an owner also manages."""

    VIEWER = "viewer"
    EDITOR = "editor"
    OWNER = "owner"


Operation = Literal["create", "edit", "remix", "extend", "import"]
Variant = Literal["video", "thumbnail", "spritesheet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks: an account with a key, in one workspace. `scopes` are those of the key: "films", "manage", "admin"."""

    account: str
    workspace: str
    role: Role
    tier: str
    scopes: frozenset[str] = frozenset({"films"})
    key: str | None = None
    """The id of the key, not the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A film that is wished for, checked for shape only. What is None is chosen by the director or the engine."""

    prompt: str
    model: str = "sora-2"
    """As it was asked for; the film says which engine ran."""
    seconds: Fraction | None = None
    size: Size | None = None
    fps: Fraction | None = None
    seed: int | None = None
    style: str | None = None
    negative_prompt: str | None = None
    audio: bool = True
    n: int = 1
    picture: str | None = None
    """The storage key of a picture to start from."""
    characters: tuple[str, ...] = ()
    priority: int = 0
    """-10 (whenever) to 10 (first); tiers cap it."""
    idempotency_key: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    """Settings that only some engines know, such as `guidance_scale`; handed on to those. Ours knows `impossible`: "nearest"
    or "stylised", which is what it shows of a wish against nature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a film failed: a word for programs and a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Video:
    """A film of a workspace: a job until it is completed, a take from then on. Times are seconds since 1970."""

    id: str
    workspace: str
    account: str
    state: State
    progress: int
    """0 to 100."""
    version: int
    """Grows with every change that can be seen here."""
    model: str
    engine: str
    prompt: str
    operation: Operation
    parent: str | None
    seconds: Fraction
    size: Size
    fps: Fraction
    seed: int
    style: str | None
    audio: bool
    negative_prompt: str | None
    created_at: int
    started_at: int | None = None
    completed_at: int | None = None
    expires_at: int | None = None
    name: str | None = None
    starred: bool = False
    said: str = ""
    """What is different from the parent, in short sentences."""
    reading: Reading = Reading()
    frames: int = 0
    frames_done: int = 0
    ways: Mapping[str, int] = field(default_factory=dict)
    """Frames that were reused, graded, redrawn and drawn."""
    forecast_seconds: float | None = None
    fault: Fault | None = None
    remark: str | None = None
    size_bytes: int | None = None
    variants: int = 1
    """How many films the same wish asked for."""
    root: str = ""
    """The id of the first film of its tree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A part of a list, newest first unless asked otherwise."""

    items: tuple[T, ...]
    has_more: bool
