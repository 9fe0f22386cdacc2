"""A film as pieces of work: chunks of about a second, each of one shot, in the film's order, and what is seen in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from vitascope import media
from vitascope.film import Film, Layer, Shot, frame_count, frame_time, layers_at
from vitascope.studio.errors import ProjectError

__all__ = ["ChunkPlan", "Moment", "frame_total", "moments_of", "plan_chunks", "ranges_of", "seen_most", "shot_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkPlan:
    """`count` frames of shot number `shot` from its frame `first` on; a shot's first frame is 0."""

    shot: int
    first: int
    count: int

    @property
    def numbers(self) -> range:
        """The numbers of its frames."""
        return range(self.first, self.first + self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Frame `number` of a shot, and what is seen in it."""

    number: int
    layers: tuple[Layer, ...]


def plan_chunks(film: Film) -> tuple[ChunkPlan, ...]:
    """The chunks of `film`; the last of each shot is as short as it comes."""
    length = media.chunk_length(film.fps)
    plans = []
    for index, shot in enumerate(film.shots):
        frames = frame_count(shot.duration, film.fps)
        plans += [
            ChunkPlan(shot=index, first=first, count=min(length, frames - first)) for first in range(0, frames, length)
        ]
    return tuple(plans)


def moments_of(film: Film, plan: ChunkPlan) -> tuple[Moment, ...]:
    """The frames of a chunk of `film`."""
    shot = film.shots[plan.shot]
    return tuple(Moment(number=n, layers=layers_at(shot, frame_time(n, film.fps))) for n in plan.numbers)


def ranges_of(moments: Sequence[Moment]) -> dict[Shot, range]:
    """Each plain shot that is seen, with the numbers from the first frame that shows it to the last."""
    seen: dict[Shot, list[int]] = {}
    for moment in moments:
        for layer in moment.layers:
            seen.setdefault(layer.shot, []).append(moment.number)
    return {plain: range(numbers[0], numbers[-1] + 1) for plain, numbers in seen.items()}


def frame_total(film: Film) -> int:
    """Frames in all shots."""
    return sum(frame_count(shot.duration, film.fps) for shot in film.shots)


def seen_most(shot: Shot, t: Fraction) -> Shot:
    """The plain shot that has the largest share of the picture at `t` [s of the shot]."""
    return max(layers_at(shot, t), key=lambda layer: layer.share).shot


def shot_at(film: Film, t: Fraction) -> tuple[Shot, Fraction]:
    """The shot at `t` [s], and when it begins. Raises ProjectError for a moment outside of the film."""
    if not 0 <= t <= film.duration:
        raise ProjectError(f"The film lasts {float(film.duration):g} s, so nothing is seen at {float(t):g} s.")
    began = Fraction(0)
    for shot in film.shots[:-1]:
        if t < began + shot.duration:
            return shot, began
        began += shot.duration
    return film.shots[-1], began
