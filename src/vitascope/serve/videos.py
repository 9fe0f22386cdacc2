"""The Videos API: the routes that thousands of programs know, and what is ours beside them (cancel, sync, takes, choice)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from vitascope.director.editing import Impossible, NotUnderstood, Question, Selection
from vitascope.jobs.errors import Conflict, Invalid, JobError
from vitascope.jobs.values import Caller, Operation, State, Video
from vitascope.serve.auth import Called
from vitascope.serve.body import read_body
from vitascope.serve.content import reply_with, signed_url
from vitascope.serve.fields import (
    CreateFields,
    EditFields,
    ExtendFields,
    Fields,
    Form,
    Pointed,
    RemixFields,
    VideoReference,
    checked,
    documents_of,
    id_of,
)
from vitascope.serve.house import House, house_of
from vitascope.serve.objects import poll_after_ms, video_object
from vitascope.serve.openapi import DELETED, VIDEO, VIDEOS, body_of
from vitascope.serve.uploads import own_film, with_picture
from vitascope.serve.wishes import SECONDS, wish_from
from vitascope.studio.errors import ProjectError
from vitascope.studio.pointing import select

__all__ = ["as_object", "reply_body", "retrieve", "router", "video_or_fault"]

router = APIRouter()
Key = Annotated[str | None, Header(alias="idempotency-key", max_length=255, pattern=r"^[!-~]+$")]
FORMS: tuple[type[Fields], ...] = (CreateFields, EditFields, ExtendFields, RemixFields)
DOCUMENTS: dict[type[Fields], frozenset[str]] = {form: documents_of(form) for form in FORMS}
WATCH_SECONDS = 2.0


@router.post("/v1/videos", responses=VIDEO, openapi_extra=body_of(CreateFields))
async def create(request: Request, who: Called, key: Key = None) -> Response:
    """Queue a film of a prompt. With `n`, several with seeds that follow on each other: the first, naming all of them."""
    house = house_of(request)
    return _reply(house, *await _created(request, house, who, key))


@router.post("/v1/videos/sync", responses={200: {"content": {"video/mp4": {}}}}, openapi_extra=body_of(CreateFields))
async def create_and_wait(request: Request, who: Called, key: Key = None) -> Response:
    """Make a film and answer with its MP4. Whoever hangs up cancels it."""
    house = house_of(request)
    video, *more = await _created(request, house, who, key, most=1)
    del more
    while not video.state.is_end:
        async for changed in house.core.changes(who, video.id, timeout=WATCH_SECONDS):
            video = changed
        if not video.state.is_end and await request.is_disconnected():
            video = await run_in_threadpool(house.core.cancel, who, video.id)
    if video.state is not State.COMPLETED:
        raise _unfinished(video)
    content = await run_in_threadpool(house.core.content, who, video.id, "video")
    reply = reply_with(content, "GET", {})
    reply.headers["x-video-id"] = video.id
    if video.started_at is not None and video.completed_at is not None:
        reply.headers["x-inference-time-s"] = str(video.completed_at - video.started_at)
    return reply


@router.get("/v1/videos", responses=VIDEOS)
async def listed(
    request: Request,
    who: Called,
    after: Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = None,
    limit: Annotated[int, Query(ge=0, le=100)] = 20,
    order: Literal["asc", "desc"] = "desc",
) -> Response:
    """Films of the workspace by time; `after` is the last id of the page before."""
    house = house_of(request)
    page = await run_in_threadpool(
        lambda: house.core.videos(who, after=after, limit=max(1, limit), ascending=order == "asc")
    )
    items = page.items if limit else ()
    return _list(house, items, page.has_more if limit else bool(page.items))


@router.post("/v1/videos/edits", responses=VIDEO, openapi_extra=body_of(EditFields))
async def edit(request: Request, who: Called, key: Key = None) -> Response:
    """Queue what words say to a film, as its child. What they do not name stays as it is."""
    fields = await _fields(request, EditFields)
    return await _edited(request, who, fields.video, fields, key, "edit")


@router.post("/v1/videos/extensions", responses=VIDEO, openapi_extra=body_of(ExtendFields))
async def extend(request: Request, who: Called, key: Key = None) -> Response:
    """Queue a film that goes on where another ends; its `seconds` are those of both together."""
    fields = await _fields(request, ExtendFields)
    return await _edited(request, who, fields.video, fields, key, "extend")


@router.get("/v1/videos/{video_id}", responses=VIDEO)
async def retrieve(request: Request, video_id: str, who: Called) -> Response:
    """A film as it is now. A film that failed is a good answer: `status` is failed, and `error` says why.

    What memory knows was answered before (`Polls`).
    """
    house = house_of(request)
    return _reply(house, await run_in_threadpool(house.core.video, who, video_id))


@router.delete("/v1/videos/{video_id}", responses=DELETED)
async def delete(request: Request, video_id: str, who: Called) -> dict[str, Any]:
    """Delete a film and its files, cancelling it if need be. Films made from it stay."""
    await run_in_threadpool(house_of(request).core.delete, who, video_id)
    return {"id": video_id, "object": "video.deleted", "deleted": True}


@router.post("/v1/videos/{video_id}/cancel", responses=VIDEO)
async def cancel(request: Request, video_id: str, who: Called) -> Response:
    """Stop making a film. What is at an end stays as it is."""
    house = house_of(request)
    return _reply(house, await run_in_threadpool(house.core.cancel, who, video_id))


@router.post("/v1/videos/{video_id}/remix", responses=VIDEO, openapi_extra=body_of(RemixFields))
async def remix(request: Request, video_id: str, who: Called, key: Key = None) -> Response:
    """Queue what words say to the film that the address names, as its child."""
    fields = await _fields(request, RemixFields)
    return await _edited(request, who, video_id, fields, key, "remix")


@router.get("/v1/videos/{video_id}/takes", responses=VIDEOS)
async def takes(request: Request, video_id: str, who: Called) -> Response:
    """All films of the tree that this one is in, oldest first."""
    house = house_of(request)
    return _list(house, await run_in_threadpool(house.core.takes, who, video_id), False)


def as_object(house: House, video: Video) -> dict[str, Any]:
    """The Video object, with addresses that a browser can play once the film is there."""
    if video.state is not State.COMPLETED:
        return video_object(video, url=None, thumbnail_url=None)
    urls = {"url": signed_url(house, video.id), "thumbnail_url": signed_url(house, video.id, "thumbnail")}
    return video_object(video, **urls)


def reply_body(house: House, video: Video) -> bytes:
    """The Video object as it is sent."""
    return bytes(JSONResponse(as_object(house, video)).body)


def video_or_fault(answer: Video | Question | Impossible | NotUnderstood) -> Video:
    """The film that an instruction led to. Raises Invalid that says what stands in the way, with the choices numbered."""
    if isinstance(answer, Video):
        return answer
    if isinstance(answer, NotUnderstood):
        raise Invalid(answer.text, code="not_understood", param="prompt")
    code = "ambiguous_instruction" if isinstance(answer, Question) else "impossible"
    ways = " ".join(f"{number}) {choice.label}" for number, choice in enumerate(answer.choices, 1))
    hint = f" Send the same again with choice: {ways}" if answer.choices else ""
    raise Invalid(f"{answer.text}{hint}", code=code, param="prompt")


async def _fields(request: Request, form: type[Form]) -> Form:
    return checked(form, await read_body(request, documents=DOCUMENTS[form]))


async def _created(request: Request, house: House, who: Caller, key: str | None, most: int = 16) -> list[Video]:
    fields = await _fields(request, CreateFields)
    wish = wish_from(fields, idempotency_key=key)
    if wish.n > most:
        raise Invalid(f"n is {wish.n}; this route makes {most} film. Use POST /v1/videos for more.", param="n")
    return await run_in_threadpool(
        lambda: house.core.create(who, with_picture(house, who, wish, fields.input_reference))
    )


async def _edited(
    request: Request,
    who: Caller,
    video: str | VideoReference | UploadFile,
    fields: EditFields | ExtendFields | RemixFields,
    key: str | None,
    operation: Operation,
) -> Response:
    house = house_of(request)

    def edited() -> Video:
        source = own_film(house, who, video) if isinstance(video, UploadFile) else id_of(video)
        pointed = getattr(fields, "selection", None)
        answer = house.core.edit(
            who,
            source,
            fields.prompt,
            operation=operation,
            seconds=(fields.seconds or SECONDS) if isinstance(fields, ExtendFields) else None,
            choice=fields.choice,
            selection=None if pointed is None else _selected(house, who, source, pointed),
            idempotency_key=key,
        )
        return video_or_fault(answer)

    return _reply(house, await run_in_threadpool(edited))


def _selected(house: House, who: Caller, video: str, pointed: Pointed) -> Selection:
    """What is pointed at in a film of the caller. Raises Invalid when there is no such subject or moment."""
    if pointed.start is None and pointed.end is not None:
        raise Invalid(
            "The selection has an end, but no start; give both, or a start alone for a moment.", param="selection"
        )
    at = None if pointed.start is None else (pointed.start, pointed.end)
    try:
        return select(house.core.document(who, video), at=at, subjects=pointed.subjects)
    except ProjectError as error:
        raise Invalid(str(error), param="selection") from None


def _reply(house: House, video: Video, *more: Video) -> Response:
    """The Video object, with when to ask again. The first of several names them all."""
    written = as_object(house, video)
    if more:
        written["variants"] = [each.id for each in (video, *more)]
    return JSONResponse(written, headers={"openai-poll-after-ms": str(poll_after_ms(video, others=house.core.asked))})


def _list(house: House, videos: Iterable[Video], has_more: bool) -> Response:
    data = [as_object(house, video) for video in videos]
    first, last = (data[0]["id"], data[-1]["id"]) if data else (None, None)
    return JSONResponse({"object": "list", "data": data, "first_id": first, "last_id": last, "has_more": has_more})


def _unfinished(video: Video) -> JobError:
    if video.fault is not None:
        return Unfinished(video.fault.message, code=video.fault.code)
    return Conflict(f"The video {video.id} was cancelled before it was made; create it again.", code="cancelled")


class Unfinished(JobError):
    """A film that was waited for, and failed."""

    status, code = 422, "generation_failed"
