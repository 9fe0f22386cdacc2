"""Gathers tagged units into noun phrases, verb groups and the small words between them."""

from __future__ import annotations

from vitascope.director.grammar import Chunk, NounPhrase, VerbGroup
from vitascope.director.lexicon import Lexicon
from vitascope.director.units import Unit

__all__ = ["chunk_units"]

_NOUN_STARTS = frozenset("DQJNMO")
_FORMS = frozenset("VZEGP")


def chunk_units(units: tuple[Unit, ...], tags: tuple[str, ...], lexicon: Lexicon) -> list[Chunk]:
    """The chunks of a text in order. Every unit lands in exactly one chunk."""
    return _Chunker(units, tags, lexicon).run()


class _Chunker:
    def __init__(self, units: tuple[Unit, ...], tags: tuple[str, ...], lexicon: Lexicon) -> None:
        self.units, self.tags, self.lexicon = units, (*tags, "F", "F", "F"), lexicon

    def run(self) -> list[Chunk]:
        chunks: list[Chunk] = []
        at = 0
        while at < len(self.units):
            chunk, at = self._next(at, chunks)
            chunks.append(chunk)
        return chunks

    def _next(self, at: int, before: list[Chunk]) -> tuple[Chunk, int]:
        tag, unit = self.tags[at], self.units[at]
        if tag in _NOUN_STARTS or (tag in "RGP" and self._premodifies(at, before)):
            end = self._noun_end(at)
            if end > at:
                noun, at = self._noun(at, end)
                return Chunk(kind="noun", noun=noun, unit=unit), at
        if tag in "JDQ":
            end = at + 1
            while self.tags[end] == "J" or (self.tags[end] == "C" and self.tags[end + 1] == "J"):
                end += 1
            return Chunk(kind="adjective", unit=unit, units=list(self.units[at:end])), end
        if tag in "XT" or tag in _FORMS:
            return self._verb(at)
        if tag == "R":
            return self._adverb(at)
        if tag == "I" and unit.text in ("followed by", "preceded by"):
            return Chunk(kind="order", unit=unit), at + 1
        kind = {"I": "preposition", "C": "and", "Y": "comma", "F": "stop", "S": "order", "W": "relative",
                "K": "expression", "L": "comma"}[tag]  # fmt: skip
        return Chunk(kind=kind, unit=unit), at + 1

    def _premodifies(self, at: int, before: list[Chunk]) -> bool:
        """Whether an adverb or participle without a determiner opens a noun phrase ("with floating clocks")."""
        tag, following = self.tags[at], self.tags[at + 1]
        if tag == "R":
            return self.units[at].text in ("very", "really", "so", "too", "all", "both", "softly", "about", "brightly",
                                           "dimly", "almost", "extremely", "highly", "freshly", "beautifully",
                                           "only", "just", "mostly", "slightly") and following in "JDQP"  # fmt: skip
        after_preposition = bool(before) and before[-1].kind == "preposition"
        return following in "NMJ" and (after_preposition or (tag == "P" and (not before or before[-1].kind == "stop")))

    def _noun_end(self, at: int) -> int:
        """Index behind the head of the noun phrase that starts at `at`; `at` if there is none."""
        if self.tags[at] == "O":
            return at + 1
        end, cursor = at, at
        while True:
            tag, following = self.tags[cursor], self.tags[cursor + 1]
            if end > at and tag in "NM" and following not in "NM" and self._says_where(cursor):
                break
            if tag in "NM":
                end = cursor + 1
            elif tag in "DQJ" and (cursor == at or tag != "D" or self.tags[cursor - 1] in "DQR" or end == at):
                if end > at and (tag == "Q" or (tag == "J" and not self._leads_to_noun(cursor))):
                    break
            elif tag == "L" and end == cursor:
                pass
            elif end > at or not (
                tag in "GP"
                or (tag == "R" and following in "JPQG")
                or (tag in "CY" and self.tags[cursor - 1] in "JGP" and self._goes_on(at, cursor + 1))
                or (tag == "K" and cursor > at and following in "NMJ")
            ):
                break
            cursor += 1
        if end == at and cursor > at and self._adjective_alone(at, cursor):
            return cursor
        if end == at and cursor > at and self.tags[cursor - 1] in "QD" and self.tags[cursor] not in "CY":
            return cursor if self.tags[cursor - 1] == "Q" or self.tags[cursor] in "VZEGXIRFW" else at
        return end

    def _says_where(self, cursor: int) -> bool:
        """A noun of place that stands behind a whole phrase: "past a ship underwater"."""
        return self.units[cursor].text in self.lexicon.function["place_adverbs"]

    def _adjective_alone(self, at: int, cursor: int) -> bool:
        """ "a remote": an adjective that stands where the noun should."""
        return self.tags[at] == "D" and self.tags[cursor - 1] == "J" and self.tags[cursor] in "CYFIVZEXWS"

    def _goes_on(self, at: int, cursor: int) -> bool:
        """Whether what follows a comma or "and" still describes the noun to come ("a soft, glazed bowl")."""
        if self._leads_to_noun(cursor):
            return True
        opened = self.tags[at] == "D" or (at > 0 and self.tags[at - 1] == "I")
        while opened and self.tags[cursor] in "RGPCY":
            cursor += 1
        return opened and self.tags[cursor] in "NM"

    def _leads_to_noun(self, cursor: int) -> bool:
        seen = False
        while self.tags[cursor] in "JRGPCY":
            seen = seen or self.tags[cursor] in "J"
            cursor += 1
        return seen and self.tags[cursor] in "NM"

    def _noun(self, at: int, end: int) -> tuple[NounPhrase, int]:
        owner_end = next((i for i in range(end - 1, at, -1) if self.tags[i] == "L"), None)
        owner = None
        if owner_end is not None and owner_end > at:
            owner, _ = self._noun(at, owner_end)
            at = owner_end + 1
        noun = NounPhrase(head=self.units[end - 1], owner=owner, plural=self.tags[end - 1] == "M",
                          pronoun=self.tags[end - 1] in "OD")  # fmt: skip
        for index in range(at, end - 1):
            unit, tag = self.units[index], self.tags[index]
            if tag == "D":
                noun.determiner = unit
                noun.negated = noun.negated or unit.text == "no"
            elif tag == "Q":
                noun.numbers.append(unit)
            elif tag in "JK":
                noun.adjectives.append(unit)
            elif tag in "GP":
                noun.participles.append(unit)
            elif tag in "NM":
                noun.modifiers.append(unit)
        if noun.head.text in self.lexicon.function["people_pronouns"]:
            noun.pronoun = False
        return noun, end

    def _verb(self, at: int) -> tuple[Chunk, int]:
        auxiliaries: list[Unit] = []
        adverbs: list[Unit] = []
        cursor, infinitive, negated = at, False, False
        while self.tags[cursor] in "XTR":
            unit = self.units[cursor]
            if self.tags[cursor] == "T":
                infinitive = True
            elif self.tags[cursor] == "X":
                auxiliaries.append(unit)
            elif not any(tag in "XTRVZEGP" and tag != "R" for tag in self.tags[cursor + 1 : cursor + 3]):
                break
            elif unit.text in ("not", "n't", "never"):
                negated = True
            else:
                adverbs.append(unit)
            cursor += 1
        if self.tags[cursor] in _FORMS and (auxiliaries or infinitive or cursor == at):
            head, form = self.units[cursor], self.tags[cursor]
            cursor += 1
        else:
            if not auxiliaries:
                return Chunk(kind="preposition", unit=self.units[at]), at + 1
            head, form = auxiliaries[-1], "X"
        particle = None
        if self.tags[cursor] == "R" and self.units[cursor].text in self.lexicon.function["particles"]:
            particle = self.units[cursor]
            cursor += 1
        group = VerbGroup(head=head, form=form, auxiliaries=auxiliaries, adverbs=adverbs, particle=particle,
                          negated=negated, infinitive=infinitive)  # fmt: skip
        return Chunk(kind="verb", verb=group, unit=head), cursor

    def _adverb(self, at: int) -> tuple[Chunk, int]:
        """An adverb in front of a verb joins the verb; elsewhere it stands alone."""
        cursor = at
        while self.tags[cursor] == "R":
            cursor += 1
        if self.tags[cursor] in _FORMS and cursor - at <= 3 and not self._noun_like(cursor):
            chunk, end = self._verb(cursor)
            if chunk.verb is not None:
                for unit in self.units[at:cursor]:
                    if unit.text in ("not", "n't", "never"):
                        chunk.verb.negated = True
                    else:
                        chunk.verb.adverbs.append(unit)
            return chunk, end
        return Chunk(kind="adverb", unit=self.units[at]), at + 1

    def _noun_like(self, cursor: int) -> bool:
        return self.tags[cursor] in "P" and self.tags[cursor + 1] in "NM"
