"""How much of the evaluation prompts the director understands, and how often the draft has the right slots.

    python benchmarks/understanding.py ../shared/eval/prompts [--set vbench] [--show-misses 40]

Shares are of content phrases as docs/understanding.md counts them. Edit sets are read as if they were prompts, which
they are not: their shares say how much of their words is known, no more. Slot accuracy compares the draft with the
checks that lie beside the prompts (counts, colours, relations, camera moves, styles); it is no benchmark's own score.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from vitascope.director import DirectorError, Draft, read, system_wordnet
from vitascope.director.morphology import noun_lemmas
from vitascope.recipe import Catalogue, catalogue

EDIT_SETS = ("tgve_instruct", "unicbench", "imgedit", "edit_samples")
RELATIONS = {
    "left_of": ("left_of",), "right_of": ("right_of",), "above": ("above", "on"), "below": ("under",),
    "behind": ("behind",), "in_front_of": ("in_front_of",), "next_to": ("next_to", "near"),
    "near": ("near", "next_to"), "hidden_by": ("behind", "in"),
}  # fmt: skip
MOVES = {
    "orbits": ("orbit_left", "orbit_right"), "shake": ("handheld",), "rack_focus": ("rack_focus",),
    "oblique": ("dolly_in", "aerial"),
}  # fmt: skip


def main() -> int:
    """Print one row per set and the mean of the sets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prompts", type=Path, help="folder of prompt sets, one JSON object a line")
    parser.add_argument("--set", action="append", default=[], help="only this set; may be given several times")
    parser.add_argument("--show-misses", type=int, default=0, metavar="N", help="the N commonest words not understood")
    parser.add_argument("--show-slots", type=int, default=0, metavar="N", help="N failed slot checks of each set")
    arguments = parser.parse_args()
    library, wordnet = catalogue(), system_wordnet()
    files = [
        file for file in sorted(arguments.prompts.glob("*.jsonl")) if not arguments.set or file.stem in arguments.set
    ]
    if not files:
        print(f"There are no prompt sets of that name in {arguments.prompts}.", file=sys.stderr)
        return 1
    misses: Counter[tuple[str, str]] = Counter()
    rows = []
    print(
        f"{'set':22}{'prompts':>8}{'phrases':>9}{'underst':>9}{'subst':>8}{'not':>8}{'fully':>8}{'slots':>14}{'ms':>7}"
    )
    for file in files:
        row = _measure(file, library, wordnet, misses, arguments.show_slots)
        rows.append(row)
        print(_line(file.stem, row))
    mean = {key: sum(row[key] for row in rows) / len(rows) for key in rows[0] if key not in ("slots", "passed")}
    print(_line("mean of sets", {**mean, "slots": 0, "passed": 0}))
    for (kind, text), count in misses.most_common(arguments.show_misses):
        print(f"{count:6} {kind:10} {text}")
    return 0


def _line(name: str, row: dict) -> str:
    slots = f"{row['passed'] / row['slots']:.1%} of {row['slots']}" if row["slots"] else ""
    return (
        f"{name + (' (edits)' if name in EDIT_SETS else ''):22}{row['prompts']:8.0f}{row['phrases']:9.0f}"
        f"{row['understood']:9.1%}{row['substituted']:8.1%}{row['not_understood']:8.1%}{row['fully']:8.1%}"
        f"{slots:>14}{row['milliseconds']:7.1f}"
    )


def _measure(file: Path, library: Catalogue, wordnet, misses: Counter, show_slots: int) -> dict:
    checks = _checks(file.parent.parent / "checks" / file.name)
    statuses: Counter[str] = Counter()
    prompts = fully = slots = passed = 0
    failed: list[str] = []
    started = time.perf_counter()
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        prompts += 1
        try:
            understanding = read(row["prompt"], catalogue=library, wordnet=wordnet)
        except DirectorError as error:
            statuses["not_understood"] += 1
            misses["refused", str(error)] += 1
            continue
        phrases = understanding.reading.phrases
        statuses.update(phrase.status for phrase in phrases)
        missed = [phrase for phrase in phrases if phrase.status == "not_understood"]
        misses.update((phrase.kind, phrase.text.lower()) for phrase in missed)
        fully += not missed
        results = [r for check in checks[row["id"]] if (r := _passes(check, understanding.draft)) is not None]
        slots += bool(results)
        passed += bool(results) and all(results)
        if results and not all(results):
            failed.append(row["prompt"])
    for prompt in failed[:show_slots]:
        print("    failed slot:", prompt[:150])
    total = max(1, sum(statuses.values()))
    return {
        "prompts": prompts,
        "phrases": total,
        "understood": statuses["understood"] / total,
        "substituted": statuses["substituted"] / total,
        "not_understood": statuses["not_understood"] / total,
        "fully": fully / max(1, prompts),
        "slots": slots,
        "passed": passed,
        "milliseconds": 1000 * (time.perf_counter() - started) / max(1, prompts),
    }


def _checks(file: Path) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = defaultdict(list)
    if file.exists():
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found[row["id"]] = row["checks"]
    return found


def _passes(check: dict, draft: Draft) -> bool | None:
    """Whether the draft fulfils a check; None for checks that a draft cannot answer."""
    kind = check["type"]
    if kind in ("count", "exists", "color", "texture"):
        entities = _named(draft, check["cls"])
        if kind == "count":
            return len(entities) == check["n"]
        if kind == "exists":
            return bool(entities)
        if kind == "color":
            colour = check["color"].replace("gray", "grey")
            return any((e.attributes.colour or "").replace("gray", "grey") == colour for e in entities)
        return any(_alike(check["value"], e.attributes.material) for e in entities)
    if kind == "relation":
        return _related(draft, check)
    if kind == "camera":
        return _moves(draft, check["move"])
    if kind == "static_scene":
        return not draft.camera.moves
    return None


def _named(draft: Draft, name: str) -> list:
    *front, last = name.split()
    lemmas = set(noun_lemmas(last))
    named = [e for e in draft.entities if lemmas & {e.name.split()[-1], *noun_lemmas(e.name.split()[-1])}]
    coloured = [e for e in named if e.attributes.colour in front]
    return coloured or named


def _alike(said: str, material: str | None) -> bool:
    known = {"wooden": "wood", "metallic": "metal", "fluffy": "fur"}
    return material == known.get(said, said)


def _related(draft: Draft, check: dict) -> bool:
    ones = {entity.id for entity in _named(draft, check["a"])}
    others = {entity.id for entity in _named(draft, check["b"])}
    kinds = RELATIONS.get(check["rel"], (check["rel"],))
    return any(r.kind in kinds and r.entity in ones and others & set(r.targets) for r in draft.relations)


def _moves(draft: Draft, move: str) -> bool:
    if move == "static" or move == "steady":
        return draft.camera.static
    if move == "slow_motion":
        return draft.look.pace == "slow_motion"
    return any(wish.kind in MOVES.get(move, (move,)) for wish in draft.camera.moves)


if __name__ == "__main__":
    sys.exit(main())
