"""What every request passes: it gets an id, its body is bounded, and a fault of ours is told without what lies inside."""

from __future__ import annotations

import logging
import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vitascope.serve.errors import TooLarge, reply_for, reply_unexpected

__all__ = ["Gate"]

log = logging.getLogger("vitascope.serve")


class Gate:
    """ASGI middleware. Adds `x-request-id` to every answer, and `request_id` to the state of the request."""

    def __init__(self, app: ASGIApp, *, body_bytes_most: int) -> None:
        self.app = app
        self.body_bytes_most = body_bytes_most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = f"req_{secrets.token_hex(12)}"
        scope.setdefault("state", {})["request_id"] = request_id
        begun, received = False, 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                if received > self.body_bytes_most:
                    raise TooLarge(f"The body is larger than {self.body_bytes_most // 2**20} MiB; send less.")
            return message

        async def marked(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, bounded, marked)
        except TooLarge as error:
            if begun:
                raise
            await reply_for(error)(scope, receive, marked)
        except Exception:
            log.exception("fault", extra={"request_id": request_id, "path": scope["path"], "method": scope["method"]})
            if begun:
                raise
            await reply_unexpected(request_id)(scope, receive, marked)
