"""Newcomers, new deeds and new places in a shot that is there: drafts among its cast, set down by the house's staging."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from vitascope.director.draft import ActionWish, Draft, Entity, HourKey, Relation, SetWish
from vitascope.director.language.films import fitted
from vitascope.director.staging import join, perform
from vitascope.film import AddSubject, ChangeSubject, Placement, Shot, ShotOperation, Subject
from vitascope.recipe import Catalogue

__all__ = ["draft_of", "joined", "moved", "performed", "placed_anew", "shot_subject"]

Metres = tuple[float, float, float]


def draft_of(
    shot: Shot,
    *,
    entities: Iterable[Entity] = (),
    relations: Iterable[Relation] = (),
    actions: Iterable[ActionWish] = (),
) -> Draft:
    """A draft of the cast of `shot` with more entities, relations and actions."""
    known = tuple(
        Entity(id=s.id, recipe=s.recipe, name=s.name, group=s.group, attributes=s.attributes) for s in shot.subjects
    )
    hours = (HourKey(at=Fraction(0), hour=shot.set.hours[0].hour),)
    return Draft(
        prompt="",
        entities=(*known, *entities),
        relations=tuple(relations),
        actions=tuple(actions),
        set=SetWish(place=shot.set.place, said=True, hours=hours),
        look=shot.look,
        duration=shot.duration,
        duration_said=True,
    )


def joined(
    shot: Shot, draft: Draft, new: tuple[Entity, ...], catalogue: Catalogue, *, seed: int
) -> list[ShotOperation]:
    """The entities `new` of `draft` as subjects of `shot`, among those who are there and stay where they are."""
    found = join(_fitted(draft, catalogue), shot, catalogue, newcomers={entity.id for entity in new}, seed=seed)
    return [*(AddSubject(subject=subject) for subject in found.subjects), *_holding(shot, found.holding)]


def performed(shot: Shot, draft: Draft, catalogue: Catalogue) -> list[ShotOperation]:
    """What the actions of `draft` come to, in place of what those subjects did. Who travels is framed anew."""
    names = tuple(dict.fromkeys(action.entity for action in draft.actions))
    acts = perform(_fitted(draft, catalogue), shot, catalogue, performers=names)
    return [
        ChangeSubject(subject=name, actions=actions, recompose=any(action.path for action in actions))
        for name, actions in acts.items()
    ]


def placed_anew(shot: Shot, draft: Draft, name: str, catalogue: Catalogue, *, seed: int) -> list[ShotOperation]:
    """`name` where the relations of `draft` put it; half-way through what it does where it travels."""
    found = join(draft, shot, catalogue, newcomers={name}, seed=seed)
    subject = shot_subject(shot, name)
    (wanted,) = (s.placement for s in found.subjects)
    placement = wanted.model_copy(update={"facing": subject.placement.facing})
    ends = [action.path[-1] for action in subject.actions if action.path]
    if ends and placement.on is None and subject.placement.on is None:
        half = tuple((end - start) / 2 for end, start in zip(ends[-1], subject.placement.position, strict=True))
        start = tuple(round(p - h, 3) for p, h in zip(placement.position, half, strict=True))
        placement = placement.model_copy(update={"position": start})
    return [_put(subject, placement), *_holding(shot, found.holding)]


def moved(shot: Shot, name: str, by: Metres) -> ChangeSubject:
    """`name` with its ways moved by metres to the right of the picture, up, and towards the camera."""
    subject = shot_subject(shot, name)
    azimuth = math.radians(shot.camera.azimuth or 0.0)
    right, up, near = by
    x, y, z = subject.placement.position
    position = (
        round(x + right * math.cos(azimuth) + near * math.sin(azimuth), 3),
        round(max(y + up, 0.0), 3),
        round(z - right * math.sin(azimuth) + near * math.cos(azimuth), 3),
    )
    return _put(subject, subject.placement.model_copy(update={"position": position}))


def shot_subject(shot: Shot, name: str) -> Subject:
    """The subject called `name`. Raises KeyError if there is none."""
    for subject in shot.subjects:
        if subject.id == name:
            return subject
    raise KeyError(name)


def _put(subject: Subject, placement: Placement) -> ChangeSubject:
    """The subject with that placement, and its ways moved as far."""
    actions = None
    if placement.on is None and subject.placement.on is None and any(action.path for action in subject.actions):
        dx, dy, dz = (n - o for n, o in zip(placement.position, subject.placement.position, strict=True))
        actions = tuple(
            a.model_copy(update={"path": tuple((x + dx, max(y + dy, 0.0), z + dz) for x, y, z in a.path)})
            for a in subject.actions
        )
    return ChangeSubject(subject=subject.id, placement=placement, actions=actions)


def _holding(shot: Shot, holding: dict) -> list[ChangeSubject]:
    return [
        ChangeSubject(subject=name, actions=(*shot_subject(shot, name).actions, *actions))
        for name, actions in holding.items()
    ]


def _fitted(draft: Draft, catalogue: Catalogue) -> Draft:
    recipes = {entity.id: entity.recipe for entity in draft.entities}
    return replace(draft, actions=fitted(draft.actions, recipes, catalogue))
