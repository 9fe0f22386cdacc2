"""Rectangles of pixels: what part of a picture a pass may touch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

__all__ = ["Region"]


class Region(NamedTuple):
    """A rectangle of whole pixels from its left upper corner; one without width or height holds nothing."""

    x: int
    y: int
    width: int
    height: int

    @staticmethod
    def whole(size: tuple[int, int]) -> Region:
        """All of a picture of `size` (width, height)."""
        return Region(0, 0, *size)

    @staticmethod
    def between(left: int, top: int, right: int, bottom: int) -> Region:
        """From the left upper corner to before the right lower one; nothing where they are the wrong way round."""
        if right <= left or bottom <= top:
            return Region(0, 0, 0, 0)
        return Region(left, top, right - left, bottom - top)

    @staticmethod
    def around(regions: Iterable[Region]) -> Region:
        """The smallest that holds all of some."""
        held = [region for region in regions if not region.empty]
        if not held:
            return Region(0, 0, 0, 0)
        return Region.between(
            min(r.x for r in held), min(r.y for r in held), max(r.right for r in held), max(r.bottom for r in held)
        )

    @property
    def right(self) -> int:
        """The first column after it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row after it."""
        return self.y + self.height

    @property
    def empty(self) -> bool:
        """Whether it holds no pixel."""
        return self.width <= 0 or self.height <= 0

    def common(self, other: Region) -> Region:
        """What lies in both."""
        return Region.between(
            max(self.x, other.x), max(self.y, other.y), min(self.right, other.right), min(self.bottom, other.bottom)
        )

    def grown(self, margin: int, size: tuple[int, int]) -> Region:
        """With `margin` pixels more on each side, inside a picture of `size`; nothing stays nothing."""
        if self.empty:
            return self
        wider = Region.between(self.x - margin, self.y - margin, self.right + margin, self.bottom + margin)
        return wider.common(Region.whole(size))

    def coarse(self, step: int) -> Region:
        """The squares of `step` pixels that it touches, counted in squares."""
        return Region.between(self.x // step, self.y // step, -(-self.right // step), -(-self.bottom // step))

    def aligned(self, step: int, size: tuple[int, int]) -> Region:
        """All pixels of the squares of `step` pixels that it touches, inside a picture of `size`."""
        squares = self.coarse(step)
        return Region(*(step * part for part in squares)).common(Region.whole(size))
