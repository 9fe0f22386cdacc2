"""How /openapi.json describes conversations: their messages, the bodies of both APIs, and answers that may be streamed. Data."""

from __future__ import annotations

from typing import Any

__all__ = ["CHAT_BODY", "RESPONSE_BODY", "STREAMED"]

Schema = dict[str, Any]

TEXT_PART: Schema = {
    "type": "object",
    "required": ["type", "text"],
    "properties": {"type": {"enum": ["text", "input_text", "output_text"]}, "text": {"type": "string"}},
}
DATA_URL: Schema = {"type": "string", "pattern": "^data:"}
PICTURE_PART: Schema = {
    "type": "object",
    "required": ["type", "image_url"],
    "properties": {
        "type": {"enum": ["image_url", "input_image"]},
        "image_url": {"anyOf": [DATA_URL, {"type": "object", "required": ["url"], "properties": {"url": DATA_URL}}]},
    },
}
CONTENT: Schema = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"anyOf": [TEXT_PART, PICTURE_PART]}}]
}  # fmt: skip
MESSAGE: Schema = {
    "type": "object",
    "required": ["role", "content"],
    "properties": {
        "type": {"enum": ["message"]},
        "role": {"enum": ["user", "assistant", "system", "developer", "tool", "function"]},
        "content": CONTENT,
    },
}
MESSAGES: Schema = {
    "type": "array",
    "minItems": 1,
    "maxItems": 2_000,
    "items": MESSAGE,
    "contains": {"type": "object", "required": ["role"], "properties": {"role": {"const": "user"}}},
}
SEED: Schema = {"type": ["integer", "null"], "minimum": 0, "maximum": 2**63 - 1}
FLAG: Schema = {"type": ["boolean", "null"]}
MODEL: Schema = {"type": ["string", "null"], "minLength": 1, "maxLength": 200, "default": "vitascope"}
CHAT: Schema = {
    "type": "object",
    "required": ["messages"],
    "properties": {
        "model": MODEL,
        "messages": MESSAGES,
        "stream": FLAG,
        "stream_options": {"type": ["object", "null"], "properties": {"include_usage": FLAG}},
        "seed": SEED,
    },
}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 200}
RESPONSE: Schema = {
    "type": "object",
    "required": ["input"],
    "properties": {
        "model": MODEL,
        "input": {"anyOf": [{"type": "string"}, MESSAGES]},
        "instructions": {"type": ["string", "null"]},
        "previous_response_id": {"type": ["string", "null"], "pattern": "^resp_[0-9a-f]{32}$"},
        "conversation": {
            "anyOf": [NAME, {"type": "object", "required": ["id"], "properties": {"id": NAME}}, {"type": "null"}]
        },
        "metadata": {
            "type": ["object", "null"], "maxProperties": 16, "additionalProperties": {"type": "string", "maxLength": 512}
        },
        "stream": FLAG,
        "store": FLAG,
        "background": FLAG,
        "seed": SEED,
    },
}  # fmt: skip


def _body(schema: Schema) -> Schema:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


CHAT_BODY, RESPONSE_BODY = _body(CHAT), _body(RESPONSE)
STREAMED: dict[int | str, Schema] = {
    200: {
        "description": "The answer, whole or as events.",
        "content": {
            "application/json": {"schema": {"type": "object"}},
            "text/event-stream": {},
        },
    }
}
