"""The lines of batches: requests as they come in, and what became of each as it goes out. Pure text and values."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from vitascope.jobs.errors import JobError

__all__ = [
    "ENDPOINT", "LineFault", "Request", "answer_line", "fault_line", "faults_in", "faults_object", "lines_in", "refusal",
    "refused_line", "request_in",
]  # fmt: skip

ENDPOINT = "/v1/videos"
LINES_MAX = 10_000
FAULTS_MAX = 20
CUSTOM_ID_LENGTH_MAX = 512
_KEYS = ("custom_id", "method", "url", "body")
_EXAMPLE = '{"custom_id": "1", "method": "POST", "url": "/v1/videos", "body": {"prompt": "…"}}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one line asks for."""

    custom_id: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFault:
    """Why a file cannot be a batch; `line` counts from 1, None is the whole file."""

    code: str
    message: str
    param: str | None = None
    line: int | None = None


def lines_in(content: bytes) -> list[bytes]:
    """The lines of a file, without empty ones."""
    return [line for line in content.split(b"\n") if line.strip()]


def faults_in(lines: Sequence[bytes], lines_max: int = LINES_MAX) -> list[LineFault]:
    """What is wrong with the lines of a file, the first twenty faults."""
    if not lines:
        return [LineFault(code="empty_file", message=f"The file has no lines; give one request a line: {_EXAMPLE}")]
    if len(lines) > (most := min(lines_max, LINES_MAX)):
        return [
            LineFault(code="too_many_tasks", message=f"The file has {len(lines)} lines and may have {most}; split it.")
        ]
    faults: list[LineFault] = []
    seen: set[str] = set()
    for number, line in enumerate(lines, start=1):
        found = _checked(line)
        if isinstance(found, Request) and found.custom_id in seen:
            twice = f"The custom_id {found.custom_id[:80]!r} is there twice; give each line its own."
            found = ("duplicate_custom_id", twice, "custom_id")
        if isinstance(found, Request):
            seen.add(found.custom_id)
        else:
            code, message, param = found
            faults.append(LineFault(code=code, message=message, param=param, line=number))
        if len(faults) == FAULTS_MAX:
            break
    return faults


def request_in(line: bytes) -> Request:
    """What a line asks for that `faults_in` found no fault with."""
    found = _checked(line)
    assert isinstance(found, Request)
    return found


def answer_line(number: int, request: Request, request_id: str, body: Mapping[str, object]) -> str:
    """The line about a film that was made."""
    return _line(number, request, {"status_code": 200, "request_id": request_id, "body": body}, None)


def fault_line(number: int, request: Request, code: str, message: str, body: Mapping[str, object] | None = None) -> str:
    """The line about a film that failed (`body`), or was not even begun."""
    response = None if body is None else {"status_code": 200, "request_id": f"line_{number}", "body": body}
    return _line(number, request, response, {"code": code, "message": message})


def refused_line(number: int, request: Request, refused: Mapping[str, object]) -> str:
    """The line about a request that was refused; `refused` is from `refusal`."""
    error = {key: refused[key] for key in ("message", "type", "param", "code")}
    response = {"status_code": refused["status"], "request_id": f"line_{number}", "body": {"error": error}}
    return _line(number, request, response, None)


def refusal(error: JobError) -> dict[str, object]:
    """What is kept of a refused request."""
    kind = "invalid_request_error" if error.status < 500 else "server_error"
    return {"status": error.status, "message": error.message, "type": kind, "param": error.param, "code": error.code}


def _line(
    number: int, request: Request, response: Mapping[str, object] | None, error: Mapping[str, object] | None
) -> str:
    whole = {"id": f"batch_req_{number}", "custom_id": request.custom_id, "response": response, "error": error}
    return json.dumps(whole, ensure_ascii=False) + "\n"


def _checked(line: bytes) -> Request | tuple[str, str, str | None]:
    """The request, or code, sentence and field of what is wrong with it."""
    try:
        raw = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return "invalid_json_line", f"The line is not JSON; give one such as: {_EXAMPLE}", None
    if not isinstance(raw, dict) or set(raw) != set(_KEYS):
        return "invalid_json_line", f"The line must be an object with {', '.join(_KEYS)} and nothing else.", None
    custom_id = raw["custom_id"]
    if not isinstance(custom_id, str) or not 1 <= len(custom_id) <= CUSTOM_ID_LENGTH_MAX:
        return "invalid_custom_id", f"The custom_id must be text of 1 to {CUSTOM_ID_LENGTH_MAX} letters.", "custom_id"
    if raw["method"] != "POST":
        return "invalid_method", f"The method is {_short(raw['method'])}; give POST.", "method"
    if raw["url"] != ENDPOINT:
        return "invalid_url", f"The url is {_short(raw['url'])}; batches are for {ENDPOINT}.", "url"
    if not isinstance(raw["body"], dict):
        return "invalid_request", "The body must be an object, as for POST /v1/videos.", "body"
    return Request(custom_id=custom_id, body=raw["body"])


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is not a number of JSON")


def _short(value: object) -> str:
    return repr(value)[:80]


def faults_object(faults: Sequence[LineFault]) -> dict[str, object]:
    """The faults as the API lists them."""
    data = [{"code": each.code, "message": each.message, "param": each.param, "line": each.line} for each in faults]
    return {"object": "list", "data": data}
