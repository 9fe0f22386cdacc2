"""Around every request: a line in the log, and a count. Plain ASGI, because hundreds of clients poll."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vitascope.jobs.audit import request_id
from vitascope.serve.hooks import metrics_of
from vitascope.serve.polls import BY_HEART

__all__ = ["Access", "route_of"]

log = logging.getLogger("vitascope.access")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


class Access:
    """Logs and counts requests, within the gate that gives them their ids. Addresses are told without their queries.

    Polls that are answered by heart are counted; they have lines only where everything is logged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = request_id.set(scope.get("state", {}).get("request_id"))
        begun, status, sent, first = time.perf_counter(), 500, 0, None

        async def noted(message: Message) -> None:
            nonlocal status, sent, first
            if message["type"] == "http.response.start":
                status, first = message["status"], time.perf_counter()
            elif message["type"] == "http.response.body":
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            ended = time.perf_counter()
            _tell(scope, status, (first or ended) - begun, ended - begun, sent)
            request_id.reset(token)


def route_of(scope: Scope) -> str:
    """The address as the route writes it, such as /v1/videos/{video_id}: few in number, without ids."""
    return getattr(scope.get("route"), "path", None) or "other"


def _tell(scope: Scope, status: int, first: float, whole: float, sent: int) -> None:
    route = route_of(scope)
    metrics = metrics_of(scope["app"])
    if metrics is not None:
        metrics.request(route, scope["method"] if scope["method"] in METHODS else "other", status, first)
    level = logging.DEBUG if BY_HEART in scope else logging.INFO
    if route in QUIET or not log.isEnabledFor(level):
        return
    client = scope.get("client")
    log.log(
        level,
        "request",
        extra={
            "method": scope["method"],
            "path": scope["path"][:200],
            "route": route,
            "status": status,
            "ms": round(whole * 1000, 1),
            "bytes": sent,
            "client": client[0] if client else None,
        },
    )
