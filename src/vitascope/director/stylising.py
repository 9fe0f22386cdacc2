"""Two ways on from a wish against nature: the draft of the nearest possible version, and of the stylised one.

The stylised draft breaks one law and keeps the others: it says so by a state of the subject ("on water", "aloft") or a trait
of the set ("rising rain"), which hold for the whole shot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

from vitascope.director.draft import ActionWish, Draft, Entity, HourKey, Relation
from vitascope.director.drafting import DEFAULT_HOUR
from vitascope.director.lexicon import data
from vitascope.director.plausibility import Breach, Way
from vitascope.recipe import Catalogue

__all__ = ["ALOFT", "ON_WATER", "RISE", "SLOWEST", "TRAITS", "carry_on"]

ON_WATER = "on water"
"""The state of who stands on the surface of water as on firm ground."""
ALOFT = "aloft"
"""The state of who stands on nothing, as high as its placement says."""
TRAITS = {
    "rising_rain": "rising rain", "upstream": "flows uphill", "shadow": "shadows towards the sun",
    "silent_void": "sound without air",
}  # fmt: skip
"""Traits of the set that break a law for all that is there."""

ROUGH = 0.5
"""Wind from which water is rough."""
SMALL = 0.5
"""Metres below which a thing is framed with much room."""
LARGE = 6.0
"""Metres from which a body in the air needs room above roofs and trees."""
RISE, SLOWEST = 0.4, 0.25
"""Of its size a second [1/s] and at least [m/s]: how fast things rise."""
FEET = 0.55
"""Share of a body's length that its feet take."""

LOW_SUN = 17.95
"""The hour at which the sun is low enough to be in the picture."""
FROM_BEHIND = 30.0
"""Degrees from which a light behind the camera comes."""

Step = Callable[[Draft, Breach, Catalogue], Draft]


def carry_on(draft: Draft, breaches: Iterable[Breach], catalogue: Catalogue, *, way: Way) -> Draft:
    """The draft with each breach taken in the way that was chosen."""
    steps = NEAREST if way == "nearest" else STYLISED
    for breach in breaches:
        draft = steps[breach.kind](draft, breach, catalogue)
    return draft


# Steps ----------------------------------------------------------------------------------------------------------------


def _as_it_is(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    return draft


def _at(draft: Draft, names: Iterable[str | None], catalogue: Catalogue) -> Draft:
    """The draft set at the first of `names` that the library has."""
    place = next((name for name in names if name in catalogue.places), draft.set.place)
    return replace(draft, set=replace(draft.set, place=place))


def _where_it_was_said(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    return _at(draft, (breach.place,), catalogue)


def _with_state(draft: Draft, breach: Breach, state: str) -> Draft:
    def marked(entity: Entity) -> Entity:
        if entity.id not in breach.entities or state in entity.attributes.states:
            return entity
        states = (*entity.attributes.states, state)
        return replace(entity, attributes=entity.attributes.model_copy(update={"states": states}))

    return replace(draft, entities=tuple(marked(entity) for entity in draft.entities))


def _acting(draft: Draft, breach: Breach, verb: str, *, catalogue: Catalogue, **changes: object) -> Draft:
    """The subjects of a breach do `verb`, or what their bodies can of it; other things that they do stay."""
    kept = [action for action in draft.actions if action.entity not in breach.entities]
    fresh = []
    for name in breach.entities:
        recipe = catalogue.recipe(draft.entity(name).recipe)
        own = draft.actions_of(name) or (ActionWish(entity=name, verb=verb),)
        done = verb if verb in recipe.verbs or verb in ("rise", "hover") else catalogue.verb_for(recipe, verb)
        fresh += [replace(own[0], verb=done, words=done, **changes)]  # type: ignore[arg-type]
    actions = sorted([*fresh, *kept], key=lambda action: action.during.start)
    return replace(draft, actions=tuple(actions))


def _still(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """The subjects rest on the ground."""
    return replace(draft, actions=tuple(a for a in draft.actions if a.entity not in breach.entities))


def _related(
    draft: Draft, breach: Breach, kind: str, *, subject: str | None = None, target: str | None = None
) -> Draft:
    """The subjects stand in another relation to the other thing of a breach, which nothing else says of the two."""
    pairs = {(name, breach.other) for name in breach.entities} | {(breach.other, name) for name in breach.entities}
    kept = tuple(r for r in draft.relations if not any((r.entity, t) in pairs for t in r.targets))
    names = (subject,) if subject is not None else breach.entities
    aim = target or breach.other or ""
    fresh = tuple(Relation(kind=kind, entity=name, targets=(aim,)) for name in names)  # type: ignore[arg-type]
    return replace(draft, relations=(*kept, *fresh))


# Nearest --------------------------------------------------------------------------------------------------------------


def _ashore(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """At the shore of the water that was said, along it."""
    vehicle = any(catalogue.recipe(draft.entity(name).recipe).kind == "vehicle" for name in breach.entities)
    table = data("plausibility")["shore_roads" if vehicle else "shores"]
    draft = _at(draft, table.get(breach.place, (breach.place,)), catalogue)
    return _travelling(draft, breach, across_place="along")


def _travelling(draft: Draft, breach: Breach, **changes: object) -> Draft:
    actions = tuple(
        replace(action, **changes) if action.entity in breach.entities else action  # type: ignore[arg-type]
        for action in draft.actions
    )
    return replace(draft, actions=actions)


def _in_the_water(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    recipe = catalogue.recipe(draft.entity(breach.entities[0]).recipe)
    wet = [name for name in recipe.habitat if name in catalogue.places and catalogue.place(name).medium != "ground"]
    draft = _at(draft, (*wet, "underwater", "ocean"), catalogue)
    return _acting(draft, breach, "swim", catalogue=catalogue, direction=None, across_place=None)


def _on_a_lake(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    recipe = catalogue.recipe(draft.entity(breach.entities[0]).recipe)
    large = max(recipe.size) > 20.0
    return _at(draft, ("ocean",) if large else ("lake", *recipe.habitat), catalogue)


def _grounded(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """On the ground, with the gait that the body has for it."""
    draft = _travelling(draft, breach, direction=None)
    sky = catalogue.place(draft.set.place).medium == "air"
    recipe = catalogue.recipe(draft.entity(breach.entities[0]).recipe)
    return _at(draft, (*recipe.habitat, "meadow"), catalogue) if sky else draft


def _falling(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    falls = breach.verb == "fall"
    return (
        _acting(draft, breach, "fall", catalogue=catalogue, direction=None)
        if falls
        else _still(draft, breach, catalogue)
    )


def _beside(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    return _related(draft, breach, "next_to")


def _pushing(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    draft = _acting(draft, breach, "push", catalogue=catalogue, target=breach.other, target_relation=None)
    return _related(draft, breach, "next_to")


def _slower(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    return _travelling(draft, breach, speed=breach.speed)


def _in_the_air(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """A fire where its habitat is, or on the earth."""
    names = [name for entity in breach.entities for name in catalogue.recipe(draft.entity(entity).recipe).habitat]
    good = [n for n in names if n in catalogue.places and catalogue.place(n).medium == "ground" and n != "moon"]
    return _at(draft, (*good, "living_room", "meadow"), catalogue)


def _grounded_there(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    return _acting(draft, breach, "stand", catalogue=catalogue, direction=None)


def _silent(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    return replace(draft, cues=tuple(cue for cue in draft.cues if cue.kind != "effect"))


NEAREST: dict[str, Step] = {
    "on_water": _ashore, "sinks": _ashore, "under_water": _ashore, "out_of_water": _in_the_water,
    "dry_sailing": _on_a_lake, "no_air": _grounded_there, "unsupported": _grounded, "on_clouds": _grounded,
    "levitates": _still, "rises": _falling, "upstream": _as_it_is, "rising_rain": _as_it_is, "overload": _beside,
    "does_not_fit": _beside, "too_heavy": _pushing, "too_fast": _slower, "shadow": _as_it_is,
    "drowned_fire": _in_the_air, "airless_fire": _in_the_air, "silent_void": _silent,
}  # fmt: skip


# Stylised -------------------------------------------------------------------------------------------------------------


def _on_the_water(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """On a level surface: the water lies calm unless wind was asked for."""
    draft = _with_state(_where_it_was_said(draft, breach, catalogue), breach, ON_WATER)
    return draft if draft.set.weather.wind > ROUGH else _with_traits(draft, "calm")


def _with_traits(draft: Draft, *traits: str) -> Draft:
    features = tuple(dict.fromkeys((*draft.set.features, *traits)))
    return replace(draft, set=replace(draft.set, features=features))


def _seen(draft: Draft, framing: str, *, angle: str | None = None) -> Draft:
    """The camera shows what is under the subject, unless another one was asked for."""
    camera = draft.camera
    framing, angle = camera.framing or framing, camera.angle or angle  # type: ignore[assignment]
    return replace(draft, camera=replace(camera, framing=framing, angle=angle))


def _swimming_in_air(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    draft = _acting(_where_it_was_said(draft, breach, catalogue), breach, "swim", catalogue=catalogue, direction=None)
    high = breach.verb in ("fly", "hover") or _size(draft, breach, catalogue) > LARGE
    return _seen(_with_state(draft, breach, ALOFT), "wide", angle="aerial" if high else None)


def _running_aloft(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """The gait of the ground, high up: a running body runs on air."""
    draft = _travelling(_where_it_was_said(draft, breach, catalogue), breach, direction=None)
    verb = "drive" if catalogue.recipe(draft.entity(breach.entities[0]).recipe).kind == "vehicle" else "run"
    if not any(draft.actions_of(name) for name in breach.entities):
        draft = _acting(draft, breach, verb, catalogue=catalogue)
    if catalogue.place(draft.set.place).medium != "ground":
        draft = _at(draft, ("sky",), catalogue)
    return _seen(_with_state(draft, breach, ALOFT), "wide", angle="aerial")


def _hovering(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    draft = _acting(draft, breach, "hover", catalogue=catalogue, direction=None)
    return _seen(_with_state(draft, breach, ALOFT), _framing(draft, breach, catalogue))


def _framing(draft: Draft, breach: Breach, catalogue: Catalogue) -> str:
    """So wide that the ground is in the picture with what hangs over it."""
    return "extreme_wide" if _size(draft, breach, catalogue) < SMALL else "wide"


def _size(draft: Draft, breach: Breach, catalogue: Catalogue) -> float:
    entity = draft.entity(breach.entities[0])
    return max(catalogue.recipe(entity.recipe).size) * entity.attributes.scale


def _rising(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """Slowly for its size, so that the ground below it is seen to sink away."""
    speed = max(SLOWEST, RISE * _size(draft, breach, catalogue))
    draft = _acting(draft, breach, "rise", catalogue=catalogue, direction="up", speed=speed)
    return _seen(_with_state(draft, breach, ALOFT), _framing(draft, breach, catalogue))


def _with_trait(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    return _with_traits(draft, TRAITS[breach.kind])


def _against_the_sun(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """With the low sun in the picture, unless another hour was said, and the shadows towards it."""
    hours = draft.set.hours
    plain = len(hours) == 1 and hours[0].hour == DEFAULT_HOUR
    low = (HourKey(at=Fraction(0), hour=LOW_SUN),) if plain else hours
    light = draft.light if draft.light.azimuth is not None else draft.light.model_copy(update={"azimuth": FROM_BEHIND})
    draft = replace(draft, set=replace(draft.set, hours=low), light=light)
    return _with_traits(draft, TRAITS[breach.kind])


def _uphill(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    return _with_traits(_at(draft, ("river",), catalogue), TRAITS[breach.kind])


def _fitted(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """Who has no room for the feet on what carries it is as small as it must be."""
    other = catalogue.recipe(draft.entity(breach.other or "").recipe)
    recipe = catalogue.recipe(draft.entity(breach.entities[0]).recipe)
    if other.kind != "prop":
        return draft
    top = max(other.size[0], other.size[2]) * draft.entity(breach.other or "").attributes.scale
    feet = FEET * max(recipe.size[0], recipe.size[2])
    scale = draft.entity(breach.entities[0]).attributes.scale
    return _scaled(draft, breach, max(0.011, min(scale, top / feet)))


def _shrunk(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """Small enough to stand in what should hold it."""
    other = draft.entity(breach.other or "")
    room = min(catalogue.recipe(other.recipe).size) * other.attributes.scale
    name = breach.entities[0]
    size = max(catalogue.recipe(draft.entity(name).recipe).size)
    return _scaled(draft, breach, max(0.011, 1.1 * room / size))


def _scaled(draft: Draft, breach: Breach, scale: float) -> Draft:
    def small(entity: Entity) -> Entity:
        if entity.id not in breach.entities:
            return entity
        return replace(entity, attributes=entity.attributes.model_copy(update={"scale": scale}))

    return replace(draft, entities=tuple(small(entity) for entity in draft.entities))


def _lifted(draft: Draft, breach: Breach, catalogue: Catalogue) -> Draft:
    """The load hangs over the head of who lifts it."""
    load = replace(breach, entities=(breach.other or "",))
    draft = _acting(draft, breach, "hold", catalogue=catalogue, target=None, target_relation=None, manner=("overhead",))
    draft = _still(_with_state(draft, load, ALOFT), load, catalogue)
    return _related(draft, breach, "above", subject=breach.other, target=breach.entities[0])


STYLISED: dict[str, Step] = {
    "on_water": _on_the_water, "sinks": _on_the_water, "under_water": _where_it_was_said,
    "out_of_water": _swimming_in_air, "dry_sailing": _where_it_was_said, "no_air": _where_it_was_said,
    "unsupported": _running_aloft, "on_clouds": _running_aloft, "levitates": _hovering, "rises": _rising,
    "upstream": _uphill, "rising_rain": _with_trait, "overload": _fitted, "does_not_fit": _shrunk,
    "too_heavy": _lifted, "too_fast": _as_it_is, "shadow": _against_the_sun, "drowned_fire": _where_it_was_said,
    "airless_fire": _where_it_was_said, "silent_void": _with_trait,
}  # fmt: skip
