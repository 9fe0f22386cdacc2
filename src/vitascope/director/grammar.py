"""The parts of sentences: noun phrases, verb groups and clauses, as the parser builds them."""

from __future__ import annotations

from dataclasses import dataclass, field

from vitascope.director.units import Unit

__all__ = ["Chunk", "Clause", "NounPhrase", "VerbGroup"]


@dataclass(slots=True, eq=False, kw_only=True)
class NounPhrase:
    """A head with everything in front of it; phrases behind it hang on `of` and `places`."""

    head: Unit
    plural: bool = False
    determiner: Unit | None = None
    numbers: list[Unit] = field(default_factory=list)
    adjectives: list[Unit] = field(default_factory=list)
    participles: list[Unit] = field(default_factory=list)
    """-ing and -ed forms in front of the head ("a running dog", "a broken cup")."""
    modifiers: list[Unit] = field(default_factory=list)
    """Nouns in front of the head ("glass table")."""
    owner: NounPhrase | None = None
    of: NounPhrase | None = None
    places: list[tuple[Unit, NounPhrase]] = field(default_factory=list)
    """Prepositional phrases that belong to this noun."""
    pronoun: bool = False
    negated: bool = False
    expression: Unit | None = None
    """The camera expression that this phrase is the target of."""


@dataclass(slots=True, eq=False, kw_only=True)
class VerbGroup:
    """A verb with its auxiliaries, adverbs and particle. `form` is its class letter, "X" for a bare copula."""

    head: Unit
    form: str
    auxiliaries: list[Unit] = field(default_factory=list)
    adverbs: list[Unit] = field(default_factory=list)
    particle: Unit | None = None
    negated: bool = False
    infinitive: bool = False

    @property
    def passive(self) -> bool:
        """Whether the subject suffers the verb ("is thrown", "parked")."""
        return self.form == "P"


@dataclass(slots=True, eq=False, kw_only=True)
class Clause:
    """Who does what to whom, where and how; without a verb it only says what there is."""

    link: str = "start"
    """How it follows the clause before: start, and, comma, then, while, before, after, until, participle, relative,
    purpose."""
    subjects: list[NounPhrase] = field(default_factory=list)
    verb: VerbGroup | None = None
    objects: list[NounPhrase] = field(default_factory=list)
    places: list[tuple[Unit, NounPhrase]] = field(default_factory=list)
    adverbs: list[Unit] = field(default_factory=list)
    complements: list[Unit] = field(default_factory=list)
    parent: Clause | None = None
    sentence: int = 0


@dataclass(slots=True, eq=False, kw_only=True)
class Chunk:
    """What the parser reads one at a time."""

    kind: str
    """noun, verb, preposition, and, comma, stop, order (while/as/before ...), relative, expression, adverb, adjective."""
    unit: Unit | None = None
    noun: NounPhrase | None = None
    verb: VerbGroup | None = None
    units: list[Unit] = field(default_factory=list)
