"""The parts of a shot: frozen values that say what is to be seen and heard. Know no engine, no file and no clock.

Space is metres: x right, y up, z towards the default camera; the origin is the mark, where the action is centred.
Angles are degrees. Colours are sRGB hex strings here ("#c81e1e") or names that the recipe library knows.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from vitascope.film.time import Seconds, Span

__all__ = [
    "Action",
    "Angle",
    "Attributes",
    "Camera",
    "CameraMove",
    "Cue",
    "Framing",
    "Garment",
    "Level",
    "Light",
    "Look",
    "Name",
    "Placement",
    "Point",
    "Set",
    "Size",
    "Subject",
    "TimeKey",
    "Unit",
    "Value",
    "Viewpoint",
    "Weather",
]

Unit = Annotated[float, Field(ge=0.0, le=1.0)]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Point = tuple[float, float, float]
_Metres = Annotated[float, Field(ge=-10_000.0, le=10_000.0)]


class Value(BaseModel):
    """Base of every part of the document: frozen, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Size(Value):
    """Picture size in pixels: even, 128x128 up to 4096x2160 in either orientation."""

    width: Annotated[int, Field(ge=128, le=4096)]
    height: Annotated[int, Field(ge=128, le=4096)]

    @model_validator(mode="after")
    def _even_and_bounded(self) -> Size:
        if self.width % 2 or self.height % 2:
            raise ValueError(f"{self.width}x{self.height} has an odd side; both sides must be even")
        if min(self.width, self.height) > 2160:
            raise ValueError(f"{self.width}x{self.height} is too large; the limit is 4096x2160 in either orientation")
        return self


class Weather(Value):
    """Amounts from 0 (none) to 1 (as much as there is)."""

    clouds: Unit = 0.25
    rain: Unit = 0.0
    snow: Unit = 0.0
    fog: Unit = 0.0
    wind: Unit = 0.2
    lightning: Unit = 0.0
    cloud_speed: Annotated[float, Field(ge=0.0, le=200.0)] = 1.0
    """Multiple of the natural drift of the clouds (time-lapse makes it large)."""


class TimeKey(Value):
    """The hour of the day, 0..24, reached at `at` seconds; between keys the hour runs linearly."""

    at: Seconds
    hour: Annotated[float, Field(ge=0.0, le=48.0)]


class Set(Value):
    """Where and when: a place, an hour (one key, or more for time-lapse), the weather and the season."""

    place: Name
    hours: Annotated[tuple[TimeKey, ...], Field(min_length=1)] = (TimeKey(at=Fraction(0), hour=14.0),)
    weather: Weather = Weather()
    season: Literal["spring", "summer", "autumn", "winter"] = "summer"
    features: tuple[str, ...] = ()
    """Named traits of the place that were asked for ("snowy", "crystal-clear", "crowded", "earth in the sky")."""
    backdrop: str | None = None
    """Colour of a studio backdrop, if any."""


class Garment(Value):
    """One piece of clothing: a kind ("dress", "coat", "hat", "jeans"), a colour and a pattern."""

    kind: Name
    colour: str | None = None
    pattern: str | None = None


class Attributes(Value):
    """How a subject differs from its recipe. None means: as the recipe has it."""

    colour: str | None = None
    second_colour: str | None = None
    material: str | None = None
    pattern: str | None = None
    scale: Annotated[float, Field(gt=0.01, lt=100.0)] = 1.0
    clothing: tuple[Garment, ...] = ()
    hair: str | None = None
    skin: str | None = None
    age: Literal["baby", "toddler", "child", "teenager", "adult", "old"] | None = None
    build: Literal["slim", "average", "heavy", "muscular"] | None = None
    mood: str | None = None
    states: tuple[str, ...] = ()
    """Conditions that show: "open", "broken", "lit", "wet", "sunken", "full"."""


class Placement(Value):
    """Where a subject starts: `position` is x, height above the ground (or above what it stands on), z."""

    position: Point = (0.0, 0.0, 0.0)
    facing: float = 0.0
    """0 faces the default camera (+z), 90 faces screen right (+x), -90 screen left, 180 away."""
    on: str | None = None
    """Id of the subject whose top, seat or hand socket carries this one."""
    socket: str | None = None
    """Socket of the carrier ("seat", "hand_right", "top"); None lets the world choose the top."""


class Action(Value):
    """A verb over a span of the shot. Travel goes through `path`: x, height above ground, z of each waypoint."""

    verb: Name
    span: Span
    target: str | None = None
    path: tuple[Point, ...] = ()
    speed: Annotated[float, Field(ge=0.0, le=400.0)] | None = None
    """Metres a second along the path; None lets the path and the span decide."""
    path_time: Annotated[Seconds, Field(gt=0)] | None = None
    """Seconds in which the path is gone along; afterwards travel goes on alike to the end of the span. None: the span."""
    vigour: Annotated[float, Field(ge=0.0, le=3.0)] = 1.0
    """1 is the ordinary manner; "slowly" is below it, "wildly" above it."""
    manner: tuple[str, ...] = ()


class Subject(Value):
    """A thing with an identity that lasts the whole film. The same id in two shots is the same subject."""

    id: Name
    recipe: Name
    name: Name
    group: str | None = None
    """Subjects that were named together ("two children", "a school of fish") share a group."""
    attributes: Attributes = Attributes()
    placement: Placement = Placement()
    actions: tuple[Action, ...] = ()


CameraMoveKind = Literal[
    "pan_left", "pan_right", "tilt_up", "tilt_down", "zoom_in", "zoom_out", "dolly_in", "dolly_out", "truck_left",
    "truck_right", "crane_up", "crane_down", "orbit_left", "orbit_right", "track", "aerial", "handheld", "reveal",
    "rack_focus", "roll",
]  # fmt: skip


class CameraMove(Value):
    """One move over a span. `amount` is degrees for pan, tilt, orbit and roll, a ratio for zoom, metres for the rest."""

    kind: CameraMoveKind
    span: Span
    amount: float | None = None
    target: str | None = None
    pace: Annotated[float, Field(gt=0.0, le=4.0)] = 1.0


Framing = Literal["extreme_wide", "wide", "full", "medium", "close", "extreme_close"]
Angle = Literal["eye", "low", "high", "overhead", "ground", "aerial"]


class Viewpoint(Value):
    """A camera that stands where it was put: metres in the shot, x right, y up, z towards the default camera."""

    position: tuple[_Metres, _Metres, _Metres]
    aim: tuple[_Metres, _Metres, _Metres]
    """What is in the middle of its picture."""

    @model_validator(mode="after")
    def _apart(self) -> Viewpoint:
        between = math.dist(self.position, self.aim)
        if between < 0.1:
            raise ValueError(
                f"position and aim are {between:.3g} m apart; a camera looks at a point 0.1 m away or farther"
            )
        return self


class Camera(Value):
    """How the shot is seen. `moves` empty means a static camera."""

    framing: Framing | None = None
    angle: Angle = "eye"
    azimuth: float | None = None
    """Degrees round the subject, 0 in front (+z), 90 from screen right; None lets staging choose."""
    lens_mm: Annotated[float, Field(ge=8.0, le=400.0)] | None = None
    distance: Annotated[float, Field(ge=0.1, le=10.0)] = 1.0
    """Multiple of the distance that framing and lens ask for."""
    focus: str | None = None
    """Id of the subject that is framed and in focus; None frames everything."""
    moves: tuple[CameraMove, ...] = ()
    point_of_view: str | None = None
    """Id of the subject through whose eyes is seen."""
    viewpoint: Viewpoint | None = None
    """Where the camera stands, exactly: takes the place of framing, angle and azimuth. None lets those decide."""


class Light(Value):
    """How the set is lit beyond sun and sky."""

    mood: Literal["natural", "warm", "cool", "dramatic", "soft", "dark", "bright", "neon", "candle"] = "natural"
    exposure: Annotated[float, Field(ge=-3.0, le=3.0)] = 0.0
    """Stops over the automatic exposure."""
    azimuth: float | None = None
    """Where the key light comes from, degrees round the mark like a camera azimuth; None lets the hour decide."""
    staged_for: float | None = None
    """Camera azimuth that the light was staged for; None means: the shot's camera. A camera that moves on leaves the sun."""


class Look(Value):
    """Style and finishing of the picture."""

    style: Name = "cinematic"
    grade: str | None = None
    depth_of_field: Unit = 0.2
    motion_blur: Unit = 0.35
    """Shutter as a fraction of the frame time (0.5 is a 180 degree shutter)."""
    grain: Unit = 0.15
    pace: Literal["normal", "slow_motion", "time_lapse"] = "normal"
    time_scale: Annotated[float, Field(gt=0.0, le=10000.0)] = 1.0
    """Seconds of the world in one second of film."""


class Cue(Value):
    """A sound written down."""

    kind: Literal["dialogue", "narration", "music", "effect"]
    span: Span
    text: str = ""
    speaker: str | None = None
    gain_db: Annotated[float, Field(ge=-60.0, le=20.0)] = 0.0


class Level(Value):
    """How loud one kind of sound is beside the others.

    `name` is "all", a family ("ambience", "effects", "voices", "music") or one sound as the world names it ("wind",
    "rain", "footfall"), which holds for everything whose dotted name starts with it.
    """

    name: Name
    gain_db: Annotated[float, Field(ge=-60.0, le=20.0)] = 0.0
    muted: bool = False
