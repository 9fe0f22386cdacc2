"""/v1/chat/completions: a conversation that drafts, films and edits, for every front-end that talks to a model."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from vitascope.serve.auth import Called
from vitascope.serve.conversing import Thought
from vitascope.serve.inputs import Talk, chat_talk, json_object, words_in
from vitascope.serve.opening import Begun, begin, fault_of
from vitascope.serve.stream import DONE, event, stream_of
from vitascope.serve.talk_schema import CHAT_BODY, STREAMED

__all__ = ["router"]

router = APIRouter()


@router.post("/v1/chat/completions", openapi_extra=CHAT_BODY, responses=STREAMED)
async def complete(request: Request, who: Called) -> Response:
    """Answer the last message of a conversation: with a film, an edit of the last one, a question, a draft or help."""
    talk = chat_talk(await json_object(request))
    begun = await begin(request, who, talk)
    completion = _Completion(id=f"chatcmpl-{uuid4().hex}", created=int(time.time()), talk=talk)
    if talk.stream:
        return stream_of(completion.chunks(begun))
    return JSONResponse(await completion.whole(begun))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Completion:
    """One answer, in the words of the API."""

    id: str
    created: int
    talk: Talk

    async def whole(self, begun: Begun) -> dict[str, object]:
        """All at once, when everything is there."""
        thoughts, answer = "", ""
        async for piece in begun.pieces():
            if isinstance(piece, Thought):
                thoughts += f"{piece.text}\n"
            else:
                answer = piece.text
        message = {"role": "assistant", "content": answer, "refusal": None, "reasoning_content": thoughts}
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return self._object("chat.completion", [choice]) | {"usage": self._usage(thoughts, answer)}

    async def chunks(self, begun: Begun) -> AsyncIterator[str]:
        """Thoughts as they come, then the answer. What goes wrong on the way is told in its place."""
        thoughts, answer = "", ""
        yield self._chunk({"role": "assistant", "content": ""})
        try:
            async for piece in begun.pieces():
                if isinstance(piece, Thought):
                    thoughts += f"{piece.text}\n"
                    yield self._chunk({"reasoning_content": f"{piece.text}\n"})
                else:
                    answer = piece.text
                    yield self._chunk({"content": answer})
        except Exception as error:
            yield event({"error": fault_of(error)})
            yield DONE
            return
        yield self._chunk({}, "stop")
        if self.talk.include_usage:
            yield event(self._object("chat.completion.chunk", []) | {"usage": self._usage(thoughts, answer)})
        yield DONE

    def _chunk(self, delta: Mapping[str, object], finished: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finished, "logprobs": None}
        return event(self._object("chat.completion.chunk", [choice]))

    def _object(self, kind: str, choices: list[dict[str, object]]) -> dict[str, object]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.talk.model, "choices": choices}

    def _usage(self, thoughts: str, answer: str) -> dict[str, object]:
        asked, thought = sum(words_in(message.text) for message in self.talk.messages), words_in(thoughts)
        told = thought + words_in(answer)
        return {
            "prompt_tokens": asked,
            "completion_tokens": told,
            "total_tokens": asked + told,
            "completion_tokens_details": {"reasoning_tokens": thought},
        }
