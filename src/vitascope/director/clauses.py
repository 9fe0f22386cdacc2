"""Clauses onto the scene: in which step of the story they happen, who they are about, and how it is done."""

from __future__ import annotations

from vitascope.director.attributes import describe_things
from vitascope.director.deeds import DeedReader
from vitascope.director.grammar import Clause, NounPhrase
from vitascope.director.lexicon import Effect
from vitascope.director.nouns import NounReader
from vitascope.director.placing import PlaceReader
from vitascope.director.scene import LIVING, Act, Thing
from vitascope.director.wishes import WishReader

__all__ = ["ClauseReader"]


_SEVERAL = frozenset(("them", "they", "both", "all", "each other", "everything", "everyone", "these", "those"))


class ClauseReader:
    """Reads clauses in order of mention onto the scene of a noun reader."""

    def __init__(self, nouns: NounReader) -> None:
        self.nouns, self.scene, self.meanings, self.lexicon = nouns, nouns.scene, nouns.meanings, nouns.lexicon
        self.verbs = nouns.lexicon.tables["verbs"]
        self.places = PlaceReader(nouns)
        self.deeds = DeedReader(nouns, self.places)
        self.wishes = WishReader(nouns)
        self.previous: list[Thing] = []
        self._beats: dict[int, int] = {}

    def read(self, clause: Clause) -> None:
        """Put everything that `clause` says on the scene."""
        subjects = self._subjects(clause)
        acts: list[Act] = []
        beat = 0
        for noun in (*clause.subjects, *clause.objects):
            self.nouns.places_of(noun)
        if clause.verb is not None:
            beat = self._beat(clause)
            acts = self.deeds.read(clause, subjects, beat=beat, previous=self.previous)
            self.previous = self.deeds.mentioned
        self.previous = subjects or self.previous
        hosts = subjects or [act.thing for act in acts]
        for word, noun in clause.places:
            self.places.place(word, noun, hosts, acts)
        if clause.complements and clause.verb is None:
            describe_things(self.scene, self.meanings, hosts, clause.complements)
        self._adverbs(clause, acts)
        for noun in (*clause.subjects, *clause.objects):
            self.places.after(noun, self.nouns.read(noun))
        self.wishes.of_clause(clause, hosts, beat=beat)

    def _subjects(self, clause: Clause) -> list[Thing]:
        things: list[Thing] = []
        for noun in clause.subjects:
            if self._runs(clause, noun):
                continue
            found = self.nouns.read(noun)
            if noun.expression is not None and noun.pronoun:
                alone = noun.head.text not in _SEVERAL and len(self.nouns.mentions.leads()) < 2
                self._aim_camera(noun.expression.entry, self.nouns.mentions.leads()[:1] if alone else [])
                continue
            if noun.expression is not None and noun.expression.entry is not None:
                self._aim_camera(noun.expression.entry, found)
            things += [thing for thing in found if thing not in things]
        return things

    def _runs(self, clause: Clause, noun: NounPhrase) -> bool:
        """ "Water flows": running water that comes from no thing and into none is a river, not a glass of it."""
        stuff = self.meanings.of(noun).take("stuff")
        verb = clause.verb
        if stuff is None or verb is None or verb.passive or noun.numbers or noun.of is not None:
            return False
        runs = self.meanings.lemma(verb.head.text) in self.verbs["running"]
        if not runs or clause.objects or any(self.nouns.sort_of(other) == "agent" for _, other in clause.places):
            return False
        if self.scene.place is None and "river" in self.lexicon.catalogue.places:
            self.scene.place = "river"
        self.nouns.surroundings.stuff(noun, stuff)
        self.nouns.settle(noun)
        return True

    def _aim_camera(self, effect: Effect, things: list[Thing]) -> None:
        if not things:
            return
        self.scene.moves = [
            (kind, things[0] if kind == effect.do.get("move") and target is None else target, pace, beat)
            for kind, target, pace, beat in self.scene.moves
        ]
        if "framing" in effect.do or "move" in effect.do:
            self.scene.camera.setdefault("focus", things[0])
        if effect.do.get("point_of_view") and things[0].kind in LIVING:
            self.scene.camera["point_of_view"] = things[0]

    def _beat(self, clause: Clause) -> int:
        """The step of the story in which a clause happens."""
        last = self.scene.beats - 1
        link, verb = clause.link, clause.verb
        parent = self._beats.get(id(clause.parent)) if clause.parent is not None else None
        static = verb is not None and (
            verb.form == "X" or self.meanings.lemma(verb.head.text) in self.lexicon.grammar["be_there"]
        )
        if link in ("while", "participle", "relative") or not (self.scene.acts or self.scene.bonds):
            beat = parent if parent is not None and link != "while" else last
        elif link in ("then", "before", "until", "purpose"):
            beat = last + 1
        elif link == "after":
            for act in self.scene.acts:
                act.beat += 1 if act.beat == last else 0
            self.scene.beats += 1
            beat = last
        elif link == "start":
            beat = last if static else last + 1
        else:
            beat = last if static or verb is None or verb.form in "GP" else last + 1
        self._beats[id(clause)] = beat
        return beat

    def _adverbs(self, clause: Clause, acts: list[Act]) -> None:
        verb = clause.verb
        for unit in [*clause.adverbs, *(verb.adverbs if verb is not None else ())]:
            effect = unit.entry if isinstance(unit.entry, Effect) else self.lexicon.adverbs.get(unit.text)
            if effect is None:
                if unit.text.endswith("ly") and unit.text not in self.lexicon.function["degree"]:
                    known = unit.text in self.lexicon.function["order_adverbs"]
                    if not known:
                        self.scene.note(unit.start, unit.end, "manner", "not_understood")
                elif acts and unit.text in self.verbs["particles"]:
                    acts[0].direction = acts[0].direction or self.verbs["particles"][unit.text]
                continue
            for act in acts:
                act.vigour = effect.do.get("vigour", act.vigour)
                act.direction = effect.do.get("direction", act.direction)
                act.speed = effect.do.get("speed", act.speed)
                if "manner" in effect.do:
                    act.manner.append(effect.do["manner"])
            if not acts and effect.do.get("vigour") and self._moves_the_set(clause):
                wind = 0.1 if effect.do["vigour"] < 1 else 0.8
                said = self.scene.apply(Effect(kind="weather", do={"wind": wind}))
                self.scene.note(unit.start, unit.end, "manner", "substituted", said)
                continue
            said = effect.taken_as or ", ".join(
                str(value).replace("_", " ") for name, value in effect.do.items() if name != "vigour"
            )
            shown = bool(acts) or (not effect.do.get("direction") and clause.verb is not None and not clause.subjects)
            self.scene.note(unit.start, unit.end, "manner", "understood" if shown else "not_understood",
                            said if shown else "")  # fmt: skip

    def _moves_the_set(self, clause: Clause) -> bool:
        """Whether the clause is about weather, water or the land."""
        if not clause.subjects or clause.verb is None:
            return False
        return self.nouns.take(self.nouns.whole(clause.subjects[0])).kind in ("effect", "place", "stuff")
