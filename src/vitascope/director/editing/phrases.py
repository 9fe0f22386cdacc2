"""Runs of tokens as grammar: their noun phrases with what hangs on them."""

from __future__ import annotations

from dataclasses import dataclass

from vitascope.director.chunking import chunk_units
from vitascope.director.editing.words import Run
from vitascope.director.grammar import Chunk, Clause, NounPhrase
from vitascope.director.meaning import Meanings
from vitascope.director.nouns import NounReader
from vitascope.director.parsing import parse_clauses
from vitascope.director.scene import Scene
from vitascope.director.tagging import tag_units
from vitascope.director.units import Unit, find_units

__all__ = ["Parsed", "first_noun", "noun_end", "parsed"]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A run with its units, word classes, chunks and clauses."""

    units: tuple[Unit, ...]
    tags: tuple[str, ...]
    chunks: tuple[Chunk, ...]
    clauses: tuple[Clause, ...]


def parsed(run: Run, meanings: Meanings) -> Parsed:
    """The grammar of `run`."""
    lexicon = meanings.lexicon
    units = find_units(run, lexicon, meanings.wordnet)
    tags = tag_units(units, lexicon, meanings.wordnet)
    chunks = chunk_units(units, tags, lexicon)
    sorts = NounReader(Scene(""), meanings)
    return Parsed(units, tags, tuple(chunks), tuple(parse_clauses(chunks, lexicon, sorts.sort_of)))


def first_noun(run: Run, meanings: Meanings) -> NounPhrase | None:
    """The noun phrase that a run is, with its owner and the phrases behind it."""
    for clause in parsed(run, meanings).clauses:
        for noun in (*clause.subjects, *clause.objects):
            return noun
        for _, noun in clause.places:
            return noun
    return None


def noun_end(run: Run, meanings: Meanings) -> int:
    """How many tokens of `run` the noun phrase at its beginning takes, without phrases behind it; 0 if it begins with none."""
    chunks = parsed(run, meanings).chunks
    if not chunks or chunks[0].kind != "noun" or chunks[0].noun is None:
        return 0
    return chunks[0].noun.head.last + 1
