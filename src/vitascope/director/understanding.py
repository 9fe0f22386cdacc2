"""Words to a draft: the one way through tokens, units, word classes, chunks, clauses and scene."""

from __future__ import annotations

from dataclasses import dataclass

from vitascope.director.chunking import chunk_units
from vitascope.director.clauses import ClauseReader
from vitascope.director.draft import Draft
from vitascope.director.drafting import draft_of
from vitascope.director.errors import DirectorError
from vitascope.director.languages import foreign_language
from vitascope.director.lexicon import Effect, Lexicon, build_lexicon
from vitascope.director.meaning import Meanings
from vitascope.director.nouns import NounReader
from vitascope.director.parsing import parse_clauses
from vitascope.director.plausibility import Breach, impossible_wishes
from vitascope.director.scene import Scene
from vitascope.director.tagging import tag_units
from vitascope.director.tokens import Token, tokenise
from vitascope.director.units import Unit, find_units
from vitascope.director.wordnet import WordNet
from vitascope.film import Reading
from vitascope.recipe import Catalogue

__all__ = ["WITHOUT_WORDNET", "WORDS_MOST", "Understanding", "lexicon_of", "read", "read_onto"]

WORDS_MOST = 2000
WITHOUT_WORDNET = (
    "WordNet is not installed, so words that the library does not list were not looked up; "
    "install wordnet-base to have them replaced by their nearest kind."
)
_built: list[tuple[Catalogue, Lexicon]] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What was wished for, and how each phrase was taken."""

    draft: Draft
    reading: Reading
    silent: bool = False
    """No sound was asked for."""
    breaches: tuple[Breach, ...] = ()
    """Wishes against nature; the draft holds what bodies and places made of them."""


def read(prompt: str, *, catalogue: Catalogue, wordnet: WordNet | None) -> Understanding:
    """Understand `prompt` with the things, places and verbs of `catalogue`; words beyond them through `wordnet`.

    Raises DirectorError for an empty prompt, one of more than 2,000 words, and one in another language than English.
    """
    lexicon = lexicon_of(catalogue)
    tokens = tokenise(prompt)
    _check(prompt, tokens, lexicon)
    scene = Scene(prompt)
    read_onto(NounReader(scene, Meanings(lexicon, wordnet)), tokens)
    if wordnet is None:
        scene.remarks.append(WITHOUT_WORDNET)
    draft = draft_of(scene, catalogue)
    breaches = impossible_wishes(scene, catalogue)
    return Understanding(draft=draft, reading=scene.reading(), silent=scene.silent, breaches=breaches)


def read_onto(nouns: NounReader, tokens: tuple[Token, ...]) -> None:
    """Put what `tokens` say on the scene of a noun reader, and note how each phrase was taken."""
    scene, meanings = nouns.scene, nouns.meanings
    lexicon = meanings.lexicon
    units = find_units(tokens, lexicon, meanings.wordnet)
    tags = tag_units(units, lexicon, meanings.wordnet)
    for unit in units:
        _expression(scene, unit)
    clauses = parse_clauses(chunk_units(units, tags, lexicon), lexicon, nouns.sort_of)
    reader = ClauseReader(nouns)
    for clause in clauses:
        reader.read(clause)
    nouns.bind_owned()
    for unit, tag in zip(units, tags, strict=True):
        _left_over(scene, unit, tag, lexicon, meanings)


def lexicon_of(catalogue: Catalogue) -> Lexicon:
    """The words for a library, built once."""
    for known, lexicon in _built:
        if known is catalogue:
            return lexicon
    _built.append((catalogue, build_lexicon(catalogue)))
    del _built[:-4]
    return _built[-1][1]


def _check(prompt: str, tokens: tuple[Token, ...], lexicon: Lexicon) -> None:
    words = sum(token.is_word or token.kind == "quote" for token in tokens)
    if words == 0:
        raise DirectorError(
            "The prompt has no words; say in a sentence what is to be seen, such as 'a red boat on a calm lake'."
        )
    if words > WORDS_MOST:
        raise DirectorError(
            f"The prompt has {words:,} words; one shot takes up to {WORDS_MOST:,}, so shorten it or split it into scenes."
        )
    language = foreign_language(tokens, lexicon)
    if language is not None:
        raise DirectorError(
            f"This prompt seems to be in {language}; Vitascope reads English, so please give it in English."
        )


def _expression(scene: Scene, unit: Unit) -> None:
    """Camera, style, pace, length and sound expressions act wherever they stand."""
    if unit.kind == "expression" and isinstance(unit.entry, Effect):
        said = scene.apply(unit.entry)
        if not unit.entry.scene:
            scene.note(unit.start, unit.end, unit.entry.kind, unit.entry.status, said or "as it is")
    elif unit.kind == "quote":
        scene.note(unit.start, unit.end, "other", "not_understood")
        scene.remarks.append(f"The quoted text {unit.text} is not shown: written words cannot be drawn yet.")


def _left_over(scene: Scene, unit: Unit, tag: str, lexicon: Lexicon, meanings: Meanings) -> None:
    """What carries meaning and was taken up by nothing is not understood; grammar counts for nothing."""
    if unit.kind in ("mark", "quality", "expression") or tag in "DOXITCYSWLFK" or scene.noted(unit.start, unit.end):
        return
    if unit.text in lexicon.function["degree"] or unit.text in lexicon.function["order_adverbs"]:
        return
    if tag in "NM":
        kinds = {noun.kind for noun in meanings.noun((unit.text,)).takes[:1]}
        if kinds & {"scene", "frame"} or unit.text in lexicon.function["order_nouns"]:
            return
        if "effect" in kinds and _is_scene_effect(meanings, unit):
            return
        if unit.text in lexicon.partitives or unit.text in lexicon.collectives:
            return
    elif tag == "J" and any(take.kind == "neutral" for take in lexicon.adjectives.get(unit.text, ())):
        return
    elif tag in "VZEGP":
        lemma = meanings.lemma(unit.text)
        grammar = lexicon.grammar
        if any(lemma in grammar[name] for name in ("aspect", "present", "be_there", "wear", "have")):
            return
    elif tag == "R" and not unit.text.endswith("ly") and unit.kind != "adverb":
        return
    kind = {"J": "attribute", "R": "manner", "Q": "count"}.get(tag, "action" if tag in "VZEGP" else "other")
    scene.note(unit.start, unit.end, kind, "not_understood")


def _is_scene_effect(meanings: Meanings, unit: Unit) -> bool:
    effect = meanings.noun((unit.text,)).takes[0].effect
    return effect is not None and effect.scene
