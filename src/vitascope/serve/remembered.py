"""Responses that can be asked for again and gone on from: a file each in storage, the latest thousand of a workspace."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from vitascope.jobs.storage import Storage
from vitascope.jobs.talks import CONVERSATIONS, RESPONSES, conversation_key, is_response_id, response_key
from vitascope.serve.thread import Message

__all__ = ["Record", "Remembered"]

MOST = 1_000
SPARE = 50
"""Tidied up when there are so many more, so that not every answer lists them."""
MESSAGES_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A response as it was answered, the thread up to and with the question, and the film that it waits for, if it does."""

    response: dict[str, Any]
    thread: tuple[Message, ...]
    video: str | None = None
    again: bool = False
    """Whether that film is only shown once more."""


class Remembered:
    """The records of all workspaces in `storage`. Nobody finds those of another workspace."""

    def __init__(self, storage: Storage, *, most: int = MOST) -> None:
        self._storage, self._most, self._since = storage, most, 0

    def put(self, workspace: str, record: Record, conversation: str | None = None) -> None:
        """Keep a record under the id of its response, as the latest of `conversation` if one is given."""
        response_id = record.response["id"]
        thread = [[message.role, message.text] for message in record.thread[-MESSAGES_MOST:]]
        told = {"response": record.response, "thread": thread, "video": record.video, "again": record.again}
        self._storage.put(response_key(workspace, response_id), json.dumps(told).encode(), "application/json")
        if conversation is not None:
            self._storage.put(conversation_key(workspace, conversation), response_id.encode(), "text/plain")
        self._since += 1
        if self._since >= SPARE:
            self._since = 0
            self.tidy(workspace)

    def get(self, workspace: str, response_id: str) -> Record | None:
        """The record, or None."""
        raw = self._read(response_key(workspace, response_id)) if is_response_id(response_id) else None
        if raw is None:
            return None
        told = json.loads(raw)
        thread = tuple(Message(role=role, text=text) for role, text in told["thread"])
        return Record(response=told["response"], thread=thread, video=told["video"], again=told["again"])

    def latest(self, workspace: str, conversation: str) -> Record | None:
        """The latest record of a conversation, or None."""
        raw = self._read(conversation_key(workspace, conversation))
        return None if raw is None else self.get(workspace, raw.decode())

    def delete(self, workspace: str, response_id: str) -> None:
        """Forget a record."""
        self._storage.delete(response_key(workspace, response_id))

    def tidy(self, workspace: str) -> None:
        """Forget all but the latest records, and conversations that have none left."""
        kept = sorted(self._storage.keys(f"{RESPONSES}/{workspace}"))
        for key in kept[: -self._most]:
            self._storage.delete(key)
        ids = {key.rpartition("/")[2].removesuffix(".json") for key in kept[-self._most :]}
        for key in list(self._storage.keys(f"{CONVERSATIONS}/{workspace}")):
            raw = self._read(key)
            if raw is None or raw.decode() not in ids:
                self._storage.delete(key)

    def _read(self, key: str) -> bytes | None:
        return self._storage.read(key) if self._storage.exists(key) else None
