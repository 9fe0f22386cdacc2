"""Puts chunks together into clauses: who does what, what stands where, and in which order things happen."""

from __future__ import annotations

from collections.abc import Callable

from vitascope.director.grammar import Chunk, Clause, NounPhrase, VerbGroup
from vitascope.director.lexicon import Lexicon
from vitascope.director.morphology import verb_forms
from vitascope.director.units import Unit

__all__ = ["parse_clauses"]

_ORDER_LINKS = {
    "while": "while", "as": "while", "when": "while", "whenever": "while", "before": "before", "after": "after",
    "until": "until", "till": "until", "once": "after", "followed by": "then", "preceded by": "after",
}  # fmt: skip
_THEN = frozenset(("then", "next", "finally", "afterwards", "afterward", "later", "eventually", "suddenly",
                   "subsequently", "lastly", "thereafter", "immediately"))  # fmt: skip
_TRAVEL_ONLY = frozenset(("into", "towards", "toward", "to", "out of", "onto", "across", "through", "from", "off",
                          "away from", "past", "along", "up", "down", "over"))  # fmt: skip
_SHARED = frozenset(("on", "in", "under", "above", "behind", "in_front_of", "left_of", "right_of", "next_to", "near",
                     "around", "between", "among", "against", "opposite", "hangs_from"))  # fmt: skip
"""Relations in which several things that were named together stand together."""
_SENTENCE_WIDE = frozenset(("next to", "beside", "near", "behind", "in front of", "left of", "right of", "alongside"))


def parse_clauses(chunks: list[Chunk], lexicon: Lexicon, sort_of: Callable[[NounPhrase], str]) -> list[Clause]:
    """The clauses of a text in order of mention. `sort_of` tells what a noun phrase is: agent, thing, place, ..."""
    parser = _Parser(chunks, lexicon, sort_of)
    for at in range(len(chunks)):
        parser.read(at)
    return [clause for clause in parser.clauses if clause.subjects or clause.verb or clause.places or clause.adverbs]


class _Parser:
    def __init__(self, chunks: list[Chunk], lexicon: Lexicon, sort_of: Callable[[NounPhrase], str]) -> None:
        self.chunks, self.lexicon, self.sort_of = chunks, lexicon, sort_of
        self.clause = Clause()
        self.clauses = [self.clause]
        self.link: str | None = None
        """and, comma or an order word since the last phrase."""
        self.order: str | None = None
        self.preposition: Unit | None = None
        self.relative = False
        self.expression: Unit | None = None
        self.last: NounPhrase | None = None
        self.adjacent = False
        """Whether `last` is the chunk just before."""
        self.slots: list[list] = []
        """Lists that take a noun phrase coordinated with the last one."""
        self.make: Callable[[NounPhrase], object] = lambda noun: noun
        self.hosts: list[NounPhrase] = []
        self.sentence = 0

    def read(self, at: int) -> None:
        chunk = self.chunks[at]
        getattr(self, f"_{chunk.kind}")(chunk, at)
        if chunk.kind not in ("noun", "adverb"):
            self.adjacent = False

    # Small words ---------------------------------------------------------------------------------------------------

    def _and(self, chunk: Chunk, at: int) -> None:
        self.link = "and"
        self.preposition = None

    def _comma(self, chunk: Chunk, at: int) -> None:
        self.link = self.link or "comma"
        self.preposition = None

    def _stop(self, chunk: Chunk, at: int) -> None:
        self.sentence += 1
        self._open("start")
        self.link = self.order = self.preposition = self.expression = None
        self.last, self.relative, self.slots = None, False, []

    def _order(self, chunk: Chunk, at: int) -> None:
        word = chunk.unit.text if chunk.unit else ""
        self.order = _ORDER_LINKS.get(word, self.order)
        self.preposition = None
        self.link = self.link or "and"

    def _relative(self, chunk: Chunk, at: int) -> None:
        self.relative = self.last is not None
        self.preposition = None

    def _preposition(self, chunk: Chunk, at: int) -> None:
        word = chunk.unit.text if chunk.unit else ""
        following = self.chunks[at + 1] if at + 1 < len(self.chunks) else None
        if word in _ORDER_LINKS and following is not None and following.kind == "noun" and self._acts(at + 1):
            self._order(chunk, at)
        else:
            self.preposition = chunk.unit

    def _expression(self, chunk: Chunk, at: int) -> None:
        effect = chunk.unit.entry if chunk.unit else None
        self.preposition = None
        self.expression = chunk.unit if getattr(effect, "target", False) else None
        if self.clause.verb is not None:
            self._open("start")
            self.last, self.slots = None, []
        self.link = None

    def _adverb(self, chunk: Chunk, at: int) -> None:
        assert chunk.unit is not None
        if chunk.unit.text in _THEN:
            self.order = "then"
        else:
            self.clause.adverbs.append(chunk.unit)

    def _adjective(self, chunk: Chunk, at: int) -> None:
        if self.clause.verb is not None:
            self.clause.complements += chunk.units
        elif self.last is not None:
            self.last.adjectives += chunk.units
        else:
            self.clause.complements += chunk.units

    # Nouns ---------------------------------------------------------------------------------------------------------

    def _noun(self, chunk: Chunk, at: int) -> None:
        noun = chunk.noun
        assert noun is not None
        noun.expression, self.expression = self.expression, None
        if self.preposition is not None:
            self._after_preposition(noun)
        elif self.link in ("and", "comma") and self.order is None and self._coordinates(noun, at):
            for slot in self.slots:
                slot.append(self.make(noun))
        elif self.order is not None or (self.link and self.clause.verb is not None):
            self._open(self.order or self.link or "and")
            self._subject(noun)
        elif self.relative and self.clause.verb is None:
            self._open("relative", parent=self.clause)
            self._subject(noun)
        elif self.clause.verb is None and (not self.clause.subjects or self.link):
            self._subject(noun)
        elif self.clause.verb is not None and len(self.clause.objects) < 2:
            self._object(noun)
        else:
            self._open("start")
            self._subject(noun)
        self.link = self.order = self.preposition = None
        self.relative = False
        self.last, self.adjacent = noun, True

    def _subject(self, noun: NounPhrase) -> None:
        self.clause.subjects.append(noun)
        self.slots, self.make = [self.clause.subjects], lambda other: other

    def _object(self, noun: NounPhrase) -> None:
        self.clause.objects.append(noun)
        self.slots, self.make = [self.clause.objects], lambda other: other

    def _coordinates(self, noun: NounPhrase, at: int) -> bool:
        """Whether the noun phrase at `at` is parallel to the last one, and not the subject of something new."""
        if not self.slots:
            return False
        if self.slots[0] is self.clause.subjects and self.clause.verb is None:
            return True
        if self.clause.verb is None and self._stands_itself(at):
            return False
        return not self._acts(at) and not (self.link == "comma" and not self._more_to_come(at))

    def _stands_itself(self, at: int) -> bool:
        """Whether a spatial phrase of its own follows the noun phrase at `at` ("... and a dog under a table")."""
        following = self.chunks[at + 1] if at + 1 < len(self.chunks) else None
        return following is not None and following.kind == "preposition" and self._relation(following.unit) in _SHARED

    def _relation(self, word: Unit | None) -> str | None:
        """How a preposition lets two things stand."""
        relation = (word.entry or self.lexicon.tables["relations"].get(word.text)) if word is not None else None
        return getattr(relation, "still", None)

    def _acts(self, at: int) -> bool:
        """Whether a verb of its own follows the noun phrase at `at`."""
        for chunk in self.chunks[at + 1 : at + 8]:
            if chunk.kind == "verb" and chunk.verb is not None:
                return not chunk.verb.infinitive
            if chunk.kind in ("and", "comma", "stop", "order", "expression"):
                return False
        return False

    def _more_to_come(self, at: int) -> bool:
        """Whether a list goes on: "a cup, a plate and a fork"."""
        for chunk in self.chunks[at + 1 : at + 10]:
            if chunk.kind == "and":
                return True
            if chunk.kind in ("stop", "verb", "order"):
                return False
        return False

    def _after_preposition(self, noun: NounPhrase) -> None:
        word = self.preposition
        assert word is not None
        if word.text == "of" and self.last is not None and self.last.of is None and self.adjacent_of(word):
            self.last.of = noun
            self.slots, self.make = [], lambda other: other
            return
        host = self._host(word, noun)
        for sharer in self._sharers(word, noun, host):
            sharer.places.append((word, noun))
        (host.places if host is not None else self.clause.places).append((word, noun))
        target = host.places if host is not None else self.clause.places
        self.slots, self.make = [target], lambda other: (word, other)

    def _sharers(self, word: Unit, noun: NounPhrase, host: NounPhrase | None) -> list[NounPhrase]:
        """Conjuncts of the host that stand in the same place: "a cup and a bottle on a table"."""
        if host is None or self._relation(word) not in _SHARED or self.sort_of(noun) in ("garment", "part"):
            return []
        for row in (self.clause.subjects, self.clause.objects):
            if len(row) > 1 and host is row[-1] and not any(other.places for other in row):
                return row[:-1]
        return []

    def adjacent_of(self, word: Unit) -> bool:
        """Whether "of" follows the last noun phrase directly."""
        return self.last is not None and word.first == self.last.head.last + 1

    def _host(self, word: Unit, noun: NounPhrase) -> NounPhrase | None:
        """The noun phrase that a prepositional phrase belongs to; None for the clause."""
        if self.last is None:
            return None
        verb = self.clause.verb
        if verb is None:
            if self.last in self.clause.subjects or word.text in ("with", "in", "of", "wearing"):
                return self.last
            return self.clause.subjects[-1] if self.clause.subjects else None
        if self.sort_of(noun) in ("place", "effect") or word.text in _TRAVEL_ONLY:
            return None
        lemmas = {form.lemma for form in verb_forms(verb.head.text)}
        if self.last in self.clause.objects:
            return None if lemmas & self.lexicon.grammar["put"] else self.last
        if any(self.last is other for _, other in self.clause.places):
            return None if word.text in _SENTENCE_WIDE else self.last
        return None

    # Verbs ---------------------------------------------------------------------------------------------------------

    def _verb(self, chunk: Chunk, at: int) -> None:
        group = chunk.verb
        assert group is not None
        order = self.order
        if any(adverb.text in _THEN for adverb in group.adverbs):
            order = order or "then"
        group.adverbs = [adverb for adverb in group.adverbs if adverb.text not in _THEN]
        if group.infinitive:
            self._infinitive(group)
        elif group.form in "GP" and not group.auxiliaries:
            self._participle(group, order)
        else:
            self._finite(group, order)
        self.link = self.order = self.preposition = None
        self.relative = False
        self.slots = []

    def _finite(self, group: VerbGroup, order: str | None) -> None:
        if self.relative and self.last is not None:
            self._open("relative", parent=self.clause)
            self.clause.subjects = [self.last]
        elif self.clause.verb is not None or self.clause.link == "participle":
            main = self._main()
            if main.verb is None and main.subjects and not self.link:
                self.clause = main
            elif self.link or order:
                subjects = list(self.clause.subjects if self.clause.link != "relative" else main.subjects)
                self._open(order or self.link or "and", parent=self.clause.parent)
                self.clause.subjects = subjects
            else:
                subjects = [self.last] if self.last is not None and self.adjacent else list(main.subjects)
                self._open("and")
                self.clause.subjects = subjects
        elif order is not None and not self.clause.subjects:
            subjects = self._previous_subjects()
            self._open(order)
            self.clause.subjects = subjects
        if order is not None and self.clause.link == "start":
            self.clause.link = order
        self.clause.verb = group

    def _participle(self, group: VerbGroup, order: str | None) -> None:
        main = self.clause
        if order is not None:
            subjects, link = list(self._main().subjects), order
        elif self.preposition is not None:
            subjects, link = list(self._main().subjects), "participle"
        elif self.link and self.clause.link == "participle":
            subjects, link = list(self.clause.subjects), "and" if self.link == "and" else "participle"
        elif self.link == "and" and self.clause.verb is not None:
            subjects, link = list(self.clause.subjects), "participle"
        elif self.last is not None and not self.link:
            host = self.last
            able = group.form == "P" or self.sort_of(host) in ("agent", "thing", "effect") or not main.subjects
            subjects = [host] if able else list(main.subjects)
            if host in main.subjects:
                subjects = list(main.subjects)
            link = "participle"
        elif self.last is not None and self.clause.verb is None and self.link == "comma" and self.clause.subjects:
            subjects, link = list(self.clause.subjects), "participle"
        else:
            subjects, link = list(self._main().subjects), "participle"
        self._open(link, parent=main if main.link != "participle" else main.parent)
        self.clause.subjects = subjects
        self.clause.verb = group

    def _infinitive(self, group: VerbGroup) -> None:
        verb = self.clause.verb
        if verb is not None:
            lemmas = {form.lemma for form in verb_forms(verb.head.text)}
            if lemmas & self.lexicon.grammar["aspect"] and not self.clause.objects and not self.clause.places:
                group.adverbs = [*verb.adverbs, *group.adverbs]
                group.negated = group.negated or verb.negated
                self.clause.verb = group
                group.infinitive = False
                return
        subjects = list(self.clause.subjects) if self.clause.subjects else []
        self._open("purpose", parent=self._main())
        self.clause.subjects = subjects
        self.clause.verb = group

    def _main(self) -> Clause:
        clause = self.clause
        while clause.parent is not None and clause.link in ("participle", "relative", "purpose"):
            clause = clause.parent
        return clause

    def _previous_subjects(self) -> list[NounPhrase]:
        return next((list(c.subjects) for c in reversed(self.clauses) if c.subjects and c.verb is not None), [])

    def _open(self, link: str, parent: Clause | None = None) -> None:
        self.clause = Clause(link=link, parent=parent, sentence=self.sentence)
        self.clauses.append(self.clause)
