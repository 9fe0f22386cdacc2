"""Where a shot plays: the place that was said, as far as its bodies can be there, or where they are at home."""

from __future__ import annotations

from vitascope.director.lexicon import data
from vitascope.director.scene import Scene, Thing
from vitascope.recipe import Catalogue

__all__ = ["suited_place"]

_INDOOR_FURNITURE = ("table", "sofa", "bed", "chair", "lamp")
_AFLOAT = frozenset(
    ("swim", "sail", "ride", "row", "fall", "jump", "bob", "fly", "hover", "float", "drift", "dive", "surf")
)
"""What bodies of the land do on water."""
_ALOFT = frozenset(
    ("fly", "fall", "hover", "rise", "land", "jump", "swim", "float", "drift", "soar", "glide", "skydive")
)
"""What they do in the air and in space."""
_STARRY = ("stars", "aurora", "meteor shower", "full moon", "crescent moon")
_OUTDOOR = frozenset((*_STARRY, "rainbow", "earth in the sky"))
_ASHORE = {"water": ("beach", "coast", "lake"), "underwater": ("beach", "coast", "lake"), "space": ("moon",)}
"""Where bodies of the land stand when they are said to be at sea or in space without swimming or flying."""


def suited_place(scene: Scene, catalogue: Catalogue) -> str:
    """The name of the set's place. Where nothing in it could be in its medium, the place is a trait of another one."""
    place = scene.place
    if place is None:
        return _default_place(scene, catalogue)
    medium = catalogue.places[place].medium
    leads = [thing for thing in scene.things if thing.role == "main"] or scene.things
    if not leads or any(_suits(scene, catalogue, thing, medium) for thing in leads):
        return place
    ashore = next((name for name in _ASHORE.get(medium, ()) if name in catalogue.places), None)
    at_home = _habitat(scene, catalogue, leads[0])
    if ashore is None and at_home is None:
        return place
    near = at_home if at_home is not None and catalogue.places[at_home].water and medium == "water" else ashore
    if medium in ("air", "space"):
        scene.add_features(("clouds",) if medium == "air" else ("stars",))
        near = at_home if medium == "air" else near
    found = near or at_home or place
    scene.retake(
        "place", place.replace("_", " "), "substituted", f"{found}, with the {place} in view".replace("_", " ")
    )
    return found


def _suits(scene: Scene, catalogue: Catalogue, thing: Thing, medium: str) -> bool:
    """Whether a thing can be in a place of that medium, by its kind, by what it does or by what carries it."""
    own = catalogue.recipes[thing.recipe].medium
    if medium == "ground" or own == medium or own in ("air", "space"):
        return True
    if own in ("water", "underwater"):
        return medium in ("water", "underwater")
    if medium in ("water", "underwater") and thing.kind in ("prop", "plant", "phenomenon"):
        return True
    doing = {name for act in scene.acts if act.thing is thing for name in (act.verb, act.words)}
    if doing & (_AFLOAT if medium in ("water", "underwater") else _ALOFT):
        return True
    carriers = [
        target
        for bond in scene.bonds
        if bond.thing is thing and bond.kind in ("on", "in", "hangs_from")
        for target in bond.targets
    ]
    return any(catalogue.recipes[carrier.recipe].medium == medium for carrier in carriers)


def _default_place(scene: Scene, catalogue: Catalogue) -> str:
    """Where the first living or moving thing is at home; furniture stands in a room, props in a studio."""
    places = catalogue.places
    for act in scene.acts:
        for name in data("verbs")["scenes"].get(act.words, ()) if act.thing.kind == "person" else ():
            if name in places and not (places[name].indoor and _outdoors(scene)):
                return name
    for thing in sorted(scene.things, key=lambda thing: thing.kind in ("prop", "plant")):
        if thing.recipe in _INDOOR_FURNITURE and thing.kind == "prop" and not _outdoors(scene):
            room = next((name for name in ("living_room", "kitchen") if name in places), None)
            if room:
                return room
        habitat = _habitat(scene, catalogue, thing)
        if habitat is not None:
            return habitat
    names = (*scene.hints, *_sky_places(scene), *(("studio",) if scene.things else ("meadow",)))
    return next((name for name in names if name in places), next(iter(places), "studio"))


def _habitat(scene: Scene, catalogue: Catalogue, thing: Thing) -> str | None:
    """The first habitat of a thing that the library has, under the sky where the sky was spoken of."""
    places = catalogue.places
    names = [name for name in catalogue.recipes[thing.recipe].habitat if name in places]
    if _outdoors(scene):
        names = [name for name in names if not places[name].indoor] or ["meadow"] * ("meadow" in places and bool(names))
    hinted = [name for name in scene.hints if name in names]
    names = [name for name in (*hinted, *names) if _suits(scene, catalogue, thing, places[name].medium)] or names
    return names[0] if names else None


def _outdoors(scene: Scene) -> bool:
    """Whether weather or something in the sky was asked for."""
    return bool(_OUTDOOR & set(scene.features)) or any(
        scene.weather.get(name, 0.0) > 0.3 for name in ("rain", "snow", "wind", "fog", "lightning")
    )


def _sky_places(scene: Scene) -> tuple[str, ...]:
    if "earth in the sky" in scene.features:
        return ("space", "moon")
    return ("night_sky",) if any(trait in scene.features for trait in _STARRY) else ()
