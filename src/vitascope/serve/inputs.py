"""The bodies of conversations, as clients write them -> messages and options. Raises Invalid with the path of what is wrong.

What a film cannot use (tools, temperature, penalties …) is read over: front-ends send it to every model.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from fastapi import Request

from vitascope.jobs.errors import Invalid
from vitascope.serve.errors import TooLarge
from vitascope.serve.thread import Message

__all__ = ["MODEL", "Talk", "chat_talk", "json_object", "response_talk", "words_in"]

MODEL = "vitascope"
BYTES_MOST = 32 * 1024 * 1024
MESSAGES_MOST, TEXT_MOST = 2_000, 2_000_000
SEED_MOST = 2**63 - 1
Role = Literal["user", "assistant", "system"]
ROLES: dict[str, Role | None] = {
    "user": "user", "assistant": "assistant", "system": "system", "developer": "system", "tool": None, "function": None,
}  # fmt: skip
"""Whom a role stands for; None is read over."""
TEXT_PARTS = frozenset(("text", "input_text", "output_text", "refusal", "summary_text", "reasoning_text"))
PICTURE_PARTS = frozenset(("image_url", "input_image"))
OTHER_ITEMS = frozenset((
    "reasoning", "item_reference", "function_call", "function_call_output", "custom_tool_call", "custom_tool_call_output",
    "web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "mcp_call", "mcp_list_tools",
    "computer_call", "computer_call_output", "local_shell_call", "local_shell_call_output", "compaction",
))  # fmt: skip
"""Items of other models' work in the input of a response; read over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """What a request says: the messages, and how it is to be answered."""

    messages: tuple[Message, ...]
    model: str
    stream: bool = False
    include_usage: bool = False
    seed: int | None = None


def words_in(text: str) -> int:
    """How usage is counted: words, parted by blanks."""
    return len(text.split())


async def json_object(request: Request) -> dict[str, object]:
    """The body of a request. Raises Invalid or TooLarge."""
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > BYTES_MOST:
            raise TooLarge(f"The body has more than {BYTES_MOST:,} bytes; leave out old messages or pictures.")
    try:
        tree = json.loads(bytes(raw))
    except (ValueError, RecursionError):
        raise Invalid("The body is not valid JSON; send an object.", code="invalid_json") from None
    if not isinstance(tree, dict):
        raise Invalid("The body is JSON, but not an object.", code="invalid_json")
    return tree


def chat_talk(body: dict[str, object]) -> Talk:
    """A request to /v1/chat/completions."""
    if "messages" not in body:
        raise Invalid(
            "The field 'messages' is missing; it is needed.", code="missing_required_parameter", param="messages"
        )
    options = body.get("stream_options")
    if options is not None and not isinstance(options, dict):
        raise Invalid('stream_options must be an object such as {"include_usage": true}.', param="stream_options")
    return Talk(
        messages=_messages(body["messages"], "messages"),
        model=_model(body),
        stream=flag(body, "stream"),
        include_usage=flag(options or {}, "include_usage", "stream_options.include_usage"),
        seed=_seed(body),
    )


def response_talk(body: dict[str, object], earlier: tuple[Message, ...] = ()) -> Talk:
    """A request to /v1/responses that goes on from `earlier` messages."""
    given = body.get("input")
    if given is None:
        raise Invalid("The field 'input' is missing; it is needed.", code="missing_required_parameter", param="input")
    said = (Message(role="user", text=_text(given, "input")),) if isinstance(given, str) else _messages(given, "input")
    instructions = body.get("instructions")
    if instructions is not None and not isinstance(instructions, str):
        raise Invalid("instructions must be text.", param="instructions")
    above = (Message(role="system", text=_text(instructions, "instructions")),) if instructions else ()
    return Talk(
        messages=(*above, *earlier, *said), model=_model(body), stream=flag(body, "stream"), seed=_seed(body)
    )  # fmt: skip


def flag(body: dict[str, object], name: str, param: str | None = None, default: bool = False) -> bool:
    """A field that is true or false; null counts as not given."""
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise Invalid(f"{param or name} is {_shown(value)}; give true or false.", param=param or name)
    return value


def _model(body: dict[str, object]) -> str:
    model = body.get("model")
    if model is None:
        return MODEL
    if not isinstance(model, str) or not 1 <= len(model) <= 200:
        raise Invalid(f'The field "model" must be the name of a model, such as {MODEL!r}.', param="model")
    return model


def _seed(body: dict[str, object]) -> int | None:
    seed = body.get("seed")
    if seed is None:
        return None
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed <= SEED_MOST:
        raise Invalid(f"seed is {_shown(seed)}; give a whole number from 0 to {SEED_MOST}.", param="seed")
    return seed


def _messages(given: object, param: str) -> tuple[Message, ...]:
    if not isinstance(given, list) or not given:
        raise Invalid(f"{param} must be a list with at least one message.", param=param)
    if len(given) > MESSAGES_MOST:
        raise Invalid(f"{param} has {len(given)} messages; at most {MESSAGES_MOST:,} are read.", param=param)
    found = [_message(each, f"{param}[{number}]") for number, each in enumerate(given)]
    said = tuple(message for message in found if message is not None)
    if not any(message.role == "user" for message in said):
        raise Invalid(f"{param} holds nothing that a user says; add a message with the role user.", param=param)
    return said


def _message(given: object, param: str) -> Message | None:
    """A message; None for one that a film cannot use."""
    if not isinstance(given, dict):
        raise Invalid(f'{param} must be an object such as {{"role": "user", "content": "…"}}.', param=param)
    kind = given.get("type")
    if kind not in (None, "message"):
        if isinstance(kind, str) and kind in OTHER_ITEMS:
            return None
        raise Invalid(f"{param}.type is {_shown(kind)}; give message.", param=f"{param}.type")
    role = given.get("role")
    if not isinstance(role, str) or role not in ROLES:
        allowed = "user, assistant, system, developer or tool"
        raise Invalid(f"{param}.role is {_shown(role)}; give {allowed}.", param=f"{param}.role")
    content = given.get("content")
    speaker = ROLES[role]
    if content is None and role != "assistant":
        raise Invalid(f"{param}.content is missing; give text or parts.", param=f"{param}.content")
    if speaker is None:
        return None
    if content is None:
        return Message(role=speaker, text="")
    if isinstance(content, str):
        return Message(role=speaker, text=_text(content, f"{param}.content"))
    if not isinstance(content, list):
        raise Invalid(f"{param}.content is {_shown(content)}; give text or a list of parts.", param=f"{param}.content")
    return _of_parts(speaker, content, f"{param}.content")


def _of_parts(role: Role, parts: list[object], param: str) -> Message:
    texts, pictures = [], []
    for number, part in enumerate(parts):
        where = f"{param}[{number}]"
        kind = part.get("type") if isinstance(part, dict) else None
        if not isinstance(part, dict) or not isinstance(kind, str) or kind not in TEXT_PARTS | PICTURE_PARTS:
            raise Invalid(
                f"{where} is a part of the type {_shown(kind)}; give text or image_url.", param=f"{where}.type"
            )
        if kind in TEXT_PARTS:
            name = "refusal" if kind == "refusal" else "text"
            texts.append(_text(part.get(name), f"{where}.{name}"))
        elif role == "user":
            pictures.append(_picture(part.get("image_url"), f"{where}.image_url"))
    return Message(role=role, text="\n".join(texts), pictures=tuple(pictures))


def _picture(given: object, param: str) -> str:
    if isinstance(given, dict):
        given, param = given.get("url"), f"{param}.url"
    if not isinstance(given, str) or not given:
        raise Invalid(f"{param} must be a data URL such as data:image/png;base64,….", param=param)
    if not given[:5].lower() == "data:":
        raise Invalid(
            f"{param} is an address, and addresses are not fetched; send the picture as a data URL.", param=param
        )
    return given


def _text(given: object, param: str) -> str:
    if not isinstance(given, str):
        raise Invalid(f"{param} is {_shown(given)}; give text.", param=param)
    if len(given) > TEXT_MOST:
        raise Invalid(f"{param} has {len(given):,} characters; at most {TEXT_MOST:,} are read.", param=param)
    try:
        given.encode()
    except UnicodeEncodeError:
        raise Invalid(f"{param} is not whole Unicode: it holds half of a pair; send it anew.", param=param) from None
    return given.replace("\x00", "")


def _shown(value: object) -> str:
    text = json.dumps(value, default=str)
    return text if len(text) <= 40 else text[:40] + "…"
