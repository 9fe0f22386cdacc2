"""The cast of a draft while it is being placed: each entity with its recipe, its size in metres and its place so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from vitascope.director.draft import ActionWish, Draft, Entity, Relation
from vitascope.recipe import Catalogue, PlaceRecipe, Recipe

__all__ = ["ALOFT_LEAST", "Cast", "Member", "cast_of"]

TABLES = ("table", "desk", "coffee_table")
"""Kinds of furniture that things stand on, in order of liking."""
SMALL = 0.6
"""Metres up to which things alone in a room stand on its table."""


ALOFT_LEAST = 0.4
"""Metres of air that are seen under what hangs there against nature."""


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
        return self.recipe.medium in ("air", "underwater") or self.aloft

    @property
    def aloft(self) -> bool:
        """Whether it stands on nothing, against nature."""
        return "aloft" in self.entity.attributes.states

    @property
    def flies(self) -> bool:
        """Whether it is at home in the air, or is there against nature."""
        return self.recipe.medium == "air" or self.aloft

    @property
    def usual_height(self) -> float:
        """Metres above the ground or the bed at which it is where nothing else is said."""
        if not self.floats:
            return 0.0
        return self.recipe.altitude if self.recipe.medium in ("air", "underwater") else ALOFT_LEAST + 0.5 * self.height


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
    place = catalogue.place(draft.set.place)
    relations, entities = draft.relations, draft.entities
    top = _table_for(draft, place, catalogue)
    if top is not None:
        table = Entity(id="set-table", recipe=top, name=top.replace("_", " "), role="support")
        standing = [e.id for e in entities if not any(r.entity == e.id and r.targets for r in relations)]
        entities = (*entities, table)
        aloft = {e.id for e in entities if "aloft" in e.attributes.states}
        relations = (
            *relations,
            *(Relation(kind="above" if n in aloft else "on", entity=n, targets=(table.id,)) for n in standing),
        )
    members = {
        entity.id: Member(entity=entity, recipe=catalogue.recipe(entity.recipe), actions=draft.actions_of(entity.id))
        for entity in entities
    }
    cast = Cast(draft=draft, members=members, catalogue=catalogue, indoor=place.indoor, relations=relations)
    for member in members.values():
        _let_fly(cast, member)
    return cast


def _table_for(draft: Draft, place: PlaceRecipe, catalogue: Catalogue) -> str | None:
    """The kind of table in the room where all that is seen is one small thing: it stands on one, not on the floor.

    Several things that are counted or stand to each other in some way have the picture to themselves.
    """
    recipes = [catalogue.recipe(entity.recipe) for entity in draft.entities]
    small = all(r.kind == "prop" and max(r.size) < SMALL and r.medium == "ground" for r in recipes)
    furniture = [rule["kind"] for rule in place.parameters.get("furniture", ())]
    kinds = [kind for kind in TABLES if kind in furniture and kind in catalogue.recipes]
    return kinds[0] if len(recipes) == 1 and small and kinds and not draft.relations else None


def _let_fly(cast: Cast, member: Member) -> None:
    """Who is said to fly a thing that hangs in the air and has no seat stands on the ground and holds its string."""
    for wish in member.actions:
        thing = cast.members.get(wish.target or "")
        if (
            wish.verb != "ride"
            or thing is None
            or not thing.floats
            or thing.recipe.kind != "prop"
            or "seat" in thing.recipe.sockets
        ):
            continue
        holds = replace(wish, verb="hold", target=None, manner=(*wish.manner, thing.recipe.name))
        member.actions = tuple(holds if a is wish else a for a in member.actions)
        cast.relations = tuple(r for r in cast.relations if (r.entity, r.targets) != (member.id, (thing.id,)))
