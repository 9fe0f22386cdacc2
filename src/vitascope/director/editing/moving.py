"""Subjects that are to stand elsewhere: a step to a side, up or down, or in a relation to somebody."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from vitascope.director.editing.bench import Bench, Unclear
from vitascope.director.editing.reading import Described
from vitascope.director.editing.subjects import be, draft_for, name_of
from vitascope.director.staging import join
from vitascope.film import ChangeSubject, Placement, Shot, Subject

__all__ = ["face", "lift", "relate_anew", "step"]

SIDES = {"left": (-1.0, 0.0), "right": (1.0, 0.0), "front": (0.0, 1.0), "back": (0.0, -1.0), "middle": (0.0, 0.0)}
"""Screen right, and towards the camera."""
SAID = {"left": "farther left", "right": "farther right", "front": "nearer", "back": "farther back",
        "middle": "in the middle", "up": "higher", "down": "lower"}  # fmt: skip


def step(bench: Bench, names: Sequence[str], side: str, *, steps: float = 1.0, metres: float | None = None) -> None:
    """Move subjects to a side as the camera sees it, by a step of about two of their breadths or by metres."""
    for shot in bench.shots:
        azimuth = math.radians(shot.camera.azimuth or 0.0)
        for subject in [s for s in shot.subjects if s.id in names]:
            size = bench.catalogue.recipe(subject.recipe).size
            stride = (
                metres
                if metres is not None
                else steps * max(0.4, 1.1 * max(size[0], size[2]) * subject.attributes.scale)
            )
            right, near = SIDES[side]
            delta = (
                stride * (right * math.cos(azimuth) + near * math.sin(azimuth)),
                0.0,
                stride * (-right * math.sin(azimuth) + near * math.cos(azimuth)),
            )
            if side == "middle":
                x, _, z = subject.placement.position
                delta = (-x, 0.0, 0.0 if azimuth == 0 else -z)
            _shift(bench, shot, subject, delta)
    bench.say(f"{name_of(bench, names)} {be(names)} {SAID[side]}")
    bench.mention(names)


def lift(bench: Bench, names: Sequence[str], *, up: bool, steps: float = 1.0, metres: float | None = None) -> None:
    """Raise or lower what hangs or flies. Raises Unclear for what stands."""
    for shot in bench.shots:
        for subject in [s for s in shot.subjects if s.id in names]:
            recipe = bench.catalogue.recipe(subject.recipe)
            if recipe.medium not in ("air", "underwater", "space") or subject.placement.on is not None:
                raise Unclear(f"The {subject.name} stands on the ground, so it cannot be put higher or lower.")
            stride = metres if metres is not None else steps * max(0.5, recipe.size[1] * subject.attributes.scale)
            low = subject.placement.position[1]
            stride = stride if up else -min(stride, low)
            _shift(bench, shot, subject, (0.0, stride, 0.0))
    bench.say(f"{name_of(bench, names)} {be(names)} {SAID['up' if up else 'down']}")
    bench.mention(names)


def _shift(bench: Bench, shot: Shot, subject: Subject, delta: tuple[float, float, float]) -> None:
    """Move a subject with everything it does."""
    position = tuple(round(p + d, 3) for p, d in zip(subject.placement.position, delta, strict=True))
    _put(bench, shot, subject, subject.placement.model_copy(update={"position": position}))


def _put(bench: Bench, shot: Shot, subject: Subject, placement: Placement) -> None:
    old, new = subject.placement.position, placement.position
    paths = any(a.path for a in subject.actions) and placement.on is None and subject.placement.on is None
    actions = None
    if paths:
        delta = tuple(n - o for n, o in zip(new, old, strict=True))
        actions = tuple(
            a.model_copy(update={"path": tuple(tuple(p + d for p, d in zip(q, delta, strict=True)) for q in a.path)})
            for a in subject.actions
        )
    if placement != subject.placement or actions:
        bench.change_in(shot, ChangeSubject(subject=subject.id, placement=placement, actions=actions))


def face(bench: Bench, names: Sequence[str], facing: float) -> None:
    """Turn subjects: 0 to the camera's side of the set, 180 away, as the camera sees them."""
    for shot in bench.shots:
        for subject in [s for s in shot.subjects if s.id in names]:
            turned = (facing + (shot.camera.azimuth or 0.0) + 180.0) % 360.0 - 180.0
            _put(bench, shot, subject, subject.placement.model_copy(update={"facing": round(turned, 1)}))
    bench.say(f"{name_of(bench, names)} {be(names)} turned")
    bench.mention(names)


def relate_anew(bench: Bench, names: Sequence[str], described: Described) -> bool:
    """Put subjects where `described` says they are in relation to others. False where it says nothing of that."""
    done = False
    told = ""
    for shot in bench.shots:
        here = [n for n in names if any(s.id == n for s in shot.subjects)]
        draft = draft_for(bench, described, shot)
        relations = tuple(r for r in draft.relations if r.entity in here)
        if not relations or not here:
            continue
        draft = replace(draft, relations=relations, actions=())
        joined = join(draft, shot, bench.catalogue, newcomers=set(here), seed=bench.film.seed)
        for moved in joined.subjects:
            subject = next(s for s in shot.subjects if s.id == moved.id)
            placement = moved.placement.model_copy(update={"facing": subject.placement.facing})
            if subject.placement.on is None and placement.on is None and any(a.path for a in subject.actions):
                end = next(a.path[-1] for a in reversed(subject.actions) if a.path)
                half = tuple((e - s) / 2 for e, s in zip(end, subject.placement.position, strict=True))
                start = tuple(round(p - h, 3) for p, h in zip(placement.position, half, strict=True))
                placement = placement.model_copy(update={"position": start})
            _put(bench, shot, subject, placement)
        for holder, actions in joined.holding.items():
            carrier = next(s for s in shot.subjects if s.id == holder)
            bench.change_in(shot, ChangeSubject(subject=holder, actions=(*carrier.actions, *actions)))
        others = [s.name for s in shot.subjects if s.id in relations[0].targets]
        where = relations[0].kind.replace("_", " ")
        told = f"{where} the {others[0]}" if others else where
        done = True
    if done:
        bench.say(f"{name_of(bench, names)} {be(names)} {told}")
        bench.mention(names)
    return done
