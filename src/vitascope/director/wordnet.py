"""Reads WordNet's database files (wndb(5WN)) where the system has them: senses, their kinds and what they are kinds of.

Looks words up by seeking in the sorted index; nothing is loaded whole.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

__all__ = ["DEFAULT_FOLDER", "Synset", "WordNet", "system_wordnet"]

DEFAULT_FOLDER = Path("/usr/share/wordnet")
_PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
_HYPERNYM = ("@", "@i")


@dataclass(frozen=True, slots=True)
class Synset:
    """One sense: its offset in the data file, its lexicographer file number (lexnames(5WN)), lemmas and hypernyms.

    An instance is one person or place of that name ("Rock", the obstetrician) and no kind of thing.
    """

    offset: int
    file_number: int
    lemmas: tuple[str, ...]
    hypernyms: tuple[int, ...]
    instance: bool = False


class WordNet:
    """The noun, verb, adjective and adverb files of one folder. Raises OSError if they cannot be opened."""

    def __init__(self, folder: Path = DEFAULT_FOLDER) -> None:
        self._index = {part: _map(folder / f"index.{name}") for part, name in _PARTS.items()}
        self._data = {part: _map(folder / f"data.{name}") for part, name in _PARTS.items() if part in "nv"}
        counts = folder / "cntlist.rev"
        self._counts = _map(counts) if counts.exists() else None
        self.senses = lru_cache(maxsize=4096)(self._senses)
        self.synset = lru_cache(maxsize=16384)(self._synset)
        self.count = lru_cache(maxsize=4096)(self._count)

    def knows(self, lemma: str, part: str) -> bool:
        """Whether `lemma` (spaces or underscores) has a sense as `part`, one of "n", "v", "a", "r"."""
        return bool(self.senses(lemma, part))

    def _senses(self, lemma: str, part: str) -> tuple[int, ...]:
        """Offsets of the senses of `lemma`, most frequent first."""
        line = _find(self._index[part], lemma.lower().replace(" ", "_").encode() + b" ")
        if not line:
            return ()
        fields = line.split()
        return tuple(int(offset) for offset in fields[-int(fields[2]) :])

    def _synset(self, offset: int, part: str = "n") -> Synset:
        data = self._data[part]
        fields = data[offset : data.find(b"\n", offset)].split(b" | ")[0].decode("ascii", "replace").split()
        word_count = int(fields[3], 16)
        lemmas = tuple(fields[4 + 2 * i].lower().replace("_", " ") for i in range(word_count))
        at = 4 + 2 * word_count
        pointers = [fields[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(fields[at]))]
        hypernyms = tuple(int(p[1]) for p in pointers if p[0] in _HYPERNYM and p[2] == part)
        return Synset(offset, int(fields[1]), lemmas, hypernyms, any(p[0] == "@i" for p in pointers))

    def ancestors(self, offset: int, part: str = "n") -> Iterator[tuple[int, Synset]]:
        """The synset at `offset` and everything it is a kind of, nearest first, with the number of steps."""
        level, seen, depth = [offset], {offset}, 0
        while level:
            above: list[int] = []
            for current in level:
                synset = self.synset(current, part)
                yield depth, synset
                above += [h for h in synset.hypernyms if not (h in seen or seen.add(h))]
            level, depth = above, depth + 1

    def _count(self, lemma: str, part: str) -> int:
        """How often `lemma` was tagged as `part` in WordNet's semantic concordance; 0 where that is unknown."""
        if self._counts is None:
            return 0
        kinds = {"n": b"1", "v": b"2", "a": b"35", "r": b"4"}[part]
        prefix = lemma.lower().replace(" ", "_").encode() + b"%"
        total = 0
        for line in _lines_from(self._counts, prefix):
            if not line.startswith(prefix):
                break
            if line[len(prefix)] in kinds:
                total += int(line.split()[2])
        return total


@cache
def system_wordnet() -> WordNet | None:
    """The WordNet of the operating system (Debian: wordnet-base), or None where it is not installed."""
    try:
        return WordNet()
    except OSError:
        return None


def _map(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _find(lines: mmap.mmap, prefix: bytes) -> str:
    for line in _lines_from(lines, prefix):
        return line.decode("ascii", "replace") if line.startswith(prefix) else ""
    return ""


def _lines_from(lines: mmap.mmap, prefix: bytes) -> Iterator[bytes]:
    """The lines of a sorted file from the first that does not sort before `prefix`."""
    low, high = 0, len(lines)
    while low < high:
        middle = (low + high) // 2
        start = lines.rfind(b"\n", 0, middle) + 1
        end = lines.find(b"\n", middle)
        end = len(lines) if end < 0 else end
        if lines[start:end] < prefix:
            low = end + 1
        else:
            high = start
    while low < len(lines):
        end = lines.find(b"\n", low)
        end = len(lines) if end < 0 else end
        yield lines[low:end]
        low = end + 1
