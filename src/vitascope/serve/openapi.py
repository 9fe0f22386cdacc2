"""What /openapi.json says: bodies in all their encodings, answers, errors, and how a key is sent."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field

from vitascope import __version__
from vitascope.film import Reading

__all__ = ["CHARACTER", "CHARACTERS", "DELETED", "MODEL", "MODELS", "VIDEO", "VIDEOS", "body_of", "describe"]


class Described(BaseModel):
    """An answer, for the description only: answers are written by hand."""


class Fault(Described):
    code: str
    message: str
    param: str | None
    type: str | None


class ErrorEnvelope(Described):
    """What every request that fails is answered with."""

    error: Fault


class Reused(Described):
    """Frames that an edit did not draw again."""

    frames: int
    of: int
    graded: int
    redrawn: int
    drawn: int
    words: str


class VideoObject(Described):
    """A film: a job until it is completed."""

    id: str
    object: Literal["video"]
    model: str
    status: Literal["queued", "in_progress", "completed", "failed", "cancelled"]
    progress: int = Field(ge=0, le=100)
    created_at: int
    completed_at: int | None
    expires_at: int | None
    seconds: str
    size: str
    quality: str
    prompt: str | None
    remixed_from_video_id: str | None
    error: Fault | None
    seed: int
    fps: float
    n: int
    variants: list[str] | None = None
    negative_prompt: str | None
    audio: bool
    style: str | None
    engine: str
    parent_id: str | None
    operation: Literal["create", "edit", "remix", "extend", "import"]
    reading: Reading
    said: str
    reused: Reused | None
    revised_prompt: str | None
    name: str | None
    starred: bool
    started_at: int | None
    forecast_seconds: float | None
    frames: int
    frames_done: int
    size_bytes: int | None
    remark: str | None
    url: str | None
    thumbnail_url: str | None


class Listed(Described):
    object: Literal["list"]
    first_id: str | None
    last_id: str | None
    has_more: bool


class VideoList(Listed):
    """Films by time."""

    data: list[VideoObject]


class CharacterObject(Described):
    """A subject under a name."""

    id: str
    object: Literal["character"]
    created_at: int
    name: str


class CharacterList(Listed):
    """All characters."""

    data: list[CharacterObject]


class Deleted(Described):
    """What was deleted."""

    id: str
    object: str
    deleted: Literal[True]


class ModelObject(Described):
    """What can be asked for as `model`."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    stands_for: str | None
    ready: bool
    remark: str | None
    input_reference: bool
    edits: bool


class ModelList(Described):
    """All models."""

    object: Literal["list"]
    data: list[ModelObject]


VIDEO: dict[int | str, dict[str, Any]] = {200: {"model": VideoObject}}
VIDEOS: dict[int | str, dict[str, Any]] = {200: {"model": VideoList}}
CHARACTER: dict[int | str, dict[str, Any]] = {200: {"model": CharacterObject}}
CHARACTERS: dict[int | str, dict[str, Any]] = {200: {"model": CharacterList}}
DELETED: dict[int | str, dict[str, Any]] = {200: {"model": Deleted}}
MODEL: dict[int | str, dict[str, Any]] = {200: {"model": ModelObject}}
MODELS: dict[int | str, dict[str, Any]] = {200: {"model": ModelList}}

ENCODINGS = ("application/json", "multipart/form-data", "application/x-www-form-urlencoded")


def body_of(form: type[BaseModel]) -> dict[str, Any]:
    """The description of a body that may come in any of the encodings."""
    schema = _inlined(form.model_json_schema())
    content = {
        encoding: {"schema": _as_json(schema) if encoding != "multipart/form-data" else schema}
        for encoding in ENCODINGS
    }
    return {"requestBody": {"required": True, "content": content}}


def describe(app: FastAPI) -> None:
    """Have `app` describe itself at /openapi.json, with keys, and errors on every route."""

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title="Vitascope",
                version=__version__,
                routes=app.routes,
                description="A film studio over HTTP: the Videos API, and more.",
            )
            parts = schema.setdefault("components", {})
            parts["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
            schema["security"] = [{"key": []}]
            _add_errors(schema)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _add_errors(schema: dict[str, Any]) -> None:
    """Errors are one shape everywhere, FastAPI's own is not sent."""
    parts = schema["components"].setdefault("schemas", {})
    parts.pop("HTTPValidationError", None)
    parts.pop("ValidationError", None)
    parts["Error"] = _inlined(ErrorEnvelope.model_json_schema())
    error = {
        "description": "What is wrong.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    for operations in schema["paths"].values():
        for operation in operations.values():
            answers = operation.setdefault("responses", {})
            answers.pop("422", None)
            answers.setdefault("4XX", error)
            answers.setdefault("5XX", error)


def _inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without $defs: what it refers to stands in its place."""
    parts = schema.pop("$defs", {})

    def grown(node: Any) -> Any:
        if isinstance(node, list):
            return [grown(each) for each in node]
        if not isinstance(node, dict):
            return node
        if "$ref" in node:
            return grown(parts[node["$ref"].rpartition("/")[2]])
        return {key: grown(value) for key, value in node.items()}

    return grown(schema)


def _as_json(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without files, which only a multipart form can hold."""
    properties = {}
    for name, described in schema["properties"].items():
        ways = described.get("anyOf")
        if ways is None:
            properties[name] = described
            continue
        properties[name] = described | {"anyOf": [way for way in ways if way.get("format") != "binary"]}
    return schema | {"properties": properties}
