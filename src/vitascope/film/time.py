"""Exact time: seconds as fractions, half-open spans, and the frames that fall into them."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, WithJsonSchema, model_validator

__all__ = ["Rate", "Seconds", "Span", "frame_count", "frame_time"]


def _exact(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Fraction):
        raise ValueError(f"{value!r} is not a number of seconds; give a number such as 2.5 or a fraction such as '5/2'")
    try:
        exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"{value!r} is not a number; give a number such as 2.5 or a fraction such as '5/2'") from None
    return exact


def _written(value: Fraction) -> int | str:
    return value.numerator if value.denominator == 1 else str(value)


Seconds = Annotated[
    Fraction,
    BeforeValidator(_exact),
    PlainSerializer(_written),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(/\d+|\.\d+)?$"}]}),
]
"""Exact seconds. Written as an integer or as a fraction string ("5/2"); read from those and from decimals."""

Rate = Seconds
"""Frames a second, exact (24, "24000/1001")."""


class Span(BaseModel):
    """The half-open range [start, end) in seconds from the start of the shot."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: Seconds
    end: Seconds

    @model_validator(mode="after")
    def _ordered(self) -> Span:
        if not 0 <= self.start < self.end:
            raise ValueError(
                f"the span {_written(self.start)}..{_written(self.end)} is empty or starts before 0; give 0 <= start < end"
            )
        return self

    @property
    def length(self) -> Fraction:
        """Seconds from start to end."""
        return self.end - self.start

    def contains(self, t: Fraction | float) -> bool:
        """Whether `t` [s] lies in the span."""
        return self.start <= t < self.end

    def progress(self, t: float) -> float:
        """How much of the span has passed at `t` [s], clamped to 0..1."""
        return min(1.0, max(0.0, (t - float(self.start)) / float(self.length)))


def frame_count(duration: Fraction, fps: Fraction) -> int:
    """Frames in `duration` seconds: every frame whose start lies before the end, at least one."""
    return max(1, math.ceil(duration * fps))


def frame_time(index: int, fps: Fraction) -> Fraction:
    """Start of frame `index` in seconds."""
    return Fraction(index) / fps
