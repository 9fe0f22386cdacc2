"""How good the weights of a run are: a judge looks at what they make of captions that nobody was trained on."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from einops import rearrange
from torch import Tensor

from vitascope import media
from vitascope.model.autoencoder import Autoencoder
from vitascope.model.checkpoint import load_autoencoder
from vitascope.model.data import Clips
from vitascope.model.denoiser import Condition
from vitascope.model.evaluation.judge import Judge, load_judge, save_judge, small_judge
from vitascope.model.evaluation.judging import JudgePlan, accuracy, train_judge
from vitascope.model.evaluation.scoring import Report, evaluate
from vitascope.model.network import Network, load_network
from vitascope.model.sampler import Guidance, Sampling, Solver, sample
from vitascope.model.schedule import even
from vitascope.model.shapes import LatentShape, PixelShape
from vitascope.model.tasks import text_to_video
from vitascope.model.training.autoencoding import AUTOENCODER
from vitascope.model.training.flow import TRANSFORMER
from vitascope.model.training.journal import Journal

__all__ = ["Examination", "examine"]

JUDGE, REPORT, SHEET = "judge.safetensors", "report.json", "sheet.png"
SHIFT, GUIDANCE = 1.5, 3.0
SHOWN, MOMENTS = 6, 5
"""Clips on the sheet, and frames of each; the render of the same caption stands below what was made."""


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
    autoencoder, network = load_autoencoder(folder / AUTOENCODER), load_network(folder / TRANSFORMER)
    shape = _shape(autoencoder, held)
    judge, facts = _judge(examination, held, tell)
    shown: list[tuple[str, np.ndarray]] = []

    def generate(caption: str, seed: int) -> np.ndarray:
        frames = _made(autoencoder, network, shape, caption, seed=seed, steps=examination.sampler_steps)
        shown.append((caption, frames))
        return frames

    report = evaluate(
        held,
        judge,
        facts,
        count=examination.count,
        seed=examination.seed,
        generate=generate,
        compressed=lambda frames: _pictures(autoencoder, autoencoder.encode(_clip(frames))),
        progress=lambda done, of: tell(f"made {done}/{of}"),
    )
    (folder / REPORT).write_text(json.dumps(report.row, indent=1) + "\n", encoding="utf-8")
    _sheet(folder / SHEET, shown[:SHOWN], held, examination.count)
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


@torch.no_grad()
def _made(
    autoencoder: Autoencoder, network: Network, shape: LatentShape, caption: str, *, seed: int, steps: int
) -> np.ndarray:
    task = text_to_video(shape, channels=autoencoder.config.channels, seed=seed)
    asked, free = (Condition(words=network.text([words])) for words in (caption, ""))
    sampling = Sampling(
        schedule=even(steps, shift=SHIFT),
        solver=Solver.EULER,
        guidance=Guidance(scale=GUIDANCE, without=free),
        seed=seed,
    )
    return _pictures(autoencoder, task.whole(sample(network.transformer, task.noisy, asked, sampling)))


def _shape(autoencoder: Autoencoder, held: Clips) -> LatentShape:
    frames, height, width, _ = held.get(0).frames.shape
    return autoencoder.config.stride.latent(PixelShape(frames=frames, height=height, width=width))


def _clip(frames: np.ndarray) -> Tensor:
    return rearrange(torch.from_numpy(frames.copy()), "t h w c -> 1 c t h w").float() / 255


@torch.no_grad()
def _pictures(autoencoder: Autoencoder, latent_1CTHW: Tensor) -> np.ndarray:
    clip = autoencoder.decode(latent_1CTHW).clamp(0, 1) * 255
    return rearrange(clip.round().to(torch.uint8), "1 c t h w -> t h w c").numpy()


def _sheet(path: Path, shown: list[tuple[str, np.ndarray]], held: Clips, count: int) -> None:
    pictures, captions = [], []
    for number, (caption, frames) in enumerate(shown):
        render = held.get(number * len(held) // count).frames
        for clip, said in ((frames, caption), (render, "render")):
            chosen = np.linspace(0, len(clip) - 1, MOMENTS).round().astype(int)
            pictures += [clip[n] for n in chosen]
            captions += [said, *[""] * (MOMENTS - 1)]
    media.write_still(path, media.contact_sheet(pictures, columns=MOMENTS, cell_width=192, captions=captions))
