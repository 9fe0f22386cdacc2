"""What can be heard in a shot, written down: events with a time and a place, sources that last, beds, and the listener.

The world fills these values in; `sound` turns them into samples. Nothing here knows about audio.
Positions are world metres (y up), times are seconds from the start of the shot.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

__all__ = ["Bed", "Listener", "Score", "SoundEvent", "SoundSource", "Soundscape", "Speech"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundEvent:
    """One sound with a sharp start: a footfall, a splash, a thunderclap.

    `name` is a dotted kind ("footfall.paw", "impact.ball", "thunder"); `surface` says what was struck ("snow", "rock",
    "grass", "sand", "wood", "asphalt", "water", "metal", ""); `strength` is 0..1; `mass` is in kilograms.
    """

    time: float
    name: str
    position: tuple[float, float, float]
    strength: float = 0.5
    mass: float = 10.0
    surface: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundSource:
    """A sound that lasts: an engine, a propeller, a crying gull, waves at a place.

    times (K,) ascending [s]; positions (K, 3) [m]; level (K,) 0..1; speed (K,) [m/s] drives pitch where that makes sense.
    """

    name: str
    times: np.ndarray
    positions: np.ndarray
    level: np.ndarray
    speed: np.ndarray
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """Ambience without a place: "wind", "rain", "surf", "crickets", "room", with level (K,) 0..1 at times (K,) [s]."""

    name: str
    times: np.ndarray
    level: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Where the camera hears from: times (K,), positions (K, 3) [m], right (K, 3) unit vectors to the right ear."""

    times: np.ndarray
    positions: np.ndarray
    right: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A written line that is spoken from `start` [s] on. A narrator is nowhere; who speaks in the picture has positions.

    `voice` says whose it is: "narrator", "man", "woman", "boy", "girl". times (K,) [s] and positions (K, 3) [m], or empty.
    """

    start: float
    text: str
    voice: str = "narrator"
    gain: float = 1.0
    times: np.ndarray = field(default_factory=lambda: np.zeros(0))
    positions: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Music in a style ("calm", "upbeat", "dramatic") from `start` to `end` [s]."""

    start: float
    end: float
    style: str
    gain: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundscape:
    """Everything heard in one shot of `duration` seconds; `reverb` is the size of the space, 0 (open air) to 1 (hall)."""

    duration: float
    listener: Listener
    events: tuple[SoundEvent, ...] = ()
    sources: tuple[SoundSource, ...] = ()
    beds: tuple[Bed, ...] = ()
    speeches: tuple[Speech, ...] = ()
    scores: tuple[Score, ...] = ()
    gains: tuple[tuple[str, float], ...] = ()
    """Factors by name, later ones over earlier ones: "all", a family ("ambience", "effects", "voices", "music") or a sound."""
    reverb: float = 0.0
    underwater: bool = False
    seed: int = 0
    tags: tuple[str, ...] = field(default=())
