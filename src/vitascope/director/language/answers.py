"""From a model's text to a checked value: JSON found in it, within limits; what is wrong is sent back once."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from vitascope.director.language.endpoint import Asks, LanguageError, Message

__all__ = ["AnswerFault", "asked", "faults_of", "json_in", "plain"]

T = TypeVar("T")
VALUES_MOST, DEPTH_MOST, TEXT_LONGEST = 20_000, 16, 600
FAULTS_TOLD, ECHO_MOST = 8, 12_000
_THOUGHTS = re.compile(r"<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"```(?:json)?\s*\n(.*?)```", re.DOTALL)


class AnswerFault(ValueError):
    """An answer that cannot be used; the text says why, for the model."""


def asked(asks: Asks, messages: tuple[Message, ...], *, schema: Mapping[str, Any], understand: Callable[[Any], T]) -> T:
    """What `understand` makes of the answer; where it raises AnswerFault, the model is told and asked once more.

    Raises LanguageError.
    """
    text = asks(messages, schema=schema)
    try:
        return understand(json_in(text))
    except AnswerFault as fault:
        told = f"This cannot be used: {fault} Answer again with the whole JSON object, corrected, and nothing else."
    again = (*messages, Message(role="assistant", text=text[:ECHO_MOST] or "-"), Message(role="user", text=told))
    try:
        return understand(json_in(asks(again, schema=schema)))
    except AnswerFault:
        raise LanguageError("The language model answered twice with what cannot be used.") from None


def json_in(text: str) -> dict[str, Any]:
    """The JSON object in `text`: all of it, the part in a fence, or from the first brace on. Nulls are left out.

    Raises AnswerFault where there is none, or one that is too large, too deep or holds what is no plain text or number.
    """
    bare = _THOUGHTS.sub("", text).strip()
    for candidate in (bare, *(match.strip() for match in _FENCED.findall(bare)), *_from_brace(bare)):
        try:
            value = json.loads(candidate, parse_constant=_no_constant)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            _measure(value)
            return _without_nulls(value)
    raise AnswerFault("The answer holds no JSON object.")


def faults_of(error: ValidationError) -> str:
    """What a schema says against an answer, in a few short sentences."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(map(str, fault['loc'])) or 'the answer'}: {fault['msg']}." for fault in faults[:FAULTS_TOLD]]
    return " ".join(told)


def plain(text: str, longest: int = 300) -> str:
    """One line of printable text of at most `longest` characters, for people to read."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return words if len(words) <= longest else words[: longest - 1] + "…"


def _from_brace(text: str) -> Iterable[str]:
    """The text from its first brace to the brace that closes it."""
    start = text.find("{")
    if start >= 0:
        try:
            _, end = json.JSONDecoder(parse_constant=_no_constant).raw_decode(text, start)
        except (ValueError, RecursionError):
            return
        yield text[start:end]


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON")


def _measure(value: Any) -> None:
    waiting = [(value, 0)]
    count = 0
    while waiting:
        item, depth = waiting.pop()
        count += 1
        if count > VALUES_MOST or depth > DEPTH_MOST:
            raise AnswerFault(f"The answer is too large; up to {VALUES_MOST} values, {DEPTH_MOST} deep, are read.")
        if isinstance(item, dict):
            waiting += [(part, depth + 1) for pair in item.items() for part in pair]
        elif isinstance(item, list):
            waiting += [(part, depth + 1) for part in item]
        elif isinstance(item, str):
            if len(item) > TEXT_LONGEST or not item.replace("\n", " ").isprintable():
                raise AnswerFault(f"A text has more than {TEXT_LONGEST} characters or signs that cannot be printed.")
        elif isinstance(item, int | float) and (abs(item) > 1e9 or not math.isfinite(item)):
            raise AnswerFault("A number is beyond a thousand million.")


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value if item is not None]
    return value
