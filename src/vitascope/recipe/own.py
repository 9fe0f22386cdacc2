"""Recipes of one's own: a folder of YAML files beside the library that ships. What is damaged is skipped and told."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from vitascope.recipe.catalogue import Catalogue, RecipeError, catalogue
from vitascope.recipe.schema import Recipe

__all__ = ["OwnRecipes", "extended", "library_with", "recipe_of", "store_recipe", "with_own"]

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Dumper(yaml.SafeDumper):
    """Writes what is there twice, twice: `_listed` takes no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
BYTES_MOST, FILES_MOST = 256 * 1024, 500
VALUES_MOST, DEPTH_MOST, TEXT_LONGEST, NUMBER_MOST = 4000, 10, 200, 1e10
WORDS_MOST, SIZE_MOST = 150, 400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecipes:
    """The library with what a folder adds to it: the names of that, and a sentence for each thing that was skipped."""

    catalogue: Catalogue
    added: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def library_with(folder: Path) -> OwnRecipes:
    """The library that ships with the recipes in `folder`, read again only when a file there has changed."""
    files = sorted(folder.glob("*.yaml"))
    with suppress(OSError):
        return _read_once(folder, tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files))
    return with_own(catalogue(), folder)


@lru_cache(maxsize=4)
def _read_once(folder: Path, state: tuple[tuple[str, int, int], ...]) -> OwnRecipes:
    del state
    return with_own(catalogue(), folder)


def with_own(library: Catalogue, folder: Path) -> OwnRecipes:
    """`library` with the recipes in `folder`/*.yaml. A folder that is not there adds nothing."""
    found = library
    added: list[str] = []
    faults: list[str] = []
    files = sorted(folder.glob("*.yaml"))
    if len(files) > FILES_MOST:
        faults.append(f"There are {len(files)} files of own recipes; the first {FILES_MOST} are read: {folder}")
    for file in files[:FILES_MOST]:
        try:
            entries = _entries(file)
        except RecipeError as error:
            faults.append(f"{error} The file is skipped: {file}")
            continue
        for fields in entries:
            try:
                recipe = recipe_of(fields, found)
                found = extended(found, recipe)
            except RecipeError as error:
                faults.append(f"{error} The recipe is skipped: {file}")
                continue
            added.append(recipe.name)
    return OwnRecipes(catalogue=found, added=tuple(added), faults=tuple(faults))


def recipe_of(fields: object, library: Catalogue) -> Recipe:
    """The recipe that `fields` describe, fit to stand beside those of `library`. Raises RecipeError, one sentence."""
    if not isinstance(fields, Mapping):
        raise RecipeError("A recipe is a mapping of fields such as name, kind, family and size.")
    name = str(fields.get("name", "without a name"))[:60]
    fault = next(_faults_of_form(fields), None)
    if fault is not None:
        raise RecipeError(f"The recipe {name!r} {fault}.")
    try:
        recipe = Recipe.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"])) or "its fields"
        raise RecipeError(f"The recipe {name!r} is wrong at {where!r}: {first['msg']}.") from None
    fault = next(_faults_of_names(recipe, library), None)
    if fault is not None:
        raise RecipeError(f"The recipe {name!r} {fault}.")
    return recipe


def extended(library: Catalogue, recipe: Recipe) -> Catalogue:
    """`library` with one recipe more. It answers to its name; its other words only where they led nowhere before."""
    if recipe.name in library.recipes:
        raise RecipeError(f"There already is a recipe {recipe.name!r}; give yours another name.")
    words = dict.fromkeys(recipe.words, recipe.name) | dict(library.recipe_words)
    words[recipe.name.replace("_", " ")] = recipe.name
    return replace(library, recipes={**library.recipes, recipe.name: recipe}, recipe_words=words)


def store_recipe(recipe: Recipe, folder: Path) -> Path:
    """Write `recipe` to `folder`/NAME.yaml, whole or not at all. Raises RecipeError where that cannot be."""
    target = folder / f"{recipe.name}.yaml"
    text = yaml.dump(
        recipe.model_dump(mode="json", exclude_defaults=True),
        Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120,
    )  # fmt: skip
    part = folder / f".{recipe.name}.yaml.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise RecipeError(f"The recipe cannot be kept ({error.strerror}): {target}") from None
    return target


def _entries(file: Path) -> list[Any]:
    """What a file lists."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(BYTES_MOST + 1)
        if len(raw) <= BYTES_MOST:
            return _listed(raw.decode("utf-8"))
    except OSError as error:
        raise RecipeError(f"It cannot be read ({error.strerror}).") from None
    except (UnicodeDecodeError, RecursionError):
        raise RecipeError("It is not a YAML text.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise RecipeError(f"It is not YAML{f' from line {mark.line + 1} on' if mark else ''}.") from None
    raise RecipeError(f"A file of recipes has up to {BYTES_MOST // 1024} KB, and this one has more.")


def _listed(text: str) -> list[Any]:
    """The entries of a YAML text. Aliases are refused: a few lines of them can stand for more than fits into memory."""
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise RecipeError(f"It has the alias *{event.anchor}; write out what that stands for.")
    entries = yaml.load(text, Loader=_Loader)
    return entries if isinstance(entries, list) else [entries]


def _faults_of_form(fields: Mapping[Any, Any]) -> Iterator[str]:
    """What makes fields too large, too deep or not plain data."""
    waiting: list[tuple[Any, int]] = [(fields, 0)]
    count = 0
    while waiting:
        value, depth = waiting.pop()
        count += 1
        if count > VALUES_MOST:
            yield f"has more than {VALUES_MOST} values; use fewer or simpler parts"
            return
        if depth > DEPTH_MOST:
            yield f"is nested more than {DEPTH_MOST} deep"
            return
        if isinstance(value, Mapping):
            waiting += [(item, depth + 1) for pair in value.items() for item in pair]
        elif isinstance(value, list | tuple):
            waiting += [(item, depth + 1) for item in value]
        elif isinstance(value, str):
            if len(value) > TEXT_LONGEST or not value.isprintable():
                yield f"has a text of more than {TEXT_LONGEST} characters or with signs that cannot be printed"
        elif isinstance(value, int | float):
            if not math.isfinite(value) or abs(value) > NUMBER_MOST:
                yield "has a number beyond ten thousand million"
        elif value is not None:
            yield f"has a value of a kind that recipes do not hold ({type(value).__name__})"


def _faults_of_names(recipe: Recipe, library: Catalogue) -> Iterator[str]:
    """What the library has already, and what it does not know."""
    if not NAME.fullmatch(recipe.name):
        yield "needs a name of up to 40 small letters, digits and underscores that begins with a letter"
    if recipe.name in library.recipes or recipe.name in library.places:
        yield "has a name that is taken already; give it another"
    families = sorted({known.family for known in library.recipes.values()})
    if recipe.family not in families:
        yield f"is of the family {recipe.family!r}; the families are {', '.join(families)}"
    if len(recipe.words) > WORDS_MOST:
        yield f"has {len(recipe.words)} words; {WORDS_MOST} are allowed"
    if max(recipe.size) > SIZE_MOST:
        yield f"is {max(recipe.size):g} m large; {SIZE_MOST:g} m are allowed"
    for name in (*recipe.verbs, *recipe.speed):
        if name not in library.verbs:
            near = ", ".join(difflib.get_close_matches(name, library.verbs, n=3)) or ", ".join(
                sorted(library.verbs)[:5]
            )
            yield f"has the verb {name!r}, which the library does not have; near ones are {near}"
