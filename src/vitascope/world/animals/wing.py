"""Wings, tails and folded wings of birds: thin sheets with a planform, coloured along span and chord, skinned along the arm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from vitascope.recipe import colour_linear
from vitascope.world.mesh import Mesh
from vitascope.world.shape import loft

__all__ = ["folded_wing", "tail_fan", "wing_sheet"]

_STATIONS = 22
_CHORD = 9


def wing_sheet(
    spec: Mapping[str, Any],
    root: np.ndarray,
    sign: float,
    unit: float,
    bones: Sequence[int],
    colours: Mapping[str, Any],
) -> Mesh:
    """One spread wing from `root` (3,) towards +x (sign 1) or -x, skinned to three `bones` (shoulder, elbow, wrist).

    `spec`: half (half span), chord, sweep (tip behind root), wrist (how far the wrist is ahead), tip "pointed", "round" or
    "fingered", all in units; `colours`: top, under, tip, edge as linear RGB and tip_share of the span.
    """
    s = np.linspace(0, 1, _STATIONS)
    chord = _chord(spec, s) * spec["chord"] * unit
    lead = (
        spec.get("wrist", 0.05) * np.sin(np.pi * np.clip(s / 0.9, 0, 1)) ** 1.2 - spec.get("sweep", 0.1) * s**2
    ) * unit
    lead = lead + 0.35 * spec["chord"] * unit
    c = np.linspace(0, 1, _CHORD)
    rings = []
    for k, share in enumerate(s):
        notch = _notch(spec, share, k)
        z = lead[k] - chord[k] * c * np.where(c > 0.45, notch, 1.0)
        thick = 0.055 * chord[k] * np.sqrt(np.clip(c, 0, 1)) * (1 - c) * 2.6 + 0.004 * unit
        camber = 0.10 * chord[k] * np.sin(np.pi * c) * (1 - 0.7 * share)
        x = np.full_like(z, share * spec["half"] * unit)
        top = np.stack([x, camber + thick, z], -1)
        low = np.stack([x, camber - thick * 0.6, z], -1)
        rings.append(np.concatenate([top, low[::-1]]))
    mesh = loft(np.array(rings)[::1], angle=75)
    mesh = _outward(mesh)
    span = mesh.positions[:, 0] / (spec["half"] * unit)
    behind = np.interp(span, s, lead) - mesh.positions[:, 2]
    back = np.clip(behind / np.maximum(np.interp(span, s, chord), 1e-6), 0, 1)
    shade = _colours(span, back, mesh.normals[:, 1] > 0, colours)
    joints, weights = _along(span, bones)
    positions = mesh.positions.copy()
    normals, indices = mesh.normals.copy(), mesh.indices
    if sign < 0:
        positions[:, 0] *= -1
        normals[:, 0] *= -1
        indices = np.ascontiguousarray(indices[:, ::-1])
    return replace(
        mesh, positions=(positions + root).astype(np.float32), normals=normals, indices=indices,
        colours=shade.astype(np.float32), joints=joints, weights=weights,
    )  # fmt: skip


def _chord(spec: Mapping[str, Any], s: np.ndarray) -> np.ndarray:
    kind = spec.get("tip", "pointed")
    if kind == "pointed":
        return (0.82 + 0.22 * np.sin(np.pi * np.clip(s * 1.5, 0, 1))) * (1 - s**2.6) ** 0.75 + 0.03
    if kind == "flipper":
        return (0.9 + 0.2 * np.sin(np.pi * s)) * (1 - s**5) ** 0.5 + 0.05
    return (0.86 + 0.2 * np.sin(np.pi * np.clip(s * 1.1, 0, 1))) * (
        1 - s ** (5 if kind == "round" else 9)
    ) ** 0.5 + 0.04


def _notch(spec: Mapping[str, Any], share: float, k: int) -> float:
    if spec.get("tip") == "fingered" and share > 0.62:
        return 1.0 if k % 2 else 0.45 + 0.3 * (1 - share)
    return 1.0 if k % 2 else 0.965


def _outward(mesh: Mesh) -> Mesh:
    tri = mesh.positions[mesh.indices].astype(float)
    volume = np.einsum("ij,ij->i", tri[:, 0], np.cross(tri[:, 1], tri[:, 2])).sum()
    if volume >= 0:
        return mesh
    return replace(mesh, normals=-mesh.normals, indices=np.ascontiguousarray(mesh.indices[:, ::-1]))


def _colours(span: np.ndarray, back: np.ndarray, upper: np.ndarray, colours: Mapping[str, Any]) -> np.ndarray:
    top, under = (np.array(colours[key]) for key in ("top", "under"))
    out = np.where(upper[:, None], top, under)
    if "edge" in colours:
        edge = np.clip((back - 0.80) / 0.08, 0, 1)[:, None]
        out = out * (1 - edge) + np.array(colours["edge"]) * edge
    if "flight" in colours:
        flight = np.clip((back - 0.42) / 0.1, 0, 1)[:, None]
        out = out * (1 - flight) + np.array(colours["flight"]) * flight
    if "bar" in colours:
        bar = np.clip(1 - np.abs(back - 0.55) / 0.10, 0, 1)[:, None] * (span > 0.12)[:, None]
        out = out * (1 - bar) + np.array(colours["bar"]) * bar
    if "tip" in colours:
        start = 1 - colours["tip_share"]
        tip = np.clip((span + 0.10 * back - start) / 0.05, 0, 1)[:, None]
        out = out * (1 - tip) + np.array(colours["tip"]) * tip
    return out


def _along(span: np.ndarray, bones: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    elbow = np.clip((span - 0.24) / 0.12, 0, 1)
    wrist = np.clip((span - 0.48) / 0.12, 0, 1)
    weights = np.zeros((len(span), 4), np.float32)
    weights[:, 0], weights[:, 1], weights[:, 2] = 1 - elbow, elbow * (1 - wrist), elbow * wrist
    joints = np.zeros((len(span), 4), np.uint8)
    joints[:, :3] = bones
    return joints, weights


def folded_wing(length: float, depth: float, thick: float, colours: Mapping[str, Any]) -> Mesh:
    """A closed wing that lies along the flank: its shoulder at the origin, its tip towards -z, bulging towards +x."""
    s = np.linspace(0, 1, 12)
    turns = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    rings = []
    for share in s:
        fat = np.sin(np.pi * np.clip(0.12 + 0.70 * share, 0, 1)) ** 0.8 * (1 - share**3) + 0.02
        lower = depth * (0.55 * fat)
        y = np.sin(turns) * lower - depth * 0.10 * share + 0.10 * depth * share
        x = np.cos(turns) * thick * fat
        rings.append(np.stack([x, y, np.full_like(x, -share * length)], -1))
    mesh = _outward(loft(np.array(rings), angle=75))
    back = -mesh.positions[:, 2] / length
    low = np.clip(0.5 - mesh.positions[:, 1] / max(depth, 1e-6), 0, 1)
    shade = _colours(
        back * 0.98, np.clip(low * 0.7, 0, 0.78), np.ones(len(back), bool), {**colours, "under": colours["top"]}
    )
    return replace(mesh, colours=shade.astype(np.float32))


def tail_fan(
    length: float, width: float, colours: Sequence[float], *, fork: float, tip: Sequence[float] | None
) -> Mesh:
    """A fan of feathers from the origin towards -z; `fork` above 0 lengthens its outer feathers, below 0 its middle."""
    a = np.linspace(-1, 1, 15)
    rows = np.linspace(0, 1, 6)
    rings = []
    for r in rows:
        reach = length * r * (1 + fork * (np.abs(a) - 0.5) * r) * (1 - 0.10 * a * a * r * (fork <= 0))
        ripple = np.where(np.arange(15) % 2 == 0, 1.0, 1 - 0.05 * r**2)
        x = a * width * (0.22 + 0.78 * r) / 2
        y = -0.10 * width * a * a * r
        z = -reach * ripple
        t = 0.010 * length + 0.05 * width * (1 - r) ** 2
        top, low = np.stack([x, y + t, z], -1), np.stack([x, y - t, z], -1)
        rings.append(np.concatenate([top, low[::-1]]))
    mesh = _outward(loft(np.array(rings), angle=70))
    shade = np.tile(np.asarray(colours, np.float32), (len(mesh.positions), 1))
    if tip is not None:
        end = np.clip((-mesh.positions[:, 2] / length - 0.78) / 0.08, 0, 1)[:, None]
        shade = shade * (1 - end) + np.asarray(tip, np.float32) * end
    return replace(mesh, colours=shade.astype(np.float32))


def colours_of(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Linear colours of a wing's `colours` entry."""
    return {key: (float(value) if key == "tip_share" else colour_linear(value)) for key, value in spec.items()}
