"""Instructions that take something away, or let somebody stop."""

from __future__ import annotations

from vitascope.director.editing.acting import stop_acting
from vitascope.director.editing.bench import Already, Bench, Unclear
from vitascope.director.editing.camera import stand_still
from vitascope.director.editing.phrases import noun_end
from vitascope.director.editing.reading import describe
from vitascope.director.editing.scenery import clear_away
from vitascope.director.editing.subjects import name_of, remove_subjects, undress
from vitascope.director.editing.targets import Target, target_of
from vitascope.director.editing.words import Run, edit_words, listed, lowers, starts, trimmed, word
from vitascope.film import AttributesChange, ChangeSubject

__all__ = ["removal", "stopping", "take_away"]


def removal(bench: Bench, run: Run, then: bool) -> bool:
    words = edit_words()
    match = starts(words.removing, run)
    low = lowers(run)
    if match is not None:
        rest = run[match[0] :]
        if low[0] in ("take", "lose") and match[0] == 1 and not {"off", "away", "out"} & set(low):
            return False
    elif low[0] in words.verbs["remove"] and len(run) > 1:
        rest = run[1:]
    else:
        return False
    rest = trimmed(
        tuple(t for i, t in enumerate(rest) if not (t.lower in ("away", "off", "out") and i in (0, len(rest) - 1)))
    )
    if not rest:
        raise Unclear("It is not said what is to be taken away.")
    bench.note(run[0].start, rest[0].start, "negation", "taken away")
    for piece in listed(rest):
        take_away(bench, _without_place(piece))
    return True


def _without_place(run: Run) -> Run:
    """A noun phrase without "from the scene"."""
    low = lowers(run)
    if "from" in low and low.index("from"):
        return run[: low.index("from")]
    return run


def take_away(bench: Bench, run: Run) -> bool:
    """Take away what `run` names: subjects, clothes, weather, sounds, a look. Raises Unclear where that cannot be."""
    described = describe(bench, run, strict=False)
    scene = described.scene
    of_set = scene.weather or scene.features or scene.look or scene.cues or scene.light
    if of_set and not described.new:
        bench.take_notes(scene)
        for sentence in clear_away(bench, scene):
            bench.say(sentence)
        return True
    target = target_of(bench, run)
    if target.garment is not None:
        undress(bench, target.names, target.garment)
    elif target.part is not None or target.aspect is not None:
        if target.aspect in ("pattern", "material", "colour") and target.part is None:
            _reset(bench, target)
            return True
        raise Unclear(f"“{target.words}” belongs to its whole and cannot be taken away.", target.words)
    elif target.kind in ("subjects", "it") and target.names:
        remove_subjects(bench, target.names)
    else:
        raise Unclear(f"“{target.words}” cannot be taken away.", target.words)
    return True


def _reset(bench: Bench, target: Target) -> None:

    for name in target.names:
        change = AttributesChange(reset=(target.aspect or "colour",))
        bench.change(ChangeSubject(subject=name, attributes=change))
    bench.say(f"the {target.aspect} of {name_of(bench, target.names)} is as usual")


def stopping(bench: Bench, run: Run, then: bool) -> bool:
    """ "stop the rain", "stop walking", "the dog stops", "let it stop raining"."""
    low = lowers(run)
    if low[0] not in edit_words().verbs["stop"]:
        return False
    rest = trimmed(run[1:])
    if not rest:
        everybody = tuple(bench.subjects())
        bench.note(run[0].start, run[-1].end, "action", "no longer")
        return stop_acting(bench, tuple(bench.pointed) or everybody, None)
    found_verb = bench.meanings.verb(rest[0].lower) if rest[0].lower.endswith("ing") else None
    weather = bench.meanings.lexicon.tables["verbs"]["weather_verbs"]
    if rest[0].lower.endswith("ing") and bench.meanings.lemma(rest[0].lower) in weather:
        take_away(bench, (word(bench.meanings.lemma(rest[0].lower), rest[0].start),))
        bench.note(run[0].start, run[-1].end, "weather", "stopped")
        return True
    if found_verb is not None:
        names = tuple(bench.pointed) or tuple(bench.salient) or tuple(bench.subjects())
        bench.note(run[0].start, run[-1].end, "action", f"no longer {found_verb[0]}")
        if stop_acting(bench, names, found_verb[1]) or stop_acting(bench, tuple(bench.subjects()), found_verb[1]):
            return True
        raise Already(f"Nobody {found_verb[0]}s.")
    size = noun_end(rest, bench.meanings) or len(rest)
    behind = trimmed(rest[size:])
    described = describe(bench, rest[:size], strict=False)
    if described.scene.weather or described.scene.cues:
        take_away(bench, rest[:size])
        return True
    target = target_of(bench, rest[:size])
    if target.kind == "camera":
        return stand_still(bench)
    if target.names:
        verb = bench.meanings.verb(behind[-1].lower) if behind else None
        for token in run:
            bench.note(token.start, token.end, "action", "no longer")
        if stop_acting(bench, target.names, verb[1] if verb else None):
            return True
        raise Already(f"“{target.words}” does nothing of that kind.")
    return False
