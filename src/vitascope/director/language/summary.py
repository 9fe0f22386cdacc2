"""A film and the conversation about it in few words: the data that a language model is given beside an instruction."""

from __future__ import annotations

import json
from typing import Any

from vitascope.director.editing import Conversation
from vitascope.film import Shot, Subject
from vitascope.film.parts import Value

__all__ = ["summary_of"]

LETTERS_MOST = 12_000
TURNS_TOLD = 6


def summary_of(conversation: Conversation) -> str:
    """The film as JSON. Where it is too long for the budget, shots that were not pointed at lose their subjects' looks,
    then all but their ids."""
    film, chosen = conversation.film, set(conversation.selection.shots)
    for detail in (2, 1, 0):
        shots = [_shot(shot, 2 if shot.id in chosen else detail) for shot in film.shots]
        text = json.dumps(
            {"shots": shots, "silent": film.silent, **_talk(conversation)}, separators=(",", ":"), ensure_ascii=False
        )
        if len(text) <= LETTERS_MOST:
            break
    return text


def _shot(shot: Shot, detail: int) -> dict[str, Any]:
    said: dict[str, Any] = {"id": shot.id, "seconds": float(shot.duration), "place": shot.set.place}
    if detail == 0:
        return said | {"subjects": [subject.id for subject in shot.subjects]}
    return said | {
        "hours": [[float(key.at), key.hour] for key in shot.set.hours],
        "season": shot.set.season,
        "features": shot.set.features,
        "weather": _given(shot.set.weather),
        "subjects": [_subject(subject, detail) for subject in shot.subjects],
        "camera": _given(shot.camera),
        "light": _given(shot.light),
        "look": _given(shot.look),
        "cues": [_given(cue) for cue in shot.cues],
        "levels": [_given(level) for level in shot.levels],
        "passages": [
            {"from": float(p.span.start), "to": float(p.span.end), "what": [operation.op for operation in p.operations]}
            for p in shot.passages
        ],
    }


def _subject(subject: Subject, detail: int) -> dict[str, Any]:
    said: dict[str, Any] = {"id": subject.id, "recipe": subject.recipe, "name": subject.name}
    if subject.actions:
        said["does"] = [
            f"{a.verb}{f' {a.target}' if a.target else ''} {float(a.span.start):.3g}-{float(a.span.end):.3g} s"
            for a in subject.actions
        ]
    if subject.placement.on:
        said["on"] = subject.placement.on
    looks = _given(subject.attributes) if detail == 2 else {}
    return said | ({"looks": looks} if looks else {})


def _talk(conversation: Conversation) -> dict[str, Any]:
    selection = conversation.selection
    pointed = {
        "shots": selection.shots,
        "subjects": selection.subjects,
        "span": [float(selection.span.start), float(selection.span.end)] if selection.span else None,
    }
    return {
        "earlier": [
            {"take": turn.parent, "then": turn.words[:300], "made": turn.take}
            for turn in conversation.turns[-TURNS_TOLD:]
        ],
        "undone": conversation.later[:TURNS_TOLD],
        "pointed at": {name: value for name, value in pointed.items() if value},
    }


def _given(value: Value) -> dict[str, Any]:
    """The fields that differ from their default."""
    return value.model_dump(mode="json", exclude_defaults=True)
