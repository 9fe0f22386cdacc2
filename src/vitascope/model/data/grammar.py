"""What a training clip shows and how that is said: a closed grammar of our own, read from its data file. Knows no film."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from vitascope.film import seed_for
from vitascope.recipe import read_yaml

__all__ = [
    "FIELDS",
    "Labels",
    "Scene",
    "article",
    "grammar",
    "grammar_digest",
    "held_out",
    "roles",
    "scene",
    "values_of",
]

FIELDS = ("subject", "colour", "count", "motion", "camera", "light", "place")
HELD_OUT = 8
"""One combination of subject, colour and motion in so many is kept from training."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a clip shows, each a key of the grammar."""

    subject: str
    colour: str
    count: int
    motion: str
    camera: str
    light: str
    place: str

    @property
    def row(self) -> dict[str, Any]:
        """By name."""
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Labels, and how they are said: `noun`, `dress` (of people) and `verb` as in the data file, the caption, a seed."""

    labels: Labels
    caption: str
    noun: str
    recipe: str
    dress: str | None
    seed: int


_FILE = Path(__file__).with_name("grammar.yaml")


@cache
def grammar() -> dict[str, Any]:
    """The data file."""
    return read_yaml(_FILE)


def grammar_digest() -> str:
    """Changes with the data file: the same numbers give other clips then."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()


def roles() -> frozenset[str]:
    """Recipes of people who are called by what they work as."""
    return frozenset(noun["recipe"] for noun in grammar()["subjects"]["person"]["say"] if noun.get("role"))


def values_of(field: str) -> tuple[Any, ...]:
    """All that a field of the labels can be, in the order of the data file."""
    many = {"subject": "subjects", "colour": "colours", "count": "counts", "motion": "motions", "camera": "cameras"}
    return tuple(grammar()[{**many, "light": "lights", "place": "places"}[field]])


def held_out(labels: Labels) -> bool:
    """Whether clips of this combination are kept from training, to ask what was never shown."""
    text = f"{labels.subject} {labels.colour} {labels.motion}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:4], "big") % HELD_OUT == 0


def scene(seed: int, index: int, attempt: int = 0) -> Scene:
    """The `attempt`-th wish for clip `index`: the same for the same numbers."""
    own = seed_for(seed, "clip", str(index), str(attempt))
    draw = np.random.default_rng(own)
    labels = _labels(draw)
    subject = grammar()["subjects"][labels.subject]
    noun = _one(draw, subject["say"])
    dresses = [each for each in subject.get("dress", ()) if noun["one"] in each.get("for", (noun["one"],))]
    dress = _one(draw, dresses) if dresses else None
    return Scene(
        labels=labels,
        caption=_caption(draw, labels, noun, dress),
        noun=noun["one"],
        recipe=noun["recipe"],
        dress=dress["one"] if dress else None,
        seed=own,
    )


def _labels(draw: np.random.Generator) -> Labels:
    subject = _one(draw, values_of("subject"))
    known = grammar()["subjects"][subject]
    motions = [each for each in values_of("motion") if each != "still" or "still" in known]
    return Labels(
        subject=subject,
        colour=_one(draw, values_of("colour")),
        count=_one(draw, values_of("count")),
        motion=_one(draw, motions),
        camera=_one(draw, values_of("camera")),
        light=_one(draw, values_of("light")),
        place=_one(draw, known["places"]),
    )


def _caption(draw: np.random.Generator, labels: Labels, noun: dict[str, Any], dress: dict[str, Any] | None) -> str:
    rules = grammar()
    alone = labels.count == 1
    number = "one" if alone else "many"
    thing = f"{labels.colour} {noun[number]}" if dress is None else noun[number]
    one = f"{article(labels.colour)} " if alone else ""
    worn = "" if dress is None else f" in {one}{labels.colour} {dress[number]}"
    subject = rules["subjects"][labels.subject]
    verb = _one(draw, subject["still" if labels.motion == "still" else "moves"])[0 if alone else 1]
    place = rules["places"][labels.place]
    parts = {
        "who": f"{article(thing) if alone else rules['counts'][labels.count]} {thing}{worn}",
        "does": f"{verb} {_one(draw, rules['motions'][labels.motion])}",
        "place": place.get("over", place["say"]) if subject.get("height") else place["say"],
        "light": _one(draw, rules["lights"][labels.light]["say"]),
        "camera": _one(draw, rules["cameras"][labels.camera]["say"]),
    }
    words = " ".join(_one(draw, rules["captions"]).format(**parts).split())
    for mark in ",.":
        words = words.replace(f" {mark}", mark)
    return words.strip(",. ")


def article(words: str) -> str:
    """The indefinite article before them."""
    return "an" if words[0] in "aeiou" else "a"


def _one(draw: np.random.Generator, choices: Any) -> Any:
    return choices[int(draw.integers(len(choices)))]
