"""What words stand for: the lexicon first, then the nearest kind in WordNet, then a stand-in, else nothing.

A word that is only near to what the library has is a substitution, and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from vitascope.director.grammar import NounPhrase
from vitascope.director.lexicon import Lexicon, Noun
from vitascope.director.morphology import noun_lemmas, verb_forms
from vitascope.director.units import Unit
from vitascope.director.wordnet import WordNet

__all__ = ["Meaning", "Meanings", "left_over", "name_span"]

UNKNOWN = Noun(kind="unknown", status="not_understood")
# Lexicographer files of WordNet (lexnames(5WN)) in which the things of a recipe kind are found.
_FILES = {
    "animal": {5}, "bird": {5}, "fish": {5}, "insect": {5}, "person": {18}, "vehicle": {6}, "building": {6, 15},
    "plant": {20, 13, 17}, "prop": {6, 13, 17, 20, 27}, "phenomenon": {11, 19, 17, 22},
}  # fmt: skip
_PLACE_FILES = {6, 15, 17, 14}
_ABSTRACT_FILES = {4, 7, 9, 10, 12, 16, 22, 23, 24, 25, 26, 28}
_TOO_GENERAL = frozenset(
    ("space", "land", "structure", "block", "course", "track", "way", "line", "range", "stage", "area", "floor", "region",
     "surface", "path", "field", "nature", "indoor", "interior", "ring", "court", "square", "plain", "country", "grass",
     "terminal", "platform", "bar", "home", "land", "plot", "city", "town", "station", "yard", "tank", "bank")
)  # fmt: skip
"""Words for places that are names of much else in WordNet's hierarchy."""
_VERB_FILES = {
    31: "look",
    32: "talk",
    33: "play",
    34: "eat",
    35: "work",
    36: "work",
    38: "walk",
    39: "look",
    40: "hold",
}
"""What stands for a verb of which only the lexicographer file is known: cognition, communication ... possession."""
_FARTHEST = 7
"""Steps up the hypernym chain beyond which a likeness says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """The ways to take a noun, best guess first, and how much of it was used."""

    takes: tuple[Noun, ...]
    lemma: str
    """The noun in its dictionary form, with the modifiers that belong to its name."""
    used: int = 0
    """How many of the nouns in front of the head belong to the name."""

    def take(self, *kinds: str) -> Noun | None:
        """The first way to take it that is one of `kinds`, in the order of `kinds`."""
        return next((noun for kind in kinds for noun in self.takes if noun.kind == kind), None)


class Meanings:
    """Looks nouns and verbs up; remembers what it found."""

    def __init__(self, lexicon: Lexicon, wordnet: WordNet | None) -> None:
        self.lexicon, self.wordnet = lexicon, wordnet
        self._nouns: dict[tuple[str, ...], Meaning] = {}
        self._verbs: dict[str, tuple[str, str, str] | None] = {}

    def of(self, noun: NounPhrase) -> Meaning:
        """What the head of a noun phrase and the nouns in front of it stand for."""
        return self.noun((*(unit.text for unit in noun.modifiers), noun.head.text))

    def noun(self, words: tuple[str, ...]) -> Meaning:
        """The meaning of a noun, given as its modifiers and its head ("hot", "air", "balloon")."""
        if words not in self._nouns:
            self._nouns[words] = self._look_up(words)
        return self._nouns[words]

    def _look_up(self, words: tuple[str, ...]) -> Meaning:
        *modifiers, head = words
        for used in range(len(modifiers), -1, -1):
            front = " ".join(modifiers[len(modifiers) - used :])
            phrases = [f"{front} {lemma}".strip() for lemma in _lemmas(head)]
            listed = [phrase for phrase in phrases if phrase in self.lexicon.nouns]
            listed.sort(key=self._only_listed)
            if listed:
                takes = {noun.kind: noun for phrase in reversed(listed) for noun in self.lexicon.nouns[phrase]}
                first = [noun for noun in self.lexicon.nouns[listed[0]] if takes[noun.kind] is noun]
                rest = [noun for noun in takes.values() if noun not in first]
                return Meaning(takes=(*first, *rest), lemma=listed[0], used=used)
        for used in range(len(modifiers), -1, -1):
            front = " ".join(modifiers[len(modifiers) - used :])
            for lemma in _lemmas(head):
                phrase = f"{front} {lemma}".strip()
                noun = self._nearest(phrase)
                if noun is not None:
                    return Meaning(takes=(noun,), lemma=phrase, used=used)
        if " " in head:
            *front, last = head.split()
            inner = self.noun((*modifiers, *front, last))
            if inner.takes[0].kind != "unknown":
                return Meaning(takes=tuple(_near(noun) for noun in inner.takes), lemma=inner.lemma, used=0)
        typo = self._typo(_lemmas(head)[0])
        if typo is not None:
            return Meaning(takes=tuple(_near(noun) for noun in self.lexicon.nouns[typo]), lemma=typo)
        return Meaning(takes=(UNKNOWN,), lemma=_lemmas(head)[0])

    def _only_listed(self, phrase: str) -> tuple[bool, bool]:
        """How far a phrase is from the library: not a recipe's name, not a word of it ("noodles" before "noodle")."""
        catalogue = self.lexicon.catalogue
        listed = phrase in catalogue.recipe_words or phrase in catalogue.place_words
        return phrase.replace(" ", "_") not in catalogue.recipes, not listed

    def _nearest(self, lemma: str) -> Noun | None:
        """The recipe or place with the nearest common kind among the senses of `lemma`, or a stand-in."""
        if self.wordnet is None:
            return None
        best: tuple[float, Noun] | None = None
        senses = self.wordnet.senses(lemma, "n")[:4]
        kinds = tuple(offset for offset in senses if not self.wordnet.synset(offset).instance)
        senses = kinds or senses
        for rank, offset in enumerate(senses):
            own_file = self.wordnet.synset(offset).file_number
            if own_file in _ABSTRACT_FILES:
                continue
            for depth, synset in self.wordnet.ancestors(offset):
                if depth > _FARTHEST or (best is not None and depth + 2.0 * rank >= best[0]):
                    break
                noun = self._listed(synset.lemmas, own_file)
                if noun is not None:
                    best = (depth + 2.0 * rank, noun)
                    break
        if best is not None:
            return best[1]
        return self._stand_in(senses)

    def _listed(self, lemmas: Iterable[str], file_number: int) -> Noun | None:
        for lemma in lemmas:
            recipe = self._recipes_by_lemma.get(lemma)
            if recipe is not None and file_number in _FILES[self.lexicon.catalogue.recipes[recipe].kind]:
                return Noun(kind="recipe", value=recipe, status="substituted")
            place = self._places_by_lemma.get(lemma) if lemma not in _TOO_GENERAL else None
            if place is not None and file_number in _PLACE_FILES:
                return Noun(kind="place", value=place, status="substituted")
        return None

    @cached_property
    def _recipes_by_lemma(self) -> Mapping[str, str]:
        """Lemmas whose kinds a recipe stands for: its own words, its wordnet lemmas, and exact words of the lexicon."""
        found: dict[str, str] = {}
        for name, recipe in self.lexicon.catalogue.recipes.items():
            for word in (name.replace("_", " "), *recipe.words, *(w.replace("_", " ") for w in recipe.wordnet)):
                found.setdefault(word, name)
        for word, takes in self.lexicon.nouns.items():
            for noun in takes:
                if noun.kind == "recipe":
                    found.setdefault(word, noun.value)
        return found

    @cached_property
    def _places_by_lemma(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for name, place in self.lexicon.catalogue.places.items():
            for word in (name.replace("_", " "), *place.words, *(w.replace("_", " ") for w in place.wordnet)):
                found.setdefault(word, name)
        for word, takes in self.lexicon.nouns.items():
            for noun in takes:
                if noun.kind == "place":
                    found.setdefault(word, noun.value)
        return found

    def _stand_in(self, senses: tuple[int, ...]) -> Noun | None:
        assert self.wordnet is not None
        for offset in senses[:2]:
            if self.wordnet.synset(offset).file_number in _ABSTRACT_FILES:
                if offset == senses[0]:
                    return None
                continue
            chain = {lemma for _, synset in self.wordnet.ancestors(offset) for lemma in synset.lemmas}
            for row in self.lexicon.tables["stand_ins"]:
                if row["of"] in chain:
                    noun = self._standing_in(row)
                    if noun is not None:
                        return noun
        return None

    def _standing_in(self, row: Mapping) -> Noun | None:
        catalogue = self.lexicon.catalogue
        if "garment" in row:
            return Noun(kind="garment", value=row["garment"], status="substituted")
        for place in row.get("place", ()):
            if place in catalogue.places:
                return Noun(kind="place", value=place, status="substituted")
        for name in row.get("as", ()):
            if name == "person":
                name = self._takes_of("person")
            if name in catalogue.recipes:
                return Noun(kind="recipe", value=name, status="substituted")
        return None

    def _takes_of(self, word: str) -> str:
        takes = self.lexicon.nouns.get(word, ())
        return next((noun.value for noun in takes if noun.kind == "recipe"), "")

    def person(self) -> Noun | None:
        """A body for somebody of whom nothing is said."""
        recipe = self._takes_of("person")
        return Noun(kind="recipe", value=recipe, status="substituted") if recipe else None

    def _typo(self, word: str) -> str | None:
        """The known noun that `word` was meant to be, if only one letter or two neighbours are wrong."""
        if len(word) < 5 or (self.wordnet is not None and any(self.wordnet.knows(word, part) for part in "nvar")):
            return None
        near = [
            known
            for known in self._known_words
            if known[0] == word[0] and abs(len(known) - len(word)) <= 1 and _one_edit(known, word)
        ]
        return near[0] if near else None

    @cached_property
    def _known_words(self) -> tuple[str, ...]:
        return tuple(word for word in self.lexicon.nouns if len(word) >= 5 and " " not in word)

    def place_features(self, place: str) -> tuple[str, ...]:
        """The traits that the recipe of a place knows."""
        return self.lexicon.catalogue.places[place].features

    # Verbs ---------------------------------------------------------------------------------------------------------

    def verb(self, word: str, particle: str = "") -> tuple[str, str, str] | None:
        """Dictionary form, verb of the catalogue and status of a verb as written, or None."""
        key = f"{word} {particle}".strip()
        if key not in self._verbs:
            self._verbs[key] = self._find_verb(word, particle)
        return self._verbs[key]

    def lemma(self, word: str) -> str:
        """The dictionary form of a verb as written."""
        forms = verb_forms(word)
        grammar = self.lexicon.grammar
        for form in forms:
            if form.lemma in self.lexicon.verbs or any(form.lemma in words for words in grammar.values()):
                return form.lemma
        for form in forms:
            if self.wordnet is not None and self.wordnet.knows(form.lemma, "v"):
                return form.lemma
        return self.lemma(word.rsplit(" ", 1)[1]) if " " in word else forms[0].lemma

    def _find_verb(self, word: str, particle: str) -> tuple[str, str, str] | None:
        lemma = self.lemma(word)
        for phrase in (f"{lemma} {particle}", lemma) if particle else (lemma,):
            if phrase in self.lexicon.verbs:
                verb, status = self.lexicon.verbs[phrase]
                return phrase, verb, status
        if self.wordnet is not None:
            for offset in self.wordnet.senses(lemma, "v")[:2]:
                for depth, synset in self.wordnet.ancestors(offset, "v"):
                    if depth > 3:
                        break
                    for other in synset.lemmas:
                        if other in self.lexicon.verbs and other not in self.lexicon.grammar["aspect"]:
                            return lemma, self.lexicon.verbs[other][0], "substituted"
            for offset in self.wordnet.senses(lemma, "v")[:1]:
                own = _VERB_FILES.get(self.wordnet.synset(offset, "v").file_number)
                if own in self.lexicon.catalogue.verbs:
                    return lemma, str(own), "substituted"
        return None


def name_span(meanings: Meanings, noun: NounPhrase) -> tuple[int, int]:
    """Characters of the head and of the nouns that belong to its name."""
    used = meanings.of(noun).used
    first = noun.modifiers[len(noun.modifiers) - used] if used else noun.head
    return first.start, noun.head.end


def left_over(meanings: Meanings, noun: NounPhrase) -> list[Unit]:
    """The nouns in front of the head that do not belong to its name."""
    used = meanings.of(noun).used
    return noun.modifiers[: len(noun.modifiers) - used]


def _lemmas(head: str) -> tuple[str, ...]:
    """Singulars of the last word of a noun, likeliest first, and the word as written."""
    *front, last = head.split()
    return tuple(" ".join((*front, lemma)) for lemma in noun_lemmas(last)) if front else noun_lemmas(last)


def _near(noun: Noun) -> Noun:
    status = "not_understood" if noun.status == "not_understood" else "substituted"
    return Noun(kind=noun.kind, value=noun.value, status=status, wear=noun.wear, options=noun.options,
                effect=noun.effect)  # fmt: skip


def _one_edit(one: str, other: str) -> bool:
    """Whether one insertion, deletion, replacement or swap of neighbours leads from one word to the other."""
    if len(one) > len(other):
        one, other = other, one
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) == len(other):
        return one[at + 1 :] == other[at + 1 :] or (
            one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
        )
    return one[at:] == other[at + 1 :]
