"""Batches over HTTP, as `client.batches` of the OpenAI clients asks for them: many films from the lines of one file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from vitascope.jobs.batches import Batch
from vitascope.serve.auth import Called
from vitascope.serve.body import read_body
from vitascope.serve.fields import Fields, Name, checked
from vitascope.serve.files import Expiry
from vitascope.serve.hooks import hooks_of
from vitascope.serve.openapi import Described, Listed, body_of

__all__ = ["router"]

router = APIRouter()
MOMENTS = (
    "in_progress_at", "finalizing_at", "completed_at", "failed_at", "expired_at", "cancelling_at", "cancelled_at", "expires_at",
)  # fmt: skip


class NewBatch(Fields):
    """Lines of POST /v1/videos in the file `input_file_id`, to be done within 24h, 48h or 7d."""

    input_file_id: Name
    endpoint: Name
    completion_window: Name
    metadata: Annotated[dict[str, str], Field(max_length=16)] | None = None
    output_expires_after: Expiry | None = None


class RequestCounts(Described):
    total: int
    completed: int
    failed: int


class BatchObject(Described):
    """A batch as it is now."""

    id: str
    object: Literal["batch"]
    endpoint: str
    input_file_id: str
    completion_window: str
    status: Literal[
        "validating", "failed", "in_progress", "finalizing", "completed", "expired", "cancelling", "cancelled"
    ]
    output_file_id: str | None
    error_file_id: str | None
    errors: dict[str, Any] | None
    metadata: dict[str, str] | None
    request_counts: RequestCounts
    created_at: int
    in_progress_at: int | None
    finalizing_at: int | None
    completed_at: int | None
    failed_at: int | None
    expired_at: int | None
    cancelling_at: int | None
    cancelled_at: int | None
    expires_at: int | None


class BatchList(Listed):
    """Batches, newest first."""

    data: list[BatchObject]


BATCH: dict[int | str, dict[str, Any]] = {200: {"model": BatchObject}}
BATCHES: dict[int | str, dict[str, Any]] = {200: {"model": BatchList}}


@router.post("/v1/batches", responses=BATCH, openapi_extra=body_of(NewBatch))
async def create(request: Request, who: Called) -> dict[str, Any]:
    """Accept a batch. Its films wait behind all others, and are queued as there is room."""
    fields = checked(NewBatch, await read_body(request, documents={"metadata", "output_expires_after"}))
    hooks = hooks_of(request)
    expiry = fields.output_expires_after
    made = await run_in_threadpool(
        lambda: hooks.batches.create(
            who,
            input_file=fields.input_file_id,
            endpoint=fields.endpoint,
            completion_window=fields.completion_window,
            metadata=fields.metadata,
            output_expires_after=None if expiry is None else expiry.seconds,
        )
    )
    return _object(made)


@router.get("/v1/batches", responses=BATCHES)
async def listed(
    request: Request,
    who: Called,
    after: Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """Those of the workspace, newest first."""
    page = await run_in_threadpool(lambda: hooks_of(request).batches.batches(who, after=after, limit=limit))
    data = [_object(each) for each in page.items]
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
    return {"object": "list", "data": data, **ends, "has_more": page.has_more}


@router.get("/v1/batches/{batch_id}", responses=BATCH)
async def retrieve(request: Request, batch_id: str, who: Called) -> dict[str, Any]:
    """A batch as it is now."""
    return _object(await run_in_threadpool(hooks_of(request).batches.batch, who, batch_id))


@router.post("/v1/batches/{batch_id}/cancel", responses=BATCH)
async def cancel(request: Request, batch_id: str, who: Called) -> dict[str, Any]:
    """Stop a batch. Films that were made stay, and its files tell of all lines."""
    return _object(await run_in_threadpool(hooks_of(request).batches.cancel, who, batch_id))


def _object(batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "object": "batch",
        "endpoint": batch.endpoint,
        "input_file_id": batch.input_file,
        "completion_window": batch.completion_window,
        "status": batch.state,
        "output_file_id": batch.output_file,
        "error_file_id": batch.error_file,
        "errors": batch.errors,
        "metadata": batch.metadata,
        "request_counts": {
            "total": batch.counts.total,
            "completed": batch.counts.completed,
            "failed": batch.counts.failed,
        },
        "created_at": batch.created_at,
        **{moment: batch.moments.get(moment) for moment in MOMENTS},
    }
