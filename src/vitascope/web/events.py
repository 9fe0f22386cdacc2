"""What happens in an open page, as values, and the bulletin on which panels hear of it."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from vitascope.jobs.shelf import DrawnChunk
from vitascope.jobs.values import Video
from vitascope.web.scope import Scope

__all__ = [
    "Bulletin",
    "ChunksDrawn",
    "Compared",
    "CurrentChanged",
    "Event",
    "PlayheadMoved",
    "ScopeChanged",
    "SeekWanted",
    "TakeChanged",
    "TakesChanged",
    "TreeGone",
    "Trouble",
    "TurnsChanged",
]

log = logging.getLogger("vitascope.web")


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesChanged:
    """Takes came or went, or were named: all of the tree, oldest first."""

    takes: tuple[Video, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeChanged:
    """One take got on, or came to its end."""

    take: Video


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunksDrawn:
    """More of a take that is being made can be seen: all of its chunks, drawn or not."""

    take: str
    chunks: tuple[DrawnChunk, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentChanged:
    """This page looks at another take."""

    take: Video


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnsChanged:
    """The conversation has another turn, or an open one was settled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeChanged:
    """Something else is pointed at."""

    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Another take lies beside the current one; None: none does."""

    take: Video | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayheadMoved:
    """The player shows this moment [s of the film]; told a few times a second while it plays."""

    at: Fraction
    playing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeekWanted:
    """A panel wants the player at this moment [s of the film]."""

    at: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeGone:
    """The last take of the tree was deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What could not be done, as one sentence."""

    sentence: str


Event = (
    TakesChanged
    | TakeChanged
    | ChunksDrawn
    | CurrentChanged
    | TurnsChanged
    | ScopeChanged
    | Compared
    | PlayheadMoved
    | SeekWanted
    | TreeGone
    | Trouble
)
Kind = TypeVar("Kind")
Handler = Callable[..., object]


class Bulletin:
    """Tells events to whoever asked for their kind, in the order of asking, one event after the other.

    `within` gives the context in which handlers run (the page that they belong to). A handler that raises is logged and
    stops nobody else. Belongs to one event loop.
    """

    def __init__(self, within: Callable[[], AbstractContextManager[object]] = nullcontext) -> None:
        self._within = within
        self._handlers: dict[type, list[Handler]] = {}

    def on(self, kind: type[Kind], handler: Callable[[Kind], object]) -> Callable[[], None]:
        """From now on `handler`, which may be a coroutine, is called with each event of `kind`; the result ends that."""
        handlers = self._handlers.setdefault(kind, [])
        handlers.append(handler)
        return lambda: handlers.remove(handler) if handler in handlers else None

    async def tell(self, event: Event) -> None:
        """Call who asked for events of this kind."""
        for handler in tuple(self._handlers.get(type(event), ())):
            try:
                with self._within():
                    result = handler(event)
                    if inspect.iscoroutine(result):  # not a script's answer, which a page that is cut off never gives
                        await result
            except Exception:
                log.exception("a panel failed at %s", type(event).__name__)
