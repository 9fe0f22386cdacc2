"""Going back and forth among takes, in words: "undo", "back to how it was before the rain", "the version with the hat"."""

from __future__ import annotations

from vitascope.director.editing.reply import Conversation, NoChange, Reply, Return, Turn
from vitascope.director.editing.words import EditWords, Run, edit_words, lowers, number_of, starts
from vitascope.director.matching import token_forms
from vitascope.director.tokens import tokenise

__all__ = ["going_back"]

_EMPTY = frozenset(("the", "a", "an", "it", "was", "i", "you", "we", "of", "to", "and", "in", "with", "that", "is", "had",
                    "make", "add", "change", "were", "added", "made", "changed", "put", "about", "my", "before", "when",
                    "be", "on", "for", "version", "his", "her", "its", "their", "us"))  # fmt: skip


def going_back(run: Run, conversation: Conversation, words: EditWords) -> Reply | None:
    """The take that `run` asks back for; None where it asks for something else."""
    tables = words.history
    low = lowers(run)
    whole = {name: (m := starts(table, run)) is not None and m[0] == len(run) for name, table in tables.items()}
    if whole["redo"]:
        if not conversation.later:
            return NoChange(text="There is nothing to do again.")
        return Return(take=conversation.later[0], said="The undone take is back.")
    if whole["first"]:
        return _to(conversation, len(conversation.turns), "The film is as it was at first.")
    if whole["undo_several"]:
        number = next((int(n) for token in run if (n := number_of(token)) is not None), 2 if "twice" in low else 1)
        return _to(conversation, number, f"The last {number} changes are undone.")
    if whole["undo"]:
        return _to(conversation, 1, "The last change is undone.")
    return _named(run, conversation, words)


def _line(conversation: Conversation) -> list[Turn]:
    """The turns that lead to the take of the conversation, the latest first."""
    by_take = {turn.take: turn for turn in conversation.turns}
    here = conversation.take or (conversation.turns[-1].take if conversation.turns else "")
    line = []
    while here in by_take and len(line) <= len(by_take):
        line.append(by_take[here])
        here = by_take[here].parent
    return line


def _to(conversation: Conversation, steps: int, said: str) -> Reply:
    line = _line(conversation)
    if not line:
        return NoChange(text="There is nothing to undo.")
    return Return(take=line[min(steps, len(line)) - 1].parent, said=said)


def _named(run: Run, conversation: Conversation, words: EditWords) -> Reply | None:
    """A take told by what an instruction was about."""
    for name in ("before", "with"):
        match = starts(words.history[name], run)
        if match is None or match[0] >= len(run):
            continue
        rest = run[match[0] :]
        turn = _about(rest, conversation)
        lately = _line(conversation)[:1]
        if run[0].lower == "forget" and (turn is None or [turn] != lately):
            return None
        if turn is None:
            said = " ".join(token.text for token in rest)
            return NoChange(text=f"There was no change about “{said}” to go back to.")
        shown = turn.words.strip().rstrip(".")
        if name == "before":
            return Return(take=turn.parent, said=f"The film is as it was before “{shown}”.")
        return Return(take=turn.take, said=f"The film is as it was after “{shown}”.")
    return None


def _about(rest: Run, conversation: Conversation) -> Turn | None:
    """The latest turn whose words share the most with `rest`."""
    wanted = _content(rest)
    best: tuple[int, Turn] | None = None
    words = edit_words()
    for turn in sorted(conversation.turns, key=lambda turn: not _takes_away(turn, words)):
        shared = len([w for w in wanted if any(w & other for other in _content(tokenise(turn.words)))])
        if shared and (best is None or shared >= best[0]):
            best = (shared, turn)
    return best[1] if best else None


def _takes_away(turn: Turn, words: EditWords) -> bool:
    """Whether a turn ended something: what came before or with a thing is told by the turn that brought it."""
    run = tokenise(turn.words)
    low = lowers(run)[:1]
    return bool(low) and (
        low[0] in words.verbs["remove"] | words.verbs["stop"] or starts(words.removing, run) is not None
    )


def _content(run: Run) -> list[frozenset[str]]:
    return [token_forms(token) | {_stem(token.lower)} for token in run if token.is_word and token.lower not in _EMPTY]


def _stem(text: str) -> str:
    """ "rainy" and "raining" are about rain."""
    for ending in ("ing", "y", "ed"):
        if text.endswith(ending) and len(text) > len(ending) + 2:
            return text.removesuffix(ending)
    return text
