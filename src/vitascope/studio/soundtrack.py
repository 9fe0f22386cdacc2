"""The sound of a film, shot by shot onto a tape: taken from the store where nothing that is heard has changed, else made."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate

import numpy as np

from vitascope import media
from vitascope.continuity import digest_of, sound_fingerprint
from vitascope.film import Film, Shot, layers_at, plain_shots
from vitascope.sound import Tape, can_speak, mix, record
from vitascope.studio import library as shelf
from vitascope.studio.clock import Clock
from vitascope.studio.memory import Memory

__all__ = ["SOUND_RATE", "write_sound"]

SOUND_RATE = 48_000
SHARE_RATE = 50
"""Moments a second at which the shares of the sounds of a shot are looked at."""
KEPT = 1 << 19
"""Samples of a plain shot that are kept together in the store: eleven seconds, 4 MB."""
_UNHEARD = {"look": {"style", "grade", "depth_of_field", "motion_blur", "grain"}, "light": True}
"""What of a shot nobody hears."""


def write_sound(film: Film, writer: media.FilmWriter, memory: Memory, clock: Clock) -> None:
    """Write the film's sound. Until it is whole it waits on disk beside the film. Raises MediaError."""
    lengths = [round(shot.duration * SOUND_RATE) for shot in film.shots]
    try:
        with media.workplace(writer.target) as folder, Tape(sum(lengths), folder=folder) as tape:
            for shot, end, length in zip(film.shots, accumulate(lengths), lengths, strict=True):
                _record_shot(film, shot, tape.part(end - length, length), memory, clock)
            with clock.measure("sound"):
                for piece in mix(tape, lengths, rate=SOUND_RATE):
                    writer.write_sound(piece)
    except OSError as error:
        raise media.describe_write_failure(error, writer.target) from error


def _record_shot(film: Film, shot: Shot, tape: Tape, memory: Memory, clock: Clock) -> None:
    """Record a shot on its tape; where it changes over from one plain shot to another, their sounds do."""
    plains = plain_shots(shot)
    if len(plains) == 1:
        _record_plain(film, plains[0], tape, memory, clock)
        return
    steps = max(2, int(shot.duration * SHARE_RATE) + 1)
    shares = {plain: np.zeros(steps) for plain in plains}
    for k in range(steps):
        t = min(Fraction(k, SHARE_RATE), shot.duration - Fraction(1, 1000))
        for layer in layers_at(shot, t):
            shares[layer.shot][k] = layer.share
    for plain, share in shares.items():
        with tape.scratch(round(plain.duration * SOUND_RATE)) as made:
            _record_plain(film, plain, made, memory, clock)
            for start, samples in made.pieces():
                places = np.arange(start, start + len(samples)) / SOUND_RATE * SHARE_RATE
                tape.add(start, samples * np.interp(places, np.arange(steps), share).astype(np.float32)[:, None])


def _record_plain(film: Film, plain: Shot, tape: Tape, memory: Memory, clock: Clock) -> None:
    heard = plain.model_dump_json(exclude=_UNHEARD)
    recipes = shelf.own_recipes_in(plain, shelf.library())
    made_from = (sound_fingerprint(), can_speak(), film.seed, SOUND_RATE, heard, recipes)
    addresses = [digest_of("sound", *made_from, len(tape), first) for first in range(0, len(tape), KEPT)]
    if _taken(addresses, tape, memory):
        return
    tape.erase()
    stage = memory.prepared(film, plain, clock).stage
    with clock.measure("sound"):
        record(stage.soundscape(cues=plain.cues, levels=plain.levels), tape, rate=SOUND_RATE)
    for address, (_, samples) in zip(addresses, tape.pieces(KEPT), strict=True):
        memory.store.put("sound", address, samples.astype("<f4", copy=False).tobytes())
    memory.tidy()


def _taken(addresses: list[bytes], tape: Tape, memory: Memory) -> bool:
    """Whether the whole sound was in the store and is on the tape now."""
    if not all(memory.store.has("sound", address) for address in addresses):
        return False
    for address, first in zip(addresses, range(0, len(tape), KEPT), strict=True):
        stored = memory.store.get("sound", address)
        if stored is None or len(stored) != 8 * min(KEPT, len(tape) - first):
            return False
        tape.write(first, np.frombuffer(stored, "<f4").reshape(-1, 2))
    return True
