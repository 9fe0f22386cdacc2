"""Tresses: locks of hair that grow from a skin and move with it: manes, ruffs, feathered legs and bushy tails.

A recipe's parameter `tresses` is a list of growths. Each picks places of the skin by an ellipsoid (`space`, `at`, `radii`),
by the material (`from`) and the bones below (`bones`, prefixes) and by where the skin faces (`facing`: x, y, z, least cosine),
and lets `count` locks of `length` and `width` (in withers heights) grow along `flow`, lifted off the skin by `lift` and drawn
down by `droop`; `skin` says whether they root in the head's skin or the body's, where it is not that of their `space`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.recipe import colour_linear
from vitascope.world.animals.anatomy import Anatomy
from vitascope.world.animals.coat import Coat
from vitascope.world.mesh import Mesh, joined

__all__ = ["tressed"]

_RINGS = 4
_SIDES = 4
_PROFILE = np.array([0.8, 1.0, 0.72, 0.05])
"""Width of a lock from root to tip."""
_SPARSE = 0.15
"""Share of the locks that a body seen from afar keeps; they are wider in turn."""


def tressed(
    skin: Mesh, anatomy: Anatomy, coat: Coat, specs: Sequence[Mapping[str, Any]], *, fine: bool, own: bool
) -> Mesh:
    """The skin with all growths of `specs`; `own` lets them have colours of their own (False in an asked-for colour)."""
    grown = [_growth(skin, anatomy, coat, spec, seed, fine, own) for seed, spec in enumerate(specs)]
    return joined([skin, *(mesh for mesh in grown if mesh is not None)])


def _growth(
    skin: Mesh, anatomy: Anatomy, coat: Coat, spec: Mapping[str, Any], seed: int, fine: bool, own: bool
) -> Mesh | None:
    roots = _roots(skin, anatomy, coat, spec, seed, round(spec["count"] * (1.0 if fine else _SPARSE)))
    if not len(roots):
        return None
    rng = np.random.default_rng(100 + seed)
    u, n = anatomy.unit, len(roots)
    normals = skin.normals[roots].astype(float)
    points = skin.positions[roots].astype(float)
    length = spec["length"] * u * rng.uniform(0.78, 1.18, n)
    width = spec["width"] * u * rng.uniform(0.8, 1.2, n) * (1.0 if fine else 2.3)
    paths = _paths(points, normals, _flow(skin, anatomy, roots, spec, rng), length, width, spec)
    positions, facing = _swept(paths, normals, width, float(spec.get("flat", 0.45)))
    colours = skin.colours[roots].astype(float)
    if own or spec.get("keep", False):
        colours = np.tile(colour_linear(spec["colour"]), (n, 1)) if "colour" in spec else colours
    tips = np.array(colour_linear(spec["tip"])) if "tip" in spec and own else None
    return _mesh(skin, roots, positions, facing, _shaded(colours, tips, rng), coat, spec)


def _roots(skin: Mesh, anatomy: Anatomy, coat: Coat, spec: Mapping[str, Any], seed: int, count: int) -> np.ndarray:
    """Vertices (L,) that carry a lock, spread as evenly as they allow."""
    assert skin.joints is not None
    p = skin.positions.astype(float)
    taken = np.ones(len(p), bool)
    if "at" in spec:
        q = p / anatomy.unit
        at = np.asarray(spec["at"], float)
        if spec.get("space", "body") == "head":
            q = (p - anatomy.joints["head"]) @ anatomy.head_axes / anatomy.head_unit
        q = q * np.where(at[0] > 0, np.sign(q[:, :1] + 1e-9), 1.0) ** np.array([1, 0, 0])
        taken &= np.linalg.norm((q - at) / np.asarray(spec["radii"], float), axis=1) < 1.0
    if "from" in spec:
        taken &= skin.material == coat.number(spec["from"])
    if "bones" in spec:
        fits = np.array([bone.name.startswith(tuple(spec["bones"])) for bone in anatomy.bones])
        taken &= fits[skin.joints[:, 0]]
    if "facing" in spec:
        *way, least = spec["facing"]
        taken &= skin.normals @ (np.asarray(way, float) / np.linalg.norm(way)) > least
    found = np.flatnonzero(taken)
    if not len(found) or count < 1:
        return found[:0]
    found = np.random.default_rng(seed).permutation(found)[:2500]
    chosen = [0]
    gap = np.linalg.norm(p[found] - p[found[0]], axis=1)
    while len(chosen) < min(count, len(found)):
        best = int(np.argmax(gap))
        chosen.append(best)
        gap = np.minimum(gap, np.linalg.norm(p[found] - p[found[best]], axis=1))
    return found[chosen]


def _flow(
    skin: Mesh, anatomy: Anatomy, roots: np.ndarray, spec: Mapping[str, Any], rng: np.random.Generator
) -> np.ndarray:
    """(L, 3) directions in which the locks set off along the skin."""
    assert skin.joints is not None
    if spec["flow"] == "along":
        bones = list(anatomy.bones)
        heads = np.array([bone.head for bone in bones], float)
        ways = np.zeros_like(heads)
        for i, bone in enumerate(bones):
            after = next((heads[k] for k, other in enumerate(bones) if other.parent == bone.name), anatomy.tips["tail"])
            ways[i] = after - heads[i]
        flow = ways[skin.joints[roots, 0]]
    else:
        flow = np.tile(np.asarray(spec["flow"], float), (len(roots), 1))
        sides = np.sign(skin.positions[roots, 0] + 1e-9)
        flow[:, 0] *= 1.0 if spec.get("parted", True) is False else sides
        if spec.get("space", "body") == "head":
            flow = flow @ anatomy.head_axes.T
    if spec.get("outward", 0.0) > 0:
        centre = anatomy.head_point(spec["centre"])
        flow = flow + spec["outward"] * _unit(skin.positions[roots] - centre)
    flow = _unit(flow)
    return _unit(flow + rng.normal(0.0, float(spec.get("jitter", 0.16)), flow.shape))


def _unit(v: np.ndarray) -> np.ndarray:
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def _paths(
    points: np.ndarray,
    normals: np.ndarray,
    flow: np.ndarray,
    length: np.ndarray,
    width: np.ndarray,
    spec: Mapping[str, Any],
) -> np.ndarray:
    """(L, R, 3) middles of the locks, from just under the skin outwards."""
    lift, droop = float(spec.get("lift", 0.25)), float(spec.get("droop", 0.5))
    along = _unit(flow - (flow * normals).sum(1, keepdims=True) * normals)
    here = points - 0.3 * width[:, None] * normals
    way = _unit(along + (lift + 0.25) * normals)
    paths = [here]
    for k in range(1, _RINGS):
        here = here + way * (length / (_RINGS - 1))[:, None]
        paths.append(here)
        curl = 0.35 * (lift - 0.25) * normals if k > 1 else 0.0
        way = _unit(way + droop * np.array([0.0, -0.5, 0.0]) * (0.25 + 0.75 * k / _RINGS) - curl + 0.15 * along)
    return np.stack(paths, axis=1)


def _swept(paths: np.ndarray, normals: np.ndarray, width: np.ndarray, flat: float) -> tuple[np.ndarray, np.ndarray]:
    """Positions and normals (L, R, S, 3) of flattened tubes; the normals lean towards the skin's, so hair shades as a coat."""
    tangents = _unit(np.gradient(paths, axis=1))
    across = _unit(np.cross(tangents, normals[:, None]))
    out = np.cross(across, tangents)
    turns = np.linspace(0, 2 * np.pi, _SIDES, endpoint=False) + np.pi / 2
    half = 0.5 * width[:, None] * _PROFILE
    side, up = np.cos(turns)[:, None], np.sin(turns)[:, None]
    ring = across[:, :, None] * side + flat * out[:, :, None] * up
    positions = paths[:, :, None] + half[:, :, None, None] * ring
    leaning = _unit(0.55 * normals[:, None, None] + across[:, :, None] * side * 0.55 + out[:, :, None] * up * 0.6)
    return positions, leaning


def _shaded(colours: np.ndarray, tips: np.ndarray | None, rng: np.random.Generator) -> np.ndarray:
    """(L, R, 3): darker at the root, lighter (or `tips`) at the end, each lock a little different."""
    share = np.linspace(0.0, 1.0, _RINGS)[None, :, None]
    own = rng.uniform(0.84, 1.16, (len(colours), 1, 1))
    start = colours[:, None] * (0.8 + 0.3 * share)
    if tips is not None:
        start = start * (1 - share) + tips * share
    return np.clip(start * own, 0.0, 1.0)


def _mesh(
    skin: Mesh, roots: np.ndarray, positions: np.ndarray, facing: np.ndarray, colours: np.ndarray, coat: Coat,
    spec: Mapping[str, Any],
) -> Mesh:  # fmt: skip
    assert skin.joints is not None
    assert skin.weights is not None
    count = len(roots)
    each = _RINGS * _SIDES
    r, s = np.meshgrid(np.arange(_RINGS - 1), np.arange(_SIDES), indexing="ij")
    a, b = r * _SIDES + s, r * _SIDES + (s + 1) % _SIDES
    quads = np.stack([np.stack([a, a + _SIDES, b], -1), np.stack([b, a + _SIDES, b + _SIDES], -1)], -2).reshape(-1, 3)
    indices = (quads[None] + (np.arange(count) * each)[:, None, None]).reshape(-1, 3)
    material = np.repeat(skin.material[roots], each)
    if "material" in spec:
        material = coat.number(spec["material"])
    mesh = Mesh.of(
        positions.reshape(-1, 3), indices, normals=facing.reshape(-1, 3), material=material,
        colours=np.repeat(colours[:, :, None], _SIDES, 2).reshape(-1, 3),
        mask=0.0 if "colour" in spec else np.repeat(skin.mask[roots], each),
        occlusion=np.tile(np.repeat(np.linspace(0.62, 1.0, _RINGS), _SIDES), count),
        joints=np.repeat(skin.joints[roots], each, 0), weights=np.repeat(skin.weights[roots], each, 0),
    )  # fmt: skip
    inward = np.einsum("ij,ij->i", _facing(mesh), mesh.normals[mesh.indices[:, 0]].astype(float)).mean() < 0
    return replace(mesh, indices=np.ascontiguousarray(mesh.indices[:, ::-1])) if inward else mesh


def _facing(mesh: Mesh) -> np.ndarray:
    a, b, c = (mesh.positions[mesh.indices[:, k]].astype(float) for k in range(3))
    return _unit(np.cross(b - a, c - a))
