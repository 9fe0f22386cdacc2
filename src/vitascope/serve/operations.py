"""For those who run the server: is it alive, can it work, and how much does it do."""

from __future__ import annotations

import hmac
import logging
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from vitascope import __version__
from vitascope.jobs.errors import Forbidden, JobError, Unauthorised
from vitascope.serve import auth
from vitascope.serve.hooks import hooks_of
from vitascope.serve.house import House, house_of
from vitascope.serve.settings import is_loopback

__all__ = ["router"]

router = APIRouter()
log = logging.getLogger("vitascope.operations")
TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"
PROXIED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Whether the server answers. Asks nothing else, so that a slow database does not get it restarted."""
    return {"status": "ok", "version": __version__}


@router.get("/readyz", responses={503: {"description": "Something is missing; the answer says what."}})
async def readyz(request: Request) -> Response:
    """Whether the server can work: its database, its storage and its workers, each "ok" or what is wrong."""
    checks = await run_in_threadpool(_checks, house_of(request))
    ready = all(said == "ok" for said in checks.values())
    return JSONResponse({"status": "ok" if ready else "unavailable", "checks": checks}, 200 if ready else 503)


@router.get("/metrics", responses={200: {"content": {"text/plain": {}}}}, response_class=Response)
async def metrics(request: Request) -> Response:
    """Counts for Prometheus: from this machine without a key, else with the metrics token or a key with the scope admin."""
    if not (_is_near(request) or _has_token(request)):
        who = await auth.caller(request)
        if "admin" not in who.scopes:
            raise Forbidden("This key may not read metrics: it needs the scope admin; or give the metrics token.")
    text = await run_in_threadpool(hooks_of(request).metrics.text)
    return Response(text, media_type=TEXT_FORMAT)


def _checks(house: House) -> dict[str, Any]:
    return {
        "database": _said(house.database.check),
        "storage": _said(house.storage.check),
        "workers": _said(lambda: _check_workers(house)),
    }


def _check_workers(house: House) -> None:
    if house.executor.capacity < 1:
        raise JobError("no worker is there")


def _said(check: Any) -> str:
    """ "ok", or the kind of what is wrong: addresses and names of files stay in the log."""
    try:
        check()
    except JobError as error:
        log.warning("The server is not ready: %s", error)
        return error.code
    except Exception:
        log.exception("The server is not ready.")
        return "internal_error"
    return "ok"


def _is_near(request: Request) -> bool:
    """Whether a program on this machine asks, by itself: neither for somebody behind a proxy nor for a page elsewhere."""
    client = request.client
    if client is None or not is_loopback(client.host) or any(name in request.headers for name in PROXIED):
        return False
    host = request.headers.get("host", "")
    name = host.rpartition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    return name.lower() in house_of(request).settings.own_hosts


def _has_token(request: Request) -> bool:
    """Whether the metrics token was given. Raises Unauthorised for a wrong one."""
    token = house_of(request).settings.metrics_token
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if token is None or scheme.lower() != "bearer" or given.startswith("vsk_"):
        return False
    if not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise Unauthorised("The metrics token does not hold; give the one of the setting VITASCOPE_METRICS_TOKEN.")
    return True
