"""A film as pieces of work: chunks of about a second, each of one shot, in the film's order."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from vitascope import media
from vitascope.film import Film, frame_count, frame_time

__all__ = ["ChunkPlan", "frame_total", "plan_chunks"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkPlan:
    """`count` frames of shot number `shot` from its frame `first` on; a shot's first frame is 0."""

    shot: int
    first: int
    count: int

    def times(self, fps: Fraction) -> tuple[Fraction, ...]:
        """The start of each frame in seconds of the shot."""
        return tuple(frame_time(self.first + i, fps) for i in range(self.count))


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


def frame_total(film: Film) -> int:
    """Frames in all shots."""
    return sum(frame_count(shot.duration, film.fps) for shot in film.shots)
