"""`apply(film, edit)`: the only way a film becomes another. Pure; what cannot be is told in one sentence."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from vitascope.film.document import Film, Passage, Shot
from vitascope.film.edit import (
    AddShot,
    Change,
    ChangeFilm,
    Edit,
    MoveShot,
    RemoveShot,
    ReplaceShot,
    Retime,
)
from vitascope.film.laying import EditError, lay
from vitascope.film.passages import plain_shots
from vitascope.film.retiming import RETIMED
from vitascope.film.time import Span

__all__ = ["apply"]

_HOW = {"trim": "end at", "extend": "go on to", "stretch": "stretch to"}


def apply(film: Film, edit: Edit) -> Film:
    """The film after `edit`. The reading stays that of the words the film was made from. Raises EditError."""
    for operation in edit.operations:
        try:
            film = _APPLIED[type(operation)](film, operation)
        except ValidationError as error:
            raise EditError(_sentence(error)) from None
    return film


def _sentence(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "the film"
    return f"This edit leads to a film that cannot be: {where}: {fault['msg'].removeprefix('Value error, ')}."


def _change(film: Film, change: Change) -> Film:
    wanted = set(change.shots) or {shot.id for shot in film.shots}
    for name in change.shots:
        _index(film, name)
    return _with(film, tuple(_laid(shot, change) if shot.id in wanted else shot for shot in film.shots))


def _laid(shot: Shot, change: Change) -> Shot:
    span = change.span
    if span is None or (span.start <= 0 and span.end >= shot.duration):
        return _checked(lay(shot, change.what))
    if span.start >= shot.duration:
        raise EditError(
            f"The stretch from {float(span.start):g} s lies after the end of shot {shot.id!r}, "
            f"which is {float(shot.duration):g} s long."
        )
    span = Span(start=span.start, end=min(span.end, shot.duration))
    passages = shot.passages
    if passages and passages[-1].span == span and passages[-1].ease == change.ease:
        joined = passages[-1].model_copy(update={"operations": (*passages[-1].operations, change.what)})
        passages = (*passages[:-1], joined)
    else:
        passages = (*passages, Passage(span=span, operations=(change.what,), ease=change.ease))
    before = shot.before
    if before is not None and span.start < before.duration:
        before = _laid(before, change)
    return _checked(shot.model_copy(update={"passages": passages, "before": before}))


def _checked(shot: Shot) -> Shot:
    """The shot, once each of its passages has been laid over it. Raises EditError."""
    plain_shots(shot)
    return shot


def _retime(film: Film, change: Retime) -> Film:
    shot = film.shots[_index(film, change.shot)]
    if (change.how == "trim" and change.duration > shot.duration) or (
        change.how == "extend" and change.duration < shot.duration
    ):
        raise EditError(
            f"Shot {shot.id!r} is {float(shot.duration):g} s long, so it cannot {_HOW[change.how]} "
            f"{float(change.duration):g} s."
        )
    return _put(film, shot.id, RETIMED[change.how](shot, change.duration))


def _add_shot(film: Film, change: AddShot) -> Film:
    at = len(film.shots) if change.before is None else _index(film, change.before)
    return _with(film, (*film.shots[:at], change.shot, *film.shots[at:]))


def _remove_shot(film: Film, change: RemoveShot) -> Film:
    _index(film, change.shot)
    if len(film.shots) == 1:
        raise EditError("A film has at least one shot, so its only one cannot be removed.")
    return _with(film, tuple(shot for shot in film.shots if shot.id != change.shot))


def _move_shot(film: Film, change: MoveShot) -> Film:
    moved = film.shots[_index(film, change.shot)]
    if change.before == change.shot:
        return film
    return _add_shot(_without_shot(film, moved), AddShot(shot=moved, before=change.before))


def _without_shot(film: Film, shot: Shot) -> Film:
    return film.model_copy(update={"shots": tuple(s for s in film.shots if s is not shot)})


def _replace_shot(film: Film, change: ReplaceShot) -> Film:
    return _put(film, change.old, change.shot)


def _change_film(film: Film, change: ChangeFilm) -> Film:
    given = {k: v for k, v in dict(change).items() if k != "op" and v is not None}
    return film.model_copy(update=given)


def _put(film: Film, name: str, shot: Shot) -> Film:
    at = _index(film, name)
    return _with(film, (*film.shots[:at], shot, *film.shots[at + 1 :]))


def _with(film: Film, shots: tuple[Shot, ...]) -> Film:
    fields = {name: getattr(film, name) for name in type(film).model_fields}
    return Film(**{**fields, "shots": tuple(Shot.model_validate(dict(s)) for s in shots)})


def _index(film: Film, name: str) -> int:
    for index, shot in enumerate(film.shots):
        if shot.id == name:
            return index
    raise EditError(f"There is no shot {name!r}; the shots are {', '.join(s.id for s in film.shots)}.")


_APPLIED: dict[type, Any] = {
    Change: _change,
    Retime: _retime,
    AddShot: _add_shot,
    RemoveShot: _remove_shot,
    MoveShot: _move_shot,
    ReplaceShot: _replace_shot,
    ChangeFilm: _change_film,
}
