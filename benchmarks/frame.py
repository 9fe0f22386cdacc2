"""What a frame costs and what limits it: `python benchmarks/frame.py [--prompt "..."] [--water] [--save frame.png]`.

All figures but the start are processor time, all threads together, so that they hold on a busy machine too.
"""

from __future__ import annotations

import argparse
import time
from fractions import Fraction
from pathlib import Path

from PIL import Image

from synthetic import chart, outdoor
from vitascope.director import direct
from vitascope.film import size_named
from vitascope.recipe import catalogue
from vitascope.render.renderer import Renderer
from vitascope.world.build import build_stage
from vitascope.world.stage import Stage


def main() -> None:
    """Draw a stage and print milliseconds by pass."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--supersample", type=float, default=1.0)
    parser.add_argument("--stage", default="outdoor", choices=["outdoor", "surfaces", "surfaces2", "patterns"])
    parser.add_argument("--prompt", help="draw the stage of this sentence instead")
    parser.add_argument("--water", action="store_true")
    parser.add_argument("--hour", default="day")
    parser.add_argument("--style", default="cinematic")
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    width, height = (int(part) for part in options.size.split("x"))
    stage = stage_of(options)
    start, wall = time.process_time(), time.perf_counter()
    with Renderer(stage, (width, height), fps=24, supersample=options.supersample) as renderer:
        made = time.process_time()
        frame = renderer.draw(0.0)
        print(
            f"start {made - start:.2f} s, first frame {time.process_time() - made:.2f} s of processor time, "
            f"{time.perf_counter() - wall:.2f} s by the clock"
        )
        if options.save:
            Image.fromarray(frame.colour).save(options.save)
        if options.frames:
            measure(renderer, options.frames)
    if options.frames:
        with Renderer(stage, (width // 16, height // 16), fps=24) as renderer:
            renderer.draw(0.5)
            print(f"at a 256th of the pixels {sum(steps(renderer).values()):.0f} ms: vertices, culling, poses")


def stage_of(options: argparse.Namespace) -> Stage:
    """The stage that the options name."""
    if options.prompt:
        size = size_named(options.size)
        film = direct(options.prompt, catalogue=catalogue(), seconds=Fraction(5), size=size, fps=Fraction(24))
        return build_stage(film, 0)
    if options.stage == "outdoor":
        return outdoor(water=options.water, style=options.style, hour=options.hour)
    if options.stage == "patterns":
        return chart(patterns=True, style=options.style)
    return chart(20 if options.stage == "surfaces2" else 0, 20, style=options.style)


def measure(renderer: Renderer, frames: int) -> None:
    """Print what a frame costs in a row of frames, in the thread that asks for them, and by step."""
    renderer.draw(0.5)
    everything, own = time.process_time(), time.thread_time()
    for _ in renderer.frames(i / 24 for i in range(13, 13 + frames)):
        pass
    everything, own = time.process_time() - everything, time.thread_time() - own
    print(f"a frame {everything / frames * 1e3:.0f} ms, of it Python {own / frames * 1e3:.0f} ms")
    best = steps(renderer)
    print("  ".join(f"{name} {ms:.0f}" for name, ms in best.items()), f" sum {sum(best.values()):.0f}")


def steps(renderer: Renderer) -> dict[str, float]:
    """Least milliseconds of each step in three frames."""
    rows = [renderer.profile(0.5 + k / 24) for k in range(3)]
    return {name: min(row[name] for row in rows) for name in rows[0]}


if __name__ == "__main__":
    main()
