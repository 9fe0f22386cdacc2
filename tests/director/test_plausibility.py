"""Wishes against nature: which are found, which pass, and what the nearest and the stylised film show of them."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.director import DirectorError, direct, read, system_wordnet
from vitascope.director.editing import Conversation, Impossible, against_nature, interpret
from vitascope.director.meaning import Meanings
from vitascope.director.nouns import NounReader
from vitascope.director.scene import Scene, Thing
from vitascope.director.tokens import tokenise
from vitascope.director.understanding import lexicon_of, read_onto
from vitascope.film import Change, ChangeSet, ChangeSubject, Edit, Film, apply
from vitascope.recipe import catalogue
from vitascope.world.cast import players_of
from vitascope.world.places import place_family

FIRES = {
    "on_water": (
        "A truck drives on water", "A red sedan driving across the ocean", "A man walks on the sea",
        "Two women are dancing on the lake", "A horse galloping on the waves", "A bus driving on the surface of a lake",
        "A tractor drives over the surface of the sea", "A dog runs on the water at sunset",
    ),
    "sinks": ("A stone floating on the lake", "A boulder drifts on the sea"),
    "under_water": ("A taxi drives underwater", "A bus driving under water"),
    "out_of_water": (
        "A fish walks down the street", "A goldfish walking along a road", "A shark swims through the desert",
        "A whale flying over a city", "A dolphin swims in the sky", "Fish swimming through a forest",
    ),
    "dry_sailing": ("A boat sails across a meadow", "A ship sailing through the desert", "A yacht sails down the street"),
    "no_air": ("A helicopter flying in space", "An eagle flies on the moon"),
    "unsupported": (
        "A pig flying over the city", "A flying cow above a village", "A horse flies over the mountains",
        "A cat is flying through the sky", "A taxi flies over the city", "A man flies over the rooftops",
    ),
    "on_clouds": ("A man walking on clouds", "A horse runs on the clouds"),
    "levitates": ("A chair levitates in the living room", "A brick hovering in the air", "A car floating in the air"),
    "rises": ("A stone floats upward", "A cup falls up", "A rock slowly rising upwards", "An apple falls upward"),
    "upstream": ("Water flows uphill", "A river flowing up the mountain", "A stream runs uphill"),
    "rising_rain": ("Rain falls upward", "The rain is falling up", "Snow falling upwards"),
    "overload": (
        "An elephant sitting on a cup", "An elephant stands on a table", "A cow on a chair", "A car on a table",
        "A man riding a chicken", "A horse on a skateboard",
    ),
    "does_not_fit": ("An elephant in a teacup", "A car inside a bottle"),
    "too_heavy": ("A man lifts a car", "A girl throws a bus", "A child carrying an elephant"),
    "too_fast": (
        "A snail moving at 200 km/h", "A man running at 200 km/h", "A tortoise walks at 60 mph",
        "A dog running at 300 kilometers per hour",
    ),
    "shadow": ("The shadow of a tree points towards the sun", "Shadows stretching toward the setting sun"),
    "drowned_fire": ("A candle burns under water", "A torch burning underwater"),
    "airless_fire": ("A campfire burning on the moon",),
    "silent_void": ("Footsteps are heard on the moon", "A loud explosion in space is heard"),
}  # fmt: skip
PASSES = (
    "A cat riding a skateboard", "A dog in a boat", "A person swimming in a lake", "A bird walking on the beach",
    "A bird on an elephant", "An astronaut floating in space", "A balloon rising into the sky", "Snow in summer",
    "A man walking on the beach by the sea", "A car crossing a bridge over a river", "A woman skating on a frozen lake",
    "A horse galloping along the shore", "A surfer riding a wave in the ocean", "A man wading in the sea",
    "A leaf floating on the water", "A feather floats upward", "Smoke rising from a chimney", "A kite flying in the sky",
    "A skateboarder flying through the air", "A ball flies through the air", "A drone flying over the mountains",
    "A fish jumping out of the water", "A fish on a plate", "A fish in an aquarium in a living room",
    "A car driving at 120 km/h", "A man running at 15 km/h", "A woman riding a horse", "A cat sitting on a car",
    "A river flowing through the mountains", "A fountain spraying water up", "Heavy rain falling on the street",
    "The man's shadow stretches away from the sun", "A candle burning on a table", "An astronaut walking on the moon",
    "A toy car driving on the water", "A boat on the beach", "A penguin walking on the ice", "A dragon flying over a castle",
    "A superhero flying over the city", "A man lifting a suitcase", "Two men carrying a sofa", "A turtle crawling on sand",
    "A horse does not fly over the city", "A helicopter flying over a lake",
)  # fmt: skip


def kinds_in(prompt: str) -> set[str]:
    return {breach.kind for breach in read(prompt, catalogue=catalogue(), wordnet=system_wordnet()).breaches}


def film(prompt: str, way: str = "nearest") -> Film:
    return direct(prompt, catalogue=catalogue(), impossible=way)  # type: ignore[arg-type]


def player(made: Film, name: str):
    """The land and the player of a subject, as the world casts it."""
    shot = made.shots[0]
    place = catalogue().place(shot.set.place)
    land = place_family(place.family).lay(place, shot.set, seed=1)
    return land, next(p for p in players_of(made, shot, land, catalogue()) if p.subject.id == name)


# What is found --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "prompt"), [(kind, prompt) for kind, prompts in FIRES.items() for prompt in prompts])
def test_a_wish_against_nature_is_found(kind, prompt):
    """The kind of the law that is broken, in many phrasings and with many bodies."""
    assert kinds_in(prompt) == {kind}


@pytest.mark.parametrize("prompt", PASSES)
def test_what_is_merely_unusual_passes_without_a_word(prompt):
    """Rare is not impossible."""
    assert kinds_in(prompt) == set()


def test_the_reason_has_the_numbers_of_the_recipe():
    """A sedan weighs what its recipe says."""
    (breach,) = read("A sedan drives on water", catalogue=catalogue(), wordnet=None).breaches
    assert f"{catalogue().recipe('sedan').mass:,.0f} kg" in breach.why
    assert breach.law == "medium"


@pytest.mark.parametrize("prompt", [prompts[0] for prompts in FIRES.values()])
def test_the_reading_says_what_is_impossible_and_how_to_get_the_other_version(prompt):
    """One remark in whole sentences; in the stylised film it does not offer what is shown."""
    (near,) = [r for r in film(prompt).reading.remarks if "was added" not in r]
    (other,) = [r for r in film(prompt, "stylised").reading.remarks if "was added" not in r]
    assert near.endswith(".")
    assert "stylised" in near
    assert "instead" not in other


def test_another_way_than_the_two_is_refused():
    """In one sentence that names both."""
    with pytest.raises(DirectorError, match="nearest or stylised"):
        film("A cat", "magic")


# What is shown --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prompt", "nearest", "stylised"),
    [
        ("A sedan drives on the ocean", "coastal_road", "ocean"), ("A man walks on the sea", "beach", "ocean"),
        ("A shark swims through the desert", "underwater", "desert"),
        ("A fish walks down the street", "underwater", "city_street"),
        ("A boat sails across a meadow", "lake", "meadow"), ("A candle burns under water", "living_room", "underwater"),
    ],
)  # fmt: skip
def test_the_nearest_version_moves_and_the_stylised_one_stays(prompt, nearest, stylised):
    """The nearest version goes to where the deed is possible; the stylised one plays where it was said."""
    assert film(prompt).shots[0].set.place == nearest
    assert film(prompt, "stylised").shots[0].set.place == stylised


@given(
    name=st.sampled_from(["sedan", "bus", "man", "woman", "horse", "dog", "motorcycle"]),
    water=st.sampled_from(["ocean", "lake", "sea"]),
    t=st.floats(0.0, 5.0),
)
@settings(max_examples=12)
def test_who_goes_on_water_stays_at_its_level(name, water, t):
    """In the stylised film the height above the level of the water is the same at every moment: none."""
    verb = "drives" if catalogue().recipe(name).kind == "vehicle" else "runs"
    made = film(f"A {name} {verb} on the {water}", "stylised")
    land, body = player(made, name)
    assert land.water is not None
    assert body.figure.base(t)[1] == pytest.approx(land.water.level, abs=1e-6)
    assert body.ground.surface(0.0, 0.0) == "water"


@given(name=st.sampled_from(["pig", "horse", "cat", "elephant", "man"]), t=st.floats(0.0, 5.0))
@settings(max_examples=10)
def test_who_flies_against_nature_stays_at_one_height(name, t):
    """It treads on a level floor of nothing, far above the ground, with the gait that it has there."""
    made = film(f"A {name} flies over the city", "stylised")
    _, body = player(made, name)
    assert body.figure.base(t)[1] == pytest.approx(body.figure.base(0.0)[1], abs=1e-6)
    assert body.figure.base(t)[1] > 20.0
    assert {a.verb for a in made.shots[0].subjects[0].actions} == {"run"}


@pytest.mark.parametrize("prompt", FIRES["rises"])
def test_what_rises_against_nature_never_sinks(prompt):
    """From where it lay, higher at every moment; the nearest version never rises."""
    made = film(prompt, "stylised")
    name = made.shots[0].subjects[0].id
    _, body = player(made, name)
    heights = [body.figure.base(t)[1] for t in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)]
    assert all(later > sooner for sooner, later in pairwise(heights))
    _, body = player(film(prompt), name)
    assert body.figure.base(5.0)[1] <= body.figure.base(0.0)[1] + 1e-6


def test_speed_is_what_was_said_or_what_the_body_reaches():
    """The way in the time: 200 km/h stylised, the world record nearest, 15 km/h as said."""

    def pace(prompt: str, way: str) -> float:
        _, body = player(film(prompt, way), "man")
        return body.track.speed(2.5)

    assert pace("A man runs at 200 km/h", "stylised") == pytest.approx(200 / 3.6, rel=0.02)
    assert pace("A man runs at 200 km/h", "nearest") == pytest.approx(12.4, rel=0.02)
    assert pace("A man runs at 15 km/h", "nearest") == pytest.approx(15 / 3.6, rel=0.02)


def test_an_elephant_stands_beside_the_cup_or_small_on_it():
    """Nearest: beside it, on the ground. Stylised: carried by it, as small as its feet need."""
    near, other = (film("An elephant on a cup", way).shots[0].subjects[0] for way in ("nearest", "stylised"))
    assert near.placement.on is None
    assert near.attributes.scale == 1.0
    assert other.placement.on == "cup"
    assert other.attributes.scale < 0.1


@pytest.mark.parametrize(
    ("prompt", "trait"),
    [("Rain falls upward", "rising rain"), ("Water flows uphill", "flows uphill"),
     ("The shadow of a tree points towards the sun", "shadows towards the sun"),
     ("Footsteps are heard on the moon", "sound without air")],
)  # fmt: skip
def test_laws_of_the_set_are_broken_by_a_trait_of_it(prompt, trait):
    """Only in the stylised film."""
    assert trait in film(prompt, "stylised").shots[0].set.features
    assert trait not in film(prompt).shots[0].set.features


# Instructions ---------------------------------------------------------------------------------------------------------


def told(made: Film, words: str) -> Scene:
    """An instruction as it is read, on a scene on which the subjects of a film stand."""
    scene = Scene(words)
    for subject in made.shots[0].subjects:
        kind = catalogue().recipe(subject.recipe).kind
        scene.things.append(Thing(recipe=subject.recipe, name=subject.name, kind=kind, ids=(subject.id,)))
    scene.place = made.shots[0].set.place
    read_onto(NounReader(scene, Meanings(lexicon_of(catalogue()), system_wordnet())), tokenise(words))
    return scene


def test_an_instruction_against_nature_leads_on_in_two_ways():
    """ "The car drives on the sea": why not, along the shore, or on the water and stylised."""
    made = film("A car on a beach")
    edit = Edit(operations=(Change(what=ChangeSet(place="ocean")),))
    reply = against_nature(made, told(made, "the car drives on the sea"), edit, catalogue())
    assert isinstance(reply, Impossible)
    assert "kg" in reply.text
    assert [choice.label for choice in reply.choices] == ["drive along the shore", "drive on the water, stylised"]
    nearest, stylised = (apply(made, choice.edit).shots[0] for choice in reply.choices)
    assert nearest.set.place == "coastal_road"
    assert nearest.subjects[0].attributes.states == ()
    assert stylised.set.place == "ocean"
    assert "on water" in stylised.subjects[0].attributes.states


def test_a_pig_that_is_told_to_fly_runs_or_runs_high_up():
    """The stylised choice lifts the placement and the whole way alike."""
    made = film("A pig runs through a city street")
    actions = made.shots[0].subjects[0].actions
    edit = Edit(operations=(Change(what=ChangeSubject(subject="pig", actions=actions)),))
    reply = against_nature(made, told(made, "the pig flies over the city"), edit, catalogue())
    assert isinstance(reply, Impossible)
    pig = apply(made, reply.choices[1].edit).shots[0].subjects[0]
    assert pig.placement.position[1] == pig.actions[0].path[-1][1] > 20.0


def test_an_instruction_that_nature_allows_is_nothing_to_speak_of():
    """No answer, so that the edit goes on."""
    made = film("A car on a beach")
    assert against_nature(made, told(made, "the car drives along the beach"), Edit(operations=()), catalogue()) is None


def test_half_a_shot_is_long_enough_for_a_wish():
    """A speed that is said holds for the stretch in which it is wished."""
    made = direct("A man runs at 15 km/h", catalogue=catalogue(), seconds=Fraction(2))
    _, body = player(made, "man")
    assert body.track.speed(1.0) == pytest.approx(15 / 3.6, rel=0.02)


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("make the car drive on the water", ["drive along the shore", "drive on the water, stylised"]),
        ("make the car fly over the village", ["drive on the ground", "drive through the air, stylised"]),
        ("the car should float upward", ["rise upwards, stylised"]),
    ],
)
def test_whoever_talks_about_a_film_is_asked_which_way(words, labels):
    """The interpreter answers with the reason and with edits that can be carried out; what is shown already is none."""
    made = film("A car on a beach")
    reply = interpret(words, Conversation(film=made), catalogue=catalogue())
    assert isinstance(reply, Impossible)
    assert [choice.label for choice in reply.choices] == labels
    assert all(apply(made, choice.edit) != made for choice in reply.choices)
