"""Fixtures of the renderer's tests."""

from render_stages import drawn

__all__ = ["drawn"]
