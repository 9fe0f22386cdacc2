"""What is told about takes and about the answers to an instruction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.style import Style
from rich.text import Text

from vitascope.cli import reply
from vitascope.cli.faults import ASKED, UNDONE
from vitascope.cli.tree import tree_lines
from vitascope.cli.words import amount, length

if TYPE_CHECKING:
    from vitascope.director.editing import Reply
    from vitascope.film import Film
    from vitascope.studio import Answer, Studio, Take

__all__ = ["answer", "at_take", "filmed", "show_take", "take_as_json", "takes", "understood"]

NAMES_WIDE = 10


def understood(found: Reply) -> None:
    """What an instruction was understood as, before it is carried out."""
    from vitascope.director.editing import Proposal, Return

    if isinstance(found, Return):
        reply.line(found.said)
    if isinstance(found, Proposal):
        if found.reading.phrases or found.reading.remarks:
            reply.reading(found.reading)
        reply.line(found.said)


def answer(found: Answer, asked: Reply) -> int:
    """What came of an instruction that was understood as `asked`; returns the exit code."""
    from vitascope.director.editing import Impossible, Question, Return
    from vitascope.studio import Take

    if isinstance(found, Take):
        (at_take if isinstance(asked, Return) else filmed)(found)
        return 0
    if isinstance(found, Question):
        reply.line(found.text)
        _choices([choice.label for choice in found.choices])
        return ASKED
    reply.fault(found.text)
    if isinstance(found, Impossible):
        _choices([choice.label for choice in found.choices])
    return UNDONE


def _choices(labels: Sequence[str]) -> None:
    for number, label in enumerate(labels, 1):
        reply.line(f"  {number}  {label}")


def filmed(take: Take) -> None:
    """What was drawn for a take and what was there before, and where its film lies."""
    reply.line(f"{_drawn(take)}.")
    if take.work.remark:
        reply.line(take.work.remark)
    _file(take)


def _drawn(take: Take) -> str:
    """ "480 frames: 456 reused, 24 drawn, in 3 s"."""
    work = take.work
    names = {"reused": "reused", "graded": "regraded", "redrawn": "redrawn in part", "drawn": "drawn"}
    ways = [f"{work.ways[way]} {said}" for way, said in names.items() if work.ways.get(way)]
    return f"{work.frames} frames: {', '.join(ways)}, in {length(sum(work.seconds.values()))}"


def at_take(take: Take) -> None:
    """Which take is the current one now."""
    words = " ".join(take.words.split())
    reply.line(f"Now at {take.id}{f' ({take.name})' if take.name else ''}: {words}")
    _file(take)


def _file(take: Take) -> None:
    """The path of the film; a link where the terminal can follow one."""
    style = Style(link=take.path.resolve().as_uri()) if reply.out.is_terminal else Style.null()
    there = "" if take.path.is_file() else f"  (deleted; make it again with: vitascope again {take.id})"
    reply.out.print(Text.assemble(f"{take.id}  ", (str(take.path), style), there))


def takes(studio: Studio) -> None:
    """The tree of takes; those that cannot be read are told on stderr."""
    found, damaged = studio.takes(), studio.damaged()
    if not found and not damaged:
        reply.line('There is no take in this project yet; make one with: vitascope film "…"')
    for row in tree_lines(found, studio.current):
        reply.line(row)
    for sentence in damaged:
        reply.fault(sentence)


def show_take(studio: Studio, take: Take) -> None:
    """Words, what they changed, the film in short, and the files."""
    film = studio.document(take)
    rows = {
        "take": f"{take.id}{' ★' if take.starred else ''}{f'  ({take.name})' if take.name else ''}",
        "words": " ".join(take.words.split()),
        "made": f"{take.made:%Y-%m-%d %H:%M} UTC" + (f", from {take.parent}" if take.parent else ""),
        "changed": take.said,
        "film": f"{reply.picture_format(film)}, {'silent' if film.silent else 'with sound'}",
        **_shots(film),
        "work": _drawn(take),
        "time": reply.spent(take),
        "document": str(take.document),
    }
    for name, words in rows.items():
        if words:
            reply.line(f"{name:<{NAMES_WIDE}}{words}")
    if take.path.is_file():
        reply.line(f"{'size':<{NAMES_WIDE}}{amount(take.path.stat().st_size)}")
    _file(take)
    if take.reading.phrases:
        reply.reading(take.reading, full=True)


def _shots(film: Film) -> dict[str, str]:
    rows = {}
    for number, shot in enumerate(film.shots, 1):
        names = [subject.name for subject in shot.subjects]
        cast = ", ".join(
            f"{names.count(name)} × {name}" if names.count(name) > 1 else name for name in dict.fromkeys(names)
        )
        rows[f"shot {number}"] = f"{float(shot.duration):g} s, {shot.set.place.replace('_', ' ')}: {cast or 'nobody'}"
    return rows


def take_as_json(studio: Studio, take: Take) -> None:
    """The record of a take with its place, as JSON."""
    record = {**take.model_dump(mode="json"), "current": take.id == studio.current}
    paths = {"film": take.path, "document": take.document}
    print(json.dumps({**record, "paths": {name: str(Path(path).resolve()) for name, path in paths.items()}}, indent=2))
