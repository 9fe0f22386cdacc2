"""The tree of takes as lines of text: one a take, branches beside each other, a line of takes straight down. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vitascope.studio import Take

__all__ = ["tree_lines"]

WORDS_LONGEST = 60


def tree_lines(takes: Sequence[Take], current: str | None) -> Iterator[str]:
    """The lines for `takes`, oldest first; the current one has an arrow."""
    there = {take.id for take in takes}
    children: dict[str | None, list[Take]] = {}
    for take in takes:
        children.setdefault(take.parent if take.parent in there else None, []).append(take)
    waiting = [(take, "", "") for take in reversed(children.get(None, []))]
    while waiting:
        take, lead, rest = waiting.pop()
        yield f"{'→' if take.id == current else ' '} {lead}{_row(take)}"
        below = children.get(take.id, [])
        if len(below) == 1:
            waiting.append((below[0], rest, rest))
            continue
        for k, child in enumerate(reversed(below)):
            waiting.append((child, f"{rest}├ " if k else f"{rest}└ ", f"{rest}│ " if k else f"{rest}  "))


def _row(take: Take) -> str:
    words = " ".join(take.words.split())
    shown = words if len(words) <= WORDS_LONGEST else f"{words[: WORDS_LONGEST - 1]}…"
    name = f" ({take.name})" if take.name else ""
    return f"{take.id}{' ★' if take.starred else ''}{name}  {float(take.length):g} s  {shown}"
