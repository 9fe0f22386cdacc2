"""Others in the parts of subjects: in their places, doing what they can of their deeds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vitascope.director.editing.bench import Bench
from vitascope.director.editing.counting import set_count
from vitascope.director.editing.reading import Described
from vitascope.director.editing.subjects import be, name_of
from vitascope.director.inflection import plural
from vitascope.director.scene import Thing
from vitascope.film import Action, Attributes, AttributesChange, ChangeSubject
from vitascope.recipe import Recipe

__all__ = ["replace_subjects"]


def replace_subjects(bench: Bench, names: Sequence[str], described: Described) -> None:
    """Let the new things of `described` take the parts of subjects: in their places, doing what they can of their deeds."""
    things = [thing for thing in described.new if thing.role == "main"] or described.new
    before = name_of(bench, names)
    for index, name in enumerate(names):
        _recast(bench, name, things[index % len(things)])
    extra = [t for t in things if t.counted and len(things) == 1]
    for thing in extra:
        _match_count(bench, names, thing.count)
    noun = things[0].name
    both = " and ".join(dict.fromkeys(thing.name for thing in things))
    after = (
        f"{'an' if noun[0] in 'aeiou' else 'a'} {both}"
        if len(names) == 1
        else plural(noun)
        if len(things) == 1
        else both
    )
    bench.say(f"{before} {be(names)} {after}")
    bench.mention(names)


def _recast(bench: Bench, name: str, thing: Thing) -> None:
    recipe = bench.catalogue.recipe(thing.recipe)
    fields: dict[str, Any] = {n: v for n, v in thing.attributes.items() if n in Attributes.model_fields}
    fields |= {"clothing": tuple(thing.clothing)} if thing.clothing else {}
    fields |= {"states": tuple(dict.fromkeys(thing.states))} if thing.states else {}
    fields |= {"hair": " ".join(dict.fromkeys(thing.hair))} if thing.hair else {}
    for shot in bench.shots:
        subject = next((s for s in shot.subjects if s.id == name), None)
        if subject is None:
            continue
        was = bench.catalogue.recipe(subject.recipe)
        person = was.kind == recipe.kind == "person"
        kept = ("clothing", "hair", "mood", "scale", "build") if person else ("mood",)
        resets = tuple(n for n in Attributes.model_fields if n not in fields and n not in kept)
        actions = tuple(
            a
            for action in subject.actions
            if (a := _acted(bench, action, recipe, carried=subject.placement.on is not None)) is not None
        )
        placement = subject.placement
        if recipe.medium != was.medium and placement.on is None:
            x, _, z = placement.position
            placement = placement.model_copy(update={"position": (x, recipe.altitude, z)})
        bench.change_in(
            shot,
            ChangeSubject(
                subject=name,
                recipe=thing.recipe,
                name=thing.name,
                attributes=AttributesChange(reset=resets, **fields),
                placement=placement if placement != subject.placement else None,
                actions=actions,
            ),
        )


def _acted(bench: Bench, action: Action, recipe: Recipe, *, carried: bool) -> Action | None:
    """The action as the new body does it; None where it cannot. What is carried and cannot ride sits."""
    sits = carried and action.verb == "ride" and action.verb not in recipe.verbs and "sit" in recipe.verbs
    verb = "sit" if sits else bench.catalogue.verb_for(recipe, action.verb)
    if verb == "stand" and action.verb != "stand":
        return None
    return action if verb == action.verb else action.model_copy(update={"verb": verb, "speed": None})


def _match_count(bench: Bench, names: Sequence[str], count: int) -> None:
    """Make the number of those who took a part the number that was said."""
    if count != len(names) and count > 0:
        set_count(bench, names, count)
