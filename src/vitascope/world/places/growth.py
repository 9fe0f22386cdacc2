"""What grows and lies on open ground: rules from place recipes, turned into instances in three levels of detail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe, RecipeError, catalogue
from vitascope.world.flora import Detail, Grown, grown, leaf_fall
from vitascope.world.land import Corridor, Land, Standing
from vitascope.world.material import Material
from vitascope.world.noise import noise, smoothstep
from vitascope.world.stage import Pose, Still, Thing
from vitascope.world.terrain import Stand, aims_of, clear_of, near_points, scattered, stands_on
from vitascope.world.terrain.stones import stone
from vitascope.world.workshop import kept

__all__ = ["Growing", "distances", "grow", "growing_of", "instanced", "model_of", "tinted"]

Field = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """One rule: which plants (by recipe name) or stones stand in a ring round the mark, how dense and how large."""

    what: tuple[str, ...]
    spacing: float = 8.0
    """Metres between neighbours where nothing thins them; ignored for `near` growth."""
    inner: float = 0.0
    outer: float = 200.0
    cover: float = 1.0
    """0..1, share of the ground they claim."""
    clump: float = 0.0
    """Metres across of the groups they form, 0 for none."""
    sizes: tuple[float, float] = (0.8, 1.25)
    near: int = 0
    """Where above 0: that many, seen close by between cameras and mark, fading out."""
    reach: float = 14.0
    """How far [m] `near` growth goes beyond the mark."""
    budget: tuple[int, int, int] = (6, 40, 300)
    """Most instances drawn near, mid and far."""
    shore: tuple[float, float] | None = None
    """Heights [m] over the water between which they stand."""
    sink: float | None = None
    """Share of their size by which they are sunk: 0.02 for plants and 0.12 for stones unless given."""
    lean: float = 0.0
    tint: float = 0.12
    stone: tuple[float, float, float] = (0.2, 0.19, 0.175)
    """Colour of stones."""
    flat: float = 0.72
    rounded: float = 0.0
    season: str = "summer"
    snowy: bool = False
    snow: float = 1.0
    """0..1, how much of a stone is under snow where it is snowy."""


def growing_of(recipe: PlaceRecipe, set: Set, *, snowy: bool = False) -> tuple[Growing, ...]:
    """The rules under `growing` in a place recipe. "only"/"unless" name a feature, a season or "snowy"; "dense" and
    "crowded" features thicken every rule by half."""
    found = []
    traits = {set.season, *(feature.lower() for feature in set.features), *(("snowy",) if snowy else ())}
    thick = 1.5 if {"dense", "ancient", "lush"} & traits else 1.0
    for rule in recipe.parameters.get("growing", ()):
        fields: dict[str, Any] = dict(rule)
        only, unless = fields.pop("only", None), fields.pop("unless", None)
        if (only is not None and only not in traits) or (unless is not None and unless in traits):
            continue
        for name in ("what", "sizes", "budget", "shore", "stone"):
            if name in fields:
                fields[name] = tuple(fields[name]) if not isinstance(fields[name], str) else (fields[name],)
        fields["spacing"] = fields.get("spacing", 8.0) / thick**0.5
        fields["near"] = int(fields.get("near", 0) * thick)
        try:
            found.append(Growing(**{"season": set.season, "snowy": snowy, **fields}))
        except TypeError as error:
            raise RecipeError(f"The place {recipe.name!r} has a wrong rule under 'growing': {error}.") from None
    return tuple(found)


def grow(
    rule: Growing,
    land: Land,
    height: Field,
    free: Field | None,
    *,
    clear: Sequence[Corridor],
    cameras: np.ndarray,
    seed: int,
) -> tuple[Standing, ...]:
    """Instances of one rule outside the `clear` lines of sight. `height` and `free` follow from the land's origin."""
    return kept(
        "growth",
        (land.origin, rule, clear, cameras, seed),
        lambda: _grown(rule, land, height, free, clear, cameras, seed),
    )


def _grown(
    rule: Growing,
    land: Land,
    height: Field,
    free: Field | None,
    clear: Sequence[Corridor],
    cameras: np.ndarray,
    seed: int,
) -> tuple[Standing, ...]:
    rng = np.random.default_rng([seed, 5])
    density = _density(rule, land, height, free, seed)
    if rule.near:
        points = near_points(rng, count=rule.near, cameras=cameras, reach=rule.reach, density=density)
    else:
        points = scattered(rng, spacing=rule.spacing, inner=rule.inner, outer=rule.outer, density=density, limit=3000)
    stone_rule = rule.what[0] == "stone"
    sink = rule.sink if rule.sink is not None else 0.12 if stone_rule else 0.02
    size, tall = _extent(rule, sink)
    points = points[
        clear_of(points, clear, radius=size * rule.sizes[1], height=tall * rule.sizes[1], soft=not stone_rule)
    ]
    stand = stands_on(
        points, height, rng, sizes=rule.sizes, lean=max(rule.lean, 0.75) if stone_rule else rule.lean, sink=sink,
        reach=0.3 * size * rule.sizes[1] + 0.03,
    )  # fmt: skip
    kinds = rng.integers(0, 60, len(points))
    tints = tinted(rng, len(points), rule.tint, autumn=rule.season == "autumn" and not stone_rule)
    things = _stones(rule, stand, kinds, tints, cameras) if stone_rule else _plants(rule, stand, kinds, tints, cameras)
    radius, high = size * rule.sizes[1], tall * rule.sizes[1]
    return tuple(Standing(thing=thing, radius=radius, height=high, soft=not stone_rule) for thing in things)


def instanced(name: str, model: Grown, stand: Stand, tints: np.ndarray, *, shadow: bool = True) -> Thing:
    """Copies of a plant as one thing."""
    radius = float(np.linalg.norm(model.mesh.positions, axis=1).max()) * float(stand.sizes.max())
    return Thing(
        name=name, mesh=model.mesh, materials=model.materials, motion=Still(Pose(transforms=stand.transforms())),
        casts_shadow=shadow, tints=tints.astype(np.float32), double_sided=True, bounds_radius=radius,
    )  # fmt: skip


def model_of(name: str, *, seed: int, detail: Detail, season: str, snowy: bool) -> Grown:
    """The plant of the catalogue called `name`."""
    return grown(catalogue().recipe(name).parameters, seed=seed, detail=detail, season=season, snowy=snowy)


def tinted(rng: np.random.Generator, count: int, amount: float, *, autumn: bool = False) -> np.ndarray:
    """(count, 3) multipliers of albedo: value by `amount`, hue by half of it (much more among autumn leaves)."""
    value = 1 + amount * np.clip(rng.normal(size=count), -2, 2)
    hue = (0.3 if autumn else 0.5 * amount) * np.clip(rng.normal(size=count), -1.8, 1.8)
    return np.stack(
        [value * (1 + 0.6 * hue), value * (1 - (0.9 if autumn else 0.25) * hue), value * (1 - 0.5 * hue)], -1
    )


def _density(rule: Growing, land: Land, height: Field, free: Field | None, seed: int) -> Field:
    n = noise(seed & 0xFFFF)

    def density(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        value = np.full(np.shape(x), rule.cover)
        if rule.clump > 0:
            groups = n.fbm(x, z, wavelength=rule.clump, octaves=3)
            edge = 0.75 * (1 - 2 * rule.cover)
            value = smoothstep(edge - 0.14, edge + 0.14, groups)
        if free is not None and rule.shore is None:
            value = value * free(x, z)
        if land.water is not None:
            over = height(x, z) - land.water.level
            low, high = rule.shore if rule.shore is not None else (0.25, 1e4)
            value = value * ((over > low) & (over < high))
        return value

    return density


def _extent(rule: Growing, sink: float) -> tuple[float, float]:
    """Radius and height [m] over the ground at size 1 of what a rule sets out."""
    if rule.what[0] == "stone":
        return 0.45, 0.5 * rule.flat - sink
    parameters = [catalogue().recipe(name).parameters for name in rule.what]
    models = [grown(p, seed=0, detail="far") for p in parameters]
    return max(m.radius for m in models), max(m.height for m in models)


def distances(stand: Stand, cameras: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(K,) metres to the nearest camera, and (K,) the least angle [rad] off a camera's line to the mark."""
    gap = stand.points[:, None] - cameras[None]
    distance = np.linalg.norm(gap, axis=-1)
    look = aims_of(cameras) - cameras[:, [0, 2]]
    length = np.linalg.norm(look, axis=1)
    cosine = (gap[..., 0] * look[:, 0] + gap[..., 2] * look[:, 1]) / np.maximum(
        length * np.hypot(gap[..., 0], gap[..., 2]), 1e-6
    )
    angle = np.where(length[None] < 1.0, 0.0, np.arccos(np.clip(cosine, -1, 1)))
    return distance.min(1), angle.min(1)


def _plants(rule: Growing, stand: Stand, kinds: np.ndarray, tints: np.ndarray, cameras: np.ndarray) -> list[Thing]:
    if not len(stand.points):
        return []
    distance, angle = distances(stand, cameras)
    seen = angle < 0.95
    order = np.argsort(distance + 60.0 * ~seen, kind="stable")
    near, mid, far = rule.budget
    if rule.near:
        near, mid, far = int((distance < 4.5).sum()), len(order), 0
    height = max(catalogue().recipe(name).parameters.get("height", 1.0) for name in rule.what)
    near_reach, mid_reach = (1e3, 1e3) if rule.near else (7.0 * height + 6.0, 26.0 * height + 10.0)
    close = order[:near][distance[order[:near]] < near_reach]
    rest = order[~np.isin(order, close)]
    middle = rest[:mid][distance[rest[:mid]] < mid_reach]
    rest = rest[~np.isin(rest, middle)]
    last = rest[(angle[rest] < 1.25) | (distance[rest] < 40)]
    if len(last) > far:
        last = last[np.sort(np.linspace(0, len(last) - 1, far).astype(int))] if far else last[:0]
    things: list[Thing] = []
    groups: tuple[tuple[np.ndarray, Detail, int], ...] = ((close, "near", 3), (middle, "mid", 2), (last, "far", 2))
    for members, detail, variants in groups:
        for number, name in enumerate(rule.what):
            for variant in range(variants):
                mine = members[(kinds[members] % (len(rule.what) * variants)) == number * variants + variant]
                if len(mine):
                    model = model_of(name, seed=variant * 17 + 3, detail=detail, season=rule.season, snowy=rule.snowy)
                    tint = (
                        tints[mine]
                        if not leaf_fall(catalogue().recipe(name).parameters, rule.season)
                        else tints[mine] ** 0.3
                    )
                    things.append(instanced(f"{name} {detail}", model, stand.chosen(mine), tint, shadow=not rule.near))
    return things


def _stones(rule: Growing, stand: Stand, kinds: np.ndarray, tints: np.ndarray, cameras: np.ndarray) -> list[Thing]:
    if not len(stand.points):
        return []
    distance, angle = distances(stand, cameras)
    keep = np.argsort(distance / np.maximum(stand.sizes, 0.05) + 400.0 * (angle > 1.1), kind="stable")[
        : sum(rule.budget)
    ]
    ratio = distance[keep] / np.maximum(stand.sizes[keep], 0.02)
    large = (ratio < 10.0) & (np.arange(len(keep)) < rule.budget[0])
    small = (ratio > 26.0) & ~large
    layer = {"pattern": "layer", "pattern_colour": (0.84, 0.88, 0.94), "pattern_scale": 0.3} if rule.snowy else {}
    material = Material(base=tuple(rule.stone), surface="rock", roughness=0.9, **layer)  # type: ignore[arg-type]
    things = []
    for level, members in ((2, keep[large]), (1, keep[~large & ~small]), (0, keep[small])):
        for variant in range(4):
            mine = members[kinds[members] % 4 == variant]
            if len(mine):
                model = Grown(
                    mesh=stone(variant, level=level, rounded=rule.rounded, flat=rule.flat, snow=rule.snow),
                    materials=(material,),
                    height=1,
                    radius=0.5,
                )
                things.append(instanced("stones", model, stand.chosen(mine), tints[mine]))
    return things
