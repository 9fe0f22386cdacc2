"""The cast of a draft while it is being placed: each entity with its recipe, its size in metres and its place so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from vitascope.director.draft import ActionWish, Draft, Entity, Relation
from vitascope.recipe import Catalogue, Recipe

__all__ = ["Cast", "Member", "cast_of"]


@dataclass(slots=True, kw_only=True)
class Member:
    """One entity on its way to a placement. `x`, `z` are metres on the ground, `y` the height above it."""

    entity: Entity
    recipe: Recipe
    actions: tuple[ActionWish, ...]
    x: float = 0.0
    y: float = 0.0
    z: float = 0.0
    facing: float | None = None
    on: str | None = None
    socket: str | None = None
    placed: bool = False

    @property
    def id(self) -> str:
        """The entity's id."""
        return self.entity.id

    @property
    def width(self) -> float:
        """Extent from side to side [m]."""
        return self.recipe.size[0] * self.entity.attributes.scale

    @property
    def height(self) -> float:
        """Extent upwards [m]."""
        return self.recipe.size[1] * self.entity.attributes.scale

    @property
    def length(self) -> float:
        """Extent from back to front [m]."""
        return self.recipe.size[2] * self.entity.attributes.scale

    @property
    def reach(self) -> float:
        """Half of the larger horizontal extent [m]: nothing stands nearer than that in any pose."""
        return max(self.width, self.length) / 2

    @property
    def floats(self) -> bool:
        """Whether it hangs in air or water instead of standing."""
        return self.recipe.medium in ("air", "underwater")


@dataclass(slots=True, kw_only=True)
class Cast:
    """All members in the order in which they matter, and the draft they come from."""

    draft: Draft
    members: dict[str, Member]
    catalogue: Catalogue
    indoor: bool = False
    relations: tuple[Relation, ...] = field(default=())
    homes: dict[str, tuple[float, float]] = field(default_factory=dict)
    """x, z where each member was laid out, before its travel moved its start."""

    @property
    def leads(self) -> list[Member]:
        """What the shot is about: the main members, or all where none is."""
        main = [m for m in self.members.values() if m.entity.role == "main"]
        return main or list(self.members.values())

    def groups(self) -> list[list[Member]]:
        """Members that were named together, in order; a single one is a group of its own."""
        found: dict[str, list[Member]] = {}
        for member in self.members.values():
            found.setdefault(member.entity.group or member.id, []).append(member)
        return list(found.values())


def cast_of(draft: Draft, catalogue: Catalogue) -> Cast:
    """The members of a draft, not yet placed."""
    members = {
        entity.id: Member(entity=entity, recipe=catalogue.recipe(entity.recipe), actions=draft.actions_of(entity.id))
        for entity in draft.entities
    }
    place = catalogue.place(draft.set.place)
    return Cast(draft=draft, members=members, catalogue=catalogue, indoor=place.indoor, relations=draft.relations)
