"""Verbs: what subjects do and suffer, what is changed, worn, held and driven, and what weather and light do."""

from __future__ import annotations

from vitascope.director.attributes import describe_place, describe_things
from vitascope.director.grammar import Clause, VerbGroup
from vitascope.director.lexicon import Effect, data
from vitascope.director.nouns import NounReader
from vitascope.director.performing import perform
from vitascope.director.placing import PlaceReader
from vitascope.director.scene import LIVING, Act, Thing

__all__ = ["DeedReader"]

_REVEALING = frozenset(("reveal", "unveil", "uncover", "expose", "disclose"))
_SINKING = {False: (18.5, 19.1), True: (17.0, 20.0)}
_RISING = {False: (6.35, 7.0), True: (5.8, 8.5)}
"""Hours between which the sun is seen to go down and to come up, without and with lapse of time."""


class DeedReader:
    """Reads the verbs of clauses onto the scene of a noun reader."""

    def __init__(self, nouns: NounReader, places: PlaceReader) -> None:
        self.nouns, self.places = nouns, places
        self.scene, self.meanings, self.lexicon = nouns.scene, nouns.meanings, nouns.lexicon
        self.verbs = nouns.lexicon.tables["verbs"]
        self.mentioned: list[Thing] = []

    def read(self, clause: Clause, subjects: list[Thing], *, beat: int, previous: list[Thing]) -> list[Act]:
        """Put the verb of `clause` and its objects on the scene; what the subjects do by it.

        `previous` are the things that the clause before was about; `mentioned` then holds what this one brought up.
        """
        verb = clause.verb
        assert verb is not None
        self.mentioned = previous
        lemma, grammar = self.meanings.lemma(verb.head.text), self.lexicon.grammar
        if verb.negated:
            start = verb.auxiliaries[0].start if verb.auxiliaries else verb.head.start
            self.scene.note(start, verb.head.end, "negation", "understood", f"does not {lemma}")
            self.scene.negations.append(lemma)
            return []
        if verb.form == "X":
            return self._copula(clause, verb, subjects)
        if lemma in grammar["wear"] and (clause.objects or clause.places):
            self._wear(clause, subjects)
            return []
        if lemma in self.verbs["weather_verbs"] and not subjects:
            effect = Effect(kind="weather", do=self.verbs["weather_verbs"][lemma])
            self.scene.note(verb.head.start, verb.head.end, "weather", "understood", self.scene.apply(effect))
            return []
        if clause.subjects and not subjects and not (lemma in _REVEALING and clause.objects and clause.link != "start"):
            return self._of_the_set(clause, verb, lemma)
        if lemma in _REVEALING and clause.objects and not verb.passive:
            return self._reveal(clause, verb, subjects, beat)
        if not subjects and lemma in grammar["present"]:
            return self._objects_alone(clause)
        if lemma in grammar["change"] and (clause.complements or any(w.text in ("into", "to", "from")
                                                                     for w, _ in clause.places)):  # fmt: skip
            return self._change(clause, verb, subjects, lemma)
        if not subjects:
            subjects = self._implied(clause, verb)
        return self._action(clause, verb, subjects, beat, lemma)

    def _copula(self, clause: Clause, verb: VerbGroup, subjects: list[Thing]) -> list[Act]:
        having = verb.head.text in self.lexicon.function["have"]
        describe_things(self.scene, self.meanings, subjects, clause.complements)
        if clause.subjects and not subjects:
            take = self.nouns.take(self.nouns.whole(clause.subjects[0]))
            place = take.value if take.kind == "place" else self.scene.place or ""
            describe_place(self.scene, self.meanings, place, clause.complements)
            heads = [n.head for n in clause.objects if n.head.text in self.lexicon.adjectives]
            describe_place(self.scene, self.meanings, place, heads)
        for noun in clause.objects:
            if noun.head.text in self.lexicon.adjectives and noun.head.text not in self.lexicon.nouns:
                describe_things(self.scene, self.meanings, subjects, [*noun.adjectives, noun.head])
                self.nouns.settle(noun)
                continue
            if having:
                things = self.nouns.read(noun, "with", subjects)
                new = [thing for thing in things if thing not in subjects]
                if new and subjects:
                    self.places.with_things(new, subjects, None)
            elif subjects and self.nouns.take(noun).kind == "recipe":
                describe_things(self.scene, self.meanings, subjects, noun.adjectives)
                same = self.nouns.take(noun).value == subjects[0].recipe
                self.scene.note(noun.head.start, noun.head.end, "subject", "understood" if same else "not_understood",
                                subjects[0].name if same else "")  # fmt: skip
            else:
                self.nouns.read(noun)
        return []

    def _wear(self, clause: Clause, subjects: list[Thing]) -> None:
        for noun in clause.objects:
            self.nouns.read(noun, "wearing", subjects)
        rest = []
        for word, noun in clause.places:
            if word.text in ("in", "with") and self.nouns.take(noun, "wearing").kind == "garment":
                self.nouns.read(noun, "wearing", subjects)
            else:
                rest.append((word, noun))
        clause.places = rest

    def _objects_alone(self, clause: Clause) -> list[Act]:
        for noun in clause.objects:
            self.mentioned = self.nouns.read(noun) or self.mentioned
        return []

    def _reveal(self, clause: Clause, verb: VerbGroup, subjects: list[Thing], beat: int) -> list[Act]:
        """What a flight or another deed brings into sight is brought into sight by the camera."""
        found: list[Thing] = []
        for noun in clause.objects:
            found += self.nouns.read(noun)
        new = [thing for thing in found if thing not in subjects]
        flies = any(self.lexicon.catalogue.recipes[thing.recipe].medium == "air" for thing in subjects)
        self.scene.moves.append(("reveal", new[0] if new else None, 1.0, beat))
        self.scene.note(verb.head.start, verb.head.end, "camera", "understood" if flies else "substituted",
                        "the camera reveals it")  # fmt: skip
        return []

    def _of_the_set(self, clause: Clause, verb: VerbGroup, lemma: str) -> list[Act]:
        """The sun sets, waves crash, snow falls, the camera shows: verbs whose subject is the set or the picture."""
        noun = clause.subjects[0]
        take = self.nouns.take(self.nouns.whole(noun))
        head = self.meanings.of(noun).lemma
        start, end = verb.head.start, verb.particle.end if verb.particle else verb.head.end
        for other in clause.objects:
            self.nouns.read(other)
        if head in ("sun", "moon") and lemma in self.verbs["sky"]:
            self._sun_moves(head, self.verbs["sky"][lemma], start, end)
        elif take.kind == "scene" and lemma in self.lexicon.grammar["film"] and not clause.places:
            pass
        elif lemma in self.lexicon.grammar["change"]:
            self._change(clause, verb, [], lemma)
        elif take.kind in ("scene", "frame"):
            if not self._presents(lemma) and lemma not in self.lexicon.grammar["film"]:
                self.scene.note(start, end, "action", "not_understood")
        elif take.kind == "sound" or (lemma in self.verbs["sounds"] and take.kind not in ("place", "stuff")):
            self.scene.note(start, end, "sound", "understood", head)
        else:
            moves = self.verbs["place_moves"] if take.kind in ("place", "stuff") else self.verbs["weather_moves"]
            if self._grammatical(lemma, clause):
                return []
            known = take.kind in ("effect", "place", "stuff") and (
                lemma in moves or lemma in self.lexicon.grammar["be_there"] or self._presents(lemma)
            )
            self.scene.note(start, end, "action", "understood" if known else "not_understood",
                            f"as the {head} does" if known else "")  # fmt: skip
        return []

    def _sun_moves(self, head: str, way: str, start: int, end: int) -> None:
        """The sun goes down or comes up within the shot: farther where time is lapsed."""
        lapse = self.scene.look.get("pace") == "time_lapse"
        keys = (_SINKING if way == "sunset" else _RISING)[lapse]
        if head == "moon":
            keys = ()
            self.scene.apply(Effect(kind="time", do={"hour": 23.0, "feature": "full moon"}))
        before = self.scene.hours[-1] if self.scene.hours else None
        for hour in keys:
            if before is None or hour > before:
                self.scene.apply(Effect(kind="time", do={"hour": hour, "light": "warm"}))
                self.scene.changing = True
        said = " to ".join(f"{int(h):02d}:{round(h % 1 * 60):02d}" for h in keys) or "the moon in the sky"
        self.scene.note(start, end, "time", "understood", said)

    def _presents(self, lemma: str) -> bool:
        grammar = self.lexicon.grammar
        return lemma in grammar["present"] or lemma in grammar["aspect"] or lemma in grammar["be_there"]

    def _change(self, clause: Clause, verb: VerbGroup, subjects: list[Thing], lemma: str) -> list[Act]:
        """Hours can pass on screen; of other changes only the first state is shown."""
        before = len(self.scene.hours)
        for _, noun in clause.places:
            if self.nouns.take(noun, "in").kind == "effect":
                self.nouns.read(noun, "in")
        passes = len(self.scene.hours) > before or self.scene.look.get("pace") == "time_lapse"
        self.scene.changing = True
        start, end = verb.head.start, verb.particle.end if verb.particle else verb.head.end
        if passes and not subjects:
            self.scene.note(start, end, "time", "understood", "the hours pass")
        else:
            self.scene.note(start, end, "action", "not_understood")
        if subjects:
            first, later = clause.complements[:1], clause.complements[1:]
            if later:
                describe_things(self.scene, self.meanings, subjects, first)
            for unit in clause.complements:
                self.scene.note(unit.start, unit.end, "attribute", "not_understood")
        return []

    def _implied(self, clause: Clause, verb: VerbGroup) -> list[Thing]:
        """Who does it when nobody is named: the last one who did something, or somebody."""
        if self.mentioned and clause.link != "start":
            return self.mentioned
        lemma = self.meanings.lemma(verb.head.text)
        if verb.form not in "GV" or self.lexicon.verbs.get(lemma) is None:
            return []
        person = self.meanings.person()
        if person is None:
            return []
        kind = self.lexicon.catalogue.recipes[person.value].kind
        return [self.scene.add(Thing(recipe=person.value, name="person", kind=kind))]

    def _action(self, clause: Clause, verb: VerbGroup, subjects: list[Thing], beat: int, lemma: str) -> list[Act]:
        particle = verb.particle.text if verb.particle else ""
        found = self.meanings.verb(verb.head.text, particle)
        targets = self._targets(clause, subjects)
        agents = self._agents(clause) if verb.passive else []
        acts: list[Act] = []
        status, shown = "not_understood", ""
        if verb.passive and agents:
            for thing in agents:
                status, shown = self._perform(thing, found, acts, beat=beat, targets=subjects)
        elif verb.passive:
            status, shown = self._suffer(subjects, lemma, verb, beat, acts)
        else:
            for thing in subjects:
                status, shown = self._perform(thing, found, acts, beat=beat, targets=targets)
        if lemma in self.verbs["sounds"] and subjects:
            self.scene.cues.append(("effect", self.verbs["sounds"][lemma], None, beat))
            status, shown = "understood", shown or f"{lemma} sound"
        moving = self._carried(lemma, acts, clause)
        if moving:
            status, shown = "understood", f"{moving[0].verb} a {moving[0].thing.name}"
        state = self.verbs["verb_states"].get(lemma)
        if status == "not_understood" and state is not None and subjects and not targets and not clause.objects:
            for thing in subjects:
                thing.states.append(state)
            status, shown = "substituted", state
        if status == "not_understood" and self._lights(lemma, clause):
            status, shown = "understood", "as light does"
        if status == "not_understood" and self._grammatical(lemma, clause):
            status = ""
        if status and self.scene.acts:
            self.scene.beats = max(self.scene.beats, beat + 1) if acts else self.scene.beats
        direction = self.verbs["particles"].get(particle)
        for act in acts:
            act.direction = act.direction or direction
        if status:
            end = verb.particle.end if verb.particle and verb.particle.first == verb.head.last + 1 else verb.head.end
            self.scene.note(verb.head.start, end, "action", status, shown)
        self._possess(lemma, subjects, targets, beat)
        return [*acts, *moving]

    def _carried(self, lemma: str, acts: list[Act], clause: Clause) -> list[Act]:
        """Who drives, rides or sails is carried, and what carries moves; the vehicle is implied where none is named."""
        names = self.verbs["vehicles"].get(lemma)
        moving: list[Act] = []
        recipes = self.lexicon.catalogue.recipes
        for act in acts if names is not None else ():
            if act.thing.kind not in LIVING:
                continue
            carrier = (
                act.target if act.target is not None and act.target.kind in ("vehicle", "animal", "prop") else None
            )
            carrier = carrier or self._ridden(clause)
            if act.thing.kind != "person" and (carrier is None or recipes[carrier.recipe].driver is None):
                continue
            mount = data("vehicles")["mounts"].get(act.thing.name)
            names = names or ((mount,) if mount is not None else ())
            if carrier is None and not any(word.text in ("on", "in") and self.nouns.sort_of(noun) == "agent"
                                           for word, noun in clause.places):  # fmt: skip
                name = next((name for name in names or () if name in recipes), None)
                if name is not None:
                    carrier = Thing(recipe=name, name=name.replace("_", " "), kind=recipes[name].kind, role="support")
                    self.scene.bond("on", [act.thing], (self.scene.add(carrier),), act.beat)
            if carrier is None:
                continue
            act.verb = next((verb for verb in ("ride", "sit") if verb in recipes[act.thing.recipe].verbs), act.verb)
            act.target = carrier
            if any(other.thing is carrier for other in moving):
                continue
            self._perform(carrier, (lemma, self.lexicon.verbs.get(lemma, ("drive", ""))[0], ""), moving, beat=act.beat)
        return moving

    def _ridden(self, clause: Clause) -> Thing | None:
        """The vehicle in or on which a clause is said to happen ("drive in a car")."""
        for word, noun in clause.places:
            if word.text in ("in", "on", "inside", "aboard") and self.nouns.sort_of(noun) == "agent":
                for thing in self.nouns.read(noun, word.text):
                    if self.lexicon.catalogue.recipes[thing.recipe].driver is not None:
                        return thing
        return None

    def _lights(self, lemma: str, clause: Clause) -> bool:
        """ "casting a warm glow": what light does of itself, once the light is there."""
        if lemma not in ("cast", "reflect", "create", "throw", "emit", "shed", "catch", "radiate", "provide", "give"):
            return False
        takes = [self.nouns.take(self.nouns.whole(noun)) for noun in clause.objects]
        return bool(takes) and all(take.kind == "effect" for take in takes)

    def _grammatical(self, lemma: str, clause: Clause) -> bool:
        """Verbs of mere presence and of beginning that say nothing to be shown."""
        grammar = self.lexicon.grammar
        if lemma in grammar["present"] and (clause.verb is not None and clause.verb.passive):
            return True
        if lemma in grammar["evoke"] and clause.objects:
            kinds = {self.nouns.take(self.nouns.whole(noun)).kind for noun in clause.objects}
            return kinds <= {"scene", "frame", "abstract", "effect"}
        return lemma in grammar["be_there"] or (lemma in grammar["aspect"] and lemma not in self.lexicon.verbs)

    def _targets(self, clause: Clause, subjects: list[Thing]) -> list[Thing]:
        targets: list[Thing] = []
        for noun in clause.objects:
            for thing in self.nouns.read(noun, "", subjects):
                if thing not in subjects and thing not in targets:
                    thing.role = "support" if thing.role == "main" and thing not in self.mentioned else thing.role
                    targets.append(thing)
        return targets

    def _agents(self, clause: Clause) -> list[Thing]:
        """Who does it in "is pushed by a man"; the phrase is taken off the clause."""
        for index, (word, noun) in enumerate(clause.places):
            if word.text == "by" and self.nouns.sort_of(noun) == "agent":
                things = self.nouns.read(noun)
                del clause.places[index]
                return things
        return []

    def _suffer(
        self, subjects: list[Thing], lemma: str, verb: VerbGroup, beat: int, acts: list[Act]
    ) -> tuple[str, str]:
        """ "is thrown", "parked": what is seen of a thing to which something is done."""
        word = verb.head.text
        states = [take for take in self.lexicon.adjectives.get(word, ()) if take.kind == "state"]
        if states and subjects:
            for thing in subjects:
                thing.states.append(str(states[0].value))
            return "understood", str(states[0].value)
        own = self.verbs["passive"].get(lemma)
        status, shown = "not_understood", ""
        if own is not None:
            for thing in subjects:
                status, shown = self._perform(thing, (lemma, own, "substituted"), acts, beat=beat)
        return status, shown

    def _possess(self, lemma: str, subjects: list[Thing], targets: list[Thing], beat: int) -> None:
        if not subjects or not targets:
            return
        if lemma in ("hold", "carry", "use", "clutch", "grip", "lift", "raise", "play", "drink", "eat", "sip", "read"):
            holders = [thing for thing in subjects if thing.kind in LIVING]
            lifted = lemma in ("hold", "carry", "clutch", "grip", "lift", "raise")
            held = [t for t in targets if self.nouns.in_hand(t) or (lifted and self._small_animal(t))]
            beside = [t for t in targets if t not in held and lemma not in ("eat", "drink", "sip")]
            if holders:
                self.scene.bond("held_by", held, (holders[0],), beat)
                self.scene.bond("next_to", beside, (holders[0],), beat)
        elif lemma in ("ride", "drive", "pedal", "mount", "steer", "row", "sail", "pilot", "fly"):
            self.scene.bond("on", subjects, (targets[0],), beat)
        elif lemma in ("surround", "face", "cover", "flank"):
            kinds = {"surround": "around", "face": "opposite", "cover": "above", "flank": "next_to"}
            self.scene.bond(kinds[lemma], subjects, tuple(targets), beat)

    def _small_animal(self, thing: Thing) -> bool:
        return thing.kind in LIVING and max(self.lexicon.catalogue.recipes[thing.recipe].size) < 0.9

    def _perform(
        self,
        thing: Thing,
        found: tuple[str, str, str] | None,
        acts: list[Act],
        *,
        beat: int,
        targets: list[Thing] | None = None,
    ) -> tuple[str, str]:
        return perform(self.scene, self.lexicon, thing, found, acts, beat=beat, targets=targets)
