"""Who drives after an edit: whatever begins to drive or comes driving gets a driver, and added drivers go with their vehicle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from vitascope.director.crewing import free_id, has_room, looks_of, under_way
from vitascope.film import (
    Action,
    AddSubject,
    Change,
    Film,
    FilmOperation,
    Placement,
    RemoveSubject,
    Shot,
    ShotOperation,
    Span,
    Subject,
)
from vitascope.recipe import Catalogue, Driver

__all__ = ["Relief", "relief"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relief:
    """Operations that come after those of an edit, and what they come to, as short sentences without a full stop."""

    operations: tuple[FilmOperation, ...] = ()
    said: tuple[str, ...] = ()


def relief(before: Film, after: Film, catalogue: Catalogue) -> Relief:
    """Who is to come and to go on vehicles, now that the film `before` has become `after`.

    Vehicles that drove already are left as they are: a driver who was taken off does not come back.
    """
    known = {shot.id: shot for shot in before.shots}
    taken = {s.id for film in (before, after) for shot in film.shots for s in shot.subjects}
    operations: list[FilmOperation] = []
    said: list[str] = []
    for shot in after.shots:
        if shot.id not in known:
            continue
        steps = [*_leaving(known[shot.id], shot, catalogue), *_coming(known[shot.id], shot, catalogue, taken)]
        only = () if len(after.shots) == 1 else (shot.id,)
        operations += [Change(what=what, shots=only) for what, _ in steps]
        said += [words for _, words in steps if words and words not in said]
    return Relief(operations=tuple(operations), said=tuple(said))


def _leaving(before: Shot, after: Shot, catalogue: Catalogue) -> Iterator[tuple[ShotOperation, str]]:
    """Drivers whom nobody named go with what they drove, and leave what is driverless now."""
    now = {subject.id: subject for subject in after.subjects}
    for subject in before.subjects:
        vehicle = next((s for s in before.subjects if s.id == subject.placement.on), None)
        if vehicle is None or subject.id not in now:
            continue
        driver = catalogue.recipe(vehicle.recipe).driver
        if driver is None or subject.name != driver.name or subject.placement.socket != "seat":
            continue
        left = now.get(vehicle.id)
        if left is None or catalogue.recipe(left.recipe).driver is None:
            yield RemoveSubject(subject=subject.id), ""
        elif has_room(vehicle.attributes) and not has_room(left.attributes):
            yield RemoveSubject(subject=subject.id), f"nobody is on the {left.name}"


def _coming(
    before: Shot, after: Shot, catalogue: Catalogue, taken: set[str]
) -> Iterator[tuple[ShotOperation, str]]:  # fmt: skip
    was = {subject.id: subject for subject in before.subjects}
    aboard = {subject.placement.on for subject in after.subjects}
    for vehicle in after.subjects:
        driver = catalogue.recipe(vehicle.recipe).driver
        if driver is None or driver.person not in catalogue.recipes or vehicle.id in aboard:
            continue
        drove = vehicle.id in was and _drives(was[vehicle.id], driver)
        if _drives(vehicle, driver) and not drove and has_room(vehicle.attributes):
            newcomer = _newcomer(vehicle, driver, free_id(driver.name, taken), after, catalogue)
            taken.add(newcomer.id)
            yield AddSubject(subject=newcomer), f"there is a {driver.name} on the {vehicle.name}"


def _drives(vehicle: Subject, driver: Driver) -> bool:
    return any(under_way(driver, a.verb, a.manner) for a in vehicle.actions)


def _newcomer(vehicle: Subject, driver: Driver, name: str, shot: Shot, catalogue: Catalogue) -> Subject:
    verb = catalogue.verb_for(catalogue.recipe(driver.person), "ride")
    whole = Span(start=Fraction(0), end=shot.duration)
    return Subject(
        id=name, recipe=driver.person, name=driver.name, attributes=looks_of(driver),
        placement=Placement(facing=driver.facing, on=vehicle.id, socket="seat"),
        actions=(Action(verb=verb, span=whole, target=vehicle.id),),
    )  # fmt: skip
