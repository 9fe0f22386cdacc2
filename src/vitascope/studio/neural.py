"""Pictures by a learned model: each shot is told in words and drafted by the world, made once, and of an edit made again where
its words changed. What a take remembers lies beside its film.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from vitascope import provenance
from vitascope.continuity import digest_of
from vitascope.director.caption import caption_of
from vitascope.film import Film, Shot, frame_time, seed_for
from vitascope.model.draft import draft_frames
from vitascope.model.generator import Generator, Wish, load_generator, shipped
from vitascope.model.memory import Kept, TakeError, pack_take, unpack_take
from vitascope.studio.clock import Clock
from vitascope.studio.drafting import Draft, draft_of, moment_in
from vitascope.studio.encoding import ChunkThread
from vitascope.studio.errors import ProjectError
from vitascope.studio.forecast import Forecast, forecast
from vitascope.studio.memory import Memory
from vitascope.studio.picture import MadeChunk, stored_chunk
from vitascope.studio.plan import ChunkPlan, plan_chunks, seen_most

__all__ = ["NeuralEngine", "generator_at", "model_forecast"]

FOLDER, LISTED = "model", "shots.json"
"""In the folder of a take: a file for each shot, and in which of them which shot lies."""

DRAFT_SECONDS, FRAME_SECONDS = 0.03, 0.03
"""Of a frame of the draft, and of a million pixels that are enlarged and encoded; on two processors."""
SPREAD = 1.5
UNSHOWN = "The model knows no words for a part of this change, so its picture stays as it was."


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A shot of a take: its captions, one for each moment, its draft, what the model keeps, and its frames."""

    captions: tuple[str, ...]
    shot: Shot
    draft: Draft
    kept: Kept
    pictures: np.ndarray


class NeuralEngine:
    """An engine of `studio.engine`, for one film. `before` is the folder of the take that it is edited from, if any."""

    name = "model"
    source_type = provenance.TRAINED_MEDIA

    def __init__(
        self, generator: Generator, *, before: Path | None = None, on_step: Callable[[int, int], None] | None = None
    ) -> None:
        self._generator, self._on_step = generator, on_step
        self._before = {} if before is None else _read(before / FOLDER)
        self._made: dict[str, Remembered] = {}
        self.remark: str | None = None

    @property
    def title(self) -> str:
        return f"Vitascope model {self._generator.name}"

    @property
    def model(self) -> provenance.Model:
        return provenance.Model(name=self.title, identifier=f"sha256:{self._generator.digest}")

    def pictures(
        self,
        film: Film,
        *,
        earlier: Film | None,
        memory: Memory,
        label: provenance.Label | None,
        clock: Clock,
        shown: Callable[[np.ndarray], None],
    ) -> Iterator[MadeChunk]:
        """Shot after shot: the whole shot is made, then cut into chunks. Chunks that show what they showed are taken again."""
        del earlier
        plans = plan_chunks(film)
        for index, shot in enumerate(film.shots):
            with clock.measure("render"):
                made = self._shot(film, shot)
            self._made[shot.id] = made
            before = self._before.get(shot.id)
            if before is not None and before.kept is made.kept and before.shot != shot:
                self.remark = UNSHOWN
            cut = _Cut(film, made.pictures, self._generator, label, clock, shown)
            yield from (cut.chunk(plan, memory) for plan in plans if plan.shot == index)

    def keep(self, folder: Path) -> None:
        """Write down in the folder of the take what the next edit needs."""
        place = folder / FOLDER
        place.mkdir(parents=True, exist_ok=True)
        listed = []
        for number, (name, made) in enumerate(self._made.items()):
            (place / f"{number}.take").write_bytes(pack_take(made.kept))
            draft = made.draft
            np.savez_compressed(place / f"{number}.npz", pictures=made.pictures, depth=draft.depth, ids=draft.ids)
            listed.append({"shot": made.shot.model_dump(mode="json"), "captions": list(made.captions), "id": name})
        (place / LISTED).write_text(json.dumps({"weights": self._generator.digest, "shots": listed}), encoding="utf-8")

    def _shot(self, film: Film, shot: Shot) -> Remembered:
        form = self._generator.form
        moments = form.moments(shot.duration)
        captions = tuple(_caption(shot, form.seconds(n)) for n in range(moments))
        times = [float(n / form.rate) for n in range(form.frames(moments))]
        size = (form.latent.width * form.stride.width, form.latent.height * form.stride.height)
        draft = draft_of(film, shot, times, size=size)
        before, seed = self._before.get(shot.id), seed_for(film.seed, "model", shot.id)
        if before is not None and before.kept.seed != seed:
            before = None
        made = self._region(before, shot, captions, draft)
        if before is not None and not made.any():
            return replace(before, shot=shot, draft=draft, captions=captions)
        wish = Wish(
            captions=captions,
            seed=seed,
            made_THW=made,
            draft=draft_frames(draft.depth, draft.ids, height=size[1], width=size[0]),
        )
        generator = self._generator
        kept = generator.made(wish, kept=None if before is None else before.kept, on_step=self._on_step)
        pictures = (
            generator.pictures(kept) if before is None else generator.repainted(before.pictures, before.kept, kept)
        )
        return Remembered(captions=captions, shot=shot, draft=draft, kept=kept, pictures=pictures)

    def _region(self, before: Remembered | None, shot: Shot, captions: tuple[str, ...], draft: Draft) -> np.ndarray:
        """(T, H, W): what is made. Of an edit the patches whose draft is another, and the moments whose words are others; of
        those, where only looks of some subjects changed, their patches."""
        latent = self._generator.form.latent
        made = np.ones((len(captions), latent.height, latent.width), bool)
        if before is None:
            return made
        for moment, (then, now) in enumerate(zip(before.captions, captions, strict=False)):
            made[moment] = then != now
        changed = _dressed_otherwise(before.shot, shot)
        if changed and (patches := self._generator.patches(np.isin(draft.ids, list(changed)))).any():
            made &= patches
        there = min(len(before.draft.ids), len(draft.ids))
        other = (before.draft.ids[:there] != draft.ids[:there]) | (before.draft.depth[:there] != draft.depth[:there])
        patches = self._generator.patches(other)
        made[: len(patches)] |= patches
        return made


@lru_cache(maxsize=1)
def generator_at(weights: str | None) -> Generator:
    """The weights in a folder, or those that come with the program. Raises CheckpointError, one sentence."""
    return load_generator(shipped() if weights is None else Path(weights).expanduser())


def model_forecast(film: Film, weights: str | None) -> Forecast:
    """What `film` will take by these weights on this machine, which is tried out for a moment. Raises CheckpointError."""
    generator = generator_at(weights)
    plain = forecast(film, software=True)
    making = sum(generator.seconds(generator.form.moments(shot.duration)) for shot in film.shots)
    drafts = sum(generator.form.frames(generator.form.moments(shot.duration)) for shot in film.shots) * DRAFT_SECONDS
    seconds = making + drafts + FRAME_SECONDS * plain.frames * film.size.width * film.size.height / 1e6
    return replace(plain, seconds=seconds, least=seconds / SPREAD, most=seconds * SPREAD)


class _Cut:
    """The chunks of one shot from the model's frames: each shown until the next, at the size of the film."""

    def __init__(
        self,
        film: Film,
        pictures: np.ndarray,
        generator: Generator,
        label: provenance.Label | None,
        clock: Clock,
        shown: Callable[[np.ndarray], None],
    ) -> None:
        self._film, self._pictures, self._generator, self._label = film, pictures, generator, label
        self._clock, self._shown = clock, shown

    @cached_property
    def _size(self) -> tuple[int, int]:
        return self._film.size.width, self._film.size.height

    def chunk(self, plan: ChunkPlan, memory: Memory) -> MadeChunk:
        numbers = [self._seen_at(frame_time(number, self._film.fps)) for number in plan.numbers]
        words = provenance.LABEL_TEXT if self._label else None
        address = digest_of(
            "model chunk", self._generator.digest, str(self._film.fps), list(self._size), words or "",
            [self._pictures[number].tobytes() for number in numbers],
        )  # fmt: skip
        known = stored_chunk(memory.store, address)
        if known is not None:
            return MadeChunk(plan=plan, chunk=known, address=address, ways=Counter({"reused": plan.count}))
        finished = self._label.apply if self._label else lambda frame: frame
        with ChunkThread(
            size=self._size, fps=self._film.fps, clock=self._clock, finished=finished, opened=None
        ) as thread:
            for number in numbers:
                frame = fitted(self._pictures[number], self._size)
                thread.put(frame, lambda: None)
                self._shown(frame)
            chunk = thread.finish()
        memory.store.put("chunk", address, chunk.to_bytes())
        return MadeChunk(plan=plan, chunk=chunk, address=address, ways=Counter({"drawn": plan.count}))

    def _seen_at(self, t: Fraction) -> int:
        return min(int(t * self._generator.form.rate), len(self._pictures) - 1)


def fitted(frame: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A frame (H, W, 3) uint8 that covers `size`, width and height: enlarged, and what stands over cut off on both sides."""
    height, width = frame.shape[:2]
    factor = max(size[0] / width, size[1] / height)
    across, down = size[0] / factor, size[1] / factor
    left, top = (width - across) / 2, (height - down) / 2
    box = (left, top, left + across, top + down)
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BICUBIC, box=box))


def _caption(shot: Shot, t: float) -> str:
    """How the moment is told: as the plain shot that is seen most."""
    return caption_of(seen_most(shot, moment_in(shot, t)))


def _dressed_otherwise(before: Shot, after: Shot) -> set[int]:
    """Ids, as passes have them, of subjects that look otherwise, where nothing else of the shot changed; else none."""
    plain = {"subjects": ()}
    if before.model_copy(update=plain) != after.model_copy(update=plain) or len(before.subjects) != len(after.subjects):
        return set()
    changed = set()
    for number, (then, now) in enumerate(zip(before.subjects, after.subjects, strict=True), 1):
        if then.model_copy(update={"attributes": now.attributes}) != now:
            return set()
        if then.attributes != now.attributes:
            changed.add(number)
    return changed


def _read(folder: Path) -> dict[str, Remembered]:
    """What a take remembers, by shot. Raises ProjectError where it is gone or damaged."""
    try:
        listed = json.loads((folder / LISTED).read_text(encoding="utf-8"))["shots"]
        found = {}
        for number, each in enumerate(listed):
            with np.load(folder / f"{number}.npz") as file:
                pictures, draft = file["pictures"], Draft(depth=file["depth"], ids=file["ids"])
            found[each["id"]] = Remembered(
                captions=tuple(each["captions"]),
                shot=Shot.model_validate(each["shot"]),
                draft=draft,
                kept=unpack_take((folder / f"{number}.take").read_bytes()),
                pictures=pictures,
            )
        return found
    except (OSError, KeyError, ValueError, TakeError):
        raise ProjectError(
            "What the model remembers of this take is gone or damaged, so it cannot be edited; "
            f"film its words again: {folder}"
        ) from None
