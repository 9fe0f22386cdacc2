"""Makes training clips: shard by shard, in as many processes as are given, each of low priority; what is there is kept."""

from __future__ import annotations

import gc
import hashlib
import json
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from vitascope.film import Film, Subject, film_to_json, seed_for
from vitascope.model.data.blocking import UnfitError, film_of
from vitascope.model.data.drawing import ClipShape, Drawn, draw
from vitascope.model.data.errors import DataError
from vitascope.model.data.grammar import Scene, grammar_digest, held_out, roles, scene
from vitascope.model.data.pairing import changed_cells, edited
from vitascope.model.data.shards import SHARD, pack, read_shard, shard_path, write_shard
from vitascope.recipe import Catalogue, catalogue
from vitascope.world.people.palette import skin_step

__all__ = ["Made", "clip_of", "make", "pair_of"]

Clip = tuple[Drawn, dict[str, Any]]
"""What is seen and heard, and what is known of it."""
TRIES = 40
"""Scenes that are tried for one clip."""
OFTEN = 8
"""Clips after which a shard that is being made is written: so many are lost at most when a run is ended."""
NICE = 10
"""How much other processes go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a run made: clips, seconds it took, and why scenes were refused, by reason."""

    clips: int
    seconds: float
    refused: Counter[str]


def make(
    folder: str | Path,
    count: int,
    seed: int = 0,
    *,
    shape: ClipShape | None = None,
    pairs: bool = False,
    processes: int = 1,
    until: float | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Made:
    """Make clips 0 .. count - 1 of `seed` in `folder`; those that are there are not made again.

    Of `pairs` each second clip is an edit of the one before it, with the words that ask for it and where both differ.

    No clip begins after `until` [s, as time.time()]. `progress` is told clips that are there, and `count`. The same seed and
    shape give the same bytes on the same adapter. Raises DataError for a folder that holds clips of another seed or shape.
    """
    shape = shape or ClipShape()
    if count < 1 or processes < 1:
        raise DataError(f"{count} clips were asked for from {processes} processes; give at least one of each.")
    if pairs and count % 2:
        raise DataError(f"{count} clips do not make pairs; ask for {count + 1}.")
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    _claim(
        place, {"seed": seed, "shape": asdict(shape), "grammar": grammar_digest(), **({"pairs": True} if pairs else {})}
    )
    numbers = range(-(-count // SHARD))
    there = {n: min(_clips_in(place, n), len(_indices(n, count))) for n in numbers}
    missing = [n for n in numbers if there[n] < len(_indices(n, count))]
    begun, refused = time.monotonic(), Counter[str]()
    before = done = sum(there.values())
    progress(done, count)
    for made, reasons in _worked(
        place, missing, count, _Task(seed=seed, shape=shape, pairs=pairs, until=until), processes
    ):
        done += made
        refused += reasons
        progress(done, count)
    return Made(clips=done - before, seconds=time.monotonic() - begun, refused=refused)


def clip_of(seed: int, index: int, shape: ClipShape, library: Catalogue) -> tuple[list[Clip], Counter[str]]:
    """Clip `index`: the first of its scenes that shows what its labels say, what is known of it, and why others were refused."""

    def make_one(attempt: int, wish: Scene, film: Film) -> list[Clip]:
        return [(_drawn(wish, film, shape, library), _row(index, attempt, wish, film))]

    return _first(seed, index, shape, library, make_one)


def pair_of(seed: int, index: int, shape: ClipShape, library: Catalogue) -> tuple[list[Clip], Counter[str]]:
    """Clip `index` as by `clip_of`, and the one after it: the same film after an edit. Held out if either is."""

    def make_both(attempt: int, wish: Scene, film: Film) -> list[Clip]:
        after, wanted, words = edited(film, wish, catalogue=library)
        first, second = _drawn(wish, film, shape, library), _drawn(wanted, after, shape, library)
        rows = [_row(index, attempt, wish, film), _row(index + 1, attempt, wanted, after) | {"edit": words}]
        split = {"split": "held" if "held" in [row["split"] for row in rows] else "train"}
        changed = replace(second, changed=changed_cells(first.frames, second.frames))
        return [(first, rows[0] | split), (changed, rows[1] | split)]

    return _first(seed, index, shape, library, make_both)


def _first(
    seed: int,
    index: int,
    shape: ClipShape,
    library: Catalogue,
    make_it: Callable[[int, Scene, Film], list[Clip]],
) -> tuple[list[Clip], Counter[str]]:
    """What is made of the first scene that is fit."""
    refused: Counter[str] = Counter()
    for attempt in range(TRIES):
        wish = scene(seed, index, attempt)
        try:
            film = film_of(wish, seconds=shape.seconds, aspect=shape.aspect, catalogue=library)
            return make_it(attempt, wish, film), refused
        except UnfitError as reason:
            refused[str(reason)] += 1
    raise DataError(
        f"None of {TRIES} scenes of clip {index} with seed {seed} shows what its labels say; use another seed."
    )


def _drawn(wish: Scene, film: Film, shape: ClipShape, library: Catalogue) -> Drawn:
    leads = [n for n, each in enumerate(film.shots[0].subjects, 1) if each.recipe == wish.recipe]
    return draw(film, wish.labels, shape, leads=leads, catalogue=library)


def _row(index: int, attempt: int, wish: Scene, film: Film) -> dict[str, Any]:
    return {
        "index": index,
        "attempt": attempt,
        "caption": wish.caption,
        "labels": wish.labels.row,
        "split": "held" if held_out(wish.labels) else "train",
        "seed": film.seed,
        "film": hashlib.sha256(film_to_json(film).encode()).hexdigest(),
        "people": [_person(each, film) for each in film.shots[0].subjects if each.recipe in _people()],
    }


def _people() -> set[str]:
    return {recipe.name for recipe in catalogue().recipes.values() if recipe.kind == "person"}


def _person(subject: Subject, film: Film) -> dict[str, Any]:
    """Who is seen: the step of skin, 0 the lightest of ten, what was put on by words, and what they work as."""
    return {
        "name": subject.name,
        "recipe": subject.recipe,
        "skin": skin_step(seed_for(film.seed, "subject", subject.id), subject.attributes.skin),
        "dress": [f"{each.colour or ''} {each.kind}".strip() for each in subject.attributes.clothing],
        "role": subject.name if subject.recipe in roles() else "",
    }


def _indices(number: int, count: int) -> range:
    return range(number * SHARD, min(count, (number + 1) * SHARD))


def _clips_in(place: Path, number: int) -> int:
    lines = shard_path(place, number, ".jsonl")
    return len(lines.read_text("utf-8").splitlines()) if lines.exists() else 0


def _claim(place: Path, facts: dict[str, Any]) -> None:
    """Note of what seed and shape the clips of a folder are, or see that they are of these."""
    note = place / "made.json"
    if not note.exists():
        note.write_text(json.dumps(facts, sort_keys=True) + "\n", "utf-8")
    known = json.loads(note.read_text("utf-8"))
    if known != facts:
        differing = ", ".join(name for name in facts if known.get(name) != facts[name])
        raise DataError(f"The folder holds clips of another {differing}; name an empty one, or give the same: {place}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What all shards of a run have in common."""

    seed: int
    shape: ClipShape
    pairs: bool
    until: float | None


def _worked(
    place: Path, missing: list[int], count: int, task: _Task, processes: int
) -> Iterator[tuple[int, Counter[str]]]:
    """Clips that were made of each shard, and why scenes were refused."""
    shards = [(place, number, _indices(number, count), task) for number in missing]
    if processes == 1:
        yield from (_make_shard(*each) for each in shards)
        return
    spawn, others = multiprocessing.get_context("spawn"), multiprocessing.active_children()
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=_step_back) as pool:
        try:
            for each in as_completed([pool.submit(_make_shard, *shard) for shard in shards]):
                yield each.result()
        except BrokenProcessPool:
            for each in multiprocessing.active_children():  # the pool waits for one that began as another ended
                if each not in others:
                    with suppress(ValueError):  # it is gone already
                        each.kill()
            raise DataError(
                "A process that draws clips was ended from outside, perhaps for want of memory; the same command goes on with "
                "what is there."
            ) from None


def _step_back() -> None:
    """Let others go first, and draw with one thread: there are as many processes as are wanted."""
    os.nice(NICE)
    os.environ["LP_NUM_THREADS"] = "1"


def _make_shard(place: Path, number: int, indices: range, task: _Task) -> tuple[int, Counter[str]]:
    """Go on with what is there of a shard; every few clips it is written."""
    library, refused = catalogue(), Counter[str]()
    clips = read_shard(place, number)
    before = len(clips)
    for index in indices[before :: 2 if task.pairs else 1]:
        if task.until is not None and time.time() >= task.until:
            break
        make_one = pair_of if task.pairs else clip_of
        made, reasons = make_one(task.seed, index, task.shape, library)
        refused.update(reasons)
        clips += [(pack(drawn), row) for drawn, row in made]
        if len(clips) % OFTEN == 0:
            write_shard(place, number, clips)
        gc.collect()  # stages refer back to themselves
    if len(clips) > before:
        write_shard(place, number, clips)
    return len(clips) - before, refused
