"""The first film, cold: wall seconds by stage and peak memory on this machine.

    python benchmarks/first_film.py [--seconds 5] [--size 1280x720] [--fps 24] [--long] [--large]

Runs `vitascope film` in a fresh process that is held to two processors, in a home and a store that are empty: everything is
included from starting Python to the published file (reading, forecast, world, picture, sound, encoding, the keys and the
signature, the take in its project); only the installation is not. The world includes looking for what is known of each frame.
--long also makes films of 5 and 120 s at 320x180 to show that memory does not grow with length; --large makes one second at
4096x2160 and 60 fps.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROMPT = "A snow leopard climbs a mountain ridge as clouds roll by"
GOAL_SECONDS = 45.0
GOAL_BYTES = 1.5e9
STEPS = ("world", "picture", "sound", "signing")
"""As the take has them; the picture is encoded, and what later edits need kept, while it is drawn."""


def measure(seconds: str, size: str, fps: str) -> dict[str, float]:
    """Figures of one film in a fresh process on two processors."""

    def two_processors() -> None:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        command = [sys.executable, "-c", "from vitascope.cli import run; run()", "film", PROMPT]
        command += ["--seconds", seconds, "--size", size, "--fps", fps]
        command += ["-o", str(place / "film.mp4"), "--project", str(place / "project")]
        environment = {**os.environ, "VITASCOPE_HOME": str(place / "home"), "VITASCOPE_CACHE": str(place / "store")}
        started = time.perf_counter()
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=two_processors
        ) as process:
            assert process.stdout is not None
            told = process.stdout.read()
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - started
        if process.returncode:
            sys.exit(told.decode())
        (take,) = (place / "project" / "takes").glob("*/take.json")
        work = json.loads(take.read_text())["work"]
        steps = {name: work["seconds"][name] for name in STEPS}
        return {
            "the rest": wall - sum(steps.values()),
            **steps,
            "all": wall,
            "processor": used.ru_utime + used.ru_stime,
            "peak": used.ru_maxrss * 1024,
            "frames": work["frames"],
            "size": (place / "film.mp4").stat().st_size,
        }


def show(title: str, figures: dict[str, float]) -> None:
    frames = figures["frames"]
    print(
        f"{title}: {figures['all']:.1f} s wall, peak {figures['peak'] / 1e6:.0f} MB, file {figures['size'] / 1e6:.1f} MB"
    )
    shares = {
        "world": "",
        "picture": f"  {1000 * figures['picture'] / frames:.0f} ms a frame",
        "sound": "",
        "signing": "",
    }
    for name, more in {"the rest": "  Python, reading, forecast, keys, publishing", **shares}.items():
        print(f"  {name:<12} {figures[name]:7.2f} s{more}")
    print(f"  processor    {figures['processor']:7.2f} s: {figures['processor'] / figures['all'] / 2:.0%} of two")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", default="5")
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--fps", default="24")
    parser.add_argument("--long", action="store_true", help="also compare the memory of 120 s with that of 5 s")
    parser.add_argument("--large", action="store_true", help="also film one second at 4096x2160 and 60 fps")
    options = parser.parse_args()
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
    if options.large:
        show("1 s at 4096x2160, 60 fps", measure("1", "4096x2160", "60"))


if __name__ == "__main__":
    main()
