"""Scores what a model makes of captions that it never saw: what a judge sees, how steady it is, and what compressing costs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from vitascope.model.data import Clip, Clips, DataError, Labels
from vitascope.model.evaluation.judge import HEADS, Judge
from vitascope.model.evaluation.judging import agreement, chance_of
from vitascope.model.evaluation.measures import flicker, motion, psnr, ssim

__all__ = ["Generate", "Report", "Score", "evaluate"]

Generate = Callable[[Clip, int], np.ndarray]
"""What is made of what a clip tells, its caption and perhaps its draft, and a seed: frames, uint8 (T, H, W, 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of the clips of one source. right: how often each head agrees with the caption, and all of them; PSNR and SSIM to the
    renders of the same captions, where they are not these."""

    source: str
    clips: int
    right: dict[str, float]
    flicker: float
    motion: float
    psnr: float | None = None
    ssim: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """scores: of renders, of renders compressed and back, of what was made; chance: what one guess for all would get;
    judge: its facts; answers: source, caption, seed and what the judge saw, one for each clip that was made."""

    scores: tuple[Score, ...]
    chance: dict[str, float]
    judge: dict[str, Any]
    answers: tuple[dict[str, Any], ...] = field(default=())

    @property
    def row(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @property
    def table(self) -> str:
        """Markdown: a line for each source."""
        heads = (*HEADS, "all")
        lines = [
            f"| clips | n | {' | '.join(heads)} | flicker | motion | PSNR [dB] | SSIM |",
            f"|---|---|{'---|' * len(heads)}---|---|---|---|",
            *(_line(score) for score in self.scores),
            f"| one guess for all | | {' | '.join(f'{100 * self.chance[head]:.0f} %' for head in HEADS)} | | | | | |",
        ]
        return "\n".join(lines)


def evaluate(
    held: Clips,
    judge: Judge,
    facts: dict[str, Any],
    *,
    count: int,
    seed: int,
    generate: Mapping[str, Generate],
    compressed: Callable[[np.ndarray], np.ndarray] | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Report:
    """Scores over `count` clips of `held` (combinations that nobody was trained on), spread evenly over them.

    `generate`, by the name of a source, makes a clip of each, with seeds from `seed` on; `compressed` gives a render as an
    autoencoder leaves it.
    Raises DataError where there are fewer clips.
    """
    if not len(held):
        raise DataError("None of the clips is held out, so nothing can be scored; make more than a few.")
    if not 1 <= count <= len(held):
        raise DataError(
            f"{count} clips were to be scored; {len(held)} are held out. Ask for 1 to {len(held)}, or make more."
        )
    rows = [n * len(held) // count for n in range(count)]
    renders, back = _Tally("renders"), _Tally("compressed and back")
    made = {source: _Tally(source) for source in generate}
    answers = []
    for number, row in enumerate(rows):
        clip = held.get(row)
        renders.add(judge, clip.frames, clip.labels)
        if compressed is not None:
            back.add(judge, compressed(clip.frames), clip.labels, original=clip.frames)
        for source, make in generate.items():
            seen = made[source].add(judge, make(clip, seed + number), clip.labels, original=clip.frames)
            asked = {"source": source, "caption": clip.caption, "seed": seed + number}
            answers.append({**asked, "wanted": clip.labels.row, "seen": seen})
        progress(number + 1, count)
    scores = tuple(tally.score() for tally in (renders, back, *made.values()) if tally.motions)
    return Report(scores=scores, chance=chance_of(judge.config, held), judge=facts, answers=tuple(answers))


class _Tally:
    """What was seen and measured of the clips of one source."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._right: list[dict[str, bool]] = []
        self._flickers: list[float] = []
        self.motions: list[float] = []
        self._likeness: list[tuple[float, float]] = []

    def add(
        self, judge: Judge, frames: np.ndarray, labels: Labels, *, original: np.ndarray | None = None
    ) -> dict[str, str]:
        """What the judge sees."""
        (answer,) = judge.answers([frames])
        self._right.append(agreement(answer, labels))
        self._flickers.append(flicker(frames))
        self.motions.append(motion(frames))
        if original is not None:
            self._likeness.append((psnr(frames, original), ssim(frames, original)))
        return answer

    def score(self) -> Score:
        """On the mean of clips."""
        likeness = np.mean(self._likeness, axis=0).tolist() if self._likeness else [None, None]
        return Score(
            source=self._source,
            clips=len(self._right),
            right={head: _mean([each[head] for each in self._right]) for head in (*HEADS, "all")},
            flicker=_mean(self._flickers),
            motion=_mean(self.motions),
            psnr=likeness[0],
            ssim=likeness[1],
        )


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _line(score: Score) -> str:
    right = " | ".join(f"{100 * score.right[head]:.0f} %" for head in (*HEADS, "all"))
    like = "| " if score.psnr is None else f"{score.psnr:.1f} | {score.ssim:.3f}"
    return f"| {score.source} | {score.clips} | {right} | {score.flicker:.4f} | {score.motion:.4f} | {like} |"
