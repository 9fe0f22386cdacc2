"""Subjects as operations: how they look, what they wear, who comes, who goes, and who takes whose part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from vitascope.director.draft import Draft, HourKey, SetWish
from vitascope.director.drafting import draft_of
from vitascope.director.editing.bench import Bench, Unclear
from vitascope.director.editing.reading import Described
from vitascope.director.editing.words import edit_words
from vitascope.director.inflection import plural
from vitascope.director.scene import Thing
from vitascope.director.staging import join
from vitascope.film import (
    Action,
    AddSubject,
    Attributes,
    AttributesChange,
    ChangeSubject,
    Garment,
    RemoveSubject,
    Shot,
    Subject,
)

__all__ = [
    "add_things",
    "be",
    "change_looks",
    "draft_for",
    "dress",
    "name_of",
    "remove_subjects",
    "resize",
    "undress",
]

SCALE_LEAST, SCALE_MOST = 0.05, 20.0


def name_of(bench: Bench, names: Sequence[str]) -> str:
    """ "the dog", "the two dogs", "the dog and the cat"."""
    subjects = bench.subjects()
    said = list(dict.fromkeys(subjects[n].name for n in names if n in subjects))
    if not said:
        return "nobody"
    if len(said) == 1:
        return f"the {said[0]}" if len(names) == 1 else f"the {plural(said[0])}"
    parts = [f"the {noun}" for noun in said[:3]]
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(said) <= 3 else "they"


def be(names: Sequence[str]) -> str:
    """ "is" or "are"."""
    return "is" if len(names) == 1 else "are"


# How they look --------------------------------------------------------------------------------------------------------


def change_looks(bench: Bench, described: Described) -> bool:
    """Give subjects the looks, clothes and states that `described` tells of them. Whether it told of any."""
    changed = described.changed()
    clothed: dict[Garment, list[str]] = {}
    for name, thing in changed.items():
        for garment in thing.clothing:
            clothed.setdefault(garment, []).append(name)
    for garment, names in clothed.items():
        dress(bench, names, garment)
    for name, thing in changed.items():
        fields = _fields(bench, bench.subject(name), thing)
        if fields:
            bench.change(ChangeSubject(subject=name, attributes=AttributesChange(**fields)))
    for same in _alike(changed):
        thing = changed[same[0]]
        words = _words_of(thing)
        if words:
            bench.say(f"{name_of(bench, same)} {be(same)} {words}")
    bench.mention(changed)
    return bool(changed)


def _alike(changed: dict[str, Thing]) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for name, thing in changed.items():
        groups.setdefault(_words_of(thing), []).append(name)
    return list(groups.values())


def _fields(bench: Bench, subject: Subject, thing: Thing) -> dict[str, Any]:
    """The fields of Attributes that words changed."""
    fields: dict[str, Any] = {n: v for n, v in thing.attributes.items() if n in Attributes.model_fields}
    now = subject.attributes
    if thing.hair:
        fields["hair"] = _hair(now.hair, thing.hair)
    if thing.states:
        fields["states"] = _states(now.states, thing.states)
    if "colour" in fields and not bench.catalogue.recipe(subject.recipe).colourable:
        raise Unclear(f"A {subject.name} cannot have another colour.", str(fields["colour"]))
    return {name: value for name, value in fields.items() if getattr(now, name) != value}


def _hair(now: str | None, said: list[str]) -> str:
    """Hair with the traits said; those of the other sort stay."""
    shapes = set(edit_words().raw["hair_shapes"])
    kept = [w for w in (now or "").split() if (w in shapes) not in {word in shapes for word in said}]
    return " ".join(dict.fromkeys((*kept, *said)))


def _states(now: tuple[str, ...], said: list[str]) -> tuple[str, ...]:
    opposite = {a: b for pair in edit_words().raw["opposite_states"] for a, b in (pair, pair[::-1])}
    gone = {opposite.get(state) for state in said}
    return tuple(dict.fromkeys((*(s for s in now if s not in gone), *said)))


def _words_of(thing: Thing) -> str:
    said = [
        str(v)
        for n, v in thing.attributes.items()
        if n in ("colour", "material", "pattern", "age", "build", "mood", "skin")
    ]
    if "second_colour" in thing.attributes:
        said.append(f"{thing.attributes['second_colour']} in part")
    if "scale" in thing.attributes:
        said.append(f"{thing.attributes['scale']:g} times its usual size")
    said += thing.states
    if thing.hair:
        said.append(f"{' '.join(thing.hair)}-haired")
    return " and ".join(dict.fromkeys(word.replace("_", " ") for word in said))


# Clothes --------------------------------------------------------------------------------------------------------------


def dress(bench: Bench, names: Sequence[str], garment: Garment) -> None:
    """Put a garment on each; what it takes the place of comes off."""
    covers = set(edit_words().raw["covers"].get(garment.kind, ())) | {garment.kind}
    wearers = []
    for name in names:
        subject = bench.subject(name)
        if bench.catalogue.recipe(subject.recipe).kind != "person":
            continue
        wearers.append(name)
        worn = (*tuple(g for g in subject.attributes.clothing if g.kind not in covers), garment)
        if garment not in subject.attributes.clothing:
            bench.change(ChangeSubject(subject=name, attributes=AttributesChange(clothing=worn)))
    if not wearers:
        raise Unclear(f"{name_of(bench, names).capitalize()} cannot wear a {garment.kind}.", garment.kind)
    told = " ".join(filter(None, (garment.colour, garment.pattern, garment.kind)))
    pair = garment.kind.endswith("s") and not garment.kind.endswith("ss")
    article = "" if pair else "an " if told[0] in "aeiou" else "a "
    bench.say(f"{name_of(bench, wearers)} {'wears' if len(wearers) == 1 else 'wear'} {article}{told}")


def undress(bench: Bench, names: Sequence[str], kind: str) -> None:
    """Take a garment off each who wears it."""
    done = []
    for name in names:
        worn = bench.subject(name).attributes.clothing
        kept = tuple(g for g in worn if g.kind != kind)
        if kept != worn:
            bench.change(ChangeSubject(subject=name, attributes=AttributesChange(clothing=kept)))
            done.append(name)
    if not done:
        raise Unclear(f"{name_of(bench, names).capitalize()} {'wears' if len(names) == 1 else 'wear'} no {kind}.", kind)
    bench.say(f"{name_of(bench, done)} {'wears' if len(done) == 1 else 'wear'} no {kind}")


# Size -----------------------------------------------------------------------------------------------------------------


def resize(bench: Bench, names: Sequence[str], factor: float) -> None:
    """Make each `factor` times as large."""
    for name in names:
        scale = bench.subject(name).attributes.scale
        wanted = min(SCALE_MOST, max(SCALE_LEAST, round(scale * factor, 3)))
        if wanted != scale:
            bench.change(ChangeSubject(subject=name, attributes=AttributesChange(scale=wanted)))
    bench.say(f"{name_of(bench, names)} {be(names)} {'bigger' if factor > 1 else 'smaller'}")
    bench.mention(names)


# Who comes ------------------------------------------------------------------------------------------------------------


def draft_for(bench: Bench, described: Described, shot: Shot) -> Draft:
    """The draft of a description among the subjects of `shot`, as they are."""
    scene = described.scene
    wish = SetWish(place=shot.set.place, hours=(HourKey(at=Fraction(0), hour=shot.set.hours[0].hour),))
    draft = draft_of(scene, bench.catalogue, wish=wish)
    there = {s.id: s for s in shot.subjects}
    entities = []
    for entity in draft.entities:
        subject = there.get(entity.id)
        if subject is not None:
            entity = replace(entity, attributes=subject.attributes, group=subject.group)
        elif any(entity.id in thing.ids for thing in described.known.values()):
            continue
        entities.append(entity)
    ids = {entity.id for entity in entities}
    return replace(
        draft,
        entities=tuple(entities),
        relations=tuple(r for r in draft.relations if r.entity in ids and set(r.targets) <= ids),
        actions=tuple(a for a in draft.actions if a.entity in ids),
        duration=shot.duration,
        look=shot.look,
    )


def add_things(bench: Bench, described: Described) -> tuple[str, ...]:
    """Let what is new in `described` stand among those who are there; the ids of the newcomers."""
    things = described.new
    if not things:
        return ()
    for shot in bench.shots:
        draft = draft_for(bench, described, shot)
        fresh = [entity.id for entity in draft.entities if any(entity.id in thing.ids for thing in things)]
        newcomers = {*fresh}
        draft = replace(
            draft,
            relations=tuple(r for r in draft.relations if r.entity in newcomers),
            actions=tuple(a for a in draft.actions if a.entity in newcomers),
        )
        joined = join(draft, shot, bench.catalogue, newcomers=newcomers, seed=bench.film.seed)
        for subject in _carriers_first(joined.subjects):
            bench.change_in(shot, AddSubject(subject=subject))
        for holder, actions in joined.holding.items():
            _hold(bench, shot, holder, actions)
    names = tuple(name for thing in things for name in thing.ids)
    bench.mention(names)
    for thing in things:
        bench.say(_there_is(thing))
    return names


def _carriers_first(subjects: Sequence[Subject]) -> list[Subject]:
    """Subjects in an order in which each comes after those that it refers to."""
    waiting, placed = list(subjects), []
    names = {s.id for s in subjects}
    while waiting:
        there = {s.id for s in placed}
        ready = [s for s in waiting if not ({s.placement.on, *(a.target for a in s.actions)} & names) - there - {s.id}]
        placed += ready or waiting[:1]
        waiting = [s for s in waiting if s not in placed]
    return placed


def _hold(bench: Bench, shot: Shot, holder: str, actions: tuple[Action, ...]) -> None:
    subject = next(s for s in shot.subjects if s.id == holder)
    bench.change_in(shot, ChangeSubject(subject=holder, actions=(*subject.actions, *actions)))


def _there_is(thing: Thing) -> str:
    told = " ".join(str(v) for n, v in thing.attributes.items() if n in ("colour", "material", "pattern"))
    noun = f"{told} {thing.name}".strip()
    if thing.count == 1:
        return f"there is {'an' if noun[0] in 'aeiou' else 'a'} {noun}"
    return f"there are {thing.count} more {plural(noun)}" if thing.counted else f"there are {plural(noun)}"


# Who goes -------------------------------------------------------------------------------------------------------------


def remove_subjects(bench: Bench, names: Iterable[str]) -> None:
    """Take subjects out of the shots in scope."""
    names = tuple(names)
    said = name_of(bench, names)
    for name in names:
        bench.change(RemoveSubject(subject=name), shows=True)
    bench.say(f"{said} {be(names)} gone")
    bench.salient = [n for n in bench.salient if n not in names]
