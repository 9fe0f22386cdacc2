"""What kept plates save: `python benchmarks/plates.py [--prompt "..."] [--size 1280x720]`.

The first subject gets other colours. Drawing everything, drawing only its region over a kept plate, and grading kept plates
again take turns, so that a busy machine slows all of them; what is printed is the least of some rounds.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from vitascope.continuity import pack_plate, unpack_plate
from vitascope.director import direct
from vitascope.film import size_named
from vitascope.recipe import catalogue
from vitascope.render import Changes, Frame, Grader, Kept, Region, Renderer
from vitascope.world.build import build_stage
from vitascope.world.stage import Stage, Thing

ROUNDS = 3


def main() -> None:
    """Draw a few frames in each way and print what they cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--frames", type=int, default=6)
    parser.add_argument("--prompt", default="a red fox stands on a meadow under fair weather clouds, seen from afar")
    options = parser.parse_args()
    named = size_named(options.size)
    size = (named.width, named.height)
    film = direct(options.prompt, catalogue=catalogue(), seconds=Fraction(5), size=named, fps=Fraction(24))
    stage = build_stage(film, 0)
    times = [1.0 + k / 24 for k in range(options.frames)]
    with Renderer(stage, size, fps=24) as renderer:
        old = list(renderer.frames(times, {"ids"}, plates=("light", "composed")))
    print(f"subject in {np.mean([(frame.ids == 1).mean() for frame in old]):.0%} of the picture")
    for name in ("light", "composed"):
        packing(name, getattr(old[0], name))
    compare(stage, repainted(stage), size, times, old)


def packing(name: str, plate: np.ndarray) -> None:
    """Print what it takes to keep a plate."""
    packed = pack_plate(plate)
    pack = min(cost(lambda: [pack_plate(plate)], 1)[0] for _ in range(ROUNDS))
    unpack = min(cost(lambda: [unpack_plate(packed)], 1)[0] for _ in range(ROUNDS))
    print(
        f"{name:8} {len(packed) / 1e6:.1f} MB of {plate.nbytes / 1e6:.1f}, packed in {pack:.0f} ms, "
        f"unpacked in {unpack:.0f} ms"
    )


def repainted(stage: Stage) -> Stage:
    """The stage with other colours of its first subject."""

    def painted(thing: Thing) -> Thing:
        if thing.subject != 1:
            return thing
        return replace(thing, materials=tuple(replace(m, base=m.base[::-1]) for m in thing.materials))

    return replace(stage, things=tuple(painted(thing) for thing in stage.things))


def compare(old: Stage, new: Stage, size: tuple[int, int], times: list[float], frames: list[Frame]) -> None:
    """Print milliseconds a frame of each way, and their share of the first."""
    changes = Changes(old, new, fps=24, size=size)
    light = {t: frame.light for t, frame in zip(times, frames, strict=True)}
    composed = [(t, frame.composed) for t, frame in zip(times, frames, strict=True)]

    def kept(t: float) -> Kept | None:
        region = changes.region(t)
        return Kept(light=light[t], region=region) if isinstance(region, Region) else None

    regions = [changes.region(t) for t in times]
    held = [r.width * r.height / size[0] / size[1] if isinstance(r, Region) else 1.0 for r in regions]
    print(f"region {np.mean(held):.0%} of the picture")
    look = {**new.look, "grade": "vintage"}
    with Renderer(new, size, fps=24) as renderer, Grader(size, new.style, look=look, fps=24, seed=new.seed) as grader:
        ways: dict[str, Callable[[], Iterable[Frame]]] = {
            "draw": lambda: renderer.frames(times),
            "draw and keep plates": lambda: renderer.frames(times, {"ids"}, plates=("light", "composed")),
            "draw the region": lambda: renderer.frames(times, kept=kept),
            "grade again": lambda: grader.frames(composed),
        }
        for way in ways.values():
            list(way())
        costs = {name: [np.inf, np.inf] for name in ways}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                costs[name] = np.minimum(costs[name], cost(way, len(times))).tolist()
    for name, (processor, wall) in costs.items():
        share = f"{processor / costs['draw'][0]:5.0%} {wall / costs['draw'][1]:5.0%}"
        print(f"{name:22} {processor:5.0f} ms of processor time, {wall:5.0f} ms by the clock {share}")


def cost(way: Callable[[], Iterable[object]], frames: int) -> tuple[float, float]:
    """Milliseconds a frame: processor time of all threads, and time by the clock."""
    processor, wall = time.process_time(), time.perf_counter()
    for _ in way():
        pass
    return (time.process_time() - processor) / frames * 1e3, (time.perf_counter() - wall) / frames * 1e3


if __name__ == "__main__":
    main()
