"""The timeline and the storyboard in a real browser: what is dragged, typed or written is what the next take's document says."""

from __future__ import annotations

import re
import time
from fractions import Fraction

import httpx
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect
from web_chromium import wait_for_film

from vitascope.film import Film, film_from_json
from vitascope.web.waveform import PEAKS_PER_SECOND, peaks_of

FRAMES = 48


@pytest.fixture(scope="module")
def made(studio) -> str:
    """The id of a film of two seconds that is finished: a ball rolls, and there is sound."""
    film = studio.films(prompt="A red ball rolls past a blue box on a plain backdrop", seconds="2", audio=True)
    with studio.client() as client:
        while client.get(f"/v1/videos/{film}").json()["status"] != "completed":
            time.sleep(0.25)
    return film


@pytest.fixture
def page_of(page: Page, studio, made: str) -> Page:
    """That film in a page of its own."""
    page.goto(f"{studio.url}/films/{made}", wait_until="domcontentloaded")
    page.wait_for_function("() => document.querySelector('video.main')?.readyState >= 2")
    return page


@pytest.fixture
def timeline(page_of: Page) -> Page:
    """Its tracks."""
    page_of.get_by_role("tab", name="Timeline").click()
    page_of.get_by_role("button", name="rolls").wait_for()
    return page_of


def document(page: Page) -> Film:
    """The film of the take that the address names."""
    take = page.url.rpartition("/")[2]
    return film_from_json(httpx.get(f"{page.url.partition('/films/')[0]}/studio/films/{take}/film.json").text)


def frame_width(page: Page) -> float:
    """How many pixels a frame is wide."""
    box = page.locator(".part-shot").first.bounding_box()
    assert box is not None
    return box["width"] / FRAMES


def drag(handle: Locator, pixels: float) -> None:
    """Press in the middle, move aside, let go."""
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    mouse = handle.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(x + pixels / 2, y, steps=3)
    mouse.move(x + pixels, y, steps=3)
    mouse.up()


def next_take(page: Page, before: str) -> Film:
    """The document of the take that the page goes to next."""
    page.wait_for_function("(before) => location.href !== before", arg=before)
    return document(page)


def test_an_action_that_is_dragged_is_so_in_the_next_take(timeline: Page):
    """Its end goes where it was let go, and nothing else of the film is different; undo is the take before."""
    before, address = document(timeline), timeline.url
    action = before.shots[0].subjects[0].actions[0]

    drag(timeline.get_by_role("slider", name="End of rolls"), -15 * frame_width(timeline))
    after = next_take(timeline, address)

    moved = after.shots[0].subjects[0].actions[0]
    assert moved.span.end == action.span.end - Fraction(15, 24)
    assert moved == action.model_copy(update={"span": moved.span})
    assert (after.shots[0].camera, after.shots[0].set) == (before.shots[0].camera, before.shots[0].set)
    expect(timeline.locator(".said").last).to_contain_text("rolls from 0 s to 1.375 s")

    address = timeline.url
    timeline.get_by_role("button", name="Undo").click()
    assert next_take(timeline, address) == before


def test_what_is_dragged_while_a_take_is_made_waits_for_it(page: Page, studio):
    """It is seen at once, and filmed when the take before is there."""
    film = studio.films(prompt="A red ball rolls past a blue box on a plain backdrop", seconds="2")
    page.goto(f"{studio.url}/films/{film}", wait_until="domcontentloaded")
    page.get_by_role("tab", name="Timeline").click()
    end = page.get_by_role("slider", name="End of rolls")
    address, there = page.url, document(page).shots[0].subjects[0].actions[0].span.end

    drag(end, -15 * frame_width(page))

    expect(end).to_have_attribute("aria-valuenow", str(int(there * 24) - 15))
    assert next_take(page, address).shots[0].subjects[0].actions[0].span.end == there - Fraction(15, 24)


def test_every_drag_can_be_done_by_keys(timeline: Page):
    """Tab leads to the ends of a block, arrows move them, Escape leaves it as it was, Enter makes one take of all steps."""
    address, there = timeline.url, document(timeline).shots[0].subjects[0].actions[0].span
    start = timeline.get_by_role("slider", name="Start of rolls")

    timeline.get_by_role("button", name="rolls").focus()
    timeline.keyboard.press("Tab")
    expect(start).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "Escape"):
        timeline.keyboard.press(key)
    expect(start).to_have_attribute("aria-valuenow", "0")
    for key in ("Shift+ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft", "Enter"):
        timeline.keyboard.press(key)
    after = next_take(timeline, address)

    assert after.shots[0].subjects[0].actions[0].span == there.model_copy(update={"start": Fraction(23, 24)})


def test_a_drag_on_the_ruler_is_the_range_that_is_pointed_at(timeline: Page):
    """It stands over the field like any other, is trimmed by its ends, and goes with Escape."""
    ruler = timeline.get_by_role("slider", name="Place in the film").first
    box, width = timeline.locator(".tl-ruler").bounding_box(), frame_width(timeline)
    assert box is not None
    timeline.mouse.move(box["x"] + 12 * width, box["y"] + 8)
    timeline.mouse.down()
    timeline.mouse.move(box["x"] + 36 * width, box["y"] + 8, steps=5)
    timeline.mouse.up()

    expect(timeline.locator(".scope")).to_contain_text("0.5 to 1.5 s")
    end = timeline.get_by_role("slider", name="End of the range")
    end.press("Shift+ArrowLeft")
    expect(end).to_have_attribute("aria-valuenow", "13")
    end.press("Escape")
    expect(ruler).to_be_visible()
    expect(timeline.locator(".scope")).not_to_contain_text("to")


def test_values_are_typed_checked_and_one_edit(timeline: Page):
    """A double click opens them; what cannot be is said beside them; what can is the next take."""
    address, before = timeline.url, document(timeline)
    timeline.get_by_role("button", name="rolls").dblclick()
    form = timeline.get_by_role("dialog", name="Action")
    vigour, save = form.get_by_label("Vigour"), form.get_by_role("button", name="Save")

    vigour.fill("9")
    save.click()
    expect(form.get_by_role("alert")).to_have_text("Vigour is 9; give a number from 0 to 3.")
    expect(vigour).to_have_value("9")
    vigour.fill("0.5")
    form.get_by_label("Manner").fill("<b>slowly</b>")
    save.click()
    after = next_take(timeline, address)

    action = before.shots[0].subjects[0].actions[0]
    changed = action.model_copy(update={"vigour": 0.5, "manner": ("<b>slowly</b>",)})
    assert after.shots[0].subjects[0].actions == (changed,)
    expect(timeline.locator(".part-action .tl-words")).to_have_text("rolls box<b>slowly</b>")


def test_markers_stay_in_this_browser(timeline: Page):
    """One stands where the player is, can be named and moved, and is there when one comes back."""
    timeline.locator(".tl-ruler").press("PageUp")
    timeline.keyboard.press("m")
    marker = timeline.locator(".tl-mark")
    marker.press("F2")
    timeline.get_by_label("Name of the marker").fill("bounce")
    timeline.keyboard.press("Enter")
    marker.press("ArrowRight")

    timeline.reload(wait_until="domcontentloaded")
    timeline.get_by_role("tab", name="Timeline").click()
    expect(timeline.get_by_role("button", name="Marker bounce, 00:01.01")).to_be_visible()


def test_a_name_is_typed_while_the_film_goes_on(timeline: Page):
    """The timeline is drawn anew as the player moves on; what was typed so far stays, and is the name."""
    timeline.locator(".tl-ruler").press("Home")
    timeline.keyboard.press("m")
    timeline.locator(".tl-mark").first.press("F2")
    field = timeline.get_by_label("Name of the marker")
    field.press_sequentially("the fi")
    before = timeline.locator(".tl-ruler").get_attribute("aria-valuenow")

    timeline.get_by_role("button", name="One frame on").evaluate("(button) => button.click()")
    expect(timeline.locator(".tl-ruler")).not_to_have_attribute("aria-valuenow", before or "")
    field.press_sequentially("rst")
    field.press("Enter")

    expect(timeline.get_by_role("button", name="Marker the first, 00:00.00")).to_be_visible()


def test_the_sound_is_seen(timeline: Page, studio, made: str):
    """Peaks of the finished film, for its whole length, and a wave of them."""
    with studio.client() as client:
        told = client.get(f"/studio/films/{made}/peaks.json").json()

    assert told["rate"] == PEAKS_PER_SECOND
    assert len(told["peaks"]) == pytest.approx(2 * PEAKS_PER_SECOND, abs=3)
    assert max(told["peaks"]) > 0
    expect(timeline.locator(".tl-sound path")).to_have_count(1)


def test_peaks_are_the_largest_samples_of_their_time():
    """However the sound comes in pieces; what is too loud is full scale."""
    sound = np.zeros((48_000, 2), np.float32)
    sound[500, 0], sound[1000, 1], sound[47_999, 0] = 0.5, -0.25, 3.0

    whole, pieces = list(peaks_of([sound])), list(peaks_of(np.array_split(sound, 7)))

    assert whole == pieces
    assert (len(whole), whole[0], whole[1], whole[-1], sum(whole)) == (50, 128, 64, 255, 447)
    assert list(peaks_of([])) == []


def test_three_shots_are_written_ordered_and_filmed(page_of: Page):
    """Cards wait until all are filmed at once; a word that was not understood is shown on its card."""
    page_of.get_by_role("tab", name="Storyboard").click()
    cards, field = page_of.locator(".board-card:not(.next)"), page_of.get_by_label("What happens in the next shot")
    expect(cards).to_have_count(1)
    address, first = page_of.url, document(page_of).shots[0]

    field.fill("A green ball bounces on a plain backdrop, one second long")
    field.press("Enter")
    expect(cards).to_have_count(2)
    field.fill("A zorgle and a yellow box on a plain backdrop, one second long")
    field.press("Enter")
    expect(cards).to_have_count(3)
    expect(cards.nth(2).locator(".chip.not_understood")).to_contain_text("zorgle")
    expect(cards.locator(".board-standing")).to_have_text(["Filmed", "New", "New"])
    expect(cards.nth(1).locator(".board-about")).to_have_text(re.compile(r"^About \d+ (s|min), \d"))
    page_of.get_by_role("button", name="Put shot 3 earlier").click()
    expect(cards.nth(1).locator(".board-words")).to_contain_text("zorgle")
    page_of.get_by_role("button", name="Film all").click()
    after = next_take(page_of, address)

    assert [shot.duration for shot in after.shots] == [2, 1, 1]
    assert after.shots[0] == first
    assert [[subject.recipe for subject in shot.subjects] for shot in after.shots[1:]] == [["box"], ["ball"]]
    wait_for_film(page_of, page_of.locator(".take-card").count())
    expect(cards.locator(".board-standing")).to_have_text(["Filmed", "Filmed", "Filmed"])


def test_a_card_is_doubled_removed_and_filmed_alone(page_of: Page):
    """Filming one leaves the others waiting."""
    page_of.get_by_role("tab", name="Storyboard").click()
    cards, address = page_of.locator(".board-card:not(.next)"), page_of.url
    for count in (2, 3):
        page_of.get_by_role("button", name="What to do with shot 1").click()
        page_of.get_by_role("menuitem", name="Duplicate").locator("visible=true").click()
        expect(cards).to_have_count(count)

    page_of.get_by_role("button", name="Film shot 2").click()
    after = next_take(page_of, address)

    assert [shot.set for shot in after.shots] == [after.shots[0].set] * 2
    expect(cards.locator(".board-standing").last).to_have_text("New")
    page_of.get_by_role("button", name="What to do with shot 3").click()
    page_of.get_by_role("menuitem", name="Remove").locator("visible=true").click()
    expect(cards).to_have_count(2)
    expect(page_of.get_by_role("button", name="Film all")).to_have_count(0)
