"""Everybody can use it: axe-core finds nothing serious in either look, keys reach everything, and nothing moves unasked."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect
from web_studio import Studio, running_studio

NARRATION = "Here it lies, and nobody knows why."
LONG = f"A red ball on a plain backdrop, {'which is a very long story that goes on, ' * 9}{'wordwithoutend' * 5}"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server with accounts, and an engine elsewhere that is not there."""
    folder = tmp_path_factory.mktemp("team")
    with running_studio(folder, "--accounts", "--remote", "wan=http://127.0.0.1:9/v1") as running:
        yield running


@pytest.fixture(scope="module")
def takes(team: Studio) -> list[str]:
    """A film with a long prompt, and the same with a narration."""
    made = [team.films(prompt=LONG, audio=True)]
    with team.client() as client:
        for words in (None, f"Add a narration: “{NARRATION}”"):
            if words is not None:
                answer = client.post(f"/v1/videos/{made[0]}/remix", json={"prompt": words})
                assert answer.status_code == 200, answer.text
                made.append(answer.json()["id"])
            while client.get(f"/v1/videos/{made[-1]}").json()["status"] in ("queued", "in_progress"):
                time.sleep(0.2)
    return made


@pytest.fixture(scope="module")
def visit(team: Studio, browser: Browser) -> Iterator[Page]:
    """A page that is signed in and goes from test to test."""
    context = browser.new_context(viewport=WIDE, color_scheme="light")
    context.set_default_timeout(180_000)
    page = context.new_page()
    page.goto(f"{team.url}/sign-in#{team.key}")
    page.wait_for_url(f"{team.url}/")
    yield page
    context.close()


def look_at(page: Page, team: Studio, takes: list[str], what: str) -> None:
    """Go to a page, or to a state of the page of a film."""
    if what in ("start", "settings", "gone"):
        page.goto(team.url + {"start": "/", "settings": "/settings", "gone": "/films/nothing"}[what])
        page.locator("#main").wait_for()
        return
    page.goto(f"{team.url}/films/{takes[1]}", wait_until="domcontentloaded")
    page.wait_for_function("() => document.querySelector('video.main')?.readyState >= 2")
    if what == "compare":
        page.get_by_role("button", name="Compare with the take before").click()
    elif what == "scene":
        page.get_by_role("button", name="Scene", exact=True).click()
        page.locator(".scene[data-state=ready]").wait_for()
    elif what == "menu":
        page.locator(".stage-bar").get_by_role("button", name="Download").click()
    elif what != "film":
        page.get_by_role("tab", name=what).click()
        page.locator(".tl-block, .board-card").first.wait_for()


def violations(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with the first places."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate(
        "(rules) => axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] })", RULES
    )
    return [
        f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:4]]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def in_both_looks(page: Page) -> dict[str, list[str]]:
    """The violations of the page as it is, light and dark, and at the width of a phone."""
    found = {}
    for look, scheme, size in (("light", "light", WIDE), ("dark", "dark", WIDE), ("phone", "dark", PHONE)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.wait_for_timeout(400)  # colours go over into each other
        found[look] = violations(page)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return found


PAGES = ["start", "settings", "gone", "film", "menu", "Timeline", "Storyboard", "compare", "scene"]


@pytest.mark.parametrize("what", PAGES)
def test_axe_finds_nothing_serious(visit: Page, team: Studio, takes: list[str], what: str):
    """Contrast, names, roles and their order: light, dark and on a phone."""
    look_at(visit, team, takes, what)

    assert in_both_looks(visit) == {"light": [], "dark": [], "phone": []}


def test_axe_finds_nothing_serious_at_the_door(page: Page, team: Studio):
    """Also after a key that does not open."""
    page.goto(f"{team.url}/sign-in?wrong=1")

    assert in_both_looks(page) == {"light": [], "dark": [], "phone": []}


@pytest.mark.parametrize("what", ["start", "settings", "film", "Timeline", "Storyboard", "compare"])
def test_nothing_sticks_out(visit: Page, team: Studio, takes: list[str], what: str):
    """A prompt of hundreds of letters and a word of seventy fit a phone: the page never scrolls sideways."""
    visit.set_viewport_size(PHONE)  # type: ignore[arg-type]
    if what in ("Timeline", "Storyboard"):
        visit.goto(f"{team.url}/films/{takes[1]}", wait_until="domcontentloaded")
        visit.get_by_role("tab", name=what).click()
        visit.locator(".tl-block, .board-card").first.wait_for()
    else:
        look_at(visit, team, takes, what)

    out = visit.evaluate(
        """() => [...document.querySelectorAll("button, a, h1, input, textarea")]
        .filter((one) => one.checkVisibility() && !one.closest(".skip, .tl-body, .on-screen, .suggestions, .tl-bar, [inert]"))
        .filter((one) => one.getBoundingClientRect().left < -1 || one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => one.outerHTML.slice(0, 120))"""
    )
    across = visit.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    visit.set_viewport_size(WIDE)  # type: ignore[arg-type]

    assert out == []
    assert across <= 0


def test_keys_reach_everything_and_show_where_they_are(visit: Page, team: Studio, takes: list[str]):
    """Tab goes through every control of the film's page, and each shows an outline when it is its turn."""
    look_at(visit, team, takes, "film")
    visit.evaluate(MARK)
    wanted = set(visit.evaluate("() => [...document.querySelectorAll('[data-stop]')].map((one) => one.dataset.stop)"))
    visit.evaluate("() => document.body.focus()")

    reached, dim = set(), []
    for _ in range(3 * len(wanted)):
        visit.keyboard.press("Tab")
        stop = visit.evaluate(FOCUSED)
        if stop is not None and stop["name"] in wanted:
            reached.add(stop["name"])
            if not stop["seen"]:
                dim.append(stop["name"])
        if reached == wanted:
            break

    assert len(wanted) > 20
    assert wanted - reached == set()
    assert dim == []


MARK = """() => {
  const all = document.querySelectorAll("a[href], button, input, textarea, select, [tabindex='0']");
  let number = 0;
  for (const one of all) {
    if (one.checkVisibility() && !one.disabled && one.tabIndex >= 0 && !one.closest("[popover]:not(:popover-open)")) {
      one.dataset.stop = `${number++} ${one.getAttribute("aria-label") || one.textContent.trim().slice(0, 40)}`;
    }
  }
}"""
FOCUSED = """() => {
  const now = document.activeElement;
  if (!now || !now.dataset.stop) return null;
  const outlined = (one) => getComputedStyle(one).outlineStyle !== "none" && parseFloat(getComputedStyle(one).outlineWidth) > 1;
  return { name: now.dataset.stop, seen: outlined(now) || outlined(now.parentElement) };
}"""


@pytest.mark.parametrize(("wish", "moves"), [("no-preference", True), ("reduce", False)])
def test_who_wants_no_motion_sees_none(visit: Page, team: Studio, takes: list[str], wish: str, moves: bool):
    """Transitions and animations stop where the system asks for it, and only there."""
    visit.emulate_media(reduced_motion=wish)  # type: ignore[arg-type]
    look_at(visit, team, takes, "film")

    moving = visit.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility()).map(getComputedStyle)
        .some((style) => style.transitionDuration.split(", ").some((one) => one !== "0s") || style.animationName !== "none")"""
    )
    visit.emulate_media(reduced_motion="no-preference")

    assert moving is moves


def test_what_is_said_can_be_read(visit: Page, team: Studio, takes: list[str]):
    """A narration is a track of captions that a button puts away; a film without words has neither."""
    look_at(visit, team, takes, "film")
    button = visit.get_by_role("button", name="Captions")
    read = """() => [...document.querySelector('video.main').textTracks]
    .map((one) => [one.mode, [...one.cues].map((cue) => cue.text)])"""
    expect(button).to_be_visible()
    shown = visit.evaluate(read)
    button.click()
    hidden = visit.evaluate(read)
    visit.goto(f"{team.url}/films/{takes[0]}", wait_until="domcontentloaded")
    visit.wait_for_function("() => document.querySelector('video.main')?.readyState >= 2")

    assert shown == [["showing", [NARRATION]]]
    assert hidden == [["hidden", [NARRATION]]]
    expect(button).to_have_count(0)


def test_a_phone_has_a_tab_for_each_panel(visit: Page, team: Studio, takes: list[str]):
    """Conversation, takes, timeline and storyboard by their names; one of them lies under the screen."""
    visit.set_viewport_size(PHONE)  # type: ignore[arg-type]
    look_at(visit, team, takes, "film")
    tabs = visit.get_by_role("tab")
    names = tabs.all_inner_texts()
    at_first = visit.get_by_role("tab", selected=True).inner_text()
    visit.get_by_role("tab", name="Storyboard").click()
    expect(visit.locator(".board-card").first).to_be_visible()
    expect(visit.get_by_role("textbox", name="Say what to change in the film")).to_be_hidden()
    visit.get_by_role("tab", name="Conversation").click()
    expect(visit.get_by_role("textbox", name="Say what to change in the film")).to_be_visible()
    expect(visit.locator(".board-card").first).to_be_hidden()
    visit.set_viewport_size(WIDE)  # type: ignore[arg-type]

    assert names == ["Conversation", "Takes", "Timeline", "Storyboard"]
    assert at_first == "Conversation"
