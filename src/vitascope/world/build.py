"""From a shot to a stage: land, cast, camera, bodies, furnishing, light and sound, in this order. Pure in the film."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from vitascope.film import Attributes, Cue, Film, Level, Set, Shot, Subject, seed_for
from vitascope.recipe import Catalogue, Driver, Recipe, catalogue
from vitascope.world import climate, daylight, waves
from vitascope.world.blueprint import Body
from vitascope.world.camera import CameraPath, camera_path
from vitascope.world.cast import Player, players_of
from vitascope.world.clearance import USUAL_ROWS, arena_of, detail_of, sights_of, ways_of
from vitascope.world.families import family
from vitascope.world.hearing import soundscape_of
from vitascope.world.land import Land
from vitascope.world.places import place_family
from vitascope.world.role import Performance, Role
from vitascope.world.soundscape import Soundscape
from vitascope.world.stage import Lens, PointLight, Snapshot, Stage, Thing
from vitascope.world.terrain import burning, make_way
from vitascope.world.written import Speaker

__all__ = ["build_stage", "picture_look", "picture_seed"]

Lights = Callable[[float, float], tuple[PointLight, ...]]
HELM = 0.1
"""Metres from a vehicle's seat within which one is its driver."""
CLOUD_HURRY = 150.0
"""Clouds in time-lapse drift at most this many times faster, so that they stream and do not flicker."""


def build_stage(film: Film, index: int = 0, *, library: Catalogue | None = None, rows: int = USUAL_ROWS) -> Stage:
    """The stage of shot `index`. The same film gives the same stage, on every machine.

    `rows` of a picture that is never shown larger: subjects of fewer triangles are then enough.
    """
    library = library or catalogue()
    shot = film.shots[index]
    place = library.place(shot.set.place)
    places = place_family(place.family)
    land = places.lay(place, _at_no_hour(shot.set), seed=seed_for(film.seed, "place", place.name))
    players = players_of(film, shot, land, library)
    framed = _framed(film, shot, players, land, library)
    camera = camera_path(
        shot,
        [p.figure for p in framed],
        land,
        aspect=film.size.width / film.size.height,
        seed=seed_for(film.seed, "camera", shot.id),
    )
    light = _Lighting(film, shot, land)
    performances = _perform(players, shot, land, camera, light, library, rows)
    ways = ways_of((*framed, *(p for p in players if p not in framed)), shot)
    length = _composed_length(shot)
    sights, seen = sights_of(camera, length), camera.positions[camera.times <= length + 1e-6]
    furnishing = places.furnish(
        land,
        clear=sights if land.room is None else (*ways, *sights),
        cameras=seen[:: max(1, len(seen) // 8)],
        night=light.darkest(float(shot.duration)),
    )
    scenery, lamps = make_way(furnishing, ways)
    focus, reach = arena_of(framed, camera, length)
    return Stage(
        name=shot.id,
        duration=float(shot.duration),
        things=(*scenery, *(thing for _, things in performances.values() for thing in things)),
        snapshot=_snapshots(camera, light, (furnishing.lights, lamps), [p for p, _ in performances.values()]),
        soundscape=_soundscapes(film, shot, land, camera, players, {name: p for name, (p, _) in performances.items()}),
        water=land.water,
        focus=focus,
        reach=reach,
        style=shot.look.style,
        look=picture_look(shot),
        subject_names=tuple(p.subject.id for p in players),
        ground_height=land.ground.height,
        indoor=land.recipe.indoor,
        seed=picture_seed(film),
    )


def _at_no_hour(set: Set) -> Set:
    """The set without its hours: a place is the same by day and by night, but for its lamps."""
    return set.model_copy(update={"hours": Set.model_fields["hours"].default})


def _framed(film: Film, shot: Shot, players: tuple[Player, ...], land: Land, library: Catalogue) -> tuple[Player, ...]:
    """The cast that the camera was composed for: the shot's own, or the one of its composition."""
    held = shot.composition
    if held is None:
        return players
    length = max(shot.duration, held.duration)
    then = players_of(film, shot.model_copy(update={"subjects": held.subjects, "duration": length}), land, library)
    now = {p.subject: p for p in players}
    return tuple(now.get(p.subject, p) for p in then)


def _composed_length(shot: Shot) -> float:
    return float(shot.duration if shot.composition is None else shot.composition.duration)


def _soundscapes(
    film: Film,
    shot: Shot,
    land: Land,
    camera: CameraPath,
    players: tuple[Player, ...],
    performances: Mapping[str, Performance],
) -> Callable[..., Soundscape]:
    strikes = _Lighting(film, shot, land).strikes
    speakers = {p.subject.id: Speaker(voice=_voice(p), mouth=p.figure.eyes) for p in players}

    def soundscape(cues: tuple[Cue, ...] = shot.cues, levels: tuple[Level, ...] = shot.levels) -> Soundscape:
        written = shot.model_copy(update={"cues": cues, "levels": levels})
        return soundscape_of(film, written, land, camera, performances, strikes, speakers)

    return soundscape


class _Lighting:
    """Sky, air and exposure of one shot as functions of time."""

    def __init__(self, film: Film, shot: Shot, land: Land) -> None:
        self.set = shot.set
        self.scale = shot.look.time_scale
        self.traits = _traits(shot, land)
        self.light = shot.light
        azimuth = (shot.camera.azimuth or 0.0) if self.light.staged_for is None else self.light.staged_for
        if self.light.azimuth is None and land.light_from is not None:
            self.light = self.light.model_copy(update={"azimuth": land.light_from})
        elif self.light.azimuth is None and abs(azimuth) > 45.0:
            hour = daylight.hour_at(shot.set.hours, float(shot.duration) / 2)
            staged = daylight.sun_angles(hour)[1] + azimuth
            self.light = self.light.model_copy(update={"azimuth": (staged + 180.0) % 360.0 - 180.0})
        self.strikes = climate.strikes(
            float(shot.duration), shot.set.weather.lightning, seed_for(film.seed, "lightning", shot.id)
        )

    def world_time(self, t: float) -> float:
        """Seconds of the world for what flows: time-lapse hurries waves and wind eight times at most."""
        return t * min(self.scale, 8.0)

    def night(self, t: float) -> float:
        """0 by day to 1 at night, from the height of the sun."""
        if self.traits.get("airless") or self.traits.get("underwater"):
            return 0.0
        elevation = daylight.sun_angles(daylight.hour_at(self.set.hours, t))[0]
        dark = float(np.clip((4.0 - elevation) / 8.0, 0.0, 1.0))
        gloom = 0.6 * float(np.clip(2.0 * self.set.weather.lightning + self.set.weather.rain - 0.8, 0.0, 1.0))
        return max(dark, gloom)

    def darkest(self, duration: float) -> float:
        """The greatest darkness of the shot: lamps and windows are lit if they ever need to be."""
        return max(self.night(t) for t in np.linspace(0.0, duration, 9))

    def snapshot(self, t: float, lens: Lens, lights: tuple[PointLight, ...]) -> Snapshot:
        """Everything about the moment `t` but the poses."""
        world_time = self.world_time(t)
        sky = daylight.sky_at(self.set, self.light, t, t * min(self.scale, CLOUD_HURRY), place_traits=self.traits)
        exposure = daylight.exposure_for(sky, self.light, place_traits=self.traits)
        air = climate.air_at(self.set, sky, t, world_time, place_traits=self.traits)
        sky, flash = climate.with_lightning(sky, self.strikes, t)
        return Snapshot(
            time=t, world_time=world_time, lens=lens, sky=sky, air=air, lights=lights, exposure=exposure, flash=flash
        )


def _traits(shot: Shot, land: Land) -> Mapping[str, float | bool]:
    features = " ".join(shot.set.features)
    traits: dict[str, float | bool] = {
        "airless": land.airless,
        "underwater": land.recipe.medium == "underwater",
        "indoor": land.recipe.indoor,
        "studio": land.recipe.family == "studio",
        "snow": land.recipe.surface == "snow" or "snow" in features,
    }
    if "earth" in features:
        traits["earth"] = 7.0
    if land.sea_of_clouds is not None:
        traits["sea_of_clouds"] = land.sea_of_clouds
    return traits


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attached:
    """The world transform of a carrier's socket with the carried subject's own offset and turn."""

    performance: Performance
    socket: str
    offset: np.ndarray

    def __call__(self, t: float) -> np.ndarray:
        return self.performance.socket(self.socket, t) @ self.offset


def _perform(
    players: tuple[Player, ...],
    shot: Shot,
    land: Land,
    camera: CameraPath,
    light: _Lighting,
    library: Catalogue,
    rows: int,
) -> dict[str, tuple[Performance, tuple[Thing, ...]]]:
    duration = float(shot.duration)
    states = _weather_states(shot, library)
    targets = {p.subject.id: _chest(p) for p in players}
    bodies: dict[object, Body] = {}
    done: dict[str, tuple[Performance, tuple[Thing, ...]]] = {}
    seats = {p.subject.id: p.recipe for p in players if p.recipe.driver is not None}
    waiting = list(players)
    while waiting:
        player = next(
            (p for p in waiting if p.subject.placement.on in done or p.subject.placement.on is None), waiting[0]
        )
        waiting.remove(player)
        subject, recipe = player.subject, player.recipe
        kind = family(recipe.family)
        detail = detail_of(player, camera, rows=rows)
        look_alike = recipe.kind not in ("person",) and len(shot.subjects) > 8
        attributes = _dressed(player, states)
        key = (recipe.name, attributes, detail, None if look_alike else player.seed)
        if key not in bodies:
            bodies[key] = kind.build(recipe, attributes, seed=player.seed, detail=detail)
        body = bodies[key]
        helm = (
            _seat(subject, seats) is not None
            and subject.placement.on in done
            and max(map(abs, subject.placement.position)) < HELM
        )
        performance = kind.perform(
            body,
            Role(
                subject=subject,
                recipe=recipe,
                number=player.number,
                track=player.track,
                ground=player.ground,
                duration=duration,
                seed=player.seed,
                time_scale=min(shot.look.time_scale, 2.0),
                wind=climate.wind_at(shot.set.weather, 0.0),
                night=light.darkest(duration),
                carrier=_carrier(subject, done),
                seat=_seat(subject, seats),
                at_helm=helm,
                holds=_holds(seats[subject.placement.on or ""], done[subject.placement.on or ""][0]) if helm else {},
                wave=_wave(land),
                targets={name: where for name, where in targets.items() if name != subject.id},
            ),
        )
        done[subject.id] = (performance, (_thing(player, body, performance), *performance.extras))
    return {p.subject.id: done[p.subject.id] for p in players}


def _weather_states(shot: Shot, library: Catalogue) -> tuple[str, ...]:
    """What people dress for who were not dressed by words: the weather and the place that the shot began with."""
    dressed_for = shot.dressed_for or shot.set
    place, weather = library.place(dressed_for.place), dressed_for.weather
    fitting = {
        "rain": weather.rain > 0.2,
        "snow": weather.snow > 0.2 or place.surface == "snow",
        "cold": dressed_for.season == "winter" and not place.indoor,
        "beach": place.surface == "sand" and place.family == "shoreline",
        "swimming": place.medium == "underwater",
    }
    return tuple(state for state, fits in fitting.items() if fits)


def _dressed(player: Player, states: tuple[str, ...]) -> Attributes:
    """The subject's attributes, with the states that a person dresses for."""
    attributes = player.subject.attributes
    if player.recipe.kind != "person" or not states:
        return attributes
    return attributes.model_copy(update={"states": (*attributes.states, *states)})


def _thing(player: Player, body: Body, performance: Performance) -> Thing:
    return Thing(
        name=player.subject.id,
        mesh=body.mesh,
        materials=body.materials,
        motion=performance.motion,
        subject=player.number,
        moving=performance.moving,
        bounds_radius=1.5 * max(player.figure.size) + 0.5,
    )


def _chest(player: Player) -> Callable[[float], np.ndarray]:
    rise = np.array([0.0, 0.7 * player.figure.size[1], 0.0])
    return lambda t: player.figure.base(t) + rise


def _carrier(subject: Subject, done: Mapping[str, tuple[Performance, tuple[Thing, ...]]]) -> _Attached | None:
    placement = subject.placement
    if placement.on is None or placement.on not in done:
        return None
    angle = np.radians(placement.facing)
    offset = np.eye(4)
    offset[0, 0], offset[0, 2], offset[2, 0], offset[2, 2] = np.cos(angle), np.sin(angle), -np.sin(angle), np.cos(angle)
    offset[:3, 3] = placement.position
    return _Attached(performance=done[placement.on][0], socket=placement.socket or "top", offset=offset)


def _seat(subject: Subject, seats: Mapping[str, Recipe]) -> Driver | None:
    """How one sits where the subject does."""
    recipe = seats.get(subject.placement.on or "")
    return recipe.driver if recipe is not None and subject.placement.socket == "seat" else None


def _holds(seat: Recipe, carrier: Performance) -> Mapping[str, Callable[[float], np.ndarray]]:
    """Where a vehicle is held by hands and feet, by the pairs of its sockets."""

    def both(what: str, t: float) -> np.ndarray:
        return np.array([carrier.socket(f"{what}_{side}", t)[:3, 3] for side in ("left", "right")])

    return {what: partial(both, what) for what in ("grip", "foot") if f"{what}_left" in seat.sockets}


def _wave(land: Land) -> Callable[..., tuple[np.ndarray, np.ndarray]] | None:
    water = land.water
    if water is None or land.recipe.medium == "underwater":
        return None
    return partial(waves.surface, water)


def _snapshots(
    camera: CameraPath, light: _Lighting, place_lights: tuple[Lights, list[PointLight]], performances: list[Performance]
) -> Callable[[float], Snapshot]:
    shining = [p.lights for p in performances if p.lights is not None]

    def snapshot(t: float) -> Snapshot:
        lights = [lamp for lamps in shining for lamp in lamps(t)]
        night = light.night(t)
        lights += [*place_lights[0](t, night), *burning(place_lights[1], night)]
        return light.snapshot(t, camera.at(t), tuple(lights))

    return snapshot


def _voice(player: Player) -> str:
    """The kind of voice that a subject speaks with."""
    attributes, recipe = player.subject.attributes, player.recipe
    words = {player.subject.name, recipe.name, *recipe.words}
    young = attributes.age in ("baby", "toddler", "child") or bool(words & {"child", "boy", "girl", "kid"})
    female = bool(words & {"woman", "girl", "lady", "mother", "queen"})
    return ("girl" if female else "boy") if young else ("woman" if female else "man")


def picture_seed(film: Film) -> int:
    """The seed of grain and of what else is random in the picture, as a stage has it."""
    return seed_for(film.seed, "picture") % 2**31


def picture_look(shot: Shot) -> dict[str, float | str]:
    """The finishing of the picture, as a stage has it."""
    look = shot.look
    wanted: dict[str, float | str] = {
        "grain": look.grain,
        "depth_of_field": look.depth_of_field,
        "motion_blur": look.motion_blur,
        "mood": shot.light.mood,
    }
    if look.grade:
        wanted["grade"] = look.grade
    return wanted
