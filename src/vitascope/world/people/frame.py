"""The skeleton of people, and how skin and cloth follow it: one field of bone weights over the resting body."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vitascope.world.mesh import Mesh
from vitascope.world.people.physique import Physique
from vitascope.world.skeleton import Bone

__all__ = ["BONES", "SIDES", "bones_of", "bound", "draped", "fixed", "smooth"]

SIDES = (("l", 1.0), ("r", -1.0))
_TRUNK = ("hips", "spine1", "spine2", "chest", "neck", "head")
_FACE = ("jaw", "eye_l", "eye_r", "lid_l", "lid_r", "brow_l", "brow_r", "tail")
_LIMBS = ("clavicle", "arm", "forearm", "wrist", "hand", "fingers", "tips", "thumb", "thigh", "shin", "foot", "toes")
BONES = (*_TRUNK, *_FACE, *(f"{name}_{side}" for side, _ in SIDES for name in _LIMBS))
"""Names in order; the number of a bone is its place here."""

_PARENT = {
    "spine1": "hips", "spine2": "spine1", "chest": "spine2", "neck": "chest", "head": "neck", "clavicle": "chest",
    "arm": "clavicle", "forearm": "arm", "wrist": "forearm", "hand": "forearm", "fingers": "hand", "tips": "fingers",
    "thumb": "hand", "thigh": "hips", "shin": "thigh", "foot": "shin", "toes": "foot",
}  # fmt: skip


def smooth(low: float, high: float, x: np.ndarray) -> np.ndarray:
    """0 below `low`, 1 above `high`, cubic between; `low` may be the larger one."""
    u = np.clip((x - low) / (high - low), 0.0, 1.0)
    return u * u * (3 - 2 * u)


def eye_centre(p: Physique, side: float) -> np.ndarray:
    """(3,) middle of an eyeball."""
    return np.array([side * (0.148 + 0.008 * p.youth) * p.head, p.chin_y + p.eye_y * p.head, 0.232 * p.head])


def bones_of(p: Physique) -> tuple[Bone, ...]:
    """The skeleton of a person at rest."""
    trunk = p.trunk
    heads: dict[str, np.ndarray] = {
        "hips": np.array([0, p.hip[1] + 0.03 * trunk, 0]),
        "spine1": np.array([0, p.hip[1] + 0.22 * trunk, 0]),
        "spine2": np.array([0, p.hip[1] + 0.45 * trunk, 0]),
        "chest": np.array([0, p.hip[1] + 0.66 * trunk, -0.004]),
        "neck": np.array([0, p.neck_y - 0.1 * (p.chin_y - p.neck_y), -0.012 * p.height]),
        "head": np.array([0, p.chin_y + 0.10 * p.head, -0.02 * p.head]),
        "jaw": np.array([0, p.chin_y + 0.36 * p.head, 0.02 * p.head]),
        "tail": np.array([0, p.chin_y + 0.62 * p.head, -0.40 * p.head]),
    }
    for side, sign in SIDES:
        heads[f"eye_{side}"] = heads[f"lid_{side}"] = eye_centre(p, sign)
        heads[f"brow_{side}"] = eye_centre(p, sign) + np.array([0, 0.14, 0.1]) * p.head
        flip = np.array([sign, 1.0, 1.0])
        down = p.arm_direction
        wrist, elbow = np.array(p.wrist), np.array(p.elbow)
        heads[f"clavicle_{side}"] = flip * np.array([0.18 * p.shoulder[0], p.shoulder[1] + 0.01 * p.height, 0.0])
        heads[f"arm_{side}"] = flip * np.array(p.shoulder)
        heads[f"forearm_{side}"] = flip * elbow
        heads[f"wrist_{side}"] = flip * (elbow + 0.55 * (wrist - elbow))
        heads[f"hand_{side}"] = flip * wrist
        for name, along, ahead in (("fingers", 0.088, 0.0), ("tips", 0.137, 0.0), ("thumb", 0.03, 0.02)):
            heads[f"{name}_{side}"] = flip * (
                wrist + down * along * hand_size(p) + np.array([0, 0, ahead * hand_size(p)])
            )
        heads[f"thigh_{side}"] = flip * np.array(p.hip)
        heads[f"shin_{side}"] = flip * np.array(p.knee)
        heads[f"foot_{side}"] = flip * np.array(p.ankle)
        heads[f"toes_{side}"] = flip * np.array(p.ball)
    return tuple(_bone(name, heads[name]) for name in BONES)


def hand_size(p: Physique) -> float:
    """Size of the hands over those of a grown man; drawn hands are a tenth larger than life."""
    return 1.12 * p.unit * (0.9 if p.female else 1.0) * (1.06 if p.is_small else 1.0)


def fixed(mesh: Mesh, bone: str) -> Mesh:
    """The mesh carried by one bone."""
    return _with_weights(mesh, {bone: np.ones(len(mesh.positions))})


def bound(mesh: Mesh, p: Physique, *, loose: float = 0.0) -> Mesh:
    """The mesh bound to trunk, arms and legs by where it lies; `loose` [m] is how far cloth stands off the body."""
    return _with_weights(mesh, _body_weights(mesh.positions.astype(float), p, loose=loose))


def draped(mesh: Mesh, p: Physique, *, waist: float, loose: float = 0.0, follow: float = 0.9) -> Mesh:
    """A skirt or coat-tail below the height `waist` [m], hanging from the trunk and carried forward by the thighs."""
    q = mesh.positions.astype(float)
    weights = _body_weights(q, p, loose=loose, legs=False)
    hip_y, knee_y = p.hip[1], p.knee[1]
    depth = follow * smooth(min(waist, hip_y + 0.02 * p.height), hip_y - 0.10 * p.height, q[:, 1])
    left = smooth(-0.85 * p.hips[0], 0.85 * p.hips[0], q[:, 0])
    low = 0.75 * smooth(knee_y + 0.03 * p.height, knee_y - 0.10 * p.height, q[:, 1])
    for name in list(weights):
        weights[name] = weights[name] * (1 - depth)
    for side, share in (("l", left), ("r", 1 - left)):
        weights[f"thigh_{side}"] = depth * share * (1 - low)
        weights[f"shin_{side}"] = depth * share * low
    return _with_weights(mesh, weights)


def _bone(name: str, head: np.ndarray) -> Bone:
    stem, _, side = name.rpartition("_")
    if stem in _LIMBS:
        above = _PARENT[stem]
        parent = above if above in _TRUNK else f"{above}_{side}"
    else:
        parent = _PARENT.get(name, None if name == "hips" else "head")
    return Bone(name=name, parent=parent, head=(float(head[0]), float(head[1]), float(head[2])))


def _body_weights(q: np.ndarray, p: Physique, *, loose: float, legs: bool = True) -> dict[str, np.ndarray]:
    weights = _trunk_weights(q, p)
    total_limb = np.zeros(len(q))
    limbs: dict[str, np.ndarray] = {}
    for side, sign in SIDES:
        mirrored = q * np.array([sign, 1.0, 1.0])
        arm, chain = _arm_weights(mirrored, p, loose)
        collar = smooth(0.35 * p.shoulder[0], 0.95 * p.shoulder[0], mirrored[:, 0]) * 0.8
        collar *= smooth(p.shoulder[1] - 0.30 * p.trunk, p.shoulder[1] - 0.02 * p.trunk, q[:, 1]) * (1 - arm)
        collar *= smooth(p.chin_y, p.neck_y, q[:, 1])
        limbs[f"clavicle_{side}"] = collar
        for name, share in chain.items():
            limbs[f"{name}_{side}"] = arm * share
        total_limb += arm + collar
        if legs:
            leg, chain = _leg_weights(mirrored, p)
            for name, share in chain.items():
                limbs[f"{name}_{side}"] = leg * share * (1 - arm)
            total_limb += leg * (1 - arm)
    rest = np.clip(1 - total_limb, 0, 1)
    return {**{name: w * rest for name, w in weights.items()}, **limbs}


def _trunk_weights(q: np.ndarray, p: Physique) -> dict[str, np.ndarray]:
    trunk, y = p.trunk, q[:, 1]
    starts = {
        "spine1": (p.hip[1] + 0.22 * trunk, 0.13 * trunk),
        "spine2": (p.hip[1] + 0.45 * trunk, 0.12 * trunk),
        "chest": (p.hip[1] + 0.66 * trunk, 0.12 * trunk),
        "neck": (p.neck_y + 0.15 * (p.chin_y - p.neck_y), 0.4 * (p.chin_y - p.neck_y) + 0.01 * p.height),
        "head": (p.chin_y - 0.02 * p.head - 0.25 * np.clip(q[:, 2], -0.3 * p.head, 0.3 * p.head) * 0.5, 0.06 * p.head),
    }
    above = {name: smooth(-half, half, y - start) for name, (start, half) in starts.items()}
    weights, passed = {}, np.ones(len(q))
    for name, nxt in zip(_TRUNK, [*_TRUNK[1:], None], strict=True):
        reached = above[nxt] if nxt else np.zeros(len(q))
        weights[name] = passed * (1 - reached)
        passed = passed * reached
    return weights


def _arm_weights(q: np.ndarray, p: Physique, loose: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    down = p.arm_direction
    rel = q - np.array(p.shoulder)
    along = rel @ down
    away = np.linalg.norm(rel - along[:, None] * down, axis=1)
    radius = p.upper_arm + loose
    share = smooth(-0.9 * radius, 1.1 * radius, along + 0.35 * rel[:, 0])
    near = smooth(1.95 * radius, 1.15 * radius, away - 0.4 * loose * smooth(0.3 * p.arm, 0.9 * p.arm, along))
    arm = share * near
    length, elbow = p.arm, 0.52 * p.arm
    bend = 1.25 * p.upper_arm + 0.4 * loose
    fore = smooth(elbow - bend, elbow + bend, along)
    twist = smooth(elbow + 0.25 * (length - elbow), elbow + 0.8 * (length - elbow), along)
    hand = smooth(length - 0.35 * p.upper_arm, length + 0.45 * p.upper_arm, along)
    return arm, {
        "arm": 1 - fore,
        "forearm": fore * (1 - twist),
        "wrist": fore * twist * (1 - hand),
        "hand": fore * twist * hand,
    }


def _leg_weights(q: np.ndarray, p: Physique) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    y = q[:, 1]
    seam = p.height * (0.0015 + 0.0105 * smooth(p.hip[1] - 0.10 * p.height, p.hip[1] - 0.02 * p.height, y))
    own = np.clip(0.5 + 0.5 * q[:, 0] / seam, 0.0, 1.0)
    rise = np.clip(q[:, 2] / max(p.hips[1], 1e-6), -1, 1) * 0.02 * p.height
    leg = own * smooth(p.hip[1] + 0.045 * p.height, p.hip[1] - 0.055 * p.height, y - rise)
    bend = 1.15 * p.calf
    shin = smooth(p.knee[1] + bend, p.knee[1] - bend, y)
    foot = smooth(p.ankle[1] + 0.9 * p.calf, p.ankle[1] - 0.2 * p.calf, y)
    toes = smooth(p.ball[2] - 0.5 * p.calf, p.ball[2] + 0.5 * p.calf, q[:, 2]) * smooth(p.ankle[1], p.ankle[1] * 0.7, y)
    return leg, {
        "thigh": 1 - shin,
        "shin": shin * (1 - foot),
        "foot": shin * foot * (1 - toes),
        "toes": shin * foot * toes,
    }


def _with_weights(mesh: Mesh, shares: dict[str, np.ndarray]) -> Mesh:
    names = [name for name, share in shares.items() if share.max(initial=0) > 0.01] or ["hips"]
    table = np.stack([shares[name] for name in names], axis=1)
    count = min(4, len(names))
    best = np.argsort(-table, axis=1, kind="stable")[:, :count]
    numbers = np.array([BONES.index(name) for name in names], np.uint8)
    joints = np.zeros((len(table), 4), np.uint8)
    weights = np.zeros((len(table), 4), np.float32)
    joints[:, :count] = numbers[best]
    weights[:, :count] = np.take_along_axis(table, best, 1)
    weights /= np.maximum(weights.sum(1, keepdims=True), 1e-9)
    return replace(mesh, joints=joints, weights=weights)
