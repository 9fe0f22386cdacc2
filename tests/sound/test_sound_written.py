"""Written sounds are heard when they were written for, and what is turned down is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from listening import recorded

from vitascope.sound import Tape, can_speak, loudness, styles
from vitascope.sound.music import play
from vitascope.sound.speech import speak
from vitascope.world.soundscape import Bed, Listener, Score, SoundEvent, Soundscape, Speech

RATE = 48_000
needs_voice = pytest.mark.skipif(not can_speak(), reason="espeak-ng is not installed")


def scape(**fields: object) -> Soundscape:
    times = np.array([0.0, 6.0])
    listener = Listener(times=times, positions=np.zeros((2, 3)), right=np.tile([1.0, 0.0, 0.0], (2, 1)))
    return Soundscape(duration=6.0, listener=listener, **fields)  # type: ignore[arg-type]


WIND = Bed(name="wind", times=np.array([0.0, 6.0]), level=np.array([0.8, 0.8]))
STEP = SoundEvent(time=1.0, name="footfall", position=(0.0, 0.0, -2.0), strength=0.9)


def piece_of(style: str, seconds: float, *, seed: int) -> np.ndarray:
    """Music (N, 2)."""
    with Tape(round(seconds * RATE)) as tape:
        play(style, tape, seed=seed, rate=RATE)
        return tape.read()


def rms(samples: np.ndarray) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


@pytest.mark.parametrize(("name", "ratio"), [("wind", 2.0), ("ambience", 0.5), ("all", 0.25), ("wind.trees", 1.0)])
def test_a_level_is_a_factor_for_what_it_names(name: str, ratio: float):
    """Twice is twice, for a sound, for a family and for all; what has another name stays."""
    before = recorded(scape(beds=(WIND,)))

    after = recorded(scape(beds=(WIND,), gains=((name, ratio),)))

    assert rms(after) == pytest.approx(ratio * rms(before), rel=1e-3)


def test_what_is_muted_is_gone_and_the_rest_is_as_it_was():
    """Without the wind there are just the steps."""
    both = scape(beds=(WIND,), events=(STEP,))

    quiet = recorded(replace(both, gains=(("wind", 0.0),)))

    assert np.array_equal(quiet, recorded(scape(events=(STEP,))))
    assert not recorded(replace(both, gains=(("all", 0.0),))).any()


@needs_voice
def test_a_line_starts_where_it_was_written():
    """Nothing is heard before a line, and something within a fifth of a second after its start."""
    heard = recorded(scape(speeches=(Speech(start=2.0, text="Once upon a time."),)))

    assert not heard[: 2 * RATE].any()
    assert rms(heard[2 * RATE : round(2.2 * RATE)]) > 0.005


@needs_voice
def test_a_line_turns_the_rest_down_while_it_is_spoken():
    """The wind gives way to the voice and comes back."""
    line = Speech(start=2.0, text="Hello there.", gain=0.0)
    spoken = replace(line, gain=1.0)
    calm = recorded(scape(beds=(WIND,), speeches=(line,)))

    heard = recorded(scape(beds=(WIND,), speeches=(spoken,)))
    voice = recorded(scape(speeches=(spoken,)))
    under = heard - voice

    assert rms(under[round(2.2 * RATE) : round(2.5 * RATE)]) < 0.5 * rms(calm[round(2.2 * RATE) : round(2.5 * RATE)])
    assert np.array_equal(heard[: RATE // 2], calm[: RATE // 2])
    assert np.allclose(heard[-RATE // 2 :], calm[-RATE // 2 :], atol=1e-6)


@needs_voice
def test_who_stands_to_the_right_is_heard_from_the_right():
    """Dialogue has a place."""
    place = {"times": np.array([0.0, 6.0]), "positions": np.tile([4.0, 0.0, -1.0], (2, 1))}

    heard = recorded(scape(speeches=(Speech(start=0.5, text="Over here.", voice="woman", **place),)))  # type: ignore[arg-type]

    assert rms(heard[:, 1]) > 1.3 * rms(heard[:, 0])


@needs_voice
@pytest.mark.parametrize("text", ["", "…", "$(touch /tmp/no) `id`; --stdout", "a" * 50_000])
def test_whatever_is_written_is_only_spoken(text: str):
    """Signs of a shell are read aloud or left out, and no line is endless."""
    assert len(speak(text, "narrator", RATE)) < 600 * RATE


def test_without_a_voice_lines_are_silent(monkeypatch: pytest.MonkeyPatch):
    """A missing espeak-ng costs the voice, not the film."""
    monkeypatch.setenv("PATH", "")

    assert not can_speak()
    assert len(speak("Nobody says this elsewhere.", "man", RATE)) == 0


@pytest.mark.parametrize("style", styles())
def test_music_is_as_long_as_asked_and_quiet_enough_to_stand_under_a_film(style: str):
    """A piece has its length, one loudness, no clipping, and dies away."""
    piece = piece_of(style, 7.0, seed=1)

    assert piece.shape == (7 * RATE, 2)
    assert -23.0 < loudness([piece]) < -16.0
    assert np.abs(piece).max() < 1.0
    assert rms(piece[-RATE // 10 :]) < 0.1 * rms(piece)


def test_the_same_seed_gives_the_same_music_and_another_another():
    """Pieces are made from seeds."""
    once, again, other = (piece_of("calm", 4.0, seed=seed) for seed in (1, 1, 2))

    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


def test_music_is_heard_over_its_span():
    """A score starts and ends where it was written."""
    heard = recorded(scape(scores=(Score(start=1.0, end=4.0, style="upbeat"),)))

    assert not heard[:RATE].any()
    assert rms(heard[RATE : 3 * RATE]) > 0.01
    assert not heard[4 * RATE :].any()
