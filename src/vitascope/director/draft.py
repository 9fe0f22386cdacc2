"""What was wished for, before anything has a position: the frozen values between reading and staging.

A draft says who is there, how they stand to each other, what they do when, where, and how it is to be seen. It holds
no metres and no seconds except the duration: times are fractions of the shot, places are relations. Staging turns a
draft into a `film.Shot`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from vitascope.film import Attributes, Light, Look, Weather

__all__ = [
    "ActionWish",
    "CameraWish",
    "CueWish",
    "Direction",
    "Draft",
    "Entity",
    "HourKey",
    "MoveWish",
    "Relation",
    "RelationKind",
    "SetWish",
    "Stretch",
    "TargetRelation",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """The half-open part [start, end) of the shot, as fractions of its length: 0 <= start < end <= 1."""

    start: Fraction = Fraction(0)
    end: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= 1:
            raise ValueError(
                f"the stretch {self.start}..{self.end} is empty or leaves the shot; give 0 <= start < end <= 1"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One thing in the shot that is to be a `film.Subject`: "two cats" are two entities that share a `group`.

    Entities stand in the order in which they matter: what the sentence is about first, scenery last.
    """

    id: str
    """Unique in the draft: "cat", or "cat-1", "cat-2" where several were named together."""
    recipe: str
    """Name of a recipe of the catalogue."""
    name: str
    """The noun that was said, singular ("ocelot" where the recipe is "cat")."""
    group: str | None = None
    attributes: Attributes = field(default_factory=Attributes)
    role: Literal["main", "support", "scenery"] = "main"
    """main: what the shot is about. support: is acted on, held, sat on. scenery: stands in the background."""


RelationKind = Literal[
    "on", "in", "under", "above", "behind", "in_front_of", "left_of", "right_of", "next_to", "near", "around",
    "between", "against", "among", "held_by", "worn_by", "opposite", "hangs_from", "at_left", "at_right", "at_centre",
    "at_top", "at_bottom", "in_foreground", "in_background",
]  # fmt: skip
"""How an entity stands to its targets. The kinds from "at_left" on are places in the frame and have no target.

on: rests on its top, seat or back. in: inside it (in a bowl, in a car). under: below it ("under a bridge"). above:
higher and free of it. left_of and right_of: as the camera sees it. around: distributed round it. between and among:
two targets or more. held_by: in the hand or mouth of it. opposite: facing it. hangs_from: below it and carried by it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """`entity` stands in `kind` to `targets` from the start of `during` on.

    A relation whose `during` starts after 0 is where the entity gets to: it holds at the end of that stretch.
    """

    kind: RelationKind
    entity: str
    targets: tuple[str, ...] = ()
    """Entity ids: one for most kinds, two or more for "between" and "among", none for places in the frame."""
    during: Stretch = Stretch()


Direction = Literal[
    "left", "right", "up", "down", "towards_camera", "away_from_camera", "forward", "backward", "clockwise",
    "counterclockwise", "to_and_fro",
]  # fmt: skip
"""left and right as the camera sees them; forward and backward as the entity faces."""

TargetRelation = Literal[
    "towards", "away_from", "into", "out_of", "onto", "off", "over", "under", "through", "around", "across", "along",
    "past", "between", "up", "down", "after", "with", "at", "behind", "in_front_of", "above", "next_to",
]  # fmt: skip
"""How an action's travel or aim relates to its target. after: chasing or following it. with: using it as a means or
moving together with it. at: aimed at it (looking at, waving at). None of these: the target is what the verb acts on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionWish:
    """One entity does one thing during one stretch of the shot."""

    entity: str
    verb: str
    """Name of a verb of the catalogue, already reduced along its fallbacks to one that the entity's recipe performs,
    unless nothing of the chain fits; then the verb as it was understood."""
    during: Stretch = Stretch()
    target: str | None = None
    """Id of another entity: the thing kicked, eaten, ridden, chased or walked to. Never the entity itself."""
    target_relation: TargetRelation | None = None
    across_place: TargetRelation | None = None
    """The travel relates to the set itself: "across the street", "along the beach", "through the forest"."""
    direction: Direction | None = None
    vigour: float = 1.0
    """0..3 like `film.Action.vigour`."""
    speed: float | None = None
    """Metres a second where a speed was said; None lets body and vigour decide."""
    manner: tuple[str, ...] = ()
    words: str = ""
    """The verb as it was said, in its dictionary form ("gallop"), for captions and sounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveWish:
    """One camera move during one stretch; `target` is an entity id or None for the whole picture."""

    kind: str
    """A `film.CameraMove` kind."""
    during: Stretch = Stretch()
    target: str | None = None
    pace: float = 1.0
    amount: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraWish:
    """What was asked of the camera. None and empty mean: not asked, staging decides."""

    framing: Literal["extreme_wide", "wide", "full", "medium", "close", "extreme_close"] | None = None
    angle: Literal["eye", "low", "high", "overhead", "ground", "aerial"] | None = None
    azimuth: float | None = None
    """Degrees round the subject like `film.Camera.azimuth` (90: side view from screen right, 180: from behind)."""
    lens_mm: float | None = None
    focus: str | None = None
    moves: tuple[MoveWish, ...] = ()
    static: bool = False
    """True when a camera that does not move was asked for; then `moves` is empty."""
    point_of_view: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HourKey:
    """The hour of the day 0..48 reached at the fraction `at` of the shot."""

    at: Fraction
    hour: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SetWish:
    """Where and when. `place` is always the name of a place recipe; `said` is False where it was chosen by default."""

    place: str
    said: bool = False
    hours: tuple[HourKey, ...] = (HourKey(at=Fraction(0), hour=15.8),)
    weather: Weather = field(default_factory=Weather)
    season: Literal["spring", "summer", "autumn", "winter"] = "summer"
    features: tuple[str, ...] = ()
    """Traits of the place that were asked for, some of which its recipe may not know ("snowy", "crowded")."""
    backdrop: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CueWish:
    """A sound that was asked for: an effect by name, a music style, or spoken text."""

    kind: Literal["dialogue", "narration", "music", "effect"]
    text: str
    speaker: str | None = None
    during: Stretch = Stretch()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One shot as it was wished for. Ids that relations, actions and camera name are ids of `entities`."""

    prompt: str
    entities: tuple[Entity, ...]
    relations: tuple[Relation, ...] = ()
    actions: tuple[ActionWish, ...] = ()
    """In the order of their start; an entity without an action simply is there."""
    set: SetWish
    camera: CameraWish = CameraWish()
    light: Light = field(default_factory=Light)
    look: Look = field(default_factory=Look)
    cues: tuple[CueWish, ...] = ()
    duration: Fraction = Fraction(5)
    """Seconds, 1..120; `duration_said` tells whether the words asked for it."""
    duration_said: bool = False
    negations: tuple[str, ...] = ()
    """Recipe or place-feature names that must not be there ("no people" -> "person")."""

    def entity(self, entity_id: str) -> Entity:
        """The entity called `entity_id`. Raises KeyError if there is none."""
        for entity in self.entities:
            if entity.id == entity_id:
                return entity
        raise KeyError(entity_id)

    def actions_of(self, entity_id: str) -> tuple[ActionWish, ...]:
        """What `entity_id` does, in order of start."""
        return tuple(action for action in self.actions if action.entity == entity_id)
