"""Where a made thing stands at a moment: on the ground and its slope, on the waves, in the air, or on what carries it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.world.blueprint import Body
from vitascope.world.mesh import bounds
from vitascope.world.role import Role
from vitascope.world.skeleton import rotation_between, turned

__all__ = ["Stance", "socket_of", "upright"]

UP = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """`at(t)` is the (4, 4) world transform of the root without anything that the thing does by itself.

    `lean` 0..1 is how far it follows the slope; `draught` is how deep it sits in water [m]; `grip` is the point (3,) by
    which a hand holds it upright, or None where it keeps the direction of the hand.
    """

    role: Role
    half: np.ndarray
    lean: float = 1.0
    draught: float = 0.0
    afloat: bool = False
    grip: np.ndarray | None = None

    @staticmethod
    def of(
        body: Body, role: Role, *, lean: float = 1.0, draught: float = 0.0, afloat: bool = False, held: str = "upright"
    ) -> Stance:
        """The stance of a body: `afloat` for boats; `held` "upright" or "aligned" says how hands hold it."""
        low, high = bounds(body.mesh)
        half = np.maximum(np.array([high[0], high[2]]), -np.array([low[0], low[2]])) * 0.8
        grip = np.zeros(3)
        for name in ("handle", "grip"):
            if name in body.sockets:
                grip = np.asarray(body.sockets[name].position, float)
        if held == "upright" and not ({"handle", "grip"} & set(body.sockets)):
            grip = np.array([0.0, min(0.4 * high[1], 0.25), 0.0])
        return Stance(
            role=role, half=half, lean=lean, draught=draught, afloat=afloat, grip=grip if held == "upright" else None
        )  # fmt: skip

    def at(self, t: float) -> np.ndarray:
        """(4, 4) world_from_object at `t` [s]."""
        if self.role.carrier is not None:
            return self._carried(self.role.carrier(t))
        x, above, z = self.role.track.position(t)
        matrix = np.eye(4)
        heading = turned("y", self.role.track.heading(t))
        matrix[:3, 3] = x, self.role.ground.at(x, z) + above, z
        matrix[:3, :3] = heading
        if self.floats_at(x, z) and above < 0.5:
            level, tilt = self._on_waves(x, z, heading, t)
            matrix[1, 3] = level - self.draught + above
            matrix[:3, :3] = tilt @ heading
        elif self.role.recipe.medium == "ground" and self.lean > 0 and above < 0.3:
            share = self.lean * float(np.clip(1 - above / 0.3, 0, 1))
            reach = float(np.clip(self.half.max(), 0.1, 3.0))
            slope = self.role.ground.normal(x, z, reach=reach)
            tilt = rotation_between(UP, UP + share * (slope - UP))
            matrix[:3, :3] = tilt @ heading
        return matrix

    def floats_at(self, x: float, z: float) -> bool:
        """Whether there is water under it that it swims on."""
        role = self.role
        if role.wave is None:
            return False
        if role.recipe.medium == "water" or self.afloat:
            return True
        level = role.ground.water_level
        light = role.recipe.mass < 900.0 * float(np.prod(role.recipe.size))
        return level is not None and role.ground.at(x, z) < level - 0.15 and light and role.recipe.medium == "ground"

    def _on_waves(self, x: float, z: float, heading: np.ndarray, t: float) -> tuple[float, np.ndarray]:
        """Mean height [m] under bow, stern and sides, and the tilt (3, 3) of the plane through them."""
        wave = self.role.wave
        assert wave is not None
        now = t * self.role.time_scale
        side, ahead = heading @ [self.half[0], 0, 0], heading @ [0, 0, self.half[1]]

        def height(offset: np.ndarray) -> float:
            return float(wave(x + offset[0], z + offset[2], now)[0])

        right, left, bow, stern = height(side), height(-side), height(ahead), height(-ahead)
        across = 2 * side + UP * (right - left)
        along = 2 * ahead + UP * (bow - stern)
        normal = np.cross(along, across)
        normal /= np.linalg.norm(normal)
        return (right + left + bow + stern) / 4, rotation_between(UP, normal)

    def _carried(self, socket: np.ndarray) -> np.ndarray:
        name = self.role.subject.placement.socket or "top"
        if not name.startswith(("hand", "mouth")):
            return np.asarray(socket, float)
        if self.grip is None:
            return np.asarray(socket, float)
        matrix = upright(socket)
        matrix[:3, 3] -= matrix[:3, :3] @ self.grip
        return matrix


def upright(matrix: np.ndarray) -> np.ndarray:
    """The transform with its own place and heading but no lean."""
    side = np.asarray(matrix, float)[:3, 0]
    out = np.eye(4)
    if np.hypot(side[0], side[2]) > 1e-6:
        out[:3, :3] = turned("y", float(np.arctan2(-side[2], side[0])))
    out[:3, 3] = matrix[:3, 3]
    return out


def socket_of(body: Body, name: str, matrix: np.ndarray, globals_: np.ndarray | None) -> np.ndarray:
    """(4, 4) world transform of a socket: `matrix` is the root's, `globals_` (J, 4, 4) object_from_joint or None."""
    socket = body.sockets.get(name)
    here = np.eye(4)
    if socket is None:
        here[:3, 3] = (0.0, float(body.mesh.positions[:, 1].max()) if name == "top" else 0.0, 0.0)
        return matrix @ here
    joint = body.skeleton.index(socket.bone)
    if globals_ is None:
        here[:3, 3] = socket.position
        return matrix @ here
    here[:3, 3] = np.asarray(socket.position) - body.skeleton.heads[joint]
    return matrix @ globals_[joint] @ here
