"""How films are written on the wire: the Video object that clients of the Videos API know, with what is ours beside it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from vitascope.jobs.desk import Character
from vitascope.jobs.values import State, Video

__all__ = ["STATUS", "character_object", "poll_after_ms", "reused", "video_object", "written"]

STATUS = {
    State.QUEUED: "queued",
    State.STARTING: "in_progress",
    State.RUNNING: "in_progress",
    State.CANCELLING: "in_progress",
    State.COMPLETED: "completed",
    State.FAILED: "failed",
    State.CANCELLED: "cancelled",
}
"""Clients end their polling at completed, failed and any status that they do not know, such as cancelled."""
SOONEST_MS, LATEST_MS, QUEUED_MS = 500, 5000, 2000
POLLS_A_SECOND, CROWDED_MS = 400, 30_000
"""So many polls are wished for at most, so where many films are asked after each is later, up to half a minute."""


def video_object(video: Video, **more: object) -> dict[str, Any]:
    """The Video object of a film."""
    remixed = video.parent if video.operation in ("remix", "edit") else None
    fault = video.fault
    return {
        "id": video.id,
        "object": "video",
        "model": video.model,
        "status": STATUS[video.state],
        "progress": video.progress,
        "created_at": video.created_at,
        "completed_at": video.completed_at,
        "expires_at": video.expires_at,
        "seconds": written(video.seconds),
        "size": f"{video.size.width}x{video.size.height}",
        "quality": "standard",
        "prompt": video.prompt,
        "remixed_from_video_id": remixed,
        "error": None
        if fault is None
        else {"code": fault.code, "message": fault.message, "param": None, "type": "server_error"},
        "seed": video.seed,
        "fps": _number(video.fps),
        "n": video.variants,
        "negative_prompt": video.negative_prompt,
        "audio": video.audio,
        "style": video.style,
        "engine": video.engine,
        "parent_id": video.parent,
        "operation": video.operation,
        "reading": video.reading.model_dump(mode="json"),
        "said": video.said,
        "reused": reused(video.ways, video.frames),
        "revised_prompt": None,
        "name": video.name,
        "starred": video.starred,
        "started_at": video.started_at,
        "forecast_seconds": video.forecast_seconds,
        "frames": video.frames,
        "frames_done": video.frames_done,
        "size_bytes": video.size_bytes,
        "remark": video.remark,
        **more,
    }


def reused(ways: Mapping[str, int], frames: int) -> dict[str, Any] | None:
    """What an edit did not need to draw again: {frames, of, graded, redrawn, drawn, words}; None before that is known."""
    if not ways:
        return None
    counts = {way: int(ways.get(way, 0)) for way in ("reused", "graded", "redrawn", "drawn")}
    total = frames or sum(counts.values())
    said = [f"drew {counts['drawn']} of {total} frames"] if counts["drawn"] or not any(counts.values()) else []
    said += [f"redrew subjects in {counts['redrawn']}"] if counts["redrawn"] else []
    said += [f"graded {counts['graded']}"] if counts["graded"] else []
    said += [f"reused {counts['reused']}"] if counts["reused"] else []
    return {"frames": counts["reused"], "of": total, **{way: counts[way] for way in ("graded", "redrawn", "drawn")},
            "words": ", ".join(said)}  # fmt: skip


def poll_after_ms(video: Video, now: float | None = None, *, others: int = 0) -> int:
    """When it is worth asking again [ms], between half a second and five: sooner near the end.

    Later where so many `others` are asked after that the server would have too many polls a second. Clients read this from
    their first answer only and then keep to it, so it is a part of the whole, not of the rest. A film that still waits has
    others before it, of which its forecast knows nothing: that is not asked after so soon.
    """
    crowded = min(CROWDED_MS, others * 1000 // POLLS_A_SECOND)
    return max(crowded, _worth_ms(video, now))


def _worth_ms(video: Video, now: float | None) -> int:
    """When there may be something new [ms]."""
    if video.state.is_end or video.state is State.CANCELLING:
        return SOONEST_MS
    if video.forecast_seconds is None:
        return QUEUED_MS if video.state is State.QUEUED else SOONEST_MS * 2
    begun = video.started_at if video.started_at is not None else now
    since = 0.0 if begun is None else max(0.0, (time.time() if now is None else now) - begun)
    left = max(0.0, video.forecast_seconds - since)
    soonest = QUEUED_MS if video.state is State.QUEUED else SOONEST_MS
    return max(soonest, min(LATEST_MS, math.ceil(left * 1000 / 10)))


def character_object(character: Character) -> dict[str, Any]:
    """The object of a character."""
    return {"id": character.id, "object": "character", "created_at": character.created_at, "name": character.name}


def written(seconds: Fraction) -> str:
    """Seconds as clients read them: "4", "2.5"."""
    return f"{float(seconds):.6f}".rstrip("0").rstrip(".")


def _number(value: Fraction) -> int | float:
    return value.numerator if value.denominator == 1 else round(float(value), 6)
