"""Words that say the format of a film, taken out of a description: how long, how large, how many frames a second, silent.

The director reads what a film shows; a format said beside it ("…, portrait, 10 seconds") would be a thing or a number to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction

from vitascope.film import SIZES, Size, size_named

__all__ = ["Format", "format_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """What was said beside the description; None where nothing was."""

    words: str
    """The description without it."""
    seconds: Fraction | None = None
    size: Size | None = None
    fps: Fraction | None = None
    silent: bool = False


UPRIGHT, WIDE, SQUARE, SCOPE = "720x1280", "1280x720", "720x720", "1280x536"
"""Shapes keep the usual short edge: who says "portrait" names a shape and no number of pixels."""
NAMES = {name: name for name in SIZES if name != "cinema"} | {
    "portrait": UPRIGHT, "vertical": UPRIGHT, "upright": UPRIGHT, "tall": UPRIGHT, "9:16": UPRIGHT,
    "landscape": WIDE, "horizontal": WIDE, "widescreen": WIDE, "wide screen": WIDE, "16:9": WIDE,
    "square": SQUARE, "1:1": SQUARE, "cinemascope": SCOPE, "2.39:1": SCOPE,
    "hd": "720p", "full hd": "1080p", "ultra hd": "uhd",
}  # fmt: skip
"""How sizes are called, and what `size_named` knows them by."""
_NAME = "|".join(re.escape(name) for name in sorted(NAMES, key=len, reverse=True))
_CLEAR = "|".join(re.escape(name) for name in sorted(NAMES, key=len, reverse=True) if re.search(r"\d|uhd|hd", name))
"""Names that can mean nothing else in a description."""
_SIZE = rf"\d{{2,5}}\s?[x×]\s?\d{{2,5}}|{_NAME}"
_NUMBER = r"\d{1,5}(?:\.\d{1,3})?"
_KIND = r"format|orientation|mode|aspect ratio|aspect|ratio|resolution|size"
_ABOUT = r"(?:make it |in |at |as |with |for )?(?:an? |the )?"
PART = re.compile(
    rf"\s*(?:and )?{_ABOUT}(?:"
    rf"(?P<seconds>{_NUMBER})[\s-]?(?:s|sec|secs|seconds?)(?: long| in length| of film)?"
    rf"|(?P<minutes>{_NUMBER})[\s-]?(?:min|mins|minutes?)(?: long| in length)?"
    rf"|(?:{_KIND}:? )?(?P<size>{_SIZE})(?: (?:{_KIND}|video|film|clip|screen))?"
    rf"|(?P<fps>{_NUMBER})\s?(?:fps|frames (?:a|per) second|hz)"
    rf"|(?P<silent>silent|no sound|without (?:any )?sound|no audio|without audio|muted?)(?: film| video)?"
    r")\s*",
    re.IGNORECASE,
)
"""A part between commas that says nothing but a format."""
INLINE = re.compile(
    rf"(?:\b(?:in|as|at) )?(?:an? )?\b(?P<framed>{_SIZE})[ -](?:{_KIND})\b"
    rf"|(?:\b(?:in|at) )?(?<![\w:])(?P<clear>\d{{3,4}}\s?[x×]\s?\d{{3,4}}|{_CLEAR})(?![\w:])"
    rf"|(?:\bat )?\b(?P<fps>{_NUMBER})\s?(?:fps|frames (?:a|per) second)\b",
    re.IGNORECASE,
)
"""The same within a part, where it cannot be taken for what the film shows."""
KIND_OF_FILM = re.compile(
    rf"\b(?P<size>{_NAME})(?=,? (?:[\w-]+ ){{0,2}}(?:film|video|clip|movie|reel|short)s?\b)", re.IGNORECASE
)
""" "a vertical video of …"."""


def format_in(words: str) -> Format:
    """Splits a description. Raises SizeError for a size that no film can have."""
    found = Format(words="")
    for pattern in (KIND_OF_FILM, INLINE):
        for match in pattern.finditer(words):
            found = _with(found, match)
        words = pattern.sub(" ", words)
    kept = []
    for part, mark in _parts(words):
        match = PART.fullmatch(part)
        if match is None:
            kept.append(part + mark)
        else:
            found = _with(found, match)
    return replace(found, words=_tidy("".join(kept)))


def _parts(words: str) -> list[tuple[str, str]]:
    """Parts with the mark behind each. A point within a number parts nothing, nor does anything within quotes."""
    pieces = re.split(r"([,;]+(?=\s|$)|[.!?]+(?=\s|$)|\n+)", words)
    if re.search(r"[“”\"]", words):
        return [(words, "")]
    return [(pieces[i], pieces[i + 1] if i + 1 < len(pieces) else "") for i in range(0, len(pieces), 2)]


def _with(found: Format, match: re.Match[str]) -> Format:
    said = {name: text for name, text in match.groupdict().items() if text}
    if size := said.get("size") or said.get("framed") or said.get("clear"):
        found = replace(found, size=_size(size))
    if "seconds" in said:
        found = replace(found, seconds=Fraction(said["seconds"]))
    if "minutes" in said:
        found = replace(found, seconds=Fraction(said["minutes"]) * 60)
    if "fps" in said:
        found = replace(found, fps=Fraction(said["fps"]))
    return replace(found, silent=True) if "silent" in said else found


def _size(text: str) -> Size:
    name = " ".join(text.lower().split())
    return size_named(NAMES.get(name, name))


def _tidy(words: str) -> str:
    """Without what the taken words leave behind: doubled blanks, blanks before marks, marks at the ends."""
    words = re.sub(r"[ \t]+", " ", words)
    words = re.sub(r" +([,;.!?])", r"\1", words)
    words = re.sub(r"([.!?])\.+$", r"\1", words)
    return words.strip().rstrip(",;").strip()
