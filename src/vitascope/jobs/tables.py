"""The tables of the database, for SQLite and PostgreSQL alike. Times are whole seconds since 1970, documents are JSON text."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Boolean, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

__all__ = [
    "AccountRow", "AuditRow", "BatchRow", "CharacterRow", "ChunkRow", "DeliveryRow", "EndpointRow", "FileRow", "KeyRow",
    "MemberRow", "Table", "UsageRow", "VideoRow", "WorkspaceRow",
]  # fmt: skip

ID = String(64)


class Table(DeclarativeBase):
    """The base of all tables."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dict[str, Any]: JSON, list[str]: JSON, int: BigInteger, float: Float, bool: Boolean,
    }  # fmt: skip


class AccountRow(Table):
    """Somebody who has keys; `tier` names an entry of tiers.yaml."""

    __tablename__ = "accounts"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    tier: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[int]
    disabled: Mapped[bool] = mapped_column(default=False)


class WorkspaceRow(Table):
    """What members share."""

    __tablename__ = "workspaces"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[int]


class MemberRow(Table):
    """An account in a workspace."""

    __tablename__ = "members"
    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True)
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))


class KeyRow(Table):
    """A key, of which only the digest is kept (SHA-256: keys are 256 random bits), for one workspace."""

    __tablename__ = "keys"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    hint: Mapped[str] = mapped_column(String(16))
    """The first letters, to tell keys apart."""
    name: Mapped[str] = mapped_column(String(200))
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    scopes: Mapped[list[str]]
    created_at: Mapped[int]
    used_at: Mapped[int | None]
    revoked_at: Mapped[int | None]


class VideoRow(Table):
    """A film: a job until it is completed, a take from then on."""

    __tablename__ = "videos"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    ordinal: Mapped[int] = mapped_column(unique=True)
    """Orders films that were made in the same second; grows."""
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(default=1)
    priority: Mapped[int] = mapped_column(default=0)
    model: Mapped[str] = mapped_column(String(200))
    engine: Mapped[str] = mapped_column(String(200))
    prompt: Mapped[str] = mapped_column(Text)
    operation: Mapped[str] = mapped_column(String(20))
    parent: Mapped[str | None] = mapped_column(ID)
    root: Mapped[str] = mapped_column(ID)
    """The first film of its tree."""
    film: Mapped[str | None] = mapped_column(Text)
    """The document."""
    edit: Mapped[str | None] = mapped_column(Text)
    reading: Mapped[str] = mapped_column(Text, default="{}")
    said: Mapped[str] = mapped_column(Text, default="")
    wish: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seconds: Mapped[str] = mapped_column(String(40))
    size: Mapped[str] = mapped_column(String(20))
    fps: Mapped[str] = mapped_column(String(40))
    seed: Mapped[int]
    style: Mapped[str | None] = mapped_column(String(80))
    audio: Mapped[bool] = mapped_column(default=True)
    negative_prompt: Mapped[str | None] = mapped_column(Text)
    variants: Mapped[int] = mapped_column(default=1)
    frames: Mapped[int] = mapped_column(default=0)
    frames_done: Mapped[int] = mapped_column(default=0)
    ways: Mapped[dict[str, Any]] = mapped_column(default=dict)
    chunks: Mapped[list[str]] = mapped_column(default=list)
    forecast_seconds: Mapped[float | None]
    fault_code: Mapped[str | None] = mapped_column(String(80))
    fault_message: Mapped[str | None] = mapped_column(Text)
    remark: Mapped[str | None] = mapped_column(Text)
    prefix: Mapped[str | None] = mapped_column(String(200))
    """Where the files lie in storage; set in the same step as the state `completed`."""
    size_bytes: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str | None] = mapped_column(String(200))
    starred: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    finishes: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often a worker was given the whole to finish; counted before, so that a server that dies of it has counted."""
    opened: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often a server took it into hand since one last came as far as to know its chunks."""
    not_before: Mapped[float] = mapped_column(default=0.0)
    """A retry waits until then."""
    server: Mapped[str | None] = mapped_column(ID)
    """The server that makes it, and until when that is to be believed."""
    lease_until: Mapped[float] = mapped_column(default=0.0)
    idempotency_key: Mapped[str | None] = mapped_column(String(300))
    request_digest: Mapped[str | None] = mapped_column(String(64))
    batch: Mapped[str | None] = mapped_column(ID)
    created_at: Mapped[int]
    started_at: Mapped[int | None]
    completed_at: Mapped[int | None]
    expires_at: Mapped[int | None]
    __table_args__ = (
        Index("videos_by_workspace", "workspace", "ordinal"),
        Index("videos_by_state", "state", "priority", "ordinal"),
        Index("videos_by_root", "root"),
        Index("videos_by_idempotency_key", "workspace", "idempotency_key"),
    )


class ChunkRow(Table):
    """A chunk of a film that is being made; `address` is set once it lies in the store."""

    __tablename__ = "chunks"
    video: Mapped[str] = mapped_column(ForeignKey("videos.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    frames: Mapped[int]
    address: Mapped[str | None] = mapped_column(String(64))
    worker: Mapped[str | None] = mapped_column(String(200))
    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker was given it; counted before, too."""
    ways: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seconds: Mapped[float | None]


class CharacterRow(Table):
    """A subject that films ask for by name: its document is a Subject, `consent` what its maker declared."""

    __tablename__ = "characters"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str | None] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(String(200))
    """The storage key of the film that it was made from."""
    consent: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[int]


class FileRow(Table):
    """An uploaded file, or one that a batch wrote."""

    __tablename__ = "files"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    purpose: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(400))
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    storage_key: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[int]
    expires_at: Mapped[int | None]


class BatchRow(Table):
    """Video jobs from a file of lines. `fields` is the batch object of the API without what can be counted."""

    __tablename__ = "batches"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    account: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    state: Mapped[str] = mapped_column(String(20))
    input_file: Mapped[str] = mapped_column(ID)
    output_file: Mapped[str | None] = mapped_column(ID)
    error_file: Mapped[str | None] = mapped_column(ID)
    lines: Mapped[list[str]] = mapped_column(default=list)
    """For each line, the id of its film, or "" where it was refused."""
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[int]
    completed_at: Mapped[int | None]


class EndpointRow(Table):
    """Where events are sent; the secret signs them."""

    __tablename__ = "webhook_endpoints"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    workspace: Mapped[str] = mapped_column(ForeignKey("workspaces.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(Text)
    event_types: Mapped[list[str]]
    secret: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[int]
    updated_at: Mapped[int]
    """When what it wants, or its secret, was last changed: no event from before then is sent for the first time."""
    disabled: Mapped[bool] = mapped_column(default=False)


class DeliveryRow(Table):
    """An event on its way to an endpoint."""

    __tablename__ = "webhook_deliveries"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    endpoint: Mapped[str] = mapped_column(ForeignKey("webhook_endpoints.id", ondelete="CASCADE"))
    event: Mapped[str] = mapped_column(ID)
    body: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[float] = mapped_column(index=True)
    delivered_at: Mapped[int | None]
    status: Mapped[int | None]
    __table_args__ = (UniqueConstraint("endpoint", "event"),)


class UsageRow(Table):
    """A line of the ledger: what a film cost whom. Never changed."""

    __tablename__ = "usage"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    account: Mapped[str] = mapped_column(ID)
    workspace: Mapped[str] = mapped_column(ID)
    video: Mapped[str] = mapped_column(ID)
    month: Mapped[str] = mapped_column(String(7))
    """Such as 2026-11."""
    seconds: Mapped[float]
    """Of film."""
    frames_drawn: Mapped[int]
    work_seconds: Mapped[float]
    created_at: Mapped[int]
    __table_args__ = (Index("usage_by_month", "account", "month"), UniqueConstraint("video"))


class AuditRow(Table):
    """Who did what to which object, never with words of a prompt."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    created_at: Mapped[int]
    account: Mapped[str | None] = mapped_column(ID)
    workspace: Mapped[str | None] = mapped_column(ID)
    action: Mapped[str] = mapped_column(String(80))
    object: Mapped[str | None] = mapped_column(String(200))
    request: Mapped[str | None] = mapped_column(ID)
