"""The picture of a film, chunk by chunk: taken from the store where nothing that shows has changed, else made the cheapest
way that gives the same bytes: graded again, drawn again in part, or drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vitascope import media, provenance
from vitascope.continuity import (
    Making,
    PlateError,
    chunk_address,
    engine_fingerprint,
    pack_plate,
    plate_address,
    unpack_plate,
)
from vitascope.film import Film, Layer, Shot, frame_time, layers_at
from vitascope.render import EVERYTHING, Changes, Frame, Grader, Kept, Region, describe_adapter
from vitascope.studio.clock import Clock
from vitascope.studio.encoding import ChunkThread
from vitascope.studio.memory import Memory, Prepared
from vitascope.studio.plan import ChunkPlan, plan_chunks
from vitascope.world.build import picture_look, picture_seed

__all__ = ["MadeChunk", "Pictures"]

WAYS = ("reused", "graded", "redrawn", "drawn")
"""How a frame came about, cheapest first."""
PAINT = ("colour", "second_colour", "material", "pattern", "clothing", "hair", "skin", "mood", "states")
"""Attributes by which a subject may look otherwise without being another; what else they change is found out."""
PLATE_SHARE = 3
"""Plates of one film may take one part in so many of the store's limit; those of a larger film are not kept."""
PLATE_BYTES_PER_PIXEL = 6.0
"""Both plates of a frame, packed; see docs/continuity.md."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeChunk:
    """A chunk of the film, its address in the store, and how many of its frames came about in which way."""

    plan: ChunkPlan
    chunk: media.EncodedChunk
    address: bytes
    ways: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """Frame `number` of a shot, and what is seen in it."""

    number: int
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A frame: how it came about, its colours (H, W, 3) uint8, and what keeps its plates for later."""

    way: str
    colour: np.ndarray
    keep: Callable[[], None]


class _Gone(Exception):
    """A plate that was to be used is not in the store any more."""


class Pictures:
    """Iterate to get the chunks of `film` in order, or only some. `shown` is called with each frame that was made anew."""

    def __init__(
        self,
        film: Film,
        *,
        earlier: Film | None,
        memory: Memory,
        label: provenance.Label | None,
        clock: Clock,
        shown: Callable[[np.ndarray], None],
    ) -> None:
        self._film, self._earlier, self._memory, self._label = film, earlier, memory, label
        self._clock, self._shown = clock, shown
        self._size = (film.size.width, film.size.height)
        self._fps = float(film.fps)
        self._words = provenance.LABEL_TEXT if label else None
        self._graders: dict[Shot, Grader] = {}
        plates = PLATE_BYTES_PER_PIXEL * self._size[0] * self._size[1] * float(film.duration * film.fps)
        self._keeps_plates = plates * PLATE_SHARE < memory.store.limit
        self._way = "drawn"

    def __iter__(self) -> Iterator[MadeChunk]:
        return self.only(plan_chunks(self._film))

    def only(self, plans: Iterable[ChunkPlan]) -> Iterator[MadeChunk]:
        """The chunks of `plans`, some of the film's: each is what it would be among all."""
        try:
            for plan in plans:
                yield self._made(plan)
        finally:
            for grader in self._graders.values():
                grader.close()

    @cached_property
    def _making(self) -> Making:
        engine = engine_fingerprint("studio/picture.py", "film/passages.py")
        return Making(engine=engine, adapter=describe_adapter(), size=self._size, fps=self._film.fps)

    def _made(self, plan: ChunkPlan) -> MadeChunk:
        shot = self._film.shots[plan.shot]
        moments = [
            _Moment(number=plan.first + i, layers=layers_at(shot, t)) for i, t in enumerate(plan.times(self._film.fps))
        ]
        address = self._address(moments)
        stored = self._stored(address)
        if stored is not None:
            ways = Counter({"reused": plan.count})
        else:
            stored, ways = self._drawn(moments)
            self._memory.store.put("chunk", address, stored.to_bytes())
        return MadeChunk(plan=plan, chunk=stored, address=address, ways=ways)

    def _address(self, moments: Sequence[_Moment]) -> bytes:
        with self._clock.measure("address"):
            digests = {
                plain: dict(zip(numbers, self._prepared(plain).digests.frames(numbers[0], len(numbers)), strict=True))
                for plain, numbers in _ranges(moments).items()
            }
            frames = [[(layer.share, digests[layer.shot][m.number]) for layer in m.layers] for m in moments]
            return chunk_address(self._making, frames, quality="standard", label=self._words)

    def _stored(self, address: bytes) -> media.EncodedChunk | None:
        content = self._memory.store.get("chunk", address)
        if content is None:
            return None
        try:
            return media.EncodedChunk.from_bytes(content)
        except media.MediaError:
            return None

    def _prepared(self, plain: Shot) -> Prepared:
        return self._memory.prepared(self._film, plain, self._clock)

    def _drawn(self, moments: Sequence[_Moment]) -> tuple[media.EncodedChunk, Counter[str]]:
        try:
            return self._encoded(moments, cheaply=True)
        except _Gone:
            return self._encoded(moments, cheaply=False)

    def _encoded(self, moments: Sequence[_Moment], *, cheaply: bool) -> tuple[media.EncodedChunk, Counter[str]]:
        ways: Counter[str] = Counter()
        finished = self._label.apply if self._label else lambda frame: frame
        with ChunkThread(size=self._size, fps=self._film.fps, clock=self._clock, finished=finished) as thread:
            for made in self._mixed(moments, cheaply=cheaply):
                ways[made.way] += 1
                thread.put(made.colour, made.keep)
                self._shown(made.colour)
            return thread.finish(), ways

    def _mixed(self, moments: Sequence[_Moment], *, cheaply: bool) -> Iterator[_Made]:
        """The frames of `moments`; where one picture changes over to another, mixtures."""
        numbers: dict[Shot, list[int]] = {}
        for moment in moments:
            for layer in moment.layers:
                numbers.setdefault(layer.shot, []).append(moment.number)
        sources = {plain: self._frames(plain, wanted, cheaply=cheaply) for plain, wanted in numbers.items()}
        for moment in moments:
            parts = [(layer.share, next(sources[layer.shot])) for layer in moment.layers]
            yield parts[0][1] if len(parts) == 1 else _mixture(parts)

    def _frames(self, plain: Shot, numbers: Sequence[int], *, cheaply: bool) -> Iterator[_Made]:
        """Frames of a plain shot by number, in the cheapest way there is for all of them."""
        prepared, store = self._prepared(plain), self._memory.store
        with self._clock.measure("address"):
            first, count = numbers[0], numbers[-1] - numbers[0] + 1
            plates = prepared.digests.plates(first, count)
            addresses = [plate_address(self._making, plates[number - first]) for number in numbers]
        times = [float(frame_time(number, self._film.fps)) for number in numbers]
        if cheaply and all(store.has("composed", address) for address in addresses):
            kept = ((t, self._plate("composed", a)) for t, a in zip(times, addresses, strict=True))
            for frame in self._timed(self._grader(plain).frames(kept)):
                yield _Made(way="graded", colour=frame.colour, keep=_nothing)
            return
        asked = ("light", "composed") if self._keeps_plates else ()
        before = self._lit_before(plain, numbers) if cheaply else None
        helped: set[float] = set()
        frames = prepared.renderer.frames(times, plates=asked, kept=_noting(before, helped))
        for t, address, frame in zip(times, addresses, self._timed(frames), strict=True):
            way = "redrawn" if t in helped else "drawn"
            yield _Made(way=way, colour=frame.colour, keep=self._keeping(address, frame))

    def _lit_before(self, plain: Shot, numbers: Sequence[int]) -> Callable[[float], Kept | None] | None:
        """What is the same as in the take before, by time; None where that is not worth asking."""
        then = self._shot_before(plain, numbers)
        if then is None or self._earlier is None:
            return None
        old, new = self._memory.prepared(self._earlier, then, self._clock), self._prepared(plain)
        with self._clock.measure("address"):
            first, count = numbers[0], numbers[-1] - numbers[0] + 1
            plates = old.digests.plates(first, count)
            lights = {
                float(frame_time(number, self._film.fps)): plate_address(self._making, plates[number - first])
                for number in numbers
            }
            if not all(self._memory.store.has("light", address) for address in lights.values()):
                return None
            changes = Changes(old.stage, new.stage, fps=self._fps, size=self._size)

        def kept(t: float) -> Kept | None:
            with self._clock.measure("address"):
                region = changes.region(t)
            if region == EVERYTHING:
                return None
            return Kept(light=self._plate("light", lights[t]), region=region or Region(0, 0, 0, 0))

        return kept

    def _shot_before(self, plain: Shot, numbers: Sequence[int]) -> Shot | None:
        """The plain shot of the take before that was seen in these frames, if it differs only in how its subjects look."""
        earlier = self._earlier
        if earlier is None or (earlier.size, earlier.fps, earlier.seed) != (
            self._film.size,
            self._film.fps,
            self._film.seed,
        ):
            return None
        shot = next((shot for shot in earlier.shots if shot.id == plain.id), None)
        if shot is None or frame_time(numbers[-1], earlier.fps) >= shot.duration:
            return None
        moments = [{layer.shot for layer in layers_at(shot, frame_time(n, earlier.fps))} for n in numbers]  # type: ignore[misc]
        wanted = _like(plain)
        return next((then for then in set.intersection(*moments) if _like(then) == wanted), None)

    def _plate(self, kind: str, address: bytes) -> np.ndarray:
        content = self._memory.store.get(kind, address)
        if content is None:
            raise _Gone
        try:
            return unpack_plate(content)
        except PlateError:
            raise _Gone from None

    def _keeping(self, address: bytes, frame: Frame) -> Callable[[], None]:
        if not self._keeps_plates:
            return _nothing

        def keep() -> None:
            for kind, plate in (("light", frame.light), ("composed", frame.composed)):
                if plate is not None:
                    self._memory.store.put(kind, address, pack_plate(plate))

        return keep

    def _grader(self, plain: Shot) -> Grader:
        """Each plain shot has one of its own: two may be finished side by side."""
        if plain not in self._graders:
            look, seed = picture_look(plain), picture_seed(self._film)
            self._graders[plain] = Grader(self._size, plain.look.style, look=look, fps=self._fps, seed=seed)
        return self._graders[plain]

    def _timed(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        frames = iter(frames)
        while True:
            with self._clock.measure("render"):
                frame = next(frames, None)
            if frame is None:
                return
            yield frame


def _ranges(moments: Sequence[_Moment]) -> dict[Shot, range]:
    """Each plain shot that is seen, with the numbers from the first frame that shows it to the last."""
    seen: dict[Shot, list[int]] = {}
    for moment in moments:
        for layer in moment.layers:
            seen.setdefault(layer.shot, []).append(moment.number)
    return {plain: range(numbers[0], numbers[-1] + 1) for plain, numbers in seen.items()}


def _like(shot: Shot) -> Shot:
    """The shot without what may differ in the pixels of single subjects only, and without what is heard."""
    subjects = tuple(
        subject.model_copy(
            update={"name": "", "attributes": subject.attributes.model_copy(update=dict.fromkeys(PAINT))}
        )
        for subject in shot.subjects
    )
    look = shot.look.model_copy(update=dict.fromkeys(("grade", "grain", "depth_of_field", "motion_blur")))
    return shot.model_copy(update={"subjects": subjects, "look": look, "cues": (), "levels": (), "composition": None})


def _noting(before: Callable[[float], Kept | None] | None, helped: set[float]) -> Callable[[float], Kept | None]:
    """`before`, with the times at which something was the same written down in `helped`."""

    def ask(t: float) -> Kept | None:
        kept = None if before is None else before(t)
        if kept is not None:
            helped.add(t)
        return kept

    return ask


def _mixture(parts: Sequence[tuple[float, _Made]]) -> _Made:
    mixed = sum(np.float32(share) * made.colour for share, made in parts)
    keeps = [made.keep for _, made in parts]

    def keep() -> None:
        for each in keeps:
            each()

    return _Made(
        way=max((made.way for _, made in parts), key=WAYS.index),
        colour=np.rint(mixed).clip(0, 255).astype(np.uint8),
        keep=keep,
    )


def _nothing() -> None:
    """There is nothing to keep."""
