"""Noun phrases of the surroundings: places, weather, hours, water and ground, sounds and the picture itself."""

from __future__ import annotations

from collections.abc import Callable

from vitascope.director.attributes import describe_place, not_shown
from vitascope.director.grammar import NounPhrase
from vitascope.director.lexicon import Noun
from vitascope.director.meaning import Meanings, left_over, name_span
from vitascope.director.scene import Scene

__all__ = ["SurroundingsReader"]

_TELLS_A_PLACE = frozenset(("water", "wave", "grass", "sand", "sky", "ripple", "foam", "current"))


class SurroundingsReader:
    """Reads noun phrases that bring no thing; `read` takes up what hangs on them. One method for each kind of noun."""

    def __init__(self, scene: Scene, meanings: Meanings, read: Callable[[NounPhrase, str], object]) -> None:
        self.scene, self.meanings, self.lexicon, self.read = scene, meanings, meanings.lexicon, read

    def place(self, noun: NounPhrase, take: Noun) -> None:
        """A place: the set, or something in the distance where there is a set already."""
        start, end = name_span(self.meanings, noun)
        rest = []
        for unit in left_over(self.meanings, noun):
            if self.meanings.noun((unit.text,)).take("place") is not None and unit.text not in self.lexicon.adjectives:
                self.scene.note(unit.start, unit.end, "place", "substituted", take.value.replace("_", " "))
            else:
                rest.append(unit)
        if self._only_above(take.value):
            self.scene.note(start, end, "place", "understood", "the sky above")
            describe_place(self.scene, self.meanings, take.value, [*noun.adjectives, *rest])
            return
        used = self.scene.set_place(take.value)
        place = self.scene.place or take.value
        status, shown, beyond = take.status, take.value.replace("_", " "), ""
        if not used:
            lemma = self.meanings.of(noun).lemma
            feature = self.lexicon.feature_of(lemma, self.meanings.place_features(place))
            feature = feature or self.lexicon.feature_of(take.value, self.meanings.place_features(place))
            self.scene.add_features((feature or lemma,))
            beyond = take.value if feature else ""
            status = "understood" if feature else "substituted"
            shown = f"{feature}, within the {place}" if feature else f"in the distance, beside {place}"
        self.scene.note(start, end, "place", status, shown.replace("_", " "))
        self._named_by_trait(noun, take.value)
        describe_place(self.scene, self.meanings, place, [*noun.adjectives, *rest], beyond)
        for unit in noun.participles:
            describe_place(self.scene, self.meanings, place, [unit])
        if noun.of is not None:
            self.read(noun.of, "of")

    def _named_by_trait(self, noun: NounPhrase, place: str) -> None:
        """ "snowy mountains": the trait that is part of a place's name is one of the set, too."""
        known = self.meanings.place_features(place)
        lemma = self.meanings.of(noun).lemma
        words = (lemma, *((lemma.rsplit(" ", 1)[0], *lemma.split()[:-1]) if " " in lemma else ()))
        traits = [self.lexicon.feature_of(word, known) for word in words]
        self.scene.add_features(dict.fromkeys(trait for trait in traits if trait is not None))

    def _only_above(self, place: str) -> bool:
        """Whether a place in the air is only what is seen above things that stand on the ground."""
        catalogue = self.lexicon.catalogue
        if catalogue.places[place].medium != "air" or not self.scene.things:
            return False
        return all(catalogue.recipes[thing.recipe].medium == "ground" for thing in self.scene.things)

    def effect(self, noun: NounPhrase, take: Noun) -> None:
        """Weather, an hour, a season or light."""
        assert take.effect is not None
        start, end = name_span(self.meanings, noun)
        said = self.scene.apply(take.effect)
        if not take.effect.scene:
            self.scene.note(start, end, take.effect.kind, take.status, said)
        describe_place(
            self.scene, self.meanings, self.scene.place or "", [*noun.adjectives, *left_over(self.meanings, noun)]
        )
        if noun.of is not None:
            self.read(noun.of, "of")

    def stuff(self, noun: NounPhrase, take: Noun) -> None:
        """Water, sand, ground: part of the place, or a hint to one."""
        start, end = name_span(self.meanings, noun)
        places = take.options
        if self.scene.place is None and places and places != ("any",):
            place = next((p for p in places if p in self.lexicon.catalogue.places), None)
            if place is not None and take.value in _TELLS_A_PLACE:
                self.scene.place = place
        fits = places == ("any",) or self.scene.place in places
        self.scene.note(start, end, "place", "understood" if fits else "not_understood",
                        f"part of the {str(self.scene.place).replace('_', ' ')}" if fits else "")  # fmt: skip
        describe_place(
            self.scene, self.meanings, self.scene.place or "", [*noun.adjectives, *left_over(self.meanings, noun)]
        )

    def sound(self, noun: NounPhrase, take: Noun) -> None:
        """Something heard."""
        start, end = name_span(self.meanings, noun)
        kind = "music" if take.value == "music" else "effect"
        self.scene.cues.append((kind, "calm" if kind == "music" else take.value, None, self.scene.beats - 1))
        self.scene.note(start, end, "sound", "understood", f"{take.value}")
        not_shown(self.scene, self.lexicon, [*noun.adjectives, *left_over(self.meanings, noun)])

    def picture(self, noun: NounPhrase) -> None:
        """ "a dreamy atmosphere", "a plain white background": adjectives of the picture itself."""
        units = [*noun.adjectives, *left_over(self.meanings, noun)]
        if self.meanings.of(noun).lemma in ("background", "backdrop"):
            for unit in units:
                colours = [a for a in self.lexicon.adjectives.get(unit.text, ()) if a.kind == "colour"]
                if colours:
                    self.scene.backdrop = str(colours[0].value)
                    if self.scene.place is None and "studio" in self.lexicon.catalogue.places:
                        self.scene.set_place("studio")
                    self.scene.note(unit.start, noun.head.end, "place", "understood", f"{unit.text} backdrop")
        for unit in left_over(self.meanings, noun):
            if self.meanings.noun((unit.text,)).take("place", "effect") is not None and unit.kind != "adjective":
                self.read(NounPhrase(head=unit), "in")
        describe_place(self.scene, self.meanings, self.scene.place or "", units)
        if noun.of is not None:
            self.read(noun.of, "of")

    def unknown(self, noun: NounPhrase, take: Noun) -> None:
        """What nothing is known of; its adjectives with it."""
        if noun.pronoun:
            return
        start, end = name_span(self.meanings, noun)
        first = noun.modifiers[0].start if noun.modifiers else start
        self.scene.note(first, end, "other", "not_understood")
        not_shown(self.scene, self.lexicon, [*noun.adjectives, *left_over(self.meanings, noun)])
        if noun.of is not None:
            self.read(noun.of, "")
