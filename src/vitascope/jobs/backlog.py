"""Films from the database as work: what waits in the queue, and what is known of a film that is to be made or made on."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from vitascope.film import film_from_json, frame_count
from vitascope.jobs.engines import WORLD, Engines
from vitascope.jobs.executor import FetchRemote
from vitascope.jobs.fair import Waiting
from vitascope.jobs.making import Making, Part
from vitascope.jobs.rows import video_of
from vitascope.jobs.states import MADE
from vitascope.jobs.tables import AccountRow, ChunkRow, VideoRow
from vitascope.jobs.values import Fault, State
from vitascope.studio.plan import plan_chunks

__all__ = ["being_made", "heads", "making_of", "storage_prefix", "tiers_of"]

GONE = Fault(code="engine_gone", message="The engine of this film was taken out of the settings of the server.")


def heads(session: Session, now: float, *, most: int) -> list[Waiting]:
    """The first `most` films that each account has in the queue, whatever the length of the queue."""
    order = (VideoRow.priority.desc(), VideoRow.ordinal)
    place = func.row_number().over(partition_by=VideoRow.account, order_by=order).label("place")
    queued = (
        select(VideoRow.id, VideoRow.account, VideoRow.priority, VideoRow.ordinal, place)
        .where(VideoRow.state == State.QUEUED, VideoRow.not_before <= now)
        .subquery()
    )
    found = session.execute(select(queued).where(queued.c.place <= most)).all()
    return [Waiting(film=one.id, account=one.account, priority=one.priority, ordinal=one.ordinal) for one in found]


def being_made(session: Session) -> dict[str, int]:
    """How many films of each account are begun and not ended, on all servers."""
    counted = select(VideoRow.account, func.count()).where(VideoRow.state.in_(MADE)).group_by(VideoRow.account)
    return dict(session.execute(counted).all())


def tiers_of(session: Session, accounts: set[str]) -> dict[str, str]:
    """The tier of each account."""
    found = session.execute(select(AccountRow.id, AccountRow.tier).where(AccountRow.id.in_(accounts)))
    return dict(found.all())


def making_of(session: Session, video: str, engines: Engines, *, tries: int) -> Making:
    """A film with its chunks, planned now unless they were before. It has failed if it was tried too often: `tries` times.

    Raises FilmError for a document that cannot be read.
    """
    row = session.get_one(VideoRow, video, populate_existing=True)
    parent = None if row.parent is None else session.get(VideoRow, row.parent)
    making = Making(
        video=row.id,
        account=row.account,
        priority=row.priority,
        ordinal=row.ordinal,
        film=row.film,
        earlier=None if parent is None else parent.film,
        parent=None if row.parent is None else _parent_file(row.parent, parent),
        frames=row.frames,
        whole=Part(number=None, attempts=row.finishes, before=row.finishes),
        value=video_of(row),
        tries=tries,
        attempt=row.attempts,
        running=row.state != State.STARTING,
        cancelling=row.state == State.CANCELLING,
    )
    if row.opened > tries:
        making.whole.attempts = tries
    elif row.engine == WORLD:
        making.chunks = _chunks(session, row)
    else:
        making.fetch = _fetch(row, engines)
        making.fault = GONE if making.fetch is None else None
    row.opened = 0
    making.give_up()
    return making


def storage_prefix(video: str, attempt: int) -> str:
    """Where an attempt to finish a film puts its files: no two attempts write to one place."""
    return f"videos/{video}/{attempt}"


def _chunks(session: Session, row: VideoRow) -> list[Part]:
    kept = session.scalars(select(ChunkRow).where(ChunkRow.video == row.id).order_by(ChunkRow.number)).all()
    if not kept:
        assert row.film is not None
        kept = [
            ChunkRow(video=row.id, number=number, frames=plan.count, attempts=0, ways={})
            for number, plan in enumerate(plan_chunks(film_from_json(row.film)))
        ]
        session.add_all(kept)
    return [
        Part(
            number=one.number,
            frames=one.frames,
            address=one.address,
            ways=dict(one.ways),
            attempts=one.attempts,
            before=one.attempts,
        )
        for one in kept
    ]


def _parent_file(video: str, parent: VideoRow | None) -> str:
    """The key of the film that was edited; of one that was deleted, a key where nothing is, so that its child says so."""
    prefix = None if parent is None else parent.prefix
    return f"{prefix or storage_prefix(video, 0)}/film.mp4"


def _fetch(row: VideoRow, engines: Engines) -> FetchRemote | None:
    remote = engines.remote(row.engine)
    if remote is None:
        return None
    body = body_of(row, remote.model)
    return FetchRemote(
        id="", video=row.id, url=remote.url, key=remote.key, body=body, picture=row.wish.get("picture"), prefix=""
    )  # fmt: skip


def body_of(row: VideoRow, model: str | None) -> Mapping[str, object]:
    """What another server is asked for, in the words of /v1/videos and its common extensions."""
    seconds, fps = Fraction(row.seconds), None if row.wish.get("fps") is None else Fraction(row.fps)
    wanted = {
        "prompt": row.prompt if row.style is None else f"{row.prompt} Style: {row.style.replace('_', ' ')}.",
        "model": model,
        "seconds": str(int(seconds)) if seconds.denominator == 1 else f"{float(seconds):g}",
        "size": row.size,
        "fps": None if fps is None else f"{float(fps):g}",
        "num_frames": None if fps is None else frame_count(seconds, fps),
        "seed": row.seed,
        "negative_prompt": row.negative_prompt,
        "generate_sound": None if row.audio else "false",
        **row.wish.get("extra", {}),
    }
    return {name: value for name, value in wanted.items() if value is not None}
