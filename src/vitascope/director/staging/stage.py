"""The staging of one shot: cast, layout, action, camera, in this order."""

from __future__ import annotations

from dataclasses import replace

from vitascope.director.draft import ActionWish, Draft, Stretch
from vitascope.director.staging.cast import Cast, Member, cast_of
from vitascope.director.staging.layout import lay_out
from vitascope.director.staging.shooting import shoot
from vitascope.director.staging.travel import act
from vitascope.film import Action, Camera, Cue, Light, Placement, Set, Shot, Span, Subject, TimeKey
from vitascope.recipe import Catalogue

__all__ = ["stage"]

ALOFT = 33.0
"""Metres above the ground at which aerial shots follow a flyer: clear of the tallest trees."""

LARGE_EYES = "large eyes"
"""The state of people in anime."""
SHELTERED = "sheltered"
"""The state of who carries an umbrella: no hood is needed."""


def stage(draft: Draft, catalogue: Catalogue, *, shot_id: str = "shot-1", seed: int = 0) -> Shot:
    """A shot in metres and seconds. The same draft and seed give the same shot."""
    cast = cast_of(draft, catalogue)
    lay_out(cast, seed=seed)
    _fly_overhead(cast)
    _send_away(cast)
    actions = act(cast, duration=draft.duration, time_scale=draft.look.time_scale)
    camera = shoot(cast, actions, duration=draft.duration)
    return Shot(
        id=shot_id,
        duration=draft.duration,
        set=Set(
            place=draft.set.place,
            hours=tuple(TimeKey(at=key.at * draft.duration, hour=key.hour) for key in draft.set.hours),
            weather=draft.set.weather,
            season=draft.set.season,
            features=draft.set.features,
            backdrop=draft.set.backdrop,
        ),
        subjects=tuple(_subject(member, actions[member.id], _states(member, cast)) for member in cast.members.values()),
        camera=camera,
        light=_light(draft, cast, camera),
        look=draft.look,
        cues=_cues(draft),
    )


def _subject(member: Member, actions: tuple[Action, ...], states: tuple[str, ...]) -> Subject:
    return Subject(
        id=member.id,
        recipe=member.recipe.name,
        name=member.entity.name,
        group=member.entity.group,
        attributes=member.entity.attributes.model_copy(update={"states": states}),
        placement=Placement(
            position=(round(member.x, 3), round(member.y, 3), round(member.z, 3)),
            facing=round(member.facing or 0.0, 1),
            on=member.on,
            socket=member.socket,
        ),
        actions=actions,
    )


def _states(member: Member, cast: Cast) -> tuple[str, ...]:
    """The states that were named, and those that follow from the style and from what is carried."""
    named = member.entity.attributes.states
    if member.recipe.kind != "person":
        return named
    held = [m.recipe for m in cast.members.values() if m.on == member.id]
    sheltered = any("umbrella" in recipe.name for recipe in held)
    return (*named, *(LARGE_EYES,) * (cast.draft.look.style == "anime"), *(SHELTERED,) * sheltered)


def _light(draft: Draft, cast: Cast, camera: Camera) -> Light:
    """Views from the air take their key from the side, so that the land has form; everything else as the hour has it."""
    flying = bool(cast.leads) and cast.leads[0].flies
    plain = draft.light.azimuth is None and not any(m.kind == "reveal" for m in camera.moves)
    if camera.angle == "aerial" and flying and plain and camera.azimuth is not None:
        return draft.light.model_copy(update={"azimuth": camera.azimuth - 72.0})
    return draft.light


def _fly_overhead(cast: Cast) -> None:
    """Flyers among walkers come to where one picture holds both: over the middle of the leads, above their heads and so far
    behind them that the sky there is in the frame."""
    grounded = [m for m in cast.leads if not m.floats]
    over = {r.entity for r in cast.relations if r.kind == "above" and r.targets}
    flyers = [m for m in cast.members.values() if m.flies and m.on is None and not (m.aloft and m.id in over)]
    if not grounded or not flyers:
        return
    tallest = max(m.height for m in grounded)
    aside = sum(m.x for m in grounded) / len(grounded) - sum(m.x for m in flyers) / len(flyers)
    for number, member in enumerate(flyers):
        member.x += aside
        member.y = tallest * (1.75 + 0.6 * (0.38 + 0.62 * number) % 0.6) + 0.5 * member.height
        member.z -= 4.5 * tallest + 2.0 * member.reach


def _send_away(cast: Cast) -> None:
    """What an aerial or revealing shot follows flies away from the camera, so that the land opens before it; who flies with it
    stays with it."""
    wish = cast.draft.camera
    revealing = {m.kind for m in wish.moves} & {"aerial", "reveal"}
    lead = cast.leads[0] if cast.leads else None
    if lead is None or not lead.flies or not (revealing or wish.angle == "aerial"):
        return
    rise = max(0.0, ALOFT - lead.y)
    for member in cast.leads:
        if not member.flies:
            continue
        member.y += rise
        if revealing:
            member.actions = tuple(
                a if a.direction or a.target or a.verb in ("rise", "land", "hover") else _away(a)
                for a in member.actions
            )


def _away(action: ActionWish) -> ActionWish:
    return replace(action, direction="away_from_camera")


def _cues(draft: Draft) -> tuple[Cue, ...]:
    def span(stretch: Stretch) -> Span:
        return Span(start=stretch.start * draft.duration, end=stretch.end * draft.duration)

    return tuple(Cue(kind=c.kind, span=span(c.during), text=c.text, speaker=c.speaker) for c in draft.cues)
