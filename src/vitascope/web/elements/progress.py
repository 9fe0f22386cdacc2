"""How far a take is: a line of words and a bar, changed in place so that what stands around them can be pressed meanwhile."""

from __future__ import annotations

from vitascope.jobs.values import Video
from vitascope.web.elements.controls import adjust, box, words
from vitascope.web.showing import standing_of

__all__ = ["Bar", "Line"]


class Bar:
    """The bar of a take that is being made."""

    def __init__(self, take: Video) -> None:
        with box("bar") as self._bar:
            self._filled = box("", "i")
        self.show(take)

    def show(self, take: Video) -> None:
        """As it is now."""
        self._bar.set_visibility(not take.state.is_end)
        self._filled.style(f"width: {take.progress}%")


class Line:
    """How far it is in words, or `otherwise` when it is there."""

    def __init__(self, take: Video, otherwise: str, classes: str = "") -> None:
        self._line = words("", classes)
        self.show(take, otherwise)

    def show(self, take: Video, otherwise: str) -> None:
        """As it is now."""
        standing = standing_of(take)
        self._line.text = standing or otherwise
        self._line.classes(add="fault" if take.fault else "", remove="" if take.fault else "fault")
        adjust(self._line, role="status" if standing else None)
