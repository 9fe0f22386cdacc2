"""The studio in a browser: pages on the server's own application. Only importer of nicegui. Knows films by the desk alone."""

from vitascope.web.opening import open_studio

__all__ = ["open_studio"]
