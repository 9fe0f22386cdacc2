"""Earlier mentions: what "the dog", "one of them", "the other", "he" and "it" mean again."""

from __future__ import annotations

from vitascope.director.grammar import NounPhrase
from vitascope.director.lexicon import Lexicon, Noun
from vitascope.director.scene import LIVING, Scene, Thing

__all__ = ["Mentions"]


class Mentions:
    """Finds things of a scene that words mean again."""

    def __init__(self, scene: Scene, lexicon: Lexicon) -> None:
        self.scene, self.lexicon = scene, lexicon

    def named(self, noun: NounPhrase, take: Noun, lemma: str) -> list[Thing]:
        """Things that a definite noun phrase means again."""
        determiner = noun.determiner.text if noun.determiner else ""
        definite = determiner in self.lexicon.function["definite"] or (noun.head.capital and not noun.head.opens)
        if not definite or determiner in ("another", "other"):
            return []
        same = [thing for thing in self.scene.things if thing.name == lemma]
        if not same and determiner not in self.lexicon.function["possessives"]:
            same = [t for t in self.scene.things if t.recipe == take.value and take.status != "substituted"]
        if noun.plural:
            return same
        other = any(unit.text in ("other", "second", "another") for unit in noun.adjectives)
        return same[1:2] if other and len(same) > 1 else same[:1] if not other else []

    def member(self, noun: NounPhrase, lemma: str) -> list[Thing]:
        """ "one dog", "the first dog", "the other": one of several that were named before."""
        words = {unit.text for unit in (*noun.numbers, *noun.adjectives)}
        if noun.determiner is not None:
            words.add(noun.determiner.text)
        alike = [thing for thing in self.scene.things if thing.name == lemma]
        grouped = any(thing.part_of or thing.count > 1 for thing in alike)
        if not grouped or not words & {"one", "first", "second", "third", "other", "another"}:
            return []
        if words & {"one", "first"} and not any(thing.part_of for thing in alike):
            group = next(thing for thing in alike if thing.count > 1)
            return [self.scene.split(group)]
        parts = [thing for thing in alike if thing.part_of is not None]
        if words & {"one", "first"}:
            return parts[:1]
        rest = [thing for thing in alike if thing.part_of is None and any(p.part_of is thing for p in parts)]
        return rest[:1]

    def leads(self) -> list[Thing]:
        """What the shot is about, in order of mention."""
        return [thing for thing in self.scene.things if thing.role == "main"]

    def pronoun(self, word: str) -> list[Thing]:
        """The things that a pronoun means, or none."""
        things = self.scene.things
        genders = self.lexicon.tables["people"]["gender"]
        living = [thing for thing in things if thing.kind in LIVING]
        if word in ("they", "them", "themselves", "both", "each", "these", "those", "all", "each other", "others"):
            several = [thing for thing in living if thing.count > 1]
            return several[-1:] or living or self.leads() or things[-1:]
        if word in ("he", "him", "himself", "she", "her", "herself", "his", "hers"):
            wanted = "he" if word.startswith("h") and not word.startswith("her") else "she"
            fitting = [t for t in living if genders.get(t.recipe, wanted) == wanted and t.kind == "person"]
            return (fitting or living)[:1]
        if word == "one":
            group = next((thing for thing in reversed(living) if thing.count > 1), None)
            return [self.scene.split(group)] if group is not None else living[:1]
        if word in ("other", "another"):
            parts = [thing for thing in things if thing.part_of is not None]
            return [part.part_of for part in parts[-1:] if part.part_of is not None] or living[1:2]
        if word in ("it", "itself", "this", "that"):
            leads = self.leads()
            return ([t for t in leads if t.kind != "person"] or [t for t in things if t.kind != "person"] or things)[:1]
        return []
