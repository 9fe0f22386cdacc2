"""Spans of time and sizes of files in words."""

from __future__ import annotations

__all__ = ["amount", "between", "length"]


def length(seconds: float) -> str:
    """ "12 s", "4 min" or "1.5 h"; `seconds` from 0."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def between(least: float, most: float) -> str:
    """ "about 16 s" where the two are near to each other, else "12 to 24 s"; `least` and `most` are seconds from 0."""
    middle = (least * most) ** 0.5
    low, high = length(least), length(most)
    if most <= 1.3 * least or low == high:
        return f"about {length(middle)}"
    return f"{low.split()[0] if low.split()[1] == high.split()[1] else low} to {high}"


def amount(count: int) -> str:
    """ "64 kB", "3.9 MB" or "1.2 GB" of `count` bytes."""
    if count < 1e5:
        return f"{count / 1e3:.0f} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"
