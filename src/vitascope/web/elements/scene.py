"""The scene as an element of the page: a shot in space, seen through the film's camera or from anywhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import nicegui.elements.scene  # noqa: F401  (makes three.js known to pages; it lies in the package)
from nicegui import ui

from vitascope.web.strings import texts

__all__ = ["SceneView"]


class SceneView(ui.element, component="scene.js"):
    """Event `take` {position, aim: [x, y, z] in metres of the shot, fov: vertical [rad], keep: whether the moves stay}."""

    def __init__(self, source: dict[str, Any]) -> None:
        super().__init__()
        words = {name.removeprefix("scene."): text for name, text in texts().items() if name.startswith("scene.")}
        self._props.update(source=source, words=words)

    def show(self, source: dict[str, Any]) -> None:
        """Show this; a view of one's own stays as long as the shot is the same.

        `source` has take, shot, url of the glTF file, ratio of the picture, names of the subjects by their ids, moves (whether
        the camera has any), offered (whether a camera may be taken here), able (whether a camera can be taken now), and why not.
        """
        if source != self._props.get("source"):
            self._props["source"] = source
            self.update()

    def when(self, event: str, handler: Callable[[dict[str, Any]], Any]) -> None:
        """Call `handler` with what the event says."""
        self.on(event, lambda said: handler(said.args))
