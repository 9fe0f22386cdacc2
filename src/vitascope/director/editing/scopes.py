"""Where in a film an instruction holds: shots and stretches of time, from words or from what was pointed at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from vitascope.director.editing.reply import Selection
from vitascope.director.editing.words import EditWords, Run, lowers, number_of, word
from vitascope.director.editing.words import found as find
from vitascope.film import Film, Shot, Span

__all__ = ["Scope", "ScopeError", "take_scope"]

EASE = Fraction(1, 6)
"""Seconds in which what shows changes over at the ends of a stretch."""
_MAKING = ("make", "turn", "let", "change", "set", "keep")
BRIEF = Fraction(2)
"""Seconds that "at the start" and "at the end" mean, a third of the length at most."""


class ScopeError(ValueError):
    """A stretch or shot that the film does not have; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Shots by id (none: all), and seconds from `start` to `end`, of the film or, if `local`, of each shot."""

    names: tuple[str, ...] = ()
    start: Fraction | None = None
    end: Fraction | None = None
    local: bool = False
    ease: Fraction = EASE

    @property
    def timed(self) -> bool:
        """Whether it holds for a stretch of time only."""
        return self.start is not None or self.end is not None

    def parts(self, film: Film) -> list[tuple[Shot, Span | None]]:
        """The shots concerned, each with the stretch of it; None for the whole shot."""
        found, before = [], Fraction(0)
        for shot in film.shots:
            offset = Fraction(0) if self.local else before
            before += shot.duration
            if self.names and shot.id not in self.names:
                continue
            start = max(Fraction(0), (self.start or Fraction(0)) - offset)
            end = min(shot.duration, self.end - offset if self.end is not None else shot.duration)
            if start >= end:
                continue
            whole = start == 0 and end == shot.duration
            found.append((shot, None if whole else Span(start=start, end=end)))
        return found

    def span_in(self, film: Film, shot: Shot) -> Span:
        """The stretch of `shot` that it holds; the whole shot where it says nothing."""
        for part, span in self.parts(film):
            if part.id == shot.id and span is not None:
                return span
        return Span(start=Fraction(0), end=shot.duration)


def take_scope(run: Run, film: Film, words: EditWords, selection: Selection) -> tuple[Scope | None, Run, list[Run]]:
    """The scope that words of `run` name, the run without them, and the words. None where nothing is named."""
    rest, taken = run, []
    scope: Scope | None = None
    named = _named_shot(rest, film, words, selection)
    if named is not None:
        at, end, names = named
        taken.append(rest[at:end])
        itself = names[0].startswith("=")
        names = tuple(name.removeprefix("=") for name in names)
        stand_in = (word("the", rest[at].start), word("film", rest[at].start)) if itself else ()
        rest = rest[:at] + stand_in + rest[end:]
        scope = Scope(names=names, local=True)
    match = find(words.times, rest)
    if match is not None:
        at, end, kind = match
        numbers = [n for token in rest[at:end] if (n := number_of(token)) is not None]
        base = scope or Scope(names=selection.shots, local=bool(selection.shots))
        scope = _stretch(kind, numbers, base, film)
        taken.append(rest[at:end])
        rest = rest[:at] + rest[end:]
    return scope, rest, taken


def _stretch(kind: str, numbers: list[Fraction], scope: Scope, film: Film) -> Scope:
    """The stretch of a time phrase, within the shots of `scope`."""
    if kind == "whole":
        return replace(scope, start=None, end=None)
    shots = [shot for shot in film.shots if not scope.names or shot.id in scope.names]
    total = shots[0].duration if scope.local else film.duration
    first = numbers[0] if numbers else Fraction(1)
    brief = min(BRIEF, total / 3)
    start, end = {
        "last": (total - first, None),
        "first": (None, first),
        "last_half_second": (total - Fraction(1, 2), None),
        "first_half_second": (None, Fraction(1, 2)),
        "between": (min(numbers[:2], default=first), max(numbers[:2], default=first)),
        "after": (first, None),
        "until": (None, first),
        "second_half": (total / 2, None),
        "first_half": (None, total / 2),
        "middle": (total / 3, total * 2 / 3),
        "start": (None, brief),
        "end": (total - brief, None),
    }[kind]
    if start is not None and start >= total:
        what = "shot" if scope.local else "film"
        raise ScopeError(f"The {what} is {float(total):g} s long, so nothing can happen from {float(start):g} s on.")
    if start is not None and end is not None and start >= end:
        raise ScopeError(f"From {float(start):g} s to {float(end):g} s there is no time; give a start before the end.")
    return replace(scope, start=start if start is None or start > 0 else None, end=end)


def _named_shot(
    run: Run, film: Film, words: EditWords, selection: Selection
) -> tuple[int, int, tuple[str, ...]] | None:
    """ "in the second shot", "in shot 2": where it stands and the ids of the shots."""
    low = lowers(run)
    for at, text in enumerate(low):
        if text not in ("shot", "scene", "shots") or at == 0:
            continue
        first = at
        while first and low[first - 1] in ("in", "for", "during", "on", "the", "of", "only", "very", *_numbers(words)):
            first -= 1
        prefix = low[first:at]
        number = next((w for w in prefix if w in _numbers(words)), None)
        end = at + 1
        if number is None and text == "shot" and end < len(low) and low[end] in _numbers(words) and prefix:
            number, end = low[end], end + 1
        within = bool({"in", "for", "during"} & set(prefix))
        if number is None or not (within or (first == 1 and low[0] in _MAKING)):
            continue
        index = _numbers(words)[number]
        if not -len(film.shots) <= index < len(film.shots):
            count = f"{len(film.shots)} shot{'s' * (len(film.shots) > 1)}"
            raise ScopeError(f"The film has {count}, so there is no {number} shot.")
        return first, end, (film.shots[index].id,) if within else (f"={film.shots[index].id}",)
    this = next((at for at in range(len(low) - 1) if low[at : at + 2] in (("this", "shot"), ("that", "shot"))
                 and at and low[at - 1] in ("in", "for", "during")), None)  # fmt: skip
    if this is not None and selection.shots:
        return this - 1, this + 2, selection.shots
    return None


def _numbers(words: EditWords) -> dict[str, int]:
    return words.raw["shots"]["numbers"]
