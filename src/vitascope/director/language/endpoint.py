"""Asking an OpenAI-compatible endpoint for one answer, within limits of time and size. The only importer of httpx."""

from __future__ import annotations

import json
import queue
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeVar

import httpx

from vitascope.director.language.settings import KEY, URL, Settings

__all__ = ["Asks", "Endpoint", "LanguageError", "Message"]

ANSWER_MOST = 512 * 1024
"""Bytes of an answer; whatever comes behind them is not read."""
CONNECT_SECONDS = 10.0
PROBE_SECONDS = 5.0
SECRET_SHORTEST = 8
"""Keys below this length stand for no secret ("ollama") and may occur in an answer by chance."""
T = TypeVar("T")
_FORMS = ("json_schema", "json_object", "text")
_REFUSES_FORM = frozenset((400, 415, 422, 501))


class LanguageError(ValueError):
    """A language model that could not be asked or gave nothing of use; one sentence, never with the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of the exchange."""

    role: Literal["system", "user", "assistant"]
    text: str


class Asks(Protocol):
    """Whatever answers messages with a text that holds a value of a JSON schema."""

    def __call__(self, messages: tuple[Message, ...], *, schema: Mapping[str, Any]) -> str:
        """The text of the answer. Raises LanguageError."""
        ...


class _Refused(Exception):
    """The server does not take the form in which an answer was asked for."""


class Endpoint:
    """`Asks` over HTTP: no redirects, no proxies of the environment unless wanted, one retry where a connection breaks."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._form = 0
        """The strictest form of answer that the server has taken."""

    def __call__(self, messages: tuple[Message, ...], *, schema: Mapping[str, Any]) -> str:
        """The text of the model's answer. Raises LanguageError."""
        end = time.monotonic() + self.settings.seconds
        return self._in_time(self.settings.seconds, lambda: self._answer(messages, schema, end))

    def probe(self) -> str:
        """What the server says of itself, in words. Raises LanguageError where it cannot be used."""
        end = time.monotonic() + PROBE_SECONDS
        try:
            raw = self._in_time(PROBE_SECONDS, lambda: self._exchange("GET", "/models", None, end))
            listed = {str(entry["id"]) for entry in json.loads(raw)["data"]}
        except _Refused:
            raise LanguageError(f"{self.settings.host} does not answer as a language model does.") from None
        except (ValueError, LookupError, TypeError) as error:
            if isinstance(error, LanguageError):
                raise
            return f"{self.settings.name} answers"
        known = self.settings.model in listed or f"{self.settings.model}:latest" in listed
        return f"{self.settings.name} answers{'' if known else ', but does not list that model'}"

    # One answer ----------------------------------------------------------------------------------------------------

    def _answer(self, messages: tuple[Message, ...], schema: Mapping[str, Any], end: float) -> str:
        while True:
            body = _body(self.settings.model, messages, schema, _FORMS[self._form])
            try:
                return self._text_of(self._exchange("POST", "/chat/completions", body, end))
            except _Refused:
                if self._form == len(_FORMS) - 1:
                    raise LanguageError(
                        f"{self.settings.host} refuses the request for {self.settings.model}."
                    ) from None
                self._form += 1

    def _exchange(self, method: str, path: str, body: bytes | None, end: float) -> bytes:
        """The body of the reply; tried a second time where the connection breaks."""
        host = self.settings.host
        for last in (False, True):
            try:
                return self._once(method, path, body, end)
            except httpx.TimeoutException:
                raise self._slow(self.settings.seconds) from None
            except httpx.TransportError as error:
                if last:
                    what = "cannot be reached" if isinstance(error, httpx.ConnectError) else "breaks off the connection"
                    raise LanguageError(f"{host} {what}; see whether the server runs and {URL} is right.") from None
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
                raise LanguageError(f"{host} does not answer as a language model does.") from None
        raise AssertionError("unreachable")

    def _once(self, method: str, path: str, body: bytes | None, end: float) -> bytes:
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", "Content-Type": "application/json"}
        if self.settings.key is not None:
            headers["Authorization"] = f"Bearer {self.settings.key.get_secret_value()}"
        left = max(0.01, end - time.monotonic())
        with (
            httpx.Client(
                timeout=httpx.Timeout(left, connect=min(left, CONNECT_SECONDS)),
                follow_redirects=False,
                trust_env=self.settings.environment_proxy,
            ) as client,
            client.stream(method, self.settings.url + path, content=body, headers=headers) as response,
        ):
            self._check(response)
            read = bytearray()
            for piece in response.iter_raw():
                read += piece
                if len(read) > ANSWER_MOST:
                    raise LanguageError(
                        f"{self.settings.host} answers with more than {ANSWER_MOST // 1024} KB, which is not read."
                    )
                if time.monotonic() > end:
                    raise self._slow(self.settings.seconds)
            return bytes(read)

    def _check(self, response: httpx.Response) -> None:
        """Raises for every reply but a plain success. Texts of the server are not repeated: they may hold the key."""
        code, host = response.status_code, self.settings.host
        if response.is_success and response.headers.get("content-encoding", "identity") == "identity":
            return
        if code in _REFUSES_FORM:
            raise _Refused
        if response.is_redirect:
            raise LanguageError(f"{host} redirects to another address, which is not followed; give that one in {URL}.")
        if code in (401, 403):
            said = f"does not accept the key in {KEY}" if self.settings.key else f"asks for a key; give it in {KEY}"
            raise LanguageError(f"{host} {said} ({code}).")
        if code == 404:
            raise LanguageError(f"{host} has no model {self.settings.model!r}, or {URL} is not its address (404).")
        if code == 429:
            raise LanguageError(f"{host} takes no more requests for now (429); wait, or look at your quota there.")
        raise LanguageError(f"{host} fails ({code}); try again later, or look at its log.")

    def _text_of(self, raw: bytes) -> str:
        """The model's words in a reply. Calls of tools that it may hold are never made."""
        strange = LanguageError(f"{self.settings.host} does not answer as a language model does.")
        try:
            message = json.loads(raw)["choices"][0]["message"]
            content = message.get("content")
            if isinstance(content, list):
                content = "".join(str(part.get("text", "")) for part in content)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise strange from None
        if content is not None and not isinstance(content, str):
            raise strange
        key = self.settings.key.get_secret_value() if self.settings.key else ""
        if len(key) >= SECRET_SHORTEST and key in _unescaped(content or ""):
            raise LanguageError(f"{self.settings.host} repeats the key in its answer, so the answer is not used.")
        return content or ""

    # Time ----------------------------------------------------------------------------------------------------------

    def _in_time(self, seconds: float, work: Callable[[], T]) -> T:
        """What `work` gives. It runs beside, so that neither a name that is looked up for ever nor a header that comes
        byte by byte holds anybody up; work that is left alone ends at its own limits."""
        done: queue.SimpleQueue[tuple[T | None, Exception | None]] = queue.SimpleQueue()

        def run() -> None:
            try:
                done.put((work(), None))
            except Exception as error:
                done.put((None, error))

        threading.Thread(target=run, name="language model", daemon=True).start()
        try:
            value, error = done.get(timeout=seconds)
        except queue.Empty:
            raise self._slow(seconds) from None
        if error is not None:
            raise error
        return value  # type: ignore[return-value]

    def _slow(self, seconds: float) -> LanguageError:
        return LanguageError(
            f"{self.settings.host} gave no answer within {seconds:g} s; "
            "set VITASCOPE_LLM_SECONDS higher or take a smaller model."
        )


def _body(model: str, messages: tuple[Message, ...], schema: Mapping[str, Any], form: str) -> bytes:
    written = [{"role": message.role, "content": message.text} for message in messages]
    body: dict[str, Any] = {"model": model, "messages": written, "stream": False}
    if form == "json_schema":
        body["response_format"] = {"type": form, "json_schema": {"name": "answer", "schema": schema}}
    else:
        written[0]["content"] += (
            f"\n\nAnswer with one JSON object of this schema, and nothing else:\n{json.dumps(schema)}"
        )
        if form == "json_object":
            body["response_format"] = {"type": form}
    return json.dumps(body).encode()


def _unescaped(text: str) -> str:
    """`text` beside itself without JSON's ways of writing signs by number or with a backslash before them."""
    plain = re.sub(r"\\u00([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), text)
    return f"{text}\n{plain}\n{plain.replace(chr(92), '')}"
