"""The picture of a film, chunk by chunk: taken from the store where nothing that shows has changed, else made the cheapest
way that gives the same bytes: graded again, drawn again in part, or drawn.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import zip_longest

import numpy as np

from vitascope import media, provenance
from vitascope.continuity import (
    Making,
    Part,
    Store,
    chunk_address,
    engine_fingerprint,
    plate_address,
)
from vitascope.film import Film, Shot, frame_time
from vitascope.render import EVERYTHING, Changes, Frame, Grader, Kept, Region, describe_adapter
from vitascope.studio.clock import Clock
from vitascope.studio.earlier import parts_before, shot_before
from vitascope.studio.encoding import ChunkThread
from vitascope.studio.memory import Memory, Prepared
from vitascope.studio.mixing import mixed
from vitascope.studio.plan import ChunkPlan, Moment, moments_of, plan_chunks, ranges_of
from vitascope.studio.plates import Gone, Light, Plates
from vitascope.world.build import picture_look, picture_seed

__all__ = ["MadeChunk", "Pictures", "stored_chunk"]

WAYS = ("reused", "graded", "redrawn", "drawn")
"""How a frame came about, cheapest first."""
PLATE_SHARE = 3
"""Plates of one film may take one part in so many of the store's limit; those of a larger film are not kept."""
PLATE_BYTES_PER_PIXEL = 6.0
"""Both plates of a frame, packed; see docs/continuity.md."""
_SOURCES = (
    "studio/picture.py",
    "studio/mixing.py",
    "studio/plates.py",
    "studio/earlier.py",
    "film/passages.py",
    "continuity/plate.py",
    "continuity/patch.py",
)
"""Files that decide what pictures are made of, besides those that draw and encode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeChunk:
    """A chunk of the film, its address in the store, and how many of its frames came about in which way."""

    plan: ChunkPlan
    chunk: media.EncodedChunk
    address: bytes
    ways: Counter[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """A frame: how it came about, its colours (H, W, 3) uint8, and what keeps its plates for later."""

    way: str
    colour: np.ndarray
    keep: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """What a frame has in common with one of the take before: its plate "light" is the same outside of `region`."""

    light: Light
    region: Region

    @property
    def kept(self) -> Kept:
        """For the renderer."""
        return Kept(light=self.light.plate, region=self.region)


def stored_chunk(store: Store, address: bytes) -> media.EncodedChunk | None:
    """The chunk that is kept at `address`, or None; one that cannot be read counts as absent."""
    content = store.get("chunk", address)
    if content is None:
        return None
    try:
        return media.EncodedChunk.from_bytes(content)
    except media.MediaError:
        return None


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
        opened: Callable[[media.EncodedChunk], None] | None = None,
    ) -> None:
        """`opened` is called with the first frames of a chunk while the others are made: more and more of them."""
        self._film, self._earlier, self._memory, self._label = film, earlier, memory, label
        self._clock, self._shown, self._opened = clock, shown, opened
        self._plates = Plates(memory.store)
        self._size = (film.size.width, film.size.height)
        self._fps = float(film.fps)
        self._words = provenance.LABEL_TEXT if label else None
        self._graders: dict[Shot, Grader] = {}
        plates = PLATE_BYTES_PER_PIXEL * self._size[0] * self._size[1] * float(film.duration * film.fps)
        self._keeps_plates = plates * PLATE_SHARE < memory.store.limit
        self._waited_for = True
        """Whether no picture was made anew yet."""
        self._unseen = False
        """Whether a film that was made from none had its first pictures drawn: nothing like it is in the store then."""

    def __iter__(self) -> Iterator[MadeChunk]:
        return self.only(plan_chunks(self._film))

    def only(self, plans: Iterable[ChunkPlan]) -> Iterator[MadeChunk]:
        """The chunks of `plans`, some of the film's: each is what it would be among all."""
        try:
            for plan in plans:
                yield self._made(plan)
                self._memory.release() if self._waited_for else self._memory.tidy()
        finally:
            self._memory.tidy()
            for grader in self._graders.values():
                grader.close()

    @cached_property
    def _making(self) -> Making:
        engine = engine_fingerprint(*_SOURCES)
        return Making(engine=engine, adapter=describe_adapter(), size=self._size, fps=self._film.fps)

    def _made(self, plan: ChunkPlan) -> MadeChunk:
        """The chunk. Its address takes a look at each of its frames; where one is new and waited for, its drawing begins
        before. Of a film that is new altogether each frame is looked at while the one before it is drawn."""
        moments = moments_of(self._film, plan)
        new = self._first_new(plan, moments) if self._waited_for else None
        if new is None and not (self._unseen and not self._recalled(plan, moments)):
            address = self._address(moments)
            stored = stored_chunk(self._memory.store, address)
            if stored is not None:
                return MadeChunk(plan=plan, chunk=stored, address=address, ways=Counter({"reused": plan.count}))
        self._waited_for = False
        chunk, ways = self._drawn(moments, new)
        self._unseen = self._unseen or (self._earlier is None and ways["reused"] == 0)
        address = self._address(moments)
        self._memory.store.put("chunk", address, chunk.to_bytes())
        return MadeChunk(plan=plan, chunk=chunk, address=address, ways=ways)

    def _first_new(self, plan: ChunkPlan, moments: Sequence[Moment]) -> int | None:
        """The place of the first of these frames that is another than in the take before; frames are looked at up to that one.

        None where there is none, or where finding out takes longer than looking for the chunk.
        """
        if self._recalled(plan, moments):
            return None
        if self._earlier is None:
            return 0
        with self._clock.measure("address"):
            before = parts_before(self._earlier, self._film, plan, self._memory, self._clock)
            if before is None:
                return None
            pairs = enumerate(zip_longest(moments, before[: len(moments)]))
            return next((place for place, (moment, then) in pairs if then != self._parts(moment)), None)

    def _recalled(self, plan: ChunkPlan, moments: Sequence[Moment]) -> bool:
        """Whether the address of the chunk is found without posing anything."""
        wanted = ranges_of(moments).items()
        return all(self._prepared(plain).digests.recalls(numbers, plan.numbers) for plain, numbers in wanted)

    def _parts(self, moment: Moment) -> tuple[Part, ...]:
        return tuple((layer.share, self._prepared(layer.shot).digests.frame(moment.number)) for layer in moment.layers)

    def _address(self, moments: Sequence[Moment]) -> bytes:
        """The address of a chunk; each of its frames is looked at once."""
        with self._clock.measure("address"):
            chunk = range(moments[0].number, moments[-1].number + 1)
            for plain, numbers in ranges_of(moments).items():
                digests = self._prepared(plain).digests
                if not digests.recalls(numbers, chunk):
                    digests.plates(numbers[0], len(numbers))
            frames = [self._parts(moment) for moment in moments]
            return chunk_address(self._making, frames, quality="standard", label=self._words)

    def _prepared(self, plain: Shot) -> Prepared:
        return self._memory.prepared(self._film, plain, self._clock)

    def _drawn(self, moments: Sequence[Moment], new: int | None) -> tuple[media.EncodedChunk, Counter[str]]:
        try:
            return self._encoded(moments, new, cheaply=True)
        except Gone:
            return self._encoded(moments, new, cheaply=False)

    def _encoded(
        self, moments: Sequence[Moment], new: int | None, *, cheaply: bool
    ) -> tuple[media.EncodedChunk, Counter[str]]:
        """The chunk, drawn, and how. Where a frame was drawn for being `new`, the store is asked for the chunk after it."""
        ways: Counter[str] = Counter()
        finished = self._label.apply if self._label else lambda frame: frame
        with ChunkThread(
            size=self._size, fps=self._film.fps, clock=self._clock, finished=finished, opened=self._opened
        ) as thread:
            for place, made in enumerate(self._mixed(moments, cheaply=cheaply)):
                ways[made.way] += 1
                thread.put(made.colour, made.keep)
                self._shown(made.colour)
                if place == new and (known := stored_chunk(self._memory.store, self._address(moments))) is not None:
                    return known, Counter({"reused": len(moments)})
            return thread.finish(), ways

    def _mixed(self, moments: Sequence[Moment], *, cheaply: bool) -> Iterator[_Made]:
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
        prepared = self._prepared(plain)
        times = [float(frame_time(number, self._film.fps)) for number in numbers]

        def address(number: int) -> bytes:
            with self._clock.measure("address"):
                return plate_address(self._making, prepared.digests.plate(number))

        if cheaply and all(self._plates.has_composed(address(number)) for number in numbers):
            kept = ((t, self._plates.composed(address(n))) for t, n in zip(times, numbers, strict=True))
            for frame in self._timed(self._grader(plain).frames(kept)):
                yield _Made(way="graded", colour=frame.colour, keep=_nothing)
            return
        asked = ("light", "composed") if self._keeps_plates else ()
        before = self._lit_before(plain, numbers) if cheaply else None
        helped: dict[float, _Before] = {}
        frames = prepared.renderer.frames(times, plates=asked, kept=_noting(before, helped))
        for t, number, frame in zip(times, numbers, self._timed(frames), strict=True):
            same = helped.pop(t, None)
            way = "drawn" if same is None else "redrawn"
            yield _Made(way=way, colour=frame.colour, keep=self._keeping(address(number), frame, same))

    def _lit_before(self, plain: Shot, numbers: Sequence[int]) -> Callable[[float], _Before | None] | None:
        """What is the same as in the take before, by time; None where that is not worth asking."""
        then = shot_before(self._earlier, self._film, plain, numbers)
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
            if not all(self._plates.has_light(address) for address in lights.values()):
                return None
            changes = Changes(old.stage, new.stage, fps=self._fps, size=self._size)

        def same(t: float) -> _Before | None:
            with self._clock.measure("address"):
                region = changes.region(t)
            if region == EVERYTHING:
                return None
            return _Before(light=self._plates.light(lights[t]), region=region or Region(0, 0, 0, 0))

        return same

    def _keeping(self, address: bytes, frame: Frame, same: _Before | None) -> Callable[[], None]:
        """What keeps the plates of a frame: of the light what differs from a kept one, where that is little."""
        light, composed = frame.light, frame.composed
        if not self._keeps_plates or light is None:
            return _nothing
        patch = None if same is None else same.light.patch_of(light, same.kept.again(self._size))
        return partial(self._plates.keep, address, light=light if patch is None else patch, composed=composed)

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


def _noting(
    before: Callable[[float], _Before | None] | None, helped: dict[float, _Before]
) -> Callable[[float], Kept | None]:
    """What is kept of `before`, which is written down in `helped` by the times at which there was something."""

    def ask(t: float) -> Kept | None:
        same = None if before is None else before(t)
        if same is None:
            return None
        helped[t] = same
        return same.kept

    return ask


def _mixture(parts: Sequence[tuple[float, _Made]]) -> _Made:
    keeps = [made.keep for _, made in parts]

    def keep() -> None:
        for each in keeps:
            each()

    return _Made(
        way=max((made.way for _, made in parts), key=WAYS.index),
        colour=mixed((share, made.colour) for share, made in parts),
        keep=keep,
    )


def _nothing() -> None:
    """There is nothing to keep."""
