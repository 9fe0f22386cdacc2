"""Files over HTTP, as `client.files` of the OpenAI clients asks for them: pictures to start from, and lines of batches."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse

from vitascope.jobs.errors import Invalid
from vitascope.jobs.files import StoredFile, check_upload
from vitascope.jobs.tiers import tier_named
from vitascope.jobs.values import Caller
from vitascope.serve.auth import Called
from vitascope.serve.body import read_body
from vitascope.serve.fields import Fields, Name, Upload, checked
from vitascope.serve.hooks import Hooks, hooks_of
from vitascope.serve.house import house_of
from vitascope.serve.openapi import DELETED, Described, Listed, body_of

__all__ = ["router"]

router = APIRouter()
PIECE = 256 * 1024


class Expiry(Fields):
    """`seconds` after it was created."""

    anchor: Literal["created_at"]
    seconds: Annotated[int, Field(ge=3600, le=2_592_000)]


class NewFile(Fields):
    """A file, and what it is for: batch, user_data or vision."""

    file: Upload
    purpose: Name
    expires_after: Expiry | None = None


class FileObject(Described):
    """A file that is kept."""

    id: str
    object: Literal["file"]
    bytes: int
    created_at: int
    expires_at: int | None
    filename: str
    purpose: str
    status: Literal["processed"]


class FileList(Listed):
    """Files by time."""

    data: list[FileObject]


FILE: dict[int | str, dict[str, Any]] = {200: {"model": FileObject}}
FILES: dict[int | str, dict[str, Any]] = {200: {"model": FileList}}
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The file."}
}


@router.post("/v1/files", responses=FILE, openapi_extra=body_of(NewFile))
async def create(request: Request, who: Called) -> dict[str, Any]:
    """Keep a file. Those for batches are kept for 30 days unless `expires_after` says otherwise, others until deleted."""
    fields = checked(NewFile, await read_body(request, documents={"expires_after"}))
    folder = house_of(request).settings.data / "incoming"
    return _object(await run_in_threadpool(_kept, hooks_of(request), who, fields, folder))


@router.get("/v1/files", responses=FILES)
async def listed(
    request: Request,
    who: Called,
    after: Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 10_000,
    order: Literal["asc", "desc"] = "desc",
    purpose: Annotated[str | None, Query(max_length=40, pattern=r"^[a-z_]+$")] = None,
) -> dict[str, Any]:
    """Those of the workspace by time."""
    hooks = hooks_of(request)
    page = await run_in_threadpool(
        lambda: hooks.files.files(who, after=after, limit=limit, ascending=order == "asc", purpose=purpose)
    )
    data = [_object(each) for each in page.items]
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
    return {"object": "list", "data": data, **ends, "has_more": page.has_more}


@router.get("/v1/files/{file_id}", responses=FILE)
async def retrieve(request: Request, file_id: str, who: Called) -> dict[str, Any]:
    """What is known of a file."""
    return _object(await run_in_threadpool(hooks_of(request).files.file, who, file_id))


@router.delete("/v1/files/{file_id}", responses=DELETED)
async def delete(request: Request, file_id: str, who: Called) -> dict[str, Any]:
    """Delete a file, unless a batch is being made from it."""
    await run_in_threadpool(hooks_of(request).files.delete, who, file_id)
    return {"id": file_id, "object": "file", "deleted": True}


@router.get("/v1/files/{file_id}/content", responses=BYTES, response_class=Response)
async def content(request: Request, file_id: str, who: Called) -> Response:
    """The bytes as they were uploaded. Sent as a download: what somebody uploaded is never shown as a page of ours."""
    files = hooks_of(request).files
    file = await run_in_threadpool(files.file, who, file_id)
    stream, _ = await run_in_threadpool(files.stream, who, file_id)

    def pieces():
        with stream:
            while piece := stream.read(PIECE):
                yield piece

    headers = {
        "content-length": str(file.size_bytes),
        "content-disposition": f'attachment; filename="{file.id}"',
        "x-content-type-options": "nosniff",
    }
    return StreamingResponse(pieces(), headers=headers, media_type="application/octet-stream")


def _kept(hooks: Hooks, who: Caller, fields: NewFile, folder: Path) -> StoredFile:
    upload = fields.file
    if not isinstance(upload, UploadFile):
        raise Invalid("The file is no file; send it as a part of multipart/form-data.", param="file")
    check_upload(fields.purpose, upload.size or 0, tier_named(who.tier).upload_bytes)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="file-") as whole:
        shutil.copyfileobj(upload.file, whole, PIECE)
        whole.flush()
        return hooks.files.create(
            who, Path(whole.name), filename=upload.filename or "file", purpose=fields.purpose, media_type=upload.content_type,
            expires_after=None if fields.expires_after is None else fields.expires_after.seconds,
        )  # fmt: skip


def _object(file: StoredFile) -> dict[str, Any]:
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.size_bytes,
        "created_at": file.created_at,
        "expires_at": file.expires_at,
        "filename": file.filename,
        "purpose": file.purpose,
        "status": "processed",
    }
