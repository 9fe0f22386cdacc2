"""Characters: subjects under a name. Made and read as the Videos API has it; listed and deleted as it does not."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from vitascope.jobs.desk import Character
from vitascope.jobs.errors import Invalid
from vitascope.jobs.values import Caller
from vitascope.serve.auth import Called
from vitascope.serve.body import read_body
from vitascope.serve.fields import CharacterFields, checked, documents_of, id_of
from vitascope.serve.house import House, house_of
from vitascope.serve.objects import character_object
from vitascope.serve.openapi import CHARACTER, CHARACTERS, DELETED, body_of
from vitascope.serve.uploads import film_in

__all__ = ["router"]

router = APIRouter()
DOCUMENTS = documents_of(CharacterFields)


@router.post("/v1/videos/characters", responses=CHARACTER, openapi_extra=body_of(CharacterFields))
async def create(request: Request, who: Called) -> dict[str, Any]:
    """Keep the subject of a film under a name that prompts can say."""
    house = house_of(request)
    fields = checked(CharacterFields, await read_body(request, documents=DOCUMENTS))
    if not fields.name.strip():
        raise Invalid("The name is empty; give one that prompts can say.", param="name")
    return character_object(await run_in_threadpool(_created, house, who, fields))


@router.get("/v1/videos/characters", responses=CHARACTERS)
async def listed(request: Request, who: Called) -> dict[str, Any]:
    """All characters of the workspace."""
    found = await run_in_threadpool(house_of(request).core.characters, who)
    data = [character_object(each) for each in found]
    first, last = (data[0]["id"], data[-1]["id"]) if data else (None, None)
    return {"object": "list", "data": data, "first_id": first, "last_id": last, "has_more": False}


@router.get("/v1/videos/characters/{character_id}", responses=CHARACTER)
async def retrieve(request: Request, character_id: str, who: Called) -> dict[str, Any]:
    """One character."""
    return character_object(await run_in_threadpool(house_of(request).core.character, who, character_id))


@router.delete("/v1/videos/characters/{character_id}", responses=DELETED)
async def delete(request: Request, character_id: str, who: Called) -> dict[str, Any]:
    """Forget a character. Films that use it stay as they are."""
    await run_in_threadpool(house_of(request).core.delete_character, who, character_id)
    return {"id": character_id, "object": "character.deleted", "deleted": True}


def _created(house: House, who: Caller, fields: CharacterFields) -> Character:
    if not isinstance(fields.video, UploadFile):
        return house.core.create_character(who, fields.name, id_of(fields.video))
    with film_in(house, fields.video) as film, film.path.open("rb") as stream:
        return house.core.create_character(who, fields.name, stream)
