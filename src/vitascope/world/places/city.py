"""Towns: an avenue that runs into the distance, crossed by a street from left to right at the mark, between façades."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vitascope.film import Set
from vitascope.recipe import PlaceRecipe
from vitascope.world.land import Corridor, Furnishing, Land, Spot, Standing
from vitascope.world.material import Material, rgb
from vitascope.world.mesh import Mesh
from vitascope.world.places.facades import block, parked_car, sign, storefront
from vitascope.world.places.fittings import MATERIALS, fittings, made, part, repeated
from vitascope.world.places.growth import instanced, model_of, tinted
from vitascope.world.places.landscape import has
from vitascope.world.shape import box, cylinder
from vitascope.world.stage import PointLight, Thing
from vitascope.world.terrain import Stand, burning, clear_of
from vitascope.world.track import Ground
from vitascope.world.workshop import kept

__all__ = ["furnish", "lay"]

_KERB = 0.14


def lay(recipe: PlaceRecipe, set: Set, *, seed: int) -> Land:
    """A crossing. Parameters: avenue and street (half widths [m]), pavement (width), storeys (low, high), old."""
    p = recipe.parameters
    avenue, street = float(p.get("avenue", 6.2)), float(p.get("street", 4.4))

    def height(x: np.ndarray, z: np.ndarray) -> np.ndarray:
        gap = np.minimum(np.abs(np.asarray(x)) - avenue, np.abs(np.asarray(z)) - street)
        return (_KERB * np.clip(gap / 0.04 + 0.5, 0, 1)).astype(np.float32)

    def surface(x: float, z: float) -> str:
        return "asphalt"

    spots = {
        "road": Spot(position=(0.0, 0.0, 0.0), half=(60.0, street * 0.7)),
        "pavement": Spot(position=(-avenue - 1.6, _KERB, -street - 1.6), half=(1.4, 1.4)),
        "avenue": Spot(position=(0.0, 0.0, -20.0), half=(avenue * 0.7, 60.0), direction=0.0),
    }
    return Land(
        recipe=recipe,
        set=set,
        seed=seed,
        ground=Ground(height=height, surface=surface),
        spots=spots,
        reverb=0.32,
        state=p,
    )


def furnish(land: Land, *, clear: Sequence[Corridor], cameras: np.ndarray, night: float = 0.0) -> Furnishing:
    """Ground, buildings, shops and signs, lamps, cars at the kerb, trees and the small things of a street."""
    p = land.recipe.parameters
    ground = kept("streets", (land.origin,), lambda: (_ground(p), _marks(p), *_buildings(land)))
    shops, lamps = kept("shops", (land.origin, night), lambda: _shops(land, night))
    things: list[Thing | Standing] = [*ground, *shops, _lamp_posts(clear, p), *_cars(land, clear), *_trees(land, clear)]
    things += fittings(land, clear, p.get("fittings", ()))
    return Furnishing(things=tuple(things), lights=lambda t, night: burning(lamps, night))


def _ground(p) -> Thing:
    """Carriageways, kerbs and pavements as a few large slabs, cut fine enough for lamplight to fall on them."""
    avenue, street = float(p.get("avenue", 6.2)), float(p.get("street", 4.4))
    parts = [_slab(-400, 400, -700, 160, -0.02, 0)]
    for sx in (-1, 1):
        for sz in (-1, 1):
            x = (avenue, 260.0) if sx > 0 else (-260.0, -avenue)
            z = (street, 160.0) if sz > 0 else (-700.0, -street)
            parts.append(_slab(x[0], x[1], z[0], z[1], _KERB, 1))
            edge_x, edge_z = sx * avenue, sz * street
            far_x, far_z = sx * 260.0, 160.0 if sz > 0 else -700.0
            parts.append(
                part(
                    box(
                        (0.3, 0.2, abs(far_z - edge_z)),
                        centre=(edge_x + sx * 0.14, _KERB - 0.092, (edge_z + far_z) / 2),
                        bevel=0.02,
                    ),
                    2,
                )
            )
            parts.append(
                part(
                    box(
                        (abs(far_x - edge_x), 0.2, 0.3),
                        centre=((edge_x + far_x) / 2, _KERB - 0.092, edge_z + sz * 0.14),
                        bevel=0.02,
                    ),
                    2,
                )
            )
    paving = Material(base=(0.30, 0.29, 0.275), surface=str(p.get("paving", "tiles")), roughness=0.85, detail_scale=2.4)
    road = (
        MATERIALS["asphalt"]
        if not p.get("cobbles")
        else Material(base=(0.2, 0.185, 0.17), surface="gravel", roughness=0.85, detail_scale=3.0)
    )
    return made("street", parts, [road, paving, "concrete"], ground=True)


def _slab(x0: float, x1: float, z0: float, z1: float, y: float, material: int) -> Mesh:
    """A level sheet whose squares grow away from the mark."""
    spread = np.array(
        [-700, -400, -260, -160, -90, -50, -30, -20, -13, -8, -4, 0, 4, 8, 13, 20, 30, 50, 90, 160, 260, 400.0]
    )
    x = np.unique(np.clip(spread, x0, x1))
    z = np.unique(np.clip(spread, z0, z1))
    gx, gz = np.meshgrid(x, z)
    index = np.arange(gx.size).reshape(gx.shape)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel()
    faces = np.concatenate([np.stack([a, c, b], -1), np.stack([b, c, d], -1)])
    points = np.stack([gx, np.full(gx.shape, y), gz], -1).reshape(-1, 3)
    return Mesh.of(points, faces, normals=np.tile([0.0, 1.0, 0.0], (len(points), 1)), material=material)


def _marks(p) -> Thing:
    """Lane lines, stop lines and a zebra crossing on each arm of the avenue."""
    avenue, street = float(p.get("avenue", 6.2)), float(p.get("street", 4.4))
    parts = []

    def paint(x: float, z: float, wide: float, long: float, material: int = 0) -> None:
        parts.append(part(box((wide, 0.012, long), centre=(x, -0.012, z)), material))

    if p.get("cobbles"):
        return made("marks", [part(box((0.02, 0.01, 0.02), centre=(0, -0.05, 0)), 0)], ["paint"], ground=True)
    for arm in (-1, 1):
        z0 = arm * (street + 0.6)
        for x in np.arange(-avenue + 0.6, avenue - 0.3, 1.05):
            paint(x, z0 + arm * 1.6, 0.5, 2.8)
        paint(-arm * avenue / 2, z0 + arm * 4.0, avenue - 0.5, 0.35)
        for z in np.arange(6.0, 300.0 if arm < 0 else 60.0, 8.0):
            for x in (-avenue / 2, avenue / 2):
                paint(x, z0 + arm * z, 0.12, 3.0)
        paint(0.0, z0 + arm * (5 + (150 if arm < 0 else 30)), 0.12, 300.0 if arm < 0 else 60.0, 1)
        for x in np.arange(avenue + 5.0, 150.0, 8.0):
            paint(arm * x, 0.0, 3.0, 0.12, 1)
    return made("marks", parts, ["paint", "yellow"], ground=True)


def _plots(land: Land, rng: np.random.Generator) -> list[tuple[float, float, float, float, int, float]]:
    """Building plots: x, z of the middle, width along x, depth along z, storeys, and the angle its front faces."""
    p = land.recipe.parameters
    avenue, street, walk = float(p.get("avenue", 6.2)), float(p.get("street", 4.4)), float(p.get("pavement", 3.6))
    low, high = p.get("storeys", (4, 11))
    plots = []
    for side in (-1, 1):
        z = -(street + walk)
        while z > -560:
            long = float(rng.uniform(9, 19)) * (1 if z > -150 else 2)
            deep = float(rng.uniform(11, 17))
            storeys = int(rng.integers(low, high + 1)) + (int(rng.integers(0, 2 * high)) if z < -90 and high > 6 else 0)
            plots.append((side * (avenue + walk + deep / 2), z - long / 2, deep, long, storeys, -90.0 * side))
            z -= long + (0.0 if rng.random() < 0.86 else 3.0)
        x = avenue + walk + 15.0
        while x < 110:
            wide = float(rng.uniform(9, 17))
            deep = 13.0
            plots.append(
                (side * (x + wide / 2), -(street + walk + deep / 2), wide, deep, int(rng.integers(low, high + 1)), 0.0)
            )
            x += wide
        z = street + walk
        while z < 90:
            long = float(rng.uniform(9, 17))
            plots.append(
                (side * (avenue + walk + 7), z + long / 2, 14.0, long, int(rng.integers(low, high + 1)), -90.0 * side)
            )
            z += long
    return plots


def _buildings(land: Land) -> list[Thing]:
    rng = np.random.default_rng([land.seed, 71])
    palette = land.recipe.parameters.get(
        "walls", ((0.34, 0.2, 0.14), (0.42, 0.37, 0.3), (0.26, 0.26, 0.27), (0.5, 0.44, 0.36), (0.22, 0.13, 0.1))
    )
    groups: dict[int, list[Mesh]] = {}
    for x, z, wide, deep, storeys, _ in _plots(land, rng):
        near = abs(x) < 40 and -70 < z < 30
        groups.setdefault(int(rng.integers(len(palette))), []).append(
            block(
                (wide, storeys * 3.2 + 1.2, deep),
                at=(x, z),
                detailed=near,
                old=bool(land.recipe.parameters.get("old")),
                rng=rng,
            )
        )
    things = []
    for number, meshes in groups.items():
        wall = Material(base=rgb(palette[number]), surface="facade", roughness=0.85, emission=0.0)
        things.append(made("buildings", meshes, [wall, "concrete", "slate"]))
    return things


def _shops(land: Land, night: float) -> tuple[list[Thing], list[PointLight]]:
    """Shop fronts with lit windows, awnings and plain coloured signs on the nearest façades."""
    rng = np.random.default_rng([land.seed, 72])
    things, lamps = [], []
    colours = (
        (0.9, 0.12, 0.18),
        (0.08, 0.5, 0.95),
        (0.95, 0.5, 0.06),
        (0.1, 0.8, 0.42),
        (0.85, 0.14, 0.72),
        (0.95, 0.8, 0.3),
    )
    neon = 0.25 + 2.6 * night
    glow = MATERIALS["glass"]
    if night > 0.2:
        glow = Material(base=(1.0, 0.78, 0.5), surface="emissive", emission=0.42 * night, pattern="plaid",
                        pattern_colour=(0.42, 0.24, 0.12), pattern_scale=0.8, pattern_amount=0.8)  # fmt: skip
    fronts: list[Mesh] = []
    for x, z, wide, deep, _, facing in _plots(land, np.random.default_rng([land.seed, 71])):
        if abs(x) > 46 or not -74 < z < 34 or rng.random() > float(land.recipe.parameters.get("shops", 1.0)):
            continue
        long = wide if facing == 0 else deep
        out = (0.0, deep / 2) if facing == 0 else (-np.sign(x) * wide / 2, 0.0)
        turn = 0.0 if facing == 0 else -90.0 * np.sign(x)
        fronts += [
            part(m, int(m.material[0]), at=(x + out[0], 0, z + out[1]), turn=turn) for m in storefront(long, rng)
        ]
        if land.recipe.parameters.get("signs", True) and rng.random() < 0.75:
            colour = colours[int(rng.integers(len(colours)))]
            plate = Material(base=colour, surface="emissive", emission=neon)
            mesh = sign(rng, long, upright=bool(rng.random() < 0.5))
            here = part(mesh, 0, at=(x + out[0], 0, z + out[1]), turn=turn)
            things.append(made("sign", [here], [plate], casts_shadow=False))
            if abs(z) < 30:
                px, py, pz = (float(v) for v in here.positions.mean(0) - np.array([0.5 * np.sign(x), 0.3, 0]))
                red, green, blue = (2.2 * c for c in colour)
                lamps.append(PointLight(position=(px, py, pz), colour=(red, green, blue), reach=9.0))
    awning = Material(base=(0.38, 0.07, 0.06), surface="cloth", roughness=0.9)
    things.append(made("shop fronts", fronts, ["dark_metal", glow, awning, "concrete"]))
    return things, lamps[:8]


def _lamp_posts(clear: Sequence[Corridor], p) -> Standing:
    """Posts along the avenue; the first eight light it."""
    avenue, street = float(p.get("avenue", 6.2)), float(p.get("street", 4.4))
    z = np.concatenate([-street - 3.0 - np.arange(0, 150, 19.0), [street + 4.0]])
    spots = np.array([(side * (avenue + 0.55), v) for v in z for side in (-1, 1)])
    spots = spots[clear_of(spots, clear, radius=0.2, height=5.0)]
    mesh = [
        part(cylinder(0.075, 5.4, segments=8), 0),
        part(cylinder(0.14, 0.6, segments=8, bevel=0.03), 0),
        part(box((1.5, 0.07, 0.07), centre=(0.7, 5.36, 0)), 0),
        part(box((0.55, 0.07, 0.2), centre=(1.3, 5.3, 0), bevel=0.02), 1),
    ]
    turns = np.where(spots[:, 0] > 0, 180.0, 0.0)
    at = repeated(np.column_stack([spots[:, 0], np.full(len(spots), _KERB), spots[:, 1]]), turns)
    lamps = [
        (k, PointLight(position=(float(x - np.sign(x) * 1.3), 5.2, float(v)), colour=(6.0, 4.3, 2.4), reach=17.0))
        for k, (x, v) in enumerate(spots)
        if v > -70
    ]
    posts = made("lamp posts", mesh, ["dark_metal", "lamp"], at)
    return Standing(thing=posts, radius=0.2, height=5.0, lamps=tuple(lamps[:8]))


def _cars(land: Land, clear: Sequence[Corridor]) -> list[Standing]:
    p, rng = land.recipe.parameters, np.random.default_rng([land.seed, 73])
    if p.get("cars", True) is False:
        return []
    avenue, street = float(p.get("avenue", 6.2)), float(p.get("street", 4.4))
    spots = []
    for side in (-1, 1):
        z = -street - 7.5
        while z > -120:
            if rng.random() < 0.7:
                spots.append((side * (avenue - 1.15), z, 0.0 if side < 0 else 180.0))
            z -= 6.2
    points = np.array(spots)
    keep = clear_of(points[:, :2], clear, radius=2.0, height=1.5)
    points = points[keep]
    paints = (
        (0.35, 0.02, 0.02),
        (0.02, 0.05, 0.16),
        (0.5, 0.5, 0.5),
        (0.03, 0.03, 0.035),
        (0.62, 0.6, 0.56),
        (0.08, 0.13, 0.1),
    )
    tints = np.array([paints[int(k)] for k in rng.integers(0, len(paints), len(points))])
    if not len(points):
        return []
    body, rest = parked_car()
    at = repeated(np.column_stack([points[:, 0], np.full(len(points), -0.02), points[:, 1]]), points[:, 2])
    paint = Material(base=(1.0, 1.0, 1.0), surface="car_paint", roughness=0.3, clearcoat=0.8)
    parts = [
        made("parked cars", body, [paint], at, tints=tints.astype(np.float32)),
        made(
            "parked cars' wheels and glass",
            rest,
            [
                "glass",
                Material(base=(0.02, 0.02, 0.022), surface="rubber", roughness=0.9),
                Material(base=(0.5, 0.02, 0.02), surface="emissive", emission=0.15),
                "metal",
            ],
            at,
        ),
    ]
    return [Standing(thing=part_of_all, radius=2.0, height=1.5) for part_of_all in parts]


def _trees(land: Land, clear: Sequence[Corridor]) -> list[Standing]:
    p, rng = land.recipe.parameters, np.random.default_rng([land.seed, 74])
    avenue, street = float(p.get("avenue", 6.2)), float(p.get("street", 4.4))
    if not p.get("trees", True):
        return []
    spots = np.array([(side * (avenue + 1.0), -street - 12.5 - k * 19.0) for k in range(8) for side in (-1, 1)])
    spots = spots[clear_of(spots, clear, radius=0.6, height=6.0)]
    things = []
    snowy = has(land.set, "snow")
    for detail, members in (("near", spots[:2]), ("mid", spots[2:])):
        if len(members):
            count = len(members)
            stand = Stand(
                points=np.column_stack([members[:, 0], np.full(count, _KERB), members[:, 1]]), turns=rng.uniform(0, 6.28, count),
                sizes=rng.uniform(0.62, 0.78, count), ups=np.tile([0.0, 1.0, 0.0], (count, 1)),
            )  # fmt: skip
            model = model_of("maple", seed=5, detail=detail, season=land.set.season, snowy=snowy)  # type: ignore[arg-type]
            trees = instanced("street trees", model, stand, tinted(rng, count, 0.1))
            things.append(Standing(thing=trees, radius=0.6, height=6.0))
    return things
