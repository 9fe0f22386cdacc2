"""Instructions by their form: change X to Y, make X Y, add, remove, replace, give, move, let X do, and bare wishes."""

from __future__ import annotations

from collections.abc import Callable

from vitascope.director.editing.altering import changing, making, replacing
from vitascope.director.editing.bench import Bench, Unclear
from vitascope.director.editing.changing import become, lay_all
from vitascope.director.editing.counting import add_like
from vitascope.director.editing.degrees import comparing
from vitascope.director.editing.handing import giving, moving
from vitascope.director.editing.looks import only_adjectives, tell
from vitascope.director.editing.phrases import first_noun
from vitascope.director.editing.reading import describe
from vitascope.director.editing.references import References
from vitascope.director.editing.taking import removal, stopping
from vitascope.director.editing.targets import target_of
from vitascope.director.editing.words import Run, edit_words, found, lowers, number_of, trimmed, word

__all__ = ["command"]


def command(bench: Bench, run: Run, *, then: bool) -> bool:
    """Carry out an instruction by its form. False where no form fits; raises Unclear for one that fits in vain."""
    return any(form(bench, run, then) for form in _FORMS)


def _adding(bench: Bench, run: Run, then: bool) -> bool:
    """ "add a dog", "put a lamp on the table", "add rain", "two more dogs", "show a boat in the distance"."""
    low, words = lowers(run), edit_words()
    rest = run[1:] if low[0] in words.verbs["add"] else run
    if rest is run and not (number_of(run[0]) is not None or low[0] in ("another", "more", "some", "with", "there")):
        return False
    rest = trimmed(rest[1:]) if rest and lowers(rest)[0] in ("in", "with") and len(rest) > 1 else rest
    if not rest:
        return False
    if _more_alike(bench, rest):
        return True
    return _described(bench, rest, then, adding=True)


def _more_alike(bench: Bench, rest: Run) -> bool:
    """ "two more dogs", "another dog": like those that are there."""
    low = lowers(rest)
    another = (low[0] in ("another", "one") and "more" in low[:3]) or low[0] == "another"
    number = number_of(rest[0])
    if not another and not (number is not None and len(low) > 2 and low[1] == "more"):
        return False
    at = 2 if len(low) > 1 and low[1] == "more" else 1
    noun = first_noun(rest[at:], bench.meanings)
    if noun is None or noun.adjectives:
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
    if not adding and _tells_anew(bench, best):
        raise Unclear("That describes a film rather than a change; say what is to be different.")
    return lay_all(bench, best, then=then)


def _tells_anew(bench: Bench, described) -> bool:
    """Whether words describe anew what is there: something of the kind is in the film, and new things come with it."""
    recipes = {s.recipe for s in bench.subjects().values()}
    return any(thing.recipe in recipes and not thing.counted for thing in described.new)


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
    at = next((i for i, t in enumerate(low) if t in ("should", "must", "shall", "needs", "ought", "will", "can")), None)
    if at:
        rest = run[at + 1 :]
        if rest and rest[0].lower == "to":
            rest = rest[1:]
        target = target_of(bench, run[:at])
        if rest and rest[0].lower in ("not", "n't"):
            return stopping(bench, (word("stop", run[0].start), *run[:at], *rest[1:]), then)
        return bool(rest) and become(bench, target, rest, then=then)
    if low[0] in ("be", "is", "are"):
        return False
    if bench.pointed and _adjectives(bench, run):
        return True
    return _described(bench, run, then)


def _adjectives(bench: Bench, run: Run) -> bool:
    return only_adjectives(bench, run) and tell(bench, bench.pointed, run)


_FORMS: tuple[Callable[[Bench, Run, bool], bool], ...] = (
    removal, stopping, comparing, replacing, giving, moving, changing, making, _adding, _stating,
)  # fmt: skip
