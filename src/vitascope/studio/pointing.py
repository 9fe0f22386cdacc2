"""What somebody points at in a film, as names and times: a stretch of it, subjects, or a box in the picture at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from vitascope.director.editing import Selection
from vitascope.film import Film, Shot, Span
from vitascope.studio.errors import ProjectError
from vitascope.studio.glance import Glance, Seen
from vitascope.studio.plan import shot_at

__all__ = ["Box", "in_box", "select", "subjects_in"]

Box = tuple[float, float, float, float]
"""Left, top, width and height as shares 0..1 of the picture."""
ALSO = 0.5
"""A subject is meant too when it covers this share of what the one that covers most does,"""
INSIDE, SMALL = 0.7, 0.1
"""or when so much of it is in the box and it covers at least this share of that."""
LEAST = 0.005
"""Share of the box from which a subject counts as seen in it."""


def select(
    film: Film,
    *,
    at: tuple[Fraction, Fraction | None] | None = None,
    subjects: Sequence[str] = (),
    box: Box | None = None,
) -> Selection:
    """The selection that these make together. `at` is a stretch of the film [s], or a moment when its end is None.

    A box holds at the start of the stretch, in the middle of the film if there is none. Raises ProjectError.
    """
    shots, span = ((), None) if at is None or at[1] is None else _stretch(film, at[0], at[1])
    found = tuple(_subject(film, name) for name in subjects)
    if box is not None:
        moment = film.duration / 2 if at is None else at[0]
        shot, seen = subjects_in(film, moment, box)
        if not seen:
            raise ProjectError(f"No subject is seen in this box at {float(moment):g} s; draw it round one.")
        shots = shots or (shot,)
        found = tuple(dict.fromkeys((*found, *seen)))
    elif at is not None and at[1] is None:
        shots = (shot_at(film, at[0])[0].id,)
    return Selection(shots=shots, span=span, subjects=found)


def subjects_in(film: Film, t: Fraction, box: Box) -> tuple[str, tuple[str, ...]]:
    """The shot at `t` [s of the film], and the subjects that cover most of a box of its picture, most first."""
    with Glance() as glance:
        seen = glance.seen(film, t)
    return seen.shot, in_box(seen, box)


def in_box(seen: Seen, box: Box) -> tuple[str, ...]:
    """The subjects that cover most of a box of what is seen, most first. Raises ProjectError for a box outside of it."""
    if not (0 <= box[0] < 1 and 0 <= box[1] < 1 and box[2] > 0 and box[3] > 0):
        raise ProjectError(
            "This box lies outside the picture, or is empty; give left, top, width and height within it."
        )
    height, width = seen.ids.shape
    left, top = int(box[0] * width), int(box[1] * height)
    right, bottom = round((box[0] + box[2]) * width), round((box[1] + box[3]) * height)
    inside = seen.ids[top : max(top + 1, bottom), left : max(left + 1, right)]
    count = len(seen.subjects)
    whole, covered = (np.bincount(part.ravel(), minlength=count + 1)[1 : count + 1] for part in (seen.ids, inside))
    most = covered.max(initial=0)
    meant = (covered >= ALSO * most) | ((covered >= INSIDE * whole) & (covered >= SMALL * most))
    meant &= covered >= max(LEAST * inside.size, 1)
    order = [int(i) for i in np.argsort(-covered, kind="stable") if meant[i]]
    return tuple(seen.subjects[i] for i in order)


def _stretch(film: Film, start: Fraction, end: Fraction) -> tuple[tuple[str, ...], Span | None]:
    """The shot that a stretch of the film lies in, and the stretch in seconds of that shot; None for whole shots."""
    if not 0 <= start < end:
        raise ProjectError(
            f"The stretch from {float(start):g} to {float(end):g} s is empty; give START-END in seconds."
        )
    if start >= film.duration:
        raise ProjectError(f"The film is over at {float(film.duration):g} s; give a stretch that begins earlier.")
    end = min(end, film.duration)
    began = Fraction(0)
    touched: list[tuple[Shot, Fraction]] = []
    for shot in film.shots:
        if began < end and began + shot.duration > start:
            touched.append((shot, began))
        began += shot.duration
    (first, first_start), (last, last_start) = touched[0], touched[-1]
    if start == first_start and end == last_start + last.duration:
        return tuple(shot.id for shot, _ in touched), None
    if len(touched) > 1:
        raise ProjectError(
            f"The stretch from {float(start):g} to {float(end):g} s runs over the cut at {float(touched[1][1]):g} s; give "
            "one that lies in one shot."
        )
    return (first.id,), Span(start=start - first_start, end=end - first_start)


def _subject(film: Film, name: str) -> str:
    there = {subject.id: subject.name for shot in film.shots for subject in shot.subjects}
    if name in there:
        return name
    called = [subject_id for subject_id, known in there.items() if known.lower() == name.strip().lower()]
    if len(called) == 1:
        return called[0]
    known = ", ".join(f"{i} ({n})" if i != n else i for i, n in there.items()) or "none"
    raise ProjectError(f"There is no one subject {name!r} in this film; its subjects are {known}.")
