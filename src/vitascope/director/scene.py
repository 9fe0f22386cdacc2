"""The scene while it is being read: a workbench that collects things, wishes and phrases, and is frozen into a draft."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from vitascope.director.lexicon import Effect
from vitascope.film import Garment, Phrase, Reading

__all__ = ["LIVING", "Act", "Bond", "Scene", "Spot", "Thing", "Wish"]

WEATHER = ("clouds", "rain", "snow", "fog", "wind", "lightning", "cloud_speed")
LIVING = frozenset(("animal", "person", "bird", "fish", "insect"))
"""Kinds of recipes that see, hold, wear and act."""
MOST_THINGS = 40
"""Subjects in one shot beyond which counts are cut: a crowd reads as one long before."""


@dataclass(slots=True, eq=False, kw_only=True)
class Thing:
    """One named thing or group; `count` of them become entities."""

    recipe: str
    name: str
    kind: str
    count: int = 1
    counted: bool = False
    role: str = "main"
    attributes: dict[str, Any] = field(default_factory=dict)
    clothing: list[Garment] = field(default_factory=list)
    hair: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    part_of: Thing | None = None
    """The group that this one was taken out of."""
    ids: tuple[str, ...] = ()


@dataclass(slots=True, eq=False, kw_only=True)
class Act:
    """One verb of one thing in one beat."""

    thing: Thing
    verb: str
    words: str
    beat: int
    target: Thing | None = None
    target_relation: str | None = None
    across_place: str | None = None
    direction: str | None = None
    vigour: float = 1.0
    speed: float | None = None
    """Metres a second, where it was said."""
    manner: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False, kw_only=True)
class Bond:
    """A relation between things from a beat on."""

    kind: str
    thing: Thing
    targets: tuple[Thing, ...] = ()
    beat: int = 0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Spot:
    """Where something is wished to happen, as it was said: preposition, nouns, and what they were taken for."""

    word: str
    head: str
    """The noun behind the preposition ("surface" in "on the surface of the lake")."""
    noun: str
    """The noun that is meant ("lake")."""
    place: str = ""
    things: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Wish:
    """A verb as it was said of things, or of a `noun` that is no thing (rain, a river), whatever can come of it."""

    things: tuple[Thing, ...]
    noun: str
    verb: str
    """Dictionary form."""
    act: str
    """The verb of the catalogue that it means, or ""."""
    direction: str | None = None
    through_air: bool = False
    where: tuple[Spot, ...] = ()
    targets: tuple[Thing, ...] = ()
    passive: bool = False
    speed: float | None = None
    """Metres a second, where it was said."""
    beat: int = 0


class Scene:
    """Everything understood so far. Phrases are noted by characters; a stretch of text is noted once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.things: list[Thing] = []
        self.acts: list[Act] = []
        self.bonds: list[Bond] = []
        self.wishes: list[Wish] = []
        self.moves: list[tuple[str, Thing | None, float, int]] = []
        self.camera: dict[str, Any] = {}
        self.look: dict[str, Any] = {}
        self.light: dict[str, Any] = {}
        self.weather: dict[str, float] = {}
        self.hours: list[float] = []
        self.season: str | None = None
        self.features: list[str] = []
        self.backdrop: str | None = None
        self.place: str | None = None
        self.place_said = False
        self.other_places: list[str] = []
        self.hints: list[str] = []
        """Places that weather and water speak of without naming them."""
        self.cues: list[tuple[str, str, str | None, int]] = []
        self.duration: float | None = None
        self.silent = False
        self.negations: list[str] = []
        self.beats = 1
        self.changing = False
        self.remarks: list[str] = []
        self._phrases: dict[tuple[int, int], Phrase] = {}

    # Reading -------------------------------------------------------------------------------------------------------

    def note(self, start: int, end: int, kind: str, status: str, taken_as: str = "") -> None:
        """Write down how the characters [start, end) were taken; the first word on a stretch stands."""
        if end <= start or any(s < end and start < e for s, e in self._phrases):
            return
        self._phrases[start, end] = Phrase.model_validate(
            {
                "text": self.text[start:end],
                "start": start,
                "end": end,
                "kind": kind,
                "status": status,
                "taken_as": taken_as,
            }
        )

    def noted(self, start: int, end: int) -> bool:
        """Whether any of the characters [start, end) belongs to a phrase."""
        return any(s < end and start < e for s, e in self._phrases)

    def retake(self, kind: str, before: str, status: str, taken_as: str) -> None:
        """Change how the phrases of a kind that were taken as `before` were taken."""
        for key, phrase in self._phrases.items():
            if phrase.kind == kind and phrase.taken_as == before:
                self._phrases[key] = phrase.model_copy(update={"status": status, "taken_as": taken_as})

    def reading(self) -> Reading:
        """The phrases in text order and the remarks."""
        return Reading(phrases=tuple(self._phrases[key] for key in sorted(self._phrases)), remarks=tuple(self.remarks))

    # Effects -------------------------------------------------------------------------------------------------------

    def apply(self, effect: Effect, target: Thing | None = None) -> str:
        """Carry out what an expression does; the words for what it was taken as."""
        said = []
        for name, value in effect.do.items():
            said.append(self._apply_one(name, value, target))
        return effect.taken_as or ", ".join(filter(None, said))

    def _apply_one(self, name: str, value: Any, target: Thing | None) -> str:
        if name in WEATHER:
            self.weather[name] = max(self.weather.get(name, 0.0), value) if value > 0.3 else value
            return f"{name} {value:g}"
        if name == "hour":
            if not self.hours or self.hours[-1] != value:
                self.hours.append(value)
            return f"{int(value) % 24:02d}:{round(value % 1 * 60):02d}"
        if name == "hint":
            self.hints.append(value)
            return ""
        if name == "feature":
            return self.add_features((value,))
        if name == "move":
            self.moves.append((value, target, 1.0, self.beats - 1))
            return value.replace("_", " ")
        if name == "light":
            self.light["mood"] = value
            return f"{value} light"
        if name == "duration":
            self.duration = value
            return f"{value:g} seconds"
        if name in ("style", "grade", "pace", "time_scale", "depth_of_field"):
            self.look[name] = value
            return str(value).replace("_", " ")
        if name in ("sound", "music"):
            self.cues.append(("effect" if name == "sound" else "music", value, None, self.beats - 1))
            return f"{value} {'music' if name == 'music' else 'sound'}"
        if name == "silent":
            self.silent = True
            return "silent"
        if name == "season":
            self.season = value
            return value
        if name in ("whip", "roll_fixed", "pace_vigour", "vigour", "manner", "direction"):
            return ""
        self.camera[name] = value
        return "static camera" if name == "static" else f"{name.replace('_', ' ')} {value}".replace("_", " ")

    def add_features(self, names: Iterable[str]) -> str:
        """Ask for traits of the place; the words for them."""
        for name in names:
            if name not in self.features:
                self.features.append(name)
        return ", ".join(names)

    def set_place(self, place: str) -> bool:
        """Let the shot play at `place`; False where it plays elsewhere already."""
        if self.place is None or self.place == place:
            self.place, self.place_said = place, True
            return True
        if place not in self.other_places:
            self.other_places.append(place)
        return False

    # Things --------------------------------------------------------------------------------------------------------

    def add(self, thing: Thing) -> Thing:
        """Put a thing on the scene, cut to what one shot holds."""
        room = MOST_THINGS - sum(other.count for other in self.things)
        thing.count = max(1, min(thing.count, room)) if room > 0 else 1
        self.things.append(thing)
        return thing

    def split(self, group: Thing) -> Thing:
        """Take one out of a group; it keeps what the group was said to be and to do."""
        one = replace(group, count=1, part_of=group, states=list(group.states), hair=list(group.hair),
                      clothing=list(group.clothing), attributes=dict(group.attributes))  # fmt: skip
        group.count -= 1
        self.things.insert(self.things.index(group), one)
        self.acts += [replace(act, thing=one, manner=list(act.manner)) for act in self.acts if act.thing is group]
        self.bonds += [replace(bond, thing=one) for bond in self.bonds if bond.thing is group]
        return one

    def bond(self, kind: str, things: Iterable[Thing], targets: tuple[Thing, ...] = (), beat: int = 0) -> None:
        """Note a relation of each of `things`; a thing has no relation to itself."""
        for thing in things:
            others = tuple(target for target in targets if target is not thing)
            if others or not targets:
                self.bonds.append(Bond(kind=kind, thing=thing, targets=others, beat=beat))

    def lay(self, values: Mapping[str, Any]) -> None:
        """Set camera values that nothing else has set."""
        for name, value in values.items():
            self.camera.setdefault(name, value)
