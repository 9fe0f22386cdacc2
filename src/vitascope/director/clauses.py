"""Clauses onto the scene: actions with their beats, relations, changes of weather and hour, clothing and states."""

from __future__ import annotations

from vitascope.director.attributes import describe_place, describe_things
from vitascope.director.grammar import Clause, NounPhrase, VerbGroup
from vitascope.director.lexicon import Effect, Relational
from vitascope.director.meaning import Meanings
from vitascope.director.nouns import NounReader
from vitascope.director.scene import Act, Scene, Thing
from vitascope.director.units import Unit

__all__ = ["ClauseReader"]

_LIVING = frozenset(("animal", "person", "bird", "fish", "insect"))
_HOLDERS = frozenset(("person",))
_ONWARD = frozenset(
    ("towards", "away_from", "into", "out_of", "onto", "off", "over", "through", "across", "past", "up", "down")
)
_RESTING = frozenset(("stand", "sit", "lie", "look", "talk", "hold", "eat", "drink", "work", "sway", "shine", "wave"))
_SIDES = frozenset(("left_of", "right_of", "behind", "in_front_of", "above", "under", "on", "in"))
"""Relations that say where a travel ends."""
_BRINGS_THINGS = frozenset(("featuring", "depicting", "including", "containing", "of", "with", "for"))


class ClauseReader:
    """Reads clauses in order of mention onto a scene."""

    def __init__(self, scene: Scene, meanings: Meanings, nouns: NounReader) -> None:
        self.scene, self.meanings, self.nouns, self.lexicon = scene, meanings, nouns, meanings.lexicon
        self.verbs = meanings.lexicon.tables["verbs"]
        self.previous: list[Thing] = []
        self._beats: dict[int, int] = {}
        self._acts: dict[int, list[Act]] = {}
        self._sentence_acts = 0

    def read(self, clause: Clause) -> None:
        """Put everything that `clause` says on the scene."""
        subjects = self._subjects(clause)
        acts: list[Act] = []
        if clause.verb is not None:
            beat = self._beat(clause)
            acts = self._verb(clause, clause.verb, subjects, beat)
            self._acts[id(clause)] = acts
        if subjects:
            self.previous = subjects
        hosts = subjects or [act.thing for act in acts]
        for word, noun in clause.places:
            self._place(word, noun, hosts, acts, clause)
        if clause.complements and clause.verb is None:
            describe_things(self.scene, self.meanings, hosts, clause.complements)
        self._adverbs(clause, acts)
        for noun in (*clause.subjects, *clause.objects):
            self._after(noun, self.nouns.read(noun), acts, clause)

    def _subjects(self, clause: Clause) -> list[Thing]:
        things: list[Thing] = []
        for noun in clause.subjects:
            found = self.nouns.read(noun)
            if noun.expression is not None and noun.expression.entry is not None:
                self._aim_camera(noun.expression.entry, found)
            things += [thing for thing in found if thing not in things]
        return things

    def _aim_camera(self, effect: Effect, things: list[Thing]) -> None:
        if not things:
            return
        self.scene.moves = [
            (kind, things[0] if kind == effect.do.get("move") and target is None else target, pace, beat)
            for kind, target, pace, beat in self.scene.moves
        ]
        if "framing" in effect.do or "move" in effect.do:
            self.scene.camera.setdefault("focus", things[0])
        if effect.do.get("point_of_view") and things[0].kind in _LIVING:
            self.scene.camera["point_of_view"] = things[0]

    def _after(self, noun: NounPhrase, things: list[Thing], acts: list[Act], clause: Clause) -> None:
        """What hangs on a noun phrase: participles in front of it, prepositional phrases behind it."""
        if self.scene is None or getattr(noun, "done", False):
            return
        whole = self.nouns.whole(noun)
        for part in {id(n): n for n in (noun, whole)}.values():
            for unit in part.participles:
                self._participle(unit, things)
            places, part.places = part.places, []
            part.participles = []
            for word, other in places:
                self._place(word, other, things, [], clause)

    def _participle(self, unit: Unit, things: list[Thing]) -> None:
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
                status, shown = self._act(thing, found, self.scene.beats - 1, [])
        self.scene.note(unit.start, unit.end, "action", status, shown)

    # Beats ---------------------------------------------------------------------------------------------------------

    def _beat(self, clause: Clause) -> int:
        """The step of the story in which a clause happens."""
        last = self.scene.beats - 1
        link, verb = clause.link, clause.verb
        parent = self._beats.get(id(clause.parent)) if clause.parent is not None else None
        static = verb is not None and (verb.form == "X" or self._lemma(verb) in self.lexicon.grammar["be_there"])
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

    def _lemma(self, verb: VerbGroup) -> str:
        return self.meanings.lemma(verb.head.text)

    # Verbs ---------------------------------------------------------------------------------------------------------

    def _verb(self, clause: Clause, verb: VerbGroup, subjects: list[Thing], beat: int) -> list[Act]:
        lemma, grammar = self._lemma(verb), self.lexicon.grammar
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
        if clause.subjects and not subjects:
            return self._of_the_set(clause, verb, lemma)
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
                    self._with(new, subjects, None)
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
            self.previous = self.nouns.read(noun) or self.previous
        return []

    def _of_the_set(self, clause: Clause, verb: VerbGroup, lemma: str) -> list[Act]:
        """The sun sets, waves crash, snow falls, the camera shows: verbs whose subject is the set or the picture."""
        noun = clause.subjects[0]
        take = self.nouns.take(self.nouns.whole(noun))
        head = self.nouns.meaning(noun).lemma
        start, end = verb.head.start, verb.particle.end if verb.particle else verb.head.end
        for other in clause.objects:
            self.nouns.read(other)
        if head in ("sun", "moon") and lemma in self.verbs["sky"]:
            hour = 19.2 if self.verbs["sky"][lemma] == "sunset" else 6.3
            said = self.scene.apply(Effect(kind="time", do={"hour": hour, "light": "warm"}))
            self.scene.note(start, end, "time", "understood", said)
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
            known = take.kind in ("effect", "place", "stuff") and (
                lemma in moves or lemma in self.lexicon.grammar["be_there"] or self._presents(lemma)
            )
            self.scene.note(start, end, "action", "understood" if known else "not_understood",
                            f"as the {head} does" if known else "")  # fmt: skip
        return []

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
        if self.previous and clause.link != "start":
            return self.previous
        lemma = self._lemma(verb)
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
                status, shown = self._act(thing, found, beat, acts, subjects)
        elif verb.passive:
            status, shown = self._suffer(subjects, lemma, verb, beat, acts)
        else:
            for thing in subjects:
                status, shown = self._act(thing, found, beat, acts, targets)
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
            if act.thing.kind != "person":
                continue
            carrier = (
                act.target if act.target is not None and act.target.kind in ("vehicle", "animal", "prop") else None
            )
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
            self._act(carrier, (lemma, self.lexicon.verbs.get(lemma, ("drive", ""))[0], ""), act.beat, moving)
        return moving

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
        return lemma in grammar["be_there"] or (lemma in grammar["aspect"] and lemma not in self.lexicon.verbs)

    def _targets(self, clause: Clause, subjects: list[Thing]) -> list[Thing]:
        targets: list[Thing] = []
        for noun in clause.objects:
            for thing in self.nouns.read(noun, "", subjects):
                if thing not in subjects and thing not in targets:
                    thing.role = "support" if thing.role == "main" and thing not in self.previous else thing.role
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

    def _act(self, thing: Thing, found: tuple[str, str, str] | None, beat: int, acts: list[Act],
             targets: list[Thing] | None = None) -> tuple[str, str]:  # fmt: skip
        """Let `thing` do the verb as well as its body can; status and what it does."""
        if found is None:
            return "not_understood", ""
        words, verb, status = found
        recipe = self.lexicon.catalogue.recipes[thing.recipe]
        done = self._able(recipe, words, verb)
        stands = done == "stand" and self.lexicon.catalogue.verb_words.get(words, "stand") != "stand"
        if done is None or stands or (done == "stand" and words not in self.lexicon.catalogue.verb_words):
            return "not_understood", ""
        others = [target for target in targets or () if target is not thing]
        act = Act(thing=thing, verb=done, words=words, beat=beat, target=others[0] if others else None)
        self.scene.acts.append(act)
        acts.append(act)
        if done != verb:
            status = "substituted"
        return status, done.replace("_", " ")

    def _able(self, recipe, words: str, verb: str) -> str | None:
        """The verb of the catalogue that the body performs for `words`; None if only standing about is left."""
        catalogue = self.lexicon.catalogue
        listed = [name for name, entry in catalogue.verbs.items() if words in entry.words or name == words]
        for name in (verb, *listed):
            if name in recipe.verbs:
                return name
        done = catalogue.verb_for(recipe, verb)
        if done == "stand" and verb != "stand":
            return None
        return done

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
                status, shown = self._act(thing, (lemma, own, "substituted"), beat, acts)
        return status, shown

    def _possess(self, lemma: str, subjects: list[Thing], targets: list[Thing], beat: int) -> None:
        if not subjects or not targets:
            return
        if lemma in ("hold", "carry", "use", "clutch", "grip", "lift", "raise", "play", "drink", "eat", "sip", "read"):
            holders = [thing for thing in subjects if thing.kind in _LIVING]
            held = [thing for thing in targets if thing.kind == "prop"]
            if holders and held:
                self.scene.bond("held_by", held, (holders[0],), beat)
        elif lemma in ("ride", "drive", "pedal", "mount", "steer", "row", "sail", "pilot", "fly"):
            self.scene.bond("on", subjects, (targets[0],), beat)
        elif lemma in ("surround", "face", "cover", "flank"):
            kinds = {"surround": "around", "face": "opposite", "cover": "above", "flank": "next_to"}
            self.scene.bond(kinds[lemma], subjects, tuple(targets), beat)

    # Prepositional phrases -----------------------------------------------------------------------------------------

    def _place(self, word: Unit, noun: NounPhrase, hosts: list[Thing], acts: list[Act], clause: Clause) -> None:
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
        self._after(noun, things, acts, clause)

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
            self._with(others, hosts, acts[0] if acts else None)
        elif thrown and relation is not None and relation.still in _SIDES:
            self.scene.bond(relation.still, thrown[:1], tuple(others), beat + 1)
            status = "substituted"
        elif travels and relation is not None and relation.travel:
            for act in travels:
                act.target, act.target_relation = others[0], relation.travel
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

    def _with(self, others: list[Thing], hosts: list[Thing], act: Act | None) -> None:
        holders = [thing for thing in hosts if thing.kind in _HOLDERS]
        small = [thing for thing in others if thing.kind == "prop"]
        if holders and small:
            self.scene.bond("held_by", small, (holders[0],))
            if act is not None and act.target is None:
                act.target, act.target_relation = small[0], "with"
        big = [thing for thing in others if thing not in small or not holders]
        if big:
            self.scene.bond("next_to", big, (hosts[0],))

    def _moves_the_set(self, clause: Clause) -> bool:
        """Whether the clause is about weather, water or the land."""
        if not clause.subjects or clause.verb is None:
            return False
        return self.nouns.take(self.nouns.whole(clause.subjects[0])).kind in ("effect", "place", "stuff")

    # Adverbs -------------------------------------------------------------------------------------------------------

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
                if "manner" in effect.do:
                    act.manner.append(effect.do["manner"])
            if not acts and effect.do.get("vigour") and self._moves_the_set(clause):
                wind = 0.1 if effect.do["vigour"] < 1 else 0.8
                said = self.scene.apply(Effect(kind="weather", do={"wind": wind}))
                self.scene.note(unit.start, unit.end, "manner", "substituted", said)
                continue
            said = ", ".join(str(value).replace("_", " ") for name, value in effect.do.items() if name != "vigour")
            shown = bool(acts) or (not effect.do.get("direction") and clause.verb is not None and not clause.subjects)
            self.scene.note(unit.start, unit.end, "manner", "understood" if shown else "not_understood",
                            said if shown else "")  # fmt: skip
