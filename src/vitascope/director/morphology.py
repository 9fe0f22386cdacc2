"""Dictionary forms of English words, by rules and a table of irregular ones. Knows no meaning."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from vitascope.recipe import read_yaml

__all__ = ["VerbForm", "is_plural", "noun_lemmas", "verb_forms"]

Inflection = Literal["base", "s", "past", "participle", "ing"]
_VOWELS = frozenset("aeiou")


class VerbForm(NamedTuple):
    """A possible dictionary form of a verb and the inflection that leads to it."""

    lemma: str
    inflection: Inflection


@cache
def _irregular() -> tuple[Mapping[str, tuple[VerbForm, ...]], Mapping[str, str], frozenset[str], frozenset[str]]:
    raw = read_yaml(files("vitascope.director") / "lexicon" / "irregular.yaml")
    verbs: dict[str, list[VerbForm]] = {}
    for entry in raw["verbs"].replace("\n", " ").split(";"):
        forms = entry.split()
        base, past, participle = forms[0], forms[1], forms[-1]
        verbs.setdefault(past, []).append(VerbForm(base, "past"))
        verbs.setdefault(participle, []).append(VerbForm(base, "participle"))
    return (
        {form: tuple(found) for form, found in verbs.items()},
        raw["nouns"],
        frozenset(raw["plural_only"]),
        frozenset(raw["mass_plural"]),
    )


@cache
def noun_lemmas(word: str) -> tuple[str, ...]:
    """Possible singulars of `word`, likeliest first; the last is the word itself."""
    _, nouns, _, mass = _irregular()
    if word in nouns:
        return (nouns[word], word) if nouns[word] != word else (word,)
    if word in mass or len(word) < 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return (word,)
    if word.endswith("ies") and len(word) > 4:
        return (word[:-3] + "y", word[:-1], word)
    if word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
        return (word[:-2], word[:-1], word)
    if word.endswith("ves"):
        return (word[:-1], word[:-3] + "f", word[:-3] + "fe", word)
    return (word[:-1], word)


@cache
def is_plural(word: str) -> bool:
    """Whether the form of `word` is that of a plural noun."""
    _, _, plural_only, mass = _irregular()
    if word in plural_only or word in mass:
        return word in plural_only
    return noun_lemmas(word)[0] != word


@cache
def verb_forms(word: str) -> tuple[VerbForm, ...]:
    """Possible dictionary forms of `word` as a verb, likeliest first. Most words yield forms that are no verbs."""
    found = list(_irregular()[0].get(word, ()))
    if word.endswith("ing") and len(word) > 4 and _VOWELS.intersection(word[:-3] + ("i" if "y" in word else "")):
        found += [VerbForm(base, "ing") for base in _stems(word[:-3])]
    elif word.endswith("ed") and len(word) > 3:
        for base in _stems(word[:-2]) if not word.endswith("ied") else (word[:-3] + "y",):
            found += [VerbForm(base, "past"), VerbForm(base, "participle")]
    elif word.endswith("ies") and len(word) > 4:
        found.append(VerbForm(word[:-3] + "y", "s"))
    elif word.endswith(("ches", "shes", "sses", "xes", "zes", "oes")):
        found += [VerbForm(word[:-2], "s"), VerbForm(word[:-1], "s")]
    elif word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > 2:
        found.append(VerbForm(word[:-1], "s"))
    found.append(VerbForm(word, "base"))
    return tuple(found)


def _stems(stem: str) -> tuple[str, ...]:
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "aeiou":
        return (stem[:-1], stem) if stem[-1] not in "lsz" else (stem, stem[:-1])
    if stem.endswith("y") and len(stem) == 2:
        return (stem[:-1] + "ie", stem)
    if stem[-1:] in "cvzu" or (stem.endswith(("g", "s")) and stem[-2:-1] in "nrd"):
        return (stem + "e", stem)
    if len(stem) > 2 and stem[-1] not in "aeiouwxy" and stem[-2] in "aeiou" and stem[-3] not in "aeiou":
        return (stem + "e", stem)
    if len(stem) > 1 and stem[-1] == "l" and stem[-2] not in "aeiou":
        return (stem + "e", stem)
    return (stem, stem + "e")
