"""Staging: from a draft to a shot with positions, paths and a camera. The last step of the director."""

from vitascope.director.staging.cast import ALOFT_LEAST
from vitascope.director.staging.joining import Joined, join, perform
from vitascope.director.staging.stage import stage

__all__ = ["ALOFT_LEAST", "Joined", "join", "perform", "stage"]
