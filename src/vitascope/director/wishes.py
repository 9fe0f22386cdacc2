"""What a clause wishes for as it was said, before bodies and places soften it: verb, direction, place, speed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from vitascope.director.grammar import Clause, NounPhrase, VerbGroup
from vitascope.director.lexicon import Effect
from vitascope.director.nouns import NounReader
from vitascope.director.scene import Spot, Thing, Wish
from vitascope.director.units import Unit

__all__ = ["WishReader"]

_COMPASS = ("up", "down")


@dataclass(slots=True)
class WishReader:
    """Notes on the scene what clauses and participles wish for."""

    nouns: NounReader

    def of_clause(self, clause: Clause, things: list[Thing], *, beat: int) -> None:
        """Note the wish of a clause whose phrases were read already."""
        verb = clause.verb
        if verb is None or verb.negated or verb.form == "X":
            return
        places = list(clause.places)
        for noun in (*clause.subjects, *clause.objects):
            places += self.nouns.places_of(noun)
        adverbs = [*clause.adverbs, *verb.adverbs]
        self._note(verb, things, places, adverbs, clause=clause, beat=beat)

    def of_participle(self, word: str, things: list[Thing], noun: NounPhrase, *, beat: int) -> None:
        """Note what a thing does by a participle before its name ("a flying pig over the city")."""
        found = self.nouns.meanings.verb(word)
        lemma = self.nouns.meanings.lemma(word)
        self.nouns.scene.wishes.append(
            Wish(
                things=tuple(things),
                noun=self.nouns.meanings.of(noun).lemma,
                verb=lemma,
                act=found[1] if found else "",
                where=tuple(self._spot(unit, other) for unit, other in self.nouns.places_of(noun)),
                beat=beat,
            )
        )

    def _note(
        self, verb: VerbGroup, things: list[Thing], places: list[tuple[Unit, NounPhrase]], adverbs: list[Unit], *,
        clause: Clause, beat: int,
    ) -> None:  # fmt: skip
        meanings = self.nouns.meanings
        particle = verb.particle.text if verb.particle else ""
        found = meanings.verb(verb.head.text, particle)
        effects = [unit.entry for unit in adverbs if isinstance(unit.entry, Effect)]
        effects += [e for unit in adverbs if (e := self.nouns.lexicon.adverbs.get(unit.text)) is not None]
        said = [str(effect.do["direction"]) for effect in effects if "direction" in effect.do]
        turns = self.nouns.lexicon.tables["verbs"]["particles"]
        said += [turns[word] for word in (particle, *(unit.text for unit in adverbs)) if word in turns]
        self.nouns.scene.wishes.append(
            Wish(
                things=tuple(things),
                noun=self._name(clause.subjects),
                verb=meanings.lemma(verb.head.text),
                act=found[1] if found else "",
                direction=next((way for way in said if way in _COMPASS), said[0] if said else None),
                through_air=any("air" in unit.text for unit in adverbs),
                where=tuple(self._spot(unit, noun) for unit, noun in places),
                targets=tuple(thing for noun in clause.objects for thing in self.nouns.read(noun)),
                passive=verb.passive,
                speed=next((float(e.do["speed"]) for e in effects if "speed" in e.do), None),
                beat=beat,
            )
        )

    def _name(self, subjects: Iterable[NounPhrase]) -> str:
        return next((self.nouns.meanings.of(self.nouns.whole(noun)).lemma for noun in subjects), "")

    def _spot(self, unit: Unit, noun: NounPhrase) -> Spot:
        whole = self.nouns.whole(noun)
        take = self.nouns.take(whole, unit.text)
        return Spot(
            word=unit.text.removesuffix(" the"),
            head=self.nouns.meanings.of(noun).lemma,
            noun=self.nouns.meanings.of(whole).lemma,
            place=take.value if take.kind == "place" else "",
            things=tuple(self.nouns.read(noun, unit.text)),
        )
