"""How people say what they ask for in a conversation, as patterns over a whole message. Data; `thread` gives it meaning."""

from __future__ import annotations

import re

__all__ = [
    "DRAFT", "EXPLAIN", "FILMED", "HELP", "IDEAS", "LIST", "LITTLE", "MADE", "NEW", "NUMBER", "ORDINAL", "ORDINALS", "QUESTION",
    "STATE", "STOP", "STYLISED",
]  # fmt: skip

_POLITE = (
    r"(?:(?:please|ok(?:ay)?|now|hey|hi|hello|and|so|well|then|great|thanks|thank you|cool|nice|just)[,.!]? )*"
    r"(?:(?:can|could|would|will) (?:you|we|i) (?:please )?"
    r"|i(?: would|'d|’d)? (?:want|need|like) (?:you )?(?:to )?"
    r"|let(?:'s|’s| us) )?"
    r"(?:please )?"
)
_FILM = r"(?:films?|videos?|clips?|movies?|short films?|animations?|scenes?)"
_ONE = r"(?:film|video|clip)"
_NAMED = r"(?: ?[:,–—-] ?| about | of | for | on | with | showing | where | in which | that shows | from )"
_MAKE = r"(?:make|create|generate|film|shoot|produce|render|start|do|give me|show me)"
_IS = r"(?:'s|’s| is)"


def _whole(*patterns: str) -> re.Pattern[str]:
    """Any of `patterns`, alone but for politeness."""
    return re.compile(rf"{_POLITE}(?:{'|'.join(patterns)})(?: please| now)?[\s.!?]*", re.IGNORECASE | re.DOTALL)


NEW = _whole(
    r"/new (?P<a>.+)",
    rf"(?:{_MAKE} )?(?:me )?(?:an?other|an? (?:brand )?new|a (?:completely )?different|new) {_FILM}{_NAMED}(?P<b>.+)",
    r"(?:something else|something new|instead|start (?:over|again) with) ?[:,–—-] ?(?P<c>.+)",
)
"""Another film, with its description in a group."""
MADE = re.compile(
    rf"{_POLITE}(?:make|create|generate|film|shoot|produce|render) (?:me |us )?(?:an?|the|some|one) "
    rf"(?:[\w:.-]+,? ){{0,4}}?{_FILM}(?: about | of | showing | where | in which | that shows | with |: ).+",
    re.IGNORECASE | re.DOTALL,
)
"""Asks for a whole film, and describes it all the way. "Make a scene" alone does not."""
DRAFT = _whole(
    r"(?:write|draft|give|show|make|sketch|plan|prepare|outline)(?: me| us)? (?:an? |the |some |your )?(?:short |quick |rough )?"
    r"(?:scripts?|storyboards?|screenplays?|treatments?|shot ?lists?|drafts?|outlines?|plans?|prompts?)"
    rf"(?:{_NAMED}|$)(?P<a>.*)",
    r"(?:draft|read|script|storyboard|plan|preview) ?: ?(?P<b>.+)",
    r"(?:don't|don’t|do not) (?:film|make|render|shoot)(?: (?:it|this|that|anything))?(?: yet)? ?[:,–—-] ?(?P<c>.+)",
    r"how (?:would|will|do) you (?:film|read|understand|show|shoot|interpret) ?[:,–—-]? ?(?P<d>.+)",
    r"what would you (?:make|understand) of ?[:,–—-]? ?(?P<e>.+)",
)
EXPLAIN = _whole(
    r"(?:how|what) (?:did|do|have) you (?:not )?(?:read|understand|understood|interpret|take|get)\b.*",
    r"what (?:was|were) (?:not )?(?:understood|substituted|replaced).*",
    r"(?:explain|show|describe|tell me about)(?: me)? (?:the|this|that|your|my|how you read) ?"
    r"(?:reading|film|video|clip|it|this|that)?",
    rf"what(?:{_IS}| can be seen) (?:in|on) (?:it|the (?:film|video|clip|picture))",
    r"(?:write|give|show)(?: me)? (?:the|a|its) (?:script|storyboard|shot ?list|description)"
    r"(?: of (?:it|this|the film|the video))?",
)
IDEAS = _whole(
    r"(?:(?:give|suggest|show|write|tell|list|offer)(?: me| us)? |i need |any |do you have )?"
    r"(?:some |a few |any |more |other |\d+ )?(?:prompt|film|video|clip|new|good|creative)? ?"
    rf"(?:ideas|suggestions|inspiration|prompts|examples)(?:{_NAMED}(?P<a>.+))?",
    r"inspire me|surprise me|i have no idea.*",
    r"what (?:should|could|can|shall) (?:i|we|you) (?:film|make|create|shoot)",
)
STATE = _whole(
    r"status|progress|state|are we there yet|(?:done|ready|finished)(?: yet)? ?\?",
    rf"(?:is|are) (?:it|the {_ONE}|my {_ONE}|you|that) (?:done|ready|finished|there|complete)(?: yet)?",
    rf"how (?:far|much longer|long) ?(?:is|are|will|does|until|along)?\b.*|what{_IS} the (?:status|state|progress)",
    rf"where{_IS} (?:it|(?:the|my) (?:film|video|clip|result|link))",
    r"(?:show|play|give|send)(?: me)? (?:it|that|(?:the|my) (?:latest |last |current )?(?:film|video|clip|link|url|result))"
    r"(?: again)?",
    r"(?:the )?(?:link|url|download)(?: it)?",
)
LIST = _whole(
    r"(?:list|show|which|what)(?: me)?(?: are)? (?:all )?(?:(?:of )?(?:my|the|our) )?(?:films|videos|clips|takes|versions)"
    r"(?: (?:are there|do i have|have i made|so far|there are))?",
    r"my (?:films|videos|takes)|/takes",
)
STOP = _whole(
    r"(?:stop|cancel|abort)(?: (?:it|the|this|my))?(?: ?(?:film|video|filming|rendering|render|drawing|job|making it))?"
)
HELP = _whole(
    r"/?help|what (?:can|do) (?:you|i|we) (?:do|say)\b.*|how (?:does|do) (?:this|it|you|i) (?:work|use)\b.*",
    r"who are you|what are you|what is (?:this|vitascope)|test|ping",
    r"(?:hi|hello|hey|good (?:morning|evening|day)|greetings)(?: there)?",
    r"(?:thanks|thank you|thx|great|nice|cool|perfect|wonderful|awesome|good job|well done|i (?:like|love) it)"
    r"(?: (?:so|very) much| a lot)?",
)
FILMED = _whole(
    r"(?:film|make|shoot|render|create|do|produce|generate) (?:it|this|that)",
    r"go(?: ahead)?|yes(?: please)?|do it|sure|action|ok(?:ay)?|yep|yeah",
)
"""Agrees to a draft."""
STYLISED = _whole(
    r"(?:the )?(?:stylised|stylized)(?: (?:one|version|way))?",
    r"(?:do|show|film|make) it (?:anyway|all the same)",
)
QUESTION = re.compile(
    r"(?:what|who|whom|whose|why|when|where|which|how|is|are|do|does|did|was|were)\b[^.!]*\?\s*", re.IGNORECASE
)
"""Asked before there is a film: not a description of one."""
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "former": 1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4,
}  # fmt: skip
ORDINAL = re.compile(
    r"(?:(?:i(?: mean| take|'d like|’d like| want| choose)|take|choose|make|film|do|use|option|number|choice|no|idea) ?)*"
    rf"(?:the )?(?P<word>{'|'.join(ORDINALS)}|last|latter)(?: (?:one|option|choice|idea|way|version))?[\s.!]*",
    re.IGNORECASE,
)
NUMBER = re.compile(
    r"(?:(?:option|number|choice|no\.?|idea|film|take|make|do|the|#) ?)*(?P<number>\d{1,3})(?: ?please)?[\s.!):]*",
    re.IGNORECASE,
)
LITTLE = frozenset(
    ("the", "a", "an", "i", "mean", "one", "please", "of", "it", "that", "which", "is", "to", "want", "my")
)  # fmt: skip
"""Words that choose nothing."""
