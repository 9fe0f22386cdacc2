"""Where what was said lies in storage: a file for each response, and for each conversation one that names its latest."""

from __future__ import annotations

import hashlib
import re
import secrets
import time

__all__ = [
    "CONVERSATIONS",
    "RESPONSES",
    "conversation_key",
    "is_response_id",
    "made_at",
    "new_response_id",
    "response_key",
]

RESPONSES, CONVERSATIONS = "responses", "conversations"
"""The folders in storage; in each, one for every workspace."""
_ID = re.compile(r"resp_([0-9a-f]{16})[0-9a-f]{16}")
_NANO = 1e9


def new_response_id() -> str:
    """Ids sort by time; their second half cannot be guessed."""
    return f"resp_{time.time_ns():016x}{secrets.token_hex(8)}"


def is_response_id(text: str) -> bool:
    """Whether a response may have this id."""
    return _ID.fullmatch(text) is not None


def response_key(workspace: str, response: str) -> str:
    """Where a response lies."""
    return f"{RESPONSES}/{workspace}/{response}.json"


def conversation_key(workspace: str, conversation: str) -> str:
    """Where the id of the latest response of a conversation lies. What clients call it is no name of a file."""
    return f"{CONVERSATIONS}/{workspace}/{hashlib.sha256(conversation.encode()).hexdigest()}"


def made_at(key: str) -> float | None:
    """When the response was made that lies at `key` [s since 1970], whenever it was written; None for what is no response."""
    found = _ID.fullmatch(key.rpartition("/")[2].removesuffix(".json"))
    return None if found is None else int(found[1], 16) / _NANO
