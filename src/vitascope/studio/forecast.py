"""How long a film will take and how large it will be, before it is made."""

from __future__ import annotations

from dataclasses import dataclass

from vitascope.film import Film, frame_count

__all__ = ["Forecast", "forecast"]

# Measured at 1280x720 with benchmarks/first_film.py on two CPU cores without a GPU, and on one data-centre GPU.
SECONDS_PER_MEGAPIXEL = {"cpu": 0.30, "gpu": 0.02}
SECONDS_PER_FRAME = {"cpu": 0.03, "gpu": 0.02}
SECONDS_TO_START = 6.0
BITS_PER_PIXEL = 0.16


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Expected seconds of work, bytes of file, and the number of frames."""

    seconds: float
    size_bytes: int
    frames: int


def forecast(film: Film, *, software: bool) -> Forecast:
    """The forecast for `film` on an adapter that is software (a CPU) or hardware (a GPU)."""
    frames = sum(frame_count(shot.duration, film.fps) for shot in film.shots)
    pixels = film.size.width * film.size.height
    kind = "cpu" if software else "gpu"
    per_frame = SECONDS_PER_FRAME[kind] + SECONDS_PER_MEGAPIXEL[kind] * pixels / 1e6
    sound = 0 if film.silent else 24_000 * float(film.duration)
    return Forecast(
        seconds=SECONDS_TO_START * len(film.shots) + frames * per_frame,
        size_bytes=int(frames * pixels * BITS_PER_PIXEL / 8 + sound + 25_000),
        frames=frames,
    )
