"""The timeline as an element of the page, and what it is told of a film."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from nicegui import ui

from vitascope.film import Film
from vitascope.web.scope import Scope
from vitascope.web.strings import texts
from vitascope.web.tracks import ENDS, Block, Track, tracks_of

__all__ = ["Timeline", "model_of"]


class Timeline(ui.element, component="timeline.js"):
    """Events, with frames from 0 in the whole film: `seek` {frame}, `span` {span: [first, end] or null}, `pick` {subject},
    and with the version of the model that they are about: `drag` {id, start, end, stretch} (an end that stays is null),
    `reorder` {shot, before}, `open` {id}, `remove` {id}."""

    def __init__(self, model: dict[str, Any], scope: Scope, *, tree: str) -> None:
        super().__init__()
        words = {name.removeprefix("timeline."): text for name, text in texts().items() if name.startswith("timeline.")}
        self._props.update(model=model, words=words, tree=tree)
        self.show_scope(scope)

    def show(self, model: dict[str, Any]) -> None:
        """Show these tracks; what was begun to be dragged on others is let go."""
        self._props["model"] = model
        self.update()

    def show_scope(self, scope: Scope) -> None:
        """Show the range and the subjects that are pointed at."""
        span = None if scope.span is None else [float(scope.span[0]), float(scope.span[1])]
        self._props["scope"] = {"subjects": list(scope.subjects), "span": span}
        self.update()

    def play(self, frame: int, *, playing: bool) -> None:
        """The player is here."""
        self.run_method("playhead", frame, playing)

    def drop(self) -> None:
        """What was dragged led to nothing."""
        self.run_method("drop")

    def when(self, event: str, handler: Callable[[dict[str, Any]], Any]) -> None:
        """Call `handler` with what the event says."""
        self.on(event, lambda said: handler(said.args))


def model_of(
    film: Film, *, version: int, can_edit: bool, note: str, peaks: str | None, stills: Callable[[Fraction], str]
) -> dict[str, Any]:
    """The tracks of a film as the element takes them. `stills` gives the address of the picture at a moment [s]."""
    fps = Fraction(film.fps)

    def told(block: Block) -> dict[str, Any]:
        part = block.place.part
        return {
            "id": block.place.id,
            "part": part,
            "start": float(block.start * fps),
            "end": float(block.end * fps),
            "least": float(block.least * fps),
            "most": float(block.most * fps),
            "label": block.label,
            "about": block.about,
            "moves": block.moves,
            "trims": list(block.trims),
            "row": block.row,
            "point": part == "hour",
            "goes": part in ENDS or (part == "shot" and len(film.shots) > 1),
            "still": stills(_middle(block, fps)) if part == "shot" else None,
        }

    def track(one: Track) -> dict[str, Any]:
        blocks = [told(block) for block in one.blocks]
        name = f"{one.kind} {one.subject or ''}"
        return {
            "id": name,
            "name": one.name,
            "kind": one.kind,
            "subject": one.subject,
            "rows": one.rows,
            "blocks": blocks,
        }

    return {
        "version": version,
        "rate": [fps.numerator, fps.denominator],
        "frames": float(film.duration * fps),
        "silent": film.silent,
        "canEdit": can_edit,
        "note": note,
        "peaks": peaks,
        "tracks": [track(one) for one in tracks_of(film)],
    }


def _middle(block: Block, fps: Fraction) -> Fraction:
    """The frame in the middle of a block [s]."""
    return int((block.start + block.end) / 2 * fps) / fps
