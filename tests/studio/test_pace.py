"""Forecasts know the machine: from films that it made, and from a glance while there are few. Speeds are values."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from vitascope.cli.words import between
from vitascope.film import Film, Set, Shot, Size
from vitascope.studio import forecast
from vitascope.studio.filming import FilmResult, StageTimes
from vitascope.studio.pace import ENOUGH, REFERENCE, Glance, Pace, Timed, pace_of, usual_seconds
from vitascope.studio.timings import MOST, NAME, known_pace, recall, remember, timed

FILM = Film(
    size=Size(width=1280, height=720), shots=(Shot(id="shot-1", duration=Fraction(5), set=Set(place="meadow")),)
)
MEGAPIXELS = 1280 * 720 / 1e6


def made(slowness: float, *, megapixels: float = MEGAPIXELS, start: float | None = None, frames: int = 120) -> Timed:
    """A film made by a machine so many times as slow as the reference."""
    usual = usual_seconds(shots=1, frames=frames, megapixels=megapixels, software=True)
    return Timed(
        adapter="a", software=True, shots=1, frames=frames, megapixels=megapixels,
        start=usual.start * (slowness if start is None else start), drawing=(usual.frames + usual.area) * slowness,
    )  # fmt: skip


def expected(pace: Pace) -> float:
    return forecast(FILM, software=True, pace=pace).seconds


@pytest.mark.parametrize("slowness", [0.3, 1.0, 2.5, 8.0])
def test_the_first_film_is_forecast_by_a_glance(slowness: float):
    """A machine that is slower at a fixed piece of work is expected to be as much slower at films, within a range."""
    pace = pace_of((), Glance(alone=slowness, together=slowness), megapixels=MEGAPIXELS, software=True)
    found = forecast(FILM, software=True, pace=pace)

    assert found.seconds == pytest.approx(slowness * expected(REFERENCE))
    assert found.least < 0.7 * found.seconds
    assert found.most > 1.4 * found.seconds


def test_more_processors_draw_sooner_and_start_no_sooner():
    """What a shot needs before its first frame runs on one processor; the area of frames on all."""
    pace = pace_of((), Glance(alone=1.0, together=0.25), megapixels=MEGAPIXELS, software=True)
    usual = usual_seconds(shots=1, frames=120, megapixels=MEGAPIXELS, software=True)

    assert expected(pace) == pytest.approx(usual.start + usual.frames + usual.area / 4)


def test_of_a_gpu_a_glance_at_the_processors_tells_only_how_shots_start():
    """Frames cost what they cost on the reference GPU until a film was made."""
    pace = pace_of((), Glance(alone=2.0, together=9.0), megapixels=MEGAPIXELS, software=False)

    assert (pace.start, pace.frames, pace.area) == (2.0, 1.0, 1.0)


@pytest.mark.parametrize("slowness", [0.5, 2.5, 4.0])
def test_what_was_measured_goes_before_what_was_guessed(slowness: float):
    """One film already brings the forecast within 40 % where the glance was 2.5 times off; a few make it exact and sure."""
    glance = Glance(alone=slowness / 2.5, together=slowness / 2.5)
    once = pace_of([made(slowness)], glance, megapixels=MEGAPIXELS, software=True)
    often = pace_of([made(slowness)] * ENOUGH, None, megapixels=MEGAPIXELS, software=True)

    assert expected(once) == pytest.approx(slowness * expected(REFERENCE), rel=0.4)
    assert expected(often) == pytest.approx(slowness * expected(REFERENCE))
    assert often.spread < once.spread


def test_one_film_that_was_disturbed_changes_little():
    """The middle of the films counts, not the worst; but the range is wider."""
    calm = pace_of([made(2.0)] * 5, None, megapixels=MEGAPIXELS, software=True)
    disturbed = pace_of([*[made(2.0)] * 4, made(6.0)], None, megapixels=MEGAPIXELS, software=True)

    assert expected(disturbed) == pytest.approx(expected(calm))
    assert disturbed.spread > calm.spread


def test_films_of_like_size_count():
    """Small films on a machine that is poor at large ones do not make these look quick."""
    films = [made(5.0, megapixels=2.0)] * 7 + [made(1.0, megapixels=0.06)] * 7

    assert pace_of(films, None, megapixels=2.0, software=True).area == pytest.approx(5.0)
    assert pace_of(films, None, megapixels=0.06, software=True).area == pytest.approx(1.0)


def test_a_slip_of_the_clock_leads_to_no_absurd_forecast():
    """Figures without sense are bounded."""
    pace = pace_of([replace(made(1.0), start=1e9, drawing=1e-9)], None, megapixels=MEGAPIXELS, software=True)

    assert 0 < expected(pace) < 1e6


def test_a_range_is_said_where_it_is_unsure():
    """One figure where both ends are near to each other."""
    assert between(12.0, 24.0) == "12 to 24 s"
    assert between(15.0, 17.0) == "about 16 s"
    assert between(60.0, 150.0) == "60 s to 2 min"
    assert between(0.1, 0.4) == "about 1 s"


# What is kept ---------------------------------------------------------------------------------------------------------


def result_of(ways: dict[str, int]) -> FilmResult:
    times = StageTimes(world=3.0, address=1.0, render=8.0, sound=1.0, encode=5.0, encode_wait=0.5, keep=4.0, sign=0.25)
    return FilmResult(
        path=Path("a.mp4"), document=Path("a.film.json"), size_bytes=1, frames=120, ways=Counter(ways), chunks=(), chunk_ways=(),
        times=times,
    )  # fmt: skip


def test_a_film_is_timed_by_what_stood_in_its_way():
    """Encoding and keeping run beside the drawing; a film of which parts were at hand says nothing of the machine."""
    whole = timed(FILM, result_of({"drawn": 120}), adapter="a", software=True)

    assert whole is not None
    assert (whole.start, whole.drawing) == (4.25, 9.5)
    assert timed(FILM, result_of({"drawn": 100, "reused": 20}), adapter="a", software=True) is None


def test_the_latest_films_are_kept(tmp_path: Path):
    """No more than the bound, and the file may be deleted."""
    for number in range(MOST + 5):
        remember(made(1.0 + number), tmp_path)

    assert recall(tmp_path) == tuple(made(1.0 + number) for number in range(5, MOST + 5))

    (tmp_path / NAME).unlink()
    assert recall(tmp_path) == ()


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"adapter": "a"}]', "[" * 50_000, "[" + " " * 70_000 + "]"])
def test_a_damaged_file_is_as_none(tmp_path: Path, text: str):
    """It is written anew with the next film."""
    (tmp_path / NAME).write_text(text)

    assert recall(tmp_path) == ()
    remember(made(2.0), tmp_path)
    assert recall(tmp_path) == (made(2.0),)


def test_two_who_remember_at_once_lose_nothing(tmp_path: Path):
    """The file is read and written under a lock."""
    writers = [threading.Thread(target=remember, args=(made(1.0 + n), tmp_path)) for n in range(12)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert sorted(f.start for f in recall(tmp_path)) == sorted(made(1.0 + n).start for n in range(12))


def test_nothing_is_remembered_where_nothing_can_be_written(tmp_path: Path):
    """A forecast is not worth a film."""
    (tmp_path / "file").write_text("")

    remember(made(1.0), tmp_path / "file")
    assert recall(tmp_path / "file") == ()


def test_what_this_process_does_besides_is_ended_before_the_machine_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Shaders that were still compiling made a film of 45 s look like one of 6 to 13 min. With enough films nobody waits."""
    monkeypatch.setenv("VITASCOPE_CACHE", str(tmp_path))
    order: list[str] = []
    monkeypatch.setattr("vitascope.studio.timings.glance", lambda: order.append("glance"))

    known_pace(FILM, adapter="a", software=True, settle=lambda: order.append("settle"))
    assert order == ["settle", "glance"]

    for _ in range(ENOUGH):
        remember(made(1.0), tmp_path)
    known_pace(FILM, adapter="a", software=True, settle=lambda: order.append("settle"))
    assert order == ["settle", "glance"]
