"""Ideas to start from: prompts that this engine films well, each with a picture of what it makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

__all__ = ["Idea", "ideas"]

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """`name` is that of its picture, NAME.webp; `at` [s] the moment that it shows."""

    name: str
    prompt: str
    at: float
    changes: tuple[str, ...]
    """What can be said to it next."""


@cache
def ideas() -> tuple[Idea, ...]:
    """All, in the order of the page."""
    found = yaml.safe_load((FOLDER / "ideas.yaml").read_text(encoding="utf-8"))
    return tuple(
        Idea(name=one["name"], prompt=one["prompt"], at=float(one["at"]), changes=tuple(one["changes"]))
        for one in found
    )
