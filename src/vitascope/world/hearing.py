"""What the microphone hears: the cast's own sounds, the place, the weather and the hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from vitascope.film import Film, Shot, seed_for
from vitascope.world import daylight
from vitascope.world.camera import CameraPath
from vitascope.world.climate import Strike
from vitascope.world.land import Land
from vitascope.world.role import Performance
from vitascope.world.soundscape import Bed, Listener, SoundEvent, Soundscape, SoundSource
from vitascope.world.written import Speaker, scores_of, speeches_of, with_effects

__all__ = ["soundscape_of"]

RATE = 20.0
DAY_BEDS = {"birds.day": 1.0, "birds.dawn": 1.0, "bees": 1.0}
NIGHT_VERSION = {"birds.day": "crickets", "birds.dawn": "crickets", "city.day": "city.night", "farm": "crickets"}


def soundscape_of(
    film: Film,
    shot: Shot,
    land: Land,
    camera: CameraPath,
    performances: Mapping[str, Performance],
    strikes: Sequence[Strike],
    speakers: Mapping[str, Speaker],
) -> Soundscape:
    """Everything heard in the shot, from where the camera is. `speakers` are the subjects that can say a line."""
    duration = float(shot.duration)
    times = np.linspace(0.0, duration, max(2, int(duration * RATE) + 1))
    lenses = [camera.at(t).world_from_camera for t in times]
    listener = Listener(
        times=times,
        positions=np.array([m[:3, 3] for m in lenses]),
        right=np.array([m[:3, 0] for m in lenses]),
    )
    events = [event for p in performances.values() for event in p.events if 0 <= event.time < duration]
    events += [
        SoundEvent(time=s.time, name="thunder", position=s.position, strength=s.brightness, mass=1000.0)
        for s in strikes
    ]
    muffled = land.airless and "sound without air" not in shot.set.features
    written = [cue for cue in shot.cues if cue.kind == "effect"]
    scape = Soundscape(
        duration=duration,
        listener=listener,
        events=() if muffled else tuple(sorted(events, key=lambda e: (e.time, e.name))),
        sources=_in_the_suit(listener)
        if muffled
        else tuple(source for p in performances.values() for source in p.sources),
        beds=_beds(shot, land, times),
        reverb=land.reverb,
        underwater=land.recipe.medium == "underwater",
        seed=seed_for(film.seed, "sound", shot.id) % 2**32,
        speeches=speeches_of(shot, speakers, times),
        scores=scores_of(shot),
        gains=tuple((level.name, 0.0 if level.muted else 10.0 ** (level.gain_db / 20.0)) for level in shot.levels),
    )
    return with_effects(scape, written) if written else scape


def _in_the_suit(listener: Listener) -> tuple[SoundSource, ...]:
    """Where there is no air, only one's own breath is heard."""
    steady = np.full(len(listener.times), 0.7)
    near = listener.positions + 0.3 * listener.right
    still = np.zeros(len(listener.times))
    return (SoundSource(name="breathing", times=listener.times, positions=near, level=steady, speed=still),)


def _beds(shot: Shot, land: Land, times: np.ndarray) -> tuple[Bed, ...]:
    weather = shot.set.weather
    night = np.array([_night(shot, t) for t in times])
    indoor = land.recipe.indoor
    levels: dict[str, np.ndarray] = {}

    def add(name: str, level: np.ndarray) -> None:
        levels[name] = np.maximum(levels.get(name, np.zeros(len(times))), np.clip(level, 0.0, 1.0))

    for name, level in land.recipe.sounds.items():
        other = NIGHT_VERSION.get(name)
        hushed = 1.0 - 0.8 * max(weather.rain, weather.snow) if name in DAY_BEDS else 1.0
        add(name, np.full(len(times), level * hushed) * (1.0 - night if other else 1.0))
        if other:
            add(other, level * night * (1.0 - weather.rain))
    if not (land.airless or land.recipe.medium == "underwater"):
        through = 0.35 if indoor else 1.0
        add("rain", np.full(len(times), weather.rain * through))
        if weather.wind > 0.15 and not indoor:
            add("wind", np.full(len(times), weather.wind * 0.9))
        if weather.snow > 0.3 and not indoor:
            add("blizzard" if weather.wind > 0.5 else "snowfall", np.full(len(times), weather.snow * 0.6))
    return tuple(Bed(name=name, times=times, level=level) for name, level in levels.items() if level.max() > 0.01)


def _night(shot: Shot, t: float) -> float:
    elevation = daylight.sun_angles(daylight.hour_at(shot.set.hours, t))[0]
    return float(np.clip((2.0 - elevation) / 6.0, 0.0, 1.0))
