"""/v1/responses: the same conversation for clients of the newer API, with answers that can be gone on from by their id."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from vitascope.jobs.errors import Conflict, Invalid, Missing
from vitascope.jobs.values import Caller
from vitascope.serve.auth import Called
from vitascope.serve.conversing import Answer, Filming, Thought, Told
from vitascope.serve.hooks import note
from vitascope.serve.house import House, house_of
from vitascope.serve.inputs import Talk, json_object, response_talk
from vitascope.serve.opening import Begun, begin, fault_of, partner_of
from vitascope.serve.remembered import Record, Remembered
from vitascope.serve.response_objects import (
    Teller,
    begun_response,
    completed,
    conversation_in,
    message_item,
    reasoning_item,
    summary_part,
    text_part,
)
from vitascope.serve.stream import stream_of
from vitascope.serve.talk_schema import RESPONSE_BODY, STREAMED
from vitascope.serve.thread import Message

__all__ = ["router"]

router = APIRouter()


@router.post("/v1/responses", openapi_extra=RESPONSE_BODY, responses=STREAMED)
async def create(request: Request, who: Called) -> Response:
    """Answer the input, going on from an earlier response or a conversation if one is named."""
    kept = _remembered(house_of(request))
    body = await json_object(request)
    earlier = await run_in_threadpool(_earlier, kept, who, body)
    talk = response_talk(body, earlier)
    reply = _Reply(kept=kept, who=who, talk=talk, said=begun_response(body, talk))
    begun = await begin(request, who, talk, body.get("previous_response_id"), reply.conversation)  # type: ignore[arg-type]
    if talk.stream:
        return stream_of(reply.events(begun))
    return JSONResponse(await (reply.soon(begun) if reply.said["background"] else reply.whole(begun)))


@router.get("/v1/responses/{response_id}")
async def retrieve(request: Request, response_id: str, who: Called) -> Response:
    """A response that was stored, as it is now."""
    if request.query_params.get("stream", "").lower() == "true":
        raise Invalid(
            "A stored response is not streamed again; leave stream out, and ask until it is completed.", param="stream"
        )
    house = house_of(request)
    return JSONResponse(await run_in_threadpool(lambda: _now(house, who, _found(house, who, response_id)).response))


@router.post("/v1/responses/{response_id}/cancel")
async def cancel(request: Request, response_id: str, who: Called) -> Response:
    """Let go of a film that a response waits for."""
    house = house_of(request)
    return JSONResponse(await run_in_threadpool(_cancelled, house, who, response_id))


@router.delete("/v1/responses/{response_id}")
async def delete(request: Request, response_id: str, who: Called) -> Response:
    """Forget a response. Its film stays."""
    house = house_of(request)

    def forget() -> None:
        _found(house, who, response_id)
        note(request, "response.delete", who, response_id)
        _remembered(house).delete(who.workspace, response_id)

    await run_in_threadpool(forget)
    return JSONResponse({"id": response_id, "object": "response", "deleted": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reply:
    """One response; `said` is the object as it begins."""

    kept: Remembered
    who: Caller
    talk: Talk
    said: dict[str, Any]

    @property
    def conversation(self) -> str | None:
        """The id of the conversation, if one is named."""
        return (self.said["conversation"] or {}).get("id")

    async def whole(self, begun: Begun) -> dict[str, Any]:
        """All at once, when everything is there."""
        thoughts, answer = "", ""
        await self._note(begun)
        async for piece in begun.pieces():
            if isinstance(piece, Thought):
                thoughts += f"{piece.text}\n"
            else:
                answer = piece.text
        return await self._keep(completed(self.said, self.talk.messages, thoughts, answer))

    async def soon(self, begun: Begun) -> dict[str, Any]:
        """What is known without waiting for the film."""
        outcome = await begun.outcome()
        if isinstance(outcome, Told):
            return await self._keep(completed(self.said, self.talk.messages, "", outcome.text))
        await self._note(begun)
        return self.said

    async def events(self, begun: Begun) -> AsyncIterator[str]:
        """The events of the stream. What goes wrong on the way fails the response."""
        teller = Teller()
        for name in ("response.created", "response.in_progress"):
            yield teller.tell(name, response=self.said)
        try:
            reason, message = f"rs_{self.said['id'][5:]}", f"msg_{self.said['id'][5:]}"
            thoughts, answer = "", ""
            yield teller.tell("response.output_item.added", output_index=0, item=reasoning_item(self.said, None))
            at = {"item_id": reason, "output_index": 0, "summary_index": 0}
            yield teller.tell("response.reasoning_summary_part.added", **at, part=summary_part(""))
            noted = False
            async for piece in begun.pieces():
                if begun.coming.done() and not noted:
                    noted = True
                    await self._note(begun)
                if isinstance(piece, Answer):
                    answer = piece.text
                    continue
                thoughts += f"{piece.text}\n"
                yield teller.tell("response.reasoning_summary_text.delta", **at, delta=f"{piece.text}\n")
            yield teller.tell("response.reasoning_summary_text.done", **at, text=thoughts)
            yield teller.tell("response.reasoning_summary_part.done", **at, part=summary_part(thoughts))
            yield teller.tell("response.output_item.done", output_index=0, item=reasoning_item(self.said, thoughts))
            item = message_item(self.said, answer)
            begins = {**item, "status": "in_progress", "content": []}
            yield teller.tell("response.output_item.added", output_index=1, item=begins)
            at = {"item_id": message, "output_index": 1, "content_index": 0}
            yield teller.tell("response.content_part.added", **at, part=text_part(""))
            yield teller.tell("response.output_text.delta", **at, delta=answer, logprobs=[])
            yield teller.tell("response.output_text.done", **at, text=answer, logprobs=[])
            yield teller.tell("response.content_part.done", **at, part=text_part(answer))
            yield teller.tell("response.output_item.done", output_index=1, item=item)
            response = await self._keep(completed(self.said, self.talk.messages, thoughts, answer))
            yield teller.tell("response.completed", response=response)
        except Exception as error:
            fault = fault_of(error)
            told = {"code": "server_error", "message": fault["message"]}
            yield teller.tell("response.failed", response={**self.said, "status": "failed", "error": told})

    async def _note(self, begun: Begun) -> None:
        """Keep what a film is waited for, so that it can be asked for should the reader leave."""
        outcome = await begun.outcome()
        if isinstance(outcome, Filming):
            record = Record(response=self.said, thread=self.talk.messages, video=outcome.video.id, again=outcome.again)
            await self._put(record)

    async def _keep(self, response: dict[str, Any]) -> dict[str, Any]:
        await self._put(Record(response=response, thread=self.talk.messages))
        return response

    async def _put(self, record: Record) -> None:
        if self.said["store"]:
            await run_in_threadpool(self.kept.put, self.who.workspace, record, self.conversation)


def _remembered(house: House) -> Remembered:
    kept = house.parts.setdefault("responses", Remembered(house.storage))
    assert isinstance(kept, Remembered)
    return kept


def _earlier(kept: Remembered, who: Caller, body: dict[str, object]) -> tuple[Message, ...]:
    """The thread that a request goes on from, the answer included."""
    previous, conversation = body.get("previous_response_id"), conversation_in(body)
    if previous is not None and conversation is not None:
        raise Invalid("previous_response_id and conversation are both given; give one of them.", param="conversation")
    if previous is not None:
        record = kept.get(who.workspace, previous) if isinstance(previous, str) else None
        if record is None:
            raise Invalid(
                f"There is no stored response {str(previous)[:60]!r} to go on from; send the messages themselves.",
                code="previous_response_not_found",
                param="previous_response_id",
            )
    else:
        record = None if conversation is None else kept.latest(who.workspace, conversation)
    if record is None:
        return ()
    thread = tuple(message for message in record.thread if message.role != "system")
    return (*thread, Message(role="assistant", text=_answer_of(record)))


def _answer_of(record: Record) -> str:
    """What was answered; where a film is still waited for, at least its id."""
    texts = [
        part["text"] for item in record.response["output"] if item["type"] == "message" for part in item["content"]
    ]
    return "\n".join(texts) or f"({record.video})"


def _found(house: House, who: Caller, response_id: str) -> Record:
    record = _remembered(house).get(who.workspace, response_id)
    if record is None:
        raise Missing(f"There is no stored response {response_id[:60]!r}.", param="response_id")
    return record


def _now(house: House, who: Caller, record: Record) -> Record:
    """A record with the answer, as soon as the film that it waits for is at an end."""
    if record.video is None or record.response["status"] != "in_progress":
        return record
    partner = partner_of(house, who)
    try:
        video = house.core.video(who, record.video)
    except Missing as error:
        told = {"code": "server_error", "message": error.message}
        response = {**record.response, "status": "failed", "error": told}
    else:
        if not video.state.is_end:
            return record
        response = completed(record.response, record.thread, "", partner.text(video, again=record.again))
    finished = replace(record, response=response, video=None)
    _remembered(house).put(who.workspace, finished, None)
    return finished


def _cancelled(house: House, who: Caller, response_id: str) -> dict[str, Any]:
    record = _now(house, who, _found(house, who, response_id))
    if record.video is None:
        status = record.response["status"]
        raise Conflict(f"The response is {status}, so there is nothing to cancel.", param="response_id")
    house.core.cancel(who, record.video)
    response = {**record.response, "status": "cancelled"}
    _remembered(house).put(who.workspace, replace(record, response=response, video=None))
    return response
