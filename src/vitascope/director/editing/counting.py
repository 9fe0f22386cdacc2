"""How many there are: more of a kind, fewer of a kind, and numbers that are to be reached."""

from __future__ import annotations

from collections.abc import Sequence

from vitascope.director.draft import Draft, Entity, Relation, SetWish
from vitascope.director.editing.bench import Bench
from vitascope.director.editing.subjects import remove_subjects
from vitascope.director.editing.words import Run
from vitascope.director.inflection import plural
from vitascope.director.staging import join
from vitascope.film import AddSubject, Shot, Subject

__all__ = ["MOST", "add_copies", "add_like", "set_count"]

MOST = 40
"""Subjects in one shot beyond which no more come."""


def set_count(bench: Bench, names: Sequence[str], count: int) -> None:
    """Let there be `count` in place of those of `names`."""
    count = max(0, min(count, MOST))
    if count < len(names):
        remove_subjects(bench, names[count:])
    elif count > len(names):
        add_copies(bench, names, count - len(names))


def add_copies(bench: Bench, names: Sequence[str], more: int, **fields: object) -> tuple[str, ...]:
    """Let `more` come that are like the first of `names`, beside them, doing the same; their ids."""
    fresh: tuple[str, ...] = ()
    for shot in bench.shots:
        model = next((s for s in shot.subjects if s.id in names), None)
        if model is None:
            continue
        more = max(0, min(more, MOST - len(shot.subjects)))
        taken = {s.id for part in bench.film.shots for s in part.subjects} - set(fresh)
        base = model.id.rsplit("-", 1)[0] if model.id.rsplit("-", 1)[-1].isdigit() else model.id
        fresh = fresh or tuple(_free(base, taken, more))
        for subject in _beside(bench, shot, model, names, fresh):
            bench.change_in(shot, AddSubject(subject=subject.model_copy(update=fields)))
    bench.mention(fresh)
    noun = bench.subject(names[0]).name
    bench.say(f"there {'is one' if more == 1 else f'are {more}'} more {noun if more == 1 else plural(noun)}")
    return fresh


def _free(base: str, taken: set[str], more: int) -> list[str]:
    found, number = [], 2
    while len(found) < more:
        if f"{base}-{number}" not in taken:
            found.append(f"{base}-{number}")
        number += 1
    return found


def _beside(bench: Bench, shot: Shot, model: Subject, names: Sequence[str], fresh: Sequence[str]) -> list[Subject]:
    """Copies of `model`, placed among those who are there; they do what it does, from where they stand."""
    entities = [
        Entity(id=s.id, recipe=s.recipe, name=s.name, group=s.group, attributes=s.attributes) for s in shot.subjects
    ]
    entities += [Entity(id=n, recipe=model.recipe, name=model.name, group=f"{model.id}-more", attributes=model.attributes)
                 for n in fresh]  # fmt: skip
    carried = model.placement.on is not None
    anchor = model.placement.on if carried else model.id
    kind = "on" if carried else "next_to"
    relations = tuple(Relation(kind=kind, entity=n, targets=(anchor,)) for n in fresh if anchor is not None)
    draft = Draft(prompt="", entities=tuple(entities), relations=relations, set=SetWish(place=shot.set.place),
                  duration=shot.duration, look=shot.look)  # fmt: skip
    joined = join(draft, shot, bench.catalogue, newcomers=set(fresh), seed=bench.film.seed)
    group = model.group or f"{model.id}-group"
    return [_doing_alike(subject, model, group, index) for index, subject in enumerate(joined.subjects)]


def _doing_alike(subject: Subject, model: Subject, group: str, index: int) -> Subject:
    """A copy that does what its model does; its paths lie beside those of the model."""
    start, other = model.placement.position, subject.placement.position
    paths = [a for a in model.actions if a.path]
    placement = subject.placement.model_copy(update={"facing": model.placement.facing})
    if paths and subject.placement.on is None:
        middle = tuple((a + b) / 2 for a, b in zip(start, paths[-1].path[-1], strict=True))
        shift = tuple(o - m for o, m in zip(other, middle, strict=True))
        placement = placement.model_copy(update={"position": tuple(s + d for s, d in zip(start, shift, strict=True))})
    else:
        shift = tuple(o - s for o, s in zip(other, start, strict=True))
    actions = tuple(
        a.model_copy(update={"path": tuple(tuple(p + d for p, d in zip(q, shift, strict=True)) for q in a.path)})
        for a in model.actions
        if a.verb != "hold"
    )
    return subject.model_copy(update={"placement": placement, "actions": actions, "group": group})


def add_like(bench: Bench, rest: Run, names: tuple[str, ...], more: int) -> bool:
    """Let `more` like those of `names` come, as `rest` says. False where there are none."""
    if not names:
        return False
    bench.note(rest[0].start, rest[-1].end, "count", f"{more} more")
    add_copies(bench, names, more)
    return True
