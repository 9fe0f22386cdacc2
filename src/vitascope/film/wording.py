"""Values of the document in plain English: numbers, seconds, hours, and what is so now instead of before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from vitascope.film.time import Span

__all__ = ["difference_of_lists", "does", "hour", "instead", "listed", "number", "plain", "seconds", "stretch"]

_ES = ("s", "x", "z", "ch", "sh", "o")


def plain(name: object) -> str:
    """A name of the document as words: "slow_motion" is "slow motion"."""
    return str(name).replace("_", " ")


def number(value: float | Fraction) -> str:
    """Six digits of it at most."""
    return f"{float(value):g}"


def seconds(value: Fraction) -> str:
    """ "2.5 s"; what has no short decimal is told to the millisecond."""
    short = f"{float(value):g}"
    return f"{short if Fraction(short) == value else f'{float(value):.3f}'.rstrip('0').rstrip('.')} s"


def stretch(span: Span) -> str:
    """ "from 1 s to 2.5 s"."""
    return f"from {seconds(span.start)} to {seconds(span.end)}"


def hour(value: float) -> str:
    """ "18:30"; hours that fall between minutes stay a number."""
    minutes = value * 60
    if minutes != int(minutes):
        return f"{number(value)} h"
    return f"{int(minutes) // 60 % 24}:{int(minutes) % 60:02d}" + (" of the next day" if value >= 24 else "")


def does(verb: str) -> str:
    """The third person of a verb of the document: "look_around" is "looks around"."""
    first, *rest = plain(verb).split(" ")
    if first.endswith("y") and first[-2:-1] not in tuple("aeiou"):
        first = f"{first[:-1]}ies"
    else:
        first += "es" if first.endswith(_ES) else "s"
    return " ".join([first, *rest])


def listed(words: Iterable[str], *, none: str = "nothing") -> str:
    """ "a, b and c"."""
    *most, last = list(words) or [none]
    return f"{', '.join(most)} and {last}" if most else last


def instead(
    what: str, before: Any, after: Any, *, words: Callable[[Any], str] = plain, usual: str = "as usual"
) -> list[str]:
    """ "{what} {after} instead of {before}.", or nothing when they are equal; `usual` stands for None.

    Values that read alike are given in full.
    """
    if before == after:
        return []
    old, new = (usual if value is None else words(value) for value in (before, after))
    if old == new:
        old, new = repr(before), repr(after)
    return [f"{what} {new} instead of {old}."]


def difference_of_lists(before: Iterable[Any], after: Iterable[Any]) -> tuple[list[Any], list[Any]]:
    """What is only in `before` and what is only in `after`, each as often as it is there more often."""
    old, new = Counter(before), Counter(after)
    return list((old - new).elements()), list((new - old).elements())
