"""Every voice in the data files sounds, and sounds clean."""

from __future__ import annotations

import numpy as np
import pytest
from listening import mixed, recorded

from vitascope import sound
from vitascope.world.soundscape import Bed, Listener, SoundEvent, Soundscape, SoundSource

RATE = 48000
EARS = Listener(times=np.array([0.0]), positions=np.array([[0.0, 1.6, 0.0]]), right=np.array([[1.0, 0.0, 0.0]]))
ENDS = np.array([0.0, 10.0])


def lasting(name: str, speed: tuple[float, float] = (6.0, 12.0), x: tuple[float, float] = (0.0, 0.0)) -> SoundSource:
    """A source 4 m in front of the listener (or passing from x to x) with its speed running from one value to another."""
    return SoundSource(
        name=name,
        times=ENDS,
        positions=np.array([[x[0], 1.6, -4.0], [x[1], 1.6, -4.0]]),
        level=np.ones(2),
        speed=np.array(speed),
    )


def clean(samples: np.ndarray) -> bool:
    """Finite, not silent, and at rest at both ends."""
    edge = max(float(np.abs(samples[:3]).max()), float(np.abs(samples[-3:]).max()))
    loud = float(np.abs(samples).max())
    return bool(np.isfinite(samples).all()) and loud > 1e-5 and edge < 0.02 * loud


@pytest.mark.parametrize("name", sound.names("event"))
def test_every_event_sounds_and_ends_without_a_click(name: str) -> None:
    """An event's sound is finite, audible, and ramps to rest inside the shot."""
    event = SoundEvent(time=0.1, name=name, position=(0.0, 1.0, -4.0), strength=0.8, surface="wood")
    heard = recorded(Soundscape(duration=9.0, listener=EARS, events=(event,)), rate=24000)
    steps = np.abs(np.diff(heard[-24000:], axis=0))

    assert clean(heard)
    assert steps.max() < 0.1 * np.abs(heard).max()


@pytest.mark.parametrize("name", sound.names("source"))
def test_every_source_sounds(name: str) -> None:
    """A source of each kind is finite, audible, and begins and ends at rest."""
    heard = recorded(Soundscape(duration=1.5, listener=EARS, sources=(lasting(name),)), rate=24000)

    assert clean(mixed([heard], rate=24000))


@pytest.mark.parametrize("name", sound.names("bed"))
def test_every_bed_sounds_from_both_sides(name: str) -> None:
    """A bed is finite and audible in both ears, and quieter than the foreground."""
    bed = Bed(name=name, times=ENDS, level=np.ones(2))
    heard = recorded(Soundscape(duration=1.5, listener=EARS, beds=(bed,)), rate=24000)

    assert clean(mixed([heard], rate=24000))
    assert 0.1 < np.std(heard[:, 0]) / np.std(heard[:, 1]) < 10.0
    assert 20 * np.log10(np.std(heard)) < -17.0


def test_unknown_surfaces_and_prefixes_still_sound() -> None:
    """A longer name falls back to its dotted prefix; an unknown surface to plain ground."""
    event = SoundEvent(time=0.1, name="footfall.hoof.shod.heavy", position=(0.0, 0.0, -4.0), surface="marzipan")
    scape = Soundscape(duration=1.0, listener=EARS, events=(event,))

    assert sound.unvoiced(scape) == ()
    assert np.abs(recorded(scape)).max() > 0.01


def test_names_without_a_voice_are_reported_and_silent() -> None:
    """What cannot be made is named, never guessed."""
    event = SoundEvent(time=0.1, name="gloop.large", position=(0.0, 0.0, -4.0))
    bed = Bed(name="marsupial", times=ENDS, level=np.ones(2))
    scape = Soundscape(duration=0.5, listener=EARS, events=(event,), beds=(bed,), sources=(lasting("sousaphone"),))

    assert sound.unvoiced(scape) == ("gloop.large", "marsupial", "sousaphone")
    assert not recorded(scape).any()


def _pitch(samples: np.ndarray) -> float:
    """Strongest period's frequency [Hz] between 20 and 200 Hz, by autocorrelation."""
    mono = samples.mean(axis=1)
    power = np.abs(np.fft.rfft(mono, 2 * len(mono))) ** 2
    hertz = np.fft.rfftfreq(2 * len(mono), 1 / RATE)
    lag = np.fft.irfft(power * (hertz < 400))
    low, high = RATE // 200, RATE // 20
    return RATE / float(low + np.argmax(lag[low:high]))


def test_an_engine_turns_faster_with_speed() -> None:
    """In one gear the firing rate is in proportion to the speed."""

    def heard(speed: float) -> float:
        scape = Soundscape(duration=2.0, listener=EARS, sources=(lasting("engine.truck", (speed, speed)),))
        return _pitch(recorded(scape))

    assert heard(14.4) / heard(12.0) == pytest.approx(1.2, rel=0.06)


def test_a_passing_source_bends_its_pitch() -> None:
    """A drone that passes at 60 m/s is higher when it comes than when it goes, by about (c+v)/(c-v)."""
    source = lasting("rotor.drone", (0.0, 0.0), (-300.0, 300.0))
    heard = recorded(Soundscape(duration=10.0, listener=EARS, sources=(source,), seed=2))

    def centre(part: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(part.mean(axis=1) * np.hanning(len(part)))) ** 2
        hertz = np.fft.rfftfreq(len(part), 1 / RATE)
        band = (hertz > 120) & (hertz < 260)
        return float((power * hertz)[band].sum() / power[band].sum())

    ratio = centre(heard[3 * RATE : 4 * RATE]) / centre(heard[-4 * RATE : -3 * RATE])

    assert ratio == pytest.approx((343 + 60) / (343 - 60), rel=0.08)


def test_a_bed_does_not_repeat() -> None:
    """No second of rain or wind comes back: long noise does not correlate with itself at any lag up to 8 s."""
    bed = Bed(name="rain", times=ENDS, level=np.ones(2))
    heard = recorded(Soundscape(duration=17.0, listener=EARS, beds=(bed,)), rate=24000)[:, 0]
    spectrum = np.fft.rfft(heard, 2 * len(heard))
    lag = np.fft.irfft(np.abs(spectrum) ** 2)

    assert np.abs(lag[2400 : 8 * 24000]).max() < 0.1 * lag[0]
