"""What a page does when things go wrong: the server dies, the connection is lost, a page is reloaded, a file is no film."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect
from web_chromium import go_to_frame, picture_shown, say, wait_for_film
from web_studio import Studio

PROMPT = "A red ball and a blue ball on a plain backdrop"


@pytest.fixture(scope="module")
def film(studio: Studio) -> str:
    """The address of a film with two balls that is done."""
    video = studio.films(prompt=PROMPT)
    wait_until(studio, video, "completed")
    return f"{studio.url}/films/{video}"


@pytest.fixture
def opened(page: Page, film: str) -> Page:
    """That film in a page, at its first take."""
    page.goto(film, wait_until="domcontentloaded")
    expect(page.locator(".take-card.now")).to_have_count(1)
    page.wait_for_function("() => document.querySelector('video.main')?.readyState >= 2")
    return page


def wait_until(studio: Studio, video: str, *states: str) -> None:
    """Until a film is in one of these states, whatever any page knows of it."""
    with studio.client() as client:
        while client.get(f"/v1/videos/{video}").json()["status"] not in states:
            time.sleep(0.02)


def id_of(page: Page) -> str:
    """The take that a page looks at."""
    return page.url.rpartition("/")[2]


def test_a_server_that_dies_goes_on_where_it_was(page: Page, studio: Studio):
    """The film that it was making is finished, the page comes back by itself, and what was said, sent or not, is there."""
    video = studio.films(prompt=PROMPT, seconds="2")
    wait_until(studio, video, "in_progress")
    with studio.resting():
        page.goto(f"{studio.url}/films/{video}", wait_until="domcontentloaded")
        say(page, "make the red ball green")
        expect(page.get_by_role("log")).to_contain_text("Waits until take 1 is finished")
        studio.kill()
    expect(page.get_by_role("status").filter(has_text="The connection is lost")).to_be_visible()
    say(page, "make the blue ball white")
    expect(page.get_by_text("Not sent yet: make the blue ball white")).to_be_visible()
    field = page.get_by_role("textbox", name="Say what to change in the film")
    field.fill("and then")

    studio.start()
    wait_for_film(page, 3)

    expect(page.locator(".turn .said")).to_have_text([PROMPT, "make the red ball green", "make the blue ball white"])
    expect(page.locator(".turn .take-line")).to_have_count(3)
    expect(field).to_have_value("and then")
    expect(page.get_by_text("Not sent yet")).to_have_count(0)


def test_a_page_that_was_cut_off_catches_up(opened: Page, studio: Studio):
    """It says so; what is said meanwhile is done when it is back, and the take that was made without it is shown."""
    opened.evaluate("() => { window.same = true; }")
    count = opened.locator(".take-card").count()
    with studio.resting():
        say(opened, "make the red ball green")
        expect(opened.locator(".take-card")).to_have_count(count + 1)
        video = id_of(opened)
        opened.context.set_offline(True)
        expect(opened.get_by_role("status").filter(has_text="The connection is lost")).to_be_visible()
        say(opened, "make the blue ball white")
        expect(opened.get_by_text("Not sent yet: make the blue ball white")).to_be_visible()
    wait_until(studio, video, "completed")

    opened.context.set_offline(False)
    wait_for_film(opened, count + 2)

    expect(opened.locator(".turn .said")).to_have_text([PROMPT, "make the red ball green", "make the blue ball white"])
    expect(opened.get_by_text("The connection is lost")).to_be_hidden()
    expect(opened.get_by_text("Not sent yet")).to_have_count(0)
    assert opened.evaluate("() => window.same")
    assert "panel failed" not in (studio.folder / "server.log").read_text()


def test_a_picture_that_could_not_be_loaded_is_there_again(opened: Page):
    """A film that broke off with the connection is loaded once it is back."""
    opened.context.set_offline(True)
    opened.evaluate("() => { const video = document.querySelector('video.main'); video.src += '?again'; }")
    opened.wait_for_function("() => document.querySelector('video.main').error")
    opened.context.set_offline(False)

    opened.wait_for_function("() => document.querySelector('video.main').readyState >= 2")
    expect(opened.locator(".note")).to_have_count(0)


def test_server_and_page_make_sure_of_each_other(studio: Studio):
    """A page says within twenty seconds that nobody answers, whatever became of the server and the way to it."""
    told = httpx.get(f"{studio.url}/_nicegui_ws/socket.io/?EIO=4&transport=polling").text

    assert '"pingTimeout":10000,"pingInterval":10000' in told


def test_words_that_wait_survive_a_reload(opened: Page, studio: Studio):
    """Once each, in their order, each on what the one before led to; what was taken back is not done by the page before."""
    count = opened.locator(".take-card").count()
    with studio.resting():
        say(opened, "make the red ball white")
        expect(opened.locator(".take-card")).to_have_count(count + 1)
        for words in ("make the blue ball green", "make it snow", "make the green ball orange"):
            say(opened, words)
        expect(opened.locator(".turn .said")).to_have_count(5)

        opened.reload(wait_until="domcontentloaded")
        expect(opened.locator(".turn .said")).to_have_count(5)
        opened.locator(".turn", has_text="make it snow").get_by_role("button", name="Take back").click()
        expect(opened.locator(".turn .said")).to_have_count(4)
    wait_for_film(opened, count + 3)

    expect(opened.locator(".turn .said")).to_have_text(
        [PROMPT, "make the red ball white", "make the blue ball green", "make the green ball orange"]
    )
    expect(opened.locator(".turn .take-line")).to_have_count(4)


def test_a_question_is_answered_by_a_button(opened: Page):
    """Also after a reload; a click makes the take, and nothing is asked any more."""
    count = opened.locator(".take-card").count()
    say(opened, "make the ball bigger")
    ways = opened.locator(".ways-on")
    expect(ways.get_by_role("button")).to_have_text(["the red ball", "the blue ball", "both", "Take back"])

    opened.reload(wait_until="domcontentloaded")
    expect(ways.get_by_role("button")).to_have_text(["the red ball", "the blue ball", "both", "Take back"])
    ways.get_by_role("button", name="the blue ball").click()
    wait_for_film(opened, count + 1)

    expect(opened.locator(".turn").last).to_contain_text("ball-2) is 1.3 times its size")
    expect(ways.get_by_role("button")).to_have_count(0)


def test_a_box_says_where(opened: Page):
    """A box that is dragged over the picture that stands scopes what is said next: who is in it is changed, and nobody else."""
    count = opened.locator(".take-card").count()
    go_to_frame(opened, 12)
    before = picture_shown(opened).astype(int)
    opened.locator(".on-screen .pick").first.wait_for()
    left, top, right, bottom = bounds(before, red)
    area = opened.locator(".outlines").bounding_box()
    assert area is not None

    opened.mouse.move(area["x"] + (left - 0.01) * area["width"], area["y"] + (top - 0.01) * area["height"])
    opened.mouse.down()
    opened.mouse.move(area["x"] + right * area["width"], area["y"] + (bottom + 0.01) * area["height"], steps=4)
    opened.mouse.up()
    expect(opened.locator(".scope .chip")).to_have_text(["ball"])
    say(opened, "make it green")
    wait_for_film(opened, count + 1)
    go_to_frame(opened, 12)
    after = picture_shown(opened).astype(int)

    assert red(before).sum() > 50
    assert red(after).sum() == 0
    assert (blue(after) & blue(before)).sum() > 0.9 * blue(before).sum()
    expect(opened.locator(".scope .chip")).to_have_count(0)


def test_a_box_round_nobody_is_told(opened: Page):
    """In a sentence; nothing is pointed at, and what is said next is about everything."""
    go_to_frame(opened, 12)
    opened.locator(".on-screen .pick").first.wait_for()
    area = opened.locator(".outlines").bounding_box()
    assert area is not None

    opened.mouse.move(area["x"] + 0.02 * area["width"], area["y"] + 0.02 * area["height"])
    opened.mouse.down()
    opened.mouse.move(area["x"] + 0.12 * area["width"], area["y"] + 0.12 * area["height"], steps=4)
    opened.mouse.up()

    expect(opened.locator(".toast")).to_have_text("Nobody is seen in this box; draw it round a subject.")
    expect(opened.locator(".scope .chip")).to_have_count(0)


def bounds(picture: np.ndarray, chosen: Callable[[np.ndarray], np.ndarray]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the pixels of a colour, as shares of width and height."""
    rows, columns = np.nonzero(chosen(picture))
    height, width = picture.shape[:2]
    return columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height


def red(picture: np.ndarray) -> np.ndarray:
    """Pixels that are plainly red."""
    r, g, b = (picture[..., i] for i in range(3))
    return (r > 90) & (r > 2 * g) & (r > 2 * b)


def blue(picture: np.ndarray) -> np.ndarray:
    """Pixels that are plainly blue."""
    r, g, b = (picture[..., i] for i in range(3))
    return (b > 60) & (b > 2 * r) & (b > 1.3 * g)


def test_cards_that_are_not_filmed_survive_a_reload(opened: Page):
    """With what was written, also on the card that is still written on; then they are filmed."""
    count = opened.locator(".take-card").count()
    opened.get_by_role("tab", name="Storyboard").click()
    field = opened.get_by_role("textbox", name="What happens in the next shot")
    field.fill("A zorgle and a green box on a plain backdrop, one second long")
    field.press("Enter")
    new = opened.locator(".board-card.new")
    expect(new).to_have_count(1)
    field.fill("Another")

    opened.reload(wait_until="domcontentloaded")
    opened.get_by_role("tab", name="Storyboard").click()

    expect(new.locator(".board-words")).to_have_text("A zorgle and a green box on a plain backdrop, one second long")
    expect(new.locator(".chip.not_understood")).to_contain_text("zorgle")
    expect(field).to_have_value("Another")
    opened.get_by_role("button", name="Film all").click()
    expect(opened.locator(".board-card.filmed")).to_have_count(2)
    opened.get_by_role("tab", name="Takes").click()
    wait_for_film(opened, count + 1)
    opened.reload(wait_until="domcontentloaded")
    opened.get_by_role("tab", name="Storyboard").click()
    expect(opened.locator(".board-card.filmed")).to_have_count(2)
    expect(new).to_have_count(0)


def test_a_film_document_is_opened(page: Page, studio: Studio, film: str):
    """It becomes a film of its own, also when it is larger than what a page may say over its socket."""
    document = httpx.get(f"{film.replace('/films/', '/studio/films/')}/film.json").text + " " * 1_500_000

    page.goto(studio.url)
    page.get_by_label("Open a film document").set_input_files(
        {"name": "ball.json", "mimeType": "application/json", "buffer": document.encode()}
    )

    page.wait_for_url("**/films/*", wait_until="commit")
    expect(page.locator(".said")).to_have_text(PROMPT)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("<img src=x onerror=alert(1)>.json", b'{"schema": "vitascope.film"', "cannot be opened: this is not a film document"),
        ("shots.json", b'{"schema": "vitascope.film", "version": 1, "shots": []}', "cannot be opened: the film's field"),
        ("picture.png", b"\x89PNG" + bytes(3_000_000), "is larger than 2 MB, and no film document is; choose another"),
    ],
    ids=["broken", "no shots", "too large"],
)  # fmt: skip
def test_a_file_that_is_no_film_is_told_in_one_sentence(
    page: Page, studio: Studio, name: str, content: bytes, told: str
):
    """With the name of the file as text, whatever is in it; what was typed stays, and the page goes on."""
    page.goto(studio.url)
    field = page.get_by_role("textbox", name="What happens in the film")
    field.fill("A red ball")

    page.get_by_label("Open a film document").set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": content}
    )

    expect(page.locator(".opening .fault")).to_contain_text(f"“{name}” {told}")
    expect(page.locator("img[src=x]")).to_have_count(0)
    page.get_by_role("button", name="leopard").click()
    expect(field).to_have_value(re.compile("leopard"))


def test_a_document_without_end_is_not_read(studio: Studio):
    """Whoever sends one past the page hears the limit."""
    answer = httpx.post(f"{studio.url}/studio/films", content=b" " * 2_100_000)

    assert answer.status_code == 413
    assert answer.json()["error"]["message"] == "A film document has at most 2 MB; this is more."


def test_a_menu_stays_open_when_its_take_is_finished(opened: Page, studio: Studio):
    """What can be done with a take changes under the hand of whoever looks; the menu does not close."""
    count = opened.locator(".take-card").count()
    with studio.resting():
        say(opened, "make the red ball yellow")
        opened.get_by_role("button", name=f"What to do with take {count + 1}").click()
        menu = opened.get_by_role("menu")
        expect(menu.get_by_role("menuitem")).to_have_text(["Stop making it"])

    wait_for_film(opened, count + 1)

    expect(menu).to_be_visible()
    expect(menu.get_by_role("menuitem")).to_have_text(["Star", "Give it a name", "Delete"])
