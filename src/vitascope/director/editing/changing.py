"""What something is to become: the picture and its set, subjects, one aspect of them, what they wear."""

from __future__ import annotations

from collections.abc import Sequence

from vitascope.director.attributes import adjective_groups
from vitascope.director.editing.acting import act_out, stop_acting, turn_back
from vitascope.director.editing.bench import Already, Bench, Unclear
from vitascope.director.editing.camera import lay_camera, says_camera
from vitascope.director.editing.counting import set_count
from vitascope.director.editing.lengths import set_length
from vitascope.director.editing.looks import adjectives_of, only_adjectives, set_aspect, tell
from vitascope.director.editing.moving import relate_anew
from vitascope.director.editing.phrases import parsed
from vitascope.director.editing.reading import Described, describe
from vitascope.director.editing.recasting import replace_subjects
from vitascope.director.editing.scenery import lay_scenery, says_scenery
from vitascope.director.editing.subjects import add_things, change_looks, dress, name_of, resize
from vitascope.director.editing.taking import take_away
from vitascope.director.editing.targets import Target
from vitascope.director.editing.words import Run, edit_words, found, number_of, starts, trimmed, word
from vitascope.film import AttributesChange, Change, ChangeLight, ChangeLook, ChangeSubject, Garment

__all__ = ["become", "check_lost", "lay_all", "palette", "same_counted", "scenery_becomes"]

_OWN = frozenset(("colour", "material", "pattern", "size", "age", "hair", "clothes", "number", "place"))
"""Aspects of things; of the picture only its colours are one."""
_ABOVE = frozenset(
    ("sky", "weather", "light", "lighting", "time", "hour", "sun", "shadow", "style", "season", "tone", "mood")
)
_SUBJECTS = frozenset(("he", "she", "it", "they"))
_STOPS = frozenset(("stop", "stops", "stopping", "cease", "ceases", "end", "ends", "halt", "quit"))
CORE = frozenset(
    ("subject", "action", "relation", "place", "time", "weather", "camera", "other", "count", "sound", "style")
)
"""Kinds of phrases without which an instruction is not carried out."""


def check_lost(bench: Bench, described: Described) -> None:
    """Raise Unclear where a word that carries the instruction was not understood."""
    lost = [p for p in described.scene.reading().with_status("not_understood") if p.kind in CORE]
    if lost:
        words = tuple(phrase.text for phrase in lost)
        raise Unclear(f"I do not understand “{'”, “'.join(words[:3])}”.", *words)


def lay_all(bench: Bench, described: Described, *, then: bool = False, changing: bool = False) -> bool:
    """Carry out everything that a description says. Whether it said anything."""
    check_lost(bench, described)
    scene = described.scene
    for act in scene.acts:
        if act.words.split(" ")[0] not in bench.meanings.lexicon.verbs:
            raise Unclear(f"I do not know how to show “{act.words}”.", act.words)
    before = (len(bench.operations), len(bench.already))
    bench.take_notes(scene)
    if says_scenery(scene) or "depth_of_field" in scene.camera:
        lay_scenery(bench, described, changing=changing)
    if says_camera(described):
        lay_camera(bench, described)
    add_things(bench, described)
    change_looks(bench, described)
    act_out(bench, described, then=then)
    moved = {n for bond in scene.bonds for n in bond.thing.ids if n in described.known}
    acting = {n for act in scene.acts for n in act.thing.ids}
    if moved - acting:
        relate_anew(bench, tuple(n for n in described.known if n in moved - acting), described)
    if scene.duration is not None:
        set_length(bench, scene.duration)
    return (len(bench.operations), len(bench.already)) != before


# The picture ----------------------------------------------------------------------------------------------------------


def scenery_becomes(
    bench: Bench, payload: Run, *, place: bool = True, things: bool = True, sky: bool = False, within: str | None = None
) -> bool:
    """Let the set and the picture be what `payload` says. False where it says nothing of them."""
    at = payload[0].start
    tries = [payload]
    if place and not sky:
        tries.append((word("in", at), *payload))
    best: Described | None = None
    for attempt in tries:
        described = describe(bench, attempt, strict=False, place=within)
        if _says(described) and (best is None or _worth(described) > _worth(best)):
            best = described
    if best is None:
        return False
    check_lost(bench, best)
    best.without_taste(bench)
    best.scene.place_said = best.scene.place_said and within is None
    if best.scene.place_said and sky:
        raise Unclear(f"It is not clear what a {best.scene.place} has to do with that.".replace("_", " "))
    if best.new and not things:
        raise Unclear(f"It is not clear what “{best.new[0].name}” has to do with that.", best.new[0].name)
    for thing in best.new:
        thing.role = "scenery"
    best.scene.acts.clear()
    return lay_all(bench, best)


def _says(described: Described) -> bool:
    return says_scenery(described.scene) or says_camera(described) or "depth_of_field" in described.scene.camera


def _worth(described: Described) -> tuple[int, int, int]:
    scene = described.scene
    return (-len(described.lost), bool(scene.place and scene.place_said), -len(described.new))


# Anything -------------------------------------------------------------------------------------------------------------


def become(bench: Bench, target: Target, payload: Run, *, then: bool = False, form: str = "") -> bool:
    """Let `target` become what `payload` says. Raises Unclear where that makes no sense; False where it says nothing."""
    payload = _led(payload)
    if not payload:
        return False
    if target.aspect in _OWN and target.kind not in ("subjects", "it") and not _pictorial(bench, target):
        raise Unclear(f"“{target.words}” cannot be changed by itself.", target.words)
    if payload[0].lower in _STOPS:
        return _stops(bench, target, payload)
    if target.kind == "it":
        return _it_becomes(bench, target, payload, then=then, form=form)
    if target.kind in ("scenery", "effect", "stuff", "speed", "camera", "length", "sound"):
        if target.aspect is not None and target.kind in ("effect", "stuff"):
            raise Unclear(f"The {target.aspect} of that cannot be changed.", target.words)
        if target.kind == "stuff":
            raise Unclear(f"“{target.words}” is a part of the place and cannot be changed by itself.", target.words)
        if target.kind == "scenery" and _light_colour(bench, target, payload):
            return True
        if target.kind == "scenery" and palette(bench, payload):
            return True
        if target.kind == "scenery" and only_adjectives(bench, payload) and _tone(bench, payload):
            return True
        return _set_becomes(bench, target, payload)
    return _subjects_become(bench, target, payload, then=then, form=form)


def _pictorial(bench: Bench, target: Target) -> bool:
    """Whether a target is the picture as a whole."""
    if target.noun is None:
        return True
    lemma = bench.meanings.of(target.noun).lemma
    return lemma in edit_words().topics["scenery"] and lemma not in ("sky", "sun", "shadow")


def _set_becomes(bench: Bench, target: Target, payload: Run) -> bool:
    """The set, the light or the style; things come with a place only."""
    lemma = bench.meanings.of(target.noun).lemma if target.noun is not None else ""
    words = {t.lower for t in payload}
    if target.kind == "effect" and {"made", "of"} <= words:
        raise Unclear(f"“{target.words}” cannot be made of something else.", target.words)
    named = bench.meanings.noun((lemma,)).take("place") if lemma else None
    placed = lemma in edit_words().raw["places_said"] or named is not None
    before = len(bench.operations)
    if scenery_becomes(bench, payload, place=placed or target.kind != "effect", things=placed, sky=lemma in _ABOVE):
        if target.kind == "effect" and any(getattr(o.what, "place", None) for o in bench.operations[before:]  # type: ignore[union-attr]
                                           if isinstance(o, Change)):  # fmt: skip
            raise Unclear(f"“{target.words}” cannot become a place.", target.words)
        return True
    return lemma in edit_words().raw["places_said"] and _backdrop_thing(bench, target, payload)


def _stops(bench: Bench, target: Target, payload: Run) -> bool:
    """ "let the rain stop", "the dog stops walking"."""
    if target.kind == "effect" and target.noun is not None:
        for token in payload:
            bench.note(token.start, token.end, "weather", "stopped")
        return take_away(bench, (word(target.noun.head.text, target.noun.head.start),))
    verb = bench.meanings.verb(payload[-1].lower) if len(payload) > 1 else None
    for token in payload:
        bench.note(token.start, token.end, "action", "no longer")
    if not target.names:
        return False
    if not stop_acting(bench, target.names, verb[1] if verb else None):
        raise Already(f"{name_of(bench, target.names).capitalize()} does nothing of that kind.")
    return True


def _led(payload: Run) -> Run:
    """A payload without the words that only lead to it."""
    words, payload = edit_words().lead_ins, trimmed(payload)
    while len(payload) > 1:
        match = starts(words, payload)
        if match is None or match[0] >= len(payload):
            return payload
        payload = trimmed(payload[match[0] :])
        if len(payload) > 2 and payload[0].lower in _SUBJECTS and payload[1].lower in ("is", "are", "were", "'s"):
            payload = payload[2:]
    return payload


def _tone(bench: Bench, payload: Run) -> bool:
    """A picture that is to be of a colour: warm, cool, black and white and vivid are; others are not."""
    described = describe(bench, payload, strict=False)
    if _says(described) and not described.lost:
        return lay_all(bench, described)
    return False


def _light_colour(bench: Bench, target: Target, payload: Run) -> bool:
    """Coloured light goes to the nearest mood of light."""
    lemma = bench.meanings.of(target.noun).lemma if target.noun is not None else ""
    if lemma not in ("light", "lighting", "illumination", "sunlight") or len(payload) != 1:
        return False
    takes = bench.meanings.lexicon.adjectives.get(payload[0].lower, ())
    mood = edit_words().raw["light_colours"].get(str(takes[0].value)) if takes and takes[0].kind == "colour" else None
    if mood is None:
        return False
    bench.note(payload[0].start, payload[0].end, "light", f"{mood} light", "substituted")
    if bench.shot.light.mood != mood:
        bench.change(ChangeLight(mood=mood))
    bench.say(f"the light is {mood}") if bench.operations else bench.already.append(f"the light is {mood}")
    return True


def _backdrop_thing(bench: Bench, target: Target, payload: Run) -> bool:
    """A thing that is to be the background stands there."""
    described = describe(bench, payload, strict=False)
    if target.kind != "scenery" or target.aspect is not None or not described.new:
        return False
    check_lost(bench, described)
    for thing in described.new:
        thing.role = "scenery"
        described.scene.bond("in_background", [thing])
    return lay_all(bench, described)


def _it_becomes(bench: Bench, target: Target, payload: Run, *, then: bool, form: str) -> bool:
    """ "it" is the picture where what follows is of the picture, and else what was spoken of."""
    described = describe(bench, payload, strict=False)
    if same_counted(bench, (), described):
        return True
    finished = bool({"grade", "style"} & described.scene.look.keys())
    of_picture = finished or not _of_things(bench, payload)
    if _says(described) and not described.new and not described.lost and of_picture:
        return lay_all(bench, described)
    if not _of_things(bench, payload) and _atmosphere(bench, payload):
        return True
    if target.names:
        return _subjects_become(bench, Target(kind="subjects", names=target.names, aspect=target.aspect,
                                              words=target.words), payload, then=then, form=form)  # fmt: skip
    return scenery_becomes(bench, payload)


def _atmosphere(bench: Bench, payload: Run) -> bool:
    """Adjectives of weather, hour and light alone: "sunny", "foggy and cold"."""
    units = adjectives_of(bench, payload)
    lexicon = bench.meanings.lexicon
    units = [u for u in units if u.text not in lexicon.function["conjunctions"]]
    effects = [next((t.effect for t in lexicon.adjectives.get(u.text, ()) if t.kind == "effect"), None) for u in units]
    if not units or payload[0].lower in ("a", "an", "the") or any(e is None for e in effects):
        return False
    described = describe(bench, (), strict=False)
    for unit, effect in zip(units, effects, strict=True):
        if effect is None or effect.kind not in ("weather", "light", "time", "season"):
            return False
        said = described.scene.apply(effect)
        described.scene.note(unit.start, unit.end, effect.kind, effect.status, said)
    return lay_all(bench, described)


def _of_things(bench: Bench, payload: Run) -> bool:
    """Whether adjectives are first of all those of things ("golden", "open")."""
    takes = [bench.meanings.lexicon.adjectives.get(token.lower, ()) for token in payload]
    things = ("colour", "material", "state", "size", "age", "pattern", "mood")
    return any(t and t[0].kind in things for t in takes) and bool(bench.pointed or bench.salient)


def _subjects_become(bench: Bench, target: Target, payload: Run, *, then: bool, form: str) -> bool:
    names = target.names
    if target.garment is not None:
        return _garment_becomes(bench, target, payload)
    back = found(edit_words().turning_back, payload)
    if back is not None and back[1] == len(payload) and target.part is None and target.aspect in (None, "pose"):
        _note_all(bench, payload, "the other way")
        return turn_back(bench, names)
    factor = found(edit_words().factors, payload)
    if target.aspect == "size" and factor is not None:
        resize(bench, names, float(factor[2]))
        _note_all(bench, payload, f"{factor[2]:g} times the size")
        return True
    if target.part is not None and target.aspect not in ("mood", "hair"):
        return _part_becomes(bench, target, payload)
    if target.aspect in ("colour", "material", "pattern", "size", "age", "hair", "mood"):
        if target.aspect == "mood":
            return tell(bench, names, payload)
        return set_aspect(bench, names, target.aspect, payload)
    if target.aspect == "number":
        return _counted(bench, names, payload)
    if (made := _made_of(payload)) is not None:
        return set_aspect(bench, names, "material", made)
    named = form == "link" and target.aspect is None and _is_thing(bench, payload)
    if (colour := _wearing_colour(bench, payload)) is not None:
        _note_all(bench, payload, f"a {colour} suit", status="substituted")
        dress(bench, names, Garment(kind="suit", colour=colour))
        return True
    if not named and target.aspect in ("pose", None) and (verb := _verb_phrase(bench, names, payload)) is not None:
        return lay_all(bench, verb, then=then)
    if only_adjectives(bench, payload) or target.aspect is not None:
        return tell(bench, names, payload)
    described = describe(bench, payload, strict=False)
    if described.new and form != "let" and _starts_with_noun(bench, payload):
        check_lost(bench, described)
        described.without_taste(bench)
        return same_counted(bench, names, described) or _recast(bench, names, described)
    if _wears(bench, payload):
        return _dressed(bench, names, payload)
    about = describe(bench, (*_they(payload), word("are", payload[0].start), *payload), about=names)
    if not (about.changed() or about.scene.acts or about.scene.bonds or about.new):
        said = bench.text[payload[0].start : payload[-1].end]
        raise Unclear(f"{name_of(bench, names).capitalize()} cannot become “{said}”.", said)
    about.without_taste(bench)
    return lay_all(bench, about, then=then)


def _wearing_colour(bench: Bench, payload: Run) -> str | None:
    """ "wear black": a colour without a garment."""
    takes = bench.meanings.lexicon.adjectives.get(payload[-1].lower, ())
    if bench.meanings.lemma(payload[0].lower) not in ("wear", "dress") or len(payload) > 3:
        return None
    return next((str(t.value) for t in takes if t.kind == "colour"), None)


def _starts_with_noun(bench: Bench, payload: Run) -> bool:
    chunks = parsed(payload, bench.meanings).chunks
    return bool(chunks) and chunks[0].kind == "noun"


def _is_thing(bench: Bench, payload: Run) -> bool:
    """Whether a payload by itself is first of all the name of a thing ("rocket", "a cat")."""
    chunks = parsed(payload, bench.meanings).chunks
    if not chunks or chunks[0].noun is None:
        return False
    return bench.meanings.of(chunks[0].noun).take("recipe", "couple") is not None


def same_counted(bench: Bench, names: Sequence[str], described: Described) -> bool:
    """ "make it five dogs" where dogs are: their number changes."""
    things = described.new
    if len(things) != 1 or not things[0].counted:
        return False
    alike = [s.id for s in bench.subjects().values() if things[0].recipe == s.recipe or things[0].name == s.name]
    if not alike or (names and not set(names) <= set(alike)):
        return False
    bench.take_notes(described.scene)
    if len(alike) == things[0].count:
        raise Already(f"There are {len(alike)} already.")
    set_count(bench, alike, things[0].count)
    return True


def _recast(bench: Bench, names: Sequence[str], described: Described) -> bool:
    bench.take_notes(described.scene)
    replace_subjects(bench, names, described)
    return True


def _verb_phrase(bench: Bench, names: Sequence[str], payload: Run) -> Described | None:
    """The payload as something that the subjects do, or None where it is no deed."""
    chunks = parsed((*_they(payload), *payload), bench.meanings).chunks
    if len(chunks) < 2 or chunks[1].kind != "verb" or chunks[1].verb is None:
        return None
    text = chunks[1].verb.head.text
    takes = bench.meanings.lexicon.adjectives.get(text, ())
    if takes and takes[0].kind in ("state", "colour", "mood", "pattern", "age", "effect") and len(payload) == 1:
        return None
    if text in ("made", "wear", "wearing") and len(payload) > 1 and text == "made":
        return None
    described = describe(bench, (*_they(payload), *payload), about=names)
    if described.scene.acts or described.changed() or described.scene.bonds or described.scene.cues:
        return described
    return None


def _they(payload: Run) -> Run:
    return (word("they", payload[0].start),)


def _made_of(payload: Run) -> Run | None:
    low = [token.lower for token in payload]
    if "of" in low and low[0] in ("made", "out", "of", "from"):
        return payload[low.index("of") + 1 :]
    return None


def _counted(bench: Bench, names: Sequence[str], payload: Run) -> bool:
    number = next((n for token in payload if (n := number_of(token)) is not None), None)
    if number is None:
        return False
    _note_all(bench, payload, f"{int(number)}")
    set_count(bench, names, int(number))
    return True


def _part_becomes(bench: Bench, target: Target, payload: Run) -> bool:
    """A part is as its whole; its colour is the second one."""
    described = describe(bench, (), about=target.names)
    groups = adjective_groups(adjectives_of(bench, payload), bench.meanings)
    colours = [
        t for text, _, _ in groups for t in bench.meanings.lexicon.adjectives.get(text, ()) if t.kind == "colour"
    ]
    text = target.part.text if target.part is not None else ""
    if not colours or not only_adjectives(bench, payload):
        raise Unclear(f"The {text} cannot be changed by itself, only its colour.", text)
    _note_all(bench, payload, f"{colours[0].value} as second colour", status="substituted")
    for name in target.names:
        described.known[name].attributes["second_colour"] = colours[0].value
    return change_looks(bench, described)


def _note_all(bench: Bench, run: Run, taken_as: str, status: str = "understood") -> None:
    bench.note(run[0].start, run[-1].end, "attribute", taken_as, status)


# Clothes --------------------------------------------------------------------------------------------------------------


def _wears(bench: Bench, payload: Run, *, surely: bool = True) -> bool:
    """Whether a payload is a garment first of all, or can be one."""
    clauses = parsed(payload, bench.meanings).clauses
    nouns = [n for c in clauses for n in (*c.subjects, *c.objects, *(p for _, p in c.places))]
    if not nouns:
        return False
    meaning = bench.meanings.of(nouns[0])
    return meaning.takes[0].kind == "garment" if surely else meaning.take("garment") is not None


def _dressed(bench: Bench, names: Sequence[str], payload: Run) -> bool:
    at = payload[0].start
    described = describe(bench, (word("they", at), word("wear", at), *payload), about=names)
    return lay_all(bench, described)


def _garment_becomes(bench: Bench, target: Target, payload: Run) -> bool:
    """ "his shirt ... red", "her dress ... a white gown", "the jacket ... leather"."""
    if not only_adjectives(bench, payload) and _wears(bench, payload, surely=False):
        names = target.names
        for name in names:
            worn = bench.subject(name).attributes.clothing
            kept = tuple(g for g in worn if g.kind != target.garment)
            if kept != worn:
                bench.change(ChangeSubject(subject=name, attributes=AttributesChange(clothing=kept)))
        return _dressed(bench, names, payload)
    lexicon = bench.meanings.lexicon
    colour = pattern = None
    units = parsed(payload, bench.meanings).units
    for unit in units:
        for take in lexicon.adjectives.get(unit.text, ()):
            if take.kind == "colour" and colour is None:
                colour = str(take.value)
            elif take.kind == "pattern" and pattern is None:
                pattern = str(take.value)
    if colour is None and pattern is None:
        text = bench.text[payload[0].start : payload[-1].end]
        raise Unclear(f"It is not clear how a {target.garment} can be “{text}”.", text)
    _note_all(bench, payload, " ".join(filter(None, (colour, pattern))))
    for name in target.names:
        worn = next((g for g in bench.subject(name).attributes.clothing if g.kind == target.garment), None)
        now = worn or Garment(kind=target.garment or "shirt")
        dress(bench, (name,), Garment(kind=now.kind, colour=colour or now.colour, pattern=pattern or now.pattern))
    bench.mention(target.names)
    return True


def palette(bench: Bench, payload: Run) -> bool:
    """Colours of the whole picture: "warm tones", "a subdued palette", "a cool-toned effect"."""
    raw = edit_words().raw
    low = [token.lower for token in payload]
    if not set(low) & {*raw["palette_words"], "toned", "effect", "palettes", "atmosphere"}:
        return False
    grade = next((name for name, words in raw["palettes"].items() for text in low if text in words), None)
    if grade is None:
        return False
    rest = tuple(t for t in payload if t.lower not in raw["palettes"][grade])
    said = describe(bench, rest, strict=False)
    if said.scene.hours:
        lay_all(bench, said)
    for token in payload:
        bench.note(token.start, token.end, "style", f"{grade} colours")
    if bench.shot.look.grade != grade:
        bench.change(ChangeLook(grade=grade))
        bench.say(f"the colours are {grade.replace('-', ' ')}")
    else:
        bench.already.append(f"the colours are {grade.replace('-', ' ')}")
    return True
