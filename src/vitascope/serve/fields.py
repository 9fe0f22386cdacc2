"""The fields of requests about films: their names, what each allows, and their schema for /openapi.json."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, WithJsonSchema
from starlette.datastructures import UploadFile

from vitascope.serve.body import Tree
from vitascope.serve.errors import of_validation

__all__ = [
    "ENGINE_FIELDS",
    "CharacterFields",
    "CreateFields",
    "EditFields",
    "ExtendFields",
    "Fields",
    "Form",
    "PictureReference",
    "RemixFields",
    "VideoReference",
    "checked",
    "documents_of",
    "id_of",
]

NUMBER = re.compile(r"(\d+(\.\d*)?|\.\d+)(/[1-9]\d*)?", re.ASCII)
"""5, 2.5, 30000/1001; without exponents, which can ask for more digits than a machine has."""
SEED_MOST = 2**63 - 1


def _exact(value: object) -> Fraction:
    text = str(value).strip()
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | str)
        or len(text) > 40
        or not NUMBER.fullmatch(text)
    ):
        raise ValueError(f"{str(value)[:40]!r} is not a number; give one such as 8 or 2.5.")
    return Fraction(text)


def _no_flag(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a truth value is not a number; give a whole number.")
    return value


Exact = Annotated[
    Fraction,
    BeforeValidator(_exact),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^\d+(\.\d+)?(/[1-9]\d*)?$"}]}),
]
Whole = Annotated[int, BeforeValidator(_no_flag)]
Upload = Annotated[UploadFile, WithJsonSchema({"type": "string", "format": "binary"})]
Words = Annotated[str, Field(min_length=1, max_length=32_000)]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Fields(BaseModel):
    """A body. What it does not know, it refuses."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


class PictureReference(Fields):
    """A picture to start from: as a data URL (`image_url`), or an uploaded file (`file_id`)."""

    image_url: Annotated[str, Field(max_length=28_000_000)] | None = None
    file_id: Name | None = None


class VideoReference(Fields):
    """A film of the workspace."""

    id: Name


class CharacterReference(Fields):
    """A character of the workspace."""

    id: Name


class Pointed(Fields):
    """What is pointed at in a film: a stretch of it (`start`, `end` [s]) or a moment (no `end`), subjects by their names."""

    start: Exact | None = None
    end: Exact | None = None
    subjects: Annotated[list[Name], Field(max_length=50)] = []


class CreateFields(Fields):
    """A film that is wished for."""

    prompt: Words
    model: Name = "sora-2"
    seconds: Annotated[Exact, Field(description="Length [s], 1 to 120; 4 if not given.")] | None = None
    size: Annotated[str, Field(max_length=40, description="WIDTHxHEIGHT or a name; 720x1280 if not given.")] | None = (
        None
    )
    input_reference: Upload | PictureReference | None = None
    characters: Annotated[list[CharacterReference | Name], Field(max_length=10)] | None = None
    seed: Annotated[Whole, Field(ge=0, le=SEED_MOST)] | None = None
    fps: Annotated[Exact, Field(description="Frames a second, 24 to 120.")] | None = None
    n: (
        Annotated[Whole, Field(ge=1, le=16, description="How many films, with seeds that follow on each other.")] | None
    ) = None
    negative_prompt: Annotated[str, Field(max_length=32_000)] | None = None
    audio: bool | None = None
    style: Annotated[str, Field(max_length=80)] | None = None
    engine: Name | None = None
    priority: Annotated[Whole, Field(ge=-10, le=10)] | None = None

    width: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    height: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    aspect_ratio: Annotated[str, Field(pattern=r"^[1-9]\d{0,3}(:|/)[1-9]\d{0,3}$")] | None = None
    short_edge: Annotated[Whole, Field(ge=128, le=2160)] | None = None
    num_frames: Annotated[Whole, Field(ge=1, le=20_000)] | None = None
    num_outputs_per_prompt: Annotated[Whole, Field(ge=1, le=16)] | None = None
    generate_sound: bool | None = None
    enhance_prompt: bool | None = None

    num_inference_steps: Annotated[Whole, Field(ge=1, le=10_000)] | None = None
    guidance_scale: float | None = None
    guidance_scale_2: float | None = None
    true_cfg_scale: float | None = None
    flow_shift: float | None = None
    boundary_ratio: float | None = None
    enable_frame_interpolation: bool | None = None
    frame_interpolation_exp: Whole | None = None
    frame_interpolation_scale: float | None = None
    enable_upscaling: bool | None = None
    upscaling_scale: float | None = None
    sound_duration: float | None = None
    lora: dict[str, Any] | list[Any] | str | None = None
    extra_params: dict[str, Any] | None = None


ENGINE_FIELDS = tuple(CreateFields.model_fields)[tuple(CreateFields.model_fields).index("num_inference_steps") :]
"""Settings that only some engines know, by the names that other servers gave them."""


class EditFields(Fields):
    """What is to be different in a film: one of the workspace (its id, or {id}), or a file that this server made."""

    prompt: Words
    video: Upload | VideoReference | Name
    choice: (
        Annotated[Whole, Field(ge=1, le=20, description="Answers the question that the same words led to.")] | None
    ) = None
    selection: Pointed | None = None


class ExtendFields(Fields):
    """How a film goes on, for how long. "continue" leaves that to the film."""

    prompt: Words = "continue"
    video: Upload | VideoReference | Name
    seconds: Annotated[Exact, Field(description="To add [s]; 4 if not given.")] | None = None
    choice: Annotated[Whole, Field(ge=1, le=20)] | None = None


class RemixFields(Fields):
    """What is to be different in the film that the address names."""

    prompt: Words
    choice: Annotated[Whole, Field(ge=1, le=20)] | None = None
    selection: Pointed | None = None


class CharacterFields(Fields):
    """A subject that films can ask for by name, from a film file or a film of the workspace."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    video: Upload | VideoReference | Name


Form = TypeVar("Form", bound=Fields)


def documents_of(form: type[Fields]) -> frozenset[str]:
    """The fields that a form may hold as one text of JSON: those that are no plain text or number."""
    schema = form.model_json_schema()
    return frozenset(name for name, described in schema["properties"].items() if _is_tree(described))


def checked(form: type[Form], tree: dict[str, Tree]) -> Form:
    """The fields in `tree`. Raises Invalid with the first that is wrong, and what is allowed."""
    try:
        return form.model_validate(tree)
    except ValidationError as error:
        raise of_validation(error.errors(include_url=False), known=tuple(form.model_fields)) from None


def id_of(reference: VideoReference | str) -> str:
    """The id, however it was written."""
    return reference if isinstance(reference, str) else reference.id


def _is_tree(described: dict[str, Any]) -> bool:
    ways = described.get("anyOf", [described])
    return any("$ref" in way or way.get("type") in ("array", "object") for way in ways)
