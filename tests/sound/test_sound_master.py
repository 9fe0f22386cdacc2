"""The film's sound: length, loudness, ceiling, determinism."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pyloudnorm
import pytest
from listening import mixed, recorded

from vitascope import sound
from vitascope.world.soundscape import Bed, Listener, SoundEvent, Soundscape, SoundSource

EARS = Listener(times=np.array([0.0]), positions=np.array([[0.0, 1.6, 0.0]]), right=np.array([[1.0, 0.0, 0.0]]))


def busy(duration: float, seed: int = 1, beds: tuple[str, ...] = ("wind",)) -> Soundscape:
    """Footfalls in snow twice a second, a car that passes, and beds."""
    ends = np.array([0.0, max(duration, 0.1)])
    steps = tuple(
        SoundEvent(time=float(time), name="footfall.paw", position=(1.0, 0.0, -6.0), surface="snow")
        for time in np.arange(0.2, duration, 0.5)
    )
    car = SoundSource(
        name="engine.car",
        times=ends,
        positions=np.array([[-20.0, 0.0, -9.0], [20.0, 0.0, -9.0]]),
        level=np.ones(2),
        speed=np.full(2, 9.0),
    )
    made = tuple(Bed(name=name, times=ends, level=np.full(2, 0.6)) for name in beds)
    return Soundscape(duration=duration, listener=EARS, events=steps, sources=(car,), beds=made, seed=seed)


@pytest.mark.parametrize("duration", [1.0, 5.0, 12.5])
def test_loudness_and_ceiling(duration: float) -> None:
    """A film measures -16 LUFS within half a unit and stays under -1 dB true peak, short or long."""
    heard = mixed([recorded(busy(duration))])

    assert heard.shape == (round(duration * 48000), 2)
    assert sound.loudness([heard]) == pytest.approx(-16.0, abs=0.5)
    assert 20 * np.log10(sound.true_peak([heard])) <= -1.0
    assert np.abs(heard).max() <= 10 ** (-1 / 20)


@pytest.mark.parametrize("duration", [0.7, 3.3])
def test_loudness_agrees_with_an_independent_meter(duration: float) -> None:
    """Our pieces-at-a-time meter gives pyloudnorm's value."""
    heard = recorded(busy(duration))

    assert sound.loudness([heard]) == pytest.approx(pyloudnorm.Meter(48000).integrated_loudness(heard), abs=0.05)


def test_a_full_scale_sine_measures_what_the_standard_says() -> None:
    """A 997 Hz sine at full scale in one channel is -3.01 LUFS (BS.1770-4, annex 1)."""
    tone = np.zeros((48000 * 3, 2), np.float32)
    tone[:, 0] = np.sin(2 * np.pi * 997.0 * np.arange(len(tone)) / 48000)

    assert sound.loudness([tone]) == pytest.approx(-3.01, abs=0.05)


def test_sharp_events_alone_stay_under_the_ceiling() -> None:
    """Loud single blows are held by the limiter, not clipped: no run of equal full samples."""
    blows = tuple(
        SoundEvent(time=time, name="impact.metal", position=(0.0, 1.0, -3.0), strength=1.0) for time in (0.3, 1.1, 1.9)
    )
    heard = mixed([recorded(Soundscape(duration=3.0, listener=EARS, events=blows))])
    top = np.abs(heard).max()

    assert 20 * np.log10(sound.true_peak([heard])) <= -1.0
    assert np.sum(np.abs(heard) > 0.9999 * top) < 8


def test_near_silence_stays_quiet() -> None:
    """An empty studio is lifted by 26 dB at most, so it is not turned into noise; nothing at all stays nothing."""
    ends = np.array([0.0, 2.0])
    studio = Soundscape(duration=2.0, listener=EARS, beds=(Bed(name="studio", times=ends, level=np.ones(2)),))
    empty = Soundscape(duration=1.0, listener=EARS)

    assert sound.loudness([mixed([recorded(studio)])]) < -32.0
    assert not mixed([recorded(empty)]).any()


@pytest.mark.parametrize("duration", [0.0, 0.01, 0.3])
def test_very_short_shots_have_their_length(duration: float) -> None:
    """Even a shot of one frame, or of none, comes out with the right number of samples and no failure."""
    heard = mixed([recorded(busy(duration))])

    assert heard.shape == (round(duration * 48000), 2)
    assert np.isfinite(heard).all()


def test_same_seed_same_bytes_other_seed_other_bytes() -> None:
    """The sound is a function of the soundscape."""
    first = recorded(busy(1.5, seed=4))

    assert first.tobytes() == recorded(busy(1.5, seed=4)).tobytes()
    assert first.tobytes() != recorded(busy(1.5, seed=5)).tobytes()


def test_a_longer_shot_begins_like_the_shorter_one() -> None:
    """Extending a shot does not change what was heard before, up to the ramp at the old end."""
    beds = busy(8.0).beds
    short = recorded(Soundscape(duration=2.0, listener=EARS, beds=beds, seed=1))
    long = recorded(Soundscape(duration=8.0, listener=EARS, beds=beds, seed=1))

    np.testing.assert_allclose(short[:90000], long[:90000], atol=1e-6)


def test_cuts_keep_their_sample_and_do_not_click() -> None:
    """Two shots join at the first one's last sample, and the step at the cut is no larger than those around it."""
    first, second = recorded(busy(1.0, beds=("rain",))), recorded(busy(1.5, seed=9, beds=("storm",)))
    heard = mixed([first, second])
    step = np.abs(np.diff(heard, axis=0)).max(axis=1)

    assert len(heard) == len(first) + len(second)
    assert step[47990:48010].max() < 1.2 * max(step[40000:47900].max(), step[48100:56000].max())
    assert np.std(heard[47904:48096]) > 0.3 * np.std(heard[40000:56000])


def test_lengths_that_are_not_those_of_the_tape_are_refused_in_a_sentence() -> None:
    """Shots that do not fill the tape raise an error that says what is needed."""
    with sound.Tape(100) as tape, pytest.raises(ValueError, match="Give the length of each shot on the tape"):
        next(sound.mix(tape, [60, 30]))


def test_a_negative_duration_is_refused_in_a_sentence() -> None:
    """A soundscape cannot last less than nothing."""
    with sound.Tape(0) as tape, pytest.raises(ValueError, match="allowed is 0 to 36000"):
        sound.record(Soundscape(duration=-1.0, listener=EARS), tape)


def test_a_long_sound_takes_no_more_memory_than_a_short_one() -> None:
    """What is held while two minutes are recorded and mastered is at most a fifth more than for a quarter of a minute."""

    def peak(duration: float) -> int:
        ends = np.array([0.0, duration])
        studio = Bed(name="studio", times=ends, level=np.ones(2))
        scape = Soundscape(duration=duration, listener=EARS, beds=(studio,), reverb=0.2)
        length = round(duration * 48000)
        tracemalloc.start()
        with sound.Tape(length) as tape:
            sound.record(scape, tape)
            assert sum(len(piece) for piece in sound.mix(tape, [length])) == length
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return held

    assert peak(120.0) < 1.2 * peak(15.0)
