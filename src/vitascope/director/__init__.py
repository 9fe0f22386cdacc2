"""Words to films: reads an instruction, offline, into a draft, stages it and writes the film document."""

from vitascope.director.direct import WAYS, direct, title_from
from vitascope.director.draft import Draft
from vitascope.director.errors import DirectorError
from vitascope.director.plausibility import Breach
from vitascope.director.understanding import Understanding, read
from vitascope.director.wordnet import WordNet, system_wordnet

__all__ = [
    "WAYS",
    "Breach",
    "DirectorError",
    "Draft",
    "Understanding",
    "WordNet",
    "direct",
    "read",
    "system_wordnet",
    "title_from",
]
