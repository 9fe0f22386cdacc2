"""Clips that cost nothing: a square of one colour goes across a picture of another, and its caption says so."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from vitascope.model.data.drawing import Drawn
from vitascope.model.data.grammar import Labels
from vitascope.model.data.shards import pack, write_shard

COLOURS = {"red": (220, 40, 40), "green": (40, 200, 60), "blue": (50, 80, 220), "yellow": (230, 210, 60)}
FRAMES, HEIGHT, WIDTH = 9, 48, 64


def write_clips(folder: Path, count: int, *, said: str = "a {colour} cube slides to the {motion}") -> Path:
    """`count` of them for training, and one that is held back; `said` of each."""
    folder.mkdir(parents=True, exist_ok=True)
    names = list(COLOURS)
    rows = []
    for index in range(count + 1):
        colour, left = names[index % len(names)], index % 2 == 0
        labels = Labels(
            subject="cube",
            colour=colour,
            count=1,
            motion="left" if left else "right",
            camera="still",
            light="day",
            place="meadow",
        )
        caption = said.format(colour=colour, motion=labels.motion)
        row = {
            "index": index,
            "caption": caption,
            "labels": labels.row,
            "split": "held" if index == count else "train",
            "seed": index,
        }
        rows.append((pack(drawn(COLOURS[colour], left=left, row=8 + index % 3 * 8)), row))
    write_shard(folder, 0, rows)
    shape = {"frames": FRAMES, "fps": 12, "width": WIDTH, "height": HEIGHT}
    (folder / "made.json").write_text(json.dumps({"seed": 0, "shape": shape}))
    return folder


def drawn(colour: tuple[int, int, int], *, left: bool, row: int) -> Drawn:
    frames = np.full((FRAMES, HEIGHT, WIDTH, 3), (120, 130, 110), np.uint8)
    ids = np.zeros((FRAMES, HEIGHT, WIDTH), np.uint8)
    for n in range(FRAMES):
        column = 40 - 4 * n if left else 8 + 4 * n
        frames[n, row : row + 16, column : column + 16] = colour
        ids[n, row : row + 16, column : column + 16] = 1
    sound = np.linspace(0, 1, FRAMES * 8).reshape(FRAMES, 8).astype(np.float16)
    coarse = ids[:, 2::4, 2::4]
    return Drawn(frames=frames, depth=coarse * 100 + 50, ids=coarse, sound=sound, events=())
