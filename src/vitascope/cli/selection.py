"""What was pointed at on the command line: --at, --subject and --box."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from vitascope.cli.request import BadRequest, moment

if TYPE_CHECKING:
    from vitascope.director.editing import Selection
    from vitascope.studio import Studio, Take

__all__ = ["selection"]


def selection(studio: Studio, take: Take, *, at: str | None, subjects: Sequence[str], box: str | None) -> Selection:
    """The selection in a take. Raises BadRequest and ProjectError."""
    when = None if at is None else _stretch(at)
    where = None
    if box is not None:
        size = studio.document(take).size
        left, top, width, height = _box(box)
        where = (left / size.width, top / size.height, width / size.width, height / size.height)
    return studio.select(take, at=when, subjects=subjects, box=where)


def _stretch(text: str) -> tuple[Fraction, Fraction | None]:
    start, dash, end = text.partition("-")
    return moment(start, "--at"), moment(end, "--at") if dash else None


def _box(text: str) -> tuple[int, int, int, int]:
    parts = re.fullmatch(r"\s*(\d{1,5}),\s*(\d{1,5}),\s*(\d{1,5}),\s*(\d{1,5})\s*", text, re.ASCII)
    if parts is None:
        raise BadRequest(
            f"--box is {text[:40]!r}; give left,top,width,height in pixels of the film, such as 100,80,320,240."
        )
    left, top, width, height = map(int, parts.groups())
    return left, top, width, height
