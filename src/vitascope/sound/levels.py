"""How loud what was turned up, down or off is: factors by name over what each sound has by itself."""

from __future__ import annotations

from vitascope.world.soundscape import Soundscape

__all__ = ["FAMILIES", "gain_of"]

FAMILIES = ("ambience", "effects", "voices", "music")


def gain_of(soundscape: Soundscape, family: str, name: str = "") -> float:
    """The factor for the sound `name` of a family. What holds for "all", the family and the name is multiplied; of several
    names that fit, the longest holds ("wind" fits "wind.trees").
    """
    factors = dict(soundscape.gains)
    fitting = [known for known in factors if name == known or name.startswith(f"{known}.")]
    own = factors[max(fitting, key=len)] if fitting else 1.0
    return factors.get("all", 1.0) * factors.get(family, 1.0) * own
