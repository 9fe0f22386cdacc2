"""Lets a thing do a verb as well as its body can."""

from __future__ import annotations

from vitascope.director.lexicon import Lexicon
from vitascope.director.scene import Act, Scene, Thing
from vitascope.recipe import Recipe

__all__ = ["perform"]


def perform(
    scene: Scene,
    lexicon: Lexicon,
    thing: Thing,
    found: tuple[str, str, str] | None,
    acts: list[Act],
    *,
    beat: int,
    targets: list[Thing] | None = None,
) -> tuple[str, str]:
    """Add the act of `thing` to the scene and to `acts`; status and what it does.

    `found` is the verb's dictionary form, its verb of the catalogue and its status. A body that can only stand about
    does nothing, and the verb is not understood.
    """
    if found is None:
        return "not_understood", ""
    words, verb, status = found
    catalogue = lexicon.catalogue
    done = _able(lexicon, catalogue.recipes[thing.recipe], words, verb)
    if done is None or (done == "stand" and catalogue.verb_words.get(words) != "stand"):
        return "not_understood", ""
    others = [target for target in targets or () if target is not thing]
    act = Act(thing=thing, verb=done, words=words, beat=beat, target=others[0] if others else None)
    scene.acts.append(act)
    acts.append(act)
    return "substituted" if done != verb else status, done.replace("_", " ")


def _able(lexicon: Lexicon, recipe: Recipe, words: str, verb: str) -> str | None:
    """The verb of the catalogue that the body performs for `words`; None if only standing about is left."""
    catalogue = lexicon.catalogue
    listed = [name for name, entry in catalogue.verbs.items() if words in entry.words or name == words]
    for name in (verb, *listed):
        if name in recipe.verbs:
            return name
    done = catalogue.verb_for(recipe, verb)
    return None if done == "stand" and verb != "stand" else done
