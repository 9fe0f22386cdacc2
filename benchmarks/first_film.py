"""The first film, cold: wall seconds by stage and peak memory on this machine.

    python benchmarks/first_film.py [--seconds 5] [--size 1280x720] [--fps 24] [--long] [--large]

Films one sentence in a fresh process that is held to two processors: import, reading, world, picture, sound, encoding and
signing are all included; only the installation is not, and nothing is taken from an earlier store. --long also makes films
of 5 and 120 s at 320x180 to show that memory and the making of the world do not grow with length; --large makes one second
at 4096x2160 and 60 fps.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROMPT = "A snow leopard climbs a mountain ridge as clouds roll by"
GOAL_SECONDS = 45.0
GOAL_BYTES = 1.5e9


def child(options: argparse.Namespace) -> None:
    """Runs in the fresh process: make the film and print the figures as JSON."""
    started = float(os.environ["VITASCOPE_STARTED"])
    from fractions import Fraction

    from vitascope.director import direct
    from vitascope.film import size_named
    from vitascope.recipe import catalogue
    from vitascope.studio import make_film

    imported = time.time()
    film = direct(
        PROMPT,
        catalogue=catalogue(),
        seconds=Fraction(options.seconds),
        size=size_named(options.size),
        fps=Fraction(options.fps),
    )
    read = time.time()
    with tempfile.TemporaryDirectory() as folder:
        result = make_film(film, Path(folder) / "film.mp4")
    figures = {
        "import": imported - started,
        "read": read - imported,
        **{name: getattr(result.times, name) for name in result.times.__slots__},
        "all": time.time() - started,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "frames": result.frames,
        "size": result.size_bytes,
    }
    print(json.dumps(figures))


def measure(seconds: str, size: str, fps: str) -> dict[str, float]:
    """Figures of one film in a fresh process on two processors."""
    command = [sys.executable, __file__, "--child", "--seconds", seconds, "--size", size, "--fps", fps]

    def two_processors() -> None:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))

    with tempfile.TemporaryDirectory() as store:
        environment = {**os.environ, "VITASCOPE_STARTED": repr(time.time()), "VITASCOPE_CACHE": store}
        done = subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, preexec_fn=two_processors
        )
    return json.loads(done.stdout.splitlines()[-1])


def show(title: str, figures: dict[str, float]) -> None:
    frames = figures["frames"]
    print(
        f"{title}: {figures['all']:.1f} s wall, peak {figures['peak'] / 1e6:.0f} MB, file {figures['size'] / 1e6:.1f} MB"
    )
    for name in ("import", "read", "world", "address", "render", "sound", "encode", "keep", "encode_wait", "sign"):
        each = (
            f"  ({1000 * figures[name] / frames:.0f} ms a frame)"
            if name in ("address", "render", "encode", "keep")
            else ""
        )
        beside = "  beside the picture, not added" if name in ("encode", "keep") else ""
        print(f"  {name:<12} {figures[name]:7.2f} s{each}{beside}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", default="5")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--fps", default="24")
    parser.add_argument("--long", action="store_true", help="also compare the memory of 120 s with that of 5 s")
    parser.add_argument("--large", action="store_true", help="also film one second at 4096x2160 and 60 fps")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options)
        return
    print(
        f"“{PROMPT}”, {options.seconds} s, {options.size}, {options.fps} fps, sound, signed, cold process, two processors"
    )
    first = measure(options.seconds, options.size, options.fps)
    show("film", first)
    of_time, of_memory = first["all"] / GOAL_SECONDS, first["peak"] / GOAL_BYTES
    print(f"  goal         {GOAL_SECONDS:.0f} s: {of_time:.2f} of it; 1.5 GB: {of_memory:.2f} of it")
    if options.long:
        short, long = measure("5", "320x180", "24"), measure("120", "320x180", "24")
        show("5 s at 320x180", short)
        show("120 s at 320x180", long)
        print(f"  peak memory of 120 s over 5 s: {long['peak'] / short['peak']:.2f} (goal 1.2)")
        print(f"  world of 120 s over 5 s: {long['world'] / short['world']:.2f} (goal 2)")
    if options.large:
        show("1 s at 4096x2160, 60 fps", measure("1", "4096x2160", "60"))


if __name__ == "__main__":
    main()
