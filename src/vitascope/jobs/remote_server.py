"""Talking to a server that speaks /v1/videos, in whatever dialect: vLLM-Omni, SGLang, FastVideo, Dynamo, or one like ours.

Only what is told in one place here is known of their differences: bodies as forms or as JSON, failed jobs as HTTP errors or
as states, errors as texts or objects, results at once or by polling, results as bytes, base64 or addresses.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import httpx

__all__ = ["Limits", "RemoteError", "RemoteServer", "answers"]

READY = frozenset(("completed", "complete", "succeeded", "success", "done", "finished"))
LOST = frozenset(("failed", "error", "cancelled", "canceled", "expired", "deleted", "rejected"))
OTHER_FORM = frozenset((400, 415, 422))
"""What servers say to a body in a form that they do not read."""
PASSING = frozenset((408, 429, 502, 503, 504))
NUMBERS = frozenset(("seconds", "fps"))
"""Fields that are texts in forms and numbers in the JSON of some."""
PIECE = 1 << 20
ASK_SECONDS = 3.0
"""For which a server may be silent before it is called so."""
LISTEN_SECONDS = 0.25
"""How long a wait lasts before it is asked whether the film is still wanted."""


class RemoteError(ValueError):
    """What the other server did not do, in one sentence without its key. `can_pass`: whether another try may help."""

    def __init__(self, message: str, *, code: str = "remote_failed", can_pass: bool = False) -> None:
        super().__init__(message)
        self.code, self.can_pass = code, can_pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of the other server's time and bytes is waited for."""

    seconds: float = 3600.0
    """From the wish to the last byte."""
    silence: float = 60.0
    """Without an answer that can be read."""
    film_bytes: int = 2_000_000_000
    answer_bytes: int = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """Where a film is: with an id to ask by, or (its bytes, or an address of them) done at once."""

    id: str | None
    answer: Mapping[str, Any]


def answers(url: str, *, seconds: float = ASK_SECONDS) -> bool:
    """Whether anything answers at the address of a server, whatever it says. The key stays here."""
    try:
        with httpx.stream("GET", f"{url.rstrip('/')}/models", timeout=seconds, trust_env=False):
            return True
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


class RemoteServer:
    """A context manager. `step(percent)` is called while waiting; what it raises ends the work, and the job over there."""

    def __init__(self, url: str, key: str | None, *, step: Callable[[int], None], limits: Limits) -> None:
        self._url, self._step, self._limits = url.rstrip("/"), step, limits
        self._until = time.monotonic() + limits.seconds
        self.host = urlsplit(url).netloc.rpartition("@")[2]
        self._key = key
        self._patience = httpx.Timeout(limits.seconds, connect=10.0)
        """For servers that answer a wish with the film itself."""
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=httpx.Timeout(limits.silence, connect=10.0),
            follow_redirects=False,
            trust_env=False,
        )

    def __enter__(self) -> RemoteServer:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def film(self, body: Mapping[str, object], picture: tuple[str, bytes] | None, path: Path) -> Mapping[str, Any]:
        """Have a film made and put it at `path`; returns the last that was said of it. Raises RemoteError.

        `picture` is its media type and its bytes. The job is deleted over there, however this ends.
        """
        path.unlink(missing_ok=True)
        job = self._create(body, picture, path)
        try:
            if job.id is not None:
                job = self._wait(job)
            if not path.exists():
                self._take(job, path)
            return job.answer
        finally:
            if job.id is not None:
                with suppress(httpx.HTTPError, RemoteError):
                    self._client.delete(f"{self._url}/videos/{quote(job.id, safe='')}", timeout=5.0)

    # The wish -------------------------------------------------------------------------------------------------------

    def _create(self, body: Mapping[str, object], picture: tuple[str, bytes] | None, path: Path) -> _Job:
        form: dict[str, Any] = {name: (None, _text(value)) for name, value in body.items()}
        if picture is not None:
            form["input_reference"] = (f"picture.{picture[0].rpartition('/')[2]}", picture[1], picture[0])
        try:
            return self._wish(path, files=form)
        except _Refused as refused:
            if refused.status not in OTHER_FORM:
                raise
            values = {name: _number(value) if name in NUMBERS else value for name, value in body.items()}
            if picture is not None:
                encoded = base64.b64encode(picture[1]).decode()
                values["input_reference"] = {"image_url": f"data:{picture[0]};base64,{encoded}"}
            try:
                return self._wish(path, json=values)
            except _Refused:
                raise refused from None

    def _wish(self, path: Path, **content: Any) -> _Job:
        """Send a wish. What comes back may be a job, the film itself, or an answer that holds it."""
        try:
            with self._client.stream("POST", f"{self._url}/videos", timeout=self._patience, **content) as response:
                if response.is_success and response.headers.get("content-type", "").startswith("video/"):
                    self._write(response, path)
                    return _Job(id=None, answer={})
                most = self._limits.film_bytes * 4 // 3 if response.is_success else self._limits.answer_bytes
                raw = self._read(response, most)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        if not response.is_success:
            raise self._refusal(response.status_code, raw)
        answer = self._object(raw)
        identity = answer.get("id")
        at_once = _result_of(answer) is not None
        return _Job(id=None if at_once or not isinstance(identity, str) else identity, answer=answer)

    # Waiting --------------------------------------------------------------------------------------------------------

    def _wait(self, job: _Job) -> _Job:
        """Ask again and again until the film is there. A job that failed may be told as a state or as an HTTP error."""
        answer, pause, troubles = job.answer, 0.0, 0
        while True:
            state = str(answer.get("status", "queued")).lower()
            if state in READY:
                return _Job(id=job.id, answer=answer)
            if state in LOST:
                raise RemoteError(
                    f"The engine at {self.host} did not make the film: {self._hidden(_why(answer, state))}"
                )
            self._step(_percent(answer))
            self._sleep(pause)
            try:
                response = self._client.get(f"{self._url}/videos/{quote(job.id or '', safe='')}")
                raw = response.content[: self._limits.answer_bytes]
            except httpx.HTTPError as error:
                troubles += 1
                if troubles > 5:
                    raise self._unreachable(error) from error
                pause = 2.0
                continue
            if response.is_success:
                answer, troubles = self._object(raw), 0
                pause = _pause(response.headers.get("openai-poll-after-ms"))
                continue
            troubles += 1
            if troubles > (5 if response.status_code in PASSING else 1):
                raise self._refusal(response.status_code, raw)
            pause = 1.0

    def _sleep(self, seconds: float) -> None:
        end = min(time.monotonic() + seconds, self._until)
        while (left := end - time.monotonic()) > 0:
            time.sleep(min(LISTEN_SECONDS, left))
            self._step(-1)
        self._check_time()

    def _check_time(self) -> None:
        if time.monotonic() >= self._until:
            raise RemoteError(
                f"The engine at {self.host} took longer than {self._limits.seconds:g} seconds, so it was given up.",
                code="remote_timeout",
            )

    # The film -------------------------------------------------------------------------------------------------------

    def _take(self, job: _Job, path: Path) -> None:
        found = _result_of(job.answer)
        if found is not None and found[0] == "b64_json":
            try:
                film = base64.b64decode(found[1], validate=True)
            except (ValueError, binascii.Error) as error:
                raise RemoteError(f"The engine at {self.host} gave a film that is not base64.") from error
            path.write_bytes(film)
        elif job.id is not None:
            self._download(f"{self._url}/videos/{quote(job.id, safe='')}/content", path, found)
        elif found is not None:
            self._download(self._own(found[1]), path, None)
        else:
            raise RemoteError(f"The engine at {self.host} gave neither a film nor a job.")

    def _download(self, url: str, path: Path, otherwise: tuple[str, str] | None) -> None:
        try:
            with self._client.stream("GET", url) as response:
                if response.is_success:
                    self._write(response, path)
                    return
                raw = self._read(response, self._limits.answer_bytes)
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        if response.status_code == 404 and otherwise is not None:
            self._download(self._own(otherwise[1]), path, None)
            return
        raise self._refusal(response.status_code, raw)

    def _own(self, url: str) -> str:
        """An address of the same server; others are not asked, whatever an answer says."""
        whole = urljoin(f"{self._url}/", url)
        if urlsplit(whole)[:2] != urlsplit(self._url)[:2]:
            raise RemoteError(f"The engine at {self.host} keeps its film on another server, which is not asked.")
        return whole

    def _write(self, response: httpx.Response, path: Path) -> None:
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            for piece in self._pieces(response, self._limits.film_bytes):
                file.write(piece)
        part.rename(path)

    def _read(self, response: httpx.Response, most: int) -> bytes:
        return b"".join(self._pieces(response, most))

    def _pieces(self, response: httpx.Response, most: int) -> Any:
        size = 0
        for piece in response.iter_bytes(PIECE):
            size += len(piece)
            if size > most:
                raise RemoteError(f"The engine at {self.host} gave more than {most:,} bytes.", code="remote_too_large")
            self._step(-1)
            self._check_time()
            yield piece

    # What went wrong ------------------------------------------------------------------------------------------------

    def _object(self, raw: bytes) -> Mapping[str, Any]:
        try:
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            raise RemoteError(f"The engine at {self.host} gave an answer that is not a JSON object.")
        return answer

    def _refusal(self, status: int, raw: bytes) -> _Refused:
        try:
            answer = json.loads(raw)
        except (ValueError, RecursionError):
            answer = {}
        why = self._hidden(_why(answer if isinstance(answer, dict) else {}, f"HTTP {status}"))
        return _Refused(f"The engine at {self.host} did not make the film: {why}", status=status)

    def _hidden(self, said: str) -> str:
        """What a server said, without the key, should it have said that too."""
        return said.replace(self._key, "…") if self._key else said

    def _unreachable(self, error: httpx.HTTPError) -> RemoteError:
        what = "did not answer in time" if isinstance(error, httpx.TimeoutException) else "cannot be reached"
        return RemoteError(
            f"The engine at {self.host} {what} ({type(error).__name__}).", code="remote_unreachable", can_pass=True
        )


class _Refused(RemoteError):
    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message, can_pass=status in PASSING)
        self.status = status


def _result_of(answer: Mapping[str, Any]) -> tuple[str, str] | None:
    """The film in an answer, as ("b64_json", text) or ("url", address), at the top or in the first entry of its data."""
    data = answer.get("data")
    first = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
    urls = answer.get("urls")
    listed = {"url": urls[0]} if isinstance(urls, list) and urls else {}
    for place in (answer, first, listed):
        for form in ("b64_json", "url"):
            if isinstance(place.get(form), str) and place[form]:
                return form, place[form]
    return None


def _why(answer: Mapping[str, Any], otherwise: str) -> str:
    """What an answer says of a fault: {"error": {"message"}}, {"error": text}, {"detail": text or list}, {"message"}."""
    error = answer.get("error")
    found = error.get("message") if isinstance(error, dict) else error
    found = found or answer.get("detail") or answer.get("message")
    if isinstance(found, list):
        found = "; ".join(str(one.get("msg", one)) if isinstance(one, dict) else str(one) for one in found)
    said = " ".join(str(found or otherwise).split())
    return said if len(said) <= 300 else f"{said[:299]}…"


def _percent(answer: Mapping[str, Any]) -> int:
    progress = answer.get("progress")
    return max(0, min(100, int(progress))) if isinstance(progress, int | float) else 0


def _pause(said: str | None) -> float:
    """Seconds until the next question."""
    return min(10.0, max(0.05, int(said) / 1000)) if said and said.isdigit() else 1.0


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _number(value: object) -> object:
    if isinstance(value, str):
        number = float(value)
        return int(number) if number.is_integer() else number
    return value
