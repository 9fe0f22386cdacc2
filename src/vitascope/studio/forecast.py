"""How long a film will take and how large it will be, before it is made. Pure: the speed of the machine is given."""

from __future__ import annotations

from dataclasses import dataclass

from vitascope.film import Film, frame_count
from vitascope.studio.pace import REFERENCE, Pace, usual_seconds

__all__ = ["Forecast", "forecast"]

BITS_PER_PIXEL = 0.16


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Expected seconds of work and between which they lie, bytes of file, and the number of frames."""

    seconds: float
    least: float
    most: float
    size_bytes: int
    frames: int


def forecast(film: Film, *, software: bool, pace: Pace = REFERENCE) -> Forecast:
    """The forecast for `film` on an adapter that is software (a CPU) or hardware (a GPU), on a machine of this pace."""
    frames = sum(frame_count(shot.duration, film.fps) for shot in film.shots)
    pixels = film.size.width * film.size.height
    usual = usual_seconds(shots=len(film.shots), frames=frames, megapixels=pixels / 1e6, software=software)
    seconds = usual.start * pace.start + usual.frames * pace.frames + usual.area * pace.area
    sound = 0 if film.silent else 24_000 * float(film.duration)
    return Forecast(
        seconds=seconds,
        least=seconds / pace.spread,
        most=seconds * pace.spread,
        size_bytes=int(frames * pixels * BITS_PER_PIXEL / 8 + sound + 25_000),
        frames=frames,
    )
