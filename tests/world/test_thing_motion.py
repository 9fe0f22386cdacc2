"""How things move: fall, bounce and roll as physics says, stand on slopes, ride on waves, shine when they should."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from vitascope.film import Action, Attributes, Placement, Span, Subject
from vitascope.recipe import catalogue
from vitascope.world.families import family
from vitascope.world.role import Performance, Role
from vitascope.world.stage import Water
from vitascope.world.things.ballistics import GRAVITY, Drop, Tumble, hop
from vitascope.world.track import Ground, track_of
from vitascope.world.waves import surface

FLAT = Ground(height=lambda x, z: np.zeros(np.shape(x)), surface=lambda x, z: "grass")


def go(verb: str, *path: tuple[float, float, float], start: float = 0.0, end: float = 4.0) -> Action:
    return Action(verb=verb, span=Span(start=Fraction(start), end=Fraction(end)), path=path)


def played(
    name: str, *actions: Action, at: tuple[float, float, float] = (0, 0, 0), role: dict | None = None, **wanted: object
) -> Performance:
    recipe = catalogue().recipe(name)
    subject = Subject(
        id="it", recipe=name, name=name, attributes=Attributes(**wanted), placement=Placement(position=at), actions=actions  # type: ignore[arg-type]
    )  # fmt: skip
    body = family(recipe.family).build(recipe, subject.attributes, seed=3)
    track = track_of(subject, duration=4.0)
    return family(recipe.family).perform(
        body,
        Role(subject=subject, recipe=recipe, number=1, track=track, ground=FLAT, duration=4.0, seed=3, **(role or {})),
    )


def lowest(performance: Performance, name: str, t: float) -> float:
    recipe = catalogue().recipe(name)
    mesh = family(recipe.family).build(recipe, Attributes(), seed=3).mesh
    matrix = performance.motion.at(t).transforms[0]
    return float((mesh.positions @ matrix[:3, :3].T + matrix[:3, 3])[:, 1].min())


def test_a_fall_is_a_parabola_then_bounces_that_lose_their_share():
    """Height h - g t^2 / 2 until sqrt(2 h / g); each rebound is e^2 of the one before."""
    drop = Drop(2.0, restitution=0.5)
    first = np.sqrt(2 * 2.0 / GRAVITY)

    assert drop.at(0.3) == pytest.approx(2.0 - GRAVITY * 0.045)
    assert drop.contacts[0] == pytest.approx(first)
    assert max(drop.at(t) for t in np.linspace(first, drop.contacts[1], 400)) == pytest.approx(0.5, rel=1e-3)
    assert drop.at(drop.rest + 1) == 0.0
    assert np.all(np.diff(drop.speeds) < 0)


def test_a_bouncing_height_reaches_its_top_and_the_ground():
    """`hop` touches the ground every sqrt(8 h / g) seconds and rises to its height between."""
    period = np.sqrt(8 * 0.5 / GRAVITY)

    assert hop(0.0, 0.5) == 0.0
    assert hop(period / 2, 0.5) == pytest.approx(0.5)
    assert hop(3 * period, 0.5) == pytest.approx(0.0, abs=1e-9)


def test_a_thing_let_go_in_the_air_falls_as_galilei_says():
    """The base of a falling box is where free fall puts it, and it is heard when it lands."""
    box = played("box", go("fall", (0, 0, 0), start=1.0), at=(0, 3, 0))
    landing = 1.0 + np.sqrt(2 * 3 / GRAVITY)

    assert box.motion.at(0.5).transforms[0, 1, 3] == pytest.approx(3.0)
    assert box.motion.at(1.5).transforms[0, 1, 3] == pytest.approx(3.0 - GRAVITY * 0.125, rel=1e-4)
    assert box.events[0].time == pytest.approx(landing, abs=1e-6)
    assert box.motion.at(4.0).transforms[0, 1, 3] == pytest.approx(0.0, abs=0.01)


def test_a_ball_rolls_without_slip():
    """The point of the ball that touches the ground has no speed, and one turn takes 2 pi r."""
    ball, radius, dt = played("ball", go("roll", (3, 0, 0))), 0.11, 1e-3
    now, later = (ball.motion.at(t).transforms[0].astype(float) for t in (2.0, 2.0 + dt))
    centre = now[:3, :3] @ [0, radius, 0] + now[:3, 3]
    touching = np.linalg.inv(now) @ [*(centre - [0, radius, 0]), 1.0]

    slip = (later @ touching - now @ touching)[:3] / dt
    moved = (later - now)[:3, 3]
    assert (
        np.linalg.norm(slip)
        < 0.02 * np.linalg.norm(later[:3, :3] @ [0, radius, 0] - now[:3, :3] @ [0, radius, 0] + moved) / dt
    )
    assert centre[1] == pytest.approx(radius, abs=1e-4)


def test_a_ball_that_flies_is_where_its_path_says():
    """The height of the waypoints is the height of the ball's base."""
    ball = played("ball", go("roll", (1, 0.8, 0), (2, 0, 0)))
    heights = [lowest(ball, "ball", t) for t in np.linspace(0, 4, 60)]

    assert 0.6 < max(heights) < 1.0
    assert min(heights) > -0.03


def test_a_thing_pushed_off_its_carrier_slides_then_falls():
    """It keeps its height until it is past the edge, then falls freely, never through the ground."""
    tumble = Tumble(0.75)

    assert tumble.at(0.2)[1] == 0.75
    assert tumble.at(tumble.leaves + 0.2)[1] == pytest.approx(0.75 - GRAVITY * 0.02)
    assert tumble.at(9.0)[1] == 0.0
    along = [tumble.at(t)[0] for t in np.linspace(0, 3, 300)]
    assert np.all(np.diff(along) >= -1e-9)
    assert np.abs(np.diff(along)).max() < 0.03


def test_a_cup_can_fall_off_what_carries_it():
    """Carried before, on the ground after, and struck in between."""
    top = np.eye(4)
    top[1, 3] = 0.75
    cup = played("cup", go("fall", start=1.0), role={"carrier": lambda t: top})

    assert cup.motion.at(0.5).transforms[0, 1, 3] == pytest.approx(0.75)
    assert lowest(cup, "cup", 4.0) == pytest.approx(0.0, abs=0.01)
    assert cup.events


def test_things_follow_the_slope_they_stand_on():
    """On a slope of one in five a table's up leans with the ground."""
    slope = replace(FLAT, height=lambda x, z: 0.2 * np.asarray(x, float))
    recipe = catalogue().recipe("table")
    subject = Subject(id="it", recipe="table", name="table")
    body = family("parts").build(recipe, Attributes(), seed=0)
    role = Role(
        subject=subject,
        recipe=recipe,
        number=1,
        track=track_of(subject, duration=2.0),
        ground=slope,
        duration=2.0,
        seed=0,
    )
    table = family("parts").perform(body, role)

    up = table.motion.at(0.0).transforms[0, :3, 1]
    assert up[0] == pytest.approx(-0.2 / np.hypot(1, 0.2), abs=0.02)


@pytest.mark.parametrize("name", ["rowing_boat", "sailing_boat", "ship"])
def test_boats_ride_at_their_draught_on_the_mean_of_the_waves(name: str):
    """The waterline of a boat is the mean height of the waves under bow, stern and sides."""
    water = Water(wave_height=0.5, wave_length=12.0)
    boat = played(name, role={"wave": lambda x, z, t: surface(water, np.float64(x), np.float64(z), t)})
    draught = catalogue().recipe(name).parameters["draught"]
    size = catalogue().recipe(name).size

    for t in (0.0, 1.3, 2.9):
        level = boat.motion.at(t).transforms[0, 1, 3] + draught
        assert abs(level - water.level) < 0.5
        if size[2] > 100:
            assert abs(level - water.level) < 0.3


def test_boats_lie_flat_on_flat_water():
    """Without waves and wind the deck is level and the draught exact."""
    boat = played("rowing_boat", role={"wave": lambda x, z, t: (np.full(np.shape(x), 1.5), np.array([0, 1.0, 0]))})

    assert boat.motion.at(1.0).transforms[0, 1, 3] == pytest.approx(1.5 - 0.2)
    assert boat.motion.at(1.0).transforms[0, 1, 1] == pytest.approx(1.0, abs=1e-6)


def test_a_lamp_shines_at_night_and_when_it_is_lit():
    """By day the lighthouse is dark; at night its beams turn about the tower."""
    day, night = played("lighthouse"), played("lighthouse", role={"night": 1.0})
    assert day.lights is not None
    assert night.lights is not None

    assert not day.lights(1.0)
    beams = [lamp for lamp in night.lights(1.0) if lamp.direction is not None]
    later = [lamp for lamp in night.lights(2.0) if lamp.direction is not None]
    assert len(beams) == 2
    assert beams[0].beam > 0
    turn = np.degrees(np.arccos(np.dot(np.array(beams[0].direction)[[0, 2]], np.array(later[0].direction)[[0, 2]])))
    assert turn == pytest.approx(0.14 * 360, abs=2)


def test_the_burner_of_a_balloon_fires_in_bursts_with_light():
    """Sometimes on, sometimes off; the flame is seen just when the light is there."""
    balloon = played("hot_air_balloon")
    assert balloon.lights is not None
    lit = [bool(balloon.lights(t)) for t in np.linspace(0, 8, 100)]
    flame = next(thing for thing in balloon.extras if "flame" in thing.name)

    assert True in lit
    assert False in lit
    assert all(flame.motion.at(t).visible == bool(balloon.lights(t)) for t in (0.0, 1.0, 3.0, 5.0) if 0.05 < 1)


def test_motion_is_pure_in_time():
    """The same moment gives the same pose in any order."""
    car = played("convertible", go("drive", (20, 0, 4)), at=(-20, 0, 0))
    first = car.motion.at(1.7)
    car.motion.at(3.1)
    again = car.motion.at(1.7)

    assert np.array_equal(first.transforms, again.transforms)
    assert first.joints is not None
    assert np.array_equal(first.joints, again.joints)
