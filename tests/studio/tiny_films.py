"""A film that is made in seconds, and an edit of it."""

from __future__ import annotations

from fractions import Fraction

from vitascope.film import AttributesChange, Change, ChangeSubject, Edit, Film, Set, Shot, Size, Subject


def cubes() -> Film:
    """A cube and a ball before a plain backdrop, one second long."""
    cube = Subject(id="cube", recipe="cube", name="cube")
    ball = Subject(id="ball", recipe="ball", name="ball")
    shot = Shot(id="one", duration=Fraction(1), set=Set(place="studio"), subjects=(cube, ball))
    return Film(title="Cubes", size=Size(width=128, height=128), silent=True, shots=(shot,))


def painted(colour: str, subject: str = "cube") -> Edit:
    """The cube, or another subject, in another colour."""
    change = ChangeSubject(subject=subject, attributes=AttributesChange(colour=colour))
    return Edit(operations=(Change(what=change),))
