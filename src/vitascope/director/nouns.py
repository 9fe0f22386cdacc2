"""Noun phrases into things, places, weather, clothing and parts, with their numbers, adjectives and earlier mentions."""

from __future__ import annotations

from dataclasses import replace

from vitascope.director.attributes import describe_garment, describe_place, describe_things, not_shown
from vitascope.director.grammar import NounPhrase
from vitascope.director.lexicon import Noun
from vitascope.director.meaning import Meaning, Meanings, left_over, name_span
from vitascope.director.mentions import Mentions
from vitascope.director.morphology import is_plural
from vitascope.director.scene import LIVING, Scene, Thing
from vitascope.director.surroundings import SurroundingsReader
from vitascope.director.units import Unit
from vitascope.film import Garment

__all__ = ["NounReader"]

_IN_A_PLACE = frozenset(("in", "at", "across", "through", "along", "inside", "throughout", "within", "into", "onto",
                         "down", "up", "around", "over", "on", "to", "from", "past", "out of", "towards", "toward",
                         "outside", "near", "by", "amidst", "amid", "of", "over the", "overlooking", "above",
                         "surrounded by", "in the middle of", "between", "beside", "next to", "behind",
                         "on the edge of", "at the edge of", "against", "under", "below", "featuring"))  # fmt: skip
_STANDS_ALONE = frozenset(("near", "by", "beside", "next to", "behind", "towards", "toward", "past", "around", "above",
                           "over", "between", "under", "below", "against", "of"))  # fmt: skip
_UPON = frozenset(("on", "onto", "on top of", "atop", "upon", "on the edge of"))
_WEARING = frozenset(("in", "with", "wearing", "wear"))
_SUBJECT_KINDS = ("recipe", "couple", "effect", "place", "stuff", "garment", "part", "sound", "frame", "scene",
                  "abstract", "unknown")  # fmt: skip
_PLACE_KINDS = ("frame", "place", "effect", "stuff", "recipe", "couple", "part", "garment", "sound", "scene", "abstract",
                "unknown")  # fmt: skip
_BESIDE_KINDS = ("recipe", "couple", "frame", "place", "effect", "stuff", "part", "garment", "sound", "scene",
                 "abstract", "unknown")  # fmt: skip
_WEAR_KINDS = ("garment", "part", *_PLACE_KINDS)
_PLURAL_SCENERY = 3
HAND_LARGEST, HAND_HEAVIEST = 1.5, 10.0
"""Metres and kilograms: what is larger, heavier or a seat stands beside people and is not held."""


class NounReader:
    """Reads noun phrases onto a scene; each phrase once."""

    def __init__(self, scene: Scene, meanings: Meanings) -> None:
        self.scene, self.meanings, self.lexicon = scene, meanings, meanings.lexicon
        self.mentions = Mentions(scene, meanings.lexicon)
        self.surroundings = SurroundingsReader(scene, meanings, self.read)
        self._read: dict[int, list[Thing]] = {}
        self._places: dict[int, list[tuple[Unit, NounPhrase]]] = {}
        self.owned: list[tuple[Thing, str]] = []
        """Things and the names of those to whom they belong, as long as these are not in the picture."""

    def whole(self, noun: NounPhrase) -> NounPhrase:
        """The noun phrase that is meant: "dogs" in "a group of dogs", "road" in "the middle of the road"."""
        while noun.of is not None and self._passes_on(noun):
            noun = noun.of
        return noun

    def _passes_on(self, noun: NounPhrase) -> bool:
        head = noun.head.text
        meaning = self.meanings.of(noun)
        if head in self.lexicon.collectives or head in self.lexicon.partitives or head in self.lexicon.numbers:
            return True
        part = meaning.take("part")
        if part is not None and noun.of is not None:
            whole = self.take(noun.of)
            kind = self.lexicon.catalogue.recipes[whole.value].kind if whole.kind == "recipe" else ""
            if part.value == kind or (part.value in ("person", "animal") and kind in LIVING):
                return True
        return meaning.takes[0].kind in ("scene", "frame", "part", "abstract", "stuff") and (
            meaning.take("recipe", "place", "effect") is None
        )

    def sort_of(self, noun: NounPhrase) -> str:
        """A coarse kind for the parser: agent, place, effect, part, garment ..."""
        if noun.pronoun:
            return "agent"
        kind = self.meanings.of(self.whole(noun)).takes[0].kind
        return "agent" if kind in ("recipe", "couple", "unknown") else kind

    def take(self, noun: NounPhrase, preposition: str = "") -> Noun:
        """The way the head of `noun` is taken behind `preposition` ("" for subjects and objects)."""
        meaning = self.meanings.of(noun)
        kinds = _SUBJECT_KINDS
        owned = noun.determiner is not None and noun.determiner.text in self.lexicon.function["possessives"]
        if preposition in _WEARING or owned:
            kinds = _WEAR_KINDS if preposition in _WEARING else ("garment", *_SUBJECT_KINDS)
        elif preposition in _STANDS_ALONE:
            kinds = _BESIDE_KINDS
        elif preposition in _IN_A_PLACE:
            kinds = _PLACE_KINDS
        found = self._in_the_sky(meaning, preposition) or meaning.take(*kinds) or meaning.takes[0]
        prop = meaning.take("recipe")
        if found.kind == "place" and preposition in _UPON and prop is not None and self._bears(prop):
            found = prop
        if found.kind == "recipe" and found.status != "understood" and not self._is_laid_out(noun):
            found = meaning.take("garment") or found
        if found.kind == "unknown" and noun.head.capital and not noun.head.opens:
            found = self.meanings.person() or found
        return found

    def _is_laid_out(self, noun: NounPhrase) -> bool:
        """Whether clothes are a thing among things: counted, put somewhere, or told by their stuff."""
        told = [take.kind for unit in (*noun.adjectives, *noun.modifiers)
                for take in self.lexicon.adjectives.get(unit.text, ())]  # fmt: skip
        still = self.scene.things and not any(thing.kind in LIVING for thing in self.scene.things)
        return bool(noun.places or noun.numbers or noun.plural or "material" in told or still)

    def _bears(self, take: Noun) -> bool:
        """Whether a prop has a top or seat that things stand on ("on a desk" is no office)."""
        recipe = self.lexicon.catalogue.recipes[take.value]
        return take.status == "understood" and recipe.kind == "prop" and bool({"top", "seat"} & set(recipe.sockets))

    def _in_the_sky(self, meaning: Meaning, preposition: str) -> Noun | None:
        """The moon, stars and waves are traits of what is seen, unless they are where somebody is or all there is."""
        upon = self.lexicon.tables["heavenly"].get(meaning.lemma)
        effect = meaning.take("effect")
        if upon is None or effect is None or preposition in upon:
            return None
        alone = not self.scene.things and self.scene.place is None and preposition in _IN_A_PLACE
        return None if alone and meaning.lemma not in ("moon", "earth") else effect

    # Reading -------------------------------------------------------------------------------------------------------

    def read(self, noun: NounPhrase, preposition: str = "", host: list[Thing] | None = None) -> list[Thing]:
        """The things that `noun` means; places, weather and clothing go to the scene or to `host`."""
        if id(noun) not in self._read:
            self._read[id(noun)] = []
            self._read[id(noun)] = self._things(noun, preposition, host or [])
            self._owner(noun, self._read[id(noun)])
        return self._read[id(noun)]

    def places_of(self, noun: NounPhrase) -> list[tuple[Unit, NounPhrase]]:
        """The prepositional phrases that hang on a noun phrase, read or not."""
        return self._places.setdefault(id(noun), list(noun.places))

    def settle(self, noun: NounPhrase) -> None:
        """Take a phrase as read that named no thing of its own."""
        self._read[id(noun)] = []

    def _owner(self, noun: NounPhrase, things: list[Thing]) -> None:
        """Whose a thing is, is told of it; the owner is in the picture only where the text brings him in otherwise."""
        owner = noun.owner
        if owner is None or id(owner) in self._read:
            return
        take = self.take(owner)
        owned = things or self.take(self.whole(noun)).kind == "place"
        if not owned or take.kind not in ("recipe", "couple", "unknown"):
            self.read(owner)
            return
        lemma = self.meanings.of(owner).lemma
        here = [thing for thing in self.scene.things if thing.name == lemma and thing not in things]
        first = min(
            [unit.start for unit in (*owner.adjectives, *owner.modifiers, *owner.numbers)] or [owner.head.start]
        )
        self.settle(owner)
        self.scene.note(first, owner.head.end, "attribute", "understood", f"belongs to the {lemma}")
        self.owned += [(thing, lemma) for thing in things]
        if here:
            self.bind_owned()

    def bind_owned(self) -> None:
        """Put what belongs to somebody near him, or into his hand, where both are in the picture."""
        for thing, lemma in self.owned:
            owner = next((other for other in self.scene.things if other.name == lemma and other is not thing), None)
            if owner is None or any(bond.thing is thing and bond.targets for bond in self.scene.bonds):
                continue
            held = owner.kind == "person" and self.in_hand(thing)
            self.scene.bond("held_by" if held else "near", [thing], (owner,))
        self.owned.clear()

    def in_hand(self, thing: Thing) -> bool:
        """Whether one hand or two carry it."""
        recipe = self.lexicon.catalogue.recipes[thing.recipe]
        size = max(recipe.size) * thing.attributes.get("scale", 1.0)
        if thing.kind == "plant":
            return size < 0.8
        seat = "seat" in recipe.sockets
        return thing.kind == "prop" and size <= HAND_LARGEST and recipe.mass <= HAND_HEAVIEST and not seat

    def _things(self, noun: NounPhrase, preposition: str, host: list[Thing]) -> list[Thing]:
        if noun.pronoun and (noun.head.text not in self.lexicon.nouns or noun.head.text == "one"):
            return self.mentions.pronoun(noun.head.text)
        meant = self.whole(noun)
        if meant is not noun:
            return self._of_many(noun, meant, preposition, host)
        return self._plain(noun, preposition, host, self._number(noun))

    def _of_many(self, noun: NounPhrase, meant: NounPhrase, preposition: str, host: list[Thing]) -> list[Thing]:
        """ "a group of dogs", "a piece of cake", "the middle of the street", "the face of a man"."""
        head = noun.head
        number: tuple[int, bool] | None = self._number(noun)
        adjectives = noun.adjectives
        if head.text in self.lexicon.collectives or head.text in self.lexicon.numbers:
            count = self.lexicon.collectives.get(head.text) or self.lexicon.numbers[head.text]
            exact = head.text in self.lexicon.exact and count <= 24
            count *= number[0] if number and number[1] else 1
            self.scene.note(head.start, head.end, "count", "understood" if exact else "substituted", str(count))
            number = (count, True)
        take = self.meanings.of(noun).take("part")
        if take is not None:
            self._parts(noun, take, self.read(meant, preposition, host), "of")
        if number is not None and noun.of is meant:
            meant_number = self._number(meant)
            number = meant_number if meant_number and meant_number[1] else number
        inner = noun.of
        while inner is not None and inner is not meant:
            adjectives = [*adjectives, *inner.adjectives]
            inner = inner.of
        if take is not None:
            return self.read(meant, preposition, host)
        self._read[id(meant)] = things = self._plain(meant, preposition, host, number or self._number(meant))
        if things:
            describe_things(self.scene, self.meanings, things, adjectives)
        elif adjectives and self.scene.place:
            describe_place(self.scene, self.meanings, self.scene.place, adjectives)
        return things

    def _number(self, noun: NounPhrase) -> tuple[int, bool] | None:
        """How many, and whether a number was said; notes the number."""
        total: int | None = None
        for unit in noun.numbers:
            word = unit.text
            value = int(word) if word.isdigit() and len(word) < 6 else self.lexicon.numbers.get(word)
            value = self.lexicon.collectives.get(word) if value is None else value
            if value is None:
                continue
            total = value if total is None else total * value if value >= 100 else total + value
            exact = (word.isdigit() or word in self.lexicon.exact) and value <= 24
            self.scene.note(
                unit.start, unit.end, "count", "understood" if exact else "substituted", str(min(value, 24))
            )
        return None if total is None else (max(0, min(total, 24)), True)

    def _plain(
        self, noun: NounPhrase, preposition: str, host: list[Thing], number: tuple[int, bool] | None
    ) -> list[Thing]:
        take = self.take(noun, preposition)
        word, function = noun.head.text, self.lexicon.function
        none = word in function["nobody"] or (preposition == "without" and word in function["people_pronouns"])
        nobody = self.meanings.person() if none else None
        if nobody is not None:
            self._absent(noun, nobody)
            return []
        if (noun.negated or preposition == "without") and take.kind in (
            "recipe",
            "place",
            "effect",
            "stuff",
            "garment",
        ):
            self._absent(noun, take)
            return []
        if take.kind == "recipe":
            return self._recipe(noun, take, number)
        if take.kind == "couple":
            return self._couple(noun, take)
        if take.kind == "part":
            return self._parts(noun, take, host, preposition)
        if take.kind == "garment":
            return self._garment(noun, take, host, preposition)
        reader = {
            "place": self.surroundings.place,
            "effect": self.surroundings.effect,
            "stuff": self.surroundings.stuff,
            "sound": self.surroundings.sound,
            "unknown": self.surroundings.unknown,
            "abstract": self.surroundings.unknown,
        }.get(take.kind)
        if reader is not None:
            reader(noun, take)
        else:
            self.surroundings.picture(noun)
        return []

    def _absent(self, noun: NounPhrase, take: Noun) -> None:
        self.scene.negations.append(take.value)
        start = noun.determiner.start if noun.determiner else noun.head.start
        lemma = self.meanings.of(noun).lemma
        said = lemma if lemma in self.lexicon.function["nobody"] else f"no {lemma}"
        self.scene.note(start, noun.head.end, "negation", "understood", said)

    def _recipe(self, noun: NounPhrase, take: Noun, number: tuple[int, bool] | None) -> list[Thing]:
        lemma = self.meanings.of(noun).lemma
        take = self._kin(noun, take, lemma)
        known = self.mentions.member(noun, lemma) if number is None or number[0] == 1 else []
        if not known and number is None:
            known = self.mentions.named(noun, take, lemma)
        start, end = name_span(self.meanings, noun)
        recipe = self.lexicon.catalogue.recipes[take.value]
        shown = take.value.replace("_", " ")
        if known:
            things = known
        else:
            one = noun.determiner is not None and noun.determiner.text in ("a", "an", "each", "every", "another")
            one = one or (is_plural(lemma) and lemma.replace(" ", "_") == take.value)
            count = number[0] if number else _PLURAL_SCENERY if noun.plural and not one else 1
            name = lemma if take.status != "not_understood" else noun.head.text
            thing = Thing(
                recipe=take.value, name=name, kind=recipe.kind, count=max(1, count), counted=number is not None
            )
            thing.clothing = [_garment(text) for text in take.wear]
            thing.states = self._told_by_name(lemma, "state")
            for colour in self._told_by_name(lemma, "colour")[:1]:
                thing.attributes["colour"] = colour
            things = [self.scene.add(thing)]
        extra = self._modifiers(noun, things)
        status = "substituted" if extra and take.status == "understood" else take.status
        self.scene.note(extra[0].start if extra else start, end, "subject", status, shown)
        describe_things(self.scene, self.meanings, things, noun.adjectives)
        if noun.of is not None:
            self._made_of(noun.of, things)
        return things

    def _kin(self, noun: NounPhrase, take: Noun, lemma: str) -> Noun:
        """The mother of a penguin is a penguin."""
        whose = noun.determiner.text if noun.determiner is not None else ""
        of_kin = lemma in self.lexicon.tables["people"]["kin"] and whose in ("its", "their", "his", "her")
        family = [thing for thing in self.scene.things if thing.kind in LIVING]
        if not of_kin or not family or family[0].kind == "person":
            return take
        return replace(take, value=family[0].recipe, status="understood", wear=())

    def _told_by_name(self, lemma: str, kind: str) -> list[str]:
        """What a name says of itself: a sunken ship is sunken and a yellow bus yellow, whatever recipe stands for it."""
        if lemma in self.lexicon.tables["names"]:
            return []
        words = [word for word in lemma.split()[:-1] if not self.lexicon.nouns.get(word)]
        takes = [take for word in words for take in self.lexicon.adjectives.get(word, ()) if take.kind == kind]
        return list(dict.fromkeys(str(take.value) for take in takes))

    def _made_of(self, of: NounPhrase, things: list[Thing]) -> None:
        """ "a cup of coffee" is a full cup; "a house of stone" is made of it; else it is read for itself."""
        take = self.take(of)
        materials = [a for a in self.lexicon.adjectives.get(of.head.text, ()) if a.kind in ("material", "colour")]
        start, end = name_span(self.meanings, of)
        if of.pronoun:
            return
        if materials:
            describe_things(self.scene, self.meanings, things, [of.head])
        elif take.kind in ("recipe", "stuff") and things[0].recipe in self.lexicon.tables["containers"]:
            for thing in things:
                thing.states.append("full")
            self.scene.note(start, end, "attribute", "substituted", "full")
            describe_things(self.scene, self.meanings, [], of.adjectives)
        elif take.kind in ("abstract", "unknown"):
            self.scene.note(start, end, "other", "not_understood")
        else:
            self.read(of, "of")

    def _modifiers(self, noun: NounPhrase, things: list[Thing]) -> list[Unit]:
        """Nouns in front of the head that are no part of its name: materials, colours, ages; the rest is returned."""
        rest = []
        for unit in left_over(self.meanings, noun):
            takes = self.lexicon.adjectives.get(unit.text, ())
            if takes and takes[0].kind != "neutral":
                describe_things(self.scene, self.meanings, things, [unit])
            elif not self.scene.noted(unit.start, unit.end):
                rest.append(unit)
        contiguous = rest and all(not self.scene.noted(unit.start, noun.head.start) for unit in rest)
        if rest and not contiguous:
            for unit in rest:
                self.scene.note(unit.start, unit.end, "attribute", "not_understood")
            return []
        return rest

    def _couple(self, noun: NounPhrase, take: Noun) -> list[Thing]:
        lemma = self.meanings.of(noun).lemma
        if noun.determiner is not None and noun.determiner.text in self.lexicon.function["definite"]:
            known = [thing for thing in self.scene.things if thing.attributes.get("of") == lemma]
            if known:
                return known
        things = []
        for recipe in take.options:
            thing = Thing(
                recipe=recipe, name=recipe.replace("_", " "), kind=self.lexicon.catalogue.recipes[recipe].kind
            )
            things.append(self.scene.add(thing))
        start, end = name_span(self.meanings, noun)
        self.scene.note(start, end, "subject", "understood", " and ".join(thing.name for thing in things))
        describe_things(self.scene, self.meanings, things, noun.adjectives)
        return things

    def _garment(self, noun: NounPhrase, take: Noun, host: list[Thing], preposition: str) -> list[Thing]:
        wearers = [thing for thing in host if thing.kind in LIVING]
        other = self.meanings.of(noun).take("recipe")
        if not wearers and noun.owner is not None:
            wearers = [thing for thing in self.read(noun.owner) if thing.kind in LIVING]
        if not wearers and noun.determiner is not None and noun.determiner.text in ("his", "her", "their", "its"):
            wearers = self.mentions.pronoun(noun.determiner.text.replace("their", "they").replace("its", "it"))
        if not wearers and other is not None and (other.status == "understood" or self._is_laid_out(noun)):
            return self._recipe(noun, other, self._number(noun))
        worn_alone = not wearers
        if worn_alone:
            wearers = self._somebody()
        garment = describe_garment(
            self.scene, self.meanings, take.value, [*noun.adjectives, *left_over(self.meanings, noun)]
        )
        start, end = name_span(self.meanings, noun)
        status = "not_understood" if not wearers else "substituted" if worn_alone else take.status
        self.scene.note(start, end, "attribute", status, f"{take.value}, worn" if wearers else "")
        for thing in wearers:
            thing.clothing = [worn for worn in thing.clothing if worn.kind != garment.kind] + [garment]
        return wearers if worn_alone else []

    def _somebody(self) -> list[Thing]:
        """A person for clothes that nobody wears: one who is there, or a new one."""
        here = [thing for thing in self.scene.things if thing.kind == "person"]
        body = self.meanings.person()
        if here or body is None:
            return here[:1]
        return [self.scene.add(Thing(recipe=body.value, name="person", kind="person"))]

    def _parts(self, noun: NounPhrase, take: Noun, host: list[Thing], preposition: str) -> list[Thing]:
        """A part of something: it comes with its whole; alone it brings the whole."""
        start, end = name_span(self.meanings, noun)
        owners = self.read(noun.owner) if noun.owner is not None else host
        determiner = noun.determiner.text if noun.determiner else ""
        if not owners and noun.of is not None:
            owners = self.read(noun.of)
        if not owners and determiner in self.lexicon.function["possessives"]:
            pronoun = {"their": "they", "its": "it", "his": "he", "her": "she"}.get(determiner, "they")
            owners = self.mentions.pronoun(pronoun)
        if not owners:
            owners = [thing for thing in self.scene.things if thing.kind == take.value][:1]
        if take.value in ("person", "animal"):
            owners = [owner for owner in owners if owner.kind in LIVING]
        if owners:
            self.scene.note(start, end, "subject", "understood", f"part of the {owners[0].name}")
            self._describe_part(noun, owners)
            return owners
        whole = self.meanings.person() if take.value in ("person", "animal") else None
        other = self.meanings.of(noun).take("recipe")
        if other is not None and take.value != "person":
            return self._recipe(noun, other, self._number(noun))
        if whole is None:
            self.surroundings.unknown(noun, take)
            return []
        thing = Thing(recipe=whole.value, name=noun.head.text, kind=self.lexicon.catalogue.recipes[whole.value].kind)
        self.scene.add(thing)
        self.scene.note(start, end, "subject", "substituted", whole.value)
        self._describe_part(noun, [thing])
        return [thing]

    def _describe_part(self, noun: NounPhrase, owners: list[Thing]) -> None:
        head = self.meanings.of(noun).lemma
        units = [*noun.adjectives, *left_over(self.meanings, noun)]
        if head in ("hair", "beard", "braid", "ponytail", "curl"):
            for unit in units:
                takes = self.lexicon.adjectives.get(unit.text, ())
                shaped = unit.text in self.lexicon.tables["hair_shapes"]
                colour = next((take for take in takes if take.kind in ("colour", "hair")), None)
                value = unit.text if shaped else str(colour.value) if colour else None
                for thing in owners if value else ():
                    thing.hair.append(str(value))
                self.scene.note(unit.start, unit.end, "attribute", "understood" if value else "not_understood",
                                f"{value} hair" if value else "")  # fmt: skip
        elif head in ("fur", "feather", "skin", "coat", "body", "mane", "plumage", "scale", "shell", "petal", "roof"):
            describe_things(self.scene, self.meanings, owners, units)
        elif head in ("face", "smile", "expression", "eye", "gaze", "look"):
            moods = [u for u in units if any(t.kind == "mood" for t in self.lexicon.adjectives.get(u.text, ()))]
            describe_things(self.scene, self.meanings, owners, moods)
            not_shown(self.scene, self.lexicon, units)
        else:
            self._second_colour(units, owners)
            not_shown(self.scene, self.lexicon, units)

    def _second_colour(self, units: list[Unit], owners: list[Thing]) -> None:
        """The colour of a part is the second colour of the whole."""
        for unit in units:
            colour = next((t for t in self.lexicon.adjectives.get(unit.text, ()) if t.kind == "colour"), None)
            if colour is None or self.scene.noted(unit.start, unit.end) or not owners:
                continue
            for thing in owners:
                thing.attributes.setdefault("second_colour", colour.value)
            self.scene.note(unit.start, unit.end, "attribute", "substituted", f"{colour.value} as second colour")


def _garment(text: str) -> Garment:
    kind, _, colour = text.partition(":")
    return Garment(kind=kind, colour=colour or None)
