"""The cast of a shot: every subject with its recipe, its track, the ground under it and its box for the camera."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from vitascope.film import Film, Placement, Shot, Subject, seed_for
from vitascope.recipe import Catalogue, Recipe
from vitascope.world.figure import Figure
from vitascope.world.land import Land, Spot
from vitascope.world.skeleton import turned
from vitascope.world.things.ballistics import HOPS, hop_height
from vitascope.world.track import Ground, Track, track_of

__all__ = ["Player", "players_of"]

SITTING = 0.54
"""Share of the height of a body that is over the seat while it sits on a vehicle."""
EYE_SHARE = {"person": 0.93, "animal": 0.86, "bird": 0.85}


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One subject before it has a body. `number` is its id in the id pass."""

    subject: Subject
    recipe: Recipe
    number: int
    seed: int
    track: Track
    ground: Ground
    figure: Figure


def players_of(film: Film, shot: Shot, land: Land, library: Catalogue) -> tuple[Player, ...]:
    """All subjects of the shot, in its order."""
    duration = float(shot.duration)
    players: dict[str, Player] = {}
    for subject in _carriers_first(shot.subjects):
        recipe = library.recipe(subject.recipe)
        ground = _ground_for(subject, recipe, land)
        moved = _at_spot(subject, recipe, land)
        track = track_of(moved, duration=duration)
        players[subject.id] = Player(
            subject=moved,
            recipe=recipe,
            number=1 + [s.id for s in shot.subjects].index(subject.id),
            seed=seed_for(film.seed, "subject", subject.id),
            track=track,
            ground=ground,
            figure=_figure(moved, recipe, track, ground, players),
        )
    return tuple(players[s.id] for s in shot.subjects)


def _carriers_first(subjects: tuple[Subject, ...]) -> list[Subject]:
    done: list[Subject] = []
    waiting = list(subjects)
    while waiting:
        ready = [s for s in waiting if s.placement.on is None or s.placement.on in {d.id for d in done}]
        if not ready:
            ready = [replace_placement(waiting[0])]
            waiting = waiting[1:]
        done += ready
        waiting = [s for s in waiting if s.id not in {r.id for r in ready}]
    return done


def replace_placement(subject: Subject) -> Subject:
    """The subject standing by itself: carriers that carry each other in a ring carry nobody."""
    return subject.model_copy(update={"placement": Placement(position=subject.placement.position)})


def _ground_for(subject: Subject, recipe: Recipe, land: Land) -> Ground:
    """What a body moves over: the land for walkers and what has sunk, the level water for boats, one level for the rest."""
    states = subject.attributes.states
    if "sunken" in states:
        return land.ground
    if "aloft" in states:
        return _floor_of_air(subject, land)
    if "on water" in states and land.water is not None:
        level = land.water.level
        return Ground(height=lambda x, z: np.full(np.shape(x), level), surface=lambda x, z: "water")
    if recipe.medium == "water" and land.water is not None:
        level = land.water.level
        return replace(land.ground, height=lambda x, z: np.full(np.shape(x), level), surface=lambda x, z: "water")
    if recipe.medium in ("air", "underwater"):
        level = land.ground.at(0.0, 0.0)
        if recipe.medium == "air" and land.water is not None:
            level = max(level, land.water.level)
        return replace(land.ground, height=lambda x, z: np.full(np.shape(x), level))
    return land.ground


def _floor_of_air(subject: Subject, land: Land) -> Ground:
    """A level floor of nothing at the height of the subject's placement: what is aloft against nature treads on it.

    Heights of its path count from that floor; see `_at_spot`.
    """
    base = land.ground.at(0.0, 0.0)
    if land.water is not None:
        base = max(base, land.water.level)
    level = base + subject.placement.position[1]
    return Ground(height=lambda x, z: np.full(np.shape(x), level), surface=lambda x, z: "air")


def _at_spot(subject: Subject, recipe: Recipe, land: Land) -> Subject:
    """Boats, and who walks on water, go where the water is; others stay where they were staged."""
    states = subject.attributes.states
    afloat = recipe.medium == "water" or "on water" in states
    spot: Spot | None = land.spots.get("water") if afloat and "aloft" not in states else None
    if subject.placement.on is not None or (spot is None and "aloft" not in states):
        return subject
    dx, _, dz = spot.position if spot is not None else (0.0, 0.0, 0.0)
    floor = subject.placement.position[1] if "aloft" in states else 0.0

    def moved(p: tuple[float, float, float]) -> tuple[float, float, float]:
        return (p[0] + dx, p[1] - floor, p[2] + dz)

    placement = subject.placement.model_copy(update={"position": moved(subject.placement.position)})
    actions = tuple(a.model_copy(update={"path": tuple(moved(p) for p in a.path)}) for a in subject.actions)
    return subject.model_copy(update={"placement": placement, "actions": actions})


def _figure(subject: Subject, recipe: Recipe, track: Track, ground: Ground, players: Mapping[str, Player]) -> Figure:
    scale = subject.attributes.scale
    size = (recipe.size[0] * scale, recipe.size[1] * scale, recipe.size[2] * scale)
    carrier = players.get(subject.placement.on or "")
    seat = _seat_of(carrier) if carrier is not None and subject.placement.socket == "seat" else None
    below = 0.0 if seat is None else (1.0 - SITTING) * size[1]

    def bases(times: np.ndarray) -> np.ndarray:
        if carrier is not None and seat is not None:
            offset = seat + np.array(subject.placement.position)
            turns = np.array([turned("y", carrier.figure.heading(t)) for t in times])
            return carrier.figure.bases(times) + turns @ offset
        if carrier is not None:
            share = 0.55 if (subject.placement.socket or "").startswith(("hand", "seat")) else 1.0
            return (
                carrier.figure.bases(times)
                + np.array([0.0, share * carrier.figure.size[1], 0.0])
                + np.array(subject.placement.position)
            )
        x, above, z = track.position(times)
        return np.stack([x, ground.height(x, z).astype(float) + above, z], 1)

    return Figure(
        id=subject.id,
        size=(size[0], size[1] - below, size[2]),
        bases=bases,
        heading=carrier.figure.heading if carrier is not None else track.heading,
        eye_level=size[1] * EYE_SHARE.get(recipe.kind, 0.55) - below,
        kind=recipe.kind,
        travels=bool(track.speeds.max() > 0.05),
        aboard=carrier.subject.id if carrier is not None and seat is not None else None,
        leap=_leap(subject, recipe, size[1]),
    )


def _leap(subject: Subject, recipe: Recipe, tall: float) -> float:
    """How far a thing leaves the ground; whoever has legs bends them, and hardly leaves the picture."""
    vigours = [action.vigour for action in subject.actions if action.verb in HOPS]
    return hop_height(tall, max(vigours)) if vigours and recipe.kind == "prop" else 0.0


def _seat_of(carrier: Player) -> np.ndarray | None:
    """(3,) the seat of a vehicle that is driven, in its own space [m]; None for what has no driver."""
    if carrier.recipe.driver is None:
        return None
    place = carrier.recipe.parameters.get("sockets", {}).get("seat", (0.0, 0.5 * carrier.recipe.size[1], 0.0))
    at = place["at"] if isinstance(place, Mapping) else place
    return np.array([float(v) for v in at]) * carrier.subject.attributes.scale
