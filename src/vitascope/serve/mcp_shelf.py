"""The tools about films that are there: look, list, stop, delete, verify."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver.context import Context
from mcp_types import CallToolResult
from pydantic import Field

from vitascope import provenance
from vitascope.jobs.values import Caller
from vitascope.serve.mcp_access import Access, Wait, ask, result
from vitascope.serve.mcp_making import VideoId
from vitascope.serve.mcp_values import Deleted, FilmList, FilmState, Marks, film_state, marks

__all__ = ["Shelf"]


class Shelf:
    """Each public method is a tool; its docstring is what the model reads."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def get(
        self, context: Context[Any], video_id: VideoId, wait: Wait = 0
    ) -> Annotated[CallToolResult, FilmState]:
        """Shows how a film stands and, once it is completed, the address where it plays.

        Use it after filming, with wait=30: it answers as soon as the film is finished, or after that time with how far
        it is. Call it again until the status is completed, failed or cancelled.
        """
        caller = await self._access.reader(context)
        return self._access.answer(context, await self._access.follow(context, caller, video_id, wait))

    async def list(
        self,
        context: Context[Any],
        limit: Annotated[int, Field(ge=1, le=100)] = 10,
        after: Annotated[
            str | None, Field(max_length=64, description="The id of the last film seen, to go on from there.")
        ] = None,
    ) -> Annotated[CallToolResult, FilmList]:
        """Lists the films of the workspace, newest first. Use it to find the id of a film that the user speaks of."""
        caller = await self._access.reader(context)
        page = await ask(lambda: self._access.desk.videos(caller, after=after, limit=limit))
        films = [film_state(video, self._access.link, short=True) for video in page.items]
        more = f"call vitascope_list with after={films[-1].id} for older films." if films and page.has_more else ""
        empty = "there is no film yet; vitascope_film makes one."
        listed = FilmList(films=films, has_more=page.has_more, next=more or ("" if films else empty))
        return result(_listed(listed), listed)

    async def takes(self, context: Context[Any], video_id: VideoId) -> Annotated[CallToolResult, FilmList]:
        """Lists all versions of a film, oldest first: the first one and what was made from it by edits and extensions.

        Use it to go back to an earlier version or to compare them. Any of them can be edited by its id.
        """
        caller = await self._access.reader(context)
        found = await ask(lambda: self._access.desk.takes(caller, video_id))
        films = [film_state(video, self._access.link, short=True) for video in found]
        listed = FilmList(
            films=films, has_more=False, next="call vitascope_edit with the id of any of these to go on from it."
        )
        return result(_listed(listed), listed)

    async def cancel(self, context: Context[Any], video_id: VideoId) -> Annotated[CallToolResult, FilmState]:
        """Stops making a film. Use it when the user no longer wants it; a film that is finished stays as it is."""
        caller = await self._access.writer(context)
        return self._access.answer(context, await ask(lambda: self._access.desk.cancel(caller, video_id)))

    async def delete(self, context: Context[Any], video_id: VideoId) -> Annotated[CallToolResult, Deleted]:
        """Deletes a film and its files for good; films that were made from it stay. Use it only when the user asks."""
        caller = await self._access.writer(context)
        await ask(lambda: self._access.desk.delete(caller, video_id))
        gone = Deleted(id=video_id, deleted=True, next="tell the user that the film is gone.")
        return result(f"Film {video_id} was deleted with its files.", gone)

    async def verify(self, context: Context[Any], video_id: VideoId) -> Annotated[CallToolResult, Marks]:
        """Checks the marks of a film: its signed record (C2PA), its tags, its visible label, and what it was edited from.

        Use it when the user asks whether a film is genuine, where it comes from, or whether it says that it is made by AI.
        """
        caller = await self._access.reader(context)
        found = await ask(lambda: self._verified(caller, video_id))
        return result("\n".join(found.sentences), found)

    def _verified(self, caller: Caller, video: str) -> Marks:
        content = self._access.desk.content(caller, video)
        with tempfile.TemporaryDirectory(prefix="vitascope-verify-") as folder:
            path = Path(folder) / "film.mp4"
            with content.open() as source, path.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            return marks(video, provenance.verify(path))


def _listed(films: FilmList) -> str:
    """One line a film."""
    lines = []
    for film in films.films:
        origin = f", from {film.parent_id}" if film.parent_id else ""
        address = f" {film.url}" if film.url else ""
        words = f"“{film.prompt}”" + (f" ({film.changed.rstrip('.')})" if film.changed else "")
        lines.append(f"- {film.id}: {words}; {film.seconds:g} s, {film.size}, {film.status}{origin}.{address}")
    return "\n".join([*lines, *([f"Next: {films.next}"] if films.next else [])])
