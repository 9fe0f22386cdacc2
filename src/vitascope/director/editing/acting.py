"""What subjects do, as operations: new deeds, deeds that end, faster and slower, the other way."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from vitascope.director.editing.bench import Already, Bench
from vitascope.director.editing.reading import Described
from vitascope.director.editing.subjects import be, draft_for, name_of
from vitascope.director.inflection import third
from vitascope.director.staging import perform
from vitascope.film import Action, CameraMove, ChangeCamera, ChangeSubject, Shot, Span, Subject

__all__ = ["act_out", "change_pace", "cut_action", "set_actions", "stop_acting", "turn_back"]

GESTURES = frozenset(("wave", "talk", "look", "hold", "eat", "drink", "sway", "shine"))
"""What is done besides anything else."""
STAYING = frozenset(("stay", "remain", "stop", "pause", "be"))
"""Manners of standing that ask for nothing else than to be there."""
RESTING = frozenset(("sit", "lie"))
"""Deeds of those who stay as they are, and do not get up for it."""
AWAY = 1.2
"""Lengths of its own body that a subject travels before the camera goes with it."""


def act_out(bench: Bench, described: Described, *, then: bool = False, besides: bool = False) -> tuple[str, ...]:
    """Let subjects do what `described` says of them; who they are. New deeds take the place of those they exclude."""
    acting = list(
        dict.fromkeys(name for act in described.scene.acts for name in act.thing.ids if name in described.known)
    )
    if not acting:
        return ()
    for shot in bench.shots:
        here = [name for name in acting if any(s.id == name for s in shot.subjects)]
        if not here:
            continue
        draft = draft_for(bench, described, shot)
        span = _stretch(bench, shot, here, then=then)
        draft = replace(draft, relations=(), actions=tuple(a for a in draft.actions if a.entity in here),
                        duration=span.length)  # fmt: skip
        for name, actions in perform(draft, shot, bench.catalogue, performers=here).items():
            subject = next(s for s in shot.subjects if s.id == name)
            fresh = tuple(_later(subject, a, span, shot.duration) for a in actions)
            kept = () if besides else _kept(subject, fresh, shot.duration)
            if _stays(subject, fresh, span):
                continue
            wanted = (
                tuple(sorted((*kept, *fresh), key=lambda a: a.span.start))
                if not besides
                else (*subject.actions, *fresh)
            )
            if wanted != subject.actions:
                _set_in(bench, shot, subject, wanted)
    bench.mention(acting)
    deeds: dict[tuple[str, ...], list[str]] = {}
    for name in acting:
        words = tuple(dict.fromkeys(act.words for act in described.scene.acts if name in act.thing.ids))
        deeds.setdefault(words, []).append(name)
    for words, names in deeds.items():
        bench.say(f"{name_of(bench, names)} {_does(' and '.join(words), len(names))}")
    return tuple(acting)


def _stays(subject: Subject, fresh: Sequence[Action], span: Span) -> bool:
    """Whether `fresh` asks no more of a subject than to stay as it is, and it goes nowhere in that stretch."""
    if not fresh or any(a.verb != "stand" or a.path or a.target or set(a.manner) - STAYING for a in fresh):
        return False
    meanwhile = [
        a for a in subject.actions if a.verb not in GESTURES and a.span.start < span.end and span.start < a.span.end
    ]
    stays = all(a.manner for a in fresh)
    return all(a.verb == "stand" or (stays and not a.path and a.verb in RESTING) for a in meanwhile)


def _does(verb: str, count: int) -> str:
    """A verb, or several, in the present tense."""
    if count > 1:
        return verb
    return " and ".join(third(part) for part in verb.split(" and "))


def _stretch(bench: Bench, shot: Shot, names: Sequence[str], *, then: bool) -> Span:
    """When it happens: where the scope says, or after what they do now."""
    span = bench.scope.span_in(bench.film, shot)
    if not then or bench.scope.timed:
        return span
    ends = [a.span.end for s in shot.subjects if s.id in names for a in s.actions if a.verb not in GESTURES]
    starts = [a.span.start for s in shot.subjects if s.id in names for a in s.actions if a.verb not in GESTURES]
    middle = max((*starts, Fraction(0))) + (shot.duration - max((*starts, Fraction(0)))) / 2
    start = max(ends) if ends and max(ends) < shot.duration else middle
    return Span(start=start, end=shot.duration)


def _later(subject: Subject, action: Action, span: Span, duration: Fraction) -> Action:
    """An action of a stretch put into its shot, from where the subject is by then."""
    moved = Span(start=span.start + action.span.start, end=min(duration, span.start + action.span.end))
    action = action.model_copy(update={"span": moved})
    if not action.path or span.start == 0:
        return action
    here, start = _where(subject, span.start), subject.placement.position
    path = tuple(tuple(p + h - s for p, h, s in zip(q, here, start, strict=True)) for q in action.path)
    return action.model_copy(update={"path": path if action.target is None else action.path})


def _where(subject: Subject, t: Fraction) -> tuple[float, float, float]:
    """Where a subject is at `t` by its paths."""
    here = subject.placement.position
    for action in subject.actions:
        if action.path and action.span.start < t:
            cut = action if action.span.end <= t else cut_action(here, action, t)
            here = cut.path[-1] if cut is not None and cut.path else here
    return here


def _kept(subject: Subject, fresh: Sequence[Action], duration: Fraction) -> tuple[Action, ...]:
    """What a subject goes on doing besides or before `fresh`."""
    bodily = [a for a in fresh if a.verb not in GESTURES]
    kept: list[Action] = []
    start = min((a.span.start for a in bodily), default=duration)
    for action in subject.actions:
        if action.verb in GESTURES:
            if all(a.verb != action.verb for a in fresh) or action.verb == "hold":
                kept.append(action)
        elif not bodily:
            kept.append(action)
        elif action.span.start < start:
            cut = cut_action(_where(subject, action.span.start), action, start)
            kept += [cut] if cut is not None else []
    return tuple(kept)


def cut_action(here: tuple[float, float, float], action: Action, end: Fraction) -> Action | None:
    """The action ended at `end`, its travel as far as it came; None where it had not begun."""
    if action.span.end <= end:
        return action
    if action.span.start >= end:
        return None
    share = float((end - action.span.start) / action.span.length)
    span = Span(start=action.span.start, end=end)
    if not action.path:
        return action.model_copy(update={"span": span})
    points = [here, *action.path]
    lengths = [math.dist(a, b) for a, b in itertools.pairwise(points)]
    left, path = share * sum(lengths), []
    for a, b, length in zip(points, points[1:], lengths, strict=False):
        if left >= length:
            path.append(b)
            left -= length
            continue
        u = left / length if length else 0.0
        path.append(tuple(p + (q - p) * u for p, q in zip(a, b, strict=True)))
        break
    return action.model_copy(update={"span": span, "path": tuple(path)})


def set_actions(bench: Bench, name: str, wanted: dict[str, tuple[Action, ...]]) -> None:
    """Give a subject other actions in each shot, by shot id."""
    for shot in bench.shots:
        subject = next((s for s in shot.subjects if s.id == name), None)
        if subject is not None and shot.id in wanted and wanted[shot.id] != subject.actions:
            _set_in(bench, shot, subject, wanted[shot.id])


def _set_in(bench: Bench, shot: Shot, subject: Subject, actions: tuple[Action, ...]) -> None:
    """Other actions; the camera frames anew who now travels, and goes with him where it followed nobody."""
    far = _travel(subject, actions)
    was = _travel(subject, subject.actions)
    size = max(bench.catalogue.recipe(subject.recipe).size) * subject.attributes.scale
    goes = far > AWAY * size and was <= AWAY * size
    bench.change_in(shot, ChangeSubject(subject=subject.id, actions=actions, recompose=goes), timed=False)
    plain = all(m.kind == "dolly_in" and m.pace < 0.5 for m in shot.camera.moves)
    if goes and shot.camera.moves and plain and len(shot.subjects) <= 3:
        whole = Span(start=Fraction(0), end=shot.duration)
        track = CameraMove(kind="track", span=whole, target=subject.id)
        bench.change_in(shot, ChangeCamera(moves=(track,)), timed=False)


def _travel(subject: Subject, actions: Sequence[Action]) -> float:
    return max((math.dist(subject.placement.position, a.path[-1]) for a in actions if a.path), default=0.0)


def stop_acting(bench: Bench, names: Sequence[str], verb: str | None) -> bool:
    """End what subjects do: one verb, or all travel. Whether any of them did it."""
    done, doing = [], ""
    for shot in bench.shots:
        span = bench.scope.span_in(bench.film, shot)
        for name in names:
            subject = next((s for s in shot.subjects if s.id == name), None)
            if subject is None:
                continue
            ended = [a for a in subject.actions if a.verb == verb or (verb is None and a.verb != "hold")]
            if not ended:
                continue
            doing = ended[0].verb
            kept = []
            for action in subject.actions:
                if action not in ended:
                    kept.append(action)
                elif span.start > action.span.start:
                    cut = cut_action(_where(subject, action.span.start), action, span.start)
                    kept += [cut] if cut is not None else []
            bench.change_in(shot, ChangeSubject(subject=name, actions=tuple(kept)), timed=False)
            done.append(name)
    if done:
        names = tuple(dict.fromkeys(done))
        bench.say(f"{name_of(bench, names)} no longer {_does(doing, len(names))}")
        bench.mention(names)
    return bool(done)


def change_pace(bench: Bench, names: Sequence[str], factor: float) -> None:
    """Let subjects do what they do `factor` times as fast."""
    acting = [n for n in names if bench.subject(n).actions]
    if not acting:
        verb = "does" if len(names) == 1 else "do"
        raise Already(f"{name_of(bench, names).capitalize()} {verb} nothing that could go faster or slower.")
    for shot in bench.shots:
        for subject in shot.subjects:
            if subject.id not in acting:
                continue
            start = subject.placement.position
            fresh = tuple(_paced(a, start, factor) if a.verb != "hold" else a for a in subject.actions)
            bench.change_in(shot, ChangeSubject(subject=subject.id, actions=fresh), timed=False)
    bench.say(f"{name_of(bench, acting)} {be(acting)} {'faster' if factor > 1 else 'slower'}")
    bench.mention(names)


def _paced(action: Action, start: tuple[float, float, float], factor: float) -> Action:
    path = tuple(tuple(s + (p - s) * factor for p, s in zip(q, start, strict=True)) for q in action.path)
    speed = None if action.speed is None else min(400.0, action.speed * factor)
    vigour = min(3.0, max(0.1, round(action.vigour * factor, 3)))
    return action.model_copy(update={"path": path, "speed": speed, "vigour": vigour})


def turn_back(bench: Bench, names: Sequence[str]) -> bool:
    """Let subjects travel the same way from its end to its beginning; those who stand face the other way."""
    for shot in bench.shots:
        for subject in shot.subjects:
            if subject.id not in names:
                continue
            paths = [a for a in subject.actions if a.path]
            facing = (subject.placement.facing + 360.0) % 360.0 - 180.0
            update: dict[str, object] = {"facing": facing}
            actions = subject.actions
            if paths:
                points = [subject.placement.position, *(p for a in paths for p in a.path)][::-1]
                update["position"] = points[0]
                actions, at = [], 1
                for action in subject.actions:
                    count = len(action.path)
                    actions.append(
                        action.model_copy(update={"path": tuple(points[at : at + count])}) if count else action
                    )
                    at += count
            placement = subject.placement.model_copy(update=update)
            bench.change_in(
                shot, ChangeSubject(subject=subject.id, placement=placement, actions=tuple(actions)), timed=False
            )
    verb = "goes" if len(names) == 1 else "go"
    bench.say(f"{name_of(bench, names)} {verb} the other way")
    bench.mention(names)
    return True
