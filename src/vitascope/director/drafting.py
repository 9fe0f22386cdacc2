"""Freezes a scene into a draft: ids, stretches of time, hours, the default place and the default length."""

from __future__ import annotations

from fractions import Fraction
from itertools import count, islice
from typing import Any

from vitascope.director.draft import (
    ActionWish,
    CameraWish,
    CueWish,
    Draft,
    Entity,
    HourKey,
    MoveWish,
    Relation,
    SetWish,
    Stretch,
)
from vitascope.director.habitats import suited_place
from vitascope.director.scene import Act, Scene, Thing
from vitascope.film import Attributes, Light, Look, Weather
from vitascope.recipe import Catalogue

__all__ = ["DEFAULT_HOUR", "draft_of"]

DEFAULT_SECONDS = Fraction(5)
SECONDS_A_BEAT = Fraction(5, 2)
LONGEST_DEFAULT = Fraction(20)
DEFAULT_HOUR = 15.8
"""A sun low enough to model what it lights."""
NIGHTFALL = 22.5
"""When hours pass, night is shown as soon as the last light is gone."""


def draft_of(scene: Scene, catalogue: Catalogue, *, wish: SetWish | None = None) -> Draft:
    """The draft of everything on the scene, set where the scene says or, if it is given, where `wish` does."""
    _name(scene.things)
    beats = _beats(scene)
    return Draft(
        prompt=scene.text,
        entities=tuple(entity for thing in scene.things for entity in _entities(thing, scene.things)),
        relations=_relations(scene, beats),
        actions=_actions(scene, beats),
        set=wish or _set(scene, catalogue),
        camera=_camera(scene, beats),
        light=Light(**scene.light),
        look=Look(**scene.look),
        cues=tuple(
            CueWish(kind=kind, text=text, speaker=speaker, during=_from(beat, beats))  # type: ignore[arg-type]
            for kind, text, speaker, beat in scene.cues
        ),
        duration=_duration(scene, beats),
        duration_said=scene.duration is not None,
        negations=tuple(scene.negations),
    )


def _name(things: list[Thing]) -> None:
    """Give ids to the things that have none."""
    taken = {name for thing in things for name in thing.ids}
    for thing in things:
        if thing.ids:
            continue
        base = thing.name.replace(" ", "_").replace("'", "")[:60] or thing.recipe
        alone = thing.count == 1 and sum(other.name == thing.name for other in things) == 1 and base not in taken
        free = (f"{base}-{number}" for number in count(1) if f"{base}-{number}" not in taken)
        thing.ids = (base,) if alone else tuple(islice(free, thing.count))
        taken.update(thing.ids)


def _entities(thing: Thing, others: list[Thing]) -> list[Entity]:
    fields: dict[str, Any] = {
        name: value for name, value in thing.attributes.items() if name in Attributes.model_fields
    }
    attributes = Attributes(
        **fields,
        clothing=tuple(thing.clothing),
        hair=" ".join(dict.fromkeys(thing.hair)) or None,
        states=tuple(dict.fromkeys(thing.states)),
    )
    whole = thing.part_of or thing
    several = whole.count > 1 or any(other.part_of is whole for other in others)
    group = whole.name.replace(" ", "_") + f"-{others.index(whole) + 1}" if several else None
    return [
        Entity(id=name, recipe=thing.recipe, name=thing.name, group=group, attributes=attributes, role=thing.role)  # type: ignore[arg-type]
        for name in thing.ids
    ]


def _beats(scene: Scene) -> list[int]:
    """The beats in which something happens, in order."""
    used = {act.beat for act in scene.acts} | {bond.beat for bond in scene.bonds} | {0}
    return sorted(used)


def _from(beat: int, beats: list[int], until: int | None = None) -> Stretch:
    at = sum(b < beat for b in beats)
    start = Fraction(min(at, len(beats) - 1), len(beats))
    end = Fraction(sum(b < until for b in beats), len(beats)) if until is not None else Fraction(1)
    return Stretch(start=start, end=end if end > start else Fraction(1))


def _actions(scene: Scene, beats: list[int]) -> tuple[ActionWish, ...]:
    wishes = []
    for act in scene.acts:
        later = [other.beat for other in scene.acts if other.thing is act.thing and other.beat > act.beat]
        during = _from(act.beat, beats, min(later) if later else None)
        wishes += [_wish(act, name, index, during) for index, name in enumerate(act.thing.ids)]
    return tuple(sorted(wishes, key=lambda wish: wish.during.start))


def _wish(act: Act, name: str, index: int, during: Stretch) -> ActionWish:
    target = None
    if act.target is not None and act.target is not act.thing:
        target = act.target.ids[index % len(act.target.ids)]
    return ActionWish(
        entity=name,
        verb=act.verb,
        during=during,
        target=target,
        target_relation=act.target_relation if target else None,  # type: ignore[arg-type]
        across_place=act.across_place,  # type: ignore[arg-type]
        direction=act.direction,  # type: ignore[arg-type]
        vigour=act.vigour,
        speed=act.speed,
        manner=tuple(dict.fromkeys(act.manner)),
        words=act.words,
    )


def _relations(scene: Scene, beats: list[int]) -> tuple[Relation, ...]:
    found = []
    for bond in scene.bonds:
        several = bond.kind in ("between", "among", "around")
        for index, name in enumerate(bond.thing.ids):
            if several:
                targets = tuple(i for target in bond.targets for i in target.ids)
            else:
                targets = tuple(target.ids[index % len(target.ids)] for target in bond.targets[:1])
            if name not in targets:
                found.append(Relation(kind=bond.kind, entity=name, targets=targets, during=_from(bond.beat, beats)))  # type: ignore[arg-type]
    return tuple(dict.fromkeys(found))


def _set(scene: Scene, catalogue: Catalogue) -> SetWish:
    place = suited_place(scene, catalogue)
    hours = scene.hours or [DEFAULT_HOUR]
    passes = len(hours) > 1 and (scene.changing or scene.look.get("pace") == "time_lapse")
    if passes:
        keys, last = [], -1.0
        for index, hour in enumerate(hours[:6]):
            hour = NIGHTFALL if NIGHTFALL < hour < 24 else hour
            while hour < last and hour + 24 <= 48:
                hour += 24
            last = max(hour, last)
            keys.append(HourKey(at=Fraction(index, min(len(hours), 6) - 1), hour=last))
    else:
        keys = [HourKey(at=Fraction(0), hour=hours[0])]
        if scene.look.get("pace") == "time_lapse" and hours[0] + 4 <= 48:
            keys.append(HourKey(at=Fraction(1), hour=hours[0] + 4))
    return SetWish(
        place=place,
        said=scene.place_said,
        hours=tuple(keys),
        weather=Weather(**scene.weather),
        season=scene.season or "summer",  # type: ignore[arg-type]
        features=tuple(scene.features),
        backdrop=scene.backdrop,
    )


def _camera(scene: Scene, beats: list[int]) -> CameraWish:
    values = dict(scene.camera)
    for name in ("focus", "point_of_view"):
        thing = values.get(name)
        values[name] = thing.ids[0] if isinstance(thing, Thing) else None
    moves: list[MoveWish] = []
    for index, (kind, target, pace, beat) in enumerate(scene.moves):
        if any(move.kind == kind for move in moves):
            continue
        later = [other for _, _, _, other in scene.moves[index + 1 :] if other > beat]
        during = _from(min(beat, beats[-1]), beats, min(later) if later else None) if later or beat else Stretch()
        moves.append(MoveWish(kind=kind, during=during, target=target.ids[0] if target else None, pace=pace))
    static = bool(values.pop("static", False)) and not moves
    return CameraWish(moves=tuple(moves), static=static, **values)


def _duration(scene: Scene, beats: list[int]) -> Fraction:
    if scene.duration is not None:
        return min(Fraction(120), max(Fraction(1), Fraction(str(scene.duration))))
    if len(beats) < 3:
        return DEFAULT_SECONDS
    return min(LONGEST_DEFAULT, SECONDS_A_BEAT * len(beats))
