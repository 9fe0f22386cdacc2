"""What it takes to film a shot: the forecast, corrected by how long takes have really taken here. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from vitascope.film import Film, Shot
from vitascope.jobs.values import State, Video
from vitascope.studio.forecast import forecast
from vitascope.web.strings import say

__all__ = ["Cost", "cost_of", "pace_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of work and bytes of file."""

    seconds: float
    size_bytes: int

    @property
    def time(self) -> str:
        """Such as "20 s" or "3 min"."""
        if self.seconds < 90:
            return say("storyboard.seconds", count=max(1, round(self.seconds)))
        return say("storyboard.minutes", count=round(self.seconds / 60))

    @property
    def size(self) -> str:
        """Such as "0.4 MB"."""
        return f"{max(0.1, self.size_bytes / 1e6):.1f} MB"


def cost_of(film: Film, shot: Shot, *, pace: float = 1.0) -> Cost:
    """What `shot` takes in the size and rate of `film`, where work takes `pace` times what is forecast."""
    expected = forecast(film.model_copy(update={"shots": (shot,)}), software=True)
    return Cost(seconds=expected.seconds * pace, size_bytes=expected.size_bytes)


def pace_of(takes: Sequence[Video]) -> float:
    """How many times its forecast a take has taken here, in the middle of those drawn from first to last frame; 1 without any."""
    ratios = [
        (take.completed_at - take.started_at) / take.forecast_seconds
        for take in takes
        if take.state is State.COMPLETED and take.completed_at and take.started_at and take.forecast_seconds
        and take.ways.get("drawn", 0) == take.frames
    ]  # fmt: skip
    return min(max(median(ratios), 0.02), 20.0) if ratios else 1.0
