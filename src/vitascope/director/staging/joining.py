"""Newcomers to a shot that is staged: each gets a sensible place among those who are there, who stay where they are.

Places are found in the frame of the camera (x to the right, z towards it), so that left, right, behind and before are
what the picture shows, and turned back into the space of the shot.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from vitascope.director.draft import Draft, Relation
from vitascope.director.staging.cast import Cast, Member, cast_of
from vitascope.director.staging.layout import CARRIED, carry, group_extent, place_group, relate
from vitascope.director.staging.travel import act
from vitascope.film import Action, Placement, Shot, Subject
from vitascope.recipe import Catalogue

__all__ = ["Joined", "join", "perform"]

FRAME = 1.78 / 2
"""Half the width of a picture over its height."""
FRAMINGS = {"extreme_wide": 7.0, "wide": 2.9, "full": 1.55, "medium": 0.85, "close": 0.42, "extreme_close": 0.18}
"""Height of the picture as a multiple of the height of who is framed."""
MANY_SIDES = ("between", "among", "around")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The newcomers as subjects, and what those who carry one of them do besides."""

    subjects: tuple[Subject, ...]
    holding: dict[str, tuple[Action, ...]]


def join(draft: Draft, shot: Shot, catalogue: Catalogue, *, newcomers: Collection[str], seed: int = 0) -> Joined:
    """Stage the entities of `draft` called `newcomers` among the others, which are subjects of `shot`."""
    azimuth = math.radians(shot.camera.azimuth or 0.0)
    cast = cast_of(draft, catalogue)
    for subject in shot.subjects:
        if subject.id in cast.members and subject.id not in newcomers:
            _stand(cast, subject, shot, azimuth)
    fresh = [member for member in cast.members.values() if member.id in newcomers]
    kept = {m.id: (m.x, m.y, m.z, m.facing, m.on, m.socket) for m in cast.members.values() if m.id not in newcomers}
    rng = np.random.default_rng([seed, 13])
    _lay_out(cast, fresh, shot, rng)
    for name, state in kept.items():
        member = cast.members[name]
        member.x, member.y, member.z, member.facing, member.on, member.socket = state
    actions = act(cast, duration=draft.duration, time_scale=draft.look.time_scale)
    return Joined(
        subjects=tuple(_subject(member, actions[member.id], azimuth) for member in fresh),
        holding={name: held for name in kept if (held := tuple(a for a in actions[name] if a.target in newcomers))},
    )


def _stand(cast: Cast, subject: Subject, shot: Shot, azimuth: float) -> None:
    """Put somebody who is there where he is half-way through what he does."""
    member = cast.members[subject.id]
    start = subject.placement.position
    if subject.placement.on is not None:
        member.x, member.y, member.z = start
    else:
        end = next((a.path[-1] for a in reversed(subject.actions) if a.path), start)
        x, y, z = ((a + b) / 2 for a, b in zip(start, end, strict=True))
        member.x, member.z = _turned(x, z, azimuth)
        member.y = y
    member.facing = subject.placement.facing
    member.on, member.socket, member.placed = subject.placement.on, subject.placement.socket, True


def _turned(x: float, z: float, azimuth: float) -> tuple[float, float]:
    """The place as the camera sees it: to its right, and towards it."""
    return (x * math.cos(azimuth) - z * math.sin(azimuth), x * math.sin(azimuth) + z * math.cos(azimuth))


def _lay_out(cast: Cast, fresh: list[Member], shot: Shot, rng: np.random.Generator) -> None:
    names = {member.id for member in fresh}
    relations = [r for r in cast.relations if r.entity in names and r.targets]
    for relation in relations:
        if relation.kind in CARRIED:
            carry(cast, relation)
    groups: dict[str, list[Member]] = {}
    for member in fresh:
        if member.on is None:
            groups.setdefault(member.entity.group or member.id, []).append(member)
    for group in groups.values():
        told = [_free(r) for r in relations if r.entity in {m.id for m in group}]
        framed = [r for r in cast.relations if r.entity in {m.id for m in group} and not r.targets]
        if told:
            _beside(cast, group, told, rng)
        else:
            _in_view(cast, group, framed[0] if framed else None, shot, rng)
        for member in group:
            member.placed = True
    _clear(cast, fresh, relations)


def _free(relation: Relation) -> Relation:
    """Who cannot be carried by something stands next to it."""
    return replace(relation, kind="next_to") if relation.kind in ("held_by", "worn_by", "hangs_from") else relation


def _beside(cast: Cast, group: list[Member], relations: list[Relation], rng: np.random.Generator) -> None:
    """Where a relation says; several who are told alike stand in a row there."""
    for relation in relations:
        relate(cast, relation, rng)
    if len(group) < 2 or relations[0].kind in MANY_SIDES or group[0].on is not None:
        return
    x, y, z = group[0].x, group[0].y, group[0].z
    target = cast.members[relations[0].targets[0]]
    extent = group_extent(group)
    side = (
        -1.0 if relations[0].kind == "left_of" else 1.0 if relations[0].kind in ("right_of", "next_to", "near") else 0.0
    )
    place_group(group, x + side * max(0.0, extent / 2 - group[0].reach), z, rng)
    if not group[0].floats or target.floats:
        for member in group:
            member.y = y


def _in_view(cast: Cast, group: list[Member], wish: Relation | None, shot: Shot, rng: np.random.Generator) -> None:
    """The first spot in the picture, from beside the leads backwards, where nobody is."""
    there = [m for m in cast.members.values() if m.placed and m.on is None]
    leads = [m for m in there if shot.camera.focus in (None, m.id)] or there
    extent, tall = group_extent(group), max(m.height for m in group)
    tallest = max((m.height for m in leads), default=tall)
    middle = (min((m.x for m in leads), default=0.0) + max((m.x for m in leads), default=0.0)) / 2
    front = max((m.z for m in leads), default=0.0)
    breadth = max((m.x + m.reach for m in leads), default=0.0) - min((m.x - m.reach for m in leads), default=0.0)
    height = tallest * FRAMINGS[shot.camera.framing or "full"]
    half = max(height * FRAME, 0.6 * breadth)
    depth = 1.6 * max(height, half)
    scenery = group[0].entity.role == "scenery" or group[0].recipe.kind == "building" or tall > 1.6 * max(tallest, 1.2)
    for back, side in _spots(wish, scenery):
        away = (0.5 * extent + 1.2 * tall + 1.0) * (1.0 if scenery else 0.0) + back * (0.6 + tall)
        if cast.indoor:
            away = min(away, 2.2)
        room = half * (depth + away) / depth - extent / 2
        offset = side * max(0.25 * breadth + 0.5 * extent + 0.3, 0.45 * room)
        if abs(offset) > room > 0:
            offset = math.copysign(room, offset)
        place_group(group, middle + offset, front - away, rng)
        if not any(_overlap(a, b) for a in group for b in there):
            return


def _spots(wish: Relation | None, scenery: bool) -> list[tuple[float, float]]:
    """Steps backwards and sides to try, the likeliest first."""
    kind = wish.kind if wish is not None else ""
    sides = {"at_left": (-1.0, -1.5), "at_right": (1.0, 1.5), "at_centre": (0.0, 0.4)}.get(kind, (1.0, -1.0, 1.6, -1.6))
    backs = {"in_background": (2.0, 3.0, 5.0), "in_foreground": (-0.6, -0.3)}.get(
        kind, (0.0, 0.6, 1.2, 2.0, 3.0, 4.5, 7.0)
    )
    if scenery and not kind:
        sides = (0.5, -0.5, 0.0, 1.2, -1.2)
    if kind in ("in_background",):
        sides = (0.6, -0.6, 0.0, 1.2, -1.2)
    return [(back, side) for back in backs for side in sides]


def _overlap(a: Member, b: Member) -> bool:
    if a.floats != b.floats and abs(a.y - b.y) > 0.6 * (a.height + b.height):
        return False
    return math.hypot(a.x - b.x, a.z - b.z) < 0.85 * (a.reach + b.reach)


def _clear(cast: Cast, fresh: list[Member], relations: list[Relation]) -> None:
    """Push newcomers out of what they stand in, sideways; the others stay."""
    wanted = {
        frozenset((r.entity, t)) for r in relations if r.kind in ("under", "above", "in", "on") for t in r.targets
    }
    names = {m.id for m in fresh}
    standing = [m for m in cast.members.values() if m.on is None and m.placed]
    for _ in range(24):
        moved = False
        for a in fresh:
            if a.on is not None:
                continue
            for b in standing:
                if a is b or frozenset((a.id, b.id)) in wanted or not _overlap(a, b):
                    continue
                lack = 0.87 * (a.reach + b.reach) - math.hypot(a.x - b.x, a.z - b.z)
                both = b.id in names
                sign = 1.0 if a.x >= b.x else -1.0
                a.x += sign * lack * (0.5 if both else 1.0)
                b.x -= sign * lack * 0.5 * both
                moved = True
        if not moved:
            return


def _subject(member: Member, actions: tuple[Action, ...], azimuth: float) -> Subject:
    carried = member.on is not None
    facing = (member.facing or 0.0) + (0.0 if carried else math.degrees(azimuth))
    x, z = (member.x, member.z) if carried else _turned(member.x, member.z, -azimuth)
    turned = tuple(a.model_copy(update={"path": tuple(_point(p, azimuth) for p in a.path)}) for a in actions)
    return Subject(
        id=member.id,
        recipe=member.recipe.name,
        name=member.entity.name,
        group=member.entity.group,
        attributes=member.entity.attributes,
        placement=Placement(
            position=(round(x, 3), round(member.y, 3), round(z, 3)),
            facing=round((facing + 180.0) % 360.0 - 180.0, 1),
            on=member.on,
            socket=member.socket,
        ),
        actions=turned,
    )


def _point(point: tuple[float, ...], azimuth: float) -> tuple[float, float, float]:
    x, z = _turned(point[0], point[2], -azimuth)
    return (x, point[1], z)


def perform(
    draft: Draft, shot: Shot, catalogue: Catalogue, *, performers: Collection[str]
) -> dict[str, tuple[Action, ...]]:
    """What the wishes of `draft` come to for `performers`, who are in the shot and set out from where they are."""
    azimuth = math.radians(shot.camera.azimuth or 0.0)
    cast = cast_of(draft, catalogue)
    starts = {}
    for subject in shot.subjects:
        if subject.id in cast.members:
            _stand(cast, subject, shot, azimuth)
            member = cast.members[subject.id]
            if subject.id in performers and subject.placement.on is None:
                x, y, z = subject.placement.position
                member.x, member.z = _turned(x, z, azimuth)
                member.y = y
            starts[subject.id] = (member.x, member.y, member.z)
    actions = act(cast, duration=draft.duration, time_scale=draft.look.time_scale)
    found = {}
    for name in performers:
        member, start = cast.members[name], starts[name]
        back = tuple(s - n for s, n in zip(start, (member.x, member.y, member.z), strict=True))
        aimed = {a.verb for a in member.actions if a.target is not None}
        own = []
        for action in actions[name]:
            shift = (0.0, 0.0, 0.0) if action.verb in aimed else back
            path = tuple(_point(tuple(p + d for p, d in zip(q, shift, strict=True)), azimuth) for q in action.path)
            own.append(action.model_copy(update={"path": path}))
        found[name] = tuple(own)
    return found
