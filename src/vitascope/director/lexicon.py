"""Everything the director knows about words, put together from its data files and the catalogue of recipes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from vitascope.director.matching import PhraseTable
from vitascope.recipe import Catalogue, read_yaml

__all__ = ["Adjective", "Effect", "Lexicon", "Noun", "Relational", "build_lexicon", "data"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an expression does to the shot: `do` maps names of effects (see effects.py) to values."""

    kind: str
    do: Mapping[str, Any]
    status: str = "understood"
    taken_as: str = ""
    target: bool = False
    """A noun phrase right behind names what the camera is about."""
    scene: bool = False
    """Grammar of film-making that wishes for nothing: counts for nothing in the reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """One way to take a noun. `kind` says what `value` names."""

    kind: str
    """recipe, place, effect, garment, part, scene, frame, stuff, abstract, sound or couple."""
    value: str = ""
    status: str = "understood"
    wear: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """Places (stuff) or recipes (couple) of which it may be part."""
    effect: Effect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjective:
    """One way to take an adjective: the attribute it sets and the value, or an effect on the picture."""

    kind: str
    """colour, material, pattern, size, age, build, mood, hair, skin, state, shape, texture, effect or neutral."""
    value: Any = None
    status: str = "understood"
    effect: Effect | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relational:
    """A preposition or relational phrase: how two things stand (`still`) and how an action goes (`travel`)."""

    still: str | None
    travel: str | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Words by class. All keys are lower case dictionary forms without hyphens."""

    catalogue: Catalogue
    function: Mapping[str, frozenset[str]]
    numbers: Mapping[str, int]
    """Exact and approximate number words."""
    exact: frozenset[str]
    collectives: Mapping[str, int]
    partitives: frozenset[str]
    nouns: Mapping[str, tuple[Noun, ...]]
    adjectives: Mapping[str, tuple[Adjective, ...]]
    adverbs: Mapping[str, Effect]
    verbs: Mapping[str, tuple[str, str]]
    """Verb -> verb of the catalogue and status."""
    grammar: Mapping[str, frozenset[str]]
    """Verb classes: aspect, present, be_there, wear, have, put, change, ..."""
    tables: Mapping[str, Any]
    """The remaining data as read: verbs (sky, weather_verbs ...), stand_ins, people, languages, natural shapes."""
    phrases: PhraseTable
    """Multi-word entries: values are ("expression", Effect), ("adverb", Effect), ("relation", Relational),
    ("adjective", word), ("quality", None)."""
    compounds: PhraseTable = field(default_factory=PhraseTable)
    """Nouns of several words."""
    styles: PhraseTable = field(default_factory=PhraseTable)
    """Bare style words, which count only where they stand apart."""

    def feature_of(self, word: str, known: Collection[str]) -> str | None:
        """The trait among `known` ones of a place that `word` asks for, or None."""
        if word in known:
            return word
        alike = self.tables["place_features"]
        return next((trait for trait in known if word in alike.get(trait, ()) or word == trait.replace("-", " ")), None)


@cache
def data(name: str) -> Any:
    """The contents of one data file of the lexicon."""
    return read_yaml(files("vitascope.director") / "lexicon" / f"{name}.yaml")


def build_lexicon(catalogue: Catalogue) -> Lexicon:
    """The lexicon over `catalogue`: names that the catalogue lacks are passed over."""
    numbers, verbs = data("numbers"), data("verbs")
    phrases, compounds = PhraseTable(), PhraseTable()
    nouns = _nouns(catalogue)
    adjectives = _adjectives(catalogue)
    nouns = {word: takes for word, takes in nouns.items() if " " not in word or not _described(word, nouns, adjectives)}
    adverbs = _effects(data("adverbs"), "manner")
    styles = _enter_expressions(phrases)
    for row in data("relations")["phrases"]:
        for word in row["words"]:
            relation = Relational(still=row.get("still"), travel=row.get("travel"), words=word)
            phrases.add(word, ("relation", relation))
    for word, effect in adverbs.items():
        if " " in word:
            phrases.add(word, ("adverb", effect))
    for word in adjectives:
        if " " in word:
            phrases.add(word, ("adjective", word))
    for word in nouns:
        if " " in word:
            compounds.add(word, ("noun", word))
    return Lexicon(
        catalogue=catalogue,
        function={name: frozenset(words) for name, words in data("function").items()},
        numbers={**numbers["about"], **numbers["exact"]},
        exact=frozenset(numbers["exact"]) | frozenset(numbers["exact_collectives"]),
        collectives=numbers["collectives"],
        partitives=frozenset(numbers["partitives"]),
        nouns=nouns,
        adjectives=adjectives,
        adverbs=adverbs,
        verbs=_verbs(catalogue, verbs["near"]),
        grammar={
            name: frozenset(words)
            for name, words in verbs.items()
            if name
            not in ("near", "sounds", "passive", "particles", "sound_nouns", "vehicles", "scenes", "verb_states")
        },
        tables={
            "verbs": verbs,
            "stand_ins": data("stand_ins"),
            "people": data("people"),
            "natural": data("adjectives")["natural"],
            "containers": frozenset(data("things")["containers"]),
            "natural_places": data("adjectives")["places"],
            "names": frozenset(data("things")["names"]),
            "heavenly": data("scene")["heavenly"],
            "place_features": data("adjectives")["place_features"],
            "relations": {
                row_word: Relational(still=row.get("still"), travel=row.get("travel"), words=row_word)
                for row in reversed(data("relations")["phrases"])
                for row_word in row["words"]
            },
            "hair_shapes": frozenset(data("adjectives")["hair_shapes"]),
            "colour_modifiers": frozenset(data("adjectives")["colour_modifiers"]),
        },
        phrases=phrases,
        compounds=compounds,
        styles=styles,
    )


def _described(word: str, nouns: Mapping[str, tuple[Noun, ...]], adjectives: Mapping[str, Any]) -> bool:
    """Whether a compound is only an adjective and a noun that means the same without it ("wooden chair")."""
    first, rest = word.split(" ", 1)
    if first not in adjectives or rest not in nouns:
        return False
    if word in data("things")["names"] or any(word == take.value.replace("_", " ") for take in nouns[word]):
        return False
    made_of = first in data("adjectives")["plain_materials"] and nouns[rest][0].kind == "recipe"
    coloured = adjectives[first][0].kind == "colour" and any(take.kind == "recipe" for take in nouns.get(first, ()))
    return made_of or (not coloured and any(take in nouns[rest] for take in nouns[word]))


def _effects(rows: Iterable[Mapping[str, Any]], kind: str) -> dict[str, Effect]:
    found: dict[str, Effect] = {}
    for row in rows:
        for word in row["words"]:
            found.setdefault(str(word).replace("-", " "), _effect(row, kind))
    return found


def _effect(row: Mapping[str, Any], kind: str) -> Effect:
    return Effect(
        kind=row.get("kind", kind),
        do=row["do"],
        status=row.get("status", "substituted" if row.get("taste") else "understood"),
        taken_as=row.get("as", ""),
        target=row.get("target", False),
        scene=row.get("scene", False),
    )


_STYLE_FRAMES = (
    "in?|with? the?|a?|an? {} style|aesthetic|look|art|animation|effect|filter",
    "in the style of an?|the? {}",
    "by {}",
    "rendered|painted|drawn|animated|shot|filmed|made|depicted|illustrated in|as|like an?|the? {} style?",
    "{} inspired",
    "{} like style",
    "in {} form|format",
)
_BARE_FRAMES = ("in? an?|the? {}", "{} style?")


def _enter_expressions(phrases: PhraseTable) -> PhraseTable:
    for name, kind in (("camera", "camera"), ("pace", "pace")):
        for row in data(name):
            for pattern in row["words"]:
                phrases.add(pattern, ("expression", _effect(row, kind)))
    raw = data("style")
    for word in raw["quality"]:
        phrases.add(word, ("quality", None))
    styles = PhraseTable()
    for row in raw["styles"]:
        effect = _effect(_rendered(row, raw["renderers"]), "style")
        for word in map(str, row["words"]):
            for frame in _STYLE_FRAMES:
                phrases.add(frame.format(word), ("expression", effect))
            for frame in _BARE_FRAMES:
                styles.add(frame.format(word), ("expression", effect))
    return styles


def _rendered(row: Mapping[str, Any], renderers: list[str]) -> Mapping[str, Any]:
    """A style row as it can be drawn: without a renderer of its own it goes to the first one."""
    style = row["do"].get("style", renderers[0])
    if style in renderers:
        return row
    return {
        **row,
        "do": {**row["do"], "style": renderers[0]},
        "status": "substituted",
        "as": f"{renderers[0]}, not {style}",
    }


def _first(names: Iterable[str], table: Mapping[str, Any]) -> str | None:
    return next((name for name in names if name in table), None)


def _nouns(catalogue: Catalogue) -> dict[str, tuple[Noun, ...]]:
    found: dict[str, list[Noun]] = {}

    def enter(word: str, noun: Noun) -> None:
        takes = found.setdefault(word.replace("-", " ").lower().removeprefix("in ").removeprefix("the "), [])
        if all(noun.kind != other.kind for other in takes):
            takes.append(noun)

    dressed = {word: tuple(row["wear"]) for row in data("people")["dressed"] for word in row["words"]}
    for word, recipe in catalogue.recipe_words.items():
        clothed = "outfit" in catalogue.recipes[recipe].parameters
        enter(word, Noun(kind="recipe", value=recipe, wear=() if clothed else dressed.get(word, ())))
    of_the_picture = {*data("scene")["scene"], *(word for words in data("scene")["frame"].values() for word in words)}
    for word, place in catalogue.place_words.items():
        if " at night" in word:
            continue
        if word not in of_the_picture or word == place.replace("_", " "):
            enter(word, Noun(kind="place", value=place))
    _enter_people(enter, catalogue, dressed)
    for row in data("places"):
        place = _first(row["as"], catalogue.places)
        exact = place == row["as"][0] and not row.get("near")
        for word in row["words"] if place else ():
            enter(word, Noun(kind="place", value=str(place), status="understood" if exact else "substituted"))
    for status, rows in (("understood", data("things")["same"]), ("substituted", data("things")["near"])):
        for row in rows:
            recipe = _first(row["as"], catalogue.recipes)
            alike = status if recipe == row["as"][0] else "substituted"
            for word in row["words"] if recipe else ():
                enter(word, Noun(kind="recipe", value=str(recipe), status=alike))
    _enter_scene_words(enter)
    return {word: tuple(takes) for word, takes in found.items()}


def _enter_people(enter, catalogue: Catalogue, dressed: Mapping[str, tuple[str, ...]]) -> None:
    people = data("people")
    exact = frozenset(people["exact"])
    neutral = _first(people["neutral"], catalogue.recipes)
    for body, words in people["plain"].items():
        older = {"child": ("boy", "girl"), "baby": ("toddler", "child", "boy"), "toddler": ("child", "baby", "boy"),
                 "teenager": ("boy", "girl"), "old_man": ("man",), "old_woman": ("woman",), "adult": ("man", "woman"),
                 "boy": ("child", "man"), "girl": ("child", "woman")}.get(body, ())  # fmt: skip
        recipe = _first((body, *older), catalogue.recipes) or neutral or ""
        for word in words if recipe else ():
            wear = dressed.get(word, ())
            status = "understood" if word in exact or wear else "substituted"
            enter(word, Noun(kind="recipe", value=recipe, status=status, wear=wear))
    for word, wear in dressed.items():
        if neutral:
            enter(word, Noun(kind="recipe", value=neutral, wear=wear))
    for word, bodies in people["couples"].items():
        options = tuple(body for body in bodies if body in catalogue.recipes)
        if options:
            enter(word, Noun(kind="couple", value=word, options=options))


def _enter_scene_words(enter) -> None:
    scene = data("scene")
    for word, effect in _effects(data("atmosphere"), "weather").items():
        enter(word, Noun(kind="effect", value=word, effect=effect, status=effect.status))
    for garment, words in data("garments").items():
        for word in words:
            enter(word, Noun(kind="garment", value=garment))
    for whole, words in scene["parts"].items():
        for word in words:
            enter(word, Noun(kind="part", value=whole, status="substituted"))
    for word, places in data("things")["liquids"].items():
        enter(word, Noun(kind="stuff", value=word, options=tuple(places)))
    for kind, words in scene["frame"].items():
        for word in words:
            enter(word, Noun(kind="frame", value=kind))
    for word, sound in data("verbs")["sound_nouns"].items():
        enter(word, Noun(kind="sound", value=sound))
    for word in scene["scene"]:
        enter(word, Noun(kind="scene", value=word))
    for word in scene["abstract"]:
        enter(word, Noun(kind="abstract", value=word, status="not_understood"))


def _adjectives(catalogue: Catalogue) -> dict[str, tuple[Adjective, ...]]:
    raw = data("adjectives")
    found: dict[str, list[Adjective]] = {}

    def enter(word: str, adjective: Adjective) -> None:
        found.setdefault(str(word).replace("-", " "), []).append(adjective)

    for word, shade in {**{c: c for c in catalogue.colours}, **raw["colours"]}.items():
        status = "substituted" if word in raw["not_exact"] else "understood"
        enter(word, Adjective(kind="colour", value=shade if shade in catalogue.colours else "red", status=status))
    for kind, table in (("material", "materials"), ("pattern", "patterns"), ("size", "sizes"), ("age", "ages"),
                        ("build", "builds"), ("mood", "moods"), ("hair", "hair"), ("skin", "skin"),
                        ("state", "states")):  # fmt: skip
        for word, value in raw[table].items():
            enter(word, Adjective(kind=kind, value=value))
    for word, value in raw["near_moods"].items():
        enter(word, Adjective(kind="mood", value=value, status="substituted"))
    for row in raw["effects"]:
        for word in row["words"]:
            effect = _effect(row, "weather")
            enter(word, Adjective(kind="effect", value=word, effect=effect, status=effect.status))
    for kind, table in (("shape", "shapes"), ("texture", "textures"), ("neutral", "neutral")):
        for word in raw[table]:
            enter(word, Adjective(kind=kind, value=word))
    return {word: tuple(takes) for word, takes in found.items()}


def _verbs(catalogue: Catalogue, near: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for name in catalogue.verbs:
        found[name.replace("_", " ")] = (name, "understood")
    for word, verb in near.items():
        if verb in catalogue.verbs:
            listed = catalogue.verb_words.get(word) == verb and verb != "work"
            found.setdefault(word, (verb, "understood" if listed else "substituted"))
    for word, verb in catalogue.verb_words.items():
        found.setdefault(word, (verb, "understood"))
    return found
