"""Colours of people: ten steps of skin, hair, irises and cloth, and the even, seeded choice among them."""

from __future__ import annotations

import numpy as np

from vitascope.recipe import colour_linear

__all__ = ["CLOTH", "SKINS", "eye_colour", "hair_colour", "skin_colour", "skin_step"]

Rgb = tuple[float, float, float]

SKINS = ("#efcfba", "#e9c0a3", "#e0ae8b", "#d9a077", "#c68a60", "#ad7149", "#8f5a38", "#74462b", "#633e28", "#4f3122")
"""Ten steps from light to dark (sRGB), even in perceived lightness as in the Monk scale."""

_WORDS = {
    "pale": 0,
    "fair": 0,
    "light": 1,
    "white": 1,
    "rosy": 1,
    "medium": 3,
    "olive": 3,
    "tan": 4,
    "tanned": 4,
    "asian": 2,
    "brown": 6,
    "dark brown": 7,
    "dark": 8,
    "black": 8,
    "deep": 9,
}
_HAIR = {
    "black": "#17120f",
    "dark brown": "#2b1a12",
    "brown": "#4a2d1c",
    "light brown": "#6f4a2e",
    "blonde": "#c79b57",
    "blond": "#c79b57",
    "red": "#8c3a1b",
    "ginger": "#a94f1f",
    "auburn": "#6b2a1a",
    "grey": "#9b9892",
    "gray": "#9b9892",
    "white": "#dcd8d0",
    "silver": "#b9b7b4",
}
_EYES = ("#3b2313", "#4c2f1a", "#5e4425", "#6b6a35", "#47704f", "#3f6f8f", "#5f8faf", "#6a7a86")

CLOTH = (
    "#b5382f",
    "#d9772f",
    "#e3b23c",
    "#6f8f3f",
    "#2f7d5b",
    "#2b8c94",
    "#2f6ea8",
    "#2b3f73",
    "#5a4386",
    "#a8487a",
    "#d98ca0",
    "#7a4a30",
    "#c7a77a",
    "#e8e2d4",
    "#8a8d92",
    "#3d434c",
)
"""Cloth colours that sit well together (sRGB)."""


def skin_step(seed: int, asked: str | None) -> int:
    """Step 0..9 of SKINS: of the asked word, or drawn evenly. Unknown words are drawn too."""
    if asked and asked.lower() in _WORDS:
        return _WORDS[asked.lower()]
    return int(np.random.default_rng([seed, 51]).integers(0, 10))


def skin_colour(seed: int, asked: str | None) -> Rgb:
    """Linear albedo of the skin; a hex string is taken as it is."""
    if asked and asked.startswith("#"):
        return colour_linear(asked)
    return colour_linear(SKINS[skin_step(seed, asked)])


def hair_colour(seed: int, step: int, age: str, asked: str | None) -> Rgb:
    """Linear albedo of the hair: a colour named in `asked` ("long blonde"), grey in old age, else what goes with the skin."""
    words = (asked or "").lower()
    for name in sorted(_HAIR, key=len, reverse=True):
        if name in words:
            return colour_linear(_HAIR[name])
    for name in ("pink", "blue", "green", "purple", "orange", "turquoise"):
        if name in words:
            return colour_linear(name)
    draw = np.random.default_rng([seed, 52]).random(2)
    if age == "old":
        return colour_linear(_HAIR["white" if draw[0] < 0.45 else "grey"])
    fair = ("blonde", "light brown", "brown", "dark brown", "ginger", "auburn", "black")
    share = (0.22, 0.24, 0.24, 0.14, 0.08, 0.05, 0.03) if step < 3 else (0.0, 0.08, 0.26, 0.34, 0.0, 0.04, 0.28)
    if step > 5:
        share = (0.0, 0.0, 0.05, 0.30, 0.0, 0.0, 0.65)
    return colour_linear(_HAIR[fair[int(np.searchsorted(np.cumsum(share), draw[1] * 0.999))]])


def eye_colour(seed: int, step: int) -> Rgb:
    """Linear albedo of the iris; darker skins have brown eyes more often."""
    draw = float(np.random.default_rng([seed, 53]).random())
    last = 8 if step < 3 else 5 if step < 5 else 3
    return colour_linear(_EYES[int(draw * last)])
