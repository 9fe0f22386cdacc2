"""The objects and events of /v1/responses. Pure, but for the clock and chance of a new id."""

from __future__ import annotations

import time
from typing import Any

from vitascope.jobs.errors import Invalid
from vitascope.jobs.talks import new_response_id
from vitascope.serve.inputs import Talk, flag, words_in
from vitascope.serve.stream import event
from vitascope.serve.thread import Message

__all__ = [
    "Teller",
    "begun_response",
    "completed",
    "conversation_in",
    "message_item",
    "reasoning_item",
    "summary_part",
    "text_part",
]

METADATA_MOST, METADATA_LONGEST = 16, 512


class Teller:
    """Numbers the events of one stream."""

    def __init__(self) -> None:
        self._number = 0

    def tell(self, name: str, **fields: object) -> str:
        """One event."""
        told = event({"type": name, "sequence_number": self._number, **fields}, name=name)
        self._number += 1
        return told


def begun_response(body: dict[str, object], talk: Talk) -> dict[str, Any]:
    """The response as it begins. Raises Invalid."""
    store, background = flag(body, "store", default=True), flag(body, "background")
    if background and not store:
        raise Invalid("A response in the background must be stored to be asked for; leave store out.", param="store")
    conversation = conversation_in(body)
    return {
        "id": new_response_id(),
        "object": "response",
        "created_at": int(time.time()),
        "status": "in_progress",
        "background": background,
        "error": None,
        "incomplete_details": None,
        "instructions": body.get("instructions"),
        "max_output_tokens": None,
        "model": talk.model,
        "output": [],
        "parallel_tool_calls": True,
        "previous_response_id": body.get("previous_response_id"),
        "conversation": None if conversation is None else {"id": conversation},
        "reasoning": {"effort": None, "summary": None},
        "store": store,
        "temperature": None,
        "text": {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_p": None,
        "truncation": "disabled",
        "usage": None,
        "metadata": _metadata(body),
    }


def conversation_in(body: dict[str, object]) -> str | None:
    given = body.get("conversation")
    found = given.get("id") if isinstance(given, dict) else given
    if given is not None and (not isinstance(found, str) or not 1 <= len(found) <= 200):
        raise Invalid(
            'conversation must be an id of 1 to 200 characters, or an object such as {"id": "…"}.', param="conversation"
        )
    return found if isinstance(found, str) else None


def _metadata(body: dict[str, object]) -> dict[str, str]:
    """Notes of the program's own. Raises Invalid."""
    given = {} if body.get("metadata") is None else body["metadata"]
    if not isinstance(given, dict) or len(given) > METADATA_MOST:
        raise Invalid(f"metadata must be an object with at most {METADATA_MOST} texts.", param="metadata")
    for name, text in given.items():
        if not isinstance(text, str) or len(text) > METADATA_LONGEST:
            raise Invalid(
                f"metadata holds texts of up to {METADATA_LONGEST} characters.", param=f"metadata.{name[:60]}"
            )
    return given


def completed(said: dict[str, Any], asked: tuple[Message, ...], thoughts: str, answer: str) -> dict[str, Any]:
    words, thought = sum(words_in(message.text) for message in asked), words_in(thoughts)
    told = thought + words_in(answer)
    return {
        **said,
        "status": "completed",
        "output": [reasoning_item(said, thoughts), message_item(said, answer)],
        "usage": {
            "input_tokens": words,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": told,
            "output_tokens_details": {"reasoning_tokens": thought},
            "total_tokens": words + told,
        },
    }


def reasoning_item(said: dict[str, Any], thoughts: str | None) -> dict[str, Any]:
    """The item that holds what was told on the way; empty where nothing was."""
    return {"id": f"rs_{said['id'][5:]}", "type": "reasoning", "summary": [summary_part(thoughts)] if thoughts else []}


def message_item(said: dict[str, Any], answer: str) -> dict[str, Any]:
    item = {"id": f"msg_{said['id'][5:]}", "type": "message", "role": "assistant", "status": "completed"}
    return {**item, "content": [text_part(answer)]}


def summary_part(text: str) -> dict[str, Any]:
    return {"type": "summary_text", "text": text}


def text_part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
