"""Films as resources: the file, its thumbnail, its document, and the list of the newest."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import anyio.to_thread
from mcp.server import MCPServer
from mcp.server.context import CallNext, HandlerResult, ServerRequestContext
from mcp.server.mcpserver.context import Context
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp_types import Resource

from vitascope.film import film_to_json
from vitascope.jobs.errors import JobError, Missing
from vitascope.jobs.values import Caller, State, Variant, Video
from vitascope.serve.mcp_access import Access
from vitascope.serve.mcp_values import FilmList, film_state

__all__ = ["BLOB_MOST", "LIST_URI", "add_resources"]

BLOB_MOST = 24_000_000
"""Bytes of a film that are handed over inside a message; they grow by a third there."""
LIST_URI = "vitascope://videos"
LISTED = 20
T = TypeVar("T")


def add_resources(server: MCPServer[Any], access: Access) -> None:
    """Have `server` offer the films of whoever asks."""
    films = _Films(access)
    template = server.resource
    template(
        "video://{video_id}",
        name="film",
        title="Film",
        mime_type="video/mp4",
        description="The finished film, an MP4 with sound. Large films are only given by the address that tools show.",
    )(films.film)
    template(
        "video://{video_id}/thumbnail",
        name="thumbnail",
        title="Thumbnail",
        mime_type="image/webp",
        description="A picture of the finished film.",
    )(films.thumbnail)
    template(
        "video://{video_id}/document",
        name="document",
        title="Film document",
        mime_type="application/json",
        description="The film as a document: shots, subjects, camera, light, sound.",
    )(films.document)
    template(
        LIST_URI + "{?after}",
        name="films",
        title="Films",
        mime_type="application/json",
        description="The films of the workspace, newest first, as a list; ?after=ID goes on from there.",
    )(films.films)
    server.middleware.append(films.listed)


class _Films:
    def __init__(self, access: Access) -> None:
        self._access = access

    async def film(self, video_id: str, context: Context[Any]) -> bytes:
        """The bytes of the film."""
        return await self._file(context, video_id, "video", ".mp4")

    async def thumbnail(self, video_id: str, context: Context[Any]) -> bytes:
        """The bytes of the picture."""
        return await self._file(context, video_id, "thumbnail", ".webp")

    async def document(self, video_id: str, context: Context[Any]) -> str:
        """The document as JSON."""
        caller = await self._caller(context)
        return await _asked(lambda: film_to_json(self._access.desk.document(caller, video_id)))

    async def films(self, context: Context[Any], after: str | None = None) -> str:
        """The list as JSON."""
        caller = await self._caller(context)
        page = await _asked(lambda: self._access.desk.videos(caller, after=after, limit=LISTED))
        films = [film_state(video, self._access.link, short=True) for video in page.items]
        more = f"read {LIST_URI}?after={films[-1].id} for older films" if films and page.has_more else ""
        return json.dumps(FilmList(films=films, has_more=page.has_more, next=more).model_dump(mode="json"))

    async def listed(self, ctx: ServerRequestContext[Any, Any], call_next: CallNext) -> HandlerResult:
        """Adds the list and the newest finished films of the caller to what `resources/list` answers."""
        answered = await call_next(ctx)
        if ctx.method != "resources/list" or not isinstance(answered, dict):
            return answered
        caller = await self._caller(Context(request_context=ctx))
        page = await _asked(lambda: self._access.desk.videos(caller, limit=LISTED))
        offered = [
            Resource(name="films", title="Films", uri=LIST_URI, mime_type="application/json"),
            *(_linked(video) for video in page.items if video.state is State.COMPLETED),
        ]
        entries = [each.model_dump(by_alias=True, exclude_none=True, mode="json") for each in offered]
        return {**answered, "resources": [*answered["resources"], *entries]}

    async def _file(self, context: Context[Any], video: str, variant: Variant, name: str) -> bytes:
        caller = await self._caller(context)

        def read() -> bytes:
            content = self._access.desk.content(caller, video, variant)
            if content.size > BLOB_MOST:
                raise ResourceError(
                    f"The film has {content.size / 1e6:.0f} MB, and resources are given up to {BLOB_MOST / 1e6:.0f} MB; "
                    f"fetch it from this address instead: {self._access.link(video, variant, name)}"
                )
            with content.open() as stream:
                return stream.read()

        return await _asked(read)

    async def _caller(self, context: Context[Any]) -> Caller:
        try:
            return await self._access.reader(context)
        except ToolError as error:
            raise ResourceError(str(error)) from None


def _linked(video: Video) -> Resource:
    return Resource(
        name=f"{video.id}.mp4",
        title=video.name or video.prompt[:80],
        uri=f"video://{video.id}",
        mime_type="video/mp4",
        size=video.size_bytes,
    )


async def _asked(work: Callable[[], T]) -> T:
    try:
        return await anyio.to_thread.run_sync(work)
    except Missing as error:
        raise ResourceNotFoundError(
            f"{error.message} The resource {LIST_URI} lists the films that there are."
        ) from None
    except JobError as error:
        raise ResourceError(error.message) from None
