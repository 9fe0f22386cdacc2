"""The sound of a film, shot by shot: taken from the store where nothing that is heard has changed, else made."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from vitascope.continuity import digest_of, sound_fingerprint
from vitascope.film import Film, Shot, layers_at, plain_shots
from vitascope.sound import can_speak
from vitascope.sound import render as render_sound
from vitascope.studio import library as shelf
from vitascope.studio.clock import Clock
from vitascope.studio.memory import Memory

__all__ = ["SOUND_RATE", "shot_sounds"]

SOUND_RATE = 48_000
SHARE_RATE = 50
"""Moments a second at which the shares of the sounds of a shot are looked at."""
_UNHEARD = {"look": {"style", "grade", "depth_of_field", "motion_blur", "grain"}, "light": True}
"""What of a shot nobody hears."""


def shot_sounds(film: Film, memory: Memory, clock: Clock) -> Iterator[np.ndarray]:
    """The sound of each shot (N, 2) float32; where it changes over from one plain shot to another, their sounds do."""
    for shot in film.shots:
        plains = plain_shots(shot)
        if len(plains) == 1:
            yield _plain_sound(film, plains[0], memory, clock)
        else:
            yield _changing(film, shot, plains, memory, clock)


def _changing(film: Film, shot: Shot, plains: tuple[Shot, ...], memory: Memory, clock: Clock) -> np.ndarray:
    count = round(shot.duration * SOUND_RATE)
    steps = max(2, int(shot.duration * SHARE_RATE) + 1)
    shares = {plain: np.zeros(steps) for plain in plains}
    for k in range(steps):
        t = min(Fraction(k, SHARE_RATE), shot.duration - Fraction(1, 1000))
        for layer in layers_at(shot, t):
            shares[layer.shot][k] = layer.share
    out = np.zeros((count, 2), np.float32)
    places = np.arange(count) / SOUND_RATE * SHARE_RATE
    for plain, share in shares.items():
        made = _plain_sound(film, plain, memory, clock)[:count]
        out[: len(made)] += made * np.interp(places[: len(made)], np.arange(steps), share).astype(np.float32)[:, None]
    return out


def _plain_sound(film: Film, plain: Shot, memory: Memory, clock: Clock) -> np.ndarray:
    heard = plain.model_dump_json(exclude=_UNHEARD)
    recipes = shelf.own_recipes_in(plain, shelf.library())
    address = digest_of("sound", sound_fingerprint(), can_speak(), film.seed, SOUND_RATE, heard, recipes)
    stored = memory.store.get("sound", address)
    if stored is not None and len(stored) == 8 * round(plain.duration * SOUND_RATE):
        return np.frombuffer(stored, "<f4").reshape(-1, 2).astype(np.float32, copy=False)
    stage = memory.prepared(film, plain, clock).stage
    with clock.measure("sound"):
        made = render_sound(stage.soundscape(cues=plain.cues, levels=plain.levels), rate=SOUND_RATE)
    memory.store.put("sound", address, made.astype("<f4", copy=False).tobytes())
    return made
