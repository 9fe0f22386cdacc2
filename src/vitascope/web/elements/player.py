"""The player as an element of the page, and what it is told of a take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from nicegui import ui

from vitascope.jobs.shelf import DrawnChunk
from vitascope.jobs.values import State, Video
from vitascope.web.files import address
from vitascope.web.scope import Scope
from vitascope.web.showing import picture_of
from vitascope.web.strings import texts

__all__ = ["Player", "source_of"]


class Player(ui.element, component="player.js"):
    """Events: `moved` {frame, playing}, `subject` {id, frame}, `box` {box, frame}, `span` {span: [first, end] in frames or
    null}, `clear`. Frames count from 0 in the whole film."""

    def __init__(self, source: dict[str, Any], scope: Scope, *, can_point: bool) -> None:
        super().__init__()
        words = {name.removeprefix("player."): text for name, text in texts().items() if name.startswith("player.")}
        self._props.update(source=source, other=None, mode="wipe", words=words, canPoint=can_point)
        self.show_scope(scope)

    def show(self, source: dict[str, Any]) -> None:
        """Play this; what was played goes on where it is, if it is the same take."""
        self._set(source=source)

    def show_scope(self, scope: Scope) -> None:
        """Outline what is pointed at."""
        span = None if scope.span is None else [float(scope.span[0]), float(scope.span[1])]
        self._set(scope={"subjects": list(scope.subjects), "box": scope.box, "span": span})

    def beside(self, other: Video | None, mode: str) -> None:
        """Lay a finished take beside what is played: "wipe", "side" or "difference"."""
        self._set(other=None if other is None else {"url": address(other, "film.mp4")}, mode=mode)

    def seek(self, frame: int) -> None:
        """Stop, and show this frame."""
        self.run_method("seek", frame)

    def when(self, event: str, handler: Callable[[dict[str, Any]], Any]) -> None:
        """Call `handler` with what the event says."""
        self.on(event, lambda said: handler(said.args))

    def _set(self, **props: Any) -> None:
        self._props.update(props)
        self.update()


def source_of(take: Video, chunks: Sequence[DrawnChunk], *, note: str = "") -> dict[str, Any]:
    """What the player is told of a take: its file once it is completed, until then the chunks that are drawn."""
    ready = take.state is State.COMPLETED
    fps = Fraction(take.fps)
    ours = take.engine == "world"
    return {
        "take": take.id,
        "url": address(take, "film.mp4") if ready else None,
        "poster": picture_of(take),
        "seen": address(take, "seen.json") if ours else None,
        "captions": address(take, "captions.vtt") if ours and ready else None,
        "rate": [fps.numerator, fps.denominator],
        "frames": take.frames,
        "width": take.size.width,
        "height": take.size.height,
        "silent": not take.audio,
        "note": note,
        "chunks": [] if ready else [_chunk(take, one) for one in chunks],
    }


def _chunk(take: Video, one: DrawnChunk) -> dict[str, Any]:
    seen = one.address or one.opening
    url = None if seen is None else address(take, f"chunks/{one.number}.mp4", a=seen[:16])
    return {"first": one.first, "frames": one.frames, "url": url, "whole": one.address is not None}
