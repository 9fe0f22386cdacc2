"""What a front-end asks for itself, such as a title for the conversation: answered in its JSON, at no cost, never by a film."""

from __future__ import annotations

import json
import re

__all__ = ["FOLLOW_UPS", "housekeeping_answer", "is_housekeeping"]

FOLLOW_UPS = (
    "Make it sunset",
    "Add gentle rain",
    "Come closer with the camera",
    "Make it 8 seconds long",
    "Make it anime",
)
"""Said to nearly any film, they change it."""
FIRST_WORDS = (
    "A lighthouse on a cliff at dusk, waves below",
    "A red fox runs through snow",
    "A sailing boat at sunrise, anime style",
)
"""Said where there is no film yet."""
TAGS = ("video", "film")
TITLE_LONGEST, TITLE_WORDS = 60, 6
_BEGINS = re.compile(
    r"\s*(?:#{1,4} ?Task\b|Your task is to reflect the speaker's likely facial expression)", re.IGNORECASE
)
_USER = re.compile(
    r"^\s*(?:USER|User|user): ?(.+?)(?=^\s*(?:USER|ASSISTANT|User|Assistant|user|assistant): ?|\Z)", re.M | re.S
)
_HISTORY = re.compile(r"<chat_history>(.*?)</chat_history>", re.S)
_LEAD = re.compile(
    r"^(?:please |can you |could you )*(?:make|create|generate|film|shoot|give|show|write)(?: me| us)? "
    r"(?:an? |the )?(?:new |short |quick )?(?:film|video|clip|movie|script|animation)?(?: of | about | where | showing |: )?",
    re.IGNORECASE,
)


def is_housekeeping(text: str) -> bool:
    """Whether a message is a front-end's own, not a person's."""
    return _BEGINS.match(text) is not None


def housekeeping_answer(prompt: str) -> str:
    """The answer in the form that `prompt` asks for: a JSON object with the key that it names."""
    wanted = _HISTORY.sub("", prompt)
    said = _said(prompt)
    if '"follow_ups"' in wanted:
        return json.dumps({"follow_ups": list(FOLLOW_UPS[:3] if said else FIRST_WORDS)})
    if '"title"' in wanted:
        return json.dumps({"title": _title(said)}, ensure_ascii=False)
    if '"tags"' in wanted:
        return json.dumps({"tags": list(TAGS)})
    if '"queries"' in wanted:
        return json.dumps({"queries": []})
    if '"tool_calls"' in wanted:
        return json.dumps({"tool_calls": []})
    if '"text"' in wanted:
        return json.dumps({"text": ""})
    if '"prompt"' in wanted:
        return json.dumps({"prompt": said}, ensure_ascii=False)
    if "emoji" in wanted.lower():
        return "🎬"
    return _title(said)


def _said(prompt: str) -> str:
    """The first thing that the user said in the history that the prompt quotes."""
    history = _HISTORY.search(prompt)
    match = _USER.search(history[1] if history else "")
    return " ".join(match[1].split()) if match else ""


def _title(said: str) -> str:
    words = (_LEAD.sub("", said) or said or "A film").split()
    title = " ".join(words[:TITLE_WORDS]).strip(' .,;:!?“”"')[:TITLE_LONGEST].strip()
    return f"🎬 {title[:1].upper()}{title[1:]}"
