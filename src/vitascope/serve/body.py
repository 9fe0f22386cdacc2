"""One reader for the bodies of requests: JSON, multipart and urlencoded forms become the same tree of values.

Forms write trees as clients do: a[b]=c, a[]=x, a[0]=x, a[][k]=v, or any field as one text of JSON. What could be meant in
two ways is refused. `tree_of` is pure; only `read_body` touches a request.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Sequence
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from vitascope.jobs.errors import Invalid
from vitascope.serve.errors import TooLarge

__all__ = ["DEPTH_MOST", "Tree", "from_json", "read_body", "tree_of"]

MIB = 1024 * 1024
JSON_MOST = 32 * MIB
"""A picture of 20 MiB as a data URL fits."""
FIELDS_MOST, FILES_MOST, DEPTH_MOST, KEY_MOST, LIST_MOST = 400, 8, 8, 200, 1000

Tree = None | bool | int | float | str | UploadFile | list["Tree"] | dict[str, "Tree"]
KEY = re.compile(r"(?P<name>[^\[\]]+)(?P<rest>(\[[^\[\]]*\])*)")
STEP = re.compile(r"\[([^\[\]]*)\]")


async def read_body(request: Request, *, documents: Collection[str] = (), most: int = JSON_MOST) -> dict[str, Tree]:
    """The fields of a request. Those named in `documents` may be one text of JSON in a form.

    `most` [bytes] bounds a body without files; those are bounded by the server's settings. Raises Invalid or TooLarge.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return tree_of(await _parts(request, most), documents=documents)
    raw = await _bytes(request, most)
    if kind == "application/x-www-form-urlencoded":
        return tree_of(_pairs(raw), documents=documents)
    if kind not in ("application/json", "") and not kind.endswith("+json"):
        raise Invalid(
            f"The body is {kind[:80]!r}; send application/json, multipart/form-data or application/x-www-form-urlencoded.",
            code="unsupported_media_type",
        )
    if not raw.strip():
        return {}
    tree = from_json(raw)
    if not isinstance(tree, dict):
        raise Invalid('The body is JSON, but not an object; send one such as {"prompt": "…"}.', code="invalid_json")
    return tree


def tree_of(pairs: Sequence[tuple[str, str | UploadFile]], *, documents: Collection[str] = ()) -> dict[str, Tree]:
    """The tree that the fields of a form write. Raises Invalid with the field when they can be taken in two ways."""
    if len(pairs) > FIELDS_MOST:
        raise Invalid(f"The form has {len(pairs)} fields; at most {FIELDS_MOST} are read.", code="too_many_fields")
    branches: dict[str, list[tuple[list[str], str | UploadFile]]] = {}
    for key, value in pairs:
        name, steps = _path(key)
        if isinstance(value, str):
            _checked(value, key)
        branches.setdefault(name, []).append((steps, value))
    tree = {name: _grown(name, found) for name, found in branches.items()}
    for name in documents:
        text = tree.get(name)
        if isinstance(text, str) and text.lstrip()[:1] in ("{", "["):
            tree[name] = from_json(text.encode(), name)
    return tree


def from_json(raw: bytes, param: str | None = None) -> Tree:
    """The tree that a text of JSON writes: no key twice, no NaN, no depth without end. Raises Invalid."""
    try:
        tree = json.loads(raw, object_pairs_hook=_once, parse_constant=_no_constant)
    except Invalid as error:
        raise Invalid(error.message, code=error.code, param=param or error.param) from None
    except RecursionError:
        raise Invalid(
            f"The JSON is nested too deeply; {DEPTH_MOST} levels are read.", code="invalid_json", param=param
        ) from None
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise Invalid(f"This is not valid JSON{where}.", code="invalid_json", param=param) from None
    _check_tree(tree, param)
    return tree


def _path(key: str) -> tuple[str, list[str]]:
    """The name of a field and the steps in brackets behind it; "" is a step to the next of a list."""
    found = KEY.fullmatch(key) if len(key) <= KEY_MOST else None
    if found is None:
        raise Invalid(f"The field {key[:60]!r} is not written well; write a, a[b], a[] or a[0].", param=key[:60])
    _checked(key, key[:60])
    steps = STEP.findall(found["rest"])
    if len(steps) >= DEPTH_MOST:
        raise Invalid(
            f"The field {key[:60]!r} is nested too deeply; {DEPTH_MOST} levels are read.", param=found["name"]
        )
    return found["name"], steps


def _grown(name: str, leaves: list[tuple[list[str], str | UploadFile]]) -> Tree:
    """The value of the field `name`, written by `leaves`: the steps below it, and the text or file there."""
    ends = [value for steps, value in leaves if not steps]
    if ends:
        if len(leaves) > 1:
            again = "is given twice" if len(ends) > 1 else "is given as a value and as a tree"
            raise Invalid(f"The field {name!r} {again}; give it once, or write a list as {name}[].", param=name)
        return ends[0]
    heads = {steps[0] for steps, _ in leaves}
    if "" in heads:
        if len(heads) > 1:
            raise Invalid(
                f"The field {name!r} is a list in one place and a tree in another; give one of them.", param=name
            )
        return _listed(name, [(steps[1:], value) for steps, value in leaves])
    branches: dict[str, list[tuple[list[str], str | UploadFile]]] = {}
    for steps, value in leaves:
        branches.setdefault(steps[0], []).append((steps[1:], value))
    grown = {step: _grown(f"{name}[{step}]", found) for step, found in branches.items()}
    if all(step.isascii() and step.isdigit() for step in grown):
        if set(grown) != {str(number) for number in range(len(grown))}:
            raise Invalid(f"The list {name!r} is numbered with gaps; number it from 0.", param=name)
        return [grown[str(number)] for number in range(len(grown))]
    return grown


def _listed(name: str, leaves: list[tuple[list[str], str | UploadFile]]) -> list[Tree]:
    """The list of the fields name[]: values, or trees whose parts came one by one or sorted by key.

    Which parts belong together is certain only when each key came equally often.
    """
    if all(not steps for steps, _ in leaves):
        return [value for _, value in leaves]
    unclear = Invalid(
        f"It is unclear which parts of {name}[] belong together; number them ({name}[0][…]) or send the list as JSON.",
        code="ambiguous_fields",
        param=name,
    )
    columns: dict[tuple[str, ...], list[str | UploadFile]] = {}
    for steps, value in leaves:
        if not steps or "" in steps:
            raise unclear
        columns.setdefault(tuple(steps), []).append(value)
    if len({len(values) for values in columns.values()}) != 1:
        raise unclear
    rows = zip(*columns.values(), strict=True)
    return [_grown(name, [(list(steps), value) for steps, value in zip(columns, row, strict=True)]) for row in rows]


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid(f"The key {twice[:60]!r} is given twice; give it once.", code="invalid_json", param=twice[:60])
    return tree


def _no_constant(text: str) -> object:
    raise Invalid(f"The JSON holds {text}, which is not a number; give one.", code="invalid_json")


def _check_tree(tree: object, param: str | None) -> None:
    """Raises Invalid for what is too deep or too long, or no text or number that can be kept."""
    waiting: list[tuple[object, int, str | None]] = [(tree, 1, param)]
    while waiting:
        node, depth, name = waiting.pop()
        if isinstance(node, dict | list):
            if depth > DEPTH_MOST:
                raise Invalid(
                    f"The JSON is nested too deeply; {DEPTH_MOST} levels are read.", code="invalid_json", param=name
                )
            if len(node) > LIST_MOST:
                raise Invalid(
                    f"The JSON has a list of {len(node)}; at most {LIST_MOST} are read.",
                    code="invalid_json",
                    param=name,
                )
            pairs = node.items() if isinstance(node, dict) else ((None, each) for each in node)
            for key, each in pairs:
                if key is not None:
                    _checked(key, key[:60])
                waiting.append((each, depth + 1, name or key))
        elif isinstance(node, str):
            _checked(node, name)
        elif isinstance(node, float) and not math.isfinite(node):
            raise Invalid("The JSON holds a number that is too large.", code="invalid_json", param=name)


def _checked(text: str, param: str | None) -> None:
    """Raises Invalid for text that is no text: with a NUL, or with half of a pair of UTF-16."""
    try:
        whole = "\x00" not in text and text.encode() is not None
    except UnicodeEncodeError:
        whole = False
    if not whole:
        named = (param or "").encode("ascii", "replace").decode().replace("\x00", "?")
        raise Invalid(
            "The text holds a sign that no text has (NUL, or half of a pair); leave it out.", param=named or None
        )


def _pairs(raw: bytes) -> list[tuple[str, str | UploadFile]]:
    try:
        found = parse_qsl(
            raw.decode(), keep_blank_values=True, strict_parsing=False, errors="strict", max_num_fields=FIELDS_MOST
        )
    except ValueError:
        raise Invalid("The form cannot be read; send UTF-8, with at most 400 fields.", code="invalid_form") from None
    return list(found)


async def _bytes(request: Request, most: int) -> bytes:
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > most:
            raise TooLarge(f"The body is larger than {most // MIB} MiB; send files as multipart/form-data.")
    return bytes(raw)


async def _parts(request: Request, most: int) -> list[tuple[str, str | UploadFile]]:
    """The parts of a multipart form. Files lie on disk from 1 MiB on, and are gone with the request."""
    parser = MultiPartParser(
        request.headers,
        request.stream(),
        max_files=FILES_MOST,
        max_fields=FIELDS_MOST,
        max_part_size=most,  # type: ignore[arg-type]
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Invalid(f"The form cannot be read: {error.message.rstrip('.')}.", code="invalid_form") from None
    return form.multi_items()
