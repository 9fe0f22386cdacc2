"""How good the weights of a run are: a judge looks at what they make of captions that nobody was trained on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from vitascope import media
from vitascope.model.data import Clip, Clips
from vitascope.model.draft import draft_frames
from vitascope.model.evaluation.judge import Judge, load_judge, save_judge, small_judge
from vitascope.model.evaluation.judging import JudgePlan, accuracy, train_judge
from vitascope.model.evaluation.scoring import Report, evaluate
from vitascope.model.generator import USUAL_MANNER, Generator, Wish, load_generator
from vitascope.model.training.journal import Journal

__all__ = ["Examination", "examine"]

JUDGE, REPORT, SHEET = "judge.safetensors", "report.json", "sheet.png"
SOURCES = {"made from words": False, "made from words and a draft": True}
"""What is scored, and whether the network sees a draft of the film."""
SHOWN, MOMENTS = 6, 5
"""Clips on the sheet, and frames of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """`count` held-out captions of `clips`, made by the weights in `folder` with noise of `seed` and the seeds after it; where
    `folder` has no judge yet, one is trained for `judge_seconds` at most. Each is made in so many `sampler_steps`."""

    clips: Path
    folder: Path
    count: int
    seed: int
    judge_seconds: float
    sampler_steps: int


def examine(examination: Examination, tell: Callable[[str], None]) -> Report:
    """Scores, also as `report.json` and a sheet of pictures in the folder, and a line in its journal."""
    held = Clips(examination.clips, "held")
    folder = examination.folder
    generator = load_generator(folder, replace(USUAL_MANNER, steps=examination.sampler_steps))
    judge, facts = _judge(examination, held, tell)
    shown: dict[str, list[np.ndarray]] = {source: [] for source in SOURCES}
    clips: list[Clip] = []

    def generate(source: str, clip: Clip, seed: int) -> np.ndarray:
        frames = _made(generator, clip, seed, drafted=SOURCES[source])
        if len(shown[source]) < SHOWN:
            shown[source].append(frames)
            clips.extend([clip] if len(clips) < len(shown[source]) else [])
        return frames

    report = evaluate(
        held,
        judge,
        facts,
        count=examination.count,
        seed=examination.seed,
        generate={source: partial(generate, source) for source in SOURCES},
        compressed=lambda frames: generator.decoded(generator.encoded(frames)),
        progress=lambda done, of: tell(f"made {done}/{of}"),
    )
    (folder / REPORT).write_text(json.dumps(report.row, indent=1) + "\n", encoding="utf-8")
    _sheet(folder / SHEET, shown, clips)
    Journal(folder).add("examined", scores=report.row["scores"])
    return report


def _judge(examination: Examination, held: Clips, tell: Callable[[str], None]) -> tuple[Judge, dict[str, object]]:
    path = examination.folder / JUDGE
    if not path.exists():
        clips = Clips(examination.clips, "train")
        tell(f"A judge is trained on {len(clips)} renders, for {examination.judge_seconds:.0f} s at most.")
        plan = JudgePlan(steps=3000, batch=16, rate=3e-3, seconds=examination.judge_seconds, seed=examination.seed)
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        judge = train_judge(clips, small_judge(), plan, device=device).cpu()
        save_judge(path, judge, facts={"clips": len(clips), "right": accuracy(judge, held)})
    return load_judge(path)


def _made(generator: Generator, clip: Clip, seed: int, *, drafted: bool) -> np.ndarray:
    """A clip of the same length: from its caption alone, or after its draft as well, as films of the product are made."""
    latent, (_, height, width, _) = generator.form.latent, clip.frames.shape
    wish = Wish(
        captions=(clip.caption,) * latent.frames,
        seed=seed,
        made_THW=np.ones((latent.frames, latent.height, latent.width), bool),
        draft=draft_frames(clip.depth, clip.ids, height=height, width=width) if drafted else None,
    )
    return generator.pictures(generator.made(wish))


def _sheet(path: Path, shown: dict[str, list[np.ndarray]], clips: list[Clip]) -> None:
    """Of each clip a row from each source, and the render below."""
    pictures, captions = [], []
    for number, clip in enumerate(clips):
        rows = [*((f"{source}:", made[number]) for source, made in shown.items()), ("render", clip.frames)]
        for said, frames in rows:
            chosen = np.linspace(0, len(frames) - 1, MOMENTS).round().astype(int)
            pictures += [frames[n] for n in chosen]
            captions += [said, clip.caption[:28], clip.caption[28:56], clip.caption[56:84], ""]
    media.write_still(path, media.contact_sheet(pictures, columns=MOMENTS, cell_width=192, captions=captions))
