"""A rocky coast: a headland with cliffs, the sea on three sides, stacks and skerries, more capes in the haze."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land, Spot
from vitascope.world.material import Material, rgb
from vitascope.world.noise import Noise, noise, smoothstep
from vitascope.world.places.cover import season_tint
from vitascope.world.places.fittings import fittings
from vitascope.world.places.growth import growing_of
from vitascope.world.places.landscape import Cover, Terrain, has, landscape, mottled, open_land, placed, spacing_at
from vitascope.world.stage import Water
from vitascope.world.terrain import Patch

__all__ = ["cliff_cover", "cliff_materials", "furnish", "lay", "sea"]


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A headland. Parameters: drop (height [m] of the cliffs over the sea), rock, grass."""
    p = recipe.parameters
    n = noise(seed)
    level = -float(p.get("drop", 13.0))
    height = placed(lambda x, z: _headland(n, x, z, -level))
    terrain = Terrain(
        height=height, noise=n, cover=lambda patch: cliff_cover(patch, n, set, level), materials=cliff_materials(p, set),
        reach=4200.0, vertices=24000, free=lambda x, z: _flat(height, x, z), growing=growing_of(recipe, set),
    )  # fmt: skip
    spots = {
        "headland": Spot(position=(0.0, 0.0, 0.0), half=(6.0, 5.0)),
        "water": Spot(position=(-60.0, level, 30.0), half=(20.0, 15.0)),
    }
    return open_land(recipe, set, seed, terrain, water=sea(p, set, level), spots=spots)


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Rock, grass and stones."""
    things = fittings(land, clear, land.recipe.parameters.get("fittings", ()))
    return landscape(land, clear=clear, cameras=cameras, extra=things)


def sea(p, set: Set, level: float) -> Water:
    """An open sea that breaks on rock."""
    rough = has(set, "stormy", "rough", "wild", "crashing") or set.weather.lightning > 0.2
    return Water(
        level=level,
        wave_height=float(p.get("waves", 1.1)) * (0.6 + 1.3 * set.weather.wind) * (1.8 if rough else 1.0),
        wave_length=float(p.get("wave_length", 22.0)) * (1.6 if rough else 1.0),
        wave_direction=(0.9, -0.35),
        clarity=float(p.get("clarity", 3.5)),
        foam=1.2 if rough else 0.8,
        deep=(0.006, 0.036, 0.058),
        shallow=(0.045, 0.19, 0.19),
        extent=5000.0,
    )


def cliff_materials(p, set: Set) -> tuple[Material, Material]:
    """Bare rock under turf (or snow, when that was asked for), and the same where the turf is closed."""
    rock = rgb(p.get("rock", (0.16, 0.14, 0.12)))
    snowy = has(set, "snow")
    r, g, b = (float(c) for c in np.array(p.get("grass", (0.085, 0.11, 0.035))) * season_tint(set))
    top = (0.82, 0.86, 0.92) if snowy else (r, g, b)
    bare = Material(base=rock, surface="rock", roughness=0.9, pattern="layer", pattern_colour=top, pattern_scale=0.5)
    return bare, replace(bare, surface="snow" if snowy else "grass")


def cliff_cover(patch: Patch, n: Noise, set: Set, level: float, *, track: np.ndarray | None = None) -> Cover:
    """Turf on the flats, bedded rock on the faces, a dark wet band above the sea and pale lichen over that."""
    res = spacing_at(patch.x, patch.z) * 0.6
    waver = n.fbm(patch.x, patch.z, wavelength=13, octaves=4, resolution=res)
    over = patch.y - level
    beds = n.fbm(patch.y + 0.15 * patch.x, 0.03 * patch.z, wavelength=3.1, octaves=3, resolution=res)
    face = smoothstep(0.5, 0.9, patch.slope)
    colours = mottled(patch, n, strength=0.12, hue=0.04) * (1 + 0.22 * beds * face)[..., None]
    colours = colours * (1 - 0.2 * np.clip(patch.hollow, 0, 1))[..., None]
    wet = smoothstep(2.4, 0.6, over + 0.8 * waver)
    colours = colours * (1 - 0.55 * wet)[..., None]
    rough = 0.6 + 1.2 * max(set.weather.lightning, set.weather.wind)
    lace = n.fbm(patch.x, patch.z, wavelength=4.0, octaves=3, resolution=res)
    surf = smoothstep(0.9 * rough, 0.1, over + 0.9 * lace) * smoothstep(-1.6, -0.3, over)
    colours = colours * (1 - surf[..., None]) + np.array([3.6, 3.8, 4.0]) * surf[..., None]
    turf = smoothstep(0.85, 0.45, patch.slope + 0.3 * waver) * smoothstep(3.0, 5.5, over + 1.5 * waver)
    if track is not None:
        turf = turf * (1 - track)
    return Cover(colours=colours, mask=turf, material=(turf > 0.6).astype(np.uint8))


def _headland(n: Noise, x: np.ndarray, z: np.ndarray, drop: float) -> np.ndarray:
    """Land over the sea: a tongue of rock at the mark that joins a coast receding to the right and far back."""
    res = spacing_at(x, z)
    r = np.hypot(x, z)
    wobble = n.fbm(x, z, wavelength=34, octaves=5, resolution=res)
    tongue = np.hypot((x - 4.0) / 1.5, z / 0.9) - 12.0
    neck = np.abs(z + 0.25 * (x - 10) + 6 * n.at(x / 50.0, np.full_like(x, 0.2))) - 10.0 - 0.2 * np.maximum(x - 20, 0)
    neck = np.where(x > 5, neck, 60.0)
    shore = -60.0 - 0.55 * x + 60.0 * n.fbm(x, z, wavelength=330, octaves=5, resolution=res)
    main = (shore - (x - 150.0) * 1.0) * 0.6 + 0.3 * z * np.where(z > 0, 1.0, -0.45)
    out = np.minimum(np.minimum(tongue, neck), main) + 5.0 * wobble * smoothstep(3, 20, r)
    far = np.hypot((x + 1150.0) / 620.0, (z + 1750.0) / 360.0) + 0.2 * n.fbm(
        x, z, wavelength=420, octaves=4, resolution=res
    )
    steps = 0.5 + 0.5 * n.fbm(x + 30, z, wavelength=9, octaves=4, resolution=res)
    rim = smoothstep(7.0 + 5.0 * steps, -1.5, out)
    inland = (16.0 * smoothstep(-10, -260, out) + 75.0 * smoothstep(-150, -900, out)) * (
        0.7 + 0.9 * n.fbm(x, z, wavelength=190, octaves=4, resolution=res)
    )
    top = drop + inland + 0.5 * n.fbm(x, z, wavelength=11, octaves=4, resolution=res) * smoothstep(1.5, 12, r)
    bed = -2.2 - 0.05 * np.minimum(np.maximum(out, 0), 300)
    skerries = (
        5.5
        * (n.fbm(x - 50, z + 20, wavelength=19, octaves=4, shape="ridged", resolution=res) - 0.78)
        * smoothstep(60, 8, out)
    )
    cape = 120.0 * smoothstep(1.0, 0.4, far) * (0.7 + 0.5 * n.fbm(x, z, wavelength=260, octaves=4, resolution=res))
    ledge = bed + (top - bed) * rim
    bumps = (
        0.9
        * n.fbm(x, z + 9, wavelength=4.5, octaves=4, resolution=res)
        * smoothstep(0.1, 0.5, rim)
        * smoothstep(1.0, 0.75, rim)
    )
    rounded = -0.012 * np.minimum(r, 14.0) ** 2 * smoothstep(0.5, 1.0, rim)
    return np.maximum(ledge + bumps + rounded, np.maximum(bed + skerries, bed + cape))


def _flat(height, x: np.ndarray, z: np.ndarray) -> np.ndarray:
    here = height(x, z)
    slope = np.hypot(height(x + 0.7, z) - here, height(x, z + 0.7) - here) / 0.7
    return smoothstep(0.7, 0.4, slope)
