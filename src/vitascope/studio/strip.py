"""Films side by side: a picture with the same moments of each, one film a row."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from vitascope import media

__all__ = ["draw_strip"]

MOMENTS_MOST = 12


def draw_strip(films: Sequence[Path], names: Sequence[str], path: str | Path, moments: int = 4) -> Path:
    """Writes the strip at `path` (.png or .jpg). A film that is over at a moment shows grey. Raises MediaError."""
    if not 1 <= moments <= MOMENTS_MOST:
        raise media.MediaError(f"A strip of {moments} moments cannot be drawn; give 1 to {MOMENTS_MOST}.")
    facts = [media.probe(film) for film in films]
    longest = max(fact.duration for fact in facts)
    times = [longest * (2 * k + 1) / (2 * moments) for k in range(moments)]
    cells, captions = [], []
    for film, fact, name in zip(films, facts, names, strict=True):
        there = tuple(t for t in times if t < fact.duration)
        frames = [frame for _, frame in media.read_frames_at(film, there)]
        over = np.full((fact.size[1], fact.size[0], 3), 60, np.uint8)
        cells += frames + [over] * (moments - len(frames))
        captions += [f"{name}, {_clock(t)}" for t in times]
    return media.write_still(path, media.contact_sheet(cells, moments, captions=captions))


def _clock(t: Fraction) -> str:
    return f"{float(t):.2f} s"
