"""Where, when, in which weather, how it is seen and in what style."""

from fractions import Fraction

import pytest

SETS = [
    ("a cat in a forest at night", "forest", 23.0),
    ("a beach at sunset", "beach", 18.95),
    ("a man on a street in the morning", "city_street", 8.5),
    ("a lake", "lake", 15.8),
]


@pytest.mark.parametrize(("prompt", "place", "hour"), SETS, ids=[row[0] for row in SETS])
def test_places_and_hours(draft, prompt, place, hour):
    """The named place and hour are the set's."""
    wish = draft(prompt).set

    assert (wish.place, wish.said, wish.hours[0].hour) == (place, True, hour)


def test_a_word_can_be_thing_or_place(draft):
    """A lighthouse that heads the sentence is built; a lighthouse that one stands at is where one is."""
    built = draft("a lighthouse in a storm")
    visited = draft("a cat walks at the lighthouse")

    assert [e.recipe for e in built.entities] == ["lighthouse"]
    assert visited.set.place == "lighthouse_point"


def test_without_a_place_the_subject_is_at_home(draft):
    """Nobody says where a goldfish swims."""
    assert draft("a goldfish swims").set.place == "underwater"
    assert not draft("a goldfish swims").set.said


def test_weather_and_season(draft):
    """Rain, fog and winter reach the set, from nouns and from adjectives."""
    assert draft("a dog in heavy rain").set.weather.rain > 0.8
    assert draft("a foggy forest").set.weather.fog > 0.3
    assert draft("a park in autumn").set.season == "autumn"


def test_the_hour_can_pass(draft):
    """ "day turns to night" runs the clock from day to night."""
    hours = draft("A mountain as day turns to night").set.hours

    assert [key.at for key in hours] == [0, 1]
    assert hours[0].hour < 18 < hours[1].hour


MOVES = [
    ("pan left", "pan_left"), ("the camera pans slowly to the right", "pan_right"), ("tilt up", "tilt_up"),
    ("camera tilts down", "tilt_down"), ("zoom in", "zoom_in"), ("the camera zooms out", "zoom_out"),
    ("the camera pushes in", "dolly_in"), ("the camera pulls back", "dolly_out"), ("truck left", "truck_left"),
    ("the camera orbits around the house", "orbit_right"), ("the camera follows the car", "track"),
    ("handheld camera", "handheld"), ("rack focus", "rack_focus"), ("drone footage", "aerial"),
    ("the camera rises up", "crane_up"), ("with an intense shaking effect", "handheld"),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "kind"), MOVES, ids=[row[0] for row in MOVES])
def test_camera_moves(draft, phrase, kind):
    """A move in the words of film-makers is that move, and nothing else moves."""
    camera = draft(f"A house and a car, {phrase}").camera

    assert [move.kind for move in camera.moves] == [kind]


FRAMINGS = [
    ("close-up of a cat", "framing", "close"), ("a wide shot of a beach", "framing", "wide"),
    ("a medium shot of a woman", "framing", "medium"), ("a low angle shot of a house", "angle", "low"),
    ("a bird's eye view of a street", "angle", "aerial"), ("a cat, front view", "azimuth", 0),
    ("a dog seen from behind", "azimuth", 180),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "field", "value"), FRAMINGS, ids=[row[0] for row in FRAMINGS])
def test_framing_and_angle(draft, prompt, field, value):
    """Shot sizes and angles reach the camera."""
    assert getattr(draft(prompt).camera, field) == value


def test_a_static_camera_is_a_wish(draft):
    """A still camera that was asked for differs from one of which nothing was said."""
    assert draft("a vase, static shot with no camera movement").camera.static
    assert not draft("a vase").camera.static


def test_a_truck_is_no_camera_move(draft):
    """Words of the camera are ordinary words elsewhere."""
    assert draft("a red pan on a table").camera.moves == ()
    assert draft("a truck on a road").camera.moves == ()


STYLES = [
    ("a cat, anime style", "anime", None, "understood"), ("a cat in the style of claymation", "clay", None, "understood"),
    ("a cat, watercolor painting", "watercolour", None, "understood"),
    ("a cat, black and white", "cinematic", "black-and-white", "understood"),
    ("a cartoon of a cat", "flat", None, "substituted"), ("a cat, pixel art", "pixel", None, "understood"),
    ("a cat in the style of van gogh", "watercolour", None, "substituted"), ("a cat, film noir", "noir", None, "understood"),
    ("a pencil drawing of a cat", "sketch", None, "understood"), ("a cat, cyberpunk style", "cinematic", "neon", "understood"),
]  # fmt: skip


@pytest.mark.parametrize(("prompt", "style", "grade", "status"), STYLES, ids=[row[0] for row in STYLES])
def test_styles(understand, prompt, style, grade, status):
    """A style with a renderer is understood; any other goes to the nearest and is said to be substituted."""
    result = understand(prompt)

    assert (result.draft.look.style, result.draft.look.grade) == (style, grade)
    assert [p.status for p in result.reading.phrases if p.kind == "style"] == [status]


def test_pace(draft):
    """Slow motion and time-lapse are paces; a time-lapse lets hours pass."""
    assert draft("a horse running in slow motion").look.pace == "slow_motion"
    lapse = draft("time-lapse of a city street")
    assert lapse.look.pace == "time_lapse"
    assert lapse.set.hours[-1].hour > lapse.set.hours[0].hour
    assert lapse.set.hours[-1].at == Fraction(1)
