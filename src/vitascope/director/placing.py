"""Prepositional phrases: how things stand to each other, where travels go, what is held, and places in the frame."""

from __future__ import annotations

from vitascope.director.attributes import describe_things
from vitascope.director.grammar import NounPhrase
from vitascope.director.lexicon import Relational
from vitascope.director.nouns import NounReader
from vitascope.director.performing import perform
from vitascope.director.scene import Act, Thing
from vitascope.director.units import Unit
from vitascope.director.wishes import WishReader

__all__ = ["PlaceReader"]

_HOLDERS = frozenset(("person",))
_ONWARD = frozenset(
    ("towards", "away_from", "into", "out_of", "onto", "off", "over", "through", "across", "past", "up", "down")
)
_RESTING = frozenset(("stand", "sit", "lie", "look", "talk", "hold", "eat", "drink", "work", "sway", "shine", "wave"))
_FLIGHTS = frozenset(("fly", "hover", "rise", "land"))
_SIDES = frozenset(("left_of", "right_of", "behind", "in_front_of", "above", "under", "on", "in"))
"""Relations that say where a travel ends."""
_BRINGS_THINGS = frozenset(("featuring", "depicting", "including", "containing", "of", "with", "for"))


class PlaceReader:
    """Reads prepositional phrases onto the scene of a noun reader."""

    def __init__(self, nouns: NounReader) -> None:
        self.nouns, self.scene, self.meanings, self.lexicon = nouns, nouns.scene, nouns.meanings, nouns.lexicon
        self.wishes = WishReader(nouns)

    def place(self, word: Unit, noun: NounPhrase, hosts: list[Thing], acts: list[Act]) -> None:
        """Put a prepositional phrase on the scene: where `hosts` are, or where `acts` go."""
        relation = word.entry if isinstance(word.entry, Relational) else self.lexicon.tables["relations"].get(word.text)
        if word.text in ("like", "as", "than", "unlike"):
            if not noun.pronoun:
                self.scene.note(noun.head.start, noun.head.end, "other", "not_understood")
            return
        before = len(self.scene.things)
        first_sight = self.nouns.take(self.nouns.whole(noun), word.text)
        frame = self.nouns.take(noun, word.text)
        things = self.nouns.read(noun, word.text, hosts)
        for thing in self.scene.things[before:]:
            thing.role = "support" if hosts else "main"
        others = [thing for thing in things if thing not in hosts]
        if frame.kind == "frame" and noun.of is None:
            self._frame(word, noun, frame.value, hosts)
        elif others and hosts:
            self._relate(word, relation, hosts, others, acts)
        elif first_sight.kind == "place" and relation is not None and relation.travel:
            for act in acts:
                if self.lexicon.catalogue.verbs[act.verb].travels:
                    act.across_place = relation.travel
                if relation.travel in ("over", "above") and act.verb in _FLIGHTS and self._flies(act.thing):
                    self.scene.lay({"angle": "aerial"})
        self.after(noun, things)

    def _flies(self, thing: Thing) -> bool:
        return self.lexicon.catalogue.recipes[thing.recipe].medium == "air"

    def after(self, noun: NounPhrase, things: list[Thing]) -> None:
        """Read what hangs on a noun phrase: participles in front of it, prepositional phrases behind it. Once only."""
        whole = self.nouns.whole(noun)
        for part in {id(n): n for n in (noun, whole)}.values():
            self.nouns.places_of(part)
            participles, part.participles = part.participles, []
            for unit in participles:
                self._participle(unit, things, part)
            places, part.places = part.places, []
            for word, other in places:
                self.place(word, other, things, [])

    def _participle(self, unit: Unit, things: list[Thing], noun: NounPhrase) -> None:
        """A running dog runs; a broken cup is broken."""
        if self.scene.noted(unit.start, unit.end):
            return
        if unit.text in self.lexicon.adjectives or not things:
            describe_things(self.scene, self.meanings, things, [unit])
            return
        found = self.meanings.verb(unit.text)
        status, shown = "not_understood", ""
        if found is not None and unit.text.endswith("ing"):
            for thing in things:
                status, shown = perform(self.scene, self.lexicon, thing, found, [], beat=self.scene.beats - 1)
            self.wishes.of_participle(unit.text, things, noun, beat=self.scene.beats - 1)
        self.scene.note(unit.start, unit.end, "action", status, shown)

    def _frame(self, word: Unit, noun: NounPhrase, kind: str, hosts: list[Thing]) -> None:
        if self.scene.backdrop is not None and kind == "in_background":
            return
        for thing in hosts:
            if kind == "in_background":
                thing.role = "scenery"
        if hosts:
            self.scene.bond(kind, hosts)
            self.scene.note(word.start, noun.head.end, "relation", "understood", kind.replace("_", " "))

    def _relate(self, word: Unit, relation: Relational | None, hosts: list[Thing], others: list[Thing],
                acts: list[Act]) -> None:  # fmt: skip
        beat = acts[0].beat if acts else 0
        status, shown = "understood", f"{word.text} the {others[0].name}"
        onward = relation is not None and relation.travel in _ONWARD
        travels = [act for act in acts if self.lexicon.catalogue.verbs[act.verb].travels
                   or (onward and act.verb not in _RESTING)]  # fmt: skip
        thrown = [act.target for act in travels if act.target is not None and act.verb in ("throw", "kick", "push")]
        if word.text in ("with", "using", "wearing"):
            self.with_things(others, hosts, acts[0] if acts else None)
        elif thrown and relation is not None and relation.still in _SIDES:
            self.scene.bond(relation.still, thrown[:1], tuple(others), beat + 1)
            status = "substituted"
        elif travels and relation is not None and relation.travel:
            for act in travels:
                act.target, act.target_relation = others[0], relation.travel
            if relation.travel == "past":
                for thing in others:
                    thing.role = "scenery" if thing.role == "support" else thing.role
                self.scene.bond("behind", others, (hosts[0],), beat)
            if beat > 0 and relation.still in _SIDES:
                self.scene.bond(relation.still, hosts, tuple(others), beat)
        elif relation is not None and relation.still:
            self.scene.bond(relation.still, hosts, tuple(others), beat)
        elif relation is not None and relation.travel and acts:
            for act in acts:
                act.target = act.target or others[0]
                act.target_relation = relation.travel
        elif word.text in _BRINGS_THINGS:
            self.scene.bond("next_to", others, (hosts[0],), beat)
            status = "substituted"
        else:
            status, shown = "not_understood", ""
        self.scene.note(word.start, word.end, "relation", status, shown)

    def with_things(self, others: list[Thing], hosts: list[Thing], act: Act | None) -> None:
        """ "with an umbrella": small things are held by people, all else stands next to them."""
        holders = [thing for thing in hosts if thing.kind in _HOLDERS]
        small = [thing for thing in others if self.nouns.in_hand(thing)]
        if holders and small:
            self.scene.bond("held_by", small, (holders[0],))
            if act is not None and act.target is None:
                act.target, act.target_relation = small[0], "with"
        big = [thing for thing in others if thing not in small or not holders]
        if big:
            self.scene.bond("next_to", big, (hosts[0],))
