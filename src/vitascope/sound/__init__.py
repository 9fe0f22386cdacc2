"""Soundscape -> 48 kHz stereo: synthesised voices, ambience and perspective, and the film's mix. Plays no recorded samples."""

from .master import mix
from .meter import loudness, true_peak
from .shot import render
from .voices import names, unvoiced

__all__ = ["loudness", "mix", "names", "render", "true_peak", "unvoiced"]
