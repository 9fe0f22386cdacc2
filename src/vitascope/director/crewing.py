"""Who drives: vehicles under way on which nobody was said to be get a driver, a rider or a sailor, and the reading says so."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from vitascope.director.draft import ActionWish, Draft, Entity, Relation
from vitascope.director.lexicon import data
from vitascope.film import Attributes, Garment
from vitascope.recipe import Catalogue, Driver

__all__ = ["Crewed", "crewed", "free_id", "has_room", "looks_of", "under_way", "wants_nobody"]

MOST = 6
"""Drivers that are added to one shot; those of further vehicles would be too small to see."""
LEAST_SCALE, MOST_SCALE = 0.6, 1.8
"""Vehicles smaller or larger than this, relative to their recipe, are no size for people."""
ABOARD = ("on", "in")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crewed:
    """A draft with everybody who was added, and sentences that say so."""

    draft: Draft
    remarks: tuple[str, ...] = ()


def crewed(draft: Draft, catalogue: Catalogue, *, taken: Container[str] = ()) -> Crewed:
    """The draft with somebody at the wheel of every vehicle that is under way and has nobody on it.

    None comes where no people were asked for, to what is parked, driverless or empty, and to what only drifts. `taken`
    are ids that newcomers may not have.
    """
    if wants_nobody(draft.negations, catalogue):
        return Crewed(draft=draft)
    entities, relations, actions = [*draft.entities], [*draft.relations], [*draft.actions]
    added: list[tuple[Entity, Driver]] = []
    for vehicle, driver in _unmanned(draft, catalogue):
        if len(added) == MOST:
            break
        here = {entity.id for entity in entities}
        newcomer = Entity(
            id=free_id(driver.name, here, taken), recipe=driver.person, name=driver.name, role="support",
            attributes=looks_of(driver),
        )  # fmt: skip
        entities.append(newcomer)
        relations.append(Relation(kind="on", entity=newcomer.id, targets=(vehicle.id,)))
        verb = catalogue.verb_for(catalogue.recipe(driver.person), "ride")
        actions.append(ActionWish(entity=newcomer.id, verb=verb, target=vehicle.id))
        added.append((vehicle, driver))
    if not added:
        return Crewed(draft=draft)
    full = replace(draft, entities=tuple(entities), relations=tuple(relations), actions=tuple(actions))
    return Crewed(draft=full, remarks=_remarks(added))


def _unmanned(draft: Draft, catalogue: Catalogue) -> Iterator[tuple[Entity, Driver]]:
    """Vehicles under way that want somebody and have nobody, with whom they want."""
    for entity in draft.entities:
        driver = catalogue.recipe(entity.recipe).driver
        if driver is None or driver.person not in catalogue.recipes:
            continue
        drives = any(under_way(driver, a.verb, (a.words,)) for a in draft.actions_of(entity.id))
        if drives and has_room(entity.attributes) and not _has_somebody(draft, entity.id):
            yield entity, driver


def _has_somebody(draft: Draft, vehicle: str) -> bool:
    aboard = any(r.kind in ABOARD and vehicle in r.targets for r in draft.relations)
    rides = any(a.target == vehicle and a.verb in ("ride", "sit") for a in draft.actions)
    return aboard or rides


def wants_nobody(negations: Iterable[str], catalogue: Catalogue) -> bool:
    """Whether "no people" or "no driver" was said: `negations` are names of recipes that must not be there."""
    return any(name in catalogue.recipes and catalogue.recipe(name).kind == "person" for name in negations)


def under_way(driver: Driver, verb: str, words: Iterable[str]) -> bool:
    """Whether a vehicle goes with somebody's help when it does `verb`, which was said in `words`."""
    return verb in driver.verbs and not set(words) & set(data("vehicles")["adrift"])


def has_room(attributes: Attributes) -> bool:
    """Whether somebody is to be on a vehicle that looks like this: it is of the right size, and not parked or driverless."""
    alone = set(data("vehicles")["unmanned_states"]) & set(attributes.states)
    return LEAST_SCALE <= attributes.scale <= MOST_SCALE and not alone


def looks_of(driver: Driver) -> Attributes:
    """What a driver wears who is added."""
    parts = (words.partition(":") for words in driver.clothing)
    return Attributes(clothing=tuple(Garment(kind=kind, colour=colour or None) for kind, _, colour in parts))


def free_id(name: str, *taken: Container[str]) -> str:
    """`name`, or with the first number from 2 on that makes it another than those `taken`."""
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(n for n in names if not any(n in others for others in taken))


def _remarks(added: list[tuple[Entity, Driver]]) -> tuple[str, ...]:
    """One sentence for each sort of driver."""
    found = {}
    for entity, driver in added:
        found.setdefault((entity.name, driver.name), []).append(entity)
    return tuple(
        f"Nobody was named on the {noun}, so a {name} was added; say “no {name}” for none."
        if len(entities) == 1
        else f"Nobody was named on the {len(entities)} vehicles called {noun}, so each has a {name}; say “no {name}” for none."
        for (noun, name), entities in found.items()
    )
