"""How often an instruction about a film is carried out as asked, asked back, declined, or carried out wrongly.

    python benchmarks/edit_understanding.py ../shared/eval/prompts [--set unicbench] [--show wrong] [--kind "Subject Removal"]

The film before comes from the prompt of its source where the set gives one; else from the things that the instruction
speaks of ("the woman's dress" needs a woman in a dress), which is said in the output. The checker knows nothing of how
instructions are read: it takes simple facts from the words (which verb, which nouns, which colour, how many), and from
the film of the target prompt where there is one, and compares them with what differs between the films before and after.
Applied as asked: every fact holds, and nothing differs that no fact speaks of. Applied in part: so, but words of the
instruction were left out, and the answer says which. Whatever else was applied is wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from edit_facts import Facts, facts_of, judged, source_prompt
from vitascope.director import DirectorError, direct
from vitascope.director.editing import Conversation, NoChange, NotUnderstood, Proposal, Question, interpret
from vitascope.film import Film, apply
from vitascope.recipe import catalogue

SETS = ("tgve_instruct", "unicbench")
OUTCOMES = ("applied", "in part", "asked", "declined", "wrong")


def main() -> int:
    """Print one row per kind and set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prompts", type=Path, help="folder of prompt sets, one JSON object a line")
    parser.add_argument("--set", action="append", default=[], help="only this set; may be given several times")
    parser.add_argument("--kind", default="", help="only this kind of edit")
    parser.add_argument("--show", default="", help="list the instructions with this outcome, or all")
    arguments = parser.parse_args()
    files = [arguments.prompts / f"{name}.jsonl" for name in arguments.set or SETS]
    missing = [file.name for file in files if not file.exists()]
    if missing:
        print(f"There is no {missing[0]} in {arguments.prompts}; give the folder of the prompt sets.", file=sys.stderr)
        return 1
    print(f"{'set and kind':44}{'edits':>7}" + "".join(f"{name:>10}" for name in OUTCOMES) + f"{'ms':>7}")
    total: Counter[str] = Counter()
    for file in files:
        rows, seconds = _measure(file, arguments.kind, arguments.show)
        whole: Counter[str] = Counter()
        for kind, counts in sorted(rows.items()):
            print(_line(f"  {kind}", counts))
            whole += counts
        made = "" if "tgve" in file.stem else " (films made from the instructions)"
        print(_line(file.stem + made, whole, seconds))
        total += whole
    print(_line("both", total))
    return 0


def _line(name: str, counts: Counter[str], seconds: float | None = None) -> str:
    number = max(1, counts.total())
    shares = "".join(f"{counts[outcome] / number:10.1%}" for outcome in OUTCOMES)
    mean = f"{1000 * seconds / number:7.0f}" if seconds is not None else ""
    return f"{name:44}{counts.total():7}{shares}{mean}"


def _measure(file: Path, only: str, show: str) -> tuple[dict[str, Counter[str]], float]:
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    seconds = 0.0
    checks = _checks(file.parent.parent / "checks" / file.name)
    for line in file.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        check = checks.get(entry["id"], {})
        kind = entry["meta"].get("subtask") or check.get("kind", "edit")
        if only and kind != only:
            continue
        outcome, answer, taken = _outcome(entry["prompt"], check)
        seconds += taken
        rows[kind][outcome] += 1
        if show in (outcome, "all"):
            print(f"    {outcome:9}{entry['prompt']}\n             {answer}")
    return rows, seconds


def _checks(file: Path) -> dict[str, dict]:
    if not file.exists():
        return {}
    entries = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return {entry["id"]: entry["checks"][0] for entry in entries if entry["checks"]}


def _film(prompt: str) -> Film | None:
    try:
        return direct(prompt, catalogue=catalogue()) if prompt.strip() else None
    except DirectorError:
        return None


def _outcome(words: str, check: dict) -> tuple[str, str, float]:
    source = check.get("source_prompt") or source_prompt(words)
    film = _film(source) or _film("a meadow")
    assert film is not None
    started = time.perf_counter()
    reply = interpret(words, Conversation(film=film), catalogue=catalogue())
    taken = time.perf_counter() - started
    if isinstance(reply, Question):
        return "asked", reply.text, taken
    if isinstance(reply, NotUnderstood | NoChange) or not isinstance(reply, Proposal):
        return "declined", f"{getattr(reply, 'text', reply)}   [{source}]", taken
    after = apply(film, reply.edit)
    target = _film(check["target_prompt"]) if check.get("target_prompt") else None
    facts = facts_of(words) or Facts()
    fault = judged(facts, film, after, target)
    lost = [phrase.text for phrase in reply.reading.with_status("not_understood")]
    answer = (
        f"{reply.said}   [{source}]" + (f" left out: {lost}" if lost else "") + (f" FAULT: {fault}" if fault else "")
    )
    if fault:
        return "wrong", answer, taken
    return ("in part" if lost else "applied"), re.sub(r"\s+", " ", answer), taken


if __name__ == "__main__":
    sys.exit(main())
