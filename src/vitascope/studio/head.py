"""Where the conversation is in the tree of takes, and the way that leads forward again after going back. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from pydantic import BaseModel, ConfigDict

__all__ = ["Head"]


class Head(BaseModel):
    """The current take, and for each take that was gone back from to an earlier one, the child on the way to it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    current: str | None = None
    left: Mapping[str, str] = {}

    def moved(self, to: str | None, line: Iterable[str]) -> Head:
        """The head at `to`; `line` are the takes from the first down to the one that is left."""
        return Head(current=to, left={**self.left, **dict(pairwise(line))})

    def without(self, gone: str, parent: str | None) -> Head:
        """The head once `gone` is deleted: its parent stands where it stood."""
        beyond = self.left.get(gone)
        left: dict[str, str] = {}
        for above, child in self.left.items():
            onward = child if child != gone else beyond
            if above != gone and onward is not None:
                left[above] = onward
        return Head(current=parent if self.current == gone else self.current, left=left)

    def forward(self) -> tuple[str, ...]:
        """The takes that were gone back from, nearest first."""
        found: list[str] = []
        at = self.current
        while at is not None and (at := self.left.get(at)) is not None and at not in found:
            found.append(at)
        return tuple(found)
