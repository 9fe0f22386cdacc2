"""The land: what a place is before it is furnished. Ground, water and air, cheap to make and exact to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.stage import PointLight, Thing, Water
from vitascope.world.track import Ground

__all__ = ["Corridor", "Furnishing", "Land", "Spot", "Standing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corridor:
    """A strip of ground that must stay free of trees, rocks and furniture: from (x, z) to (x, z), `radius` metres wide."""

    start: tuple[float, float]
    end: tuple[float, float]
    radius: float
    height: float = 1e3
    """Things lower than this [m] may stay (grass under a camera)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A named place for staging: "table_top", "road", "shore", "sofa"; a point on it, its half extents, its direction."""

    position: tuple[float, float, float]
    half: tuple[float, float] = (0.5, 0.5)
    direction: float = 90.0
    """Degrees about y along which traffic or the long side runs (90 is left to right)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Land:
    """One place with its numbers drawn. The origin is the mark; its ground is near height 0."""

    recipe: PlaceRecipe
    set: Set
    seed: int
    ground: Ground
    water: Water | None = None
    sea_of_clouds: float | None = None
    """Height [m] of the top of a layer of cloud below, in high mountains."""
    airless: bool = False
    reverb: float = 0.0
    room: tuple[float, float, float, float, float, float] | None = None
    """x0, x1, floor, ceiling, z0, z1 of the room indoors; cameras must stay inside."""
    spots: Mapping[str, Spot] = field(default_factory=dict)
    light_from: float | None = None
    """Degrees of azimuth from which the place wants its key light (a window, the open sea), or None."""
    state: object = None
    """What the place family keeps for furnishing."""

    @property
    def origin(self) -> tuple[PlaceRecipe, Set, int]:
        """All that it was laid from: two lands of one origin are the same."""
        return self.recipe, self.set, self.seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Copies of a thing that make way: each goes if it stands where a body goes, and its lamps with it."""

    thing: Thing
    radius: float
    """Of one copy [m]."""
    height: float
    """Of one copy [m]."""
    soft: bool = False
    """Grass and the like: what is low enough is walked through."""
    lamps: tuple[tuple[int, PointLight], ...] = ()
    """Number of the copy and its lamp, which burns as far as it is dark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnishing:
    """What stands and lies in the land, and the lamps of the place at a time [s] for a darkness 0 (day) to 1 (night)."""

    things: tuple[Thing | Standing, ...]
    lights: Callable[[float, float], tuple[PointLight, ...]] = lambda t, night: ()
