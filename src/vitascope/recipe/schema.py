"""What a recipe file may say: the things, people, animals and places that films are made of. Data only, never code."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Driver", "Medium", "PlaceRecipe", "Recipe", "RecipeKind", "VerbRecipe"]

RecipeKind = Literal["animal", "person", "bird", "fish", "insect", "vehicle", "building", "plant", "prop", "phenomenon"]
Medium = Literal["ground", "air", "water", "underwater", "space"]
Word = Annotated[str, Field(min_length=1, max_length=60)]
Positive = Annotated[float, Field(gt=0)]


class Value(BaseModel):
    """Frozen, and closed to unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Driver(Value):
    """Who sits on the seat of a vehicle, and how. Under way it has one, whether or not the words name anybody."""

    name: Word = "driver"
    """What is added when nobody is named ("driver", "rider", "sailor")."""
    person: Word = "person"
    """The recipe of whoever is added."""
    posture: Literal["car", "bench", "pedals", "astride", "standing", "oars", "tiller"]
    """car: legs ahead, hands on the wheel. bench: feet below, hands on the wheel. pedals, astride: on a saddle."""
    verbs: tuple[Word, ...] = ("drive",)
    """What the vehicle does only with somebody on it."""
    facing: float = 0.0
    """Degrees from the way ahead; 180 looks back."""
    clothing: tuple[Word, ...] = ()
    """Kinds of garments, with their colour behind a colon ("helmet:black")."""
    passengers: tuple[tuple[float, float, float], ...] = ()
    """Metres from the seat to the others (x to the left, y up, z ahead), the best first."""


class Recipe(Value):
    """One thing that can be drawn. A `family` turns `parameters` into shapes; the family "parts" reads `parts` itself."""

    name: Word
    kind: RecipeKind
    words: tuple[Word, ...] = ()
    """What people call it, singular and lower case; the name itself need not be repeated."""
    wordnet: tuple[str, ...] = ()
    """Further WordNet lemmas whose hyponyms this recipe may stand for ("feline", "motor_vehicle"), nearest first."""
    family: Word
    size: tuple[Positive, Positive, Positive]
    """Extents in metres at scale 1: x (side to side), y (height), z (length, nose to tail)."""
    mass: Positive = 10.0
    medium: Medium = "ground"
    altitude: float = 0.0
    """Usual height in metres above ground or water where `medium` is air or underwater."""
    speed: dict[str, Positive] = {}
    """Metres a second by verb ("walk", "run", "fly", "drive", "swim", "sail")."""
    verbs: tuple[Word, ...] = ()
    """Verbs of `verbs.yaml` that it can perform beyond being there."""
    habitat: tuple[Word, ...] = ()
    """Places it suits, best first, when none is asked for."""
    colour: str | None = None
    """Colour name of its main surface, for words; the materials say the rest."""
    colourable: bool = True
    sockets: tuple[Word, ...] = ()
    driver: Driver | None = None
    """Who is on its "seat" while it is under way; hands are at its sockets "grip_left" and "grip_right" if it has them."""
    sounds: dict[str, str] = {}
    """Sound names by occasion: "step", "voice", "engine", "impact"."""
    parameters: dict[str, Any] = {}
    materials: dict[str, dict[str, Any]] = {}
    bones: tuple[dict[str, Any], ...] = ()
    parts: tuple[dict[str, Any], ...] = ()


class PlaceRecipe(Value):
    """One kind of place: a terrain or room family with its parameters, what grows there and what is heard."""

    name: Word
    words: tuple[Word, ...] = ()
    wordnet: tuple[str, ...] = ()
    family: Word
    indoor: bool = False
    medium: Medium = "ground"
    surface: Word = "grass"
    """What feet meet: "grass", "rock", "sand", "snow", "asphalt", "wood", "water", "regolith", "leaves"."""
    water: bool = False
    features: tuple[Word, ...] = ()
    """Named extras it understands ("snowy", "road", "pier", "cliffs", "earth in the sky")."""
    sounds: dict[str, float] = {}
    """Ambience beds with their level 0..1."""
    framing: Literal["wide", "full", "medium", "close"] = "full"
    room: Positive = 140.0
    """Metres that a subject may travel in one shot before the camera that follows it would meet a wall."""
    parameters: dict[str, Any] = {}


class VerbRecipe(Value):
    """One action that bodies can perform. `words` are the verbs that mean it."""

    name: Word
    words: tuple[Word, ...] = ()
    travels: bool = False
    """Whether the subject changes place by it."""
    takes_target: bool = False
    fallback: str | None = None
    """The verb performed by a body that cannot do this one ("gallop" -> "run")."""
