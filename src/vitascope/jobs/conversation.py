"""What an instruction about a film is read against: the line of films that led to it, and those that were gone back from."""

from __future__ import annotations

from collections.abc import Iterable

from vitascope.director.editing import Conversation, Selection, Turn
from vitascope.jobs.rows import edit_of, film_of
from vitascope.jobs.tables import VideoRow

__all__ = ["conversation_about"]


def conversation_about(row: VideoRow, tree: Iterable[VideoRow], selection: Selection | None = None) -> Conversation:
    """The conversation at `row`, among the films of its `tree`. As far back as its ancestors are still there.

    A server keeps no place of its own in a tree, so "redo" goes where the tree grew last: to the newest child, and on.
    """
    by_id = {one.id: one for one in tree}
    return Conversation(
        film=film_of(row),
        take=row.id,
        turns=tuple(_turns(row, by_id)),
        later=tuple(_later(row, by_id.values())),
        selection=selection or Selection(),
    )


def _turns(row: VideoRow, by_id: dict[str, VideoRow]) -> list[Turn]:
    turns: list[Turn] = []
    at: VideoRow | None = row
    while at is not None and at.parent is not None and len(turns) <= len(by_id):
        edit = edit_of(at)
        if edit is not None and edit.operations:
            turns.append(Turn(parent=at.parent, take=at.id, words=at.prompt, edit=edit))
        at = by_id.get(at.parent)
    return turns[::-1]


def _later(row: VideoRow, tree: Iterable[VideoRow]) -> list[str]:
    newest: dict[str, VideoRow] = {}
    for one in sorted(tree, key=lambda one: one.ordinal):
        if one.parent is not None:
            newest[one.parent] = one
    found: list[str] = []
    at: VideoRow | None = row
    while at is not None and (at := newest.get(at.id)) is not None and at.id not in found:
        found.append(at.id)
    return found
