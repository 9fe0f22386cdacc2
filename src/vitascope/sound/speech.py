"""Written lines -> spoken ones, by the espeak-ng of the system. Without it lines stay silent, and `can_speak` says so."""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from functools import lru_cache
from math import gcd

import numpy as np
from scipy import signal as dsp

from .signal import filtered, sections
from .strokes import unit_loudness

__all__ = ["can_speak", "speak"]

# Voice, pitch 0..99 and words a minute for espeak-ng(1).
_VOICES = {
    "narrator": ("en-gb+m7", 38, 148),
    "man": ("en-us+m3", 42, 160),
    "woman": ("en-us+f2", 58, 165),
    "boy": ("en-us+m6", 78, 170),
    "girl": ("en-us+f4", 80, 170),
}
_LONGEST = 2000
"""Characters of one line that are spoken."""
_SECONDS = 30.0


def can_speak() -> bool:
    """Whether the system has a voice."""
    return shutil.which("espeak-ng") is not None


@lru_cache(64)
def speak(text: str, voice: str, rate: int) -> np.ndarray:
    """The line as mono samples (N,) float32 at `rate`, as loud as speech in a mix; (0,) where nothing can be spoken."""
    program = shutil.which("espeak-ng")
    words = " ".join(text.split())[:_LONGEST]
    if program is None or not any(character.isalnum() for character in words):
        return np.zeros(0, np.float32)
    name, pitch, speed = _VOICES.get(voice, _VOICES["narrator"])
    command = [program, "-v", name, "-p", str(pitch), "-s", str(speed), "--stdin", "--stdout", "-z"]
    try:
        done = subprocess.run(command, input=words.encode(), capture_output=True, timeout=_SECONDS, check=True)
        samples, spoken_at = _read(done.stdout)
    except (OSError, subprocess.SubprocessError, wave.Error, EOFError):
        return np.zeros(0, np.float32)
    common = gcd(rate, spoken_at)
    spoken = dsp.resample_poly(samples, rate // common, spoken_at // common)
    warm = filtered(sections(2, (95.0, 7200.0), rate), spoken)
    return (0.22 * unit_loudness(warm, rate)).astype(np.float32)


def _read(content: bytes) -> tuple[np.ndarray, int]:
    """Samples -1..1 and their rate. The length in the header of a stream is not the true one, so all that follows counts."""
    with wave.open(io.BytesIO(content)) as file:
        rate = file.getframerate()
        start = content.index(b"data") + 8
    return np.frombuffer(content[start : start + (len(content) - start) // 2 * 2], "<i2") / 32768.0, rate
