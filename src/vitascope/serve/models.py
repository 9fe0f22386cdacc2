"""What can be asked for as `model`: the engines that are here, and the names that old programs say."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from vitascope.jobs.desk import Engine
from vitascope.jobs.errors import Missing
from vitascope.serve.auth import Called
from vitascope.serve.house import house_of
from vitascope.serve.openapi import MODEL, MODELS

__all__ = ["router"]

router = APIRouter()
ALIASES = ("sora-2", "sora-2-pro", "vitascope")
"""Stand for the best engine that is here; the video says which one ran."""
MADE = 1764547200
"""When the first engine was released, 1 December 2025, in seconds since 1970."""


@router.get("/v1/models", responses=MODELS)
async def listed(request: Request, who: Called) -> dict[str, Any]:
    """The models: each engine, and the aliases of the first."""
    del who
    return {"object": "list", "data": _models(await run_in_threadpool(house_of(request).core.engines))}


@router.get("/v1/models/{model_id}", responses=MODEL)
async def retrieve(request: Request, model_id: str, who: Called) -> dict[str, Any]:
    """One model."""
    del who
    models = _models(await run_in_threadpool(house_of(request).core.engines))
    found = next((model for model in models if model["id"] == model_id), None)
    if found is None:
        known = ", ".join(model["id"] for model in models)
        raise Missing(f"There is no model {model_id[:80]!r}; here are {known}.", code="model_not_found", param="model")
    return found


def _models(engines: list[Engine]) -> list[dict[str, Any]]:
    if not engines:
        return []
    aliases = [_model(alias, engines[0], stands_for=engines[0].name) for alias in ALIASES]
    return [*(_model(engine.name, engine) for engine in engines), *aliases]


def _model(name: str, engine: Engine, *, stands_for: str | None = None) -> dict[str, Any]:
    return {
        "id": name,
        "object": "model",
        "created": MADE,
        "owned_by": "vitascope",
        "stands_for": stands_for,
        "ready": engine.ready,
        "remark": engine.remark or None,
        "input_reference": engine.takes_pictures,
        "edits": engine.edits,
    }
