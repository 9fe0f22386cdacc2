"""The form of each part of a film: which of its values are typed, and the edit that they make. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field as Limits

from vitascope.film import (
    Action,
    Camera,
    CameraMove,
    Change,
    ChangeCamera,
    ChangeLight,
    ChangeSet,
    Cue,
    Edit,
    EditError,
    Film,
    Light,
    Passage,
    Retime,
    Seconds,
    Shot,
    ShotOperation,
    TimeKey,
    Weather,
    WeatherChange,
)
from vitascope.film.parts import Name, Value
from vitascope.recipe import Catalogue
from vitascope.web.moving import replaced
from vitascope.web.strings import say
from vitascope.web.tracks import Place
from vitascope.web.typed import Choices, Field, fields_of, typed

__all__ = ["FORMS", "UNTYPED", "form_of", "typed_edit"]

UNTYPED = ("path", "path_time", "moves", "staged_for", "operations", "viewpoint")
"""Values that no form shows: they are drawn or found, not typed."""

FIRST = ("kind", "verb", "target", "text", "speaker", "place", "season", "hour", "at", "start", "end")
"""Fields that stand first in a form, in this order."""


class Length(Value):
    """How long a shot is; whether what is in it goes on at its pace, or is stretched with it."""

    duration: Annotated[Seconds, Limits(ge=1, le=120)]
    pace: Literal["keep", "stretch"] = "keep"


class Lighting(Light):
    """The light of a shot with the hour of its set, where that is one."""

    hour: Annotated[float, Limits(ge=0.0, le=24.0)]


class Around(Weather):
    """The weather of a shot with its place and season."""

    place: Name
    season: Literal["spring", "summer", "autumn", "winter"]


FORMS = (Length, Action, Camera, CameraMove, Light, Lighting, TimeKey, Around, Passage, Cue)
"""Values that have a form."""


def form_of(film: Film, place: Place, catalogue: Catalogue) -> tuple[Field, ...]:
    """The fields of the part at `place`. Raises EditError where there is none."""
    value = _value(film, place)
    fields = fields_of(value, choices=_choices(film, place, catalogue), leave=UNTYPED)
    return tuple(sorted(fields, key=lambda field: FIRST.index(field.name) if field.name in FIRST else len(FIRST)))


def typed_edit(film: Film, place: Place, texts: Mapping[str, str], catalogue: Catalogue) -> Edit | None:
    """The edit that `texts` (by the names of the fields) make; None if they say what is so already.

    Raises EditError, and TypedError for what the document does not allow.
    """
    before = _value(film, place)
    after = typed(before, texts, fields=form_of(film, place, catalogue))
    given = {name: value for name, value in dict(after).items() if value != getattr(before, name)}
    if not given:
        return None
    shot = film.shots[place.shot]
    if place.part in _EDITS:
        return _EDITS[place.part](shot, place, given)
    if "span" in given and given["span"].end > shot.duration:
        raise EditError(say("timeline.too_late", end=f"{float(shot.duration):g}"))
    return replaced(film, place, given)


def _value(film: Film, place: Place) -> Value:
    """What the form shows. Raises EditError."""
    try:
        shot = film.shots[place.shot]
        match place.part:
            case "shot":
                return Length(duration=shot.duration)
            case "action":
                return shot.subjects[place.subject].actions[place.number]
            case "camera":
                return shot.camera
            case "move":
                return shot.camera.moves[place.number]
            case "light":
                one = len(shot.set.hours) == 1
                return Lighting(**dict(shot.light), hour=shot.set.hours[0].hour) if one else shot.light
            case "hour":
                return shot.set.hours[place.number]
            case "weather":
                return Around(**dict(shot.set.weather), place=shot.set.place, season=shot.set.season)
            case "passage":
                return shot.passages[place.number]
            case "cue":
                return shot.cues[place.number]
    except IndexError:
        raise EditError(say("timeline.gone")) from None


def _choices(film: Film, place: Place, catalogue: Catalogue) -> Choices:
    """What the fields that name something may name."""
    shot = film.shots[place.shot]
    subjects = [(subject.id, subject.name) for subject in shot.subjects]
    found: dict[str, Any] = dict.fromkeys(("focus", "point_of_view", "speaker"), subjects)
    found["target"] = subjects
    found["place"] = [(name, name.replace("_", " ")) for name in sorted(catalogue.places)]
    if place.part == "action":
        actor = shot.subjects[place.subject]
        verbs = catalogue.recipes[actor.recipe].verbs if actor.recipe in catalogue.recipes else catalogue.verbs
        found["verb"] = [(verb, verb.replace("_", " ")) for verb in sorted(verbs)]
        found["target"] = [one for one in subjects if one[0] != actor.id]
    return found


def _length(shot: Shot, place: Place, given: dict[str, Any]) -> Edit:
    duration = given.get("duration", shot.duration)
    how: Literal["trim", "extend", "stretch"] = "trim" if duration < shot.duration else "extend"
    return Edit(
        operations=(Retime(shot=shot.id, duration=duration, how="stretch" if given.get("pace") == "stretch" else how),)
    )


def _camera(shot: Shot, place: Place, given: dict[str, Any]) -> Edit:
    return _changes(shot, ChangeCamera(**_kept(given), reset=_gone(given)))


def _light(shot: Shot, place: Place, given: dict[str, Any]) -> Edit:
    hour = given.pop("hour", None)
    made: list[ShotOperation] = []
    if hour is not None:
        made.append(ChangeSet(hours=(TimeKey(at=Fraction(0), hour=hour),)))
    if given:
        made.append(ChangeLight(**_kept(given), reset=_gone(given)))
    return _changes(shot, *made)


def _hour(shot: Shot, place: Place, given: dict[str, Any]) -> Edit:
    keys = list(shot.set.hours)
    keys[place.number] = TimeKey(**{**dict(keys[place.number]), **given})
    return _changes(shot, ChangeSet(hours=tuple(sorted(keys, key=lambda key: key.at))))


def _weather(shot: Shot, place: Place, given: dict[str, Any]) -> Edit:
    around = {name: given.pop(name) for name in ("place", "season") if name in given}
    return _changes(shot, ChangeSet(**around, weather=WeatherChange(**given) if given else None))


_EDITS: Mapping[str, Callable[[Shot, Place, dict[str, Any]], Edit]] = {
    "shot": _length,
    "camera": _camera,
    "light": _light,
    "hour": _hour,
    "weather": _weather,
}


def _kept(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _gone(given: Mapping[str, Any]) -> tuple[str, ...]:
    """Fields that go back to their default: a change names them, since None leaves what is there."""
    return tuple(name for name, value in given.items() if value is None)


def _changes(shot: Shot, *operations: ShotOperation) -> Edit:
    return Edit(operations=tuple(Change(what=operation, shots=(shot.id,)) for operation in operations))
