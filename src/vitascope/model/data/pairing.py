"""Films before and after an edit, for training that changes what it is told to and nothing else; words go the way of all."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from vitascope.director.editing import Conversation, Proposal, Question, interpret
from vitascope.film import AttributesChange, Change, ChangeSubject, Edit, Film, apply
from vitascope.model.data.blocking import UnfitError, shown_by
from vitascope.model.data.drawing import COARSE
from vitascope.model.data.grammar import Labels, Scene, article, grammar, values_of
from vitascope.recipe import Catalogue

__all__ = ["changed_cells", "edited"]

SAME = 2
"""Codes of 255 by which what is the same may differ."""


def edited(before: Film, scene: Scene, *, catalogue: Catalogue) -> tuple[Film, Scene, str]:
    """The film in which the subjects have another colour, its scene, and the words that ask for it.

    Raises UnfitError where the edited document does not hold what its labels say.
    """
    draw = np.random.default_rng([scene.seed, 2])
    others = [colour for colour in values_of("colour") if colour != scene.labels.colour]
    colour = others[int(draw.integers(len(others)))]
    words = f"make the {_coloured(scene)} {colour}"
    edit = _edit_of(words, before, catalogue)
    if grammar()["subjects"][scene.labels.subject].get("throughout"):
        edit = Edit(operations=(*edit.operations, *(_throughout(each.id, colour) for each in before.shots[0].subjects)))
    after = apply(before, edit)
    labels = replace(scene.labels, colour=colour)
    if shown_by(after, scene.recipe) != labels.row:
        raise UnfitError("the edit does something else")
    return after, replace(scene, labels=labels, caption=_said(scene.caption, scene.labels, colour)), words


def changed_cells(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(T, h, w) uint8, 1 where two clips (T, H, W, 3) differ, at a quarter of their size."""
    count, height, width, colours = before.shape
    far = np.abs(before.astype(np.int16) - after) > SAME
    cells = far.reshape(count, height // COARSE, COARSE, width // COARSE, COARSE * colours)
    return np.asarray(cells.any(axis=(2, 4)), np.uint8)


def _coloured(scene: Scene) -> str:
    """What has the colour: the thing, or what is worn."""
    number = "one" if scene.labels.count == 1 else "many"
    known = grammar()["subjects"][scene.labels.subject]
    nouns, name = (known["say"], scene.noun) if scene.dress is None else (known["dress"], scene.dress)
    return next(each[number] for each in nouns if each["one"] == name)


def _edit_of(words: str, film: Film, catalogue: Catalogue) -> Edit:
    """The edit; where it is asked who is meant, all are."""
    reply = interpret(words, Conversation(film=film), catalogue=catalogue, wordnet=None)
    if isinstance(reply, Proposal):
        return reply.edit
    if isinstance(reply, Question) and reply.choices:
        return reply.choices[-1].edit
    raise UnfitError("the edit is not understood")


def _throughout(subject: str, colour: str) -> Change:
    return Change(what=ChangeSubject(subject=subject, attributes=AttributesChange(second_colour=colour)))


def _said(caption: str, labels: Labels, colour: str) -> str:
    """The caption with the other colour."""
    with_article = re.sub(rf"\ban? {labels.colour}\b", f"{article(colour)} {colour}", caption)
    return re.sub(rf"\b{labels.colour}\b", colour, with_article)
