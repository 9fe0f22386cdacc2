"""A small library, so that what the tests claim does not change when the shipped one grows."""

import pytest

from vitascope.director import read
from vitascope.recipe import Catalogue, PlaceRecipe, Recipe, catalogue

BODIES = {
    "animal": (("cat", "dog", "horse", "sheep", "zebra", "elephant", "monkey"), "meadow",
               ("stand", "walk", "run", "jump", "eat", "drink", "sit", "lie", "look", "swim", "play", "climb")),
    "person": (("man", "woman", "boy", "girl"), "park",
               ("stand", "walk", "run", "sit", "lie", "wave", "talk", "look", "hold", "kick", "throw", "eat", "drink",
                "work", "dance", "jump", "climb", "play", "ride", "swim", "push")),
    "bird": (("gull", "sparrow", "duck"), "meadow", ("stand", "walk", "fly", "land", "rise", "eat")),
    "fish": (("goldfish", "turtle"), "underwater", ("swim",)),
    "vehicle": (("sedan", "bus", "bicycle", "sailing_boat", "aeroplane"), "road", ("drive", "sail", "fly", "stand")),
    "building": (("house", "lighthouse", "bridge"), "meadow", ("stand",)),
    "plant": (("broadleaf_tree", "flower"), "garden", ("sway", "grow")),
    "prop": (("ball", "box", "table", "chair", "cup", "bottle", "book", "sofa", "lamp", "umbrella", "vase", "clock",
              "apple", "plate", "glass", "hat", "phone", "guitar"), "studio", ("fall", "roll", "bounce", "spin")),
}  # fmt: skip
PLACES = {
    "meadow": ("field",), "beach": (), "lake": (), "ocean": ("sea",), "forest": ("woods",), "city_street": ("street",),
    "park": (), "road": (), "living_room": ("room",), "kitchen": (), "studio": (), "garden": (), "underwater": (),
    "mountain_ridge": ("mountain",), "snowfield": (), "night_sky": (), "lighthouse_point": ("lighthouse",),
}  # fmt: skip


@pytest.fixture(scope="session")
def library() -> Catalogue:
    """About forty things, sixteen places, and the verbs and colours that ship."""
    shipped = catalogue()
    recipes = {
        name: Recipe(name=name, kind=kind, family="test", size=(1, 1, 1), verbs=verbs, habitat=(habitat,))  # type: ignore[arg-type]
        for kind, (names, habitat, verbs) in BODIES.items()
        for name in names
    }
    places = {name: PlaceRecipe(name=name, words=words, family="test") for name, words in PLACES.items()}
    return Catalogue(
        recipes=recipes,
        places=places,
        verbs=shipped.verbs,
        colours=shipped.colours,
        recipe_words={name.replace("_", " "): name for name in recipes},
        place_words={w: name for name, p in places.items() for w in (name.replace("_", " "), *p.words)},
        verb_words=shipped.verb_words,
    )


@pytest.fixture
def understand(library):
    """Reads a prompt with the small library and, unless one is given, without WordNet."""
    return lambda prompt, wordnet=None: read(prompt, catalogue=library, wordnet=wordnet)


@pytest.fixture
def draft(understand):
    """The draft of a prompt."""
    return lambda prompt: understand(prompt).draft
