"""What the pages play and show, over HTTP: films, their chunks while they are made, stills, who is seen where, captions.

A film document comes in here, too: what a page says over its socket may have a megabyte at most.
"""

from __future__ import annotations

import asyncio
import base64
import io
import re
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from fractions import Fraction
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import numpy as np
from fastapi import APIRouter, Depends, Query, Request
from PIL import Image
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from vitascope.film import Film, FilmError, film_from_json, film_to_json
from vitascope.jobs.desk import Content, Desk
from vitascope.jobs.errors import Invalid, JobError
from vitascope.jobs.values import Caller, Video
from vitascope.media import MediaError, encode_still, fragment, read_frame, scale_down
from vitascope.provenance import LABEL_TEXT
from vitascope.serve.content import reply_with
from vitascope.serve.errors import TooLarge
from vitascope.serve.house import House, house_of
from vitascope.studio import take_sound, take_still
from vitascope.web.looker import Looker
from vitascope.web.porch import visitor

__all__ = ["DOCUMENT_MOST", "address", "looker_of", "router", "spoken_in"]

router = APIRouter(prefix="/studio/films", include_in_schema=False)
FOREVER = {"cache-control": "private, max-age=31536000, immutable", "x-content-type-options": "nosniff"}
"""What stands under an address that changes with it."""
DOCUMENT_MOST = 2_000_000
"""Bytes of a document that is opened here."""
STILL_HEIGHTS = (90, 180, 360)
"""Rows that stills may have: few, so that browsers find them again."""
OPENED_SECONDS = 20.0
"""So long is waited for the first picture of a film that is being made, or waits for others, before it is drawn here."""
TAKING = asyncio.Lock()
"""Held while something is taken out of a film: it is decoded for it, which is work."""
ABOVE_EDGE = "line:-2"
"""Captions leave a line free below them."""
GONE = Response(status_code=499)
"""For nobody: who asked has hung up."""


async def _visitor(request: Request) -> Caller:
    return await visitor(request)


Visiting = Annotated[Caller, Depends(_visitor)]


def address(video: Video | str, name: str, **query: object) -> str:
    """Where a file of a film lies for the pages, such as address(take, "still.jpg", at=1)."""
    film = video if isinstance(video, str) else video.id
    asked = "&".join(f"{key}={quote(str(value), safe='')}" for key, value in query.items())
    return f"{router.prefix}/{film}/{name}{'?' if asked else ''}{asked}"


def looker_of(house: House) -> Looker:
    """Who draws single moments at this server."""
    looker = house.parts["looker"]
    assert isinstance(looker, Looker)
    return looker


@router.post("")
async def opened(request: Request, who: Visiting) -> Response:
    """Films a document that a browser sends; the answer names the film."""
    text = bytearray()
    async for piece in request.stream():
        text += piece
        if len(text) > DOCUMENT_MOST:
            raise TooLarge(f"A film document has at most {DOCUMENT_MOST // 1_000_000} MB; this is more.")
    try:
        film = await run_in_threadpool(film_from_json, bytes(text))
    except FilmError as error:
        raise Invalid(str(error)) from None
    video = await run_in_threadpool(house_of(request).core.shoot, who, film)
    return JSONResponse({"id": video.id})


@router.get("/{video_id}/film.mp4")
async def film_file(request: Request, video_id: str, who: Visiting, save: str | None = None) -> Response:
    """The finished film with its sound and its marks, in parts if asked for; `save` downloads it under that name."""
    house = house_of(request)
    found = await run_in_threadpool(house.core.content, who, video_id, "video")
    return _named(reply_with(found, request.method, request.headers), save, ".mp4")


@router.get("/{video_id}/still.png")
async def marked_still(
    request: Request, video_id: str, who: Visiting, at: str = "0", save: str | None = None
) -> Response:
    """The frame of the finished film at a moment [s], in its full size and with its marks."""
    moment = _seconds(at)
    return await _excerpt(request, who, video_id, save, "still.png", lambda film, file: take_still(film, moment, file))


@router.get("/{video_id}/sound.wav")
async def marked_sound(request: Request, video_id: str, who: Visiting, save: str | None = None) -> Response:
    """The sound of the finished film, with its marks."""
    return await _excerpt(request, who, video_id, save, "sound.wav", take_sound)


@router.get("/{video_id}/thumbnail.webp")
async def thumbnail(request: Request, video_id: str, who: Visiting) -> Response:
    """The picture of a finished film."""
    house = house_of(request)
    found: Content = await run_in_threadpool(house.core.content, who, video_id, "thumbnail")
    return reply_with(found, request.method, request.headers)


@router.get("/{video_id}/chunks/{number}.mp4")
async def chunk(request: Request, video_id: str, number: int, who: Visiting) -> Response:
    """A chunk that is drawn, as a browser appends it to what it plays. `?a=` its address, so that it is kept."""
    house = house_of(request)
    found = await run_in_threadpool(house.core.chunk, who, video_id, number)
    return Response(await run_in_threadpool(fragment, found), media_type="video/mp4", headers=FOREVER)


@router.get("/{video_id}/still.jpg")
async def still(
    request: Request, video_id: str, who: Visiting, at: str = "0", height: Annotated[int, Query()] = STILL_HEIGHTS[-1]
) -> Response:
    """The picture at a moment [s], also of a film that is not made yet: from its chunks, else drawn now."""
    if height not in STILL_HEIGHTS:
        raise Invalid(f"height is {height}; give one of {', '.join(map(str, STILL_HEIGHTS))}.", param="height")
    film, moment = await _moment(request, who, video_id, at)
    house = house_of(request)
    picture = await _filmed(house.core, who, video_id, moment, height)
    if picture is None:
        text = film_to_json(film)
        picture = await looker_of(house).still(text, moment, height=height, wanted=_wanted(request))
    return GONE if picture is None else Response(picture, media_type="image/jpeg", headers=FOREVER)


@router.get("/{video_id}/seen.json")
async def seen(request: Request, video_id: str, who: Visiting, at: str = "0") -> Response:
    """Who is seen where at a moment [s]: subjects in order, and a picture whose grey levels are their numbers from 1."""
    film, moment = await _moment(request, who, video_id, at)
    found = await looker_of(house_of(request)).seen(film_to_json(film), moment, wanted=_wanted(request))
    if found is None:
        return GONE
    file = io.BytesIO()
    Image.fromarray(np.minimum(found.ids, 255).astype(np.uint8)).save(file, "PNG")
    subjects = [{"id": one, "name": name} for one, name in zip(found.subjects, found.names, strict=True)]
    picture = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    return JSONResponse({"shot": found.shot, "subjects": subjects, "mask": picture}, headers=FOREVER)


@router.get("/{video_id}/scene.glb")
async def scene(request: Request, video_id: str, who: Visiting, at: str = "0", save: str | None = None) -> Response:
    """The shot at a moment [s] in space, as glTF; `save` downloads it under that name."""
    film, moment = await _moment(request, who, video_id, at)
    found = await looker_of(house_of(request)).scene(film_to_json(film), moment, wanted=_wanted(request))
    if found is None:
        return GONE
    return _named(Response(found.data, media_type="model/gltf-binary", headers=FOREVER), save, ".glb")


@router.get("/{video_id}/film.json")
async def document(request: Request, video_id: str, who: Visiting, save: str | None = None) -> Response:
    """The document."""
    film = await run_in_threadpool(house_of(request).core.document, who, video_id)
    headers = {"x-content-type-options": "nosniff", "cache-control": "private"}
    return _named(Response(film_to_json(film), media_type="application/json", headers=headers), save, ".json")


@router.get("/{video_id}/captions.vtt")
async def captions(request: Request, video_id: str, who: Visiting, save: str | None = None) -> Response:
    """What is said in the film, as a track of captions."""
    film = await run_in_threadpool(house_of(request).core.document, who, video_id)
    return _named(PlainTextResponse(captions_of(film), media_type="text/vtt", headers=FOREVER), save, ".vtt")


def spoken_in(film: Film) -> list[tuple[Fraction, Fraction, str]]:
    """What is narrated and said in a film: from when to when [s], and the words."""
    found, began = [], Fraction(0)
    for shot in film.shots:
        for cue in shot.cues:
            if cue.kind in ("narration", "dialogue") and cue.text:
                found.append((began + cue.span.start, began + cue.span.end, " ".join(cue.text.split())))
        began += shot.duration
    return found


def captions_of(film: Film) -> str:
    """WebVTT of the narration and the dialogue of a film."""
    lines = ["WEBVTT", "", f"NOTE {LABEL_TEXT} with Vitascope", ""]
    for start, end, text in spoken_in(film):
        lines += [f"{_clock(start)} --> {_clock(end)} {ABOVE_EDGE}", text.replace("-->", "→"), ""]
    return "\n".join(lines)


def _wanted(request: Request) -> Callable[[], Awaitable[bool]]:
    """Whether whoever asked still waits for the answer."""

    async def wanted() -> bool:
        return not await request.is_disconnected()

    return wanted


async def _filmed(desk: Desk, who: Caller, video: str, at: Fraction, height: int) -> bytes | None:
    """A still from what was drawn of a film. The first one of a film that is being made is waited for: drawing it here
    would only make both late. None where there is none."""
    async for now in desk.changes(who, video, timeout=OPENED_SECONDS):
        found = await run_in_threadpool(_cut, desk, who, now, at, height)
        if found is not None or at > 0 or now.state.is_end:
            return found
    return None


def _cut(desk: Desk, who: Caller, video: Video, at: Fraction, height: int) -> bytes | None:
    """The frame at a moment out of its chunk."""
    number = min(int(at * video.fps), video.frames - 1)
    for chunk in desk.chunks(who, video.id):
        place = number - chunk.first
        if 0 <= place < chunk.frames and (chunk.address or (chunk.opening and place == 0)):
            try:
                frame = read_frame(desk.chunk(who, video.id, chunk.number), place)
            except (JobError, MediaError):
                return None
            long_side = round(max(frame.shape[:2]) * min(1.0, height / frame.shape[0]))
            return encode_still(scale_down(frame, long_side=long_side), "JPEG")
    return None


async def _moment(request: Request, who: Caller, video_id: str, at: str) -> tuple[Film, Fraction]:
    film = await run_in_threadpool(house_of(request).core.document, who, video_id)
    return film, min(_seconds(at), film.duration)


def _seconds(at: str) -> Fraction:
    if not re.fullmatch(r"\d{1,6}(\.\d{1,9})?(/\d{1,9})?", at) or at.endswith("/0"):
        raise Invalid(f"at is {at[:40]!r}; give seconds of the film, such as 1.5 or 31/24.", param="at")
    return Fraction(at)


async def _excerpt(
    request: Request, who: Caller, video_id: str, save: str | None, name: str, take: Callable[[Path, Path], Path]
) -> Response:
    """A file that is taken out of the finished film, one after the other. It is deleted once it is sent."""
    found: Content = await run_in_threadpool(house_of(request).core.content, who, video_id, "video")
    folder = Path(tempfile.mkdtemp(prefix="vitascope-"))
    away = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)

    def taken() -> Path:
        with found.open() as source, (folder / "film.mp4").open("wb") as copy:
            shutil.copyfileobj(source, copy)
        return take(folder / "film.mp4", folder / name)

    try:
        async with TAKING:
            file = await run_in_threadpool(taken)
    except MediaError as error:
        await away()
        raise Invalid(str(error).partition(f": {folder}")[0] + ".", code="nothing_to_take") from error
    except BaseException:
        await away()
        raise
    return _named(FileResponse(file, headers=FOREVER, background=away), save, file.suffix)


def _named(response: Response, save: str | None, ending: str) -> Response:
    if save is not None:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", save).strip("-.")[:80] or "film"
        full = quote(f"{save[:80]}{ending}", safe="")
        response.headers["content-disposition"] = f"attachment; filename=\"{plain}{ending}\"; filename*=UTF-8''{full}"
    return response


def _clock(t: Fraction) -> str:
    milliseconds = round(t * 1000)
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"
