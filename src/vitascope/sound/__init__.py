"""Soundscape -> 48 kHz stereo: synthesised voices, ambience and perspective, and the film's mix. Plays no recorded samples."""

from .master import mix
from .meter import loudness, true_peak
from .music import styles
from .shot import record
from .speech import can_speak
from .tape import Tape
from .voices import names, unvoiced

__all__ = ["Tape", "can_speak", "loudness", "mix", "names", "record", "styles", "true_peak", "unvoiced"]
