"""The chunks of a shot from the pictures that a learned model made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from PIL import Image

from vitascope import provenance
from vitascope.continuity import digest_of
from vitascope.film import Film, frame_time
from vitascope.studio.clock import Clock
from vitascope.studio.encoding import ChunkThread
from vitascope.studio.memory import Memory
from vitascope.studio.picture import MadeChunk, stored_chunk
from vitascope.studio.plan import ChunkPlan

__all__ = ["Cut", "fitted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Pictures (T, H, W, 3) uint8 at `rate` a second, by weights of this digest: each shown until the next, at the size of the
    film. `shown` is called with each frame that is encoded anew."""

    film: Film
    pictures: np.ndarray
    rate: Fraction
    digest: str
    label: provenance.Label | None
    clock: Clock
    shown: Callable[[np.ndarray], None]

    def chunk(self, plan: ChunkPlan, memory: Memory) -> MadeChunk:
        """The chunk, from the store where it shows what it showed."""
        size = (self.film.size.width, self.film.size.height)
        numbers = [self._seen_at(frame_time(number, self.film.fps)) for number in plan.numbers]
        words = provenance.LABEL_TEXT if self.label else None
        address = digest_of(
            "model chunk", self.digest, str(self.film.fps), list(size), words or "",
            [self.pictures[number].tobytes() for number in numbers],
        )  # fmt: skip
        known = stored_chunk(memory.store, address)
        if known is not None:
            return MadeChunk(plan=plan, chunk=known, address=address, ways=Counter({"reused": plan.count}))
        finished = self.label.apply if self.label else lambda frame: frame
        with ChunkThread(size=size, fps=self.film.fps, clock=self.clock, finished=finished, opened=None) as thread:
            for number in numbers:
                frame = fitted(self.pictures[number], size)
                thread.put(frame, lambda: None)
                self.shown(frame)
            chunk = thread.finish()
        memory.store.put("chunk", address, chunk.to_bytes())
        return MadeChunk(plan=plan, chunk=chunk, address=address, ways=Counter({"drawn": plan.count}))

    def _seen_at(self, t: Fraction) -> int:
        return min(int(t * self.rate), len(self.pictures) - 1)


def fitted(frame: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A frame (H, W, 3) uint8 that covers `size`, width and height: enlarged, and what stands over cut off on both sides."""
    height, width = frame.shape[:2]
    factor = max(size[0] / width, size[1] / height)
    across, down = size[0] / factor, size[1] / factor
    left, top = (width - across) / 2, (height - down) / 2
    box = (left, top, left + across, top + down)
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BICUBIC, box=box))
