"""A shot told in one plain sentence: who, what they look like and do, where, when, and how the camera moves.

For whoever knows films by words alone: learned models, and people who cannot see the picture. Written from the document, so an
edit changes only the words of what it changes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from vitascope.director.inflection import plural, third
from vitascope.film import Action, Shot, Subject
from vitascope.recipe import read_yaml

__all__ = ["caption_of"]

NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
NEAR = 0.4
"""Metres of travel that nobody would call a direction."""
SIDEWAYS = 0.6
"""From this share of travel across the picture, it is to the left or right; otherwise towards the camera or away from it."""


def caption_of(shot: Shot) -> str:
    """The sentence, without a full stop. A shot with nobody in it tells of its place."""
    groups = _alike(shot)
    who = " and ".join(_told(group, shot) for group in groups[:3])
    where = _where(shot, flying=bool(groups) and _flies(groups[0][0]))
    parts = [part for part in (who, where, _weather(shot), _when(shot)) if part]
    moves = [_words()["moves"].get(move.kind, "") for move in shot.camera.moves]
    return ", ".join([" ".join(parts), *dict.fromkeys(said for said in moves if said)])


@cache
def _words() -> dict[str, Any]:
    return read_yaml(Path(__file__).with_name("caption.yaml"))


def _alike(shot: Shot) -> list[list[Subject]]:
    """Subjects that are told as one: of one name, looks and deeds. Whoever is carried is told with who carries them."""
    groups: dict[tuple[object, ...], list[Subject]] = {}
    for subject in shot.subjects:
        if subject.placement.on is None:
            deeds = tuple((action.verb, _way(action, subject, shot)) for action in subject.actions)
            groups.setdefault((subject.name, subject.attributes, deeds), []).append(subject)
    return list(groups.values())


def _told(group: Sequence[Subject], shot: Shot) -> str:
    first, count = group[0], len(group)
    looks, clothes = first.attributes, first.attributes.clothing
    noun = " ".join(word for word in (_plain(looks.colour), looks.pattern, looks.material, first.name) if word)
    worn = " and ".join(" ".join(w for w in (_plain(each.colour), each.pattern, each.kind) if w) for each in clothes)
    if count > 1:
        thing = f"{NUMBERS.get(count, 'many')} {plural(noun)}" + (f" in {plural(worn)}" if worn else "")
    else:
        thing = f"{_article(noun)} {noun}" + (f" in {_article(worn)} {worn}" if worn else "")
    riders = [rider for rider in shot.subjects if rider.placement.on == first.id and count == 1]
    if riders:
        ways = [_way(action, first, shot) for action in first.actions]
        way = next((each for each in ways if each), "")
        return " ".join(word for word in (_article(riders[0].name), riders[0].name, "rides", thing, way) if word)
    return " ".join(word for word in (thing, _deed(first, shot, several=count > 1)) if word)


def _deed(subject: Subject, shot: Shot, *, several: bool) -> str:
    """What somebody does first, and where to."""
    if not subject.actions:
        return ""
    action = max(subject.actions, key=lambda each: (bool(each.path), each.span.end - each.span.start))
    verb = action.verb.replace("_", " ") if several else third(action.verb)
    return " ".join(word for word in (verb, _way(action, subject, shot)) if word)


def _way(action: Action, subject: Subject, shot: Shot) -> str:
    """Where travel leads as the camera sees it at its beginning."""
    if not action.path:
        return ""
    begin, end = subject.placement.position, action.path[-1]
    x, z = end[0] - begin[0], end[2] - begin[2]
    if math.hypot(x, z) < NEAR:
        return ""
    turn = math.radians(shot.camera.azimuth or 0.0)
    right, nearer = x * math.cos(turn) - z * math.sin(turn), x * math.sin(turn) + z * math.cos(turn)
    if abs(right) >= SIDEWAYS * math.hypot(right, nearer):
        return "to the right" if right > 0 else "to the left"
    return "towards the camera" if nearer > 0 else "away from the camera"


def _flies(subject: Subject) -> bool:
    return subject.placement.position[1] > NEAR or any(action.verb in ("fly", "hover") for action in subject.actions)


def _where(shot: Shot, *, flying: bool) -> str:
    words, place = _words(), shot.set.place
    if place == "studio":
        return ""
    name = words["words"].get(place, place.replace("_", " "))
    if flying and place in words["over"]:
        before = "over"
    else:
        before = next((each for each in ("on", "under") if place in words[each]), "in")
    article = "" if place in words["bare"] else "the " if place in words["the"] else f"{_article(name)} "
    return f"{before} {article}{name}"


def _weather(shot: Shot) -> str:
    words, weather = _words(), shot.set.weather
    return next((said for kind, said in words["weather"].items() if getattr(weather, kind) >= words["enough"]), "")


def _when(shot: Shot) -> str:
    hour = shot.set.hours[0].hour % 24
    return [said for begins, said in _words()["hours"] if hour >= begins][-1]


def _plain(colour: str | None) -> str | None:
    """A colour by name; one that is only a number has none."""
    return None if colour is None or colour.startswith("#") else colour.replace("_", " ")


def _article(words: str) -> str:
    return "an" if words[:1] in tuple("aeiou") else "a"
