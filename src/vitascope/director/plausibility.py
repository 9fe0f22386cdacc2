"""Wishes against nature: which law they break, why, the nearest possible version and the stylised one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from vitascope.director.lexicon import data
from vitascope.director.morphology import noun_lemmas
from vitascope.director.scene import Scene, Thing, Wish
from vitascope.director.tokens import tokenise
from vitascope.recipe import Catalogue, Recipe

__all__ = ["Breach", "Law", "Way", "impossible_wishes"]

Law = Literal["medium", "support", "gravity", "speed", "light", "size", "strength", "fire", "sound"]
Way = Literal["nearest", "stylised"]
"""What is shown of an impossible wish."""
MOVES = frozenset(("walk", "run", "drive", "ride", "dance", "crawl"))
BODIES = frozenset(("person", "animal", "vehicle", "bird"))
ON = frozenset(("on", "upon", "onto", "on top of", "atop"))
LIGHT_LOAD = 2.0
"""Kilograms below which nobody asks what carries them."""
RESTS = frozenset(("", "stand", "sit", "lie", "look", "hide", "talk", "eat", "play"))
ON_IT = RESTS | {"ride", "walk", "run", "dance", "jump", "climb"}
"""What is done on the top of something."""
FLIGHTS = frozenset(("fly", "soar", "flutter", "hover", "levitate"))
ABOVE = frozenset(("over", "above", "high above", "across", "past", "around", "among", "through", "between"))
AIR = frozenset(("sky", "air", "mid air", "midair", "cloud", "night sky", "blue sky"))
THROUGH_LAND = frozenset(("in", "on", "through", "across", "along", "down", "up", "over", "above", "around", "into", "among",
                          "between", "past", "throughout", "amidst", "inside", "at"))  # fmt: skip
"""How something is where it is said to move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One wish that nature does not allow."""

    kind: str
    """A key of `kinds` in plausibility.yaml."""
    law: Law
    who: str
    """The subject with its article ("the car")."""
    why: str
    """In a sentence, with the recipe's numbers."""
    nearest: str
    """What the subject does in the nearest possible version, as a verb phrase ("drive along the shore")."""
    stylised: str
    """What it does in the stylised version."""
    entities: tuple[str, ...] = ()
    other: str | None = None
    """The entity that should carry, hold or be lifted."""
    place: str | None = None
    """The place that was said, as a place recipe."""
    verb: str | None = None
    """The verb of the catalogue that was wished for."""
    speed: float | None = None
    """The most that the body reaches [m/s], where a speed was the wish."""

    def remark(self, way: Way) -> str:
        """What is impossible and why, what the film shows, and how to get the other version."""
        if way == "stylised":
            return f"{self.why} As you chose, the film lets {self.who} {self.stylised} all the same."
        return (
            f"{self.why} The film lets {self.who} {self.nearest} instead; "
            f"choose “stylised” for what is impossible to let {self.who} {self.stylised}."
        )


@dataclass(frozen=True, slots=True)
class _Case:
    """The scene with what the laws ask of it."""

    scene: Scene
    wishes: tuple[Wish, ...]
    """Those of the scene whose things are still on it."""
    catalogue: Catalogue
    words: frozenset[str]
    rules: Any

    def recipe(self, thing: Thing) -> Recipe:
        return self.catalogue.recipes[thing.recipe]

    def mass(self, thing: Thing) -> float:
        return self.recipe(thing).mass * float(thing.attributes.get("scale", 1.0)) ** 3

    def says(self, *tables: str) -> bool:
        """Whether the text has a word of one of the tables."""
        return any(self.words & set(self.rules[name]) for name in tables)

    def named(self, thing: Thing, table: str) -> bool:
        names = {thing.name, thing.recipe.replace("_", " "), thing.name.split()[-1]}
        return bool(names & set(self.rules[table]))

    def place(self, wish: Wish, words: frozenset[str] = THROUGH_LAND) -> str | None:
        """The place at which a wish was said to happen: its own, or the scene's."""
        own = next((spot.place for spot in wish.where if spot.place and spot.word in words), None)
        return own or (self.scene.place if self.scene.place_said else None)


def impossible_wishes(scene: Scene, catalogue: Catalogue) -> tuple[Breach, ...]:
    """The wishes on a scene, whose things have their ids, that nature does not allow; one for each subject and kind."""
    words = {token.lower for token in tokenise(scene.text) if token.is_word}
    words |= {lemma for word in words for lemma in noun_lemmas(word)}
    wishes = tuple(wish for wish in scene.wishes if set(map(id, wish.things)) <= set(map(id, scene.things)))
    case = _Case(scene, wishes, catalogue, frozenset(words), data("plausibility"))
    if case.says("not_real"):
        return tuple(_light(case))
    found = [breach for law in LAWS for breach in law(case)]
    unique: dict[tuple[str, tuple[str, ...]], Breach] = {}
    for breach in found:
        unique.setdefault((breach.kind, breach.entities), breach)
    taken: set[str] = set()
    kept = []
    for breach in unique.values():
        if not taken & set(breach.entities):
            kept.append(breach)
            taken.update(breach.entities)
    return tuple(kept)


# Medium ---------------------------------------------------------------------------------------------------------------


def _on_water(case: _Case) -> Iterator[Breach]:
    """Bodies of the land on the surface of water."""
    if case.says("carried_over_water", "wonders") or case.scene.weather.get("snow"):
        return
    boats = any(case.recipe(thing).medium == "water" and thing.kind == "vehicle" for thing in case.scene.things)
    for wish in case.wishes:
        for spot in wish.where:
            surface = spot.head in case.rules["surfaces"] or spot.word.endswith("surface of")
            surface = surface and spot.noun in case.rules["water"]
            upon = spot.word in ON and spot.noun in case.rules["water"]
            vast = spot.word == "across" and spot.noun in case.rules["open_water"]
            for thing in wish.things:
                body = thing.kind in BODIES and case.recipe(thing).medium == "ground" and case.mass(thing) > 1.0
                drives = thing.kind == "vehicle" and wish.act in ("drive", "ride")
                carried = any(bond.thing is thing and bond.kind in ("on", "in") for bond in case.scene.bonds)
                steps = wish.act in MOVES or (wish.verb == "stand" and spot.noun in ("water", "wave"))
                if not body or carried or boats or wish.verb in case.rules["afloat"]:
                    continue
                if (steps and (upon or surface)) or (drives and vast):
                    place = spot.place or case.scene.place or "ocean"
                    yield _breach(case, "on_water", thing, wish=wish, place=place)


def _sinks(case: _Case) -> Iterator[Breach]:
    for wish in case.wishes:
        afloat = wish.verb in ("float", "bob", "drift", "swim")
        spot = next((s for s in wish.where if s.word in ON and s.noun in case.rules["water"]), None)
        for thing in wish.things if afloat and spot is not None else ():
            if case.named(thing, "sinking"):
                yield _breach(
                    case, "sinks", thing, wish=wish, place=(spot and spot.place) or case.scene.place or "lake"
                )


def _under_water(case: _Case) -> Iterator[Breach]:
    for wish in case.wishes:
        deep = _is_under_water(case, wish)
        for thing in wish.things if deep and wish.act in ("drive", "ride", "fly") else ():
            recipe = case.recipe(thing)
            if thing.kind == "vehicle" and recipe.medium in ("ground", "air") and not case.says("wonders"):
                yield _breach(case, "under_water", thing, wish=wish, place="underwater")


def _is_under_water(case: _Case, wish: Wish) -> bool:
    below = any(spot.word in ("under", "below", "beneath", "underneath") and spot.noun in case.rules["water"]
                for spot in wish.where)  # fmt: skip
    return below or case.place(wish) == "underwater" or any(s.place == "underwater" for s in wish.where)


def _out_of_water(case: _Case) -> Iterator[Breach]:
    """Fish on foot, and swimmers where there is no water."""
    for wish in case.wishes:
        place = case.place(wish)
        dry = place is not None and not case.catalogue.places[place].water
        dry = dry and case.catalogue.places[place].medium in ("ground", "air", "space")  # type: ignore[index]
        for thing in wish.things:
            recipe = case.recipe(thing)
            fishy = thing.kind == "fish" or recipe.family in ("fish", "swimmer")
            if not fishy or case.mass(thing) < 0.01 or wish.passive:
                continue
            legless = thing.kind == "fish" or recipe.family == "fish"
            walks = legless and wish.act in ("walk", "run", "ride", "drive", "dance", "climb") and place != "underwater"
            walks = walks and wish.verb in ("walk", "run", "stroll", "jog", "march", "dance", "sprint", "hike", "gallop",
                                            "wander", "tiptoe", "stride", "step", "stand", "crawl")  # fmt: skip
            wet = case.says("in_water") or case.named(thing, "amphibious")
            swims = dry and wish.act in ("swim", "fly", "hover") and not wet
            flies = wish.act in ("fly", "hover") and (dry or wish.direction == "up") and not wet
            if walks or swims or flies:
                yield _breach(case, "out_of_water", thing, wish=wish, place=place)


def _dry_sailing(case: _Case) -> Iterator[Breach]:
    """Boats under way where there is no water."""
    if case.says("in_water"):
        return
    for wish in case.wishes:
        place = case.place(wish)
        dry = (
            place is not None
            and case.catalogue.places[place].medium == "ground"
            and (not case.catalogue.places[place].water)
        )
        for thing in (*wish.things, *wish.targets) if dry and wish.act in ("sail", "swim", "drive") else ():
            if case.recipe(thing).family == "boat" and case.recipe(thing).medium == "water":
                yield _breach(case, "dry_sailing", thing, wish=wish, place=place)


def _no_air(case: _Case) -> Iterator[Breach]:
    """Wings and rotors where there is no air."""
    for wish in case.wishes:
        airless = case.place(wish) in ("moon", "space")
        for thing in wish.things if airless and wish.act in ("fly", "hover", "land", "rise") else ():
            recipe = case.recipe(thing)
            exact = thing.name == recipe.name.replace("_", " ")
            winged = thing.kind in ("bird", "insect") or (recipe.name in case.rules["needs_air"] and exact)
            if winged and "fly" in recipe.verbs and not case.says("wonders"):
                yield _breach(case, "no_air", thing, wish=wish, place=case.place(wish))


# Gravity --------------------------------------------------------------------------------------------------------------


def _in_the_air(case: _Case) -> Iterator[Breach]:
    """What flies, hangs, rises or falls up with nothing to hold it."""
    weightless = case.scene.place in ("space", "underwater")
    for wish in case.wishes:
        if weightless or wish.passive or case.says("wonders", "lifts"):
            continue
        for thing in wish.things:
            kind = _aloft(case, wish, thing)
            if kind is not None:
                yield _breach(case, kind, thing, wish=wish, place=case.place(wish))


def _aloft(case: _Case, wish: Wish, thing: Thing) -> str | None:
    recipe = case.recipe(thing)
    grounded = recipe.medium == "ground" or (recipe.medium == "water" and recipe.family == "boat")
    if not grounded or case.mass(thing) < 0.03 or case.named(thing, "light_things"):
        return None
    flies = recipe.kind not in ("prop", "building", "plant") and "fly" in recipe.verbs
    if recipe.kind == "phenomenon" or flies or _is_carried(case, thing):
        return None
    sky = any(spot.noun in AIR and spot.word in ("in", "through", "across", "into") for spot in wish.where)
    above = any(spot.word in ABOVE for spot in wish.where)
    high = sky or above or (recipe.kind != "person" and (wish.direction == "up" or wish.through_air))
    if recipe.kind in BODIES and wish.verb in FLIGHTS:
        if wish.verb in ("hover", "levitate"):
            return "levitates"
        unaided = not wish.targets and (high or (not wish.where and recipe.kind != "person"))
        return "unsupported" if unaided else None
    if any(s.noun in ("cloud", "clouds") and s.word in (*ON, "across") for s in wish.where) and wish.act in (
        *MOVES,
        "stand",
    ):
        return "on_clouds"
    stays = wish.through_air or sky
    if case.says("liquid") and wish.verb in ("float", "drift", "rise") and not stays:
        return None
    floats = wish.verb in case.rules["hovering"]
    if floats and (stays or wish.verb in ("levitate", "hover")) and wish.verb != "drift":
        return "levitates" if recipe.kind not in ("building", "plant") or stays else None
    if wish.direction == "up" and wish.verb in case.rules["rising"]:
        if recipe.kind in ("person", "animal") and wish.verb in ("rise", "ascend"):
            return None
        return "rises"
    return None


def _is_carried(case: _Case, thing: Thing) -> bool:
    return any(
        bond.thing is thing and bond.kind in ("held_by", "hangs_from", "in", "worn_by") for bond in case.scene.bonds
    )


def _uphill(case: _Case) -> Iterator[Breach]:
    """Water that runs uphill, and rain that rises."""
    if case.says("pumped"):
        return
    for wish in case.wishes:
        up = wish.direction == "up"
        climbs = up or any(s.word in ("up", "up to") and s.noun in case.rules["heights"] for s in wish.where)
        if wish.noun in case.rules["liquids"] and wish.verb in case.rules["flowing"] and climbs:
            yield _breach(case, "upstream", None, wish=wish, who=wish.noun, place=case.scene.place)
        elif (
            wish.noun in case.rules["drops"]
            and (up or wish.verb in ("rise", "ascend"))
            and wish.verb in (*case.rules["rising"], *case.rules["flowing"], "fly")
        ):
            yield _breach(case, "rising_rain", None, wish=wish, who=wish.noun)


# Support, size and strength -------------------------------------------------------------------------------------------


def _loads(case: _Case) -> Iterator[Breach]:
    """Who stands on or in what cannot carry or hold it."""
    for bond in case.scene.bonds:
        if bond.kind not in ("on", "in") or not bond.targets:
            continue
        thing, other = bond.thing, bond.targets[0]
        if thing.kind not in ("person", "animal", "vehicle", "bird", "fish") or _is_carried(case, other):
            continue
        if case.mass(thing) < LIGHT_LOAD:
            continue
        rests = all(wish.act in RESTS for wish in case.wishes if thing in wish.things)
        goes_by_it = all(wish.act in ON_IT for wish in case.wishes if thing in wish.things)
        known = other.recipe in case.rules["bears"] or other.kind in ("vehicle", "animal", "person", "bird")
        if bond.kind == "on" and known and goes_by_it:
            most = _bears(case, other)
            if case.mass(thing) > case.rules["overload"] * most:
                yield _breach(case, "overload", thing, other=other, load=most)
        elif bond.kind == "in" and rests and other.recipe in case.rules["holds"]:
            scale = float(thing.attributes.get("scale", 1.0))
            room = max(case.recipe(other).size) * float(other.attributes.get("scale", 1.0))
            if sorted(case.recipe(thing).size)[0] * scale > case.rules["too_large"] * room:
                yield _breach(case, "does_not_fit", thing, other=other)


def _bears(case: _Case, other: Thing) -> float:
    """Kilograms that a thing carries."""
    recipe, rules = case.recipe(other), case.rules
    scale = float(other.attributes.get("scale", 1.0)) ** 2
    if recipe.name in rules["bears"]:
        return float(rules["bears"][recipe.name]) * scale
    least = rules["bears_least"].get(recipe.kind, 0.0)
    extra = least if recipe.kind == "vehicle" else 0.0
    return max(least, rules["bears_times"].get(recipe.kind, 1.0) * recipe.mass * other.count + extra) * scale


def _lifting(case: _Case) -> Iterator[Breach]:
    """Who lifts what is too heavy for it."""
    for wish in case.wishes:
        if wish.verb not in case.rules["lifting"] or wish.passive or case.says("engines"):
            continue
        for thing in wish.things[:1]:
            recipe = case.recipe(thing)
            most = case.rules["lifts_most"].get(recipe.kind)
            most = most or case.rules["lifts_times"].get(recipe.kind, 0.0) * case.mass(thing)
            heavy = next((other for other in wish.targets if case.mass(other) > case.rules["overload"] * most), None)
            if heavy is not None and recipe.kind in ("person", "animal", "bird", "insect") and not case.says("wonders"):
                yield _breach(case, "too_heavy", thing, other=heavy, load=most, wish=wish)


# Speed, light, fire and sound -----------------------------------------------------------------------------------------


def _speeds(case: _Case) -> Iterator[Breach]:
    for wish in case.wishes:
        for thing in wish.things if wish.speed is not None and not case.says("wonders") else ():
            top = _top_speed(case, thing)
            if (
                wish.speed is not None
                and wish.speed > case.rules["too_fast"] * top
                and case.recipe(thing).medium != "space"
            ):
                yield _breach(case, "too_fast", thing, wish=wish, top=top)


def _top_speed(case: _Case, thing: Thing) -> float:
    rules, recipe = case.rules, case.recipe(thing)
    named = rules["fastest"].get(thing.name.replace(" ", "_"))
    return float(named or rules["fastest"].get(recipe.name) or rules["fastest_of"][recipe.kind])


def _light(case: _Case) -> Iterator[Breach]:
    text = " ".join(token.lower for token in tokenise(case.scene.text))
    for pattern in case.rules["shadows"]:
        match = re.search(pattern, text)
        if match and not set(match.group().split()) & set(case.rules["shadows_not"]):
            yield _breach(case, "shadow", None, who="shadow")
            return


def _fire(case: _Case) -> Iterator[Breach]:
    for wish in case.wishes:
        if wish.verb not in case.rules["burning"]:
            continue
        deep = _is_under_water(case, wish)
        airless = case.place(wish) in ("moon", "space")
        kind = "drowned_fire" if deep else "airless_fire" if airless else None
        if kind is None:
            continue
        for thing in wish.things:
            if case.named(thing, "flames"):
                yield _breach(case, kind, thing, wish=wish, place=case.place(wish))
        if not wish.things and wish.noun in case.rules["flames"]:
            yield _breach(case, kind, None, wish=wish, who=wish.noun, place=case.place(wish))


def _sound(case: _Case) -> Iterator[Breach]:
    airless = case.scene.place == "moon" or (case.scene.place == "space" and case.scene.place_said)
    if airless and case.says("heard") and not case.says("seen_as_heard") and not case.scene.silent:
        yield _breach(case, "silent_void", None, who="sound")


LAWS: tuple[Callable[[_Case], Iterable[Breach]], ...] = (
    _on_water, _sinks, _under_water, _out_of_water, _dry_sailing, _no_air, _in_the_air, _uphill, _loads, _lifting, _speeds,
    _light, _fire, _sound,
)  # fmt: skip


# Sentences ------------------------------------------------------------------------------------------------------------


def _breach(
    case: _Case, kind: str, thing: Thing | None, *, wish: Wish | None = None, other: Thing | None = None,
    who: str = "", place: str | None = None, load: float = 0.0, top: float = 0.0,
) -> Breach:  # fmt: skip
    row = case.rules["kinds"][kind]
    name = thing.name if thing is not None else who
    verb = wish.verb if wish is not None else ""
    grounded = (
        verb if verb in ("walk", "run", "drive", "stand") else "drive" if thing and thing.kind == "vehicle" else "run"
    )
    fields = {
        "a": _one(name), "A": _capital(_one(name)), "verb": verb, "grounded": grounded,
        "mass": _kilograms(case.mass(thing)) if thing else "", "load": _kilograms(load),
        "speed": _pace(wish.speed) if wish is not None and wish.speed is not None else "", "top": _pace(top),
        "other": f"the {other.name}" if other else "", "Other": f"The {other.name}" if other else "",
        "other_mass": _kilograms(case.mass(other)) if other else "",
        "size": _metres(case, thing), "other_size": _metres(case, other),
    }  # fmt: skip
    person = thing is not None and thing.kind == "person"
    why = row["person"] if person and "person" in row else row["why"]
    falls = wish is not None and wish.verb in ("fall", "drop") and "falls" in row
    return Breach(
        kind=kind,
        law=row["law"],
        who=f"the {name}",
        why=why.format(**fields),
        nearest=(row["falls"] if falls else row["nearest"]).format(**fields),
        stylised=row["stylised"].format(**fields),
        entities=thing.ids if thing is not None else (),
        other=other.ids[0] if other is not None else None,
        place=place,
        verb=wish.act if wish is not None else None,
        speed=top or None,
    )


def _one(name: str) -> str:
    return f"an {name}" if name[:1] in "aeiou" else f"a {name}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _kilograms(mass: float) -> str:
    return f"{mass:,.0f} kg" if mass >= 1 else f"{1000 * mass:,.0f} g"


def _pace(speed: float) -> str:
    return f"{3.6 * speed:,.0f} km/h" if speed >= 0.5 else f"{60 * speed:.1f} m a minute"


def _metres(case: _Case, thing: Thing | None) -> str:
    if thing is None:
        return ""
    size = max(case.recipe(thing).size) * float(thing.attributes.get("scale", 1.0))
    return f"{size:.1f} m long or tall" if size >= 1 else f"{100 * size:.0f} cm"
