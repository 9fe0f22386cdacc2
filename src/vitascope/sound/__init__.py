"""Soundscape -> 48 kHz stereo: synthesised voices, ambience and perspective, and the film's mix. Plays no recorded samples."""

from .master import mix
from .meter import loudness, true_peak
from .music import styles
from .shot import render
from .speech import can_speak
from .voices import names, unvoiced

__all__ = ["can_speak", "loudness", "mix", "names", "render", "styles", "true_peak", "unvoiced"]
