"""Cues of a shot as things that are heard: lines with a place, music, and effects by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from vitascope.film import Cue, Shot
from vitascope.world.soundscape import Bed, Score, SoundEvent, Soundscape, Speech

__all__ = ["Speaker", "scores_of", "speeches_of", "with_effects"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who can say a line: the kind of voice, and where the mouth is, (K, 3) at times (K,) [s]."""

    voice: str
    mouth: Callable[[np.ndarray], np.ndarray]


def speeches_of(shot: Shot, speakers: Mapping[str, Speaker], times: np.ndarray) -> tuple[Speech, ...]:
    """Narration and dialogue. Who is not in the picture, or nobody, speaks from nowhere."""
    lines = []
    for cue in shot.cues:
        if cue.kind not in ("narration", "dialogue"):
            continue
        speaker = speakers.get(cue.speaker or "") if cue.kind == "dialogue" else None
        place = {}
        if speaker is not None:
            place = {"times": times, "positions": speaker.mouth(times)}
        voice = "narrator" if speaker is None else speaker.voice
        lines.append(Speech(start=float(cue.span.start), text=cue.text, voice=voice, gain=_factor(cue), **place))
    return tuple(lines)


def scores_of(shot: Shot) -> tuple[Score, ...]:
    """Music."""
    return tuple(
        Score(start=float(cue.span.start), end=float(cue.span.end), style=cue.text, gain=_factor(cue))
        for cue in shot.cues
        if cue.kind == "music"
    )


def with_effects(scape: Soundscape, cues: Sequence[Cue]) -> Soundscape:
    """The soundscape with written effects: each both as an event at its start and as a bed over its span; a sound that is
    only one of the two has no voice as the other.
    """
    here = scape.listener
    events, beds = list(scape.events), list(scape.beds)
    for cue in cues:
        start, end = float(cue.span.start), float(cue.span.end)
        x, y, z = (float(np.interp(start, here.times, here.positions[:, axis])) for axis in range(3))
        strength = float(np.clip(0.7 * _factor(cue), 0.0, 1.0))
        events.append(SoundEvent(time=start, name=cue.text, position=(x, y, z - 2.0), strength=strength))
        edges = np.array([start - 0.05, start + 0.25, end - 0.25, end + 0.05])
        level = np.array([0.0, strength, strength, 0.0])
        beds.append(Bed(name=cue.text, times=np.maximum.accumulate(edges), level=level))
    return replace(scape, events=tuple(sorted(events, key=lambda e: (e.time, e.name))), beds=tuple(beds))


def _factor(cue: Cue) -> float:
    return float(10.0 ** (cue.gain_db / 20.0))
