"""What everybody does, in metres and seconds: paths, targets, and the exchanges of a ball."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from vitascope.director.draft import ActionWish, Stretch
from vitascope.director.staging.cast import Cast, Member
from vitascope.film import Action, Span

__all__ = ["act"]

DEFAULT_SPEED = {
    "walk": 1.3, "run": 3.5, "climb": 0.7, "crawl": 0.5, "swim": 1.2, "fly": 6.0, "rise": 1.6, "land": 1.6, "drive": 11.0,
    "ride": 4.5, "sail": 3.0, "fall": 3.0, "roll": 2.0, "slide": 2.0, "hover": 0.3, "push": 0.9,
}  # fmt: skip
OVERHEAD = 9.0
"""Metres that flyers go over walkers: they soar where one picture holds both. Large ones go three times their length."""
FAST_ROOM = 2.0
"""Multiple of the room of a place that is used where a speed was said."""
WALKED = ("walk", "run")
BESIDE = ("next_to", "near")
STRIKES = ("kick", "throw")
EXCHANGE = 1.3
"""About so many seconds lie between two strikes of a ball that goes to and fro."""
AIRTIME = 0.8
"""Share of the time between two strikes in which the ball is under way."""
ARCS = {"kick": (0.12, 0.34, 0.2), "throw": (0.5, 0.75, 0.6)}
"""Metres by which the ball rises, strike by strike."""


def act(cast: Cast, *, duration: Fraction, time_scale: float) -> dict[str, tuple[Action, ...]]:
    """Actions by entity id. Members' positions and facings are settled here too: a traveller starts its path behind."""
    actions: dict[str, list[Action]] = {entity_id: [] for entity_id in cast.members}
    _go_together(cast)
    cast.homes = {member.id: (member.x, member.z) for member in cast.members.values()}
    struck = _strikes(cast, actions, duration)
    for member in cast.members.values():
        here = np.array([member.x, member.y, member.z])
        travelling = [a for a in member.actions if _travels(cast, a) and a.entity not in struck]
        total = sum((_length(cast, member, a, duration, time_scale) for a in travelling), 0.0)
        first = True
        for wish in member.actions:
            if wish.verb in STRIKES and member.id in struck:
                continue
            span = _span(wish.during, duration)
            path: tuple = ()
            if member.on is None and wish in travelling:
                length = _length(cast, member, wish, duration, time_scale)
                here, path = _path(cast, member, wish, here, length, total, first=first)
                first = False
            target = wish.target if wish.target in cast.members else None
            actions[member.id].append(
                Action(verb=wish.verb, span=span, target=target, path=path, vigour=wish.vigour, manner=_manner(wish))
            )
    _hold_what_is_carried(cast, actions, duration)
    for member in cast.members.values():
        if member.facing is None:
            member.facing = _facing(cast, member)
    return {key: tuple(value) for key, value in actions.items()}


def _go_together(cast: Cast) -> None:
    """Who is beside somebody who walks or runs goes along, a little ahead; so does an animal that is walked."""
    for member in list(cast.members.values()):
        for wish in member.actions:
            if wish.verb not in WALKED or member.floats:
                continue
            for other in _companions(cast, member, wish):
                alone = replace(wish, target=None)
                member.actions = tuple(alone if a is wish else a for a in member.actions)
                other.actions = (*other.actions, replace(alone, entity=other.id))
                ahead = -1.0 if wish.direction == "left" else 1.0
                other.x = member.x + ahead * (0.2 + 0.5 * other.length)
                other.z = member.z + member.reach + 0.5 * other.width + 0.25


def _companions(cast: Cast, member: Member, wish: ActionWish) -> list[Member]:
    """Those on the ground who stay with `member` while it does what `wish` says, and have no way of their own."""
    names = [r.entity for r in cast.relations if r.kind in BESIDE and r.targets == (member.id,) and wish.target is None]
    if wish.target is not None and wish.target_relation is None and member.recipe.kind == "person":
        names = [wish.target] if cast.members[wish.target].recipe.kind == "animal" else []
    found = [cast.members[name] for name in names]
    return [
        m
        for m in found
        if m.recipe.kind in ("person", "animal") and not m.floats and m.on is None
        and not any(_travels(cast, a) for a in m.actions)
    ]  # fmt: skip


def _manner(wish: ActionWish) -> tuple[str, ...]:
    """The manner with the verb as it was said where the library's verb is wider ("kneel" is a way to sit)."""
    said = wish.words.strip()
    return (*wish.manner, said) if said and said != wish.verb and said not in wish.manner else wish.manner


def _hold_what_is_carried(cast: Cast, actions: dict[str, list[Action]], duration: Fraction) -> None:
    """Whoever has a thing in the hand holds it for the whole shot, whatever else they do."""
    for member in cast.members.values():
        if member.on is None or not (member.socket or "").startswith("hand"):
            continue
        holder = actions[member.on]
        if not any(a.target == member.id for a in holder):
            holder.append(
                Action(
                    verb="hold",
                    span=Span(start=Fraction(0), end=duration),
                    target=member.id,
                    manner=(member.recipe.name, *(("left hand",) if member.socket == "hand_left" else ())),
                )
            )


def _span(stretch: Stretch, duration: Fraction) -> Span:
    return Span(start=stretch.start * duration, end=stretch.end * duration)


def _travels(cast: Cast, wish: ActionWish) -> bool:
    verb = cast.catalogue.verbs.get(wish.verb)
    if wish.direction == "up" and wish.verb in ("hover", "fly"):
        return True
    return bool(verb and verb.travels)


def _length(cast: Cast, member: Member, wish: ActionWish, duration: Fraction, time_scale: float) -> float:
    together = [
        m for m in cast.members.values() if m.floats == member.floats and any(_alike(a, wish) for a in m.actions)
    ]
    default = DEFAULT_SPEED.get(wish.verb, 1.2)
    speed = min((m.recipe.speed.get(wish.verb) or default for m in together), default=default)
    lively = np.clip(0.35 + 0.65 * wish.vigour, 0.3, 1.8)
    if wish.speed is not None:
        speed, lively = wish.speed, 1.0
    seconds = float((wish.during.end - wish.during.start) * duration) * min(time_scale, 4.0)
    room = 2.2 if cast.indoor else cast.catalogue.place(cast.draft.set.place).room
    if member.floats and any(not lead.floats for lead in cast.leads):
        room = max(OVERHEAD, 3.0 * member.length)
    if wish.speed is not None and not cast.indoor:
        room *= FAST_ROOM
    return float(min(speed * lively * seconds, room))


def _alike(one: ActionWish, other: ActionWish) -> bool:
    """Whether two do the same at the same time: then they keep the same pace."""
    return (one.verb, one.target, one.direction, one.during) == (
        other.verb,
        other.target,
        other.direction,
        other.during,
    )


def _path(
    cast: Cast, member: Member, wish: ActionWish, here: np.ndarray, length: float, total: float, *, first: bool
) -> tuple[np.ndarray, tuple]:
    """The end of the travel and its waypoints. The first travel starts half of all travel before the member's place."""
    target = cast.members.get(wish.target or "")
    if target is not None and target is not member and target.on is None:
        toward = _to_target(cast, member, target, wish, here, length, first=first)
        if toward is not None:
            return toward
    way = _way(member, wish)
    if wish.verb in ("rise", "land", "fall") or (wish.direction in ("up", "down") and member.floats):
        return _vertical(member, wish, here, length)
    if wish.direction == "to_and_fro":
        a, b = here - way * length / 4, here + way * length / 4
        _start_at(member, a)
        return a, tuple(tuple(p) for p in (b, a))
    if (
        wish.target_relation == "around"
        or wish.direction in ("clockwise", "counterclockwise")
        or "circle" in wish.manner
    ):
        return _ring(member, here, max(length / 6.0, 1.5 * member.reach), wish)
    start = here - way * total / 2 if first else here
    _start_at(member, start) if first else None
    end = start + way * length
    return end, (tuple(float(v) for v in end),)


def _way(member: Member, wish: ActionWish) -> np.ndarray:
    named = {
        "left": (-1.0, 0.0, 0.0), "right": (1.0, 0.0, 0.0), "towards_camera": (0.12, 0.0, 1.0),
        "away_from_camera": (0.12, 0.0, -1.0),
    }.get(wish.direction or "")  # fmt: skip
    if named is None:
        named = (1.0, 0.0, 0.0) if wish.across_place in ("across", "along", None) else (0.85, 0.0, 0.25)
    way = np.array(named)
    return way / np.linalg.norm(way)


def _start_at(member: Member, start: np.ndarray) -> None:
    member.x, member.y, member.z = (float(v) for v in start)


def _to_target(
    cast: Cast, member: Member, target: Member, wish: ActionWish, here: np.ndarray, length: float, *, first: bool
) -> tuple[np.ndarray, tuple] | None:
    goal = np.array([target.x, member.y, target.z]) + _own_place(cast, member)
    relation = wish.target_relation
    apart = 0.75 * (member.reach + target.reach) + 0.25
    if relation == "around":
        return _ring(member, goal, member.reach + target.reach + 0.6, wish)
    if relation in ("over", "above", "past", "through", "across", "under", "between"):
        side = np.array([1.0, 0.0, 0.0])
        beside = np.array([0.0, 0.0, 0.9 * apart]) if relation == "past" else np.zeros(3)
        lift = (
            np.array([0.0, target.height + 0.5 * member.height, 0.0]) if relation in ("over", "above") else np.zeros(3)
        )
        reach = min(max(length / 2, target.reach + member.length), length)
        start, over, end = goal - side * reach + beside, goal + beside + lift, goal + side * reach + beside
        if member.floats and relation in ("over", "above"):
            start, end = start + lift, end + lift
        if first:
            _start_at(member, start)
        return end, tuple(tuple(float(v) for v in p) for p in (over, end))
    if relation in ("towards", "into", "onto", "at", None, "next_to", "after", "up") and wish.verb not in STRIKES:
        line = goal - here
        distance = float(np.linalg.norm(line[[0, 2]]))
        if distance < 1e-6:
            return None
        unit = line / distance
        go = length if relation == "after" else max(min(length, 12.0), 1.2 * member.length)
        stop = goal - unit * (apart if relation != "into" else 0.3 * target.reach)
        if first:
            _start_at(member, stop - unit * go)
        return stop, (tuple(float(v) for v in stop),)
    if relation in ("away_from", "out_of", "off"):
        line = here - goal
        unit = line / max(float(np.linalg.norm(line)), 1e-6) if np.linalg.norm(line) > 1e-6 else np.array([1.0, 0, 0])
        end = here + unit * length
        return end, (tuple(float(v) for v in end),)
    return None


def _own_place(cast: Cast, member: Member) -> np.ndarray:
    """Where a member of a group goes beside the others: its offset from their middle, so that a school stays a school."""
    group = [m for m in cast.members.values() if m.entity.group is not None and m.entity.group == member.entity.group]
    if len(group) < 2:
        return np.zeros(3)
    middle = np.mean([cast.homes[m.id] for m in group], axis=0)
    x, z = cast.homes[member.id]
    return np.array([x - middle[0], 0.0, z - middle[1]])


def _vertical(member: Member, wish: ActionWish, here: np.ndarray, length: float) -> tuple[np.ndarray, tuple]:
    up = wish.verb == "rise" or (wish.direction == "up" and wish.verb not in ("fall", "land"))
    drift = np.array([0.22 * length, 0.0, 0.0]) if member.floats else np.zeros(3)
    low = here[1] if member.aloft else max(0.0, here[1] - length / 2) if member.floats else 0.0
    bottom, top = np.array([here[0], low, here[2]]), np.array([here[0], low + length, here[2]])
    start, end = (bottom - drift / 2, top + drift / 2) if up else (top - drift / 2, bottom + drift / 2)
    _start_at(member, start)
    return end, (tuple(float(v) for v in end),)


def _ring(member: Member, middle: np.ndarray, radius: float, wish: ActionWish) -> tuple[np.ndarray, tuple]:
    sign = -1.0 if wish.direction == "counterclockwise" else 1.0
    angles = np.linspace(0, sign * 1.35 * np.pi, 10) + np.pi / 2
    points = [middle + radius * np.array([np.sin(a), 0.0, np.cos(a)]) for a in angles]
    _start_at(member, points[0])
    return points[-1], tuple(tuple(float(v) for v in p) for p in points[1:])


def _facing(cast: Cast, member: Member) -> float:
    for wish in member.actions:
        target = cast.members.get(wish.target or "")
        if target is not None and target is not member and target.on != member.id and member.on != target.id:
            return float(np.degrees(np.arctan2(target.x - member.x, target.z - member.z)))
    kind = member.recipe.kind
    if kind in ("person",):
        return 14.0 if member.x <= 0 else -14.0
    if kind in ("animal", "bird", "fish", "insect"):
        return 62.0
    if kind == "vehicle":
        return 58.0
    if kind == "building":
        return 24.0
    return 0.0 if member.on is not None else 16.0


def _strikes(cast: Cast, actions: dict[str, list[Action]], duration: Fraction) -> set[str]:
    """Kicks and throws: one striker sends the ball ahead; two or more send it to and fro. Returns all who take part."""
    taken: set[str] = set()
    balls = {
        a.target for m in cast.members.values() for a in m.actions if a.verb in STRIKES and a.target in cast.members
    }
    for ball_id in sorted(b for b in balls if b):
        ball = cast.members[ball_id]
        if ball.recipe.kind != "prop":
            continue
        wishes = [a for m in cast.members.values() for a in m.actions if a.verb in STRIKES and a.target == ball_id]
        players = list(dict.fromkeys(a.entity for a in wishes))
        ball.on = ball.socket = None
        verb = wishes[0].verb
        span = _span(wishes[0].during, duration)
        if len(players) > 1:
            _exchange(cast, actions, [cast.members[p] for p in players], ball, verb, span)
        else:
            _strike(actions, cast.members[players[0]], ball, verb, span, wishes[0])
        taken.update(players, [ball_id])
    return taken


def _hand(member: Member, verb: str, ball: Member, toward: float) -> np.ndarray:
    """Where the ball is struck: before the foot on the ground, or before the chest."""
    ahead = 0.26 * member.height + ball.reach if verb == "kick" else 0.3 * member.height
    height = 0.0 if verb == "kick" else 0.72 * member.height
    return np.array([member.x + toward * ahead, height, member.z])


def _strike(
    actions: dict[str, list[Action]], player: Member, ball: Member, verb: str, span: Span, wish: ActionWish
) -> None:
    toward = -1.0 if wish.direction == "left" else 1.0
    player.facing = 90.0 * toward
    player.x -= toward * 0.9
    start = _hand(player, verb, ball, toward)
    length = float(span.length)
    contact = float(span.start) + min(0.45 * length, 1.2)
    half = min(0.45, contact - float(span.start), float(span.end) - contact)
    actions[player.id].append(
        Action(
            verb=verb, span=Span(start=_at(contact - half), end=_at(contact + half)), target=ball.id, vigour=wish.vigour
        )
    )
    _start_at(ball, start)
    rest = float(span.end) - contact
    end = start + np.array([toward * min(2.6 * rest, 7.0), -start[1], 0.4])
    path = _flight(start, end, arc=0.25 if verb == "kick" else 0.9)
    actions[ball.id].append(Action(verb="roll", span=Span(start=_at(contact), end=span.end), path=path))


def _exchange(
    cast: Cast, actions: dict[str, list[Action]], players: list[Member], ball: Member, verb: str, span: Span
) -> None:
    left, right = sorted(players[:2], key=lambda m: m.x)
    middle = (left.x + right.x) / 2
    apart = left.height + right.height + 0.5
    left.x, right.x = middle - apart / 2, middle + apart / 2
    left.z = right.z = (left.z + right.z) / 2
    left.facing, right.facing = 90.0, -90.0
    for extra, member in enumerate(players[2:]):
        member.x, member.z, member.facing = middle + 0.8 * extra, left.z - 0.8 * apart, 0.0
    spots = [_hand(left, verb, ball, 1.0), _hand(right, verb, ball, -1.0)]
    strikers = [left, right]
    times, beat = _strike_times(span)
    _start_at(ball, spots[0])
    for i, contact in enumerate(times):
        striker, here, there = strikers[i % 2], spots[i % 2], spots[(i + 1) % 2]
        half = min(0.5, contact - float(span.start), float(span.end) - contact, 0.45 * beat)
        actions[striker.id].append(
            Action(verb=verb, span=Span(start=_at(contact - half), end=_at(contact + half)), target=ball.id)
        )
        arrival = min(contact + AIRTIME * beat, float(span.end))
        arcs = ARCS[verb]
        path = _flight(here, there, arc=arcs[i % len(arcs)], until=(arrival - contact) / (AIRTIME * beat))
        actions[ball.id].append(Action(verb="roll", span=Span(start=_at(contact), end=_at(arrival)), path=path))


def _strike_times(span: Span) -> tuple[list[float], float]:
    """When the ball is struck and the time between two strikes: soon after the start, and last so near the end that the
    ball is still under way when the span is over."""
    length = float(span.length)
    first, last = min(0.55, 0.2 * length), length - min(0.6, 0.25 * length)
    count = max(1, round((last - first) / EXCHANGE))
    beat = (last - first) / count
    return [float(span.start) + first + i * beat for i in range(count + 1)], beat


def _flight(start: np.ndarray, end: np.ndarray, *, arc: float, until: float = 1.0) -> tuple:
    """Waypoints of a throw or a low kick: a parabola in height over a straight line, as far as the share `until` of it."""
    points = []
    for u in np.linspace(0, until, 9)[1:]:
        p = start + (end - start) * u
        points.append((float(p[0]), float(max(p[1] + 4 * arc * u * (1 - u), 0.0)), float(p[2])))
    return tuple(points)


def _at(t: float) -> Fraction:
    return Fraction(round(t * 240), 240)
