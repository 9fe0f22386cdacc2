"""Training clips: captions from a closed grammar, films made from them as from any prompt, and their pictures, read and written.

Everything in them is simulated here: no picture, sound or sentence of anybody else. Knows no tensors.
"""

from vitascope.model.data.card import card
from vitascope.model.data.clips import Clip, Clips
from vitascope.model.data.drawing import ClipShape
from vitascope.model.data.errors import DataError
from vitascope.model.data.grammar import FIELDS, Labels, held_out, values_of
from vitascope.model.data.making import Made, make
from vitascope.model.data.mirroring import mirrored_caption, mirrored_labels

__all__ = [
    "FIELDS",
    "Clip",
    "ClipShape",
    "Clips",
    "DataError",
    "Labels",
    "Made",
    "card",
    "held_out",
    "make",
    "mirrored_caption",
    "mirrored_labels",
    "values_of",
]
