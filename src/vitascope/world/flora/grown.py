"""One plant as it stands: form and parameters from a recipe, season and snow from the set, detail from the camera."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any, Literal

from vitascope.recipe import RecipeError
from vitascope.world.material import Material
from vitascope.world.mesh import Mesh

__all__ = ["FORMS", "Detail", "Grown", "grown", "leaf_fall"]

Detail = Literal["near", "mid", "far"]

FORMS = {
    "broadleaf": "broadleaf", "bare": "broadleaf", "umbrella": "broadleaf", "bush": "broadleaf", "conifer": "conifer",
    "palm": "palm", "bamboo": "palm", "tuft": "herb", "reed": "herb", "fern": "herb", "rosette": "herb", "flower": "flower",
    "spike": "flower", "mushroom": "succulent", "cactus": "succulent", "potted": "herb", "kelp": "reef",
    "branch_coral": "reef", "brain_coral": "reef", "fan_coral": "reef", "tube_coral": "reef",
}  # fmt: skip
"""Module of this package that builds each form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A plant at size 1: its mesh stands on y = 0 at the origin."""

    mesh: Mesh
    materials: tuple[Material, ...]
    height: float
    radius: float
    """Half width [m] at the ground of what must not overlap (the trunk of a tree)."""


def grown(
    parameters: Mapping[str, Any],
    *,
    seed: int,
    detail: Detail = "near",
    season: str = "summer",
    snowy: bool = False,
) -> Grown:
    """The plant of a recipe's `parameters`; same arguments, same mesh. Raises RecipeError for an unknown form."""
    form = parameters.get("form")
    if form not in FORMS:
        raise RecipeError(f"There is no form of plant called {form!r}; the forms are {', '.join(sorted(FORMS))}.")
    return _grown(json.dumps(dict(parameters), sort_keys=True), seed, detail, season, snowy)


def leaf_fall(parameters: Mapping[str, Any], season: str) -> bool:
    """Whether the plant stands bare in this season."""
    return (
        season == "winter"
        and parameters.get("form") in ("broadleaf", "bush")
        and not parameters.get("evergreen", False)
    )


@lru_cache(maxsize=256)
def _grown(parameters: str, seed: int, detail: Detail, season: str, snowy: bool) -> Grown:
    values = json.loads(parameters)
    module = import_module(f"vitascope.world.flora.{FORMS[values['form']]}")
    return module.build(values, seed=seed, detail=detail, season=season, snowy=snowy)
