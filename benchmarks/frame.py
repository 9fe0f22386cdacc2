"""How long a frame takes and where the time goes: `python benchmarks/frame.py [--water] [--save frame.png]`."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from PIL import Image

from synthetic import chart, outdoor
from vitascope.render.renderer import Renderer


def main() -> None:
    """Draw the synthetic stage and print milliseconds by pass."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", default="1280x720")
    parser.add_argument("--frames", type=int, default=8)
    parser.add_argument("--supersample", type=float, default=1.0)
    parser.add_argument("--stage", default="outdoor", choices=["outdoor", "surfaces", "surfaces2", "patterns"])
    parser.add_argument("--water", action="store_true")
    parser.add_argument("--hour", default="day")
    parser.add_argument("--style", default="cinematic")
    parser.add_argument("--save", type=Path)
    options = parser.parse_args()
    size = tuple(int(part) for part in options.size.split("x"))
    stage = {
        "outdoor": lambda: outdoor(water=options.water, style=options.style, hour=options.hour),
        "surfaces": lambda: chart(0, 20, style=options.style),
        "surfaces2": lambda: chart(20, 20, style=options.style),
        "patterns": lambda: chart(patterns=True, style=options.style),
    }[options.stage]()
    start = time.perf_counter()
    with Renderer(stage, size, fps=24, supersample=options.supersample) as renderer:
        made = time.perf_counter()
        frame = renderer.draw(0.0)
        first = time.perf_counter()
        print(f"start {made - start:.2f} s, first frame {first - made:.2f} s")
        if options.save:
            Image.fromarray(frame.colour).save(options.save)
        if options.frames:
            renderer.draw(0.5)
            steady = time.perf_counter()
            for _ in renderer.frames(i / 24 for i in range(1, options.frames + 1)):
                pass
            print(f"steady {(time.perf_counter() - steady) / options.frames * 1e3:.0f} ms a frame")
            rows = [renderer.profile(0.5 + k / 24) for k in range(3)]
            best = {name: min(row[name] for row in rows) for name in rows[0]}
            print("  ".join(f"{name} {ms:.0f}" for name, ms in best.items()))


if __name__ == "__main__":
    main()
