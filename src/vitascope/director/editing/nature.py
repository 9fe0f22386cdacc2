"""Instructions against nature: what is impossible about one, and the two edits that lead on."""

from __future__ import annotations

from collections.abc import Callable

from vitascope.director.editing.reply import Choice, Impossible
from vitascope.director.lexicon import data
from vitascope.director.plausibility import Breach, impossible_wishes
from vitascope.director.scene import Scene
from vitascope.director.staging import ALOFT_LEAST
from vitascope.director.stylising import ALOFT, ON_WATER, RISE, SLOWEST, TRAITS
from vitascope.film import (
    Action,
    AttributesChange,
    Change,
    ChangeSet,
    ChangeSubject,
    Edit,
    Film,
    Placement,
    Shot,
    ShotOperation,
    Subject,
    apply,
)
from vitascope.recipe import Catalogue

__all__ = ["against_nature"]

OVER_ROOFS = 33.0
"""Metres above the ground at which somebody goes over houses and trees."""
GAITS = ("run", "walk", "drive")
"""How bodies of the land go, the liveliest first."""
Steps = Callable[[Shot, Subject | None, Breach, Catalogue], list[ShotOperation]]


def against_nature(before: Film, scene: Scene, edit: Edit, catalogue: Catalogue) -> Impossible | None:
    """What is impossible about an instruction, or None.

    `scene` is the instruction as it was read, with the ids of the subjects of `before` on its things; `edit` is what it comes
    to without regard to nature. Each choice is that edit and the operations that lead to its version; a version that the
    film shows already is no choice.
    """
    breaches = impossible_wishes(scene, catalogue)
    if not breaches:
        return None
    after = apply(before, edit)
    first = breaches[0]
    ways = (
        Choice(label=first.nearest, edit=_with(edit, after, breaches, catalogue, NEAREST)),
        Choice(label=f"{first.stylised}, stylised", edit=_with(edit, after, breaches, catalogue, STYLISED)),
    )
    choices = tuple(way for way in ways if apply(before, way.edit) != before)
    text = " ".join(breach.why for breach in breaches)
    return Impossible(text=text, choices=choices) if choices else None


def _with(edit: Edit, after: Film, breaches: tuple[Breach, ...], catalogue: Catalogue, table: dict[str, Steps]) -> Edit:
    more = []
    for breach in breaches:
        for shot in after.shots:
            subject = next((s for s in shot.subjects if s.id in breach.entities), None)
            if subject is None and breach.entities:
                continue
            only = () if len(after.shots) == 1 else (shot.id,)
            more += [Change(what=what, shots=only) for what in table[breach.kind](shot, subject, breach, catalogue)]
    return Edit(operations=(*edit.operations, *more))


# Steps ----------------------------------------------------------------------------------------------------------------


def _nothing(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    return []


def _to(shot: Shot, names: tuple[str | None, ...], catalogue: Catalogue) -> list[ShotOperation]:
    place = next((name for name in names if name in catalogue.places), None)
    return [ChangeSet(place=place)] if place is not None and place != shot.set.place else []


def _ashore(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    vehicle = subject is not None and catalogue.recipe(subject.recipe).kind == "vehicle"
    water = breach.place or shot.set.place
    names = data("plausibility")["shore_roads" if vehicle else "shores"].get(water, (water,))
    return _to(shot, tuple(names), catalogue)


def _home(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    """Where the body lives."""
    habitat = catalogue.recipe(subject.recipe).habitat if subject is not None else ()
    return _to(shot, tuple(habitat), catalogue)


def _swimming_home(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    return [*_home(shot, subject, breach, catalogue), *_swimming(subject)]


def _swimming(subject: Subject | None) -> list[ShotOperation]:
    if subject is None or not subject.actions:
        return []
    actions = tuple(a.model_copy(update={"verb": "swim"}) if a.path else a for a in subject.actions)
    return [ChangeSubject(subject=subject.id, actions=actions)]


def _resting(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    return [ChangeSubject(subject=subject.id, actions=())] if subject is not None and subject.actions else []


def _beside(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    other = next((s for s in shot.subjects if s.id == breach.other), None)
    if subject is None or other is None:
        return []
    reach = sum(max(catalogue.recipe(s.recipe).size) * s.attributes.scale / 2 for s in (subject, other))
    x, _, z = other.placement.position
    placement = Placement(position=(round(x + reach + 0.2, 3), 0.0, z), facing=subject.placement.facing)
    return [ChangeSubject(subject=subject.id, placement=placement)]


def _as_fast_as_it_is(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    """Along as much of the way as the body makes in the time."""
    if subject is None or breach.speed is None:
        return []
    start = subject.placement.position
    actions = tuple(_no_faster(a, start, breach.speed) for a in subject.actions)
    return [ChangeSubject(subject=subject.id, actions=actions)] if actions != subject.actions else []


def _no_faster(action: Action, start: tuple[float, float, float], speed: float) -> Action:
    if not action.path:
        return action
    length = sum((p - s) ** 2 for p, s in zip(action.path[-1], start, strict=True)) ** 0.5
    share = min(1.0, speed * float(action.span.length) / max(length, 1e-6))
    path = tuple(tuple(s + share * (p - s) for p, s in zip(point, start, strict=True)) for point in action.path)
    return action.model_copy(update={"path": path})


def _under_way(shot: Shot, subject: Subject, catalogue: Catalogue) -> tuple[Action, ...]:
    """What it does, or the way that it goes on the ground where it goes none."""
    recipe = catalogue.recipe(subject.recipe)
    gait = next((verb for verb in GAITS if verb in recipe.verbs), None)
    if gait is None or any(action.path for action in subject.actions):
        return subject.actions
    x, y, z = subject.placement.position
    far = min(recipe.speed.get(gait, 2.0) * float(shot.duration), catalogue.place(shot.set.place).room)
    way = {"verb": gait, "span": {"start": 0, "end": shot.duration}, "path": ((x + far, y, z),)}
    return (Action.model_validate(way),)


def _grounded(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    if subject is None:
        return []
    actions = _under_way(shot, subject, catalogue)
    return [ChangeSubject(subject=subject.id, actions=actions, recompose=True)] if actions != subject.actions else []


def _marked(subject: Subject, state: str) -> AttributesChange | None:
    states = subject.attributes.states
    return None if state in states else AttributesChange(states=(*states, state))


def _on_water(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    if subject is None:
        return []
    there = [] if catalogue.place(shot.set.place).water else _to(shot, (breach.place,), catalogue)
    marked = [ChangeSubject(subject=subject.id, attributes=_marked(subject, ON_WATER), recompose=True)]
    return [*there, ChangeSet(add_features=("calm",)), *marked]


def _aloft(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    """As high as its kind of wish asks, with all that it does."""
    if subject is None:
        return []
    recipe = catalogue.recipe(subject.recipe)
    tall = recipe.size[1] * subject.attributes.scale
    flies = breach.kind in ("unsupported", "on_clouds")
    rises = breach.kind == "rises"
    height = OVER_ROOFS if flies else 0.0 if rises else max(recipe.altitude, ALOFT_LEAST + 0.5 * tall)
    x, y, z = subject.placement.position
    lift = max(0.0, height - y)
    raised = subject.placement.model_copy(update={"position": (x, y + lift, z)})
    going = _under_way(shot, subject, catalogue) if flies else subject.actions
    actions = tuple(a.model_copy(update={"path": tuple((p[0], p[1] + lift, p[2]) for p in a.path)}) for a in going)
    if rises:
        top = y + max(SLOWEST, RISE * max(recipe.size) * subject.attributes.scale) * float(shot.duration)
        whole = {"verb": "rise", "span": {"start": 0, "end": shot.duration}, "path": ((x, top, z),)}
        actions = (Action.model_validate(whole),)
    return [
        ChangeSubject(
            subject=subject.id, placement=raised, actions=actions, attributes=_marked(subject, ALOFT), recompose=True
        )
    ]


def _swimming_aloft(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    place = _to(shot, (breach.place,), catalogue)
    if subject is None:
        return place
    swims = tuple(a.model_copy(update={"verb": "swim"}) if a.path else a for a in subject.actions)
    return [*place, *_aloft(shot, subject.model_copy(update={"actions": swims}), breach, catalogue)]


def _there(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    return _to(shot, (breach.place,), catalogue)


def _trait(shot: Shot, subject: Subject | None, breach: Breach, catalogue: Catalogue) -> list[ShotOperation]:
    return [ChangeSet(add_features=(TRAITS[breach.kind],))]


NEAREST: dict[str, Steps] = {
    "on_water": _ashore, "sinks": _ashore, "under_water": _ashore, "out_of_water": _swimming_home, "dry_sailing": _home,
    "no_air": _resting, "unsupported": _grounded, "on_clouds": _grounded, "levitates": _resting, "rises": _resting,
    "upstream": _nothing, "rising_rain": _nothing, "overload": _beside, "does_not_fit": _beside, "too_heavy": _nothing,
    "too_fast": _as_fast_as_it_is, "shadow": _nothing, "drowned_fire": _home, "airless_fire": _home,
    "silent_void": _nothing,
}  # fmt: skip
STYLISED: dict[str, Steps] = {
    "on_water": _on_water, "sinks": _on_water, "under_water": _there, "out_of_water": _swimming_aloft,
    "dry_sailing": _there, "no_air": _there, "unsupported": _aloft, "on_clouds": _aloft, "levitates": _aloft,
    "rises": _aloft, "upstream": _trait, "rising_rain": _trait, "overload": _nothing, "does_not_fit": _nothing,
    "too_heavy": _nothing, "too_fast": _nothing, "shadow": _trait, "drowned_fire": _there, "airless_fire": _there,
    "silent_void": _trait,
}  # fmt: skip
