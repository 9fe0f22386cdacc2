"""Takes in words: what is shown of them in the thread, on cards and over the picture. Pure."""

from __future__ import annotations

from fractions import Fraction

from vitascope.jobs.values import State, Video
from vitascope.web.files import address
from vitascope.web.strings import say

__all__ = ["picture_of", "seconds_text", "standing_of", "title_of", "work_of"]


def title_of(take: Video) -> str:
    """What a take is called: its name, else what was said."""
    return take.name or " ".join(take.prompt.split())


def standing_of(take: Video) -> str:
    """How far a take is, or why there is none; empty for one that is there."""
    match take.state:
        case State.COMPLETED:
            return ""
        case State.QUEUED:
            return say("thread.queued")
        case State.FAILED:
            return say("thread.failed", why=take.fault.message if take.fault else "")
        case State.CANCELLED | State.CANCELLING:
            return say("thread.cancelled")
        case _:
            finishing = take.frames_done >= take.frames > 0
            return say("thread.finishing") if finishing else say("thread.making", percent=take.progress)


def work_of(take: Video) -> str:
    """What of a finished take was drawn for it."""
    drawn = sum(count for way, count in take.ways.items() if way != "reused")
    if take.state is not State.COMPLETED or not take.ways:
        return ""
    return say("thread.kept", frames=take.frames) if not drawn else say("thread.drew", drawn=drawn, frames=take.frames)


def picture_of(take: Video) -> str | None:
    """The address of a small picture of a take; None where there is none. One in the making shows a still of its document."""
    if take.state is State.COMPLETED:
        return address(take, "thumbnail.webp")
    if take.engine == "world":
        return address(take, "still.jpg", at="0", height=360)
    return None


def seconds_text(seconds: Fraction) -> str:
    """Such as 4 or 2.5."""
    return f"{float(round(seconds, 1)):g}"
