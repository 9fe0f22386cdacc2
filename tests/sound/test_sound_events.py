"""Events are heard where and when they happen."""

from __future__ import annotations

import numpy as np
import pytest
from listening import recorded

from vitascope.world.soundscape import Listener, SoundEvent, Soundscape

RATE = 48000
FRAME = 1 / 120
SHARP = (
    ("footfall.paw", "snow"),
    ("footfall.hoof", "gravel"),
    ("footfall.shoe", "asphalt"),
    ("footfall.heavy", "grass"),
    ("impact.ball", "grass"),
    ("impact.metal", "rock"),
    ("impact.glass", "wood"),
    ("splash.small", "water"),
    ("kick", ""),
    ("camera.click", ""),
    ("thunder", ""),
)


def listener() -> Listener:
    """Ears at eye height at the origin, looking along -z."""
    return Listener(times=np.array([0.0]), positions=np.array([[0.0, 1.6, 0.0]]), right=np.array([[1.0, 0.0, 0.0]]))


def alone(event: SoundEvent, *, duration: float = 2.0, seed: int = 7, reverb: float = 0.0) -> np.ndarray:
    """The shot that holds this one event."""
    return recorded(
        Soundscape(duration=duration, listener=listener(), events=(event,), seed=seed, reverb=reverb), rate=RATE
    )


def onset(samples: np.ndarray) -> float:
    """First time [s] at which the sound reaches a twentieth of its peak."""
    level = np.abs(samples).max(axis=1)
    return float(np.argmax(level > 0.05 * level.max())) / RATE


@pytest.mark.parametrize(("name", "surface"), SHARP)
def test_an_event_starts_on_its_video_frame(name: str, surface: str) -> None:
    """Within 30 m the onset lies within one frame at 120 fps of the event's time."""
    heard = alone(SoundEvent(time=0.5, name=name, position=(2.0, 0.0, -6.0), surface=surface, strength=0.7))

    assert onset(heard) == pytest.approx(0.5, abs=FRAME)


def test_a_room_does_not_move_the_onset() -> None:
    """Reverberation follows the sound and never comes before it."""
    heard = alone(SoundEvent(time=0.5, name="impact.wood", position=(0.0, 1.0, -4.0)), reverb=1.0)

    assert onset(heard) == pytest.approx(0.5, abs=FRAME)


@pytest.mark.parametrize("distance", [343.0, 1029.0])
def test_thunder_comes_late_by_its_distance(distance: float) -> None:
    """Beyond 30 m sound travels at 343 m/s: a kilometre of storm is three seconds."""
    heard = alone(SoundEvent(time=0.25, name="thunder", position=(0.0, 1.6, -distance)), duration=6.0)

    assert onset(heard) == pytest.approx(0.25 + distance / 343.0, abs=FRAME)


def test_distant_thunder_is_dull() -> None:
    """Air takes the treble: of thunder far away less than a third of the share above 1 kHz is left."""

    def bright_share(distance: float) -> float:
        heard = alone(SoundEvent(time=0.0, name="thunder", position=(0.0, 1.6, -distance)), duration=16.0)[:, 0]
        power = np.abs(np.fft.rfft(heard)) ** 2
        return float(power[np.fft.rfftfreq(len(heard), 1 / RATE) > 1000.0].sum() / power.sum())

    assert bright_share(3000.0) < 0.33 * bright_share(100.0)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_direction_is_heard(side: float) -> None:
    """A ball that lands on the left is louder and earlier in the left ear; on the right, in the right."""
    heard = alone(SoundEvent(time=0.5, name="impact.ball", position=(side * 6.0, 1.6, -3.0), surface="grass"))
    near, far = (heard[:, 0], heard[:, 1]) if side < 0 else (heard[:, 1], heard[:, 0])

    assert np.sum(near**2) > 4 * np.sum(far**2)
    assert np.argmax(near != 0) < np.argmax(far != 0) <= np.argmax(near != 0) + 0.0006 * RATE


def test_level_falls_six_decibels_per_doubling() -> None:
    """From 14 to 28 m a low thud loses 6 dB, and a little more to the air."""

    def power(distance: float) -> float:
        event = SoundEvent(time=0.2, name="kick", position=(0.0, 1.6, -distance))
        return float(np.sum(_same_variation(event) ** 2))

    assert 10 * np.log10(power(14.0) / power(28.0)) == pytest.approx(6.0, abs=0.6)


def _same_variation(event: SoundEvent) -> np.ndarray:
    """The event heard by a listener who stands back, so that its own variation stays the same."""
    back = Listener(
        times=np.array([0.0]),
        positions=np.array([[0.0, 1.6, -event.position[2] - 20.0]]),
        right=np.array([[1.0, 0.0, 0.0]]),
    )
    still = SoundEvent(time=event.time, name=event.name, position=(0.0, 1.6, -20.0))
    return recorded(Soundscape(duration=1.0, listener=back, events=(still,)), rate=RATE)


def test_harder_is_louder_and_brighter() -> None:
    """Strength opens level and treble together."""
    soft = alone(SoundEvent(time=0.1, name="impact.wood", position=(0.0, 1.0, -4.0), strength=0.15))
    hard = alone(SoundEvent(time=0.1, name="impact.wood", position=(0.0, 1.0, -4.0), strength=1.0))

    assert np.abs(hard).max() > 3 * np.abs(soft).max()


def test_no_two_footfalls_are_the_same() -> None:
    """Two steps of one animal on one surface differ in their samples."""
    first = alone(SoundEvent(time=0.5, name="footfall.paw", position=(0.0, 0.0, -5.0), surface="snow"))
    second = alone(SoundEvent(time=1.0, name="footfall.paw", position=(0.0, 0.0, -5.0), surface="snow"))
    a, b = first[24000:30000, 0], second[48000:54000, 0]

    assert abs(np.corrcoef(a, b)[0, 1]) < 0.5


def test_an_added_event_leaves_the_others_alone() -> None:
    """The sound of two events is the sum of each alone: a new one changes nothing else."""
    step = SoundEvent(time=0.3, name="footfall.shoe", position=(-2.0, 0.0, -4.0), surface="wood")
    drop = SoundEvent(time=0.9, name="impact.glass", position=(2.0, 0.0, -4.0))
    both = recorded(Soundscape(duration=2.0, listener=listener(), events=(step, drop), seed=7), rate=RATE)

    np.testing.assert_allclose(both, alone(step) + alone(drop), atol=1e-6)


def test_events_under_water_travel_faster() -> None:
    """Water carries sound at about 1,480 m/s."""
    event = SoundEvent(time=0.2, name="kick", position=(0.0, 1.6, -296.4))
    heard = recorded(Soundscape(duration=1.5, listener=listener(), events=(event,), underwater=True), rate=RATE)

    assert onset(heard) == pytest.approx(0.4, abs=FRAME)
