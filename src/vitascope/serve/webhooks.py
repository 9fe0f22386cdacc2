"""Webhooks over HTTP: where events are sent, as `client.webhooks` of the OpenAI clients asks for it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from vitascope.jobs.callback import Unreachable
from vitascope.jobs.errors import JobError
from vitascope.jobs.values import Caller
from vitascope.jobs.webhooks import EVENT_TYPES, Endpoint
from vitascope.serve.auth import needs
from vitascope.serve.body import read_body
from vitascope.serve.fields import Fields, Name, checked
from vitascope.serve.hooks import hooks_of, note
from vitascope.serve.openapi import DELETED, Described, Listed, body_of

__all__ = ["router"]

router = APIRouter()
Manager = Annotated[Caller, Depends(needs("manage"))]
Url = Annotated[str, Field(min_length=1, max_length=2000)]
Types = Annotated[list[Name], Field(min_length=1, max_length=50)]


class NewEndpoint(Fields):
    """Where events of these types shall be sent."""

    name: Name
    url: Url
    event_types: Types


class ChangedEndpoint(Fields):
    """What shall be different. An endpoint that was switched off is switched on again."""

    name: Name | None = None
    url: Url | None = None
    event_types: Types | None = None


class Rotation(Fields):
    """Whether the old secret goes on signing, too, for a day."""

    keep_old_secret_active_for_24_hours: bool = False


class Trial(Fields):
    """The type of the made-up event."""

    event_type: Name


class EndpointObject(Described):
    """Where events are sent."""

    id: str
    object: Literal["webhook_endpoint"]
    created_at: int
    updated_at: int
    name: str
    url: str
    event_types: list[str]
    disabled: bool
    signing_secret_hint: str
    signing_secret: str | None = None


class EndpointList(Listed):
    """Endpoints, newest first."""

    data: list[EndpointObject]


ENDPOINT: dict[int | str, dict[str, Any]] = {200: {"model": EndpointObject}}
ENDPOINTS: dict[int | str, dict[str, Any]] = {200: {"model": EndpointList}}


class NoAnswer(JobError):
    """The endpoint could not be reached for a trial."""

    status, code = 400, "webhook_unreachable"


@router.get("/v1/webhook_event_types")
async def event_types(who: Manager) -> dict[str, Any]:
    """The types of events that can be asked for."""
    del who
    return {"object": "list", "data": list(EVENT_TYPES)}


@router.post("/v1/webhook_endpoints", responses=ENDPOINT, openapi_extra=body_of(NewEndpoint))
async def create(request: Request, who: Manager) -> dict[str, Any]:
    """Have events sent to an address. The answer tells the secret that signs them: now, and never again."""
    fields = checked(NewEndpoint, await read_body(request))
    hooks = hooks_of(request)
    made = await run_in_threadpool(
        lambda: hooks.webhooks.create(who, name=fields.name, url=fields.url, event_types=fields.event_types)
    )
    await run_in_threadpool(note, request, "webhook.create", who, made.id)
    return _object(made)


@router.get("/v1/webhook_endpoints", responses=ENDPOINTS)
async def listed(
    request: Request,
    who: Manager,
    after: Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:
    """Those of the workspace, newest first."""
    page = await run_in_threadpool(lambda: hooks_of(request).webhooks.endpoints(who, after=after, limit=limit))
    data = [_object(each) for each in page.items]
    ends = {"first_id": data[0]["id"], "last_id": data[-1]["id"]} if data else {"first_id": None, "last_id": None}
    return {"object": "list", "data": data, **ends, "has_more": page.has_more}


@router.get("/v1/webhook_endpoints/{endpoint_id}", responses=ENDPOINT)
async def retrieve(request: Request, endpoint_id: str, who: Manager) -> dict[str, Any]:
    """One of them, without its secret."""
    return _object(await run_in_threadpool(hooks_of(request).webhooks.endpoint, who, endpoint_id))


@router.post("/v1/webhook_endpoints/{endpoint_id}", responses=ENDPOINT, openapi_extra=body_of(ChangedEndpoint))
async def update(request: Request, endpoint_id: str, who: Manager) -> dict[str, Any]:
    """Change what is given. An endpoint that was switched off because it did not answer is switched on again."""
    fields = checked(ChangedEndpoint, await read_body(request))
    hooks = hooks_of(request)
    changed = await run_in_threadpool(
        lambda: hooks.webhooks.update(
            who, endpoint_id, name=fields.name, url=fields.url, event_types=fields.event_types
        )
    )
    await run_in_threadpool(note, request, "webhook.update", who, endpoint_id)
    return _object(changed)


@router.delete("/v1/webhook_endpoints/{endpoint_id}", responses=DELETED)
async def delete(request: Request, endpoint_id: str, who: Manager) -> dict[str, Any]:
    """Forget an endpoint, and what was on its way to it."""
    await run_in_threadpool(hooks_of(request).webhooks.delete, who, endpoint_id)
    await run_in_threadpool(note, request, "webhook.delete", who, endpoint_id)
    return {"id": endpoint_id, "object": "webhook_endpoint.deleted", "deleted": True}


@router.post("/v1/webhook_endpoints/{endpoint_id}/rotate_secret", responses=ENDPOINT, openapi_extra=body_of(Rotation))
async def rotate_secret(request: Request, endpoint_id: str, who: Manager) -> dict[str, Any]:
    """Give an endpoint a new secret, and tell it in the answer."""
    fields = checked(Rotation, await read_body(request))
    hooks = hooks_of(request)
    keep = fields.keep_old_secret_active_for_24_hours
    rotated = await run_in_threadpool(lambda: hooks.webhooks.rotate(who, endpoint_id, keep_old=keep))
    await run_in_threadpool(note, request, "webhook.rotate_secret", who, endpoint_id)
    return _object(rotated)


@router.post("/v1/webhook_endpoints/{endpoint_id}/test", openapi_extra=body_of(Trial))
async def test(request: Request, endpoint_id: str, who: Manager) -> dict[str, Any]:
    """Send a made-up event now, once, and tell the status of the answer."""
    fields = checked(Trial, await read_body(request))
    try:
        status = await hooks_of(request).webhooks.test(who, endpoint_id, fields.event_type)
    except Unreachable as reason:
        raise NoAnswer(f"The endpoint could not be reached: {reason}. Check its url, and that it runs.") from None
    return {
        "object": "webhook_endpoint.test",
        "webhook_endpoint_id": endpoint_id,
        "event_type": fields.event_type,
        "status_code": status,
        "success": True,
    }


def _object(endpoint: Endpoint) -> dict[str, Any]:
    written = {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "created_at": endpoint.created_at,
        "updated_at": endpoint.updated_at,
        "name": endpoint.name,
        "url": endpoint.url,
        "event_types": list(endpoint.event_types),
        "disabled": endpoint.disabled,
        "signing_secret_hint": endpoint.hint,
    }
    return written if endpoint.secret is None else written | {"signing_secret": endpoint.secret}
