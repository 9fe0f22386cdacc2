"""Instructions by their form: change X to Y, make X Y, add, remove, replace, give, move, let X do, and bare wishes."""

from __future__ import annotations

from collections.abc import Callable

from vitascope.director.editing.altering import changing, making, replacing
from vitascope.director.editing.bench import Ambiguous, Bench, Unclear
from vitascope.director.editing.changing import become, lay_all, palette, same_counted, scenery_becomes
from vitascope.director.editing.counting import add_like
from vitascope.director.editing.degrees import comparing
from vitascope.director.editing.handing import giving, moving
from vitascope.director.editing.looks import only_adjectives, tell
from vitascope.director.editing.phrases import first_noun, noun_end, parsed
from vitascope.director.editing.reading import Described, describe
from vitascope.director.editing.references import References
from vitascope.director.editing.taking import removal, stopping
from vitascope.director.editing.targets import Target, target_of
from vitascope.director.editing.words import Run, edit_words, found, lowers, number_of, starts, trimmed, word
from vitascope.director.scene import LIVING

__all__ = ["command"]


def command(bench: Bench, run: Run, *, then: bool) -> bool:
    """Carry out an instruction by its form. False where no form fits; raises Unclear for one that fits in vain."""
    return any(form(bench, run, then) for form in _FORMS)


def _switching(bench: Bench, run: Run, then: bool) -> bool:
    """ "open the box", "turn off the lamp", "light the candle"."""
    match = starts(edit_words().switching, run)
    low = lowers(run)
    last = low[-1:]
    if match is None and low[:1] in (("turn",), ("switch",)) and last in (("on",), ("off",)):
        match, run = (1, "lit" if last == ("on",) else "dark"), run[:-1]
    if match is None or match[0] >= len(run) or run[match[0]].glued:
        return False
    end, state = match
    at = run[end].start
    target = target_of(bench, run[end:])
    if target.kind not in ("subjects", "it") or not target.names or target.part or target.garment:
        return False
    for token in run[:end]:
        bench.note(token.start, token.end, "attribute", state)
    return tell(bench, target.names, (word(state, at),))


def _adding(bench: Bench, run: Run, then: bool) -> bool:
    """ "add a dog", "put a lamp on the table", "add rain", "two more dogs", "show a boat in the distance"."""
    low, words = lowers(run), edit_words()
    rest = run[1:] if low[0] in words.verbs["add"] else run
    if rest is run and number_of(run[0]) is not None and low[1:2] != ("more",) and low[0] != "one":
        return False
    if rest is run and not (number_of(run[0]) is not None or low[0] in ("another", "more", "some", "with", "there")):
        return False
    rest = trimmed(rest[1:]) if rest and lowers(rest)[0] in ("in", "with") and len(rest) > 1 else rest
    if not rest:
        return False
    if _more_alike(bench, rest) or _of_the_picture(bench, rest):
        return True
    if len(rest) > 2 and number_of(rest[0]) is not None and rest[1].lower == "more":
        rest = (rest[0], *rest[2:])
    return _described(bench, rest, then, adding=True)


def _of_the_picture(bench: Bench, rest: Run) -> bool:
    """ "a sepia tone", "a subdued color palette", "dramatic lighting": what is added to the picture as a whole."""
    noun = first_noun(rest, bench.meanings)
    if noun is None:
        return False
    lemma = bench.meanings.of(noun).lemma
    last = noun.head.text.split()[-1]
    if lemma not in edit_words().topics["scenery"] and last not in edit_words().raw["palette_words"]:
        return False
    if lemma in edit_words().raw["places_said"]:
        return False
    return palette(bench, rest) or scenery_becomes(bench, rest, place=False, things=False, within=bench.shot.set.place)


def _more_alike(bench: Bench, rest: Run) -> bool:
    """ "two more dogs", "another dog": like those that are there."""
    low = lowers(rest)
    another = (low[0] in ("another", "one") and "more" in low[:3]) or low[0] == "another"
    number = number_of(rest[0])
    if not another and not (number is not None and len(low) > 2 and low[1] == "more"):
        return False
    at = 2 if len(low) > 1 and low[1] == "more" else 1
    noun = first_noun(rest[at:], bench.meanings)
    if noun is None or noun.adjectives or noun.modifiers or noun_end(rest[at:], bench.meanings) != len(rest[at:]):
        return False
    names = References(bench).candidates(noun)
    if not names or noun.places:
        return False
    return add_like(bench, rest, names, int(number or 1))


def _described(bench: Bench, run: Run, then: bool, *, adding: bool = False) -> bool:
    """A run as a description of what is to be there besides."""
    run, strength = _strength(bench, run)
    tries = [describe(bench, run, place=bench.shot.set.place if adding else None)]
    if adding:
        tries.append(describe(bench, (word("in", run[0].start), *run), place=bench.shot.set.place))
    best = min(tries, key=lambda d: (len(d.lost), len(d.new)) if not d.new else (len(d.lost), 0))
    if strength is not None:
        for name in ("rain", "snow", "fog", "wind"):
            if best.scene.weather.get(name, 0.0) > 0.06:
                best.scene.weather[name] = strength
                break
    best.scene.place_said = best.scene.place_said and best.scene.place != bench.shot.set.place
    if best.new and adding:
        best.without_taste(bench)
    if not adding and (same_counted(bench, (), best) or _like_this(bench, best)):
        return True
    camera = edit_words().topics["camera"]
    if any(thing.name in camera for thing in best.new):
        raise Unclear("It is not clear what the camera is to do.", "camera")
    if not adding and _tells_anew(bench, best):
        raise Unclear("That describes a film rather than a change; say what is to be different.")
    low = set(lowers(run))
    passing = len(set(best.scene.hours)) > 1 and bool(low & {"to", "into", "then", "transition"})
    if best.new and not adding and "camera" in best.expressions(bench):
        raise Unclear(f"There is no {best.new[0].name} in this film.", best.new[0].name)
    return lay_all(bench, best, then=then, changing=passing)


def _like_this(bench: Bench, described: Described) -> bool:
    """ "a green car?", where one car is: it is to look so."""
    fresh = described.new
    if len(fresh) != 1 or described.scene.acts or described.scene.bonds or fresh[0].counted:
        return False
    alike = [s for s in bench.subjects().values() if s.recipe == fresh[0].recipe]
    if len(alike) != 1 or not (fresh[0].attributes or fresh[0].clothing or fresh[0].states):
        return False
    known = described.known[alike[0].id]
    known.attributes, known.clothing, known.states = fresh[0].attributes, fresh[0].clothing, fresh[0].states
    described.scene.things.remove(fresh[0])
    return lay_all(bench, described)


def _tells_anew(bench: Bench, described) -> bool:
    """Whether words describe anew what is there: something of the kind is in the film, and new things come with it."""
    subjects = bench.subjects().values()
    recipes = {s.recipe for s in subjects}
    deeds = {action.verb for s in subjects for action in s.actions}
    fresh = {id(thing) for thing in described.new}
    alike = any(id(act.thing) in fresh and act.verb in deeds for act in described.scene.acts)
    return alike or any(thing.recipe in recipes and not thing.counted for thing in described.new)


def _strength(bench: Bench, run: Run) -> tuple[Run, float | None]:
    """A run without a word for the strength of the weather in it, and that strength."""
    match = found(edit_words().strengths, run)
    if match is None:
        return run, None
    start, end, value = match
    behind = [bench.meanings.noun((t.lower,)).take("effect") for t in run[end : end + 1]]
    effect = behind[0] if behind else None
    if effect is None or effect.effect is None or not {"rain", "snow", "fog", "wind"} & effect.effect.do.keys():
        return run, None
    bench.note(run[start].start, run[end - 1].end, "weather", f"{value:g}")
    return (*run[:start], *run[end:]), float(value)


def _stating(bench: Bench, run: Run, then: bool) -> bool:
    """ "the dog should jump", "it rains", "sunset", "the sky is clear", "a cat on the roof"."""
    low = lowers(run)
    if low[0] == "it" and len(run) > 1:
        weather = bench.meanings.lexicon.tables["verbs"]["weather_verbs"]
        if bench.meanings.lemma(low[1]) in weather:
            return _described(bench, run[1:], then)
        if low[1] in ("is", "'s") and len(run) > 2:
            falls = bench.meanings.lemma(low[2]) in weather
            rest = (word(bench.meanings.lemma(low[2]), run[2].start), *run[3:]) if falls else run[2:]
            return become(bench, target_of(bench, run[:1]), rest, then=then)
    at = next((i for i, t in enumerate(low) if t in ("should", "must", "shall", "needs", "ought", "will", "can")), None)
    if at:
        rest = run[at + 1 :]
        if rest and rest[0].lower == "to":
            rest = rest[1:]
        target = target_of(bench, run[:at])
        if rest and rest[0].lower in ("not", "n't"):
            return stopping(bench, (word("stop", rest[0].start), *run[:at], *rest[1:]), then)
        return bool(rest) and become(bench, target, rest, then=then)
    if low[0] in ("be", "is", "are"):
        return False
    if bench.pointed and _adjectives(bench, run):
        return True
    if _of_somebody(bench, run, then) or _deed_alone(bench, run, then):
        return True
    _refuse_unknown(bench, run)
    if _of_the_picture(bench, run):
        return True
    return _described(bench, run, then)


def _refuse_unknown(bench: Bench, run: Run) -> None:
    """Raise Unclear for an order whose verb is not known: its words are no description."""
    chunks = parsed(run, bench.meanings).chunks
    if len(run) < 2 or not chunks or chunks[0].kind != "verb" or chunks[0].verb is None:
        return
    lemma = bench.meanings.lemma(run[0].lower)
    weather = lemma in bench.meanings.lexicon.tables["verbs"]["weather_verbs"]
    shown = lemma in ("show", "see", "depict", "film", "picture", "imagine", "feature")
    if run[0].lower == lemma and not weather and not shown:
        said = bench.text[run[0].start : run[-1].end]
        raise Unclear(f"I do not know how to do this: “{said}”.", run[0].text)


def _of_somebody(bench: Bench, run: Run, then: bool) -> bool:
    """ "the dog turns around", "he stops", "the car is red"."""
    size = noun_end(run, bench.meanings)
    if not 0 < size < len(run):
        return False
    noun = first_noun(run[:size], bench.meanings)
    told = (
        noun is not None
        and noun.determiner is not None
        and noun.determiner.text in ("the", "this", "that", "his", "her")
    )
    if noun is None or not (told or noun.pronoun) or noun.head.text == "it":
        return False
    names = References(bench).named(noun, strict=False)
    rest = run[size:]
    verbal = rest[0].lower in ("is", "are", "becomes", "gets", "looks") or _is_verb(bench, rest)
    if not names or not verbal:
        return False
    payload = rest[1:] if rest[0].lower in ("is", "are", "becomes", "gets") else rest
    return bool(payload) and become(bench, target_of(bench, run[:size]), payload, then=then)


def _is_verb(bench: Bench, run: Run) -> bool:
    at = run[0].start
    chunks = parsed((word("they", at), *run), bench.meanings).chunks
    return len(chunks) > 1 and chunks[1].kind == "verb"


def _deed_alone(bench: Bench, run: Run, then: bool) -> bool:
    """ "sit down", "jumps", "walk the other way": said of who was spoken of, or of the only one who could."""
    lexicon, first, key = bench.meanings.lexicon, run[0], (run[0].start, run[0].end)
    lemma = bench.meanings.lemma(first.lower)
    commanding = any(first.lower in verbs for verbs in edit_words().verbs.values())
    if commanding and (len(run) == 1) and first.lower not in edit_words().raw["both"]:
        return False
    if commanding and len(run) > 1 and run[1].lower not in ("around", "round", "back", "down", "up", "away", "out"):
        return False
    if lemma not in lexicon.verbs or lemma in lexicon.tables["verbs"]["weather_verbs"] or not _is_verb(bench, run):
        return False
    if found(edit_words().turning_back, run) is None and lexicon.nouns.get(first.lower) and len(run) == 1:
        return False
    living = [s.id for s in bench.subjects().values() if bench.catalogue.recipe(s.recipe).kind in LIVING]
    spoken = [n for n in bench.salient if n in bench.subjects()][:1]
    names = tuple(n for n in bench.pointed if n in bench.subjects()) or tuple(spoken) or tuple(living)
    names = bench.picked.get(key, names)
    if not names:
        return False
    if len(names) > 1 and key not in bench.picked and not bench.pointed:
        raise Ambiguous(key, "one", names)
    return become(bench, Target(kind="subjects", names=names, words=first.text), run, then=then)


def _adjectives(bench: Bench, run: Run) -> bool:
    return only_adjectives(bench, run) and tell(bench, bench.pointed, run)


_FORMS: tuple[Callable[[Bench, Run, bool], bool], ...] = (
    removal, stopping, _switching, comparing, replacing, giving, moving, changing, making, _adding, _stating,
)  # fmt: skip
