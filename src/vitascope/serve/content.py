"""Files of films over HTTP: parts (Range), whether they changed (ETag), and signed addresses that a browser can play."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import time
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from vitascope.jobs.desk import Content
from vitascope.jobs.errors import Forbidden, Missing
from vitascope.jobs.known import workspace_of
from vitascope.jobs.values import Caller, Role, Variant
from vitascope.serve import auth
from vitascope.serve.errors import envelope
from vitascope.serve.house import House, house_of

__all__ = ["HOUR", "parts_of", "reply_with", "router", "signed_url"]

router = APIRouter()
PIECE = 256 * 1024
HOUR = 3600
SUFFIXES: dict[Variant, str] = {"video": ".mp4", "thumbnail": ".webp", "spritesheet": ".jpg"}
BYTES = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)
MEDIA: dict[int | str, dict[str, Any]] = {
    200: {"content": {media: {"schema": {"type": "string", "format": "binary"}}
                      for media in ("video/mp4", "image/webp", "image/jpeg")}, "description": "The file."},
    206: {"description": "The part of the file that Range asks for."},
    304: {"description": "The file is the one that If-None-Match names."},
    416: {"description": "The file is shorter than Range asks for."},
}  # fmt: skip


@router.head("/v1/videos/{video_id}/content", include_in_schema=False)
@router.get("/v1/videos/{video_id}/content", responses=MEDIA, response_class=Response)
async def content(
    request: Request,
    video_id: str,
    who: Annotated[Caller, Depends(auth.films)],
    variant: Annotated[Literal["video", "thumbnail", "spritesheet"], Query()] = "video",
) -> Response:
    """The film (MP4), its thumbnail (WebP) or a sheet of its frames (JPEG)."""
    house = house_of(request)
    found = await run_in_threadpool(house.core.content, who, video_id, variant)
    return reply_with(found, request.method, request.headers)


@router.head("/v1/videos/{video_id}/content.{suffix}", include_in_schema=False)
@router.get("/v1/videos/{video_id}/content.{suffix}", responses=MEDIA, response_class=Response)
async def content_file(
    request: Request,
    video_id: str,
    suffix: Literal["mp4", "webp", "jpg"],
    exp: int | None = None,
    sig: str | None = None,
) -> Response:
    """The same by the ending of a file (mp4, webp, jpg), with a key or as a signed address."""
    house = house_of(request)
    variant: Variant = next(each for each, ending in SUFFIXES.items() if ending == f".{suffix}")
    if exp is None and sig is None:
        who = await auth.films(await auth.caller(request))
    else:
        _check_signature(house, video_id, variant, exp or 0, sig or "")
        who = await run_in_threadpool(_guest, house, video_id)
    found = await run_in_threadpool(house.core.content, who, video_id, variant)
    return reply_with(found, request.method, request.headers)


def signed_url(house: House, video_id: str, variant: Variant = "video", name: str = "", *, hours: int = 24) -> str:
    """An address that plays without a key for `hours` to one hour more; it stays the same within an hour.

    It ends as the file does (.mp4, .webp, .jpg); a `name` that is given must be that ending.
    """
    assert name in ("", SUFFIXES[variant]), name
    until = (int(time.time()) // HOUR + 1 + hours) * HOUR
    signature = _signature(house.secret, video_id, variant, until)
    return f"{house.settings.url}/v1/videos/{video_id}/content{SUFFIXES[variant]}?exp={until}&sig={signature}"


def reply_with(content: Content, method: str, headers: Mapping[str, str]) -> Response:
    """The answer to a request for `content`: all of it, a part, or that it did not change. Read piece by piece."""
    etag = f'"{content.sha256}"'
    told = {
        "etag": etag,
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=3600",
        "content-disposition": _disposition(content.name),
        "x-content-type-options": "nosniff",
    }
    if _names(headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=told)
    asked = headers.get("range") if headers.get("if-range") in (None, etag) else None
    part = parts_of(asked, content.size)
    if part == "unsatisfiable":
        reply = envelope(
            416,
            f"The file has {content.size} bytes, fewer than the header Range asks for.",
            code="invalid_range",
            param="Range",
        )
        reply.headers["content-range"] = f"bytes */{content.size}"
        return reply
    start, length = part or (0, content.size)
    told["content-length"] = str(length)
    if part is not None:
        told["content-range"] = f"bytes {start}-{start + length - 1}/{content.size}"
    status = 200 if part is None else 206
    if method == "HEAD":
        return Response(status_code=status, headers=told, media_type=content.media_type)
    return StreamingResponse(_pieces(content, start, length), status, told, media_type=content.media_type)


def parts_of(asked: str | None, size: int) -> tuple[int, int] | Literal["unsatisfiable"] | None:
    """(start, length) of the one part that a Range header asks for; None when all is to be sent.

    What is not understood, and several parts at once, may be answered with everything (RFC 9110, 14.2).
    """
    found = BYTES.fullmatch(asked.strip()) if asked else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        return (size - length, length) if length else "unsatisfiable"
    first, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if last < first and found[2]:
        return None
    if first >= size:
        return "unsatisfiable"
    return first, min(last, size - 1) - first + 1


def _pieces(content: Content, start: int, length: int) -> Iterator[bytes]:
    with content.open(start, length) as stream:
        left = length
        while left > 0 and (piece := stream.read(min(PIECE, left))):
            left -= len(piece)
            yield piece


def _guest(house: House, video_id: str) -> Caller:
    """Who holds a signed address: somebody who may look at that one film."""
    workspace = workspace_of(house.database, video_id)
    if workspace is None:
        raise Missing(f"There is no video {video_id!r} any more.", param="video_id")
    return Caller(account="", workspace=workspace, role=Role.VIEWER, tier="")


def _check_signature(house: House, video_id: str, variant: Variant, until: int, signature: str) -> None:
    wanted = _signature(house.secret, video_id, variant, until)
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        raise Forbidden(
            "The signature of this address does not hold; ask for the video to get a new one.", code="invalid_signature"
        )
    if until < time.time():
        raise Forbidden("This address ran out; ask for the video to get a new one.", code="expired_signature")


def _signature(secret: bytes, video_id: str, variant: str, until: int) -> str:
    digest = hmac.digest(secret, f"content\n{video_id}\n{variant}\n{until}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _names(condition: str | None, etag: str) -> bool:
    if condition is None:
        return False
    return condition.strip() == "*" or etag in {each.strip().removeprefix("W/") for each in condition.split(",")}


def _disposition(name: str) -> str:
    """Played in place, and saved under a name of letters that no system minds, with the full name beside it."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "film"
    return f"inline; filename=\"{plain[:100]}\"; filename*=UTF-8''{quote(name[:100], safe='')}"
