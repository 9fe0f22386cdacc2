"""Forms made out of typed values: a field for each value that can be typed, and back from what was typed. Pure.

The fields come from the JSON schema of the value, so a form allows what the document allows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from vitascope.film.parts import Value
from vitascope.film.wording import plain
from vitascope.web.strings import say, texts

__all__ = ["Choices", "Field", "TypedError", "fields_of", "typed"]

Kind = Literal["text", "number", "seconds", "choice", "list"]
Choices = Mapping[str, Sequence[tuple[str, str]]]
"""For fields that name something: what they may name, and how it is called."""
Typed = TypeVar("Typed", bound=Value)
NUMBER = re.compile(r"[-+]?\d{1,9}(\.\d{1,9})?(/0*[1-9]\d{0,8})?|[-+]?\.\d{1,9}")
"""A number as people type it, or a fraction."""


class TypedError(ValueError):
    """What was typed cannot be; the text is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form. `text` is what stands in it; an optional one may be empty."""

    name: str
    label: str
    kind: Kind
    text: str
    optional: bool = False
    least: float | None = None
    most: float | None = None
    choices: tuple[tuple[str, str], ...] = ()


def fields_of(value: Value, *, choices: Choices | None = None, leave: Sequence[str] = ()) -> tuple[Field, ...]:
    """A field for each value of `value` that can be typed, but for those to `leave`; a span gives its start and its end."""
    schema = type(value).model_json_schema()
    found: list[Field] = []
    for name, about in schema["properties"].items():
        if name in leave:
            continue
        given = getattr(value, name)
        if about.get("$ref") == "#/$defs/Span":
            found += [_field(end, SECONDS, getattr(given, end), None) for end in ("start", "end")]
        elif (
            field := _field(name, {**about, **_limits(type(value), name)}, given, (choices or {}).get(name))
        ) is not None:
            found.append(field)
    return tuple(found)


def typed(value: Typed, written: Mapping[str, str], *, fields: Sequence[Field]) -> Typed:
    """`value` with what was `written` into `fields`, by their names. Raises TypedError for what the document does not allow."""
    given: dict[str, Any] = {field.name: _read(field, written.get(field.name, field.text)) for field in fields}
    if {"start", "end"} <= given.keys() and "span" in type(value).model_fields:
        given["span"] = {"start": given.pop("start"), "end": given.pop("end")}
    try:
        return type(value).model_validate({**dict(value), **given})
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        name = str(fault["loc"][-1]) if fault["loc"] else ""
        raise TypedError(
            say("typed.fault", field=_label(name) if name else "", fault=fault["msg"].removeprefix("Value error, "))
        ) from None


SECONDS: Mapping[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": ""}], "minimum": 0}


def _limits(kind: type[Value], name: str) -> dict[str, Any]:
    """The least and the most that exact seconds may be, which their schema leaves out."""
    found: dict[str, Any] = {}
    for limit in kind.model_fields[name].metadata:
        found |= {word: value for word, key in LIMITS.items() if (value := getattr(limit, key, None)) is not None}
    return found


LIMITS = {"minimum": "ge", "maximum": "le"}


def _field(name: str, about: Mapping[str, Any], given: Any, named: Sequence[tuple[str, str]] | None) -> Any:
    """The field for one value, None for one that cannot be typed."""
    ways = [way for way in about.get("anyOf", [about]) if way.get("type") != "null"]
    optional = len(ways) < len(about.get("anyOf", [about]))
    way = {**about, **ways[0]}
    common: dict[str, Any] = {"name": name, "label": _label(name), "optional": optional}
    limits: dict[str, Any] = {
        "least": way.get("minimum", way.get("exclusiveMinimum")),
        "most": way.get("maximum", way.get("exclusiveMaximum")),
    }
    if named is not None:
        own = "" if given is None else str(given)
        known = tuple(named) if own in ("", *(key for key, _ in named)) else ((own, plain(own)), *named)
        return Field(**common, kind="choice", text=own, choices=known)
    if "enum" in way:
        return Field(**common, kind="choice", text=given or "", choices=tuple((one, plain(one)) for one in way["enum"]))
    if len(ways) == 2 and {one.get("type") for one in ways} == {"number", "string"}:
        return Field(**common, kind="seconds", text="" if given is None else _written(given), **limits)
    if way.get("type") in ("number", "integer"):
        return Field(**common, kind="number", text="" if given is None else f"{given:g}", **limits)
    if way.get("type") == "string":
        return Field(**common, kind="text", text=given or "")
    if way.get("type") == "array" and way.get("items", {}).get("type") == "string":
        return Field(**common, kind="list", text=", ".join(given))
    return None


def _read(field: Field, text: str) -> Any:
    """What was typed into a field, as the document has it. Raises TypedError."""
    text = " ".join(text.split())
    if field.kind == "list":
        return tuple(filter(None, (one.strip() for one in text.split(","))))
    if not text:
        if field.optional or field.kind == "text":
            return None if field.optional else ""
        raise TypedError(say("typed.empty", field=field.label))
    if field.kind in ("seconds", "number"):
        return _number(field, text)
    if field.kind == "choice" and text not in (key for key, _ in field.choices):
        raise TypedError(say("typed.choice", field=field.label, given=text[:40]))
    return text


def _number(field: Field, text: str) -> Fraction | float:
    plain_text = text.replace(",", ".")
    if not NUMBER.fullmatch(plain_text):
        raise TypedError(say("typed.number", field=field.label, given=text[:40]))
    number = Fraction(plain_text)
    least, most = field.least, field.most
    if (least is not None and number < Fraction(str(least))) or (most is not None and number > Fraction(str(most))):
        below = say("typed.from", least=f"{least:g}") if most is None else ""
        within = below or say("typed.within", least=f"{0 if least is None else least:g}", most=f"{most:g}")
        raise TypedError(say("typed.range", field=field.label, given=text[:40], within=within))
    if field.kind == "seconds":
        return number
    return float(number)


def _written(value: Fraction) -> str:
    """Seconds as a short decimal where they are one, else as a fraction."""
    short = f"{float(value):g}"
    return short if Fraction(short) == value else str(value)


def _label(name: str) -> str:
    return texts().get(f"value.{name}") or plain(name).capitalize()
