"""From a scene to a film: the caption goes the way of every prompt, then its subjects are set large into the picture.

What the film then shows is read back from the document alone (`shown_by`) and has to be what the labels say.
"""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from vitascope.director import DirectorError, direct
from vitascope.film import Action, Camera, CameraMove, Film, Look, Placement, Set, Shot, Size, Span, Subject, TimeKey
from vitascope.model.data.grammar import FIELDS, Labels, Scene, grammar
from vitascope.recipe import Catalogue

__all__ = ["UnfitError", "film_of", "shown_by"]

ASKEW = math.cos(math.radians(35.0))
"""Cosine of the angle by which a way may differ from the direction that it is called by."""
LOOK = Look(depth_of_field=0.0, motion_blur=0.2, grain=0.0)
WIDTH = 256
"""Columns of the film; clips are drawn smaller than any film may be, in its form."""


class UnfitError(ValueError):
    """A scene that does not become what its labels say; the text is the reason, the same for all of its kind."""


def film_of(scene: Scene, *, seconds: Fraction, aspect: Fraction, catalogue: Catalogue) -> Film:
    """The film of a scene, `seconds` long. Raises UnfitError where its document does not hold what the labels say."""
    size = Size(width=WIDTH, height=round(WIDTH / aspect / 2) * 2)
    try:
        film = direct(
            scene.caption, catalogue=catalogue, seconds=seconds, size=size, fps=24, seed=scene.seed, wordnet=None
        )
    except DirectorError as error:
        raise UnfitError("not directed") from error
    film = film.model_copy(update={"shots": (_blocked(film.shots[0], scene),)})
    shown = shown_by(film, scene.recipe)
    for field in FIELDS:
        if (shown.get(field)) != scene.labels.row[field]:
            raise UnfitError(f"{field} differs in the document")
    return film


def _blocked(shot: Shot, scene: Scene) -> Shot:
    """The shot with subjects in line, on a way as long as the clip can show, and a camera that frames them in full.

    Drivers and sailors stay at home: they cannot be seen in so small a picture, and take half of the time.
    """
    labels, draw = scene.labels, np.random.default_rng([scene.seed, 1])
    cast = [each for each in shot.subjects if each.recipe == scene.recipe]
    azimuth = float(draw.uniform(-14.0, 14.0) if labels.motion in ("towards", "away") else draw.uniform(-24.0, 24.0))
    placed = [_placed(each, place, len(cast), labels, shot.duration, draw) for place, each in enumerate(cast)]
    hours = grammar()["lights"][labels.light]["hours"]
    hour = shot.set.hours[0].hour
    if labels.light == "day":
        hour = float(draw.uniform(*hours))
    return shot.model_copy(
        update={
            "subjects": tuple(placed),
            "camera": _camera(labels, shot.duration, azimuth, float(draw.uniform(0.74, 0.88))),
            "look": LOOK,
            "light": shot.light.model_copy(update={"exposure": grammar()["lights"][labels.light].get("exposure", 0.0)}),
            "set": shot.set.model_copy(update={"hours": (TimeKey(at=Fraction(0), hour=hour),)}),
            "dressed_for": Set(place="meadow"),
        }
    )


def _camera(labels: Labels, duration: Fraction, azimuth: float, distance: float) -> Camera:
    how = grammar()["cameras"][labels.camera]
    span = Span(start=Fraction(0), end=duration)
    moves = () if how["move"] is None else (CameraMove(kind=how["move"], span=span, pace=how["pace"]),)
    nearness = grammar()["subjects"][labels.subject].get("near", 1.0)
    return Camera(framing="full", angle="eye", azimuth=azimuth, distance=distance * nearness, moves=moves)


def _placed(
    subject: Subject, place: int, count: int, labels: Labels, duration: Fraction, draw: np.random.Generator
) -> Subject:
    """One of `count` in line: across the picture, or beside each other where they go into its depth."""
    known = grammar()["subjects"][labels.subject]
    along, beside = known["apart"]
    deep = labels.motion in ("towards", "away")
    step = beside if deep else along
    x = (place - (count - 1) / 2) * step
    z = float(draw.uniform(-0.15, 0.15)) * beside
    way = {"left": (-1, 0), "right": (1, 0), "towards": (0, 1), "away": (0, -1)}.get(labels.motion)
    height = float(known.get("height", 0.0))
    also = {"second_colour": subject.attributes.colour} if known.get("throughout") else {}
    attributes = subject.attributes.model_copy(update={"scale": known.get("scale", 1.0), **also})
    if way is None:
        placement = Placement(position=(x, height, z), facing=float(draw.choice([-62.0, 62.0]) + draw.uniform(-14, 14)))
        actions = tuple(each.model_copy(update={"path": ()}) for each in subject.actions)
        return subject.model_copy(update={"attributes": attributes, "placement": placement, "actions": actions})
    half = known["travel"] * (0.65 if deep else 0.5)
    start = (x - way[0] * half, height, z - way[1] * half)
    end = (x + way[0] * half, height, z + way[1] * half)
    facing = math.degrees(math.atan2(way[0], way[1]))
    actions = tuple(
        Action(verb=each.verb, span=Span(start=Fraction(0), end=duration), path=(end,), manner=each.manner)
        for each in subject.actions[:1]
    )
    return subject.model_copy(
        update={
            "attributes": attributes,
            "placement": Placement(position=start, facing=facing),
            "actions": actions,
        }
    )


def shown_by(film: Film, recipe: str) -> dict[str, object]:
    """What the document says of its subjects made by `recipe`; a field is None where they differ or nothing fits."""
    shot = film.shots[0]
    rules = grammar()
    cast = [each for each in shot.subjects if each.recipe == recipe]
    hour = shot.set.hours[0].hour
    moves = tuple(each.kind for each in shot.camera.moves)
    return {
        "subject": _only({name for name, known in rules["subjects"].items() if recipe in _recipes(known)}),
        "colour": _only({_colour(each) for each in cast}),
        "count": len(cast),
        "motion": _only({_motion(each, shot.camera.azimuth or 0.0) for each in cast}),
        "camera": _only({name for name, how in rules["cameras"].items() if moves == _moves(how)}),
        "light": _only({name for name, how in rules["lights"].items() if how["hours"][0] <= hour <= how["hours"][1]}),
        "place": _only({name for name, how in rules["places"].items() if how["place"] == shot.set.place}),
    }


def _recipes(known: dict) -> set[str]:
    return {each["recipe"] for each in known["say"]}


def _moves(how: dict) -> tuple[str, ...]:
    return () if how["move"] is None else (how["move"],)


def _only(found: set) -> object:
    return found.pop() if len(found) == 1 else None


def _colour(subject: Subject) -> str | None:
    worn = {each.colour for each in subject.attributes.clothing}
    return subject.attributes.colour if not worn else _only(worn)  # type: ignore[return-value]


def _motion(subject: Subject, azimuth: float) -> str | None:
    """Where the subject goes, as the camera sees it; None for a way in between."""
    paths = [each.path for each in subject.actions if each.path]
    if not paths:
        return "still"
    (x0, _, z0), (x1, _, z1) = subject.placement.position, paths[-1][-1]
    length, turn = math.hypot(x1 - x0, z1 - z0), math.radians(azimuth)
    right = ((x1 - x0) * math.cos(turn) - (z1 - z0) * math.sin(turn)) / length
    near = ((x1 - x0) * math.sin(turn) + (z1 - z0) * math.cos(turn)) / length
    ways = {"left": -right, "right": right, "towards": near, "away": -near}
    best = max(ways, key=lambda name: ways[name])
    return best if ways[best] >= ASKEW else None
