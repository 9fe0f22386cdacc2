"""A film as tracks of blocks, for a timeline: pure values made from the document. Times are seconds of the whole film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from vitascope.film import Action, Cue, Film, Light, Passage, Set, Shot, Span, Subject
from vitascope.film.wording import does, hour, plain
from vitascope.web.strings import say

__all__ = ["AIRS", "KINDS", "Block", "Part", "Place", "Track", "place_of", "tracks_of"]

Part = Literal["shot", "action", "camera", "move", "light", "hour", "weather", "passage", "cue"]
ENDS: tuple[Part, ...] = ("action", "move", "passage", "cue")
"""Parts that have a span of their own: they move, and both ends can be trimmed."""

KINDS = ("shots", "camera", "light", "weather", "voices", "music", "effects")
"""Kinds of tracks that a film has once."""
AIRS = (
    "overcast", "cloudy", "clear", "rain", "snow", "fog", "lightning", "wind", "spring", "summer", "autumn", "winter",
)  # fmt: skip
"""What is said of the weather."""


class Place(NamedTuple):
    """Where a part lies in a film: `number` counts within its list, `subject` among the subjects, both from 0."""

    shot: int
    part: Part
    number: int = 0
    subject: int = 0

    @property
    def id(self) -> str:
        """As text, for the page."""
        return f"{self.shot}.{self.part}.{self.number}.{self.subject}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of the film on its track. It stays within `least` and `most` [s of the film] wherever it is dragged."""

    place: Place
    start: Fraction
    end: Fraction
    label: str
    about: str = ""
    moves: bool = False
    trims: tuple[Literal["start", "end"], ...] = ()
    least: Fraction = Fraction(0)
    most: Fraction = Fraction(0)
    row: int = 0
    """Blocks of a track that overlap lie in rows, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """Blocks of one kind, in order of time. `subject` is the id of the subject whose track it is."""

    name: str
    kind: Literal["shots", "subject", "camera", "light", "weather", "voices", "music", "effects"]
    blocks: tuple[Block, ...]
    subject: str | None = None

    @property
    def rows(self) -> int:
        """How many blocks lie one above the other, at least 1."""
        return max((block.row for block in self.blocks), default=0) + 1


def tracks_of(film: Film) -> tuple[Track, ...]:
    """Shots, subjects in order of appearance, camera, light, weather, and each kind of written sound that there is."""
    found: dict[tuple[str, str], list[Block]] = {("shots", ""): []}
    names: dict[str, str] = {}
    for shot in film.shots:
        for subject in (*shot.subjects, *_joining(shot)):
            names.setdefault(subject.id, subject.name)
            found.setdefault(("subject", subject.id), [])
    for kind in KINDS[1:]:
        found[kind, ""] = []
    for key, block in _blocks(film):
        found[key].append(block)
    kept = {key: blocks for key, blocks in found.items() if blocks or key[0] in ("shots", "subject", "camera")}
    return tuple(
        Track(
            name=names[subject] if kind == "subject" else say(f"timeline.{kind}"),
            kind=kind,  # type: ignore[arg-type]
            blocks=_in_rows(blocks),
            subject=subject or None,
        )
        for (kind, subject), blocks in kept.items()
    )


def place_of(text: str, film: Film) -> Place | None:
    """The place with this id; None where there is no such part in `film`."""
    return next((block.place for _, block in _blocks(film) if block.place.id == text), None)


def _blocks(film: Film) -> Iterator[tuple[tuple[str, str], Block]]:
    """All blocks that begin within their shot, each with the kind of its track and the id of its subject."""
    began = Fraction(0)
    for at, shot in enumerate(film.shots):
        yield ("shots", ""), _shot_block(film, at, began)
        end = began + shot.duration
        for parts in (_actions, _camera, _light_and_air, _passages, _cues):
            found = parts(shot, at, began)
            yield from ((key, block) for key, block in found if block.place.part not in ENDS or block.start < end)
        began = end


Found = Iterator[tuple[tuple[str, str], Block]]


def _actions(shot: Shot, at: int, began: Fraction) -> Found:
    for number, subject in enumerate(shot.subjects):
        for index, action in enumerate(subject.actions):
            place = Place(at, "action", index, number)
            yield ("subject", subject.id), _spanned(place, action.span, began, shot, *_action_words(action, shot))


def _camera(shot: Shot, at: int, began: Fraction) -> Found:
    yield ("camera", ""), _whole(Place(at, "camera"), began, shot, *_camera_words(shot))
    for index, move in enumerate(shot.camera.moves):
        words = " ".join(filter(None, (plain(move.kind), _name(shot, move.target))))
        yield ("camera", ""), _spanned(Place(at, "move", index), move.span, began, shot, words)


def _light_and_air(shot: Shot, at: int, began: Fraction) -> Found:
    yield ("light", ""), _whole(Place(at, "light"), began, shot, _light_words(shot.light, shot.set))
    if len(shot.set.hours) > 1:
        yield from ((("light", ""), block) for block in _hour_blocks(shot, at, began))
    yield ("weather", ""), _whole(Place(at, "weather"), began, shot, _weather_words(shot.set))


def _passages(shot: Shot, at: int, began: Fraction) -> Found:
    for index, passage in enumerate(shot.passages):
        words = ", ".join(dict.fromkeys(_operation_words(operation, shot) for operation in passage.operations))
        place = Place(at, "passage", index)
        yield _track_of(passage), _spanned(place, passage.span, began, shot, words, say("timeline.passage"))


def _cues(shot: Shot, at: int, began: Fraction) -> Found:
    for index, cue in enumerate(shot.cues):
        kind = {"music": "music", "effect": "effects"}.get(cue.kind, "voices")
        yield (kind, ""), _spanned(Place(at, "cue", index), cue.span, began, shot, *_cue_words(cue, shot))


def _shot_block(film: Film, at: int, began: Fraction) -> Block:
    shot = film.shots[at]
    return Block(
        place=Place(at, "shot"),
        start=began,
        end=began + shot.duration,
        label=say("timeline.shot", number=at + 1),
        about=plain(shot.set.place),
        moves=len(film.shots) > 1,
        trims=("end",),
        least=began + 1,
        most=began + 120,
    )


def _whole(place: Place, began: Fraction, shot: Shot, label: str, about: str = "") -> Block:
    """What holds for the whole shot and is as long as it."""
    end = began + shot.duration
    return Block(place=place, start=began, end=end, label=label, about=about, least=began, most=end)


def _spanned(place: Place, span: Span, began: Fraction, shot: Shot, label: str, about: str = "") -> Block:
    """What has a span in its shot; what of it lies beyond the shot's end is not shown."""
    start = min(span.start, shot.duration)
    made = _whole(place, began, shot, label, about)
    end = began + min(span.end, shot.duration)
    return replace(made, start=began + start, end=end, moves=True, trims=("start", "end"))


def _hour_blocks(shot: Shot, at: int, began: Fraction) -> Iterator[Block]:
    """The hours of a time-lapse, as points that stay between their neighbours."""
    keys = shot.set.hours
    for index, key in enumerate(keys):
        least = keys[index - 1].at if index else Fraction(0)
        most = keys[index + 1].at if index + 1 < len(keys) else shot.duration
        moment = began + min(key.at, shot.duration)
        yield Block(
            place=Place(at, "hour", index), start=moment, end=moment, label=hour(key.hour), moves=True,
            least=began + least, most=began + min(most, shot.duration),
        )  # fmt: skip


def _in_rows(blocks: list[Block]) -> tuple[Block, ...]:
    """Blocks in order of time; what has a span lies under what holds for the whole shot, and beside what it overlaps."""
    placed: list[Block] = []
    has_ground = any(not block.trims and not block.moves for block in blocks)
    ends: list[Fraction] = []
    for block in sorted(blocks, key=lambda one: (one.start, one.moves, one.place)):
        if block.place.part not in ENDS:
            placed.append(block)
            continue
        row = next((row for row, end in enumerate(ends) if end <= block.start), len(ends))
        ends[row : row + 1] = [block.end]
        placed.append(replace(block, row=row + has_ground))
    return tuple(placed)


def _joining(shot: Shot) -> Iterator[Subject]:
    """Who is there for a stretch of the shot only."""
    for passage in shot.passages:
        yield from (operation.subject for operation in passage.operations if operation.op == "add_subject")


def _name(shot: Shot, subject: str | None) -> str:
    return next((one.name for one in shot.subjects if one.id == subject), "")


def _action_words(action: Action, shot: Shot) -> tuple[str, str]:
    return " ".join(filter(None, (does(action.verb), _name(shot, action.target)))), ", ".join(action.manner)


def _camera_words(shot: Shot) -> tuple[str, str]:
    camera = shot.camera
    if camera.point_of_view is not None:
        return say("timeline.eyes_of", name=_name(shot, camera.point_of_view)), ""
    if camera.viewpoint is not None:
        return say("timeline.put"), "" if camera.lens_mm is None else f"{camera.lens_mm:g} mm"
    framing = plain(camera.framing) if camera.framing else say("timeline.framed")
    parts = [framing, "" if camera.angle == "eye" else say("timeline.angle", angle=plain(camera.angle))]
    lens = "" if camera.lens_mm is None else f"{camera.lens_mm:g} mm"
    return ", ".join(filter(None, parts)), ", ".join(filter(None, (lens, _name(shot, camera.focus))))


def _light_words(light: Light, around: Set) -> str:
    first, last = around.hours[0].hour, around.hours[-1].hour
    when = _clock(first) if first == last else f"{_clock(first)} – {_clock(last)}"
    stops = f"{light.exposure:+g} EV" if light.exposure else ""
    return ", ".join(filter(None, (when, "" if light.mood == "natural" else light.mood, stops)))


def _clock(value: float) -> str:
    """The nearest minute of an hour."""
    minutes = round(value * 60)
    return f"{minutes // 60 % 24}:{minutes % 60:02d}"


def _weather_words(around: Set) -> str:
    weather = around.weather
    sky = "overcast" if weather.clouds > 0.75 else "cloudy" if weather.clouds > 0.4 else "clear"
    falls = [name for name in ("rain", "snow", "fog", "lightning") if getattr(weather, name) > 0]
    windy = ["wind"] if weather.wind > 0.4 else []
    words = [say(f"timeline.{name}") for name in (sky, *falls, *windy)]
    return ", ".join((*words, say(f"timeline.{around.season}")))


def _cue_words(cue: Cue, shot: Shot) -> tuple[str, str]:
    if cue.kind in ("dialogue", "narration"):
        return f"“{cue.text}”" if cue.text else plain(cue.kind), _name(shot, cue.speaker) or plain(cue.kind)
    return cue.text or plain(cue.kind), ""


def _track_of(passage: Passage) -> tuple[str, str]:
    """Where a stretch in which something is different is shown: by what is different first."""
    first = passage.operations[0]
    match first.op:
        case "change_subject" | "remove_subject":
            return "subject", first.subject
        case "add_subject":
            return "subject", first.subject.id
        case "change_camera":
            return "camera", ""
        case "change_set" if first.weather is not None or first.season is not None:
            return "weather", ""
    return "light", ""


def _operation_words(operation: Any, shot: Shot) -> str:
    """What an operation makes different, such as "rain 0.8" or "warm"."""
    match operation.op:
        case "add_subject":
            return say("timeline.added", name=operation.subject.name)
        case "remove_subject":
            return say("timeline.removed", name=_name(shot, operation.subject))
        case "change_subject" if operation.actions is not None:
            return " ".join(does(action.verb) for action in operation.actions) or say("timeline.stays")
    return ", ".join(_given(operation)) or plain(operation.op)


def _given(value: Any) -> Iterator[str]:
    """The values that a change names, in words."""
    for name in type(value).model_fields:
        given = getattr(value, name)
        if name in ("op", "subject", "reset") or given is None or given == () or given is False:
            continue
        if hasattr(type(given), "model_fields"):
            yield from _given(given)
        elif name == "hours":
            yield " – ".join(_clock(key.hour) for key in given)
        elif isinstance(given, float | Fraction):
            yield f"{plain(name)} {float(given):g}"
        elif isinstance(given, str):
            yield given if name != "backdrop" else f"{plain(name)} {given}"
        elif isinstance(given, tuple):
            yield ", ".join(str(getattr(one, "kind", one)) for one in given)
