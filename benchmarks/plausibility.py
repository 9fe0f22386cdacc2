"""Which evaluation prompts are called impossible, to be judged by hand: most of them describe what is merely unusual.

python benchmarks/plausibility.py ../shared/eval/prompts [--set vbench]
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from vitascope.director import DirectorError, read, system_wordnet
from vitascope.recipe import catalogue

SHOWN = 160


def main() -> int:
    """Print each prompt that is called impossible with the laws, and how many of a set are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prompts", type=Path, help="folder of prompt sets, one JSON object a line")
    parser.add_argument("--set", action="append", default=[], help="only this set; may be given several times")
    arguments = parser.parse_args()
    files = [f for f in sorted(arguments.prompts.glob("*.jsonl")) if not arguments.set or f.stem in arguments.set]
    if not files:
        print(f"There are no prompt sets of that name in {arguments.prompts}.", file=sys.stderr)
        return 1
    library, wordnet = catalogue(), system_wordnet()
    for file in files:
        prompts = [json.loads(line)["prompt"] for line in file.read_text().splitlines() if line.strip()]
        alarms = 0
        for prompt in prompts:
            try:
                breaches = read(prompt, catalogue=library, wordnet=wordnet).breaches
            except DirectorError:
                continue
            alarms += bool(breaches)
            for breach in breaches:
                print(f"    {breach.kind:14} {breach.who}: {prompt[:SHOWN]}")
        print(f"{file.stem:22}{len(prompts):6} prompts {alarms:4} called impossible")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
