"""Words about a film that is there -> a typed edit, a question, or a plain no. Knows no engine and no file."""

from vitascope.director.editing.interpret import interpret
from vitascope.director.editing.nature import against_nature
from vitascope.director.editing.reply import (
    Choice,
    Conversation,
    Impossible,
    NoChange,
    NotUnderstood,
    Proposal,
    Question,
    Reply,
    Return,
    Selection,
    Turn,
)

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
    "against_nature",
    "interpret",
]
