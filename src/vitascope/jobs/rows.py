"""Between rows of the database and the values that everybody else speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from vitascope.film import Edit, Film, Reading, Size, film_from_json, size_named
from vitascope.jobs.errors import Conflict
from vitascope.jobs.tables import VideoRow
from vitascope.jobs.values import Fault, Operation, State, Video, Wish

__all__ = ["STEPS", "edit_of", "film_of", "progress_of", "size_text", "stepped", "video_of", "wish_fields"]

STEPS = 20
"""A version of a row has room for 2 ** STEPS steps of progress, which are told and not written."""
FINISHING = 95
"""Progress [%] when all frames are there and sound, marks and signature are not."""


def progress_of(state: State, done: int, frames: int) -> int:
    """Progress [%] of a film with `done` of its `frames`. Only what is completed reaches 100."""
    if state is State.COMPLETED:
        return 100
    return min(FINISHING, FINISHING * done // max(1, frames))


def size_text(size: Size) -> str:
    """Such as 1280x720."""
    return f"{size.width}x{size.height}"


def video_of(row: VideoRow) -> Video:
    """The public value of a row."""
    state = State(row.state)
    operation: Operation = row.operation  # type: ignore[assignment]
    return Video(
        id=row.id,
        workspace=row.workspace,
        account=row.account,
        state=state,
        progress=progress_of(state, row.frames_done, row.frames),
        version=row.version << STEPS,
        model=row.model,
        engine=row.engine,
        prompt=row.prompt,
        operation=operation,
        parent=row.parent,
        seconds=Fraction(row.seconds),
        size=size_named(row.size),
        fps=Fraction(row.fps),
        seed=row.seed,
        style=row.style,
        audio=row.audio,
        negative_prompt=row.negative_prompt,
        created_at=row.created_at,
        started_at=row.started_at,
        completed_at=row.completed_at,
        expires_at=row.expires_at,
        name=row.name,
        starred=row.starred,
        said=row.said,
        reading=Reading.model_validate_json(row.reading),
        frames=row.frames,
        frames_done=row.frames_done,
        ways=dict(row.ways),
        forecast_seconds=row.forecast_seconds,
        fault=Fault(code=row.fault_code, message=row.fault_message or "") if row.fault_code else None,
        remark=row.remark,
        size_bytes=row.size_bytes,
        variants=row.variants,
        root=row.root,
    )


def stepped(video: Video, done: int, step: int) -> Video:
    """`video` with `done` frames, as its `step`-th progress since its row was written."""
    version = (video.version >> STEPS << STEPS) + min(step, (1 << STEPS) - 1)
    return replace(video, frames_done=done, progress=progress_of(video.state, done, video.frames), version=version)


def film_of(row: VideoRow) -> Film:
    """The document of a film. Raises Conflict for one that another server made: there is none."""
    if row.film is None:
        raise Conflict(
            f"The film {row.id} was made by the engine {row.engine!r}, so it has no document; "
            'only films of the engine "world" can be edited.',
            code="no_document",
        )
    return film_from_json(row.film)


def edit_of(row: VideoRow) -> Edit | None:
    """What was done to the parent's film."""
    return None if row.edit is None else Edit.model_validate_json(row.edit)


def wish_fields(wish: Wish) -> dict[str, object]:
    """A wish as JSON, without its idempotency key: equal wishes give equal fields."""
    return {
        "prompt": wish.prompt,
        "model": wish.model,
        "seconds": None if wish.seconds is None else str(wish.seconds),
        "size": None if wish.size is None else size_text(wish.size),
        "fps": None if wish.fps is None else str(wish.fps),
        "seed": wish.seed,
        "style": wish.style,
        "negative_prompt": wish.negative_prompt,
        "audio": wish.audio,
        "n": wish.n,
        "picture": wish.picture,
        "characters": list(wish.characters),
        "priority": wish.priority,
        "extra": _plain(wish.extra),
    }


def _plain(extra: Mapping[str, object]) -> dict[str, object]:
    return {name: str(value) if isinstance(value, Fraction) else value for name, value in sorted(extra.items())}
