"""One leg in three segments and a foot: a planted foot decides, the cannon leans, the two upper bones reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.world.skeleton import reach, rotation_between, turned

__all__ = ["LegPose", "LegRest", "posed_leg"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRest:
    """Rest positions (3,) of a leg's joints: top (shoulder or hip), middle (elbow or stifle), low (wrist or hock), fetlock."""

    top: np.ndarray
    middle: np.ndarray
    low: np.ndarray
    fetlock: np.ndarray
    sole: np.ndarray
    """Where the foot meets the ground under the toes."""
    fore: bool

    @property
    def length(self) -> float:
        """Metres of all three segments in a row."""
        a, b, c = self.top - self.middle, self.middle - self.low, self.low - self.fetlock
        return float(np.linalg.norm(a) + np.linalg.norm(b) + np.linalg.norm(c))


@dataclass(frozen=True, slots=True, kw_only=True)
class LegPose:
    """Object-space rotations (3, 3) of upper, lower, cannon and foot."""

    upper: np.ndarray
    lower: np.ndarray
    cannon: np.ndarray
    foot: np.ndarray


def posed_leg(
    rest: LegRest,
    root: np.ndarray,
    sole: np.ndarray,
    foot: np.ndarray,
    *,
    fold: float,
    flat: float = 0.0,
    spread: float = 0.0,
) -> LegPose:
    """The leg whose top joint is at `root` (3,) and whose foot, turned by `foot` (3, 3), has its sole at (3,).

    `fold` [rad] bends the low joint in swing (cannon back and up under a wrist, forward over a hock); `flat` 0..1 lays the
    cannon on the ground (sitting, lying); `spread` turns the middle joint outward.
    """
    fetlock = sole + foot @ (rest.fetlock - rest.sole)
    cannon = rest.fetlock - rest.low
    lean = _lean(rest, root, fetlock)
    heading = foot[:, 2] * np.array([1.0, 0.0, 1.0])
    side = np.cross([0.0, 1.0, 0.0], heading / max(float(np.linalg.norm(heading)), 1e-9))
    bend = fold if rest.fore else -fold * 0.45
    turn = turned(side, lean + bend)
    if flat > 0:
        level = np.array([0.0, -0.1, 1.0]) if not rest.fore else np.array([0.0, -0.12, 1.0])
        forward = foot @ (level / np.linalg.norm(level))
        target = rotation_between(turn @ cannon, forward)
        turn = _partial(target, flat) @ turn
    a = float(np.linalg.norm(rest.top - rest.middle))
    b = float(np.linalg.norm(rest.middle - rest.low))
    low = _reachable(root, fetlock, fetlock - turn @ cannon, a + b)
    turn = rotation_between(turn @ cannon, fetlock - low) @ turn
    pole = (-heading if rest.fore else heading) + side * spread * np.sign(rest.top[0] + 1e-9)
    pole = pole + np.array([0.0, -0.15 if rest.fore else 0.1, 0.0])
    upper, lower, _ = reach(root, rest.middle - rest.top, rest.low - rest.middle, low, pole)
    return LegPose(upper=upper, lower=lower, cannon=turn, foot=foot)


def _lean(rest: LegRest, root: np.ndarray, fetlock: np.ndarray) -> float:
    """How far [rad] the whole leg has swung back from rest about its side axis; the cannon goes with it."""
    now, then = fetlock - root, rest.fetlock - rest.top
    angle = np.arctan2(-now[2], -now[1]) - np.arctan2(-then[2], -then[1])
    angle = (angle + np.pi) % (2 * np.pi) - np.pi
    return float(np.clip(angle * (1.0 if rest.fore else 0.9), -1.3, 1.3))


def _reachable(root: np.ndarray, fetlock: np.ndarray, low: np.ndarray, longest: float) -> np.ndarray:
    """The low joint, turned about the fetlock towards the root as far as the two upper bones need to reach it."""
    longest = 0.997 * longest
    if float(np.linalg.norm(low - root)) <= longest:
        return low
    line, arm = root - fetlock, low - fetlock
    c, d = float(np.linalg.norm(arm)), float(np.linalg.norm(line))
    along = line / max(d, 1e-9)
    across = arm - along * float(arm @ along)
    across = across / max(float(np.linalg.norm(across)), 1e-9)
    cosine = np.clip((c * c + d * d - longest * longest) / max(2 * c * d, 1e-9), -1.0, 1.0)
    return fetlock + c * (along * cosine + across * np.sqrt(1 - cosine * cosine))


def _partial(rotation: np.ndarray, share: float) -> np.ndarray:
    """The rotation taken `share` of the way."""
    angle = float(np.arccos(np.clip((np.trace(rotation) - 1) / 2, -1, 1)))
    if angle < 1e-6:
        return np.eye(3)
    axis = np.array([rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]])
    norm = float(np.linalg.norm(axis))
    return rotation if norm < 1e-9 else turned(axis / norm, angle * share)
