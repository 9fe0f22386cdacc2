"""Plants as subjects: flowers, bushes, cacti, mushrooms, kelp; they stand where they are placed and sway in the wind."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe, colour_linear
from vitascope.world.blueprint import Body, Socket
from vitascope.world.flora import grown
from vitascope.world.mesh import transformed
from vitascope.world.role import Performance, Role
from vitascope.world.skeleton import Bone, Skeleton
from vitascope.world.stage import Pose

__all__ = ["build", "perform", "planted"]

_SEASONS = ("spring", "summer", "autumn", "winter")


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """A plant in full detail at its scale."""
    return planted(recipe, attributes, seed=seed, detail=detail)


def perform(body: Body, role: Role) -> Performance:
    """Stand rooted on the ground (or on a carrier), turned as placed; a plant that travels is carried upright."""
    motion = _Rooted(role)

    def socket(name: str, t: float) -> np.ndarray:
        matrix = motion.at(t).transforms[0].astype(np.float64)
        here = np.eye(4)
        here[:3, 3] = body.sockets[name].position if name in body.sockets else (0.0, 0.0, 0.0)
        return matrix @ here

    moves = role.carrier is not None or float(np.ptp(role.track.positions, axis=0).max()) > 1e-6
    return Performance(motion=motion, socket=socket, moving=moves)


def planted(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None) -> Body:
    """The plant of a recipe as a body of one bone, its asked-for colours and states applied."""
    states = {state.lower() for state in attributes.states}
    parameters = dict(recipe.parameters)
    season = next((s for s in _SEASONS if s in states), "summer")
    if {"bare", "dead", "leafless"} & states and parameters.get("form") in ("broadleaf", "umbrella"):
        parameters["form"] = "bare"
    level = "near" if detail is None or detail < 0.25 else "mid"
    model = grown(
        parameters, seed=seed % 7919, detail=level, season=season, snowy=bool({"snowy", "snow-covered"} & states)
    )
    size = np.diag([attributes.scale] * 3 + [1.0])
    materials = list(model.materials)
    for role, wanted in (("primary", attributes.colour), ("secondary", attributes.second_colour)):
        for i, material in enumerate(materials):
            if wanted is not None and material.colour_role == role:
                materials[i] = replace(material, base=colour_linear(wanted))
    top = (0.0, model.height * attributes.scale, 0.0)
    return Body(
        mesh=transformed(model.mesh, size), skeleton=Skeleton((Bone(name="root", parent=None, head=(0.0, 0.0, 0.0)),)),
        materials=tuple(materials), sockets={"top": Socket(bone="root", position=top)},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rooted:
    """Feet on the ground below the track, upright."""

    role: Role

    def at(self, t: float) -> Pose:
        if self.role.carrier is not None:
            matrix = self.role.carrier(t)
        else:
            x, above, z = self.role.track.position(t)
            turn = self.role.track.heading(t)
            c, s = np.cos(turn), np.sin(turn)
            matrix = np.array(
                [[c, 0, s, x], [0, 1, 0, self.role.ground.at(x, z) + above], [-s, 0, c, z], [0, 0, 0, 1.0]]
            )
        return Pose(transforms=matrix[None].astype(np.float32))
