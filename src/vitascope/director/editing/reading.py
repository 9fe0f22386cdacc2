"""Parts of instructions read as descriptions: onto a scene on which the subjects of the film stand already."""

from __future__ import annotations

from collections.abc import Iterable

from vitascope.director.editing.bench import Bench
from vitascope.director.editing.references import References
from vitascope.director.editing.words import Run
from vitascope.director.grammar import NounPhrase
from vitascope.director.lexicon import Effect, Noun
from vitascope.director.mentions import Mentions
from vitascope.director.nouns import NounReader
from vitascope.director.scene import Scene, Thing
from vitascope.director.understanding import read_onto
from vitascope.director.units import find_units

__all__ = ["Described", "describe"]


class Described:
    """What a run says: the scene, and which of its things are subjects of the film."""

    def __init__(self, scene: Scene, known: dict[str, Thing], run: Run) -> None:
        self.scene, self.known, self.run = scene, known, run

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

    def without_taste(self, bench: Bench) -> None:
        """Take back what adjectives of things said of the picture ("a picturesque farmhouse"); phrases of style stay."""
        said = self.expressions(bench)
        takes = [bench.meanings.noun((token.lower,)).take("effect") for token in self.run]
        lit = any(take is not None and take.effect is not None and "light" in take.effect.do for take in takes)
        if "style" not in said:
            for name in ("grade", "style"):
                self.scene.look.pop(name, None)
        if "camera" not in said:
            self.scene.camera.pop("framing", None)
        if not lit and "light" not in said and not self.scene.hours:
            self.scene.light.clear()

    def expressions(self, bench: Bench) -> set[str]:
        """Kinds of known phrases in it: camera, style, pace, sound."""
        units = find_units(self.run, bench.meanings.lexicon, bench.meanings.wordnet) if self.run else ()
        return {
            u.entry.kind for u in units if u.kind == "expression" and isinstance(u.entry, Effect) and not u.entry.scene
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
    _without_phantoms(bench, scene, run)
    bench.scenes.append(scene)
    return Described(scene, known, run)


def _is_part(bench: Bench, name: str) -> bool:
    takes = bench.meanings.noun((name,)).takes
    return takes[0].kind == "part"


def _without_phantoms(bench: Bench, scene: Scene, run: Run) -> None:
    """Somebody who was only put in because nobody was named to do or wear it does not come into a film that is there."""
    said = {token.lower for token in run}
    named = said & {"person", "people", "somebody", "someone", "persons"}
    phantoms = [t for t in scene.things if not t.ids and t.kind == "person" and not named
                and (t.name == "person" or _is_part(bench, t.name))]  # fmt: skip
    phantoms += [t for t in scene.things if not t.ids and t.name in bench.meanings.lexicon.numbers]
    if not phantoms:
        return
    for phrase in scene.reading().phrases:
        if phrase.kind == "subject" and phrase.text.lower() in {t.name for t in phantoms}:
            scene.retake("subject", phrase.taken_as, "not_understood", "")
    scene.things = [t for t in scene.things if t not in phantoms]
    scene.acts = [a for a in scene.acts if a.thing not in phantoms]
    scene.bonds = [
        b for b in scene.bonds if b.thing not in phantoms and not set(map(id, b.targets)) & set(map(id, phantoms))
    ]
    for phrase in scene.reading().phrases:
        if phrase.kind in ("action", "attribute"):
            scene.retake(phrase.kind, phrase.taken_as, "not_understood", "")


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

    def _of_many(self, noun: NounPhrase, meant: NounPhrase, preposition: str, host: list[Thing]) -> list[Thing]:
        """ "the pile of gifts" is there, or it is not."""
        definite = noun.determiner is not None and noun.determiner.text in self.lexicon.function["definite"]
        if definite and self.take(meant, preposition).kind in ("recipe", "couple"):
            names = self.references.named(meant, strict=self.strict)
            if names:
                self.scene.note(noun.head.start, meant.head.end, "subject", "understood", names[0])
                return [self.known[name] for name in names if name in self.known]
        return super()._of_many(noun, meant, preposition, host)


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
        fresh = [thing for thing in self.scene.things if not thing.ids]
        if fresh and word in ("it", "itself", "him", "her", "them", "he", "she", "they"):
            return fresh[:1]
        names = self.nouns.references.pronoun(word)
        return [self.nouns.known[name] for name in names if name in self.nouns.known]
