"""Another length for a shot: ended earlier, carried on, or stretched with everything in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from vitascope.film.document import Shot
from vitascope.film.laying import composed
from vitascope.film.parts import Action, Cue, Subject, TimeKey
from vitascope.film.time import Span

__all__ = ["RETIMED"]


def _trimmed(shot: Shot, duration: Fraction) -> Shot:
    if shot.before is not None and duration <= shot.before.duration:
        return shot.before if duration == shot.before.duration else _trimmed(shot.before, duration)
    held = composed(shot)
    return held.model_copy(
        update={
            "duration": duration,
            "cues": tuple(c for cue in shot.cues if (c := _cut(cue, duration))),
            "passages": tuple(p for passage in shot.passages if (p := _cut(passage, duration))),
        }
    )


def _cut(part: Any, duration: Fraction) -> Any:
    """A part with a span, ended at `duration`; None where it starts later."""
    if part.span.start >= duration:
        return None
    return part.model_copy(update={"span": Span(start=part.span.start, end=min(part.span.end, duration))})


def _extended(shot: Shot, duration: Fraction) -> Shot:
    held = composed(shot)
    end = shot.duration

    if duration == end:
        return shot

    def further(part: Any) -> Any:
        return (
            part.model_copy(update={"span": Span(start=part.span.start, end=duration)})
            if part.span.end >= end
            else part
        )

    def going_on(subjects: tuple[Subject, ...]) -> tuple[Subject, ...]:
        return tuple(
            s.model_copy(update={"actions": tuple(_carried_on(a, end, duration) for a in s.actions)}) for s in subjects
        )

    assert held.composition is not None
    return held.model_copy(
        update={
            "duration": duration,
            "before": shot,
            "subjects": going_on(shot.subjects),
            "composition": held.composition.model_copy(update={"subjects": going_on(held.composition.subjects)}),
            "cues": tuple(further(c) if c.kind in ("music", "effect") else c for c in shot.cues),
            "passages": tuple(map(further, shot.passages)),
        }
    )


def _carried_on(action: Action, end: Fraction, duration: Fraction) -> Action:
    """An action that lasted to the end goes on; travel goes on alike."""
    if action.span.end < end:
        return action
    path_time = (action.path_time or action.span.length) if action.path else None
    return action.model_copy(update={"span": Span(start=action.span.start, end=duration), "path_time": path_time})


def _stretched(shot: Shot, duration: Fraction) -> Shot:
    ratio = duration / shot.duration

    def timed(part: Any) -> Any:
        return part.model_copy(update={"span": Span(start=part.span.start * ratio, end=part.span.end * ratio)})

    hours = tuple(TimeKey(at=key.at * ratio, hour=key.hour) for key in shot.set.hours)
    camera = shot.camera.model_copy(update={"moves": tuple(map(timed, shot.camera.moves))})

    def slowed(action: Action) -> Action:
        speed = None if action.speed is None else action.speed / float(ratio)
        path_time = None if action.path_time is None else action.path_time * ratio
        return timed(action).model_copy(update={"speed": speed, "path_time": path_time})

    return shot.model_copy(
        update={
            "duration": duration,
            "set": shot.set.model_copy(update={"hours": hours}),
            "camera": camera,
            "composition": None,
            "before": None,
            "subjects": tuple(s.model_copy(update={"actions": tuple(map(slowed, s.actions))}) for s in shot.subjects),
            "cues": tuple(_spoken(c, timed) for c in shot.cues),
            "passages": tuple(map(timed, shot.passages)),
        }
    )


def _spoken(cue: Cue, timed: Any) -> Cue:
    """Music and effects stretch with the shot; who speaks starts at the stretched moment and speaks as fast as before."""
    moved = timed(cue)
    if cue.kind in ("music", "effect"):
        return moved
    return cue.model_copy(update={"span": Span(start=moved.span.start, end=moved.span.start + cue.span.length)})


RETIMED: Mapping[str, Callable[[Shot, Fraction], Shot]] = {
    "trim": _trimmed,
    "extend": _extended,
    "stretch": _stretched,
}
