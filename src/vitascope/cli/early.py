"""Beginning before the sentence is read: shaders that most films need are compiled while the director still reads."""

from __future__ import annotations

import threading
from contextlib import suppress

__all__ = ["begin", "finish", "working"]

_begun: list[threading.Thread] = []


def begin(prompt: str, *, size: str | None, fps: str | None, style: str | None) -> None:
    """Start to compile, on a thread, what a film of this size, rate and style is likely to need.

    A guess: what it misses is compiled later, what it has in vain was done by a processor that had nothing to do. Where an
    argument is wrong nothing happens here; whoever reads it says so.
    """
    thread = threading.Thread(target=_compile, args=(prompt, size, fps, style), name="early")
    _begun.append(thread)
    thread.start()


def finish() -> None:
    """Wait for what was begun."""
    for thread in _begun:
        thread.join()


def working() -> bool:
    """Whether something that was begun is still going on; it cannot be stopped, only left."""
    return any(thread.is_alive() for thread in _begun)


def _compile(prompt: str, size: str | None, fps: str | None, style: str | None) -> None:
    with suppress(Exception):
        from fractions import Fraction

        from vitascope.cli.request import STYLES
        from vitascope.film import Film, Look, Set, Shot, size_named
        from vitascope.render import warm_up

        named = style or next((name for name in STYLES if name in prompt.lower()), "cinematic")
        shot = Shot(id="likely", duration=Fraction(1), set=Set(place="meadow"), look=Look(style=named))  # type: ignore[arg-type]
        likely = Film(shots=(shot,), fps=Fraction(fps or 24))
        warm_up(likely.model_copy(update={"size": size_named(size)}) if size else likely).join()
