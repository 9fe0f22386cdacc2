"""What can be done to one shot, as frozen values. Fields that are None leave what is there; `reset` puts fields back to
their default.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from vitascope.film.parts import (
    Action,
    Angle,
    Attributes,
    Camera,
    CameraMove,
    Cue,
    Framing,
    Garment,
    Level,
    Light,
    Look,
    Name,
    Placement,
    Set,
    Subject,
    TimeKey,
    Unit,
    Value,
    Viewpoint,
)

__all__ = [
    "AddCue",
    "AddSubject",
    "AttributesChange",
    "ChangeCamera",
    "ChangeLight",
    "ChangeLook",
    "ChangeSet",
    "ChangeSubject",
    "RemoveCue",
    "RemoveSubject",
    "SetLevel",
    "ShotOperation",
    "WeatherChange",
]


class _Change(Value):
    """A value that changes the fields of another that it names."""

    reset: tuple[str, ...] = ()

    def changed(self, names: frozenset[str]) -> dict[str, object]:
        """The fields of `names` that are given, with their new values."""
        return {name: value for name in names if (value := getattr(self, name, None)) is not None}


def _known(change: _Change, target: type[Value]) -> None:
    for name in change.reset:
        if name not in target.model_fields:
            allowed = ", ".join(sorted(target.model_fields))
            raise ValueError(f"reset names {name!r}; the fields of {target.__name__} are {allowed}")


class WeatherChange(Value):
    """Amounts as in Weather; None keeps what is there."""

    clouds: Unit | None = None
    rain: Unit | None = None
    snow: Unit | None = None
    fog: Unit | None = None
    wind: Unit | None = None
    lightning: Unit | None = None
    cloud_speed: Annotated[float, Field(ge=0.0, le=200.0)] | None = None


class ChangeSet(_Change):
    """Another place, hour, weather or season."""

    op: Literal["change_set"] = "change_set"
    place: Name | None = None
    hours: tuple[TimeKey, ...] | None = None
    weather: WeatherChange | None = None
    season: Literal["spring", "summer", "autumn", "winter"] | None = None
    add_features: tuple[str, ...] = ()
    drop_features: tuple[str, ...] = ()
    backdrop: str | None = None

    @model_validator(mode="after")
    def _fields(self) -> ChangeSet:
        _known(self, Set)
        return self


class ChangeLight(_Change):
    """Another way of lighting."""

    op: Literal["change_light"] = "change_light"
    mood: Literal["natural", "warm", "cool", "dramatic", "soft", "dark", "bright", "neon", "candle"] | None = None
    exposure: Annotated[float, Field(ge=-3.0, le=3.0)] | None = None
    azimuth: float | None = None

    @model_validator(mode="after")
    def _fields(self) -> ChangeLight:
        _known(self, Light)
        return self


class ChangeLook(_Change):
    """Another style or finishing."""

    op: Literal["change_look"] = "change_look"
    style: Name | None = None
    grade: Name | None = None
    depth_of_field: Unit | None = None
    motion_blur: Unit | None = None
    grain: Unit | None = None
    pace: Literal["normal", "slow_motion", "time_lapse"] | None = None
    time_scale: Annotated[float, Field(gt=0.0, le=10000.0)] | None = None

    @model_validator(mode="after")
    def _fields(self) -> ChangeLook:
        _known(self, Look)
        return self


class ChangeCamera(_Change):
    """Another camera. Whatever frames anew composes the shot anew, for the cast as it is.

    A viewpoint takes the place of a point of view and of another distance; framing, angle, azimuth, focus and point of view,
    where no viewpoint is given with them, take the place of a viewpoint.
    """

    op: Literal["change_camera"] = "change_camera"
    framing: Framing | None = None
    angle: Angle | None = None
    azimuth: float | None = None
    lens_mm: Annotated[float, Field(ge=8.0, le=400.0)] | None = None
    focus: str | None = None
    moves: tuple[CameraMove, ...] | None = None
    point_of_view: str | None = None
    distance: Annotated[float, Field(ge=0.1, le=10.0)] | None = None
    viewpoint: Viewpoint | None = None

    @model_validator(mode="after")
    def _fields(self) -> ChangeCamera:
        _known(self, Camera)
        return self


class AttributesChange(_Change):
    """Another look of a subject; None keeps what it has."""

    colour: str | None = None
    second_colour: str | None = None
    material: str | None = None
    pattern: str | None = None
    scale: Annotated[float, Field(gt=0.01, lt=100.0)] | None = None
    clothing: tuple[Garment, ...] | None = None
    hair: str | None = None
    skin: str | None = None
    age: Literal["baby", "toddler", "child", "teenager", "adult", "old"] | None = None
    build: Literal["slim", "average", "heavy", "muscular"] | None = None
    mood: str | None = None
    states: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _fields(self) -> AttributesChange:
        _known(self, Attributes)
        return self


class AddSubject(Value):
    """One more subject, after all others, so that their numbers stay."""

    op: Literal["add_subject"] = "add_subject"
    subject: Subject


class RemoveSubject(Value):
    """One subject less. What it carried stands by itself; what was done to it is done without it."""

    op: Literal["remove_subject"] = "remove_subject"
    subject: Name


class ChangeSubject(Value):
    """A subject that looks, stands or acts otherwise. With another recipe it is another thing in the same part."""

    op: Literal["change_subject"] = "change_subject"
    subject: Name
    recipe: Name | None = None
    name: Name | None = None
    attributes: AttributesChange | None = None
    placement: Placement | None = None
    actions: tuple[Action, ...] | None = None
    recompose: bool = False
    """Whether the camera is to be composed for what the subject does now."""


class AddCue(Value):
    """One more written sound."""

    op: Literal["add_cue"] = "add_cue"
    cue: Cue


class RemoveCue(Value):
    """No written sounds of this kind any more, or only those with another text."""

    op: Literal["remove_cue"] = "remove_cue"
    kind: Literal["dialogue", "narration", "music", "effect"]
    text: str | None = None


class SetLevel(Value):
    """How loud one kind of sound is, in place of what was said of it before."""

    op: Literal["set_level"] = "set_level"
    level: Level


ShotOperation = Annotated[
    ChangeSet
    | ChangeLight
    | ChangeLook
    | ChangeCamera
    | AddSubject
    | RemoveSubject
    | ChangeSubject
    | AddCue
    | RemoveCue
    | SetLevel,
    Field(discriminator="op"),
]
