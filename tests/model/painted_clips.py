"""Clips that nobody has to draw: a square of the colour that is said, going the way that is said. In the format of real ones."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
from PIL import ImageColor

from vitascope.model.data import Labels
from vitascope.model.data.drawing import Drawn
from vitascope.model.data.shards import pack, write_shard

FRAMES, HEIGHT, WIDTH = 5, 32, 48
COLOURS = ("red", "green", "blue", "white")
MOTIONS = ("left", "right", "still")


def painted(colour: str, motion: str) -> np.ndarray:
    """(T, H, W, 3): the square over grey."""
    frames = np.full((FRAMES, HEIGHT, WIDTH, 3), 90, np.uint8)
    for t in range(FRAMES):
        step = {"left": -5, "right": 5, "still": 0}[motion]
        x = 18 + step * (t - FRAMES // 2)
        frames[t, 10:22, x : x + 12] = ImageColor.getrgb(colour)
    return frames


def caption_of(labels: Labels) -> str:
    """As the grammar would say it."""
    return f"a {labels.colour} cube {labels.motion}"


def labels_of(colour: str, motion: str) -> Labels:
    """What a painted clip shows."""
    return Labels(subject="cube", colour=colour, count=1, motion=motion, camera="still", light="day", place="meadow")


def paint_folder(folder: Path) -> Path:
    """Clips of all colours and motions, each in training and held out, and a note of how they were made."""
    rows = []
    for index, (split, colour, motion) in enumerate(product(("train", "held"), COLOURS, MOTIONS)):
        labels = labels_of(colour, motion)
        clip = Drawn(
            frames=painted(colour, motion),
            depth=np.zeros((FRAMES, HEIGHT // 4, WIDTH // 4), np.uint8),
            ids=np.zeros((FRAMES, HEIGHT // 4, WIDTH // 4), np.uint8),
            sound=np.zeros((FRAMES, 8), np.float16),
            events=(),
        )
        person = {"name": "farmer", "recipe": "farmer", "skin": index % 10, "dress": [], "role": "farmer"}
        facts = {"index": index, "attempt": index % 2, "caption": caption_of(labels), "labels": labels.row}
        rows.append((pack(clip), {**facts, "split": split, "seed": index, "film": f"{index:064x}", "people": [person]}))
    write_shard(folder, 0, rows)
    shape = f'{{"frames": {FRAMES}, "fps": 4, "width": {WIDTH}, "height": {HEIGHT}}}'
    (folder / "made.json").write_text(f'{{"seed": 9, "grammar": "{"0" * 64}", "shape": {shape}}}\n', encoding="utf-8")
    return folder
