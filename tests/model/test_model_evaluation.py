"""What evaluation promises: measures are what they are called, a judge knows what it sees, scores are of what was made."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from painted_clips import caption_of, labels_of, paint_folder, painted

from vitascope.model.data import Clip, Clips, DataError, card
from vitascope.model.evaluation.judge import Judge, load_judge, save_judge, small_judge
from vitascope.model.evaluation.judging import JudgePlan, accuracy, train_judge
from vitascope.model.evaluation.measures import flicker, motion, psnr, ssim
from vitascope.model.evaluation.scoring import evaluate

PROCESSOR = torch.device("cpu")
PLAN = JudgePlan(steps=60, batch=12, rate=5e-3, seconds=600, seed=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Painted clips."""
    return paint_folder(tmp_path_factory.mktemp("painted"))


@pytest.fixture(scope="module")
def judge(folder: Path) -> Judge:
    """One that was trained on the clips that are for training."""
    return train_judge(Clips(folder, "train"), small_judge(), PLAN, device=PROCESSOR)


def grey(level: float, frames: int = 4) -> np.ndarray:
    return np.full((frames, 16, 16, 3), level, np.uint8)


def test_a_still_clip_has_neither_motion_nor_flicker():
    """Both are 0 where each frame is like the last."""
    assert motion(grey(100)) == flicker(grey(100)) == 0


def test_flicker_is_what_comes_and_goes():
    """A clip that grows brighter evenly moves without flicker; one that is light and dark in turn flickers."""
    brighter = np.concatenate([grey(level, 1) for level in (0, 51, 102, 153)])
    turns = np.concatenate([grey(level, 1) for level in (0, 51, 0, 51)])

    assert (round(motion(brighter), 6), round(flicker(brighter), 6)) == (0.2, 0.0)
    assert (round(motion(turns), 6), round(flicker(turns), 6)) == (0.2, 0.2)


def test_likeness_is_told_in_decibels_and_structure():
    """A tenth off everywhere is 20 dB; the same clip is infinitely like itself, and noise has little of its structure."""
    noise = np.random.default_rng(1).integers(0, 256, (2, 16, 16, 3)).astype(np.uint8)

    assert psnr(grey(0), grey(25.5)) == pytest.approx(20, abs=0.2)
    assert psnr(noise, noise) == np.inf
    assert ssim(noise, noise) == pytest.approx(1)
    assert ssim(noise, noise[::-1]) < 0.2


def test_a_judge_tells_what_it_was_shown(judge: Judge, folder: Path, tmp_path: Path):
    """It is right on clips that it never saw, and says the same after it was kept in a file."""
    held = Clips(folder, "held")
    right = accuracy(judge, held)
    save_judge(tmp_path / "judge.safetensors", judge, facts={"clips": 12})
    again, facts = load_judge(tmp_path / "judge.safetensors")

    assert min(right["colour"], right["motion"]) > 0.9
    assert (accuracy(again, held), facts) == (right, {"clips": 12})


MADE = "made"


def by_caption(make: Callable[[str, str], np.ndarray]) -> dict[str, Callable[[Clip, int], np.ndarray]]:
    """A model that answers "a red cube left" with what `make` makes of its colour and motion."""

    def generate(clip: Clip, seed: int) -> np.ndarray:
        _, colour, _, way = clip.caption.split()
        return make(colour, way)

    return {MADE: generate}


def test_scores_are_of_what_was_made(judge: Judge, folder: Path):
    """Who makes what is asked for is scored like renders; who makes everything red is right in one colour of four."""
    held = Clips(folder, "held")

    good = evaluate(held, judge, {}, count=12, seed=5, generate=by_caption(painted))
    bad = evaluate(held, judge, {}, count=12, seed=5, generate=by_caption(lambda colour, way: painted("red", way)))

    renders, made = good.scores
    assert made.right == renders.right
    assert bad.scores[1].right["colour"] == 0.25
    assert bad.scores[1].right["motion"] == made.right["motion"]
    assert good.chance == {"subject": 1, "colour": 0.25, "count": 1, "motion": pytest.approx(1 / 3), "camera": 1}


def test_each_clip_that_was_made_is_told(judge: Judge, folder: Path):
    """Caption, seed, what was wanted and what was seen, as JSON; compressed clips are told beside, with their likeness."""
    held = Clips(folder, "held")
    report = evaluate(
        held, judge, {"clips": 12}, count=2, seed=5, generate=by_caption(painted), compressed=lambda frames: frames // 2
    )

    answer = json.loads(json.dumps(report.row))["answers"][1]
    wanted = labels_of("blue", "left")
    assert (answer["source"], answer["seed"], answer["wanted"]) == (MADE, 6, wanted.row)
    assert answer["caption"] == caption_of(wanted)
    assert [score.source for score in report.scores] == ["renders", "compressed and back", MADE]
    assert report.scores[1].psnr == pytest.approx(psnr(painted("red", "left") // 2, painted("red", "left")), abs=2)
    assert report.table.splitlines()[4].startswith("| made | 2 | 100 % |")


def test_more_clips_than_are_held_out_cannot_be_scored(judge: Judge, folder: Path):
    """The sentence says how many there are."""
    with pytest.raises(DataError, match="13 clips were to be scored; 12 are held out"):
        evaluate(Clips(folder, "held"), judge, {}, count=13, seed=5, generate={})


def test_the_card_counts_what_is_in_the_clips(folder: Path):
    """By field and split, with the command that makes them again, and who is seen."""
    told = card(folder)

    assert "24 clips of 5 frames of 48x32 at 4 a second" in told
    assert "`vitascope model data FOLDER --count 24 --seed 9`" in told
    assert "| red | 3 | 3 | 25.0 % |" in told
    assert "| purple | 0 | 0 | 0.0 % |" in told
    assert "| farmer | 12 | 12 | 100.0 % |" in told
    assert "| scenes tried for a clip | 1.50;" in told
