"""The smallest and largest pictures, both ways up, the slowest and fastest rates: each gives a whole film."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from vitascope import media
from vitascope.film import Attributes, Camera, Film, Set, Shot, Size, Subject
from vitascope.render import Renderer
from vitascope.studio import forecast, make_film
from vitascope.world.build import build_stage


def film_of(width: int, height: int, *, fps: int = 24, seconds: int = 1) -> Film:
    """A red cube before a plain backdrop."""
    shot = Shot(
        id="shot",
        duration=Fraction(seconds),
        set=Set(place="studio"),
        subjects=(Subject(id="cube", recipe="cube", name="cube", attributes=Attributes(colour="red")),),
        camera=Camera(framing="full"),
    )
    return Film(size=Size(width=width, height=height), fps=Fraction(fps), silent=True, shots=(shot,))


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITASCOPE_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize("fps", [24, 120])
def test_rates(tmp_path: Path, fps: int):
    """One second at the lowest and the highest rate has as many frames as the rate says, and lasts one second."""
    result = make_film(film_of(128, 128, fps=fps), tmp_path / "film.mp4")

    found = media.probe(result.path)
    assert (result.frames, found.frame_count, found.fps, found.duration) == (fps, fps, fps, 1)


@pytest.mark.parametrize("size", [(128, 128), (4096, 128), (128, 2160), (1080, 1920), (4096, 2160)])
def test_sizes(tmp_path: Path, size: tuple[int, int]):
    """Drawn, encoded and read back in the size that was asked for, and with the cube in it."""
    stage = build_stage(film_of(*size, fps=60))
    with (
        Renderer(stage, size, fps=60) as renderer,
        media.FilmWriter(tmp_path / "film.mp4", size=size, fps=60, sound_rate=None) as writer,
    ):
        frames = [frame.colour for frame in renderer.frames([0.0, 1 / 60])]
        assert [frame.shape for frame in frames] == [(size[1], size[0], 3)] * 2
        for chunk in media.encode_chunks(frames, size=size, fps=60):
            writer.write_chunk(chunk)

    assert media.probe(tmp_path / "film.mp4").size == size
    last = list(media.read_frames(tmp_path / "film.mp4"))[-1].astype(int)
    assert ((last[:, :, 0] - last[:, :, 1]) > 60).mean() > 0.005


def test_a_forecast_grows_with_the_work():
    """More seconds, more pixels and more frames a second take longer and more room; a GPU takes less time."""
    small = forecast(film_of(640, 360), software=True)

    for larger in (film_of(640, 360, seconds=2), film_of(1280, 720), film_of(640, 360, fps=48)):
        assert forecast(larger, software=True).seconds > small.seconds
        assert forecast(larger, software=True).size_bytes > small.size_bytes
    assert forecast(film_of(640, 360), software=False).seconds < small.seconds
