"""The shot in space: framed as the film is, walked about, and filmed from where one stands."""

from __future__ import annotations

import io
import math

import numpy as np
import pygltflib
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from web_chromium import wait_for_film

from vitascope.film import CameraMove, Set, Shot, Span
from vitascope.web.panels.scene import camera_edit

HERE = {"position": [2.0, 1.0, 2.0], "aim": [0.0, 0.5, 0.0], "fov": 2 * math.atan(12 / 50), "keep": False}


@pytest.fixture(scope="module")
def video(studio) -> str:
    """A red ball and a blue box, one second, done."""
    made = studio.films(prompt="A red ball and a blue box on a plain backdrop", size="320x180")
    with studio.client() as client:
        while client.get(f"/v1/videos/{made}").json()["status"] in ("queued", "in_progress"):
            client.get(f"/v1/videos/{made}/takes")
    return made


@pytest.fixture
def scene(page: Page, studio, video: str) -> Page:
    """The scene of that film, set up."""
    page.goto(f"{studio.url}/films/{video}", wait_until="domcontentloaded")
    page.get_by_role("button", name="Scene", exact=True).click()
    page.locator(".scene[data-state=ready]").wait_for()
    return page


def test_the_scene_is_framed_as_the_film_is(scene: Page, studio, video: str):
    """Subjects are there, and lie in the frame where the picture has them. Nothing is fetched from elsewhere."""
    asked: list[str] = []
    scene.on("request", lambda request: asked.append(request.url))
    with studio.client() as client:
        filmed = picture_of(client.get(f"/studio/films/{video}/still.jpg", params={"at": "0"}).content)

    scene.reload(wait_until="domcontentloaded")
    scene.get_by_role("button", name="Scene", exact=True).click()
    scene.locator(".scene[data-state=ready]").wait_for()
    seen = in_frame(scene)

    names = scene.locator(".scene").get_attribute("data-subjects") or ""
    assert {"ball", "box"} <= set(names.split())
    for colour in (red, blue):
        assert colour(seen).mean() > 0.5 * colour(filmed).mean() > 0
        assert middle_of(colour(seen)) == pytest.approx(middle_of(colour(filmed)), abs=0.04)
    assert [one for one in asked if not one.startswith((studio.url, "blob:", "data:"))] == []


def test_a_camera_is_taken_from_where_one_stands(scene: Page, studio, video: str):
    """Walking round by keys, then filming from there: one edit of the camera, in the same tree, that shows the same."""
    before = in_frame(scene)
    place = scene.get_by_role("application")
    for _ in range(12):
        place.press("ArrowRight")
    expect(scene.locator(".scene")).to_have_attribute("data-view", "own")
    wanted = in_frame(scene, tags=False)

    scene.get_by_role("button", name="Film from here").click()
    scene.wait_for_function("(video) => !location.href.endsWith(video)", arg=video)
    taken = scene.url.rpartition("/")[2]
    wait_for_film(scene, 2)
    expect(scene.locator(".scene[data-state=ready]")).to_have_attribute("data-view", "film")
    now = in_frame(scene)

    assert abs(middle_of(red(wanted))[0] - middle_of(red(before))[0]) > 0.03
    assert middle_of(red(now)) == pytest.approx(middle_of(red(wanted)), abs=0.03)
    with studio.client() as client:
        camera = client.get(f"/studio/films/{taken}/film.json").json()["shots"][0]["camera"]
        takes = client.get(f"/v1/videos/{taken}/takes").json()["data"]
        filmed = picture_of(client.get(f"/studio/films/{taken}/still.jpg", params={"at": "0"}).content)
    assert camera["moves"] == []
    assert camera["viewpoint"] is not None
    assert [one["id"] for one in takes] == [video, taken]
    assert middle_of(red(filmed)) == pytest.approx(middle_of(red(wanted)), abs=0.04)


def test_the_overview_shows_the_film_camera(scene: Page):
    """From above names stand over the subjects, and the way of the camera is drawn; Home leads back."""
    scene.get_by_role("button", name="Overview").click()

    expect(scene.locator(".scene-tag").filter(has_text="ball")).to_have_count(1)
    seen = in_frame(scene)
    assert orange(seen).sum() > 30
    scene.get_by_role("application").press("Home")
    expect(scene.locator(".scene")).to_have_attribute("data-view", "film")
    expect(scene.locator(".scene-tag")).to_have_count(0)


def test_another_moment_is_another_scene(scene: Page, video: str):
    """A step of the player sets up the scene as it stands then."""
    with scene.expect_response(lambda answer: "scene.glb?at=1%2F24" in answer.url) as waiting:
        scene.locator(".scrub").press("ArrowRight")

    assert waiting.value.ok
    expect(scene.locator(".scene[data-state=ready]")).to_have_count(1)


def test_the_file_can_be_had(studio, video: str):
    """It is glTF under the name of the take; a moment that is none is refused in one sentence."""
    with studio.client() as client:
        answer = client.get(f"/studio/films/{video}/scene.glb", params={"at": "1/2", "save": "My ball"})
        refused = client.get(f"/studio/films/{video}/scene.glb", params={"at": "soon"})

    file = pygltflib.GLTF2.load_from_bytes(answer.content)
    assert answer.headers["content-type"] == "model/gltf-binary"
    assert 'filename="My-ball.glb"' in answer.headers["content-disposition"]
    assert file is not None
    assert file.scenes[0].extras["time"] == 0.5
    assert refused.status_code == 400
    assert "give seconds of the film" in refused.json()["error"]["message"]


def a_shot() -> Shot:
    move = CameraMove(kind="orbit_left", span=Span(start=0, end=2))
    shot = Shot(id="one", duration=2, set=Set(place="meadow"))
    return shot.model_copy(update={"camera": shot.camera.model_copy(update={"moves": (move,)})})


def test_a_camera_becomes_one_edit():
    """It says where it stands, from which side, through which lens, and that it stands still."""
    (change,) = camera_edit(a_shot(), HERE).operations

    camera = change.what
    assert change.shots == ("one",)
    assert camera.viewpoint.position == (2.0, 1.0, 2.0)
    assert (camera.azimuth, camera.lens_mm, camera.moves) == (45.0, 50.0, ())


def test_moves_stay_where_that_is_wanted():
    """Then they depart from there."""
    (change,) = camera_edit(a_shot(), {**HERE, "keep": True}).operations

    assert change.what.moves is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": [math.nan, 0, 0]},
        {"position": [1e9, 0, 0]},
        {"position": HERE["aim"]},
        {"fov": 4.0},
        {"aim": [1.0, 2.0]},
    ],
)
def test_a_camera_that_cannot_be_is_refused(wrong: dict):
    """Whatever a page sends."""
    with pytest.raises(ValueError):  # noqa: PT011 (sentences of several makers)
        camera_edit(a_shot(), {**HERE, **wrong})


def in_frame(page: Page, *, tags: bool = True) -> np.ndarray:
    """What is seen within the frame of the film, as sRGB (H, W, 3), when it has come to rest."""
    page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60))))"
    )
    style = None if tags else ".scene-tag { visibility: hidden; }"
    return picture_of(page.locator(".gate").screenshot(style=style))


def picture_of(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def middle_of(chosen: np.ndarray) -> tuple[float, float]:
    """Where chosen pixels are, as shares of width and height."""
    rows, columns = np.nonzero(chosen)
    return float(np.median(columns)) / chosen.shape[1], float(np.median(rows)) / chosen.shape[0]


def red(picture: np.ndarray) -> np.ndarray:
    r, g, b = (picture[..., k] for k in range(3))
    return (r > 80) & (r > 2 * g) & (r > 2 * b)


def blue(picture: np.ndarray) -> np.ndarray:
    r, g, b = (picture[..., k] for k in range(3))
    return (b > 60) & (b > 1.6 * r) & (b > 1.3 * g)


def orange(picture: np.ndarray) -> np.ndarray:
    r, g, b = (picture[..., k] for k in range(3))
    return (r > 200) & (g > 120) & (g < 200) & (b < 110)
