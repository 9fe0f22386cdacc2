"""Where the subjects of a shot stand as the camera sees them, and how that tells them apart."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from vitascope.film import Shot, Subject
from vitascope.recipe import Catalogue

__all__ = ["Standing", "labels", "standing_of"]


@dataclass(frozen=True, slots=True)
class Spot:
    """Metres to the right, above the ground and towards the camera, and the size of who stands there."""

    right: float
    up: float
    near: float
    height: float
    breadth: float
    speed: float
    on: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Spots by subject id."""

    spots: dict[str, Spot]

    def from_left(self, names: list[str]) -> list[str]:
        """`names` from screen left to right."""
        return sorted(names, key=lambda n: self.spots[n].right if n in self.spots else 0.0)

    def by_side(self, side: str, names: list[str]) -> list[str]:
        """The one of `names` farthest to a side, or the middle one; for many, the half of them on that side."""
        names = [n for n in names if n in self.spots]
        if not names:
            return []
        key = {
            "left": lambda s: s.right, "right": lambda s: -s.right, "front": lambda s: -s.near, "back": lambda s: s.near,
            "top": lambda s: -s.up, "bottom": lambda s: s.up,
        }.get(side)  # fmt: skip
        if key is None:
            return [self.from_left(names)[len(names) // 2]]
        return sorted(names, key=lambda n: key(self.spots[n]))[:1]

    def by_extreme(self, extreme: str, names: list[str]) -> list[str]:
        """The biggest, smallest, tallest, fastest ... of `names`, where they differ in that."""
        names = [n for n in names if n in self.spots]
        measure = {
            "big": lambda s: s.height * s.breadth, "tall": lambda s: s.height, "small": lambda s: -s.height * s.breadth,
            "short": lambda s: -s.height, "fast": lambda s: s.speed, "slow": lambda s: -s.speed,
        }[extreme]  # fmt: skip
        values = sorted({round(measure(self.spots[n]), 4) for n in names})
        return [n for n in names if round(measure(self.spots[n]), 4) == values[-1]] if len(values) > 1 else []

    def related(self, relation: str, names: list[str], others: tuple[str, ...]) -> list[str] | None:
        """Those of `names` that stand in a relation to one of `others`: carried by it, or nearest to it on that side."""
        carried = [n for n in names if n in self.spots and self.spots[n].on in others]
        if relation in ("on", "in", "held_by", "worn_by", "hangs_from"):
            return carried or None
        target = next((self.spots[o] for o in others if o in self.spots), None)
        free = [n for n in names if n in self.spots and n not in others]
        if target is None or not free:
            return None
        sided = {
            "left_of": lambda s: s.right < target.right, "right_of": lambda s: s.right > target.right,
            "behind": lambda s: s.near < target.near, "in_front_of": lambda s: s.near > target.near,
        }.get(relation)  # fmt: skip
        fitting = [n for n in free if sided(self.spots[n])] if sided else free
        near = sorted(
            fitting, key=lambda n: math.hypot(self.spots[n].right - target.right, self.spots[n].near - target.near)
        )
        return near[:1] or None


def standing_of(shot: Shot, catalogue: Catalogue) -> Standing:
    """Everybody's spot, half-way through what each does."""
    azimuth = math.radians(shot.camera.azimuth or 0.0)
    spots = {}
    for subject in shot.subjects:
        x, y, z = _middle(subject, shot)
        size = catalogue.recipe(subject.recipe).size
        scale = subject.attributes.scale
        paths = [a for a in subject.actions if a.path]
        spots[subject.id] = Spot(
            right=x * math.cos(azimuth) - z * math.sin(azimuth),
            up=y,
            near=x * math.sin(azimuth) + z * math.cos(azimuth),
            height=size[1] * scale,
            breadth=max(size[0], size[2]) * scale,
            speed=sum(_length(subject, a.path) for a in paths),
            on=subject.placement.on,
        )
    return Standing(spots)


def _middle(subject: Subject, shot: Shot, depth: int = 0) -> tuple[float, float, float]:
    """Half-way between where a subject starts and where its last path ends; with what carries it."""
    start = subject.placement.position
    carrier = next((s for s in shot.subjects if s.id == subject.placement.on), None)
    if carrier is not None and depth < 4:
        base = _middle(carrier, shot, depth + 1)
        return (base[0] + start[0], base[1] + start[1], base[2] + start[2])
    end = next((a.path[-1] for a in reversed(subject.actions) if a.path), start)
    return ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, (start[2] + end[2]) / 2)


def _length(subject: Subject, path: tuple[tuple[float, float, float], ...]) -> float:
    points = (subject.placement.position, *path)
    return sum(math.dist(a, b) for a, b in itertools.pairwise(points))


def labels(shot: Shot, names: tuple[str, ...], catalogue: Catalogue) -> dict[str, str]:
    """A short name for each of several subjects: by colour where that tells them apart, else by where they stand."""
    subjects = {s.id: s for s in shot.subjects if s.id in names}
    colours = {n: s.attributes.colour for n, s in subjects.items()}
    kinds = {s.name for s in subjects.values()}
    if None not in colours.values() and len(set(colours.values())) == len(colours):
        return {n: f"the {colours[n]} {subjects[n].name}" for n in subjects}
    if len(kinds) == len(subjects):
        return {n: f"the {s.name}" for n, s in subjects.items()}
    ordered = standing_of(shot, catalogue).from_left(list(subjects))
    words = _places(len(ordered))
    return {n: f"the {subjects[n].name} {where}" for n, where in zip(ordered, words, strict=True)}


def _places(count: int) -> list[str]:
    if count == 2:
        return ["on the left", "on the right"]
    if count == 3:
        return ["on the left", "in the middle", "on the right"]
    ranks = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
    return [f"that is {ranks[i]} from the left" if i < len(ranks) else f"number {i + 1} from the left"
            for i in range(count)]  # fmt: skip
