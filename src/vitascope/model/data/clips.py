"""Clips read back: any of them by number, by whoever trains or judges. Knows no tensors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from vitascope.model.data.grammar import Labels
from vitascope.model.data.shards import lines_of, shard_path, unpack

__all__ = ["Clip", "Clips"]

Split = Literal["train", "held"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """A clip of T frames: what is seen, what it shows, and a coarse draft of it (h, w are a quarter of H, W).

    frames (T, H, W, 3) uint8 sRGB; depth (T, h, w) uint8, 255 at the lens, 128 at 8 m, 0 where there is only sky;
    ids (T, h, w) uint8, 0 the set, i + 1 the i-th subject; sound (T, 8) float32, log energies 0..1 of eight bands from each frame
    to the next; events: what begins sharply, by name and second. Of a clip that is an edit of the one before it: edit, the words
    that ask for it, and changed (T, h, w) uint8, 1 where both differ; None of others.
    """

    index: int
    caption: str
    labels: Labels
    frames: np.ndarray
    depth: np.ndarray
    ids: np.ndarray
    sound: np.ndarray
    events: tuple[tuple[str, float], ...]
    edit: str | None
    changed: np.ndarray | None

    def heard(self, stride: int) -> np.ndarray:
        """(M, 8) float32 sound of each moment of the compressed clip: the first frame alone, then `stride` frames each."""
        first, rest = self.sound[:1], self.sound[1:]
        return np.concatenate([first, rest.reshape(-1, stride, rest.shape[1]).mean(axis=1)])


class Clips:
    """The clips of a folder, or those of one split: "train", or "held" (combinations that training never sees).

    Shards that are being made join when the folder is opened again. Safe to hand to other processes: nothing stays open.
    Raises DataError.
    """

    def __init__(self, folder: str | Path, split: Split | None = None) -> None:
        self._folder = Path(folder)
        self.lines: list[dict[str, Any]] = [
            line for line in lines_of(self._folder) if split is None or line["split"] == split
        ]

    def __len__(self) -> int:
        return len(self.lines)

    def __iter__(self) -> Iterator[Clip]:
        return (self.get(i) for i in range(len(self)))

    def labels(self, i: int) -> Labels:
        """What clip `i` of these shows, without reading its pictures."""
        return Labels(**self.lines[i]["labels"])

    def get(self, i: int) -> Clip:
        """Clip `i` of these, 0 <= i < len. Raises DataError for a shard that is damaged."""
        line = self.lines[i]
        with shard_path(self._folder, line["shard"], ".clips").open("rb") as file:
            file.seek(line["offset"])
            drawn = unpack(file.read(line["bytes"]), line["parts"])
        return Clip(
            index=line["index"],
            caption=line["caption"],
            labels=self.labels(i),
            frames=drawn.frames,
            depth=drawn.depth,
            ids=drawn.ids,
            sound=drawn.sound.astype(np.float32),
            events=drawn.events,
            edit=line.get("edit"),
            changed=drawn.changed,
        )

    @property
    def edits(self) -> list[int]:
        """Which of these are edits; each stands after what it was edited from."""
        return [i for i, line in enumerate(self.lines) if line.get("edit")]
