"""One shape for everything that goes wrong: {"error": {message, type, param, code}}, never with what lies inside."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping, Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from vitascope.jobs.errors import Conflict, Invalid, JobError, Missing

__all__ = ["NoMethod", "TooLarge", "answer_errors", "envelope", "of_validation", "reply_for", "reply_unexpected"]

log = logging.getLogger("vitascope.serve")

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    409: "conflict_error",
    429: "rate_limit_error",
}


class TooLarge(Invalid):
    """More than is let in."""

    status, code = 413, "too_large"


class NoMethod(Invalid):
    """The address is right, the method is not."""

    status, code = 405, "method_not_allowed"


def envelope(
    status: int, message: str, *, code: str | None, param: str | None = None, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The answer to a request that failed."""
    kind = TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    error = {"message": message, "type": kind, "param": param, "code": code}
    return JSONResponse({"error": error}, status_code=status, headers=dict(headers or {}))


def reply_for(error: JobError) -> JSONResponse:
    """The answer for what cannot be done, with when to come again, or that it is of no use."""
    headers = {}
    if error.retry_after is not None:
        headers["retry-after"] = str(max(1, math.ceil(error.retry_after)))
        headers["retry-after-ms"] = str(max(1, math.ceil(error.retry_after * 1000)))
    if isinstance(error, Conflict):
        headers["x-should-retry"] = "false"
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    return envelope(error.status, error.message, code=error.code, param=error.param, headers=headers)


def reply_unexpected(request_id: str) -> JSONResponse:
    """The answer to a fault of ours; what it was stands in the log under the id."""
    message = f"The server met a fault of its own; its log has it under the request id {request_id}."
    return envelope(500, message, code="internal_error")


def of_validation(errors: Sequence[Mapping[str, object]], *, known: Sequence[str] = ()) -> Invalid:
    """The first of pydantic's `errors` as ours, the one that went deepest where a field may be several things.

    `known` are the names of all fields.
    """
    same = [each for each in errors if _place(each)[:1] == _place(errors[0])[:1]]
    first = max(same, key=lambda each: len(_place(each)))
    place = [part for part in _place(first) if part.isdigit() or re.fullmatch(r"[a-z][a-z0-9_]*", part)]
    param = ".".join(place) or None
    kind, message = str(first.get("type")), str(first.get("msg", "")).removeprefix("Value error, ")
    if kind == "extra_forbidden":
        allowed = f"; the fields are {', '.join(sorted(known))}" if known and len(place) == 1 else ""
        return Invalid(f"There is no field {param!r}{allowed}.", code="unknown_parameter", param=param)
    if kind == "missing":
        return Invalid(f"The field {param!r} is missing; it is needed.", code="missing_required_parameter", param=param)
    if kind == "value_error":
        return Invalid(message, param=param)
    given = first.get("input")
    shown = f" is {_short(given)}" if isinstance(given, str | int | float | bool) or given is None else ""
    return Invalid(f"The field {param!r}{shown}: {message[:1].lower()}{message[1:]}.", param=param)


def answer_errors(app: FastAPI) -> None:
    """Have all known errors of `app` answered in the one shape."""
    app.add_exception_handler(JobError, _job_error)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)


def _job_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, JobError)
    if error.status >= 500:
        log.error("fault", extra={"path": request.url.path, "code": error.code}, exc_info=error)
    return reply_for(error)


def _validation(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, RequestValidationError)
    return reply_for(of_validation(error.errors()))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    where = f"{request.method} {request.url.path[:200]}"
    if error.status_code == 404:
        return reply_for(Missing(f"There is nothing at {where}; the routes are listed at /openapi.json."))
    if error.status_code == 405:
        reply = reply_for(
            NoMethod(f"{where} is not offered; allowed here: {(error.headers or {}).get('Allow', 'GET')}.")
        )
        reply.headers.update(error.headers or {})
        return reply
    return envelope(error.status_code, str(error.detail), code="http_error", headers=error.headers)


def _place(error: Mapping[str, object]) -> list[str]:
    """Where it is wrong, from the field inward, with the names of types between."""
    place = error.get("loc", ())
    assert isinstance(place, tuple)
    return [str(part) for part in place if part not in ("body", "query", "path", "header")]


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:60] + "…"
