"""Who comes, and what happens when several do: sign-in, viewers, strangers, other sites, two on one film, a deleted take."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from web_chromium import say, wait_for_film
from web_studio import Studio, running_studio


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A server with accounts, on this machine."""
    with running_studio(tmp_path_factory.mktemp("team"), "--accounts") as running:
        yield running


@pytest.fixture(scope="module")
def members(team: Studio) -> dict[str, str]:
    """Keys of another editor and of a viewer of the same workspace, and of somebody elsewhere."""
    from vitascope.jobs.accounts import Accounts
    from vitascope.jobs.database import Database
    from vitascope.jobs.values import Role

    database = Database(f"sqlite:///{team.data / 'vitascope.db'}")
    accounts, keys = Accounts(database), {}
    assert team.key is not None
    here = accounts.authenticate(team.key).workspace
    for name, role in (("editor", Role.EDITOR), ("viewer", Role.VIEWER)):
        account = accounts.create_account(name, "enterprise")
        accounts.add_member(here, account.id, role)
        _, keys[name] = accounts.create_key(account.id, here, name)
    stranger = accounts.create_account("stranger", "enterprise")
    elsewhere = accounts.create_workspace("Elsewhere", stranger.id)
    _, keys["stranger"] = accounts.create_key(stranger.id, elsewhere.id, "stranger")
    database.close()
    return keys


@pytest.fixture(scope="module")
def video(team: Studio) -> str:
    """A film of the team that is done."""
    made = team.films(prompt="<script>document.title = 'gone'</script> A red ball on a plain backdrop")
    with team.client() as client:
        while client.get(f"/v1/videos/{made}").json()["status"] in ("queued", "in_progress"):
            time.sleep(0.2)
    return made


def signed_in(page: Page, team: Studio, key: str) -> Page:
    """The page, after the link with this key was opened."""
    page.goto(f"{team.url}/sign-in#{key}")
    page.wait_for_url(f"{team.url}/")
    return page


@pytest.fixture
def second(browser: Browser) -> Iterator[Page]:
    """A page of another browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(180_000)
    yield context.new_page()
    context.close()


def test_the_door_of_a_server_with_accounts(page: Page, team: Studio):
    """Every page leads to it, a wrong key is told, the right one opens, signing out closes."""
    page.goto(f"{team.url}/films/anything")
    expect(page).to_have_url(f"{team.url}/sign-in")
    page.get_by_label("Key").fill("vsk_wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("does not open")
    page.get_by_label("Key").fill(team.key or "")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="What do you want to see?")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{team.url}/sign-in")


def test_a_key_link_signs_in_and_leaves_no_trace(page: Page, team: Studio):
    """The key is in no address, and no script can read the cookie."""
    signed_in(page, team, team.key or "")

    assert "vsk_" not in page.url
    assert page.evaluate("() => document.cookie") == ""
    (cookie,) = page.context.cookies()
    assert cookie["httpOnly"]
    assert (team.key or "") not in cookie["value"]


def test_a_key_that_is_revoked_opens_nothing_more(team: Studio, members: dict[str, str]):
    """The cookie holds as long as the key does."""
    with team.client() as client:
        made = client.post("/v1/keys", json={"name": "short", "scopes": ["films"]})
        assert made.status_code == 200, made.text
        key, name = made.json()["secret"], made.json()["id"]
        visitor = httpx.Client(base_url=team.url, follow_redirects=False)
        assert visitor.post("/sign-in", data={"key": key}).headers["location"] == "/"
        assert visitor.get("/").status_code == 200
        client.delete(f"/v1/keys/{name}")

        assert visitor.get("/").headers["location"] == "/sign-in"


def test_words_are_shown_as_words(page: Page, team: Studio, video: str):
    """A script in a prompt is text, in the thread, in the title and on the cards."""
    signed_in(page, team, team.key or "")

    page.goto(f"{team.url}/films/{video}", wait_until="domcontentloaded")

    expect(page.locator(".said").first).to_contain_text("<script>document.title")
    expect(page.locator(".take-card .what")).to_contain_text("<script>")
    assert page.title() != "gone"


def test_a_second_member_sees_the_take(page: Page, second: Page, team: Studio, members: dict[str, str], video: str):
    """Each has a place of one's own; what one makes appears for the other while it is made."""
    for one, key in ((page, team.key or ""), (second, members["editor"])):
        signed_in(one, team, key)
        one.goto(f"{team.url}/films/{video}", wait_until="domcontentloaded")
        expect(one.locator(".take-card")).to_have_count(1)

    say(page, "make the ball green")

    expect(second.locator(".take-card")).to_have_count(2)
    assert second.url.endswith(video)
    wait_for_film(page, 2)
    second.get_by_role("button", name="Look at take 2").first.click()
    wait_for_film(second, 2)


def test_a_viewer_looks_on(page: Page, team: Studio, members: dict[str, str], video: str):
    """There is no field and no menu of takes, and that is said."""
    signed_in(page, team, members["viewer"])

    page.goto(f"{team.url}/films/{video}", wait_until="domcontentloaded")

    expect(page.locator(".talk")).to_contain_text("You can look on")
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.locator(".take-card .opener")).to_have_count(0)


def test_a_stranger_finds_nothing(page: Page, team: Studio, members: dict[str, str], video: str):
    """Neither the page nor a single file of a film of others."""
    signed_in(page, team, members["stranger"])
    page.goto(f"{team.url}/films/{video}")
    expect(page.get_by_role("heading", name="This film is not here")).to_be_visible()

    names = (
        "film.mp4",
        "film.json",
        "thumbnail.webp",
        "still.jpg",
        "seen.json",
        "scene.glb",
        "captions.vtt",
        "chunks/0.mp4",
    )
    answers = {name: page.request.get(f"{team.url}/studio/films/{video}/{name}").status for name in names}

    assert answers == dict.fromkeys(names, 404)


def test_a_deleted_take_in_an_open_page(page: Page, team: Studio, video: str):
    """The page goes to another take of the tree, and to the films when there is none left."""
    alone = team.films(prompt="A blue box on a plain backdrop")
    signed_in(page, team, team.key or "")
    page.goto(f"{team.url}/films/{alone}", wait_until="domcontentloaded")
    expect(page.locator(".take-card")).to_have_count(1)

    with team.client() as client:
        client.delete(f"/v1/videos/{alone}")

    page.wait_for_url(f"{team.url}/", wait_until="commit")


def test_a_take_is_deleted_once_that_was_confirmed(page: Page, team: Studio):
    """Cancel leaves it; Delete takes it away, here from its only tree."""
    alone = team.films(prompt="A yellow box on a plain backdrop")
    signed_in(page, team, team.key or "")
    page.goto(f"{team.url}/films/{alone}", wait_until="domcontentloaded")
    wait_for_film(page, 1)
    asked = page.get_by_role("dialog", name="Delete take 1?")

    for answer in ("Cancel", "Delete"):
        page.get_by_role("button", name="What to do with take 1").click()
        page.get_by_role("menuitem", name="Delete").click()
        expect(asked).to_be_visible()
        with team.client() as client:
            assert client.get(f"/v1/videos/{alone}").status_code == 200
        asked.get_by_role("button", name=answer).click()
        expect(asked).to_be_hidden()

    page.wait_for_url(f"{team.url}/", wait_until="commit")
    with team.client() as client:
        assert client.get(f"/v1/videos/{alone}").status_code == 404


def test_pages_of_other_sites_are_kept_out(studio: Studio):
    """Without accounts, whoever asks by another name or from another page gets neither pages, nor files, nor a socket."""
    port = urlsplit(studio.url).port

    asked = {
        "page": httpx.get(studio.url, headers={"host": f"evil.example:{port}"}).status_code,
        "file": httpx.get(
            f"{studio.url}/studio/films/x/film.mp4", headers={"origin": "https://evil.example"}
        ).status_code,
        "socket": httpx.get(
            f"{studio.url}/_nicegui_ws/socket.io/?EIO=4&transport=polling", headers={"origin": "https://evil.example"}
        ).status_code,
        "own page": httpx.get(studio.url).status_code,
    }

    assert asked == {"page": 403, "file": 401, "socket": 403, "own page": 200}


def test_the_addresses_of_the_api_stay_what_they_are(studio: Studio):
    """A wrong method is 405 and an unknown address 404, in the envelope of the API."""
    wrong, unknown = httpx.put(f"{studio.url}/v1/videos"), httpx.get(f"{studio.url}/nothing")

    assert (wrong.status_code, unknown.status_code) == (405, 404)
    assert {"error"} == set(wrong.json()) == set(unknown.json())
