"""Getting ready before anybody asks: what nearly every film needs, whatever it shows."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction

from vitascope.film import Film, Set, Shot
from vitascope.render import warm_up
from vitascope.studio import library

__all__ = ["get_ready"]


def get_ready() -> None:
    """Read the recipes, and compile the shaders for films of the usual style. Where that fails the first film says why."""
    with suppress(Exception):
        library.library()
        shot = Shot(id="likely", duration=Fraction(1), set=Set(place="meadow"))
        warm_up(Film(shots=(shot,))).join()
