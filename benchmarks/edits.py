"""What an edit costs beside a full film, and what it could not cost less than: the share of frames that it changes.

    python benchmarks/edits.py [--seconds 20] [--size 1280x720] [--only NAME ...]

One film is made in a new project with an empty store; then each edit is said to it in words, in the same process (a
conversation: the program is warm, the store holds the film). The time includes reading the words, building the stage,
drawing, encoding, sound, signing and filing the take. Two shares are printed: of wall seconds, and of processor seconds of all
threads, which stay the same when other programs run beside. The first changed frame counts seconds from the same start, of both
kinds; the first picture of a stretch, which is as it was, is not counted.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from vitascope import Studio
from vitascope.film import size_named
from vitascope.studio import Progress, Take

PROMPT = "A woman walks slowly along a beach, a small red ball lies on the sand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Something to say, the share of a full film that it may cost, and the share of frames that it changes at least."""

    name: str
    words: str
    goal: float | None = None
    limit: float
    same: int = 0
    """Pictures that are made anew before the first that differs: a stretch begins as the film was."""


def edits(seconds: float) -> list[Edit]:
    """One edit of each kind, for a film of `seconds`."""
    return [
        Edit(name="sound off", words="mute the sound", goal=0.05, limit=0.0),
        Edit(name="sound level", words="make the wind louder", goal=0.05, limit=0.0),
        Edit(name="narration", words='add a narration: "It was the last day of summer."', goal=0.05, limit=0.0),
        Edit(name="grade", words="make it black and white", goal=0.25, limit=1.0),
        Edit(name="grade, 1 s", words="make it black and white from 3 s to 4 s", goal=0.08, limit=1 / seconds, same=1),
        Edit(name="weather, 1 s", words="make it rain from 3 s to 4 s", goal=0.08, limit=1 / seconds, same=1),
        Edit(name="recolour, small", words="make the ball blue", goal=0.6, limit=1.0),
        Edit(name="recolour, large", words="put the woman in a green dress", limit=1.0),
        Edit(name="light", words="change the lighting to sunset", limit=1.0),
        Edit(name="camera", words="make the camera orbit the woman", limit=1.0),
        Edit(name="going on", words="continue for two more seconds", limit=2 / seconds),
    ]


class Watch:
    """The time at which the first frame that was made anew, after `same` others, is there."""

    def __init__(self, same: int = 0) -> None:
        self.start, self.worked, self._same = time.perf_counter(), time.process_time(), same
        self.first: tuple[float, float] | None = None
        """Wall and processor seconds."""

    def stop(self) -> tuple[float, float]:
        """Wall and processor seconds since the start."""
        return time.perf_counter() - self.start, time.process_time() - self.worked

    def __call__(self, at: Progress) -> None:
        if at.picture is None or self.first is not None:
            return
        if self._same == 0:
            self.first = self.stop()
        self._same -= 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", default="20")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--prompt", default=PROMPT)
    parser.add_argument("--only", nargs="*", help="names of edits")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VITASCOPE_CACHE"] = str(Path(folder) / "store")
        with Studio(Path(folder) / "project") as studio:
            measure(studio, options)


def measure(studio: Studio, options: argparse.Namespace) -> None:
    """Make the film, then each edit of it, and print one line each."""
    seconds = Fraction(options.seconds)
    clock = Watch()
    film = studio.film(options.prompt, seconds=seconds, size=size_named(options.size), progress=clock)
    full, full_work = clock.stop()
    print(
        f"“{options.prompt}”, {options.seconds} s, {options.size}: {film.work.frames} frames in {full:.1f} s, "
        f"{full_work:.1f} s of processor time",
        flush=True,
    )
    print(
        f"{'edit':<18}{'wall':>9}{'share':>8}{'work':>8}{'goal':>7}{'limit':>7}{'first':>8}{'(work)':>9}   frames",
        flush=True,
    )
    for edit in edits(float(seconds)):
        if options.only and edit.name not in options.only:
            continue
        clock = Watch(edit.same)
        take = studio.edit(film, edit.words, progress=clock)
        wall, work = clock.stop()
        if not isinstance(take, Take):
            print(f"{edit.name:<18}  not made: {take}", flush=True)
            continue
        goal = f"{edit.goal:.0%}" if edit.goal is not None else ""
        first = (
            f"{clock.first[0]:>6.2f} s{clock.first[1]:>7.2f} s" if clock.first is not None else f"{'none':>8}{'':>9}"
        )
        ways = ", ".join(f"{count} {way}" for way, count in take.work.ways.items() if count)
        print(
            f"{edit.name:<18}{wall:>7.1f} s{wall / full:>8.1%}{work / full_work:>8.1%}"
            f"{goal:>7}{edit.limit:>7.0%}{first}   {ways}",
            flush=True,
        )


if __name__ == "__main__":
    main()
