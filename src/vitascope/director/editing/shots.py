"""Other shots: new ones in which everybody stays who he is, shots that go, and their order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from vitascope.director.crewing import crewed
from vitascope.director.drafting import draft_of
from vitascope.director.editing.bench import Already, Bench, Unclear
from vitascope.director.editing.camera import film_it, lay_camera, says_camera
from vitascope.director.editing.changing import check_lost
from vitascope.director.editing.reading import Described, describe
from vitascope.director.editing.scopes import Scope
from vitascope.director.editing.words import Run, edit_words, lowers, starts, trimmed, word
from vitascope.director.staging import stage
from vitascope.film import AddShot, Camera, ChangeCamera, Film, MoveShot, RemoveShot, Shot

__all__ = ["shoot_it"]

USUAL = Fraction(4)
"""Seconds of a new shot of which nothing is said."""


def shoot_it(bench: Bench, run: Run, *, then: bool) -> bool:
    """Carry out `run` if it is about shots as a whole."""
    return _removed(bench, run) or _ordered(bench, run) or _added(bench, run, then=then)


def _index(film: Film, run: Run) -> list[int]:
    """The shots that a run numbers, in order of mention."""
    numbers = edit_words().raw["shots"]["numbers"]
    low = lowers(run)
    found = []
    for at, text in enumerate(low):
        if text not in numbers:
            continue
        near = low[max(0, at - 1) : at + 4]
        if "shot" in near or "shots" in near or "scene" in near or "one" in near or "scenes" in near:
            index = numbers[text]
            if not -len(film.shots) <= index < len(film.shots):
                count = f"{len(film.shots)} shot{'s' * (len(film.shots) > 1)}"
                raise Unclear(f"The film has {count}, so there is no {text} shot.", text)
            found.append(index % len(film.shots))
    return found


def _note(bench: Bench, run: Run, taken_as: str) -> None:
    bench.note(run[0].start, run[-1].end, "other", taken_as)


def _removed(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    if low[0] not in edit_words().verbs["remove"] and starts(edit_words().removing, run) is None:
        return False
    if not {"shot", "shots"} & set(low) or "from" in low or "in" in low:
        return False
    which = _index(bench.film, run)
    if not which and {"this", "that", "the"} & set(low):
        which = [i for i, s in enumerate(bench.film.shots) if s.id in bench.scope.names]
        which = which or ([0] if len(bench.film.shots) == 1 else [])
    if not which:
        raise Unclear("It is not clear which shot is meant; say “the second shot”.")
    _note(bench, run, "the shot is removed")
    for name in [bench.film.shots[i].id for i in which]:
        bench.do(RemoveShot(shot=name))
    bench.scope = Scope()
    bench.say("the shot is gone" if len(which) == 1 else "the shots are gone")
    return True


def _ordered(bench: Bench, run: Run) -> bool:
    low = lowers(run)
    if low[0] not in ("move", "put", "swap", "reorder", "exchange", "reverse", "bring", "place", "switch"):
        return False
    if not {"shot", "shots", "scenes", "order"} & set(low):
        return False
    shots = bench.film.shots
    which = _index(bench.film, run)
    if low[0] == "reverse" and {"order", "shots"} & set(low) and len(shots) > 1:
        for shot in shots[-2::-1]:
            bench.do(MoveShot(shot=shot.id))
    elif low[0] in ("swap", "exchange", "switch") and (len(which) == 2 or len(shots) == 2):
        a, b = sorted(which) if len(which) == 2 else (0, 1)
        after = shots[b + 1].id if b + 1 < len(shots) else None
        first, second = shots[a].id, shots[b].id
        bench.do(MoveShot(shot=second, before=first))
        bench.do(MoveShot(shot=first, before=after))
    elif which:
        moved = shots[which[0]]
        others = [s for s in shots if s is not moved]
        if "end" in low or ("last" in low[1:] and which[0] != len(shots) - 1):
            before = None
        elif {"beginning", "start", "front"} & set(low) or low[-1] == "first":
            before = others[0].id if others else None
        elif len(which) > 1 and "before" in low:
            before = shots[which[1]].id
        elif len(which) > 1 and "after" in low:
            at = others.index(shots[which[1]]) + 1
            before = others[at].id if at < len(others) else None
        else:
            return False
        if len(shots) < 2:
            raise Already("There is only one shot.")
        bench.do(MoveShot(shot=moved.id, before=before))
    else:
        return False
    _note(bench, run, "another order of shots")
    bench.scope = Scope()
    bench.say("the shots are in another order")
    return True


# New shots ------------------------------------------------------------------------------------------------------------


def _added(bench: Bench, run: Run, *, then: bool) -> bool:
    match = starts(edit_words().new_shot, run)
    low = lowers(run)
    if match is None and not (then and low[0] in ("show", "see", "cut")):
        return False
    end = match[0] if match is not None else 1
    rest = trimmed(run[end:])
    bench.note(run[0].start, run[end - 1].end, "other", "a new shot")
    first = bool({"begin", "start"} & set(low[:end]))
    base = bench.shots[0] if first else bench.shots[-1]
    shot = _new_shot(bench, base, rest)
    before = base.id if first else _after(bench.film, base)
    bench.do(AddShot(shot=shot, before=before))
    bench.scope = Scope(names=(shot.id,), local=True)
    if rest:
        _seen(bench, shot, rest)
    bench.say(f"there is a new shot of {float(shot.duration):g} s")
    return True


def _after(film: Film, base: Shot) -> str | None:
    at = [s.id for s in film.shots].index(base.id) + 1
    return film.shots[at].id if at < len(film.shots) else None


def _free_id(film: Film) -> str:
    taken = {shot.id for shot in film.shots}
    return next(name for n in range(2, len(taken) + 3) if (name := f"shot-{n}") not in taken)


def _new_shot(bench: Bench, base: Shot, rest: Run) -> Shot:
    """The shot before the camera has been told: the same set and cast, or what the words say staged anew."""
    described = _described(bench, rest) if rest else None
    duration = min(base.duration, USUAL)
    if described is not None and described.scene.duration is not None:
        duration = Fraction(str(described.scene.duration))
    if described is not None and (described.new or described.scene.place_said):
        return _staged(bench, base, described, duration)
    return base.model_copy(
        update={
            "id": _free_id(bench.film),
            "duration": duration,
            "camera": Camera(framing=base.camera.framing, azimuth=base.camera.azimuth),
            "cues": tuple(
                c for c in base.cues if c.kind == "music" and c.span.start < duration and c.span.end <= duration
            ),
            "passages": (),
            "composition": None,
            "dressed_for": base.dressed_for or base.set,
            "subjects": tuple(s.model_copy(update={"actions": _within(s.actions, duration)}) for s in base.subjects),
        }
    )


def _within(actions, duration: Fraction):
    kept = []
    for action in actions:
        if action.span.start < duration:
            end = min(action.span.end, duration)
            kept.append(action.model_copy(update={"span": action.span.model_copy(update={"end": end})}))
    return tuple(kept)


def _described(bench: Bench, rest: Run) -> Described:
    """The reading of a new shot: alone, or as a place where that says more."""
    tries = [describe(bench, rest, strict=False)]
    tries.append(describe(bench, (word("in", rest[0].start), *rest), strict=False))
    return min(tries, key=lambda d: (len(d.lost), len(d.new)))


def _staged(bench: Bench, base: Shot, described: Described, duration: Fraction) -> Shot:
    """A shot staged from words, with the subjects that they name as they are known."""
    check_lost(bench, described)
    bench.take_notes(described.scene)
    scene = described.scene
    if not scene.place_said:
        scene.place = base.set.place
    named = {phrase.taken_as for phrase in scene.reading().phrases if phrase.kind == "subject"}
    named |= {n for act in scene.acts for n in act.thing.ids} | {n for b in scene.bonds for n in b.thing.ids}
    kept = {name for name in described.known if name in named}
    if scene.place_said and not described.new and not kept:
        kept = set(described.known)
    scene.things = [t for t in scene.things if not t.ids or set(t.ids) & kept]
    draft = crewed(draft_of(scene, bench.catalogue), bench.catalogue).draft
    there = {s.id: s for s in base.subjects}
    entities = tuple(
        replace(e, attributes=there[e.id].attributes, group=there[e.id].group, recipe=there[e.id].recipe, name=there[e.id].name)
        if e.id in there else e
        for e in draft.entities
    )  # fmt: skip
    if scene.hours or scene.weather:
        setting = draft.set
    else:
        hours = tuple(replace(k, hour=base.set.hours[0].hour) for k in draft.set.hours)
        setting = replace(draft.set, hours=hours, weather=base.set.weather, season=base.set.season)
    draft = replace(draft, entities=entities, set=setting, duration=duration, look=base.look,
                    light=draft.light if scene.light else base.light)  # fmt: skip
    shot = stage(draft, bench.catalogue, shot_id=_free_id(bench.film), seed=bench.film.seed)
    return shot.model_copy(update={"dressed_for": base.dressed_for or base.set, "levels": base.levels})


def _seen(bench: Bench, shot: Shot, rest: Run) -> None:
    """How the new shot is seen, where it was taken over with its set and cast."""
    described = _described(bench, rest)
    if described.new or (described.scene.place_said and described.scene.place != shot.set.place):
        return
    if film_it(bench, rest):
        return
    check_lost(bench, described)
    bench.take_notes(described.scene)
    if says_camera(described):
        lay_camera(bench, described)
    named = [
        p.taken_as for p in described.scene.reading().phrases if p.kind == "subject" and p.taken_as in described.known
    ]
    if named and "focus" not in described.scene.camera:
        bench.change(ChangeCamera(focus=named[0]), shows=False)
        bench.mention(named)
