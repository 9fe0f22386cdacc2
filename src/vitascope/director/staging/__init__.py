"""Staging: from a draft to a shot with positions, paths and a camera. The last step of the director."""

from vitascope.director.staging.stage import stage

__all__ = ["stage"]
