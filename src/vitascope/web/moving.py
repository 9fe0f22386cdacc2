"""What a drag on the timeline means: a typed edit of the film, the same that words would make. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from vitascope.film import (
    AddCue,
    Change,
    ChangeCamera,
    ChangeSet,
    ChangeSubject,
    Edit,
    EditError,
    Film,
    MoveShot,
    Passage,
    RemoveCue,
    RemoveShot,
    ReplaceShot,
    Retime,
    Shot,
    ShotOperation,
    Span,
)
from vitascope.web.strings import say
from vitascope.web.tracks import Place

__all__ = ["Drag", "dragged", "removed", "reordered", "replaced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drag:
    """A part of a film with another start or end [s of the film]; None keeps that end. `stretch` is for ends of shots."""

    place: Place
    start: Fraction | None = None
    end: Fraction | None = None
    stretch: bool = False


def dragged(film: Film, drag: Drag) -> Edit:
    """The edit that a drag makes. It stays within its shot and keeps at least a frame. Raises EditError."""
    shot, began = _shot(film, drag.place), _began(film, drag.place.shot)
    place, frame = drag.place, Fraction(1) / film.fps
    if place.part == "shot":
        return _retimed(shot, (drag.end or began + shot.duration) - began, stretch=drag.stretch)
    if place.part == "hour":
        return _hour_moved(shot, place.number, (drag.start or began) - began)
    part = _part(film, place)
    start = part.span.start if drag.start is None else drag.start - began
    end = part.span.end if drag.end is None else drag.end - began
    start = min(max(start, Fraction(0)), shot.duration - frame)
    end = min(max(end, start + frame), max(shot.duration, part.span.end if drag.end is None else Fraction(0)))
    span = Span(start=start, end=end)
    if place.part == "passage":
        return replaced(film, place, {"span": span, "ease": min(part.ease, span.length / 2)})
    return replaced(film, place, {"span": span})


def replaced(film: Film, place: Place, values: dict[str, Any]) -> Edit:
    """The edit that gives the part at `place` these values. Raises EditError where there is none."""
    shot, part = _shot(film, place), _part(film, place)
    return _PUT[place.part](shot, place, type(part).model_validate({**dict(part), **values}))


def removed(film: Film, place: Place) -> Edit:
    """The edit that takes the part at `place` away. Raises EditError for what every shot has."""
    shot = _shot(film, place)
    if place.part == "shot":
        return Edit(operations=(RemoveShot(shot=shot.id),))
    if place.part not in _PUT:
        raise EditError(say("timeline.stays_there"))
    _part(film, place)
    return _PUT[place.part](shot, place, None)


def reordered(film: Film, shot: int, before: int) -> Edit:
    """The shot with index `shot` goes before the one that has index `before` now; their number is the end."""
    moved = film.shots[shot].id
    return Edit(operations=(MoveShot(shot=moved, before=film.shots[before].id if before < len(film.shots) else None),))


def _retimed(shot: Shot, duration: Fraction, *, stretch: bool) -> Edit:
    duration = min(max(duration, Fraction(1)), Fraction(120))
    how: Literal["trim", "extend", "stretch"] = "trim" if duration < shot.duration else "extend"
    return Edit(operations=(Retime(shot=shot.id, duration=duration, how="stretch" if stretch else how),))


def _hour_moved(shot: Shot, index: int, at: Fraction) -> Edit:
    keys = shot.set.hours
    if index >= len(keys):
        raise EditError(say("timeline.gone"))
    least = keys[index - 1].at if index else Fraction(0)
    most = keys[index + 1].at if index + 1 < len(keys) else shot.duration
    moved = keys[index].model_copy(update={"at": min(max(at, least), most)})
    return _change(shot, ChangeSet(hours=(*keys[:index], moved, *keys[index + 1 :])))


def _with(parts: tuple, index: int, part: Any) -> tuple:
    """`parts` with another one at `index`, or with one less."""
    return (*parts[:index], *(() if part is None else (part,)), *parts[index + 1 :])


def _action(shot: Shot, place: Place, part: Any) -> Edit:
    subject = shot.subjects[place.subject]
    return _change(shot, ChangeSubject(subject=subject.id, actions=_with(subject.actions, place.number, part)))


def _move(shot: Shot, place: Place, part: Any) -> Edit:
    return _change(shot, ChangeCamera(moves=_with(shot.camera.moves, place.number, part)))


def _cue(shot: Shot, place: Place, part: Any) -> Edit:
    """Words take a cue by its kind and text; one of several that share both is changed with its shot."""
    cue = shot.cues[place.number]
    if sum((one.kind, one.text) == (cue.kind, cue.text) for one in shot.cues) > 1:
        return _put(shot, shot.model_copy(update={"cues": _with(shot.cues, place.number, part)}))
    gone = RemoveCue(kind=cue.kind, text=cue.text)
    return _change(shot, *((gone,) if part is None else (gone, AddCue(cue=part))))


def _passage(shot: Shot, place: Place, part: Any) -> Edit:
    return _put(shot, _with_passage(shot, shot.passages[place.number], part))


def _with_passage(shot: Shot, old: Passage, new: Passage | None) -> Shot:
    """Another passage instead of one, also in what the shot was before it was made to go on."""
    index = next((k for k, one in enumerate(shot.passages) if _same(one, old)), None)
    before = None if shot.before is None else _with_passage(shot.before, old, new)
    passages = shot.passages
    if index is not None:
        passages = _with(passages, index, _ended(new, shot.duration))
    elif new is not None and new.span.start < shot.duration:
        passages = tuple(filter(None, (*passages, _ended(new, shot.duration))))
    return shot.model_copy(update={"passages": passages, "before": before})


def _same(one: Passage, other: Passage) -> bool:
    return one.span.start == other.span.start and one.operations == other.operations


def _ended(passage: Passage | None, duration: Fraction) -> Passage | None:
    """What of a passage lies in a shot of this length."""
    if passage is None or passage.span.start >= duration:
        return None
    span = Span(start=passage.span.start, end=min(passage.span.end, duration))
    return passage.model_copy(update={"span": span})


_PUT: dict[str, Callable[[Shot, Place, Any], Edit]] = {
    "action": _action,
    "move": _move,
    "cue": _cue,
    "passage": _passage,
}


def _change(shot: Shot, *operations: ShotOperation) -> Edit:
    return Edit(operations=tuple(Change(what=operation, shots=(shot.id,)) for operation in operations))


def _put(shot: Shot, other: Shot) -> Edit:
    return Edit(operations=(ReplaceShot(old=shot.id, shot=other),))


def _shot(film: Film, place: Place) -> Shot:
    if not 0 <= place.shot < len(film.shots):
        raise EditError(say("timeline.gone"))
    return film.shots[place.shot]


def _began(film: Film, index: int) -> Fraction:
    """When a shot begins [s of the film]."""
    return sum((shot.duration for shot in film.shots[:index]), Fraction(0))


def _part(film: Film, place: Place) -> Any:
    """The value at a place that has a span. Raises EditError."""
    shot = _shot(film, place)
    match place.part:
        case "action" if place.subject < len(shot.subjects):
            parts: tuple = shot.subjects[place.subject].actions
        case "move":
            parts = shot.camera.moves
        case "cue":
            parts = shot.cues
        case "passage":
            parts = shot.passages
        case _:
            parts = ()
    if not 0 <= place.number < len(parts):
        raise EditError(say("timeline.gone"))
    return parts[place.number]
