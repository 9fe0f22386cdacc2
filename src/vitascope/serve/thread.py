"""From the messages of a conversation to what its last one asks for. Pure: knows no film, no clock and nobody.

The thread carries its own state. Answers name their film by its URL, and questions end in a sentence that is found again, so an
agent that remembers nothing goes on where the thread stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from vitascope.serve.housekeeping import is_housekeeping

__all__ = [
    "FILM_IT",
    "PICK_AN_IDEA",
    "PICK_A_WAY",
    "UNFINISHED",
    "Ask",
    "AskAgain",
    "CancelFilm",
    "Draft",
    "EditFilm",
    "Explain",
    "Help",
    "Housekeeping",
    "Ideas",
    "ListFilms",
    "Message",
    "NewFilm",
    "ShowFilm",
    "choice_in",
    "decide",
    "numbered",
]

PICK_A_WAY = "Answer with a number, or say something else."
"""Ends a question about a film; what precedes it are numbered choices."""
PICK_AN_IDEA = "Say a number and I film it."
"""Ends a list of descriptions."""
FILM_IT = "Say “film it” and I make it."
"""Ends a draft."""
UNFINISHED = "There is no film of this:"
"""Begins the sentence why a film was not made; such a film is not gone on from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message: who said it, its text, and the pictures that came with it, as data URLs."""

    role: Literal["user", "assistant", "system"]
    text: str
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFilm:
    """A description is to be filmed; `picture` is what it starts from, as a data URL."""

    words: str
    picture: str | None = None
    stylised: bool = False
    """Whether what is impossible is shown all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditFilm:
    """Words about a film, or the choice (from 1) in answer to the question that these words led to."""

    video: str
    words: str
    choice: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskAgain:
    """A number that the question does not have: what was asked, the text of the question and how many choices it has."""

    asked: EditFilm | Ideas
    question: str
    number: str
    choices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFilm:
    """The state of a film, or the film itself; of the latest one of the caller where none is named."""

    video: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelFilm:
    """A film that is being made is to be let go; once it is made, `words` may still mean to undo it."""

    video: str | None
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFilms:
    """Which films there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """How a description would be filmed."""

    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Explain:
    """How the words of a film were read, and what is in it."""

    video: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideas:
    """Descriptions that can be filmed, about `topic` if it is not empty."""

    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """What can be said."""

    film: bool
    """Whether there is a film in the thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekeeping:
    """What a front-end asks for itself: a title, tags, what to say next."""

    prompt: str


Ask = NewFilm | EditFilm | AskAgain | ShowFilm | CancelFilm | ListFilms | Draft | Explain | Ideas | Help | Housekeeping

FILM_ID = re.compile(r"\bvideo_[a-z0-9]{6,64}\b")
FILM_URL = re.compile(r"<?\bhttps?://\S*?\bvideo_[a-z0-9]{6,64}\S*")
CHOICE = re.compile(r"^(\d{1,2})\. (.+)$", re.MULTILINE)

_POLITE = (
    r"(?:(?:please|ok(?:ay)?|now|hey|hi|hello|and|so|well|then|great|thanks|thank you|cool|nice|just)[,.!]? )*"
    r"(?:(?:can|could|would|will) (?:you|we|i) (?:please )?|i(?: would|'d|’d)? (?:want|need|like) (?:you )?(?:to )?|let(?:'s|’s| us) )?"
    r"(?:please )?"
)
_FILM = r"(?:films?|videos?|clips?|movies?|short films?|animations?|scenes?)"
_NAMED = r"(?: ?[:,–—-] ?| about | of | for | on | with | showing | where | in which | that shows | from )"
_MAKE = r"(?:make|create|generate|film|shoot|produce|render|start|do|give me|show me)"


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"{_POLITE}(?:{pattern})(?: please| now)?[\s.!?]*", re.IGNORECASE | re.DOTALL)


NEW = _whole(
    rf"(?:/new (?P<a>.+))"
    rf"|(?:{_MAKE} )?(?:me )?(?:an?other|an? (?:brand )?new|a (?:completely )?different|new) {_FILM}{_NAMED}(?P<b>.+)"
    rf"|(?:something else|something new|instead|start (?:over|again) with) ?[:,–—-] ?(?P<c>.+)"
)
MADE = re.compile(
    rf"{_POLITE}(?:make|create|generate|film|shoot|produce|render) (?:me |us )?(?:an?|the|some|one) (?:[\w:.-]+,? ){{0,4}}?{_FILM}"
    r"(?: about | of | showing | where | in which | that shows | with |: ).+",
    re.IGNORECASE | re.DOTALL,
)
"""Asks for a whole film. "Make a scene" alone does not."""
DRAFT = _whole(
    r"(?:write|draft|give|show|make|sketch|plan|prepare|outline)(?: me| us)? (?:an? |the |some |your )?(?:short |quick |rough )?"
    r"(?:scripts?|storyboards?|screenplays?|treatments?|shot ?lists?|drafts?|outlines?|plans?|prompts?)"
    rf"(?:{_NAMED}|$)(?P<a>.*)"
    r"|(?:draft|read|script|storyboard|plan|preview) ?: ?(?P<b>.+)"
    r"|(?:don't|don’t|do not) (?:film|make|render|shoot)(?: (?:it|this|that|anything))?(?: yet)? ?[:,–—-] ?(?P<c>.+)"
    r"|how (?:would|will|do) you (?:film|read|understand|show|shoot|interpret) ?[:,–—-]? ?(?P<d>.+)"
    r"|what would you (?:make|understand) of ?[:,–—-]? ?(?P<e>.+)"
)
EXPLAIN = _whole(
    r"(?:how|what) (?:did|do|have) you (?:not )?(?:read|understand|understood|interpret|take|get)\b.*"
    r"|what (?:was|were) (?:not )?(?:understood|substituted|replaced).*"
    r"|(?:explain|show|describe|tell me about)(?: me)? (?:the|this|that|your|my|how you read) ?(?:reading|film|video|clip|it|this|that)?"
    r"|what(?:'s|’s| is| can be seen) (?:in|on) (?:it|the (?:film|video|clip|picture))"
    r"|(?:write|give|show)(?: me)? (?:the|a|its) (?:script|storyboard|shot ?list|description)(?: of (?:it|this|the film|the video))?"
)
IDEAS = _whole(
    r"(?:(?:give|suggest|show|write|tell|list|offer)(?: me| us)? |i need |any |do you have )?(?:some |a few |any |more |other |\d+ )?"
    rf"(?:prompt|film|video|clip|new|good|creative)? ?(?:ideas|suggestions|inspiration|prompts|examples)(?:{_NAMED}(?P<a>.+))?"
    r"|inspire me|surprise me|i have no idea.*"
    r"|what (?:should|could|can|shall) (?:i|we|you) (?:film|make|create|shoot)"
)
STATE = _whole(
    r"status|progress|state|(?:is|are) (?:it|the (?:film|video)|my (?:film|video)|you|that) (?:done|ready|finished|there|complete)(?: yet)?"
    r"|how (?:far|much longer|long).*|are we there yet|(?:done|ready|finished)(?: yet)? ?\?|what(?:'s|’s| is) the (?:status|state|progress)"
    r"|where(?:'s|’s| is) (?:it|(?:the|my) (?:film|video|clip|result|link))"
    r"|(?:show|play|give|send)(?: me)? (?:it|that|(?:the|my) (?:latest |last |current )?(?:film|video|clip|link|url|result))(?: again)?"
    r"|(?:the )?(?:link|url|download)(?: it)?"
)
LIST = _whole(
    r"(?:list|show|which|what)(?: me)?(?: are)? (?:all )?(?:(?:of )?(?:my|the|our) )?(?:films|videos|clips|takes|versions)"
    r"(?: (?:are there|do i have|have i made|so far|there are))?|my (?:films|videos|takes)|/takes"
)
STOP = _whole(
    r"(?:stop|cancel|abort)(?: (?:it|the|this|my))?(?: ?(?:film|video|filming|rendering|render|drawing|job|making it))?"
)
HELP = _whole(
    r"/?help|what (?:can|do) (?:you|i|we) (?:do|say)\b.*|how (?:does|do) (?:this|it|you|i) (?:work|use)\b.*|who are you|what are you"
    r"|what is (?:this|vitascope)|(?:hi|hello|hey|good (?:morning|evening|day)|greetings)(?: there)?|test|ping|"
    r"(?:thanks|thank you|thx|great|nice|cool|perfect|wonderful|awesome|good job|well done|i (?:like|love) it)(?: (?:so|very) much| a lot)?"
)
FILMED = _whole(
    r"(?:film|make|shoot|render|create|do|produce|generate) (?:it|this|that)|go(?: ahead)?|yes(?: please)?|do it|sure|action|ok(?:ay)?|yep|yeah"
)
QUESTION = re.compile(
    r"(?:what|who|whom|whose|why|when|where|which|how|is|are|do|does|did|was|were)\b[^.!]*\?\s*", re.IGNORECASE
)
"""Asked before there is a film: not a description of one."""
STYLISED = _whole(
    r"(?:the )?stylised(?: (?:one|version|way))?|(?:the )?stylized(?: (?:one|version|way))?|(?:do|show|film|make) it (?:anyway|all the same)"
)
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "former": 1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
}  # fmt: skip
_ORDINAL = re.compile(
    r"(?:(?:i(?: mean| take|'d like|’d like| want| choose)|take|choose|make|film|do|use|option|number|choice|no|idea) ?)*"
    rf"(?:the )?(?P<word>{'|'.join(ORDINALS)}|last|latter)(?: (?:one|option|choice|idea|way|version))?[\s.!]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?:(?:option|number|choice|no\.?|idea|film|take|make|do|the|#) ?)*(?P<number>\d{1,3})(?: ?please)?[\s.!):]*",
    re.IGNORECASE,
)
_LITTLE = frozenset("the a an i mean one please of it that which is to want my".split())


def decide(messages: Sequence[Message], film: str | None = None) -> Ask:
    """What the last user message asks for. `film` is the film of the thread where the messages name none."""
    at = max((i for i, message in enumerate(messages) if message.role == "user"), default=None)
    if at is None:
        return Help(film=False)
    message, before = messages[at], messages[:at]
    if is_housekeeping(message.text):
        return Housekeeping(prompt=message.text)
    named = FILM_ID.findall(message.text)
    words = " ".join(FILM_ID.sub("", FILM_URL.sub("", message.text)).split()) if named else message.text.strip()
    current = named[-1] if named else (films_in(before) or [film])[-1]
    if message.pictures:
        return NewFilm(words=words, picture=message.pictures[-1])
    return _answer(words, before, film) or _asked(words, before, current)


def films_in(messages: Sequence[Message]) -> list[str]:
    """The ids of the films that the thread names, in its order. Those that were not made are left out."""
    found: list[str] = []
    for message in messages:
        if message.role == "system" or UNFINISHED in message.text:
            continue
        for video in FILM_ID.findall(message.text):
            if found[-1:] != [video]:
                found.append(video)
    return found


def numbered(labels: Sequence[str]) -> str:
    """The lines that `choice_in` is asked about later."""
    return "\n".join(f"{number}. {label}" for number, label in enumerate(labels, 1))


def choice_in(words: str, labels: Sequence[str], question: str = "") -> int | None:
    """Which of `labels` is meant (from 1): by number, by place in the list, or by words that only one of them has.

    Words of the question itself may stand beside them ("the red ball" where balls are asked about). A number is returned as it
    is, also where the list is shorter. None where the words choose nothing.
    """
    words = words.strip()
    if match := _NUMBER.fullmatch(words):
        return int(match["number"])
    if match := _ORDINAL.fullmatch(words):
        word = match["word"].lower()
        return len(labels) if word in ("last", "latter") else ORDINALS[word]
    said = _content(words)
    if not said:
        return None
    exact = [number for number, label in enumerate(labels, 1) if _content(label) == said]
    holding = [number for number, label in enumerate(labels, 1) if said <= _content(label)]
    asked = _content(question)
    wider = [n for n, label in enumerate(labels, 1) if (own := _content(label)) and own < said <= own | asked]
    for found in (exact, holding, wider):
        if len(found) == 1:
            return found[0]
    return None


def _content(words: str) -> frozenset[str]:
    return frozenset(re.findall(r"[\w'’-]+", words.lower())) - _LITTLE


def _answer(words: str, before: Sequence[Message], film: str | None) -> Ask | None:
    """The ask when `words` answer what was said just before; None when they do not."""
    at = next((i for i in range(len(before) - 1, -1, -1) if before[i].role != "system"), None)
    if at is None or before[at].role != "assistant":
        return None
    text = before[at].text
    if FILM_IT in text and FILMED.fullmatch(words):
        drafted = decide(before[:at], film)
        return NewFilm(words=drafted.words) if isinstance(drafted, Draft) else None
    if "stylised" in text and STYLISED.fullmatch(words):
        shown = decide(before[:at], film)
        if isinstance(shown, NewFilm):
            return replace(shown, stylised=True)
    if PICK_A_WAY not in text and PICK_AN_IDEA not in text:
        return None
    labels = [match[2].strip() for match in CHOICE.finditer(text)]
    number = choice_in(words, labels, CHOICE.split(text, maxsplit=1)[0])
    if number is None:
        return None
    asked = decide(before[:at], film)
    asked = asked.asked if isinstance(asked, AskAgain) else asked
    if not isinstance(asked, EditFilm | Ideas | NewFilm):
        return None
    if not 1 <= number <= len(labels):
        if isinstance(asked, NewFilm):
            return None
        return AskAgain(asked=asked, question=text, number=str(number), choices=len(labels))
    if isinstance(asked, NewFilm):
        return replace(asked, stylised=number == len(labels))
    if isinstance(asked, Ideas):
        return NewFilm(words=labels[number - 1])
    return replace(asked, choice=number)


def _asked(words: str, before: Sequence[Message], film: str | None) -> Ask:
    """What words that answer nothing ask for."""
    if HELP.fullmatch(words) or not words:
        return ShowFilm(video=film) if film and not words else Help(film=film is not None)
    if (match := NEW.fullmatch(words)) is not None:
        return NewFilm(words=_said(match))
    if (match := IDEAS.fullmatch(words)) is not None:
        return Ideas(topic=_said(match))
    if EXPLAIN.fullmatch(words):
        return _explained(before, film)
    if (match := DRAFT.fullmatch(words)) is not None:
        topic = _said(match)
        return Draft(words=topic) if topic and not _points(topic) else _explained(before, film)
    if LIST.fullmatch(words):
        return ListFilms()
    if STATE.fullmatch(words):
        return ShowFilm(video=film)
    if STOP.fullmatch(words):
        return CancelFilm(video=film, words=words)
    if film is None and QUESTION.fullmatch(words):
        return Help(film=False)
    if film is None or MADE.fullmatch(words):
        return NewFilm(words=words)
    return EditFilm(video=film, words=words)


def _explained(before: Sequence[Message], film: str | None) -> Ask:
    if film is not None:
        return Explain(video=film)
    asked = decide(before) if any(message.role == "user" for message in before) else None
    return Draft(words=asked.words) if isinstance(asked, NewFilm | Draft) else Help(film=False)


def _points(topic: str) -> bool:
    return topic.strip(" .!?").lower() in (
        "it",
        "this",
        "that",
        "the film",
        "the video",
        "this film",
        "this video",
        "my film",
    )


def _said(match: re.Match[str]) -> str:
    return next((text.strip() for text in match.groupdict().values() if text), "")
