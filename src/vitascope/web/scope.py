"""What is pointed at in a film: subjects, a box, a stretch of time. Pure values; they go with an instruction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from vitascope.director.editing import Selection
from vitascope.film import Film
from vitascope.studio.pointing import Box, select

__all__ = ["NOWHERE", "Scope"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """`subjects` by id, `box` as it was drawn at the moment `at` (what is in it stands in `subjects`), `span` [s of the film]."""

    subjects: tuple[str, ...] = ()
    box: Box | None = None
    at: Fraction | None = None
    span: tuple[Fraction, Fraction] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing in particular is pointed at."""
        return not self.subjects and self.span is None

    def toggled(self, subject: str, at: Fraction) -> Scope:
        """With this subject, or without it if it is there already."""
        left = tuple(one for one in self.subjects if one != subject)
        subjects = left if subject in self.subjects else (*self.subjects, subject)
        return replace(self, subjects=subjects, box=None, at=at if subjects else None)

    def boxed(self, box: Box, at: Fraction, subjects: tuple[str, ...]) -> Scope:
        """Pointing at what is seen in a box at a moment."""
        return replace(self, subjects=subjects, box=box, at=at)

    def stretched(self, span: tuple[Fraction, Fraction] | None) -> Scope:
        """With this stretch of the film, or with none."""
        return replace(self, span=span)

    def within(self, film: Film) -> Scope:
        """What of it is there in `film`, another take: names that are not are left out, a stretch is cut off at the end."""
        there = {subject.id for shot in film.shots for subject in shot.subjects}
        subjects = tuple(one for one in self.subjects if one in there)
        span = self.span
        if span is not None:
            span = (span[0], min(span[1], film.duration)) if span[0] < film.duration else None
        same = subjects == self.subjects
        return Scope(subjects=subjects, box=self.box if same else None, at=self.at if subjects else None, span=span)

    def selection(self, film: Film) -> Selection:
        """As the director takes it. Raises ProjectError for a stretch over a cut."""
        if self.is_empty:
            return Selection()
        return select(film, at=self.span, subjects=self.subjects)


NOWHERE = Scope()
