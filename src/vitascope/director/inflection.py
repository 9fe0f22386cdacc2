"""Words in the form that a sentence needs: nouns for several, verbs as one does them."""

from __future__ import annotations

from vitascope.director.morphology import is_plural, noun_lemmas

__all__ = ["plural", "third"]


def plural(noun: str) -> str:
    """A noun for several."""
    irregular = {"man": "men", "woman": "women", "child": "children", "person": "people", "mouse": "mice",
                 "goose": "geese", "sheep": "sheep", "fish": "fish", "deer": "deer", "wolf": "wolves", "leaf": "leaves",
                 "people": "people", "bison": "bison"}  # fmt: skip
    *front, last = noun.split()
    same = last.endswith("s") and noun_lemmas(last) == (last,) and not last.endswith(("ss", "us", "is"))
    if last not in irregular and (is_plural(last) or same):
        return noun
    if last in irregular:
        last = irregular[last]
    elif last.endswith("fish"):
        return noun
    elif last.endswith(("ato", "s", "x", "z", "ch", "sh")):
        last += "es"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "s"
    return " ".join((*front, last))


def third(verb: str) -> str:
    """A verb as one person or thing does it: "walks", "tries on"."""
    first, *rest = verb.replace("_", " ").split(" ")
    if first.endswith(("s", "sh", "ch", "x", "z", "o")):
        first += "es"
    elif first.endswith("y") and first[-2:-1] not in "aeiou":
        first = first[:-1] + "ies"
    else:
        first += "s"
    return " ".join((first, *rest))
