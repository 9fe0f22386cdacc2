"""Open country: what mountains, meadows, shores and deserts share. A ground with its cover, and what grows and lies on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land, Spot, Standing
from vitascope.world.material import Material
from vitascope.world.noise import Noise, smoothstep
from vitascope.world.places.growth import Growing, grow
from vitascope.world.stage import Pose, Still, Thing, Water
from vitascope.world.terrain import Patch, patch_of, sampling_for
from vitascope.world.track import Ground
from vitascope.world.workshop import kept

__all__ = [
    "Cover", "Terrain", "ground_thing", "has", "landscape", "mottled", "open_land", "placed", "snow_mask", "spacing_at",
]  # fmt: skip

Height = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the ground is made of, per sample of a patch: colours (R, S, 3) about 1, mask (R, S), material (R, S)."""

    colours: np.ndarray
    mask: np.ndarray
    material: np.ndarray | int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terrain:
    """What open country keeps for furnishing. Its functions follow from the land's origin alone."""

    height: Height
    noise: Noise
    cover: Callable[[Patch], Cover]
    materials: tuple[Material, ...]
    reach: float = 2400.0
    vertices: int = 24000
    finest: float = 0.28
    far: float = 0.0
    """Rings beyond 300 m are at most this share of their radius apart, 0 for no bound."""
    free: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None
    """Where things may grow, 0..1 at x, z (not in water, on roads, on cliffs)."""
    growing: tuple[Growing, ...] = field(default=())


def has(set: Set, *words: str) -> bool:
    """Whether one of `words` was asked for as a feature of the set."""
    return any(word in feature.lower() for feature in set.features for word in words)


def spacing_at(x: np.ndarray, z: np.ndarray, *, start: float = 40.0, finest: float = 0.3) -> np.ndarray:
    """About the distance [m] between samples of ground at x, z: what the height functions leave out beyond `start`."""
    return np.maximum(finest, 0.025 * (np.hypot(x, z) - start))


def open_land(
    recipe: PlaceRecipe,
    set: Set,
    seed: int,
    terrain: Terrain,
    *,
    surface: Callable[[float, float], str] | None = None,
    water: Water | None = None,
    spots: dict[str, Spot] | None = None,
    sea_of_clouds: float | None = None,
    airless: bool = False,
    reverb: float = 0.0,
    light_from: float | None = None,
) -> Land:
    """A land of open country whose mark lies at height 0."""
    ground = Ground(
        height=terrain.height,
        surface=surface or (lambda x, z: recipe.surface),
        water_level=None if water is None else water.level,
    )
    return Land(
        recipe=recipe, set=set, seed=seed, ground=ground, water=water, sea_of_clouds=sea_of_clouds, airless=airless,
        reverb=reverb, spots=spots or {}, light_from=light_from, state=terrain,
    )  # fmt: skip


def placed(height: Height) -> Height:
    """`height` lowered or raised so that the mark, the origin, lies at 0."""
    zero = np.zeros(1, np.float32)
    offset = np.float32(height(zero, zero)[0])

    def levelled(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        shape = np.shape(x)
        flat = height(np.asarray(x, np.float32).ravel(), np.asarray(z, np.float32).ravel())
        return (flat - offset).reshape(shape)

    return levelled


def ground_thing(land: Land, cameras: np.ndarray, *, name: str = "ground") -> Thing:
    """The ground of open country as one mesh, finest where `cameras` (P, 3) see it."""
    terrain = land.state
    assert isinstance(terrain, Terrain)
    told = (terrain.reach, terrain.vertices, terrain.finest, terrain.far, terrain.materials)
    return kept("ground", (land.origin, cameras, name, *told), lambda: _ground_thing(terrain, cameras, name))


def _ground_thing(terrain: Terrain, cameras: np.ndarray, name: str) -> Thing:
    sampling = sampling_for(
        cameras, terrain.height, reach=terrain.reach, vertices=terrain.vertices, finest=terrain.finest, far=terrain.far
    )
    patch = patch_of(terrain.height, sampling)
    cover = terrain.cover(patch)
    mesh = patch.mesh(colours=cover.colours, mask=cover.mask, material=cover.material)
    still = Still(Pose(transforms=np.eye(4, dtype=np.float32)[None]))
    return Thing(name=name, mesh=mesh, materials=terrain.materials, motion=still, ground=True)


def landscape(
    land: Land,
    *,
    clear: Sequence[Corridor],
    cameras: np.ndarray,
    extra: Sequence[Thing | Standing] = (),
) -> Furnishing:
    """The ground, everything that grows, and `extra` things, for cameras (P, 3)."""
    terrain = land.state
    assert isinstance(terrain, Terrain)
    cameras = np.asarray(cameras, float).reshape(-1, 3)
    things = [ground_thing(land, cameras), *extra]
    for number, growing in enumerate(terrain.growing):
        things += grow(
            growing, land, terrain.height, terrain.free, clear=clear, cameras=cameras, seed=land.seed * 131 + number
        )
    return Furnishing(things=tuple(things))


def mottled(patch: Patch, n: Noise, *, strength: float = 0.12, hue: float = 0.05) -> np.ndarray:
    """(R, S, 3) multipliers about 1 that vary over 40 m and over 3 m, in value and a little in hue."""
    res = spacing_at(patch.x, patch.z) * 0.6
    wide = n.fbm(patch.x + 300, patch.z, wavelength=47, octaves=3, resolution=res)
    fine = n.fbm(patch.x, patch.z - 200, wavelength=3.7, octaves=3, resolution=res)
    value = 1 + strength * (1.1 * wide + 0.8 * fine)
    shift = hue * (wide - 0.6 * fine)
    return np.stack([value * (1 + shift), value, value * (1 - shift)], -1)


def snow_mask(
    patch: Patch, n: Noise, *, amount: float | np.ndarray, line: float = -1e9, soft: float = 40.0
) -> np.ndarray:
    """(R, S) 0..1 weight of snow: on flats and in hollows, above a wavering `line` [m]; `amount` 0..1 of what could lie."""
    res = spacing_at(patch.x, patch.z) * 0.6
    waver = n.fbm(patch.x, patch.z, wavelength=28, octaves=4, resolution=res)
    broad = n.fbm(patch.x - 900, patch.z, wavelength=420, octaves=3, resolution=res)
    steep = 0.28 + 0.62 * amount
    fine = n.fbm(patch.x + 44, patch.z, wavelength=4.5, octaves=4, resolution=res)
    gullies = 0.4 * n.fbm(patch.x, patch.z - 60, wavelength=170, octaves=4, resolution=res)
    gullies = gullies * smoothstep(60.0, 400.0, patch.distance)
    lean = patch.slope - 0.35 * patch.hollow + 0.3 * waver + 0.28 * fine + gullies
    lies = np.clip((steep + 0.3 - lean) / 0.6, 0.0, 1.0)
    return lies * smoothstep(line - soft, line + soft, patch.y + 0.9 * soft * (waver + broad))
