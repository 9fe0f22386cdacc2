"""Words to films: reads an instruction, offline, into a draft and composes the film document from it."""

from vitascope.director.draft import Draft
from vitascope.director.errors import DirectorError
from vitascope.director.understanding import Understanding, read
from vitascope.director.wordnet import WordNet, system_wordnet

__all__ = ["DirectorError", "Draft", "Understanding", "WordNet", "read", "system_wordnet"]
