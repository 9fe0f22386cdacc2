"""A server with something in it: rows of every table, and files."""

from __future__ import annotations

import time

from sqlalchemy import insert

from vitascope.jobs.accounts import SCOPES, Accounts
from vitascope.jobs.database import Database
from vitascope.jobs.storage import Storage
from vitascope.jobs.tables import (
    AuditRow,
    BatchRow,
    CharacterRow,
    ChunkRow,
    DeliveryRow,
    EndpointRow,
    FileRow,
    UsageRow,
    VideoRow,
)
from vitascope.jobs.talks import conversation_key, new_response_id, response_key
from vitascope.jobs.values import Caller


def film_row(caller: Caller, number: int = 1, **fields) -> VideoRow:
    """A completed film of `caller`; `fields` say what is different. Its id is "video_" and `number` unless it is given."""
    id_ = fields.pop("id", f"video_{number}")
    row = {
        "id": id_, "workspace": caller.workspace, "account": caller.account, "ordinal": number, "state": "completed",
        "model": "sora-2", "engine": "world", "prompt": "A red ball — ünïcode and 'quotes'\nand lines", "operation": "create",
        "root": id_, "film": '{"seed": 7}', "seconds": "17/2", "size": "128x128", "fps": "24", "seed": 7,
        "ways": {"reused": 24, "drawn": 20, "redrawn": 4}, "chunks": ["ab" * 32], "prefix": f"videos/{id_}/1",
        "created_at": 1_790_000_000, "completed_at": 1_790_000_060,
    }  # fmt: skip
    return VideoRow(**(row | fields))


def put_film(storage: Storage, prefix: str, content: bytes = b"film") -> None:
    """The files of a film."""
    storage.put(f"{prefix}/film.mp4", content, "video/mp4")
    storage.put(f"{prefix}/film.json", b"{}", "application/json")


def fill(database: Database, storage: Storage) -> tuple[Caller, str]:
    """Rows in every table, and files. Returns the owner and the secret of a key."""
    accounts = Accounts(database)
    account = accounts.create_account("Ada", "free")
    workspace = accounts.create_workspace("Engines", account.id)
    _, secret = accounts.create_key(account.id, workspace.id, "laptop", SCOPES)
    caller = accounts.authenticate(secret)
    own = {"workspace": caller.workspace, "account": caller.account, "created_at": int(time.time())}
    with database.writing() as session:
        session.add_all([
            film_row(caller, 1),
            film_row(caller, 2, state="failed", prefix=None, starred=True, forecast_seconds=1.5),
            CharacterRow(
                id="character_1", name="Mochi", consent={"declared": True}, source="characters/character_1/source.mp4", **own
            ),
            FileRow(
                id="file_1", purpose="batch", filename="lines.jsonl", media_type="application/jsonl", size_bytes=5,
                storage_key="files/file_1", **own,
            ),
            BatchRow(
                id="batch_1", state="completed", input_file="file_1", lines=["video_1", ""], fields={"metadata": {"a": "b"}},
                **own,
            ),
            EndpointRow(
                id="endpoint_1", workspace=caller.workspace, name="home", url="https://example.org",
                event_types=["video.completed"], secret="whsec_x", created_at=1, updated_at=1,
            ),
        ])  # fmt: skip
        session.flush()
        session.add_all([
            ChunkRow(video="video_1", number=0, frames=24, address="ab" * 32, seconds=2.5),
            DeliveryRow(id="delivery_1", endpoint="endpoint_1", event="event_1", body="{}", next_at=time.time()),
        ])  # fmt: skip
        line = {
            "account": caller.account,
            "workspace": caller.workspace,
            "month": "2026-10",
            "seconds": 8.5,
            "frames_drawn": 24,
        }
        session.execute(insert(UsageRow).values(id=41, video="video_0", work_seconds=2.5, created_at=1, **line))
        session.execute(
            insert(AuditRow).values(id=17, created_at=1, account=caller.account, action="key.create", object="key_1")
        )
    put_film(storage, "videos/video_1/1", b"film" * 100_000)
    storage.put("files/file_1", b"lines")
    storage.put("characters/character_1/source.mp4", b"film")
    storage.put("chunks/" + "ab" * 32, b"chunk")
    said = new_response_id()
    storage.put(response_key(caller.workspace, said), b'{"thread": [["user", "A ball"]]}', "application/json")
    storage.put(conversation_key(caller.workspace, "about a ball"), said.encode(), "text/plain")
    return caller, secret
