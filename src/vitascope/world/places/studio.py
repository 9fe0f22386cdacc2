"""Places made for looking: a seamless paper sweep in a colour, and a stage with a curtain and lamps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe, colour_linear
from vitascope.world.land import Corridor, Furnishing, Land, Spot
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh
from vitascope.world.places.fittings import made, part
from vitascope.world.shape import box, cylinder
from vitascope.world.stage import PointLight, Thing
from vitascope.world.track import Ground

__all__ = ["furnish", "lay"]


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A level floor; the sweep begins 6 m behind the mark."""
    ground = Ground(height=lambda x, z: np.zeros(np.shape(x), np.float32), surface=lambda x, z: recipe.surface)
    spots = {"centre": Spot(position=(0.0, 0.0, 0.0), half=(3.0, 2.0))}
    reverb = 0.25 if recipe.parameters.get("form") == "stage" else 0.1
    return Land(
        recipe=recipe,
        set=set,
        seed=seed,
        ground=ground,
        spots=spots,
        reverb=reverb,
        light_from=-40.0,
        state=recipe.parameters,
    )


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """The sweep, or boards and curtain with their lamps."""
    if land.recipe.parameters.get("form") == "stage":
        return _theatre(land)
    reach = max(9.0, 0.75 * float(np.linalg.norm(np.asarray(cameras).reshape(-1, 3), axis=1).max()))
    colour = (0.62, 0.64, 0.67) if land.set.backdrop is None else colour_linear(land.set.backdrop)
    paper = Material(base=tuple(min(0.9, c) for c in colour), surface="plain", roughness=0.9, detail=0.2)  # type: ignore[arg-type]
    return Furnishing(things=(made("backdrop", [_sweep(reach)], [paper], ground=True, double_sided=True),))


def _sweep(reach: float) -> Mesh:
    """Floor, a bend of 4 m and a wall, wide enough to fill any lens from a camera within `reach`."""
    back, bend = -0.8 * reach - 2.0, 4.0
    angle = np.linspace(0, np.pi / 2, 13)
    floor = np.linspace(2.5 * reach, back, 14)
    z = np.concatenate([floor, back - bend * np.sin(angle[1:]), [back - bend] * 2])
    y = np.concatenate([np.zeros(14), bend * (1 - np.cos(angle[1:])), [bend + 6.0, bend + 3.0 * reach]])
    x = np.linspace(-4.5 * reach, 4.5 * reach, 15)
    points = np.stack([np.tile(x, (len(z), 1)), np.tile(y[:, None], (1, 15)), np.tile(z[:, None], (1, 15))], -1)
    index = np.arange(points.shape[0] * 15).reshape(-1, 15)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel()
    return Mesh.of(points.reshape(-1, 3), np.concatenate([np.stack([a, b, d], -1), np.stack([a, d, c], -1)]))


def _theatre(land: Land) -> Furnishing:
    """Boards, a heavy red curtain in folds, side legs, footlights and spots from above."""
    parts = [
        part(box((18.0, 0.5, 11.0), centre=(0, -0.25, -0.5)), 0),
        part(box((18.0, 0.12, 0.3), centre=(0, 0.0, 5.0), bevel=0.03), 2),
        part(box((60.0, 0.2, 40.0), centre=(0, -1.4, 20.0)), 2),
    ]
    parts += [_curtain(-9.5, 9.5, -5.2, 0.32, 9.0), _curtain(-11.5, -7.0, -1.5, 0.3, 9.0), _curtain(7.0, 11.5, -1.5, 0.3, 9.0),
              _curtain(-11.5, -8.0, 2.2, 0.3, 9.0), _curtain(8.0, 11.5, 2.2, 0.3, 9.0)]  # fmt: skip
    velvet = colour_linear(land.set.backdrop) if land.set.backdrop else (0.26, 0.012, 0.02)
    boards = Material(base=(0.20, 0.115, 0.06), surface="planks", roughness=0.45)
    drape = Material(base=velvet, surface="cloth", roughness=0.95)
    dark = Material(base=(0.02, 0.02, 0.022), surface="plain", roughness=0.9)
    lamps = np.array([(-4.5, 6.4, 3.0), (0.0, 6.7, 3.4), (4.5, 6.4, 3.0)])
    cans = [part(cylinder(0.16, 0.4, segments=12), 2, at=tuple(p)) for p in lamps]
    parts += [*cans, part(box((14, 0.08, 0.08), centre=(0, 6.9, 3.2)), 2)]
    spots = []
    for x, y, z in lamps:
        aim = np.array([0.25 * x, 0.0, -0.5]) - (x, y, z)
        aim /= np.linalg.norm(aim)
        spots.append(
            PointLight(
                position=(x, y, z),
                colour=(17.0, 15.0, 12.0),
                reach=16.0,
                direction=(float(aim[0]), float(aim[1]), float(aim[2])),
                cone=0.36,
                beam=0.1,
            )
        )
    fill = PointLight(position=(0.0, 5.0, 8.0), colour=(6.0, 5.6, 5.1), reach=20.0)
    things: tuple[Thing, ...] = (made("stage", parts, [boards, drape, dark], ground=False),)
    return Furnishing(things=things, lights=lambda t, night: (*spots, fill))


def _curtain(x0: float, x1: float, z: float, fold: float, tall: float) -> Mesh:
    count = int((x1 - x0) / 0.11)
    x = np.linspace(x0, x1, count)
    wave = fold * (np.sin(x * 5.3) + 0.35 * np.sin(x * 12.1 + 1.0))
    y = np.array([-0.02, 0.5 * tall, tall])
    spread = np.array([1.0, 0.85, 0.6])
    points = np.stack([np.tile(x, (3, 1)), np.tile(y[:, None], (1, count)), z + spread[:, None] * wave], -1)
    index = np.arange(3 * count).reshape(3, count)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel()
    hollow = np.tile(np.clip(0.62 + 0.5 * wave / (1.35 * fold), 0.3, 1.0), 3)
    mesh = Mesh.of(
        points.reshape(-1, 3), np.concatenate([np.stack([a, b, d], -1), np.stack([a, d, c], -1)]), occlusion=hollow
    )
    return part(mesh, 1)
