"""Spans of time and sizes of files in words."""

from __future__ import annotations

__all__ = ["amount", "length"]


def length(seconds: float) -> str:
    """ "12 s", "4 min" or "1.5 h"; `seconds` from 0."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def amount(count: int) -> str:
    """ "64 kB", "3.9 MB" or "1.2 GB" of `count` bytes."""
    if count < 1e5:
        return f"{count / 1e3:.0f} kB"
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:.1f} GB"
