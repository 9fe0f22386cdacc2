"""Buildings: parts for the masses and features for what breaks them up; they stand level, on a footing where land slopes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from vitascope.film import Attributes
from vitascope.recipe import Recipe
from vitascope.world.blueprint import Body
from vitascope.world.mesh import bounds
from vitascope.world.role import Performance, Role
from vitascope.world.shape import box
from vitascope.world.stage import Motion, Pose, Thing
from vitascope.world.things.interpret import kit_of
from vitascope.world.things.masonry import add_features
from vitascope.world.things.paint import substance
from vitascope.world.things.rigid import perform_rigid, rigid_motion

__all__ = ["build", "perform"]

COMMON: Mapping[str, Mapping[str, Any]] = {
    "frame": {"like": "painted_wood"},
    "pane": {"base": "#1b242b", "roughness": 0.06, "clearcoat": 1.0, "detail": 0.1, "glows": ["night", 1.1]},
    "pane_dark": {"base": "#1a2128", "roughness": 0.06, "clearcoat": 1.0, "detail": 0.1},
    "door": {"like": "wood", "base": "#5f3320"},
    "stone": {"like": "concrete"},
    "dark": {"base": "#0c0c0d", "roughness": 0.9},
    "iron": {"like": "iron"},
}


def build(recipe: Recipe, attributes: Attributes, *, seed: int, detail: float | None = None) -> Body:
    """The body from the recipe's parts and its parameter `features`."""
    full = _with_common(recipe)
    kit = kit_of(full, attributes, detail=detail)
    add_features(kit, full.parameters.get("features", ()), f"The recipe {recipe.name!r}")
    return kit.body(attributes.scale)


def perform(body: Body, role: Role) -> Performance:
    """Stand level; windows are lit at night, sails turn with the wind, lamps sweep."""
    full = _with_common(role.recipe)
    role = replace(role, recipe=full)
    return perform_rigid(body, role, lean=0.0, extras=_footing(body, role))


def _with_common(recipe: Recipe) -> Recipe:
    return recipe.model_copy(
        update={"materials": {**recipe.materials, **{k: v for k, v in COMMON.items() if k not in recipe.materials}}}
    )


def _footing(body: Body, role: Role) -> tuple[Thing, ...]:
    """A plinth of stone down to the lowest ground under the walls, where the land falls away."""
    if role.carrier is not None or role.recipe.medium != "ground":
        return ()
    low, high = bounds(body.mesh)
    share = float(role.recipe.parameters.get("footing", 0.82))
    half = share * (high - low)[[0, 2]] / 2
    x, above, z = role.track.position(0.0)
    angle = role.track.heading(0.0)
    c, s = np.cos(angle), np.sin(angle)
    around = [(sx * half[0], sz * half[1]) for sx in (-1, 0, 1) for sz in (-1, 0, 1)]
    heights = [role.ground.at(x + c * a + s * b, z - s * a + c * b) for a, b in around]
    depth = role.ground.at(x, z) + above - min(heights)
    if depth < 0.05 or depth > 30.0 or share <= 0:
        return ()
    mesh = box((2 * half[0], depth + 0.3, 2 * half[1]), centre=(0.0, -(depth + 0.3) / 2 - 0.01, 0.0))
    motion = rigid_motion(body, role, lean=0.0)
    return (
        Thing(
            name=f"{role.subject.id} footing", mesh=mesh, materials=(substance("stone"),), motion=_Root(motion),
            subject=role.number, moving=False, bounds_radius=float(np.linalg.norm([*half, depth])) + 1.0,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Root:
    """Only the root of a motion: for what has no bones of its own."""

    motion: Motion

    def at(self, t: float) -> Pose:
        return replace(self.motion.at(t), joints=None)
