"""What a mirror makes of a clip's words and labels: twice the clips for nothing, and no side more usual than the other."""

from __future__ import annotations

import re

from vitascope.model.data.grammar import Labels

__all__ = ["mirrored_caption", "mirrored_labels"]

SIDES = {"left": "right", "right": "left"}
SWAPPED = {**SIDES, "pan_left": "pan_right", "pan_right": "pan_left"}
"""Of motions and cameras; all others stay. An orbit has no side in words."""


def mirrored_labels(labels: Labels) -> Labels:
    """What the mirror image shows."""
    row = labels.row
    return Labels(**{**row, **{name: SWAPPED.get(row[name], row[name]) for name in ("motion", "camera")}})


def mirrored_caption(caption: str) -> str:
    """The caption of the mirror image; in the grammar these words speak of sides and of nothing else."""
    return re.sub(r"\b(left|right)\b", lambda found: SIDES[found[0]], caption)
