"""Where everybody stands: relations first, then rows, clusters and background, never inside each other.

Left and right are as the default camera sees them (+x is screen right, +z is towards the camera).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from vitascope.director.draft import Relation
from vitascope.director.staging.cast import Cast, Member
from vitascope.recipe import Driver

__all__ = ["CARRIED", "carry", "group_extent", "lay_out", "place_group", "relate"]

CLUSTER = 8
RANK = 4
"""More than so many long, low bodies stand in two ranks: in one row they would be too far away to count."""
AIRBORNE = ("fly", "hover", "rise", "land", "glide", "soar")
BEHIND_TABLE = 0.78
"""Metres from the middle of a table to whoever works at it."""
LIFTED = 1.2
"""Solid things up to this size [m] are lifted off the ground by what lies under them."""
CARRIED = ("on", "held_by", "worn_by", "in", "hangs_from")


DRIVEN = ("drive", "ride", "steer", "pilot")
"""Said of who is at the wheel, and not on the roof."""


def lay_out(cast: Cast, *, seed: int) -> None:
    """Give every member a position; carried members a carrier."""
    rng = np.random.default_rng([seed, 11])
    relations = [_possible(cast, r) for r in cast.relations if r.during.start == 0]
    for relation in relations:
        if relation.kind in CARRIED and relation.targets:
            carry(cast, relation)
    for member in cast.members.values():
        _carry_by_action(cast, member)
    free = [g for g in (_free(group) for group in cast.groups()) if g]
    related = {r.entity for r in relations if r.targets}
    anchors = [g for g in free if not any(m.id in related for m in g)] or free[:1]
    _row([g for g in anchors if g[0].entity.role != "scenery"], rng)
    _background([g for g in anchors if g[0].entity.role == "scenery"], cast, rng)
    for _ in range(3):
        for relation in relations:
            if relation.kind not in CARRIED or not relation.targets:
                relate(cast, relation, rng)
    waiting = [g for g in (_free(group) for group in cast.groups()) if g and not all(m.placed for m in g)]
    _row(waiting, rng, beside=[m for m in cast.members.values() if m.placed])
    _spread_carried(cast)
    _part(cast)
    _stand_at_table(cast)


def _stand_at_table(cast: Cast) -> None:
    """Who works alone indoors stands behind the table or the desk in the middle of the room, towards the camera."""
    lead = cast.leads[0] if len(cast.members) == 1 else None
    if (
        cast.indoor
        and lead is not None
        and lead.recipe.kind == "person"
        and any(a.verb == "work" for a in lead.actions)
    ):
        lead.z -= BEHIND_TABLE


def _possible(cast: Cast, relation: Relation) -> Relation:
    """Who cannot hang in the air over something stands on it."""
    member = cast.members[relation.entity]
    target = cast.members[relation.targets[0]] if relation.targets else None
    walks = member.recipe.kind in ("person", "animal") and not member.floats
    carries = target is not None and bool({"top", "seat"} & set(target.recipe.sockets))
    return replace(relation, kind="on") if relation.kind == "above" and walks and carries else relation


def _free(group: list[Member]) -> list[Member]:
    return [m for m in group if m.on is None]


def carry(cast: Cast, relation: Relation) -> None:
    """Let the target of a relation carry its entity, where it has a socket for it."""
    member, carrier = cast.members[relation.entity], cast.members[relation.targets[0]]
    if carrier.on == member.id or member.id == carrier.id:
        return
    sockets = carrier.recipe.sockets
    if relation.kind == "held_by":
        socket = "hand_right" if "hand_right" in sockets else ("mouth" if "mouth" in sockets else None)
        taken = [m for m in cast.members.values() if m.on == carrier.id and m.socket == "hand_right"]
        if (taken or _hides_face(member, carrier)) and "hand_left" in sockets:
            socket = "hand_left"
        if socket is None:
            return
        member.on, member.socket, member.placed = carrier.id, socket, True
    elif relation.kind == "on" and ({"top", "seat"} & set(sockets) or carrier.recipe.kind in ("prop", "vehicle")):
        drives = any(a.target == carrier.id and a.words in DRIVEN for a in member.actions)
        roof = carrier.recipe.family == "car" and member.recipe.kind != "person" and not drives
        seat = "seat" in sockets and not roof and (member.recipe.kind in ("person", "animal") or "top" not in sockets)
        member.on, member.socket, member.placed = carrier.id, "seat" if seat else "top", True
    elif relation.kind == "in" and ("inside" in sockets or "seat" in sockets):
        member.on, member.placed = carrier.id, True
        member.socket = "seat" if "seat" in sockets and member.recipe.kind in ("person", "animal") else "inside"
        if member.socket not in sockets:
            member.socket = "seat"


def _hides_face(held: Member, holder: Member) -> bool:
    """Whether a tall thing in the right hand would come between camera and face: whoever goes to the right turns that side
    to the camera."""
    return held.height > 0.5 * holder.height and bool(holder.actions) and holder.actions[0].direction != "left"


def _carry_by_action(cast: Cast, member: Member) -> None:
    for action in member.actions:
        target = cast.members.get(action.target or "")
        if target is None or target is member or target.on is not None:
            continue
        small = max(target.recipe.size) * target.entity.attributes.scale < 1.3 * member.height
        if action.verb in ("hold", "eat", "drink") and "hand_right" in member.recipe.sockets and small:
            target.on, target.socket, target.placed = member.id, "hand_right", True
        elif (
            action.verb in ("ride", "drive", "sit", "lie")
            and action.target_relation in (None, "onto", "into", "with")
            and member.on is None
            and "seat" in target.recipe.sockets
        ):
            member.on, member.socket, member.placed = target.id, "seat", True


def _row(groups: list[list[Member]], rng: np.random.Generator, beside: list[Member] | None = None) -> None:
    """Groups from left to right round the mark; big ones behind, clusters as clouds."""
    if not groups:
        return
    extents = [group_extent(group) for group in groups]
    gaps = [0.35 + 0.25 * min(a, b) for a, b in pairwise(extents)]
    total = sum(extents) + sum(gaps)
    left = -total / 2
    if beside:
        left = max(m.x + m.reach for m in beside) + 0.4
    for index, (group, extent) in enumerate(zip(groups, extents, strict=True)):
        place_group(group, left + extent / 2, 0.0, rng)
        left += extent + (gaps[index] if index < len(gaps) else 0.0)


def group_extent(group: list[Member]) -> float:
    """Metres from side to side that a group takes."""
    if len(group) > CLUSTER:
        return 2.2 * np.sqrt(len(group)) * group[0].reach
    abreast = group[: _abreast(group)]
    half_step = 0.0 if len(abreast) == len(group) else 0.5 * abreast[0].reach
    return sum(2 * m.reach for m in abreast) * 0.9 + 0.35 * group[0].reach * (len(abreast) - 1) + half_step


def _abreast(group: list[Member]) -> int:
    """How many of a group stand side by side: all, or half of many that are longer than tall."""
    first = group[0]
    long = 2 * first.reach > 1.2 * first.height and not first.floats
    return -(-len(group) // 2) if len(group) > RANK and long else len(group)


def place_group(group: list[Member], x: float, z: float, rng: np.random.Generator) -> None:
    """Place a group round x, z: side by side, in two ranks, or as a cloud."""
    if len(group) > CLUSTER:
        _cloud(group, x, z, rng)
        return
    abreast = _abreast(group)
    if abreast < len(group):
        _two_ranks(group, abreast, x, z)
        return
    extent = group_extent(group)
    step = extent / len(group)
    for i, member in enumerate(group):
        member.x = x - extent / 2 + step * (i + 0.5)
        member.z = z + (0.35 * member.reach * (-1) ** i + 0.15 * member.reach * rng.uniform(-1, 1)) * (len(group) > 2)
        member.y = member.usual_height
        if member.floats and len(group) > 1:
            member.y += 0.5 * member.height * rng.uniform(-1, 1)
        member.placed = True


def _two_ranks(group: list[Member], abreast: int, x: float, z: float) -> None:
    """A rank behind and one before its gaps, so far apart that a raised camera sees over the one before."""
    reach, height = group[0].reach, group[0].height
    step = 2.2 * reach
    apart = max(2.2 * reach, 3.5 * height)
    equal = len(group) == 2 * abreast
    for i, member in enumerate(group):
        behind = i < abreast
        place, count = (i, abreast) if behind else (i - abreast, len(group) - abreast)
        shift = 0.25 * step * (-1 if behind else 1) * equal
        member.x = x + (place - (count - 1) / 2) * step + shift
        member.z = z + (-apart / 2 if behind else apart / 2)
        member.y, member.placed = member.usual_height, True


def _cloud(group: list[Member], x: float, z: float, rng: np.random.Generator) -> None:
    """A school, flock or herd: best-candidate scatter in a flat ellipsoid."""
    size = 2 * group[0].reach
    radius = 0.62 * size * len(group) ** (1 / 2)
    chosen = np.zeros((0, 3))
    for member in group:
        candidates = rng.normal(size=(24, 3)) * [1.0, 0.42, 0.6]
        candidates *= radius / 1.4
        if len(chosen):
            distance = np.linalg.norm(candidates[:, None] - chosen[None], axis=2).min(1)
            pick = candidates[np.argmax(np.minimum(distance, 1.1 * size) - 0.15 * np.linalg.norm(candidates, axis=1))]
        else:
            pick = candidates[0] * 0.2
        chosen = np.vstack([chosen, pick])
        member.x, member.z, member.placed = x + pick[0], z + pick[2], True
        member.y = member.usual_height + (pick[1] if member.floats else 0.0)
        member.y = max(member.y, 0.3 * member.height if member.floats else 0.0)


def _background(groups: list[list[Member]], cast: Cast, rng: np.random.Generator) -> None:
    """Scenery stands behind and to the sides, as far as its size asks."""
    lead_reach = max((m.reach for m in cast.leads), default=1.0)
    side = -1.0
    for group in groups:
        tall = max(m.height for m in group)
        broadside = group[0].recipe.kind == "vehicle"
        depth = group[0].width / 2 if broadside else group[0].reach
        z = -(lead_reach + depth + (0.6 if broadside else 1.2) * tall + 1.0)
        if cast.indoor:
            z = -min(-z, 2.2)
        for member in group:
            member.facing = 80.0 if broadside else member.facing
        place_group(group, side * (0.5 * tall + lead_reach) * 0.7, z, rng)
        side = -side


def relate(cast: Cast, relation: Relation, rng: np.random.Generator) -> None:
    """Place the entity of a relation where that puts it beside its placed targets, or in the frame."""
    member = cast.members[relation.entity]
    targets = [cast.members[t] for t in relation.targets if cast.members[t].placed]
    if member.on is not None or (relation.targets and not targets):
        return
    kind = relation.kind
    if not targets:
        _in_frame(member, kind)
        return
    target = targets[0]
    gap = 0.12 + 0.18 * min(member.reach, target.reach)
    apart = member.reach + target.reach + gap
    base_y = target.y
    member.y = _height_beside(member, target)
    if target.on is not None:
        member.on, member.socket, base_y = target.on, target.socket, 0.0
        member.y = 0.0
    if kind in ("left_of", "right_of", "next_to", "near", "opposite", "against"):
        sign = -1.0 if kind == "left_of" or (kind in ("near", "against") and rng.random() < 0.5) else 1.0
        member.x, member.z = target.x + sign * apart * (1.25 if kind in ("near", "opposite") else 1.0), target.z
        if kind == "opposite":
            target.facing, member.facing = 90.0 * sign, -90.0 * sign
    elif kind == "in_front_of":
        depth = member.length / 2 + target.length / 2 + gap + 0.15 * target.height
        member.x, member.z = (
            target.x + 0.30 * target.reach * (1 if member.reach < target.reach else 0.6),
            target.z + depth,
        )
    elif kind == "behind" and member.entity.role == "scenery" and member.recipe.kind == "vehicle":
        member.facing = 80.0
        member.x, member.z = target.x + 0.1 * member.length, target.z - (member.width / 2 + 0.55 * member.height + 4.0)
    elif kind == "behind":
        depth = member.length / 2 + target.length / 2 + gap + 0.15 * target.height
        offset = 0.55 * (member.reach + target.reach) if member.height < 1.4 * target.height else 0.2 * target.reach
        member.x, member.z = target.x + offset, target.z - depth
    elif kind == "above":
        member.x, member.z = target.x, target.z
        member.y = max(base_y + target.height + 0.25 * member.height + 0.1, _height_beside(member, target))
    elif kind == "under":
        _beneath(member, target)
    elif kind == "on":
        member.x, member.z, member.y = target.x, target.z, base_y + target.height
    elif kind in ("around", "among", "between", "in"):
        _between(cast, member, targets, kind, apart)
    member.placed = True


def _in_frame(member: Member, kind: str) -> None:
    step = 2.4 * member.reach + 0.8
    if kind == "at_left":
        member.x = -step
    elif kind == "at_right":
        member.x = step
    elif kind == "in_foreground":
        member.z += step
    elif kind == "in_background":
        member.z -= 2.0 * step + 2.0
    elif kind == "at_top" and member.floats:
        member.y = max(member.y, 2.0 * member.height)
    member.placed = True


def _beneath(member: Member, target: Member) -> None:
    """Under what stands on legs, has a crown or floats; a small solid thing is lifted, a large one is lain before."""
    member.x, member.z, member.y = target.x, target.z, 0.0
    if target.floats:
        target.y = max(target.y, member.height * 1.15)
    elif target.recipe.kind == "plant" and target.height >= member.height * 1.3:
        member.x += 0.25 * target.reach
        member.z += 0.2 * target.reach
    elif target.recipe.kind in ("prop", "vehicle") and not _stands_over(target, member):
        if max(target.recipe.size) * target.entity.attributes.scale < LIFTED and target.recipe.kind == "prop":
            target.y = member.height * 1.15
        else:
            member.z += target.reach + member.reach + 0.1 * target.height


def _stands_over(target: Member, member: Member) -> bool:
    """Whether there is room between the legs of `target`."""
    sockets = set(target.recipe.sockets)
    furniture = target.recipe.kind == "prop" and bool(sockets & {"top", "seat"}) and "inside" not in sockets
    return furniture and target.height > 1.6 * member.height


def _height_beside(member: Member, target: Member) -> float:
    """A bird beside something that stands stands too, and flies low over it if it is to fly; others keep their height."""
    usual = member.usual_height
    if member.recipe.kind != "bird" or target.floats or "stand" not in member.recipe.verbs:
        return usual
    return min(usual, 1.5 * target.height) if any(a.verb in AIRBORNE for a in member.actions) else 0.0


def _between(cast: Cast, member: Member, targets: list[Member], kind: str, apart: float) -> None:
    group = [m for m in cast.members.values() if m.entity.group and m.entity.group == member.entity.group] or [member]
    place = group.index(member)
    target = targets[0]
    if kind == "between" and len(targets) >= 2:
        a, b = sorted(targets[:2], key=lambda m: m.x)
        need = a.reach + b.reach + 2 * member.reach + 0.3
        lack = max(0.0, need - (b.x - a.x))
        a.x, b.x = a.x - lack / 2, b.x + lack / 2
        member.x, member.z = (a.x + a.reach + b.x - b.reach) / 2, (a.z + b.z) / 2
        member.y = max(member.y, 0.0)
    elif kind == "in":
        member.x, member.z, member.y = target.x, target.z, target.y + 0.35 * target.height
    else:
        angle = 2 * np.pi * (place + 0.25) / max(len(group), 1)
        member.x, member.z = target.x + apart * 1.1 * np.sin(angle), target.z + apart * 1.1 * np.cos(angle)


def _spread_carried(cast: Cast) -> None:
    """Things on one top stand side by side: their positions are offsets from the middle of it."""
    carriers: dict[tuple[str, str | None], list[Member]] = {}
    for member in cast.members.values():
        if member.on is not None:
            carriers.setdefault((member.on, member.socket), []).append(member)
    for (carrier_id, socket), carried in carriers.items():
        carrier = cast.members[carrier_id]
        fixed = {
            r.entity for r in cast.relations if r.kind in ("left_of", "right_of", "in_front_of", "behind", "above")
        }
        driver = carrier.recipe.driver
        if socket == "seat" and driver is not None:
            _seat(carried, driver)
            continue
        if socket not in ("top", "seat") or len(carried) < 2:
            continue
        ordered = _ordered_by_relation(cast, carried)
        room = max(carrier.width, carrier.length) * 0.85
        widths = [2 * m.reach for m in ordered]
        gap = max(0.02, min(0.6 * float(np.mean(widths)), (room - sum(widths)) / len(ordered)))
        left = -(sum(widths) + gap * (len(widths) - 1)) / 2
        for member, width in zip(ordered, widths, strict=True):
            member.x, member.z = left + width / 2, member.z if member.id in fixed else 0.0
            left += width + gap


def _seat(aboard: list[Member], driver: Driver) -> None:
    """Who drives sits on the seat itself, the others where the vehicle has seats for passengers."""
    drivers = [m for m in aboard if any(a.verb in ("ride", "drive") for a in m.actions)] or aboard
    first = next((m for m in drivers if m.recipe.kind == "person"), drivers[0])
    first.x = first.y = first.z = 0.0
    first.facing = driver.facing
    free = [*driver.passengers]
    for member in aboard:
        if member is first:
            continue
        x, y, z = free.pop(0) if free else (-0.35 * len(aboard), 0.0, 0.0)
        member.x, member.y, member.z, member.facing = x, y, z, 0.0


def _ordered_by_relation(cast: Cast, carried: list[Member]) -> list[Member]:
    order = list(carried)
    for relation in cast.relations:
        if relation.kind in ("left_of", "right_of") and relation.targets:
            a, b = cast.members[relation.entity], cast.members[relation.targets[0]]
            if a in order and b in order:
                order.remove(a)
                order.insert(order.index(b) + (relation.kind == "right_of"), a)
    return order


def _part(cast: Cast) -> None:
    """Push apart what still overlaps on the ground, sideways, the lighter one more."""
    standing = [m for m in cast.members.values() if m.on is None and m.y < 0.5 and m.placed]
    wanted = {
        frozenset((r.entity, t)) for r in cast.relations if r.kind in ("under", "above", "in", "on") for t in r.targets
    }
    for _ in range(8):
        moved = False
        for i, a in enumerate(standing):
            for b in standing[i + 1 :]:
                if frozenset((a.id, b.id)) in wanted:
                    continue
                dx, dz = b.x - a.x, b.z - a.z
                need = 0.85 * (a.reach + b.reach)
                lack = need - np.hypot(dx, dz)
                if lack <= 1e-3:
                    continue
                share = b.reach / (a.reach + b.reach)
                sign = 1.0 if dx >= 0 else -1.0
                a.x -= sign * lack * share
                b.x += sign * lack * (1 - share)
                moved = True
        if not moved:
            return
