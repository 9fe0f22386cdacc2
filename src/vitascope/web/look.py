"""The files of the look, and signing in and out: what is served to whoever comes to the door."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse, Response

from vitascope.jobs.errors import JobError, Unauthorised
from vitascope.serve.house import house_of
from vitascope.web.porch import SIGN_IN, is_own_page, with_cookie, without_cookie
from vitascope.web.theme import FOLDER, style_sheet

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
KEPT = {"cache-control": "public, max-age=31536000, immutable"}
PICTURES = Path(__file__).parent / "ideas"
KEY_LONGEST = 200


@router.get("/studio/look/studio.css")
async def style() -> Response:
    """The style sheet."""
    return Response(style_sheet(), media_type="text/css", headers=KEPT)


@router.get("/studio/look/{name}")
async def look_file(name: str) -> Response:
    """The script and the mark."""
    if name not in ("studio.js", "mark.svg"):
        return Response(status_code=404)
    return FileResponse(FOLDER / name, headers=KEPT)


@router.get("/studio/ideas/{name}.webp")
async def idea_picture(name: str) -> Response:
    """The picture of an idea on the start page."""
    path = PICTURES / f"{name}.webp"
    if not name.replace("-", "").isalnum() or not path.is_file():
        return Response(status_code=404)
    return FileResponse(path, headers={"cache-control": "public, max-age=86400"})


@router.post(SIGN_IN)
async def sign_in(request: Request) -> Response:
    """Signs in with the key of a form."""
    house = house_of(request)
    if not is_own_page(request):
        raise Unauthorised("A page of another site asked; open the studio itself.")
    key = str((await request.form()).get("key", ""))[:KEY_LONGEST].strip()
    try:
        await run_in_threadpool(house.accounts.authenticate, key)
    except JobError:
        return RedirectResponse(f"{SIGN_IN}?wrong=1", status_code=303)
    return with_cookie(house, RedirectResponse("/", status_code=303), key)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """Signs out in this browser; the key holds on."""
    if not is_own_page(request):
        raise Unauthorised("A page of another site asked; open the studio itself.")
    return without_cookie(RedirectResponse(SIGN_IN, status_code=303))
