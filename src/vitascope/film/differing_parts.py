"""What is different in one part of a shot, in short sentences: set, light, look, camera, subjects, sounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from vitascope.film.parts import (
    Action,
    Attributes,
    Camera,
    CameraMove,
    Cue,
    Garment,
    Level,
    Light,
    Look,
    Placement,
    Set,
    Subject,
    TimeKey,
    Viewpoint,
)
from vitascope.film.wording import difference_of_lists, does, hour, instead, listed, number, plain, seconds, stretch

__all__ = [
    "camera_differs",
    "cast_differs",
    "cues_differ",
    "levels_differ",
    "light_differs",
    "look_differs",
    "set_differs",
]

_MOVES = {
    "pan_left": "pans left", "pan_right": "pans right", "tilt_up": "tilts up", "tilt_down": "tilts down",
    "zoom_in": "zooms in", "zoom_out": "zooms out", "dolly_in": "moves in", "dolly_out": "moves back",
    "truck_left": "moves left", "truck_right": "moves right", "crane_up": "rises", "crane_down": "sinks",
    "orbit_left": "orbits left", "orbit_right": "orbits right", "track": "follows", "aerial": "flies",
    "handheld": "is held in the hand", "reveal": "reveals the scene", "rack_focus": "shifts its focus", "roll": "rolls",
}  # fmt: skip
_TURNS = ("pan", "tilt", "orbit", "roll")
_ANGLES = {
    "eye": "at eye level", "low": "low", "high": "high", "overhead": "overhead", "ground": "on the ground",
    "aerial": "in the air",
}  # fmt: skip
_WEATHER = ("clouds", "rain", "snow", "fog", "wind", "lightning")
Names = Callable[[str], str]
"""What to call the subject with an id."""


def set_differs(before: Set, after: Set) -> list[str]:
    """Place, hour, weather, season and traits."""
    said = instead("The place is", before.place, after.place)
    said += instead("The hour is", before.hours, after.hours, words=_hours)
    for name in _WEATHER:
        said += instead(name.capitalize(), getattr(before.weather, name), getattr(after.weather, name), words=number)
    said += instead(
        "The clouds drift at", before.weather.cloud_speed, after.weather.cloud_speed,
        words=lambda v: f"{number(v)} times their pace",
    )  # fmt: skip
    said += instead("The season is", before.season, after.season)
    gone, new = difference_of_lists(before.features, after.features)
    said += [f"The place is {plain(trait)}." for trait in new]
    said += [f"The place is no longer {plain(trait)}." for trait in gone]
    said += instead("The backdrop is", before.backdrop, after.backdrop)
    return _or_order(said, before.features, after.features, "The traits of the place")


def _hours(keys: tuple[TimeKey, ...]) -> str:
    if len(keys) == 1 and keys[0].at == 0:
        return hour(keys[0].hour)
    return listed(f"{hour(key.hour)} at {seconds(key.at)}" for key in keys)


def light_differs(before: Light, after: Light) -> list[str]:
    """Mood, exposure and side."""
    said = instead("The light is", before.mood, after.mood)
    said += instead("The exposure is", before.exposure, after.exposure, words=lambda v: f"{number(v)} stops")
    return said + instead(
        "The key light comes from", before.azimuth, after.azimuth, words=_degrees, usual="where the hour puts it"
    )


def look_differs(before: Look, after: Look) -> list[str]:
    """Style and finishing."""
    said = instead("The style is", before.style, after.style)
    said += instead("The grade is", before.grade, after.grade, usual="none")
    for name in ("depth_of_field", "motion_blur", "grain"):
        said += instead(plain(name).capitalize(), getattr(before, name), getattr(after, name), words=number)
    said += instead("The pace is", before.pace, after.pace)
    return said + instead(
        "One second of film shows", before.time_scale, after.time_scale, words=lambda v: f"{number(v)} s of the world"
    )


def camera_differs(before: Camera, after: Camera, names: Names) -> list[str]:
    """Framing, lens, side and moves."""
    said = instead("The framing is", before.framing, after.framing, usual="as staged")
    said += instead("The camera is", before.angle, after.angle, words=_ANGLES.__getitem__)
    said += instead("The camera looks from", before.azimuth, after.azimuth, words=_degrees, usual="where it was staged")
    said += instead("The lens is", before.lens_mm, after.lens_mm, words=lambda v: f"{number(v)} mm", usual="as staged")
    said += instead(
        "The camera stands at",
        before.distance,
        after.distance,
        words=lambda v: f"{number(v)} times the staged distance",
    )
    said += instead("The camera frames", before.focus, after.focus, words=names, usual="everything")
    said += instead(
        "It is seen through", before.point_of_view, after.point_of_view,
        words=lambda v: f"the eyes of {names(v)}", usual="the camera",
    )  # fmt: skip
    said += instead(
        "The camera stands", before.viewpoint, after.viewpoint, words=_viewpoint, usual="where its framing puts it"
    )
    gone, new = difference_of_lists(before.moves, after.moves)
    for move in new:
        former = next((old for old in gone if old.kind == move.kind), None)
        if former is None:
            said.append(f"The camera {_move(move, names)}.")
        else:
            gone.remove(former)
            said += _retold(f"The camera {_MOVES[move.kind]}", former, move, _MOVE_FIELDS, names)
    said += [f"The camera no longer {_MOVES[move.kind]}." for move in gone]
    return _or_order(said, before.moves, after.moves, "The moves of the camera")


def _viewpoint(viewpoint: Viewpoint) -> str:
    where, aim = (" ".join(number(round(each, 2)) for each in point) for point in (viewpoint.position, viewpoint.aim))
    return f"at {where} m and looks at {aim} m"


def _move(move: CameraMove, names: Names) -> str:
    target = f" to {names(move.target)}" if move.target else ""
    amount = f" by {_amount(move)}" if move.amount is not None else ""
    return f"{_MOVES[move.kind]}{target}{amount}"


def _amount(move: CameraMove) -> str:
    value = number(move.amount or 0.0)
    if move.kind.startswith(_TURNS):
        return f"{value}°"
    return f"a ratio of {value}" if move.kind.startswith("zoom") else f"{value} m"


def cast_differs(before: Sequence[Subject], after: Sequence[Subject]) -> list[str]:
    """Who is there, and how each looks, stands and acts."""
    old, new = ({s.id: s for s in cast} for cast in (before, after))
    names = naming([*before, *after])
    said = [f"{_capital(names(i))} is new." for i in new if i not in old]
    said += [f"{_capital(names(i))} is gone." for i in old if i not in new]
    for subject_id in (i for i in new if i in old):
        said += _subject_differs(old[subject_id], new[subject_id], names)
    return _or_order(said, [i for i in old if i in new], [i for i in new if i in old], "The subjects")


def naming(subjects: Iterable[Subject]) -> Names:
    """ "the dog" for its id; with the id where several are called alike."""
    called = {s.id: s.name for s in reversed(list(subjects))}
    alike = {name for name in called.values() if list(called.values()).count(name) > 1}

    def name_of(subject_id: str) -> str:
        name = called.get(subject_id, subject_id)
        return f"the {name} ({subject_id})" if name in alike else f"the {name}"

    return name_of


def _subject_differs(before: Subject, after: Subject, names: Names) -> list[str]:
    who = _capital(names(before.id))
    if before.name != after.name:
        made = f", by the recipe {after.recipe} instead of {before.recipe}" * (before.recipe != after.recipe)
        said = [f"{who} is called {after.name} instead of {before.name}{made}."]
    else:
        said = instead(f"{who} is made by the recipe", before.recipe, after.recipe, words=str)
    said += instead(f"{who} belongs to", before.group, after.group, usual="no group")
    said += _attributes_differ(who, before.attributes, after.attributes)
    said += _placement_differs(who, before.placement, after.placement, names)
    return said + _actions_differ(who, before.actions, after.actions, names)


def _attributes_differ(who: str, before: Attributes, after: Attributes) -> list[str]:
    of = who[0].lower() + who[1:]
    said = instead(f"{who} is", before.colour, after.colour, usual="its own colour")
    for name in ("second_colour", "material", "pattern", "hair", "skin", "build"):
        what = f"The {plain(name)} of {of} is"
        said += instead(what, getattr(before, name), getattr(after, name), usual="its own")
    said += instead(
        f"{who} is",
        before.scale,
        after.scale,
        words=lambda v: "its own size" if v == 1 else f"{number(v)} times its size",
    )
    said += instead(f"{who} wears", before.clothing, after.clothing, words=_clothing)
    said += instead(f"{who} is", before.age, after.age, usual="of its own age")
    said += instead(f"{who} is", before.mood, after.mood, usual="in its own mood")
    gone, new = difference_of_lists(before.states, after.states)
    said += [f"{who} is {plain(state)}." for state in new]
    said += [f"{who} is no longer {plain(state)}." for state in gone]
    return _or_order(said, before.states, after.states, f"The states of {of}")


def _clothing(garments: tuple[Garment, ...]) -> str:
    texts = (" ".join(filter(None, (g.colour, g.pattern, g.kind))) for g in garments)
    return listed(map(plain, texts), none="its own clothes")


def _placement_differs(who: str, before: Placement, after: Placement, names: Names) -> list[str]:
    said = instead(f"{who} is", before.on, after.on, words=lambda v: f"on {names(v)}", usual="by itself")
    said += instead(f"{who} is held at", before.socket, after.socket, usual="the top")
    said += instead(f"{who} faces", before.facing, after.facing, words=_degrees)
    steps = [new - old for old, new in zip(before.position, after.position, strict=True)]
    ways = (("right", "left"), ("up", "down"), ("nearer", "farther"))
    moved = [f"{number(abs(step))} m {ways[k][step < 0]}" for k, step in enumerate(steps) if step]
    return said + ([f"{who} starts elsewhere: {listed(moved)}."] if moved else [])


def _actions_differ(who: str, before: Sequence[Action], after: Sequence[Action], names: Names) -> list[str]:
    gone, new = difference_of_lists(before, after)
    said = []
    for action in new:
        former = next((old for old in gone if old.verb == action.verb), None)
        if former is None:
            target = f" ({names(action.target)})" if action.target else ""
            said.append(f"{who} {does(action.verb)}{target} {stretch(action.span)}.")
        else:
            gone.remove(former)
            said += _retold(f"{who} {does(action.verb)}", former, action, _ACTION_FIELDS, names)
    said += [f"{who} no longer {does(action.verb)}." for action in gone]
    return _or_order(said, before, after, f"The actions of {who[0].lower()}{who[1:]}")


_Field = tuple[str, str, Callable[[Any], str], str]
_MOVE_FIELDS: tuple[_Field, ...] = (
    ("span", "", stretch, ""), ("amount", "by", number, "the usual amount"), ("pace", "at", lambda v: f"pace {number(v)}", ""),
)  # fmt: skip
_ACTION_FIELDS: tuple[_Field, ...] = (
    ("span", "", stretch, ""), ("speed", "at", lambda v: f"{number(v)} m/s", "its own speed"),
    ("vigour", "with", lambda v: f"a vigour of {number(v)}", ""),
    ("manner", "", lambda v: listed(map(plain, v), none="in the ordinary manner"), ""),
)  # fmt: skip


def _retold(what: str, before: Any, after: Any, fields: Iterable[_Field], names: Names) -> list[str]:
    """What is different in a thing that is done in both films."""
    said = []
    for name, word, words, usual in fields:
        said += instead(f"{what} {word}".strip(), getattr(before, name), getattr(after, name), words=words, usual=usual)
    said += instead(f"{what} with regard to", before.target, after.target, words=names, usual="nothing")
    if getattr(before, "path", None) != getattr(after, "path", None):
        said.append(f"{what} another way.")
    return said


def cues_differ(before: Sequence[Cue], after: Sequence[Cue]) -> list[str]:
    """Written sounds that are new, gone, or elsewhere."""
    gone, new = difference_of_lists(before, after)
    said = [f"There is {_cue(cue)} {stretch(cue.span)}{_gain(cue)}." for cue in new]
    said += [f"There is no longer {_cue(cue)} {stretch(cue.span)}{_gain(cue)}." for cue in gone]
    return _or_order(said, before, after, "The written sounds")


def _cue(cue: Cue) -> str:
    speaker = f" by {cue.speaker}" if cue.speaker else ""
    return f"{cue.kind}{speaker}" + (f" “{cue.text}”" if cue.text else "")


def _gain(cue: Cue) -> str:
    return f" at {number(cue.gain_db)} dB" if cue.gain_db else ""


def levels_differ(before: Sequence[Level], after: Sequence[Level]) -> list[str]:
    """How loud each kind of sound is."""
    old, new = ({level.name: level for level in levels} for levels in (before, after))
    said = []
    for name in dict.fromkeys([*old, *new]):
        what = "The sound is" if name == "all" else f"The sound of {plain(name)} is"
        said += instead(what, old.get(name), new.get(name), words=_loudness, usual="as loud as by itself")
    return _or_order(said, before, after, "The levels of sound")


def _loudness(level: Level) -> str:
    return "muted" if level.muted else f"at {number(level.gain_db)} dB"


def _degrees(value: float) -> str:
    return f"{number(value)}°"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _or_order(said: list[str], before: Sequence[Any], after: Sequence[Any], what: str) -> list[str]:
    """`said`, or that things come in another order when that alone is different."""
    if not said and list(before) != list(after):
        return [f"{what} come in another order."]
    return said
