"""How fast a machine makes films: from films that it made, and from a glance at it while there are few. No clock, no file."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

__all__ = ["ENOUGH", "REFERENCE", "Glance", "Pace", "Timed", "Usual", "pace_of", "usual_seconds"]

# Measured at 1280x720 with benchmarks/first_film.py on two idle CPU cores without a GPU, and on one data-centre GPU.
SECONDS_PER_MEGAPIXEL = {"cpu": 0.30, "gpu": 0.02}
SECONDS_PER_FRAME = {"cpu": 0.03, "gpu": 0.02}
SECONDS_TO_START = 6.0

ENOUGH = 3
"""Films from which on the machine is known, and no glance is needed."""
NEAREST = 7
"""Films, the most alike in size, from which the pace is taken."""
UNSEEN, GLANCED, ONCE, SURE = 2.0, 1.5, 1.3, 1.12
"""How far off a forecast may be, as a factor: nothing known, a glance, a film or two, many that agree."""
EXTREME = 300.0
"""Times as slow, or as fast, as the reference machine beyond which a figure is a slip of the clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many times as long as on the reference machine things take: to start a shot, what each frame costs, and what its
    area costs. The time of a film lies between a `spread`-th and `spread` times what is expected."""

    start: float = 1.0
    frames: float = 1.0
    area: float = 1.0
    spread: float = UNSEEN


REFERENCE = Pace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """A fixed piece of work, in multiples of what the reference machine takes: on one thread, and on all processors."""

    alone: float
    together: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """A film that was drawn whole on this machine: on what, how much, and the wall seconds of starting and of drawing."""

    adapter: str
    software: bool
    shots: int
    frames: int
    megapixels: float
    start: float
    drawing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Seconds on the reference machine, by what they are spent on."""

    start: float
    frames: float
    area: float


def usual_seconds(*, shots: int, frames: int, megapixels: float, software: bool) -> Usual:
    """What the reference machine takes for a film of `frames` with so many megapixels each."""
    kind = "cpu" if software else "gpu"
    return Usual(
        start=SECONDS_TO_START * shots,
        frames=SECONDS_PER_FRAME[kind] * frames,
        area=SECONDS_PER_MEGAPIXEL[kind] * frames * megapixels,
    )


def pace_of(films: Iterable[Timed], glance: Glance | None, *, megapixels: float, software: bool) -> Pace:
    """The pace for a film of `megapixels` a frame. `films` are those made on the same adapter; those of like size count.

    Of a GPU a glance at the processors tells only how fast shots start.
    """
    guess = _guessed(glance, software)
    near = sorted(films, key=lambda film: abs(math.log(film.megapixels / megapixels)))[:NEAREST]
    if not near:
        return guess
    starts = median(_bounded(film.start / _usual(film).start) for film in near)
    drawing = median(_bounded(film.drawing / (_usual(film).frames + _usual(film).area)) for film in near)
    share = 1.0 if len(near) >= ENOUGH else len(near) / (len(near) + 0.5)
    found = Pace(
        start=_between(guess.start, starts, share),
        frames=_between(guess.frames, drawing, share),
        area=_between(guess.area, drawing, share),
    )
    floor = SURE if len(near) >= ENOUGH else ONCE
    spread = min(UNSEEN, max(floor, *(_off(film, found) for film in near)))
    return Pace(start=found.start, frames=found.frames, area=found.area, spread=spread)


def _guessed(glance: Glance | None, software: bool) -> Pace:
    if glance is None:
        return REFERENCE
    alone, together = _bounded(glance.alone), _bounded(glance.together)
    if not software:
        return Pace(start=alone)
    return Pace(start=alone, frames=alone, area=together, spread=GLANCED)


def _usual(film: Timed) -> Usual:
    return usual_seconds(shots=film.shots, frames=film.frames, megapixels=film.megapixels, software=film.software)


def _off(film: Timed, pace: Pace) -> float:
    """How many times longer or shorter than by `pace` a film took, at least 1."""
    usual = _usual(film)
    expected = usual.start * pace.start + usual.frames * pace.frames + usual.area * pace.area
    return math.exp(abs(math.log((film.start + film.drawing) / expected)))


def _bounded(ratio: float) -> float:
    return min(EXTREME, max(1 / EXTREME, ratio))


def _between(guess: float, measured: float, share: float) -> float:
    """Geometrically between a guess (share 0) and what was measured (share 1)."""
    return guess ** (1 - share) * measured**share
