"""The card of a set of clips: what is in it, counted from its lines, so that what is frequent and what is missing can be seen."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from vitascope.model.data.grammar import FIELDS, HELD_OUT, values_of
from vitascope.model.data.shards import lines_of, shard_path

__all__ = ["card"]

SKINS = 10


def card(folder: str | Path) -> str:
    """Markdown about the clips of `folder`. Raises DataError where there are none."""
    place = Path(folder)
    lines = lines_of(place)
    made = json.loads((place / "made.json").read_text("utf-8"))
    parts = [_head(place, lines, made)]
    parts += [
        _table(field, [(_row_of(line, field), line["split"]) for line in lines], values_of(field)) for field in FIELDS
    ]
    parts += _people(lines)
    parts.append(_limits(lines))
    return "\n\n".join(parts) + "\n"


def _head(place: Path, lines: Sequence[dict[str, Any]], made: dict[str, Any]) -> str:
    shape, seed = made["shape"], made["seed"]
    seconds = len(lines) * (shape["frames"] - 1) / shape["fps"]
    held = sum(line["split"] == "held" for line in lines)
    stored = sum(line["bytes"] for line in lines)
    files = {shard_path(place, line["shard"], ".clips").name for line in lines}
    command = f"vitascope model data FOLDER --count {lines[-1]['index'] + 1} --seed {seed}"
    command += " --pairs" if made.get("pairs") else ""
    films = hashlib.sha256("".join(line["film"] for line in lines).encode()).hexdigest()
    tried = sum(line["attempt"] + 1 for line in lines) / len(lines)
    rows = {
        "made by": f"`{command}`",
        "in training, held out": f"{len(lines) - held:,}, {held:,} (one combination of subject, colour and motion in {HELD_OUT})",
        "different captions": f"{len({line['caption'] for line in lines}):,}",
        "stored": f"{stored / 1e6:,.1f} MB in {len(files)} files, {stored / len(lines) / 1e3:,.0f} KB a clip",
        "scenes tried for a clip": f"{tried:.2f}; the others did not show what they said",
        "digest of all films": f"`{films}`",
        "digest of the grammar": f"`{made['grammar']}`",
    }
    return "\n".join(
        [
            "# Training clips",
            "",
            f"{len(lines):,} clips of {shape['frames']} frames of {shape['width']}x{shape['height']} at {shape['fps']} a second "
            f"({seconds / 60:,.0f} min), simulated and drawn",
            "by the world engine from captions of a closed grammar. No picture, sound or sentence of anybody else is in them,",
            "and nobody who lives.",
            "",
            "| | |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in rows.items()),
        ]
    )


def _row_of(line: dict[str, Any], field: str) -> Any:
    return line["labels"][field]


def _table(name: str, found: Iterable[tuple[Any, str]], order: Iterable[Any] = ()) -> str:
    """Counts of each value in each split, in this order, or the most frequent first."""
    counts = Counter(found)
    values = list(order) or [value for value, _ in Counter(value for value, _ in counts.elements()).most_common()]
    total = max(1, sum(counts.values()))
    rows = [
        f"| {value} | {counts[value, 'train']:,} | {counts[value, 'held']:,} | "
        f"{100 * (counts[value, 'train'] + counts[value, 'held']) / total:.1f} % |"
        for value in values
    ]
    return "\n".join([f"## {name.capitalize()}", "", f"| {name} | train | held | share |", "|---|---|---|---|", *rows])


def _people(lines: Sequence[dict[str, Any]]) -> list[str]:
    """Who is seen."""
    seen = [(person, line["split"]) for line in lines for person in line["people"]]
    if not seen:
        return ["## People\n\nNobody is seen."]
    return [
        _table("people by word", [(person["name"], split) for person, split in seen]),
        _table("skin, 0 the lightest of ten", [(person["skin"], split) for person, split in seen], range(SKINS)),
        _table("skin of women and girls", _skins(seen, ("woman", "girl")), range(SKINS)),
        _table("skin of men and boys", _skins(seen, ("man", "boy")), range(SKINS)),
        _table("dress", [(dress, split) for person, split in seen for dress in person["dress"]]),
        _table("role", [(person["role"] or "none", split) for person, split in seen]),
    ]


def _skins(seen: Sequence[tuple[dict[str, Any], str]], words: tuple[str, ...]) -> list[tuple[Any, str]]:
    return [(person["skin"], split) for person, split in seen if person["name"] in words]


def _limits(lines: Sequence[dict[str, Any]]) -> str:
    share = sum(line["labels"]["subject"] == "person" for line in lines) / len(lines)
    return "\n".join(
        [
            "## What is not in it",
            "",
            "Anything beyond the tables: other things, places, styles, weather, more than three of a kind, two kinds in one",
            f"clip, faces that say something, text. Captions speak of people in {100 * share:.0f} % of the clips; their skin is",
            "drawn evenly from ten steps, their face, hair and what words leave open from the seed. Cars and boats go without",
            "anybody in them. Who learns from this alone learns a toy world, and nothing of what people are like.",
        ]
    )
