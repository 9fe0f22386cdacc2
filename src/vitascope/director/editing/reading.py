"""Parts of instructions read as descriptions: onto a scene on which the subjects of the film stand already."""

from __future__ import annotations

from collections.abc import Iterable

from vitascope.director.editing.bench import Bench
from vitascope.director.editing.references import References
from vitascope.director.editing.words import Run
from vitascope.director.grammar import NounPhrase
from vitascope.director.lexicon import Noun
from vitascope.director.mentions import Mentions
from vitascope.director.nouns import NounReader
from vitascope.director.scene import Scene, Thing
from vitascope.director.understanding import read_onto

__all__ = ["Described", "describe"]


class Described:
    """What a run says: the scene, and which of its things are subjects of the film."""

    def __init__(self, scene: Scene, known: dict[str, Thing]) -> None:
        self.scene, self.known = scene, known

    @property
    def new(self) -> list[Thing]:
        """Things that the film does not have."""
        known = set(map(id, self.known.values()))
        return [thing for thing in self.scene.things if id(thing) not in known]

    def changed(self) -> dict[str, Thing]:
        """Subjects of which something was said, by id."""
        return {
            name: thing
            for name, thing in self.known.items()
            if thing.attributes or thing.clothing or thing.hair or thing.states
        }

    @property
    def lost(self) -> list[str]:
        """Words that were not understood."""
        return [phrase.text for phrase in self.scene.reading().with_status("not_understood")]


def describe(
    bench: Bench, run: Run, *, about: Iterable[str] = (), place: str | None = None, strict: bool = True
) -> Described:
    """Read `run` as a description.

    Pronouns that were put in mean the subjects `about`; `place` is where it plays. Things that words mean again must be
    there if `strict`. Raises Ambiguous and Unclear.
    """
    scene = Scene(bench.text)
    scene.place = place
    known: dict[str, Thing] = {}
    for subject in bench.subjects().values():
        recipe = bench.catalogue.recipe(subject.recipe)
        known[subject.id] = Thing(recipe=subject.recipe, name=subject.name, kind=recipe.kind, ids=(subject.id,))
    for name in (*(n for n in about if n in known), *(n for n in known if n not in set(about))):
        scene.things.append(known[name])
    references = References(bench)
    nouns = _Nouns(scene, bench, references, known, tuple(about), strict=strict)
    if run:
        read_onto(nouns, run)
    return Described(scene, known)


class _Nouns(NounReader):
    """Takes definite noun phrases for subjects of the film."""

    def __init__(
        self, scene: Scene, bench: Bench, references: References, known: dict[str, Thing], about: tuple[str, ...], *,
        strict: bool,
    ) -> None:  # fmt: skip
        super().__init__(scene, bench.meanings)
        self.references, self.known, self.about, self.strict = references, known, about, strict
        self.mentions = _Mentions(scene, self, bench)

    def _recipe(self, noun: NounPhrase, take: Noun, number: tuple[int, bool] | None) -> list[Thing]:
        determiner = noun.determiner.text if noun.determiner is not None else ""
        if determiner in self.lexicon.function["definite"] or (noun.pronoun and number is None):
            names = self.references.named(noun, strict=self.strict and determiner != "same")
            if names:
                for unit in (*noun.adjectives, *noun.modifiers, *noun.numbers):
                    scene_start, scene_end = unit.start, unit.end
                    self.scene.note(scene_start, scene_end, "attribute", "understood", "the one that is meant")
                self.scene.note(noun.head.start, noun.head.end, "subject", "understood", names[0])
                noun.adjectives.clear()
                noun.participles.clear()
                return [self.known[name] for name in names if name in self.known]
        return super()._recipe(noun, take, number)


class _Mentions(Mentions):
    """Pronouns mean what was spoken of in the conversation."""

    def __init__(self, scene: Scene, nouns: _Nouns, bench: Bench) -> None:
        super().__init__(scene, bench.meanings.lexicon)
        self.nouns, self.bench = nouns, bench

    def named(self, noun: NounPhrase, take: Noun, lemma: str) -> list[Thing]:
        return []

    def member(self, noun: NounPhrase, lemma: str) -> list[Thing]:
        return []

    def leads(self) -> list[Thing]:
        return [self.nouns.known[name] for name in self.nouns.about if name in self.nouns.known]

    def pronoun(self, word: str) -> list[Thing]:
        about = self.leads()
        if about:
            return about
        names = self.nouns.references.pronoun(word)
        return [self.nouns.known[name] for name in names if name in self.nouns.known]
