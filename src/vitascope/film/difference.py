"""The difference of two films in short sentences. Complete: films that differ in anything have at least one."""

from __future__ import annotations

from vitascope.film.differing_parts import (
    camera_differs,
    cast_differs,
    cues_differ,
    levels_differ,
    light_differs,
    look_differs,
    naming,
    set_differs,
)
from vitascope.film.document import Film, Passage, Shot
from vitascope.film.laying import EditError, lay_all
from vitascope.film.parts import Size
from vitascope.film.wording import difference_of_lists, instead, listed, number, seconds, stretch

__all__ = ["difference"]


def difference(before: Film, after: Film) -> list[str]:
    """What is different in `after`; empty when the films are equal.

    What only keeps a picture as it was (for which cast the camera is held, for which set people have dressed) and how
    words were read is told when nothing else is different.
    """
    if before == after:
        return []
    said = _film_differs(before, after) + _order_differs(before, after)
    several = max(len(before.shots), len(after.shots)) > 1
    former = {shot.id: shot for shot in before.shots}
    for number_, shot in enumerate(after.shots, 1):
        if shot.id in former:
            where = f"In shot {number_}, " if several else ""
            said += [_within(where, sentence) for sentence in _shot_differs(former[shot.id], shot)]
    return said or _kept_differs(before, after) or ["The documents differ."]


def _film_differs(before: Film, after: Film) -> list[str]:
    said = instead("The title is", before.title, after.title, words=lambda v: f"“{v}”")
    said += instead("The picture is", before.size, after.size, words=_size)
    said += instead("There are", before.fps, after.fps, words=lambda v: f"{v} frames a second")
    said += instead("The seed is", before.seed, after.seed, words=str)
    if before.silent != after.silent:
        said.append("The film is silent." if after.silent else "The film has sound.")
    return said


def _size(size: Size) -> str:
    return f"{size.width}x{size.height}"


def _order_differs(before: Film, after: Film) -> list[str]:
    old, new = ([shot.id for shot in film.shots] for film in (before, after))
    said = [f"Shot {k} is new." for k, name in enumerate(new, 1) if name not in old]
    said += [f"The former shot {k} is gone." for k, name in enumerate(old, 1) if name not in new]
    kept = [name for name in new if name in old]
    if kept != [name for name in old if name in new]:
        order = listed(str(old.index(name) + 1) for name in kept)
        said.append(f"The shots come in another order: the former {order}.")
    return said


def _shot_differs(before: Shot, after: Shot) -> list[str]:
    names = naming([*before.subjects, *after.subjects])
    said = instead("The shot lasts", before.duration, after.duration, words=seconds)
    said += cast_differs(before.subjects, after.subjects)
    said += set_differs(before.set, after.set)
    said += light_differs(before.light, after.light)
    said += camera_differs(before.camera, after.camera, names)
    said += look_differs(before.look, after.look)
    said += cues_differ(before.cues, after.cues)
    said += levels_differ(before.levels, after.levels)
    return said + _passages_differ(before, after)


def _passages_differ(before: Shot, after: Shot) -> list[str]:
    gone, new = difference_of_lists(before.passages, after.passages)
    said: list[str] = []
    for passage in new:
        former = next((old for old in gone if old.operations == passage.operations), None)
        if former is None:
            said += _passage(after, passage)
        else:
            gone.remove(former)
            said.append(f"What held {_holding(former)} holds {_holding(passage)}.")
    said += [f"What held {_holding(passage)} is gone." for passage in gone]
    if not said and before.passages != after.passages:
        said.append("The stretches lie over each other in another order.")
    return said


def _passage(shot: Shot, passage: Passage) -> list[str]:
    plain = shot.model_copy(update={"passages": ()})
    try:
        inner = _shot_differs(plain, lay_all(plain, passage.operations))
    except EditError:
        inner = []
    where = f"{_holding(passage).capitalize()}, "
    return [_within(where, sentence) for sentence in inner or ["Nothing is seen to be different."]]


def _holding(passage: Passage) -> str:
    ease = f", changing over within {seconds(passage.ease)}" if passage.ease else ""
    return f"{stretch(passage.span)}{ease}"


def _kept_differs(before: Film, after: Film) -> list[str]:
    """What has no other sentence: what a picture was held for, and the words behind the film."""
    said: list[str] = []
    former = {shot.id: shot for shot in before.shots}
    for shot in after.shots:
        old = former.get(shot.id, shot)
        if old.composition != shot.composition:
            said.append(_held("The camera is", shot.composition is None))
        said += instead(
            "People are dressed for",
            old.dressed_for,
            shot.dressed_for,
            words=lambda s: s.place,
            usual="the set as it is",
        )
        said += instead(
            "The light is staged for", old.light.staged_for, shot.light.staged_for,
            words=lambda v: f"a camera at {number(v)}°", usual="the camera as it is",
        )  # fmt: skip
    said += instead("The film was asked for with", before.prompt, after.prompt, words=lambda v: f"“{v}”")
    if before.reading != after.reading:
        said.append("The words were read differently.")
    return said


def _held(what: str, free: bool) -> str:
    return f"{what} composed for the cast as it is." if free else f"{what} held as it was composed for another cast."


def _within(where: str, sentence: str) -> str:
    return f"{where}{sentence[0].lower()}{sentence[1:]}" if where else sentence
