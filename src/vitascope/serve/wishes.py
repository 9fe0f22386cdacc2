"""From the fields of a request to a `Wish`: the same thing said in the words of several servers is one thing here."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeVar

from vitascope.film import Size, SizeError, size_named
from vitascope.jobs.errors import Invalid
from vitascope.jobs.values import Wish
from vitascope.render import RenderError
from vitascope.render.styles import style_named
from vitascope.serve.fields import ENGINE_FIELDS, CreateFields

__all__ = ["SECONDS", "wish_from"]

SECONDS = Fraction(4)
SHORT_EDGE, PORTRAIT = 720, "9:16"
RATE = Fraction(24)
DEFAULT_MODEL = CreateFields.model_fields["model"].default
T = TypeVar("T")


def wish_from(fields: CreateFields, *, idempotency_key: str | None = None) -> Wish:
    """The wish that `fields` write, without the picture. Raises Invalid with the field."""
    extra = {name: value for name in ENGINE_FIELDS if (value := getattr(fields, name)) is not None}
    nested = extra.pop("extra_params", {})
    if twice := set(nested) & set(CreateFields.model_fields):
        name = min(twice)
        raise Invalid(
            f"The field {name!r} is given within extra_params; give it beside it.", param=f"extra_params.{name}"
        )
    return Wish(
        prompt=_words(fields.prompt),
        model=_engine(fields),
        seconds=_length(fields),
        size=_size(fields),
        fps=_within("fps", fields.fps, 24, 120, "frames a second"),
        seed=fields.seed,
        style=_style(fields.style),
        negative_prompt=fields.negative_prompt or None,
        audio=_one("audio", fields.audio, "generate_sound", fields.generate_sound, True),
        n=_one("n", fields.n, "num_outputs_per_prompt", fields.num_outputs_per_prompt, 1),
        characters=tuple(each if isinstance(each, str) else each.id for each in fields.characters or ()),
        priority=fields.priority or 0,
        idempotency_key=idempotency_key,
        extra=extra | nested,
    )


def _words(prompt: str) -> str:
    if not prompt.strip():
        raise Invalid("The prompt is empty; say what the film shows.", param="prompt")
    return prompt


def _engine(fields: CreateFields) -> str:
    if fields.engine is None or fields.model in (DEFAULT_MODEL, fields.engine):
        return fields.engine or fields.model
    raise Invalid(f"model is {fields.model!r} and engine is {fields.engine!r}; give one of them.", param="engine")


def _one(name: str, value: T | None, other: str, same: T | None, default: T) -> T:
    """The value of two names for one thing. Raises Invalid when they say two things."""
    if value is not None and same is not None and value != same:
        raise Invalid(f"{name} is {value} and {other} is {same}, which mean the same; give one of them.", param=other)
    return value if value is not None else same if same is not None else default


def _within(name: str, value: Fraction | None, low: int, high: int, unit: str) -> Fraction | None:
    if value is not None and not low <= value <= high:
        raise Invalid(f"{name} is {float(value):g}; give {low} to {high} {unit}.", param=name)
    return value


def _length(fields: CreateFields) -> Fraction:
    length = _within("seconds", fields.seconds, 1, 120, "seconds")
    if fields.num_frames is None:
        return length or SECONDS
    rate = fields.fps or RATE
    drawn = Fraction(fields.num_frames) / rate if rate > 0 else Fraction(0)
    said = f"num_frames is {fields.num_frames}, which is {float(drawn):g} s at {float(rate):g} frames a second"
    if length is not None and abs(length - drawn) * rate > 1:
        raise Invalid(f"{said}, but seconds is {float(length):g}; give one of them.", param="num_frames")
    if not 1 <= drawn <= 120:
        raise Invalid(f"{said}; give 1 to 120 s.", param="num_frames")
    return length or drawn


def _size(fields: CreateFields) -> Size:
    """The size that size, width and height, or aspect_ratio and short_edge say."""
    if (fields.width is None) != (fields.height is None):
        given, other = ("width", "height") if fields.height is None else ("height", "width")
        raise Invalid(f"There is a {given}, but no {other}; give both, or a size.", param=other)
    ways = {
        "size": fields.size,
        "width": None if fields.width is None else f"{fields.width}x{fields.height}",
        "aspect_ratio": fields.aspect_ratio and _shaped(fields.aspect_ratio, fields.short_edge or SHORT_EDGE),
    }
    found = {name: _named(name, text) for name, text in ways.items() if text is not None}
    if len({(size.width, size.height) for name, size in found.items() if name != "aspect_ratio"}) > 1:
        raise Invalid(
            f"size is {fields.size} and width and height are {ways['width']}; give one of them.", param="width"
        )
    size = found.get("size") or found.get("width")
    shape = found.get("aspect_ratio")
    if size is None:
        return shape or _named("short_edge", _shaped(PORTRAIT, fields.short_edge or SHORT_EDGE))
    if shape is not None and abs(size.width / size.height - shape.width / shape.height) > 0.02:
        raise Invalid(
            f"aspect_ratio is {fields.aspect_ratio}, but the size is {size.width}x{size.height}; give one of them.",
            param="aspect_ratio",
        )
    return size


def _shaped(ratio: str, short: int) -> str:
    """The size of this shape with a short edge of so many pixels, both even."""
    across, down = (int(part) for part in ratio.replace("/", ":").split(":"))
    long = round(short * max(across, down) / min(across, down) / 2) * 2
    short -= short % 2
    return f"{long}x{short}" if across >= down else f"{short}x{long}"


def _named(name: str, text: str) -> Size:
    try:
        return size_named(text)
    except SizeError as error:
        raise Invalid(str(error), param=name) from None


def _style(name: str | None) -> str | None:
    if name is not None:
        try:
            style_named(name)
        except RenderError as error:
            raise Invalid(str(error), param="style") from None
    return name
