"""How long a film is, and at what speed it runs."""

from __future__ import annotations

from fractions import Fraction

from vitascope.director.editing.bench import Already, Bench, Unclear
from vitascope.film import Retime

__all__ = ["set_length"]

LEAST, MOST = Fraction(1), Fraction(120)


def set_length(bench: Bench, seconds: float | Fraction) -> bool:
    """Let the film, or the shot in scope, be `seconds` long: ended earlier, or carried on."""
    wanted = Fraction(str(seconds)) if isinstance(seconds, float) else Fraction(seconds)
    shot = bench.shots[-1]
    others = bench.film.duration - shot.duration if not bench.scope.names else Fraction(0)
    length = wanted - others
    if not LEAST <= length <= MOST:
        raise Unclear(f"A shot of {float(length):g} s cannot be made; give 1 to 120 seconds.")
    if length == shot.duration:
        raise Already(f"It is {float(wanted):g} s long already.")
    bench.do(Retime(shot=shot.id, duration=length, how="trim" if length < shot.duration else "extend"))
    bench.say(f"it is {float(wanted):g} s long")
    return True
