"""JSON schemas for a language model, derived from the frozen types that its answers become: compact, closed, with names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel

__all__ = ["compact"]

_DROPPED = frozenset(("title", "description", "default", "discriminator", "format"))
_NUMBER = {"type": "number"}


def compact(
    answer: type[BaseModel],
    *,
    without: Mapping[str, Iterable[str]] | None = None,
    named: Mapping[str, Iterable[str]] | None = None,
    never: Iterable[str] = (),
) -> dict[str, Any]:
    """The schema of `answer` without titles, texts and defaults, closed to unknown fields.

    It says anyOf for oneOf, which fewer servers know.
    `without` lists fields by type that a model does not fill in ("Draft": ["prompt"]); `named` the values that a field of
    a type may have ("Entity.recipe": [...]); `never` types that are no choice among others.
    """
    whole = _cleaned(_schema_of(answer), frozenset(f"#/$defs/{name}" for name in never))
    types = whole.get("$defs", {})
    for name, fields in (without or {}).items():
        for field in fields:
            types[name]["properties"].pop(field)
            if field in types[name].get("required", ()):
                types[name]["required"].remove(field)
    for path, values in (named or {}).items():
        name, field = path.split(".")
        types[name]["properties"][field] = {"type": "string", "enum": list(values)}
    return _pruned(whole)


@cache
def _schema_of(answer: type[BaseModel]) -> Mapping[str, Any]:
    return answer.model_json_schema()


def _cleaned(value: Any, never: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [
            _cleaned(item, never) for item in value if not (isinstance(item, Mapping) and item.get("$ref") in never)
        ]
    if not isinstance(value, Mapping):
        return value
    if any(option.get("format") == "fraction" or "pattern" in option for option in value.get("anyOf", ())):
        return dict(_NUMBER)
    kept = {}
    for key, item in value.items():
        if key == "properties":
            kept[key] = {name: _cleaned(field, never) for name, field in item.items()}
        elif key == "anyOf" and {"type": "null"} in item:
            others = [_cleaned(option, never) for option in item if option != {"type": "null"}]
            kept |= others[0] if len(others) == 1 else {"anyOf": others}
        elif key == "oneOf":
            kept["anyOf"] = _cleaned(item, never)
        elif key not in _DROPPED:
            kept[key] = _cleaned(item, never)
    if kept.get("type") == "object" and "properties" in kept:
        kept["additionalProperties"] = False
        kinds = [name for name, field in kept["properties"].items() if "const" in field]
        if kinds:
            kept["required"] = [*kinds, *(name for name in kept.get("required", ()) if name not in kinds)]
    return kept


def _pruned(schema: dict[str, Any]) -> dict[str, Any]:
    """Without types that nothing refers to any more."""
    types = schema.pop("$defs", {})
    needed: dict[str, Any] = {}
    waiting = list(_referred(schema))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = types[name]
            waiting += _referred(types[name])
    return {**schema, "$defs": {name: needed[name] for name in sorted(needed)}} if needed else schema


def _referred(value: Any) -> Iterable[str]:
    if isinstance(value, Mapping):
        if "$ref" in value:
            yield value["$ref"].rsplit("/", 1)[1]
        for item in value.values():
            yield from _referred(item)
    elif isinstance(value, list):
        for item in value:
            yield from _referred(item)
