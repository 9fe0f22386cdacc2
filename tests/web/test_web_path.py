"""The whole way in a browser: a prompt becomes a film, which is pointed at, changed, compared, gone back from and downloaded."""

from __future__ import annotations

import io
import re
import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from web_chromium import PATIENCE_MS, go_to_frame, picture_shown, say, wait_for_film

from vitascope.media import read_frames, read_still, scale_down
from vitascope.provenance import verify


@pytest.fixture(scope="module")
def made(studio, browser) -> str:
    """The address of a film that was made in the studio: a red ball, two seconds, 640 wide."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(studio.url)
    page.get_by_role("radio", name="Draft").click()
    field = page.get_by_role("textbox", name="What happens in the film")
    field.fill("A red ball rolls past a blue box on a plain backdrop, two seconds long")
    field.press("Enter")
    page.wait_for_url("**/films/*", wait_until="commit")
    wait_for_film(page, 1)
    address = page.url
    page.close()
    return address


@pytest.fixture
def film(page: Page, made: str) -> Page:
    """That film in a page of its own, at its first take."""
    page.goto(made, wait_until="domcontentloaded")
    page.wait_for_function("() => document.querySelector('video.main')?.readyState >= 2")
    return page


def test_a_film_is_seen_while_it_is_made(studio, page: Page):
    """Its first frame shows before the first second is drawn, that before the rest is there; at last the file takes over."""
    before = studio.films(prompt="A yellow ball on a plain backdrop", seconds="12", size="1280x720")
    video = studio.films(prompt="A fox on a meadow by a forest", seconds="2", size="640x360")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{studio.url}/films/{video}", wait_until="domcontentloaded")
    page.locator("video.main").wait_for()

    with studio.client() as client:
        client.post(f"/v1/videos/{before}/cancel")
    page.wait_for_function(
        """() => { const video = document.querySelector("video.main"), drawn = document.querySelectorAll(".scrub .drawn");
        return video.src.startsWith("blob:") && video.buffered.length > 0 && drawn.length > 0; }"""
    )
    drawn = page.evaluate("() => document.querySelector('video.main').videoWidth")
    wait_for_film(page, 1)

    assert drawn == 640
    assert len({one for one in asked if "/chunks/0.mp4" in one}) >= 2
    assert page.evaluate("() => document.querySelector('video.main').duration") == pytest.approx(2)


def test_the_reading_of_the_words_is_shown(film: Page):
    """Each phrase is a chip that says how it was taken."""
    chips = film.locator(".reading .chip")

    expect(chips.filter(has_text="red")).to_have_count(1)
    assert "Understood" in chips.first.inner_text()


@pytest.mark.parametrize("frame", [0, 23, 24, 31, 47])
def test_the_picture_is_that_of_the_frame(film: Page, studio, tmp_path: Path, frame: int):
    """The frame that the player says is the frame that it shows, to either side of the border between two seconds."""
    file = tmp_path / "film.mp4"
    with studio.client() as client:
        file.write_bytes(client.get(f"/studio/films/{film.url.rpartition('/')[2]}/film.mp4").content)
    frames = [picture.astype(np.int16) for picture in read_frames(file)]

    go_to_frame(film, frame)
    shown = picture_shown(film).astype(np.int16)

    apart = [float(np.abs(shown - each).mean()) for each in frames]
    assert int(np.argmin(apart)) == frame
    assert film.locator(".timecode b").inner_text() == f"00:0{frame // 24}.{frame % 24:02d}"


def test_a_still_is_cut_out_of_what_was_drawn(film: Page, studio, tmp_path: Path):
    """The frame of the film at that moment, made smaller; nobody draws it a second time."""
    file = tmp_path / "film.mp4"
    address = f"/studio/films/{film.url.rpartition('/')[2]}"
    with studio.client() as client:
        file.write_bytes(client.get(f"{address}/film.mp4").content)
        still = client.get(f"{address}/still.jpg", params={"at": "31/24", "height": 90}).content
    frames = [scale_down(picture, long_side=160).astype(np.int16) for picture in read_frames(file)]

    shown = np.asarray(Image.open(io.BytesIO(still))).astype(np.int16)

    assert shown.shape == (90, 160, 3)
    apart = [float(np.abs(shown - each).mean()) for each in frames]
    assert int(np.argmin(apart)) == 31


def test_a_subject_is_clicked_and_recoloured(film: Page):
    """It is found under the pointer, stands over the field as where, and alone is changed."""
    go_to_frame(film, 24)
    film.locator(".on-screen .pick", has_text="ball").wait_for()
    before = picture_shown(film)
    across, down = middle_of(before, red)
    area = film.locator(".outlines").bounding_box()
    assert area is not None

    film.mouse.click(area["x"] + across * area["width"], area["y"] + down * area["height"])
    expect(film.locator(".scope .chip")).to_have_text("ball")
    say(film, "make it green")
    wait_for_film(film, 2)
    go_to_frame(film, 24)
    after = picture_shown(film)

    assert red(before).sum() > 50
    assert red(after).sum() == 0
    assert green(after).sum() > 50
    expect(film.locator(".turn").last).to_contain_text("The ball is green now.")


def test_a_range_is_marked_and_changed(film: Page):
    """The light changes there and nowhere else; the bar shows the range, the field says it."""
    before = {}
    for frame in (6, 46):
        go_to_frame(film, frame)
        before[frame] = picture_shown(film).astype(int)
    go_to_frame(film, 24)
    film.keyboard.press("i")
    film.locator(".scrub").press("End")
    film.keyboard.press("o")
    expect(film.locator(".scope .chip")).to_contain_text("1 to 2 s")
    expect(film.locator(".scrub .span")).to_have_count(1)
    count = film.locator(".take-card").count()

    say(film, "make it night")
    wait_for_film(film, count + 1)
    apart = {}
    for frame in (6, 46):
        go_to_frame(film, frame)
        apart[frame] = np.abs(picture_shown(film) - before[frame]).mean()

    assert apart[6] == 0
    assert apart[46] > 5
    expect(film.locator(".scope .chip")).to_have_count(0)


def test_going_back_forward_and_another_way(film: Page, made: str):
    """Undo leads to the take before and its address, redo forward; an instruction after undo makes a branch."""
    first = film.url
    say(film, "make the box yellow")
    film.wait_for_function("(first) => location.href !== first", arg=first)
    second = film.url

    film.get_by_role("button", name="Undo").click()
    film.wait_for_url(first, wait_until="commit")
    expect(film.locator(".turn")).to_have_count(1)
    film.get_by_role("button", name="Redo").click()
    film.wait_for_url(second, wait_until="commit")
    film.get_by_role("button", name="Undo").click()
    film.wait_for_url(first, wait_until="commit")
    say(film, "make the box purple")
    film.wait_for_function("(known) => !known.includes(location.href)", arg=[first, second])

    expect(film.locator(".turn")).to_have_count(2)
    assert "purple" in film.locator(".turn").last.inner_text()
    assert "yellow" not in film.locator(".thread").inner_text()
    expect(film.locator(".take-card", has_text="yellow")).to_have_count(1)


def test_two_takes_are_compared(film: Page):
    """By wipe, side by side and as difference, both at the same frame."""
    count = film.locator(".take-card").count()
    say(film, "make the ball white")
    wait_for_film(film, count + 1)
    go_to_frame(film, 12)

    film.get_by_role("button", name="Compare with the take before").click()
    other = film.locator("video.other")
    expect(other).to_be_visible()
    film.wait_for_function(
        "() => { const o = document.querySelector('video.other'); return o.readyState >= 2 && !o.seeking; }"
    )
    times = film.evaluate("() => ['main', 'other'].map((one) => document.querySelector('video.' + one).currentTime)")
    film.get_by_role("slider", name="Boundary").press("ArrowLeft")
    wiped = film.get_by_role("slider", name="Boundary").get_attribute("aria-valuenow")
    film.get_by_role("button", name="Side by side").click()
    expect(film.locator(".picture")).to_have_count(2)
    film.get_by_role("button", name="Difference").click()
    expect(film.locator(".player.view-difference")).to_have_count(1)
    film.get_by_role("button", name="Stop comparing").click()

    assert times[0] == pytest.approx(times[1], abs=0.5 / 24)
    assert wiped == "48"
    expect(other).to_be_hidden()


def test_what_is_downloaded_is_signed(film: Page, studio, tmp_path: Path):
    """The file that a person saves holds its manifest, under the name of the take."""
    target = downloaded(film, "Film (MP4, signed)", tmp_path)

    assert target.suffix == ".mp4"
    assert "ball" in target.name
    assert verify(target, home=studio.data.parent / "home").trusted


def test_a_still_of_the_moment_is_the_frame_and_is_signed(film: Page, studio, tmp_path: Path):
    """It is the frame of the file that the player shows, to the last bit; its record leads back to the film."""
    go_to_frame(film, 31)

    target = downloaded(film, "Still of this moment (PNG, signed)", tmp_path)
    whole = downloaded(film, "Film (MP4, signed)", tmp_path)

    verdict = verify(target, home=studio.data.parent / "home")
    wanted = list(read_frames(whole))[31]
    assert target.suffix == ".png"
    assert np.array_equal(read_still(target), wanted)
    assert {mark.name: mark.state for mark in verdict.marks} == {
        "manifest": "trusted", "aigc": "present", "xmp": "present", "label": "present",
    }  # fmt: skip
    assert len(verdict.chain) == 2
    assert verdict.chain[0].remark == "One frame of the film, at 1.292 s."


def test_the_sound_is_taken_along_and_is_signed(film: Page, studio, tmp_path: Path):
    """A WAV as long as the film, with its marks; the glTF says what it is, and the captions do."""
    target = downloaded(film, "Sound (WAV, signed)", tmp_path)

    verdict = verify(target, home=studio.data.parent / "home")
    with wave.open(str(target)) as sound:
        assert (sound.getnchannels(), sound.getframerate()) == (2, 48_000)
        assert sound.getnframes() / 48_000 == pytest.approx(2, abs=0.05)
    assert verdict.trusted
    scene = downloaded(film, "Scene at this moment (glTF)", tmp_path)
    assert (
        b'"digitalSourceType":"http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"' in scene.read_bytes()
    )


def test_what_does_not_differ_is_said(page: Page, studio):
    """As difference two takes of one picture are black, so it is said that nothing differs; else how much does."""
    takes: list[str] = []
    with studio.client() as client:
        for words in ("A red ball on a plain backdrop", "Add a narration: “Here it is.”", "make it night"):
            if takes:
                takes.append(client.post(f"/v1/videos/{takes[-1]}/remix", json={"prompt": words}).json()["id"])
            else:
                takes.append(studio.films(prompt=words, audio=True))
            while client.get(f"/v1/videos/{takes[-1]}").json()["status"] in ("queued", "in_progress"):
                page.wait_for_timeout(200)
    said = []

    for take in takes[1:]:
        page.goto(f"{studio.url}/films/{take}", wait_until="domcontentloaded")
        page.get_by_role("button", name="Compare with the take before").click()
        page.get_by_role("button", name="Difference").click()
        page.locator(".verdict").wait_for()
        said.append(page.locator(".verdict").inner_text())
        page.get_by_role("button", name="Stop comparing").click()
        expect(page.locator(".verdict")).to_have_count(0)

    assert said[0] == "No difference at this frame"
    assert re.fullmatch(r"\d+ % of the picture differs", said[1])


def downloaded(page: Page, entry: str, folder: Path) -> Path:
    """What an entry of the menu Download saves."""
    page.locator(".stage-bar").get_by_role("button", name="Download").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=entry).click()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def middle_of(picture: np.ndarray, chosen) -> tuple[float, float]:
    """Where the pixels of a colour are, as shares of width and height."""
    rows, columns = np.nonzero(chosen(picture))
    return float(np.median(columns)) / picture.shape[1], float(np.median(rows)) / picture.shape[0]


def red(picture: np.ndarray) -> np.ndarray:
    """Pixels that are plainly red."""
    r, g, b = (picture[..., i].astype(int) for i in range(3))
    return (r > 90) & (r > 2 * g) & (r > 2 * b)


def green(picture: np.ndarray) -> np.ndarray:
    """Pixels that are plainly green."""
    r, g, b = (picture[..., i].astype(int) for i in range(3))
    return (g > 60) & (g > 1.5 * r) & (g > 1.5 * b)
