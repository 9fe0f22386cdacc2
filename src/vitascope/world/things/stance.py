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
        return self.along(np.array([t]))[0]

    def along(self, times: np.ndarray) -> np.ndarray:
        """(K, 4, 4) world_from_object at times (K,) [s]; the ground is asked for all of them at once."""
        role = self.role
        if role.carrier is not None:
            return np.array([self._carried(role.carrier(t)) for t in times])
        x, above, z = role.track.position(times)
        ground = role.ground.height(x, z).astype(float)
        floats = self._floating(x, z, ground) & (above < 0.5)
        leans = ~floats & (above < 0.3) & (role.recipe.medium == "ground" and self.lean > 0)
        slopes = np.tile(UP, (len(times), 1))
        reach = float(np.clip(self.half.max(), 0.1, 3.0))
        slopes[leans] = role.ground.normals(x[leans], z[leans], reach=reach) if leans.any() else UP
        matrices = np.tile(np.eye(4), (len(times), 1, 1))
        matrices[:, :3, 3] = np.stack([x, ground + above, z], 1)
        for k, t in enumerate(times):
            heading = turned("y", role.track.heading(t))
            matrices[k, :3, :3] = heading
            if floats[k]:
                level, tilt = self._on_waves(x[k], z[k], heading, t)
                matrices[k, 1, 3] = level - self.draught + above[k]
                matrices[k, :3, :3] = tilt @ heading
            elif leans[k]:
                share = self.lean * float(np.clip(1 - above[k] / 0.3, 0, 1))
                matrices[k, :3, :3] = rotation_between(UP, UP + share * (slopes[k] - UP)) @ heading
        return matrices

    def floats_at(self, x: float, z: float) -> bool:
        """Whether there is water under it that it swims on."""
        return bool(self._floating(np.array([x]), np.array([z]), None)[0])

    def _floating(self, x: np.ndarray, z: np.ndarray, ground: np.ndarray | None) -> np.ndarray:
        """(K,) bool, where there is water under it that it swims on; `ground` (K,) is the height there, if it is known."""
        role = self.role
        level = role.ground.water_level
        if role.wave is None:
            return np.zeros(len(x), bool)
        if role.recipe.medium == "water" or self.afloat:
            return np.ones(len(x), bool)
        light = role.recipe.mass < 900.0 * float(np.prod(role.recipe.size))
        if level is None or not light or role.recipe.medium != "ground":
            return np.zeros(len(x), bool)
        return (role.ground.height(x, z) if ground is None else ground) < level - 0.15

    def _on_waves(self, x: float, z: float, heading: np.ndarray, t: float) -> tuple[float, np.ndarray]:
        """Mean height [m] under bow, stern and sides, and the tilt (3, 3) of the plane through them."""
        wave = self.role.wave
        assert wave is not None
        now = t * self.role.time_scale
        side, ahead = heading @ [self.half[0], 0, 0], heading @ [0, 0, self.half[1]]

        around = np.array([side, -side, ahead, -ahead])
        right, left, bow, stern = wave(x + around[:, 0], z + around[:, 2], now)[0]
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
