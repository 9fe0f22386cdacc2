"""Trains a judge on renders, and says how often it is right on renders of combinations that it never saw."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from vitascope.film import seed_for
from vitascope.model.data import Clips, Labels, mirrored_labels
from vitascope.model.evaluation.judge import HEADS, Judge, JudgeConfig, pixels

__all__ = ["JudgePlan", "accuracy", "train_judge"]

SHIFT = 6
"""Pixels by which a clip is moved at most, so that where a thing stands says nothing of what it is."""
GAIN = 0.12
"""How much brighter or darker a clip is made at most."""
RIGHT_AT_ONCE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgePlan:
    """steps of `batch` clips; rate: of learning, at most; seconds: after which it ends, if steps are left."""

    steps: int
    batch: int
    rate: float
    seconds: float
    seed: int


def train_judge(
    clips: Clips,
    config: JudgeConfig,
    plan: JudgePlan,
    *,
    device: torch.device,
    progress: Callable[[int, int, float], None] = lambda step, steps, loss: None,
) -> Judge:
    """A judge of `clips`, which are of the split "train". `progress` is told the step, of how many, and the loss."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed_for(plan.seed, "judge"))
        judge = Judge(config).to(device)
    optimiser = torch.optim.AdamW(judge.parameters(), lr=plan.rate, weight_decay=0.05)
    begun = time.monotonic()
    for step in range(plan.steps):
        share = max(step / plan.steps, (time.monotonic() - begun) / plan.seconds)
        if share >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * min(1.0, (step + 1) / 20) * (0.5 + 0.5 * math.cos(math.pi * share))
        frames, labels = _batch(clips, plan, step)
        found = judge(pixels(frames).to(device))
        wanted = judge.places(labels)
        loss = torch.stack([F.cross_entropy(found[head], wanted[head].to(device)) for head in HEADS]).sum()
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        progress(step + 1, plan.steps, float(loss.detach()))
    return judge.eval().requires_grad_(False)


def accuracy(judge: Judge, clips: Clips) -> dict[str, float]:
    """How often each head is right, and how often all are ("all")."""
    right: dict[str, int] = dict.fromkeys((*HEADS, "all"), 0)
    for start in range(0, len(clips), RIGHT_AT_ONCE):
        rows = range(start, min(start + RIGHT_AT_ONCE, len(clips)))
        answers = judge.answers([clips.get(row).frames for row in rows])
        for row, answer in zip(rows, answers, strict=True):
            agrees = agreement(answer, clips.labels(row))
            for head, yes in agrees.items():
                right[head] += yes
    return {head: count / max(1, len(clips)) for head, count in right.items()}


def agreement(answer: dict[str, str], labels: Labels) -> dict[str, bool]:
    """Which heads are right, and whether all are."""
    found = {head: answer[head] == str(labels.row[head]) for head in HEADS}
    return found | {"all": all(found.values())}


def _batch(clips: Clips, plan: JudgePlan, step: int) -> tuple[np.ndarray, list[Labels]]:
    """Clips of this step, some mirrored, all moved and dimmed a little: by the seed and the step alone."""
    dice = random.Random(seed_for(plan.seed, "judge", str(step)))
    seen = [_altered(clips, dice.randrange(len(clips)), dice) for _ in range(plan.batch)]
    return np.stack([frames for frames, _ in seen]), [labels for _, labels in seen]


def _altered(clips: Clips, row: int, dice: random.Random) -> tuple[np.ndarray, Labels]:
    clip = clips.get(row)
    frames, labels = clip.frames, clip.labels
    down, right = dice.randint(-SHIFT, SHIFT), dice.randint(-SHIFT, SHIFT)
    padded = np.pad(frames, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), mode="edge")
    height, width = frames.shape[1:3]
    frames = padded[:, SHIFT + down : SHIFT + down + height, SHIFT + right : SHIFT + right + width]
    if dice.random() < 0.5:
        frames, labels = frames[:, :, ::-1], mirrored_labels(labels)
    gain = 1 + dice.uniform(-GAIN, GAIN)
    return np.clip(frames * gain, 0, 255).astype(np.uint8), labels


def chance_of(config: JudgeConfig, clips: Clips) -> dict[str, float]:
    """How often each head would be right that always gave the most frequent answer of `clips`."""
    labels: Sequence[Labels] = [clips.labels(row) for row in range(len(clips))]
    return {
        head: max(sum(str(each.row[head]) == answer for each in labels) for answer in answers) / max(1, len(labels))
        for head, answers in config.answers.items()
    }
