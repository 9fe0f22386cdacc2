"""Adjectives, and nouns and participles used like them: what they change about a thing, a place or the picture."""

from __future__ import annotations

from vitascope.director.lexicon import Adjective, Lexicon
from vitascope.director.meaning import Meanings
from vitascope.director.scene import LIVING, Scene, Thing
from vitascope.director.units import Unit
from vitascope.film import Garment

__all__ = ["adjective_groups", "describe_garment", "describe_place", "describe_things", "not_shown"]

_PERSON_ORDER = ("age", "build", "mood", "hair", "skin", "colour", "size", "state", "pattern", "material", "effect")
_LIVING_ORDER = ("colour", "age", "pattern", "size", "material", "mood", "state", "build", "effect")
_THING_ORDER = ("colour", "material", "pattern", "size", "state", "shape", "texture", "effect", "age", "mood")
_PLACE_ORDER = ("effect", "size", "state", "colour", "material")


def _takes(word: str, meanings: Meanings, order: tuple[str, ...]) -> list[Adjective]:
    """The ways to take an adjective that fit, in `order`."""
    adjectives = meanings.lexicon.adjectives
    takes = adjectives.get(word, ())
    if not takes and word.endswith(("er", "est")):
        stem = word.removesuffix("est") if word.endswith("est") else word.removesuffix("er")
        takes = next((adjectives[base] for base in (stem, stem + "e", stem[:-1]) if base in adjectives), ())
    return sorted((t for t in takes if t.kind in order), key=lambda take: order.index(take.kind))


def _is_neutral(word: str, meanings: Meanings) -> bool:
    return any(take.kind == "neutral" for take in meanings.lexicon.adjectives.get(word, ()))


def adjective_groups(units: list[Unit], meanings: Meanings) -> list[tuple[str, Unit, Unit]]:
    """Adjectives with a shade in front of a colour joined: ("dark green", first unit, last unit)."""
    groups: list[tuple[str, Unit, Unit]] = []
    for unit in units:
        colour = any(take.kind == "colour" for take in meanings.lexicon.adjectives.get(unit.text, ()))
        if groups and colour and groups[-1][0] in meanings.lexicon.tables["colour_modifiers"]:
            word, first, _ = groups.pop()
            joined = f"{word} {unit.text}"
            groups.append((joined if joined in meanings.lexicon.adjectives else unit.text, first, unit))
        elif not _is_function(unit.text, meanings):
            groups.append((unit.text, unit, unit))
    return groups


def _is_function(word: str, meanings: Meanings) -> bool:
    function = meanings.lexicon.function
    return word in function["conjunctions"] or word in function["determiners"] or word in (",", "—", "–", "-")


def describe_things(scene: Scene, meanings: Meanings, things: list[Thing], units: list[Unit]) -> None:
    """Apply adjectives to things and note each as an attribute."""
    for word, first, last in adjective_groups(units, meanings):
        if first.kind in ("expression", "quality") or scene.noted(first.start, last.end):
            continue
        if _is_neutral(word, meanings) and not _takes(word, meanings, _THING_ORDER):
            continue
        status, taken_as = "not_understood", ""
        for thing in things:
            status, taken_as = _describe(scene, meanings, thing, word)
        kind = "attribute"
        if status == "effect":
            kind, status, taken_as = taken_as.split("|", 2)
        scene.note(first.start, last.end, kind, status, taken_as)


def _describe(scene: Scene, meanings: Meanings, thing: Thing, word: str) -> tuple[str, str]:
    order = _PERSON_ORDER if thing.kind == "person" else _LIVING_ORDER if thing.kind in LIVING else _THING_ORDER
    takes = _takes(word, meanings, order)
    if thing.kind == "person" and word == "black":
        takes.sort(key=lambda take: take.kind != "skin")
    plain = not takes or takes[0].kind in ("effect", "mood", "shape", "texture")
    if plain and thing.recipe in meanings.lexicon.tables["natural"].get(word, ()):
        return "understood", f"{word}, as it is by nature"
    if not takes:
        return "not_understood", ""
    return _set(scene, meanings, thing, word, takes[0])


def _set(scene: Scene, meanings: Meanings, thing: Thing, word: str, take: Adjective) -> tuple[str, str]:
    attributes, value = thing.attributes, take.value
    if take.kind == "effect" and take.effect is not None:
        said = scene.apply(take.effect)
        return "effect", f"{take.effect.kind}|{take.status}|{said}"
    if take.kind == "colour":
        name = "second_colour" if "colour" in attributes and attributes["colour"] != value else "colour"
        attributes[name] = value
        return take.status, str(value)
    if take.kind == "size":
        attributes["scale"] = min(20.0, max(0.05, attributes.get("scale", 1.0) * float(value)))
        return "understood", f"{attributes['scale']:g} times the usual size"
    if take.kind == "state":
        if value not in thing.states:
            thing.states.append(value)
        return "understood", str(value)
    if take.kind == "hair":
        thing.hair.append(value)
        return "understood", f"{value} hair"
    if take.kind in ("shape", "texture"):
        if thing.recipe in meanings.lexicon.tables["natural"].get(word, ()):
            return "understood", f"{word}, as it is by nature"
        return "not_understood", ""
    if take.kind == "age" and thing.kind not in LIVING:
        if value not in ("old",):
            return "not_understood", ""
        thing.states.append("dirty")
        return "substituted", "worn"
    if take.kind == "mood" and thing.kind not in LIVING:
        return "not_understood", ""
    attributes[take.kind] = value
    return take.status, str(value)


def describe_place(scene: Scene, meanings: Meanings, place: str, units: list[Unit], beyond: str = "") -> None:
    """Apply adjectives to the set and note each; `beyond` is a second place within view whose traits count too."""
    known = tuple(trait for name in (place, beyond) if name for trait in meanings.place_features(name))
    for word, first, last in adjective_groups(units, meanings):
        if first.kind in ("expression", "quality") or scene.noted(first.start, last.end):
            continue
        takes = _takes(word, meanings, _PLACE_ORDER)
        feature = meanings.lexicon.feature_of(word, known)
        if feature is not None:
            scene.add_features((feature,))
            for take in takes[:1]:
                if take.effect is not None and take.effect.kind in ("weather", "light", "season", "time"):
                    scene.apply(take.effect)
            scene.note(first.start, last.end, "place", "understood", feature)
            continue
        if not takes:
            if not _is_neutral(word, meanings):
                scene.note(first.start, last.end, "attribute", "not_understood")
            continue
        take = takes[0]
        if take.kind == "effect" and take.effect is not None:
            said = scene.apply(take.effect)
            feature = take.effect.do.get("feature")
            natural = place in meanings.lexicon.tables["natural_places"].get(word, ())
            plain = feature is None or feature in known or len(take.effect.do) > 1 or natural
            scene.note(first.start, last.end, take.effect.kind, take.status if plain else "substituted", said)
        elif take.kind == "size" and float(take.value) > 1:
            scene.lay({"framing": "extreme_wide"})
            scene.note(first.start, last.end, "attribute", "substituted", "seen very wide")
        else:
            value = str(take.value)
            natural = place in meanings.lexicon.tables["natural_places"].get(value, ())
            if value in known:
                scene.add_features((value,))
            status = "understood" if value in known or natural else "not_understood"
            scene.note(first.start, last.end, "attribute", status, value if status == "understood" else "")


def describe_garment(scene: Scene, meanings: Meanings, kind: str, units: list[Unit]) -> Garment:
    """A garment with its colour and pattern; each adjective is noted."""
    colour = pattern = None
    for word, first, last in adjective_groups(units, meanings):
        if scene.noted(first.start, last.end):
            continue
        takes = _takes(word, meanings, ("colour", "pattern", "material", "size", "state", "effect"))
        if takes and takes[0].kind == "colour" and colour is None:
            colour = str(takes[0].value)
            scene.note(first.start, last.end, "attribute", takes[0].status, colour)
        elif takes and takes[0].kind == "colour":
            scene.note(first.start, last.end, "attribute", "substituted", f"{colour} alone")
        elif takes and takes[0].kind == "pattern":
            pattern = str(takes[0].value)
            scene.note(first.start, last.end, "attribute", "understood", pattern)
        elif not _is_neutral(word, meanings):
            scene.note(first.start, last.end, "attribute", "not_understood")
    return Garment(kind=kind, colour=colour, pattern=pattern)


def not_shown(scene: Scene, lexicon: Lexicon, units: list[Unit]) -> None:
    """Note adjectives of something that is not in the picture; words of grammar count for nothing."""
    for unit in units:
        takes = lexicon.adjectives.get(unit.text, ())
        grammar = any(noun.kind in ("scene", "frame") for noun in lexicon.nouns.get(unit.text, ())[:1])
        if not grammar and not any(take.kind == "neutral" for take in takes):
            scene.note(unit.start, unit.end, "attribute", "not_understood")
