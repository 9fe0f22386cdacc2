"""How a conversation begins at a server: whom one talks to, and what is known of the thread beside its messages."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from vitascope.jobs.errors import JobError
from vitascope.jobs.values import Caller
from vitascope.serve.content import signed_url
from vitascope.serve.conversing import Answer, Filming, Outcome, Partner, Thought, thread_key
from vitascope.serve.fields import PictureReference
from vitascope.serve.house import House, house_of
from vitascope.serve.inputs import Talk
from vitascope.serve.thread import Ask, Housekeeping, decide
from vitascope.serve.uploads import kept_picture

__all__ = ["Begun", "Chats", "begin", "fault_of", "partner_of"]

log = logging.getLogger("vitascope.serve")

PATIENCE_SECONDS = 1.0
"""What goes wrong within this time is answered by its status; later it is told in the stream, which has begun by then."""
CHAT_ID, MESSAGE_ID = "x-openwebui-chat-id", "x-openwebui-message-id"
CHATS_MOST = 10_000


@dataclass(slots=True)
class Chats:
    """The latest film of each chat that names itself in a header, for answers that were cut off before they named it."""

    films: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)

    def film(self, who: Caller, chat: str | None) -> str | None:
        """The film, if there is one."""
        return self.films.get((who.workspace, chat)) if chat else None

    def remember(self, who: Caller, chat: str | None, video: str) -> None:
        """This film is the latest now."""
        if chat:
            self.films[who.workspace, chat] = video
            self.films.move_to_end((who.workspace, chat))
            while len(self.films) > CHATS_MOST:
                self.films.popitem(last=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A conversation whose last message is being dealt with."""

    partner: Partner
    ask: Ask
    coming: asyncio.Task[Outcome]

    async def outcome(self) -> Outcome:
        """What came of it, as soon as it is known. Raises JobError."""
        return await asyncio.shield(self.coming)

    async def pieces(self) -> AsyncIterator[Thought | Answer]:
        """Thoughts, then the answer. Who stops reading stops nothing else."""
        if not isinstance(self.ask, Housekeeping):
            yield Thought(text="Reading…")
        async for piece in self.partner.follow(await self.outcome()):
            yield piece


async def begin(request: Request, who: Caller, talk: Talk, *marks: str | None) -> Begun:
    """Starts on the last message. Raises JobError for what is known to be wrong within a second.

    `marks` tell this request from others with the same words; by them, and by the header idempotency-key, the same request
    again leads to the same film.
    """
    house = house_of(request)
    chats = house.parts.setdefault("chats", Chats())
    assert isinstance(chats, Chats)
    chat = request.headers.get(CHAT_ID)
    ask = decide(talk.messages, chats.film(who, chat))
    again = request.headers.get("idempotency-key")
    key = thread_key(talk, (who.account, chat, request.headers.get(MESSAGE_ID), again, *marks))
    partner = replace(partner_of(house, who), key=key, model=talk.model, seed=talk.seed)

    async def deal() -> Outcome:
        outcome = await run_in_threadpool(partner.begin, ask)
        if isinstance(outcome, Filming):
            chats.remember(who, chat, outcome.video.id)
        return outcome

    coming = asyncio.create_task(deal())
    await asyncio.wait({coming}, timeout=PATIENCE_SECONDS)
    if coming.done():
        coming.result()
    return Begun(partner=partner, ask=ask, coming=coming)


def partner_of(house: House, who: Caller) -> Partner:
    """Whom `who` talks to at this server."""
    return Partner(
        desk=house.core,
        caller=who,
        address=lambda video: signed_url(house, video),
        keep=lambda url: kept_picture(house, who, PictureReference(image_url=url)),
    )


def fault_of(error: Exception) -> dict[str, object]:
    """How an error is told within a stream; what was not foreseen goes to the log and not to the reader."""
    if isinstance(error, JobError):
        kind = "invalid_request_error" if error.status < 500 else "server_error"
        return {"message": error.message, "type": kind, "param": error.param, "code": error.code}
    log.error("a conversation broke off", exc_info=error)
    message = "The server met a fault of its own; its log has it. Say it again."
    return {"message": message, "type": "server_error", "param": None, "code": "internal_error"}
