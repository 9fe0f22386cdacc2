"""What operators look at: alive, ready, counted, logged, without anybody's words or keys."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from vitascope.jobs.storage import Storage
from vitascope.serve.logs import JsonLines, set_up_logs


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged, as lines of JSON."""
    kept = {name: (logging.getLogger(name).handlers[:], logging.getLogger(name).level) for name in (None, "vitascope")}
    stream = io.StringIO()
    set_up_logs({}, stream)
    yield stream
    for name, (handlers, level) in kept.items():
        logging.getLogger(name).handlers[:] = handlers
        logging.getLogger(name).setLevel(level)


def counted(text: str) -> dict[tuple[str, tuple], float]:
    """The samples of a text of Prometheus by name and labels."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_health_needs_no_key(server: Any):
    """For whoever watches over the process."""
    with httpx.Client(base_url=server.url) as nobody:
        assert nobody.get("/healthz").json()["status"] == "ok"
        ready = nobody.get("/readyz")

    assert ready.status_code == 200
    assert ready.json() == {"status": "ok", "checks": {"database": "ok", "storage": "ok", "workers": "ok"}}


def test_readiness_says_what_is_missing(server: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """By a word; addresses and paths are in the log."""
    (tmp_path / "no-folder").write_bytes(b"")
    monkeypatch.setattr(server.app.state.house, "storage", Storage(str(tmp_path / "no-folder" / "files")))

    with httpx.Client(base_url=server.url) as nobody:
        ready = nobody.get("/readyz")

    assert ready.status_code == 503
    assert ready.json()["checks"] == {"database": "ok", "storage": "storage_unavailable", "workers": "ok"}
    assert "no-folder" not in ready.text


def test_requests_and_films_are_counted(server: Any, client: httpx.Client):
    """By the route, not by the address: ids would make a series each."""
    with httpx.Client(base_url=server.url) as nobody:
        before = counted(nobody.get("/metrics").text)
        film = server.film(seed=42)
        client.get(f"/v1/videos/{film['id']}")
        client.get("/v1/videos/video_nobody")
        client.get("/nowhere/at/all")
        after = counted(nobody.get("/metrics").text)

    def grown(name: str, **labels: str) -> float:
        key = (name, tuple(sorted(labels.items())))
        return after.get(key, 0) - before.get(key, 0)

    route = "/v1/videos/{video_id}"
    assert grown("vitascope_requests_total", route=route, method="GET", status="200") >= 1
    assert grown("vitascope_requests_total", route=route, method="GET", status="404") == 1
    assert grown("vitascope_requests_total", route="other", method="GET", status="404") == 1
    assert grown("vitascope_request_seconds_count", route=route, method="GET") >= 2
    assert grown("vitascope_films_ended_total", state="completed") == 1
    assert grown("vitascope_frames_total", way="drawn") + grown("vitascope_frames_total", way="reused") == 24
    assert after[("vitascope_films", (("state", "completed"),))] >= 1
    assert after[("vitascope_workers", ())] >= 1
    assert film["id"] not in str(after)


def test_metrics_are_for_operators(server: Any, monkeypatch: pytest.MonkeyPatch):
    """On this machine without a key; from elsewhere, which a proxy's header shows, with a token or the scope admin."""
    elsewhere = {"x-forwarded-for": "203.0.113.9"}
    house = server.app.state.house
    monkeypatch.setattr(house, "settings", replace(house.settings, metrics_token="a-token-of-tests"))

    def status(**headers: str) -> int:
        with httpx.Client(base_url=server.url) as anyone:
            return anyone.get("/metrics", headers=elsewhere | headers).status_code

    assert status() == 401
    assert status(authorization="Bearer a-token-of-tests") == 200
    assert status(authorization="Bearer another-token") == 401
    assert status(authorization=f"Bearer {server.key}") == 200
    assert status(authorization=f"Bearer {server.other_key}") == 403


def test_requests_are_logged_without_words_and_keys(server: Any, client: httpx.Client, lines: io.StringIO):
    """One line each, with the id that the answer told."""
    answer = client.get("/v1/videos/video_nobody", params={"secret": "a secret word"})
    client.post("/v1/videos", json={"prompt": "a private prompt", "size": "1x1"})

    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    (found,) = [each for each in told if each.get("request") == answer.headers["x-request-id"]]
    assert (found["method"], found["path"], found["status"]) == ("GET", "/v1/videos/video_nobody", 404)
    assert found["route"] == "/v1/videos/{video_id}"
    for word in ("secret", "private", server.key):
        assert word not in lines.getvalue()


def test_faults_are_logged_by_kind_and_place():
    """What an exception says may quote a user; where it came about does not."""
    try:
        raise ValueError("a private prompt")
    except ValueError as error:
        record = logging.LogRecord(
            "vitascope", logging.ERROR, __file__, 1, "It went wrong.", (), (ValueError, error, error.__traceback__)
        )

    plain, whole = JsonLines().format(record), JsonLines(whole_faults=True).format(record)

    assert json.loads(plain)["fault"]["kind"] == "ValueError"
    assert "test_serve_operations.py" in json.loads(plain)["fault"]["where"][-1]
    assert "private" not in plain
    assert "a private prompt" in json.loads(whole)["fault"]
