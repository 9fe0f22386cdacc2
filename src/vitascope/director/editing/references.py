"""What words mean again: pronouns, "the other one", "the dog on the left", by the film and by what was spoken of."""

from __future__ import annotations

from collections.abc import Callable

from vitascope.director.editing.bench import Ambiguous, Bench, Unclear
from vitascope.director.editing.standing import Standing, standing_of
from vitascope.director.editing.words import edit_words
from vitascope.director.grammar import NounPhrase
from vitascope.director.morphology import is_plural
from vitascope.director.scene import LIVING
from vitascope.director.units import Unit
from vitascope.film import Subject

__all__ = ["References"]

_ONE = frozenset(("it", "itself", "this", "that", "one", "its"))
_HE = {
    "he": "he",
    "him": "he",
    "himself": "he",
    "his": "he",
    "she": "she",
    "her": "she",
    "herself": "she",
    "hers": "she",
}
_MANY = frozenset(("they", "them", "themselves", "these", "those", "all", "both", "each", "everyone", "everybody",
                   "everything", "their", "ones"))  # fmt: skip


class References:
    """Finds the subjects of the film that words mean."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.meanings = bench, bench.meanings
        self.words = edit_words()

    @property
    def _lexicon(self):
        return self.meanings.lexicon

    # Pronouns ------------------------------------------------------------------------------------------------------

    def pronoun(self, word: str) -> tuple[str, ...]:
        """The subjects that a pronoun means: those pointed at, then those spoken of last, then the only ones there are."""
        subjects = self.bench.subjects()
        pointed = tuple(name for name in self.bench.pointed if name in subjects)
        order = [name for name in self.bench.salient if name in subjects]
        order += [name for name in subjects if name not in order]
        if pointed and word in (_ONE | _MANY | _HE.keys()):
            return pointed
        if word in _HE:
            genders = self._lexicon.tables["people"]["gender"]
            people = [n for n in order if self._kind(subjects[n]) == "person"]
            fitting = [n for n in people if genders.get(subjects[n].recipe, _HE[word]) == _HE[word]]
            return self._latest(fitting or people)
        if word in _MANY:
            if self.bench.salient and word in ("they", "them", "these", "those", "their", "themselves", "both"):
                return self._latest(order, together=True)
            every = word in ("everything", "all")
            living = [] if every else [n for n in subjects if self._kind(subjects[n]) in LIVING]
            return tuple(living or subjects)
        if word in _ONE:
            if self.bench.salient:
                return self._latest(order)
            things = [n for n in order if self._kind(subjects[n]) != "person"]
            return self._latest(things if len(things) < len(order) and len(things) == 1 else order)
        return ()

    def _latest(self, order: list[str], *, together: bool = False) -> tuple[str, ...]:
        if not order:
            return ()
        subjects = self.bench.subjects()
        group = subjects[order[0]].group
        if together and group is not None:
            return tuple(n for n in subjects if subjects[n].group == group)
        if together and len(order) > 1:
            return tuple(order)
        return (order[0],)

    def _kind(self, subject: Subject) -> str:
        return self.bench.catalogue.recipe(subject.recipe).kind

    # Noun phrases --------------------------------------------------------------------------------------------------

    def named(self, noun: NounPhrase, *, strict: bool = True) -> tuple[str, ...]:
        """The subjects that a noun phrase means. Raises Ambiguous for several, Unclear for none if `strict`."""
        subjects = self.bench.subjects()
        head = noun.head.text
        if noun.pronoun or (head in _ONE | _MANY and head not in self._lexicon.nouns):
            names = self._other(noun) or self.pronoun(head)
            return self._told(noun, names, subjects)
        candidates = self.candidates(noun, subjects)
        if not candidates:
            if strict:
                raise Unclear(f"There is no {_plain(noun)} in this film.", _plain(noun))
            return ()
        return self._told(noun, candidates, subjects)

    def _other(self, noun: NounPhrase) -> tuple[str, ...]:
        words = {unit.text for unit in (*noun.adjectives, *noun.modifiers)}
        if "other" not in words and not (noun.determiner is not None and noun.determiner.text in ("other", "another")):
            return ()
        subjects = self.bench.subjects()
        latest = next((n for n in self.bench.salient if n in subjects), None)
        if latest is None:
            return ()
        return tuple(n for n in subjects if n != latest and subjects[n].name == subjects[latest].name)

    def candidates(self, noun: NounPhrase, subjects: dict[str, Subject] | None = None) -> tuple[str, ...]:
        """Subjects that the noun may name, from the nearest sense on: its name, its recipe, its kind."""
        subjects = self.bench.subjects() if subjects is None else subjects
        meaning = self.meanings.of(noun)
        take = meaning.take("recipe", "couple")
        lemma = meaning.lemma
        recipes = set(take.options) if take is not None and take.kind == "couple" else {take.value} if take else set()
        tiers: tuple[Callable[[Subject], bool], ...] = (
            lambda s: s.name == lemma,
            lambda s: s.name.split()[-1] == lemma.split()[-1],
            lambda s: s.recipe in recipes or s.recipe == lemma.replace(" ", "_"),
            lambda s: self._is_kind(s, lemma),
            lambda s: self._same_person(s, recipes),
            lambda s: self._narrower(s, lemma),
        )
        for tier in tiers:
            found = tuple(n for n, s in subjects.items() if tier(s))
            if found:
                return found
        return ()

    def _is_kind(self, subject: Subject, lemma: str) -> bool:
        """Whether a wider word names a subject: "animal", "vehicle", "the thing"."""
        kind = self._kind(subject)
        anybody = self.words.raw["anybody"]
        if lemma in anybody["any"]:
            return True
        if any(lemma in words and (kind == name or (name == "animal" and kind in LIVING and kind != "person"))
               for name, words in anybody.items()):  # fmt: skip
            return True
        wordnet = self.meanings.wordnet
        if wordnet is None:
            return False
        for word in (subject.name, subject.recipe.replace("_", " ")):
            for offset in wordnet.senses(word, "n")[:2]:
                if any(lemma in synset.lemmas for depth, synset in wordnet.ancestors(offset) if depth <= 5):
                    return True
        return False

    def _same_person(self, subject: Subject, recipes: set[str]) -> bool:
        """ "the man" of somebody of whom no sex was said."""
        if self._kind(subject) != "person" or not recipes:
            return False
        if all(self.bench.catalogue.recipes[r].kind != "person" for r in recipes if r in self.bench.catalogue.recipes):
            return False
        genders = self._lexicon.tables["people"]["gender"]
        wanted = {genders.get(recipe) for recipe in recipes}
        return None in wanted or genders.get(subject.recipe) in (*wanted, None)

    def _narrower(self, subject: Subject, lemma: str) -> bool:
        """ "the sailing boat" of a subject that is only called a boat."""
        wordnet = self.meanings.wordnet
        if wordnet is None:
            return False
        return any(
            subject.name in synset.lemmas
            for offset in wordnet.senses(lemma, "n")[:2]
            for depth, synset in wordnet.ancestors(offset)
            if 0 < depth <= 4
        )

    # One of several ------------------------------------------------------------------------------------------------

    def _told(self, noun: NounPhrase, names: tuple[str, ...], subjects: dict[str, Subject]) -> tuple[str, ...]:
        """Those of `names` that the adjectives, numbers and phrases of `noun` leave. Raises Ambiguous."""
        key = (noun.head.start, noun.head.end)
        if key in self.bench.picked:
            return self.bench.picked[key]
        if not names:
            return names
        names = self._filtered(noun, names, subjects)
        several = noun.head.text in self._lexicon.collectives or (
            (noun.plural or is_plural(noun.head.text)) and not _single(noun)
        )
        count = self._count(noun)
        determiner = noun.determiner.text if noun.determiner is not None else ""
        if (
            noun.head.text in _MANY
            or determiner in ("all", "every", "each", "both")
            or (noun.pronoun and len(names) > 1)
        ):
            return names
        if several or len(names) == 1:
            return names[:count] if several and count else names
        if count and count > 1:
            return names[:count]
        if determiner in ("one", "a", "an", "any", "another") or count == 1:
            return names[-1:]
        lately = [n for n in names if n in self.bench.pointed] or self._lately(names)
        if len(lately) == 1:
            return (lately[0],)
        raise Ambiguous(key, _plain(noun), names)

    def _lately(self, names: tuple[str, ...]) -> list[str]:
        """The one among `names` that alone was spoken of last."""
        spoken = [n for n in self.bench.salient if n in names]
        if not spoken:
            return []
        first = self.bench.salient.index(spoken[0])
        return spoken[:1] if first == 0 else []

    def _count(self, noun: NounPhrase) -> int | None:
        for unit in noun.numbers:
            if unit.text.isdigit():
                return int(unit.text)
            if unit.text in self._lexicon.exact:
                return self._lexicon.numbers.get(unit.text)
        return None

    def _filtered(self, noun: NounPhrase, names: tuple[str, ...], subjects: dict[str, Subject]) -> tuple[str, ...]:
        if len(names) < 2:
            return names
        standing = standing_of(self.bench.shot, self.bench.catalogue)
        told = list(names)
        for unit in (*noun.adjectives, *noun.modifiers, *noun.participles, *noun.numbers):
            told = self._by_word(unit, told, subjects, standing) or told
        for word, other in noun.places:
            told = self._by_place(word, other, told, subjects, standing) or told
        if noun.of is not None and noun.of.head.text in self.words.raw["sides"]:
            told = standing.by_side(self.words.raw["sides"][noun.of.head.text], told) or told
        return tuple(told)

    def _by_word(
        self, unit: Unit, names: list[str], subjects: dict[str, Subject], standing: Standing
    ) -> list[str] | None:
        word, raw = unit.text, self.words.raw
        if word in ("other", "another"):
            spoken = next((n for n in self.bench.salient if n in names), None)
            return [n for n in names if n != spoken] if spoken else None
        if word in raw["sides"]:
            return standing.by_side(raw["sides"][word], names)
        if word in raw["extremes"]:
            return standing.by_extreme(raw["extremes"][word], names)
        if word in raw["order"]:
            ordered = standing.from_left(names)
            index = raw["order"][word]
            return [ordered[index]] if -len(ordered) <= index < len(ordered) else None
        for take in self._lexicon.adjectives.get(word, ()):
            fitting = [n for n in names if self._has(subjects[n], take.kind, take.value)]
            if fitting:
                return fitting
        doing = self.meanings.verb(word)
        if doing is not None:
            return [n for n in names if any(a.verb == doing[1] for a in subjects[n].actions)] or None
        return None

    def _has(self, subject: Subject, kind: str, value: object) -> bool:
        attributes = subject.attributes
        if kind == "colour":
            own = attributes.colour or self.bench.catalogue.recipe(subject.recipe).colour
            return value in (own, attributes.second_colour)
        if kind == "state":
            return value in attributes.states
        if kind == "hair":
            return str(value) in (attributes.hair or "").split()
        return getattr(attributes, kind, None) == value

    def _by_place(
        self, word: Unit, other: NounPhrase, names: list[str], subjects: dict[str, Subject], standing: Standing
    ) -> list[str] | None:
        raw = self.words.raw
        side = raw["sides"].get(other.head.text)
        if side is None and other.head.text == "side" and other.adjectives:
            side = raw["sides"].get(other.adjectives[0].text)
        if side is not None and word.text in ("on", "at", "in", "to"):
            return standing.by_side(side, names)
        garment = self.meanings.of(other).take("garment")
        if garment is not None and word.text in ("in", "with", "wearing"):
            colours = {t.value for u in other.adjectives for t in self._lexicon.adjectives.get(u.text, ())}
            return [n for n in names if any(g.kind == garment.value and (not colours or g.colour in colours)
                                            for g in subjects[n].attributes.clothing)] or None  # fmt: skip
        found = self.candidates(other, subjects)
        if not found:
            return None
        relation = word.entry or self._lexicon.tables["relations"].get(word.text)
        return standing.related(getattr(relation, "still", None) or "near", names, found)


def _single(noun: NounPhrase) -> bool:
    return noun.determiner is not None and noun.determiner.text in ("one", "a", "an", "this", "that", "each", "every")


def _plain(noun: NounPhrase) -> str:
    words = [unit.text for unit in (*noun.adjectives, *noun.modifiers, noun.head)]
    return " ".join(words)
