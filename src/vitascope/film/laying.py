"""Laying operations over a shot: pure, and total. What an operation cannot find it raises as an EditError sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from vitascope.film.document import Composition, Passage, Shot
from vitascope.film.operations import (
    AddCue,
    AddSubject,
    ChangeCamera,
    ChangeLight,
    ChangeLook,
    ChangeSet,
    ChangeSubject,
    RemoveCue,
    RemoveSubject,
    SetLevel,
    ShotOperation,
)
from vitascope.film.parts import Attributes, Set, Subject, Value

__all__ = ["EditError", "composed", "lay", "lay_all"]

STANDS_ELSEWHERE = frozenset(("framing", "angle", "azimuth", "focus", "point_of_view"))
"""Fields of a camera by which it no longer stands at its viewpoint."""
FRAMES_ANEW = STANDS_ELSEWHERE | {"lens_mm", "distance", "viewpoint"}
"""Fields of a camera that ask for another composition."""
STAGED = frozenset(("scale", "age", "build"))
"""Attributes by which a subject's size may change."""


class EditError(ValueError):
    """An edit that cannot be applied to this film; the text is one sentence that says why and what is there."""


def lay_all(shot: Shot, operations: Iterable[ShotOperation]) -> Shot:
    """The shot with `operations` laid over it in order. Raises EditError."""
    for operation in operations:
        shot = lay(shot, operation)
    return shot


def lay(shot: Shot, operation: ShotOperation) -> Shot:
    """The shot with `operation` laid over it. Raises EditError for a subject or cue that is not there, or is already."""
    laid = _LAID[type(operation)](shot, operation)
    if shot.before is not None:
        laid = laid.model_copy(update={"before": lay(shot.before, operation)})
    return Shot.model_validate(dict(laid))


def composed(shot: Shot) -> Shot:
    """The shot with its camera held: composed for the cast and length that it has now, unless that was held before."""
    if shot.composition is not None:
        return shot
    return shot.model_copy(update={"composition": Composition(subjects=shot.subjects, duration=shot.duration)})


def _patched(value: Value, change: Any, names: Iterable[str]) -> dict[str, Any]:
    """Fields of `value` after `change`: those reset at their default, those given as given."""
    fields = {name: getattr(value, name) for name in type(value).model_fields}
    fields |= {name: type(value).model_fields[name].get_default() for name in change.reset}
    return fields | change.changed(frozenset(names))


def _set(shot: Shot, change: ChangeSet) -> Shot:
    fields = _patched(shot.set, change, ("place", "hours", "season", "backdrop"))
    if change.weather is not None:
        given = {k: v for k, v in dict(change.weather).items() if v is not None}
        fields["weather"] = fields["weather"].model_copy(update=given)
    kept = tuple(f for f in fields["features"] if f not in change.drop_features)
    fields["features"] = (*kept, *(f for f in change.add_features if f not in kept))
    updated = shot.model_copy(update={"set": Set(**fields)})
    return updated if shot.dressed_for else updated.model_copy(update={"dressed_for": shot.set})


def _light(shot: Shot, change: ChangeLight) -> Shot:
    fields = _patched(shot.light, change, ("mood", "exposure", "azimuth"))
    return shot.model_copy(update={"light": type(shot.light)(**fields)})


def _look(shot: Shot, change: ChangeLook) -> Shot:
    names = ("style", "grade", "depth_of_field", "motion_blur", "grain", "pace", "time_scale")
    return shot.model_copy(update={"look": type(shot.look)(**_patched(shot.look, change, names))})


def _camera(shot: Shot, change: ChangeCamera) -> Shot:
    names = FRAMES_ANEW | {"moves"}
    fields = _patched(shot.camera, change, names)
    touched = change.changed(FRAMES_ANEW).keys() | set(change.reset)
    if change.viewpoint is not None:
        fields |= {"point_of_view": change.point_of_view, "distance": change.distance or 1.0}
    elif STANDS_ELSEWHERE & touched:
        fields["viewpoint"] = None
    updates: dict[str, Any] = {"camera": type(shot.camera)(**fields)}
    if FRAMES_ANEW & touched:
        updates["composition"] = None
    if fields["azimuth"] != shot.camera.azimuth and shot.light.staged_for is None:
        updates["light"] = shot.light.model_copy(update={"staged_for": shot.camera.azimuth or 0.0})
    return shot.model_copy(update=updates)


def _add_subject(shot: Shot, change: AddSubject) -> Shot:
    if any(s.id == change.subject.id for s in shot.subjects):
        raise EditError(f"There already is a subject {change.subject.id!r} in shot {shot.id!r}; give it another id.")
    held = composed(shot)
    return held.model_copy(update={"subjects": (*shot.subjects, change.subject)})


def _remove_subject(shot: Shot, change: RemoveSubject) -> Shot:
    gone = _found(shot, change.subject).id
    kept = tuple(_without(s, gone) for s in shot.subjects if s.id != gone)
    cues = tuple(c for c in shot.cues if c.speaker != gone)
    passages = tuple(p for passage in shot.passages if (p := _passage_without(passage, gone)))
    return composed(shot).model_copy(update={"subjects": kept, "cues": cues, "passages": passages})


def _passage_without(passage: Passage, gone: str) -> Passage | None:
    """The passage without what it does to a subject; None where nothing is left of it."""
    kept = tuple(o for o in passage.operations if getattr(o, "subject", None) != gone)
    return passage.model_copy(update={"operations": kept}) if kept else None


def _without(subject: Subject, gone: str) -> Subject:
    placement = subject.placement
    if placement.on == gone:
        placement = placement.model_copy(update={"on": None, "socket": None})
    actions = tuple(
        a.model_copy(update={"target": None}) if a.target == gone else a
        for a in subject.actions
        if not (a.verb == "hold" and a.target == gone)
    )
    return subject.model_copy(update={"placement": placement, "actions": actions})


def _change_subject(shot: Shot, change: ChangeSubject) -> Shot:
    subject = _found(shot, change.subject)
    updates = {n: v for n in ("recipe", "name", "placement", "actions") if (v := getattr(change, n)) is not None}
    restaged = bool(updates.keys() & {"recipe", "placement", "actions"})
    if change.attributes is not None:
        fields = _patched(subject.attributes, change.attributes, Attributes.model_fields)
        updates["attributes"] = Attributes(**fields)
        restaged |= any(fields[name] != getattr(subject.attributes, name) for name in STAGED)
    changed = subject.model_copy(update=updates)
    held = composed(shot) if restaged else shot
    if change.recompose:
        held = held.model_copy(update={"composition": None})
    return held.model_copy(update={"subjects": tuple(changed if s.id == subject.id else s for s in shot.subjects)})


def _add_cue(shot: Shot, change: AddCue) -> Shot:
    return shot.model_copy(update={"cues": (*shot.cues, change.cue)})


def _remove_cue(shot: Shot, change: RemoveCue) -> Shot:
    kept = tuple(c for c in shot.cues if c.kind != change.kind or change.text not in (None, c.text))
    if len(kept) == len(shot.cues):
        raise EditError(f"There is no {change.kind} to remove in shot {shot.id!r}.")
    return shot.model_copy(update={"cues": kept})


def _level(shot: Shot, change: SetLevel) -> Shot:
    others = tuple(level for level in shot.levels if level.name != change.level.name)
    return shot.model_copy(update={"levels": (*others, change.level)})


def _found(shot: Shot, name: str) -> Subject:
    for subject in shot.subjects:
        if subject.id == name:
            return subject
    there = ", ".join(s.id for s in shot.subjects) or "none"
    raise EditError(f"There is no subject {name!r} in shot {shot.id!r}; its subjects are {there}.")


_LAID: dict[type, Callable[[Shot, Any], Shot]] = {
    ChangeSet: _set,
    ChangeLight: _light,
    ChangeLook: _look,
    ChangeCamera: _camera,
    AddSubject: _add_subject,
    RemoveSubject: _remove_subject,
    ChangeSubject: _change_subject,
    AddCue: _add_cue,
    RemoveCue: _remove_cue,
    SetLevel: _level,
}
