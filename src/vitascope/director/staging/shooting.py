"""How it is seen: the camera that was asked for, or the one that a film maker would choose."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from vitascope.director.staging.cast import Cast, Member
from vitascope.film import Action, Angle, Camera, CameraMove, Framing, Span

__all__ = ["shoot"]


def shoot(cast: Cast, actions: dict[str, tuple[Action, ...]], *, duration: Fraction) -> Camera:
    """The camera of the shot. What was asked for is kept; what was not is chosen from who travels and what is there."""
    wish = cast.draft.camera
    lead = cast.leads[0] if cast.leads else None
    whole = Span(start=Fraction(0), end=duration)
    moves = tuple(
        CameraMove(
            kind=move.kind,  # type: ignore[arg-type]
            span=Span(start=move.during.start * duration, end=move.during.end * duration),
            target=move.target if move.target in cast.members else None,
            pace=move.pace,
            amount=move.amount,
        )
        for move in wish.moves
    )
    kinds = {m.kind for m in moves}
    mover = _mover(cast, lead)
    travel = _travel(mover, actions.get(mover.id, ())) if mover else np.zeros(3)
    distance = float(np.linalg.norm(travel))
    size = max(mover.height, mover.length, 1.0) if mover else 1.0
    crossing = 4.0 if mover is not None and _crosses(mover) and len(cast.leads) == 1 else 1.0
    far = lead is not None and distance > size * max(crossing, 1.2 if len(cast.leads) == 1 else 0.8)
    if far and not wish.static and not kinds & {"track", "aerial", "reveal"} and not wish.point_of_view:
        moves = (*moves, CameraMove(kind="track", span=whole, target=mover.id))  # type: ignore[union-attr]
    elif not moves and not wish.static and not wish.point_of_view and not far and not _busy(cast, actions):
        moves = (CameraMove(kind="dolly_in", span=whole, amount=None, pace=0.35),)
    focus = _focus(cast, lead)
    return Camera(
        framing=_framing(cast, lead, kinds),
        angle=wish.angle or _angle(lead, kinds),
        azimuth=wish.azimuth if wish.azimuth is not None else _azimuth(cast, travel, kinds),
        lens_mm=wish.lens_mm,
        focus=focus,
        moves=moves,
        point_of_view=wish.point_of_view,
    )


def _mover(cast: Cast, lead: Member | None) -> Member | None:
    """Who takes the lead along: what carries him, or he himself."""
    return cast.members.get(lead.on or "", lead) if lead is not None else None


def _travel(member: Member, actions: tuple[Action, ...]) -> np.ndarray:
    """(3,) the way from where the member starts to where its last path ends."""
    ends = [action.path[-1] for action in actions if action.path]
    return np.asarray(ends[-1]) - [member.x, member.y, member.z] if ends else np.zeros(3)


def _crosses(member: Member) -> bool:
    """Whether it was asked to go left or right: then the picture stays and the subject crosses it."""
    return any(action.direction in ("left", "right") for action in member.actions)


def _busy(cast: Cast, actions: dict[str, tuple[Action, ...]]) -> bool:
    movers = [m for lead in cast.leads if (m := _mover(cast, lead)) is not None]
    return any(a.path for m in movers for a in actions.get(m.id, ()))


def _focus(cast: Cast, lead: Member | None) -> str | None:
    """Who was asked for, unless it only carries the leads; else a lead that is alone. Several leads share the frame."""
    wished = cast.members.get(cast.draft.camera.focus or "")
    if wished is not None and not any(lead.on == wished.id for lead in cast.leads):
        return wished.id
    if lead is None:
        return None
    if _rests_on_furniture(cast, lead):
        return lead.id
    carrier = cast.members.get(lead.on or "")
    whole = carrier if carrier is not None and _drives(lead, carrier) else lead
    together = len(cast.leads) == 1 or all(m.on == whole.id for m in cast.leads)
    return whole.id if together and not _others(cast, whole) else None


def _drives(lead: Member, carrier: Member) -> bool:
    """Whether the lead sits in or on a vehicle as its driver does: the picture is of both, and the vehicle is the larger."""
    return carrier.recipe.driver is not None and lead.socket == "seat"


def _others(cast: Cast, whole: Member) -> bool:
    """Whether anybody is there besides `whole` and those whom it carries in its seats."""
    return any(m is not whole and not (m.on == whole.id and _drives(m, whole)) for m in cast.members.values())


def _rests_on_furniture(cast: Cast, lead: Member) -> bool:
    """Whether it sits or lies on a thing that is much larger: then the picture is of it and not of the thing."""
    carrier = cast.members.get(lead.on or "")
    return (
        len(cast.leads) == 1
        and carrier is not None
        and carrier.recipe.kind == "prop"
        and lead.reach < 0.45 * carrier.reach
    )


def _framing(cast: Cast, lead: Member | None, kinds: set[str]) -> Framing | None:
    wish = cast.draft.camera
    large_flyer = lead is not None and lead.floats and max(lead.recipe.size) > 4.0
    if wish.framing and not (wish.framing == "extreme_wide" and wish.angle == "aerial" and large_flyer):
        return wish.framing
    if kinds & {"aerial", "reveal"} or wish.angle == "aerial":
        return "wide" if large_flyer else "extreme_wide"
    if lead is None:
        return "wide"
    if _rests_on_furniture(cast, lead):
        return "wide"
    if cast.indoor and lead.recipe.kind == "person" and all(a.verb == "work" for a in lead.actions) and lead.actions:
        return "medium"
    closing = bool(kinds & {"zoom_in", "zoom_out", "dolly_in", "dolly_out"})
    if cast.draft.look.pace == "time_lapse" or (lead.recipe.kind == "building" and not closing):
        return "wide"
    mover = _mover(cast, lead) or lead
    if lead.recipe.medium in ("air", "water") or mover.recipe.kind == "vehicle":
        return "wide"
    sizeable = [m for m in cast.members.values() if m.on is None and not m.floats and m.height > 0.35 * lead.height]
    if len(sizeable) > 2 and not cast.indoor:
        return "wide"
    return "full"


def _angle(lead: Member | None, kinds: set[str]) -> Angle:
    if kinds & {"aerial", "reveal"}:
        return "aerial"
    return "eye"


def _azimuth(cast: Cast, travel: np.ndarray, kinds: set[str]) -> float:
    """Three-quarter from the side to which the lead goes; from behind for flights away; slightly off axis at rest, less so
    before several side by side, who would otherwise differ in size."""
    if not cast.leads:
        return 0.0
    lead = cast.leads[0]
    flat = np.array([travel[0], travel[2]])
    if np.linalg.norm(flat) < 0.3:
        if len(cast.leads) > 1 and not lead.floats:
            return 9.0
        return 20.0 if lead.recipe.kind != "building" else 10.0
    heading = float(np.degrees(np.arctan2(flat[0], flat[1])))
    if kinds & {"aerial", "reveal"}:
        return heading + 165.0
    if abs(heading) > 150.0:
        return heading + 155.0
    if abs(heading) < 30.0:
        return heading + 18.0
    return heading * 0.32
