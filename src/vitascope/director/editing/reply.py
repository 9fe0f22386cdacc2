"""What an instruction about a film is answered with: one of a few frozen values, and the memory it is read against."""

from __future__ import annotations

from dataclasses import dataclass

from vitascope.film import Edit, Film, Reading, Span

__all__ = [
    "Choice",
    "Conversation",
    "Impossible",
    "NoChange",
    "NotUnderstood",
    "Proposal",
    "Question",
    "Reply",
    "Return",
    "Selection",
    "Turn",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What was pointed at: shots, a stretch of time within them, subjects. Empty means: nothing in particular."""

    shots: tuple[str, ...] = ()
    span: Span | None = None
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One instruction that was carried out before: the take it was said to, the take it made, and what it did."""

    parent: str
    take: str
    words: str
    edit: Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What an instruction is read against: the film as it is now, and how it came to be, oldest turn first."""

    film: Film
    take: str = ""
    turns: tuple[Turn, ...] = ()
    later: tuple[str, ...] = ()
    """Takes that were undone, nearest first."""
    selection: Selection = Selection()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The film is to change: the edit, how each phrase was taken, and in a short sentence what will be different."""

    edit: Edit
    reading: Reading
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """An earlier or undone take is wanted again."""

    take: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way on: its name, and the edit that it stands for."""

    label: str
    edit: Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The instruction can mean several things; nothing changes until one is chosen."""

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Impossible:
    """The wish is against nature: what is impossible and why, and the ways on (nearest possible, stylised)."""

    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """Nothing changes; `words` are those that were not understood."""

    text: str
    words: tuple[str, ...]
    reading: Reading = Reading()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoChange:
    """The film is so already; nothing changes."""

    text: str


Reply = Proposal | Return | Question | Impossible | NotUnderstood | NoChange
