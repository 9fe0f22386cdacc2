"""Training learns, goes on after a stop as if there had been none, and says what was run."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from tiny_clips import write_clips

from vitascope.model.autoencoder import tiny
from vitascope.model.checkpoint import load, load_autoencoder
from vitascope.model.data import Clips, held_out, mirrored_labels
from vitascope.model.network import Network, load_network
from vitascope.model.shapes import LatentShape
from vitascope.model.tokens import Role
from vitascope.model.training import loop
from vitascope.model.training.autoencoding import AutoencoderCourse, Crop, pixels_of
from vitascope.model.training.chance import begun, chance, rows_of
from vitascope.model.training.examining import Examination, examine
from vitascope.model.training.flow import TASKS, FlowCourse, made_tokens
from vitascope.model.training.journal import Journal
from vitascope.model.training.latents import Latents, cache, read_latents
from vitascope.model.training.loop import Plan, Share, TrainingError, Watch, train
from vitascope.model.training.presets import PRESETS
from vitascope.model.training.stages import Wish, run

PLAN = Plan(steps=6, batch=4, rate=1e-2, warm=1, cool=0.3, average=0.9, seed=3)
CROP = Crop(frames=5, height=32, width=32)
HERE = torch.device("cpu")
ALL = Share(rank=0, of=1)


@pytest.fixture(scope="module")
def folder_of_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_clips(tmp_path_factory.mktemp("clips"), 8)


@pytest.fixture(scope="module")
def clips(folder_of_clips: Path) -> Clips:
    return Clips(folder_of_clips, "train")


@pytest.fixture(scope="module")
def latents(clips: Clips, tmp_path_factory: pytest.TempPathFactory) -> Latents:
    folder = tmp_path_factory.mktemp("run")
    train(AutoencoderCourse(tiny(), clips, CROP, PLAN, folder), PLAN, folder, watch())
    cache(folder, clips, folder / "autoencoder.safetensors", device=HERE, progress=lambda done, of: None)
    return read_latents(folder)


def watch(*, until: float | None = None) -> Watch:
    return Watch(until=until, tell=lambda line: None, tell_each=1e9, keep_each=1e9, compiles=False)


def autoencoder_course(clips: Clips, latents: Latents, plan: Plan, folder: Path) -> AutoencoderCourse:
    return AutoencoderCourse(tiny(), clips, CROP, plan, folder)


def flow_course(clips: Clips, latents: Latents, plan: Plan, folder: Path) -> FlowCourse:
    preset = PRESETS["tiny"](0)
    network = begun(plan.seed, lambda: Network(preset.network(latents.captions)))
    return FlowCourse(network, latents, preset.teaching, plan, folder)


@pytest.mark.parametrize("course", [autoencoder_course, flow_course])
def test_a_run_that_is_stopped_after_every_step_makes_the_same_weights(course, clips, latents, tmp_path: Path):
    """Weights, their average and both moments are those of the run that was never stopped, bit for bit."""
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    name = course(clips, latents, PLAN, whole).name

    train(course(clips, latents, PLAN, whole), PLAN, whole, watch())
    for step in range(1, 7):
        torch.manual_seed(99)  # nothing may depend on it
        outcome = train(course(clips, latents, PLAN, stopped), PLAN, stopped, watch(until=0.0))
        assert outcome.step == step

    (one,), (other,) = (list(folder.glob(f"{name}.state-00000006*")) for folder in (whole, stopped))
    first, second = (load(path, kind="training state").tensors for path in (one, other))
    assert first.keys() == second.keys()
    assert [key for key in first if not torch.equal(first[key], second[key])] == []
    assert [path.name for path in stopped.glob("*.state-*")] == [other.name]


def test_the_autoencoder_learns(tmp_path: Path):
    """A few seconds of two clips bring its pictures closer to them than the best linear way does, which it begins with."""
    clips = Clips(write_clips(tmp_path / "clips", 2), "train")
    plan = replace(PLAN, steps=60, batch=2, warm=5)
    course = AutoencoderCourse(tiny(), clips, Crop(frames=9, height=48, width=64), plan, tmp_path)
    seen = course.batch(1001, ALL, HERE)
    with torch.no_grad():
        before = float(course.objective(seen)["loss"])

    train(course, plan, tmp_path, watch())

    with torch.no_grad():
        assert float(course.objective(seen)["loss"]) < 0.85 * before
    kept = load_autoencoder(tmp_path / "autoencoder.safetensors")
    assert kept.encode(torch.rand(1, 3, 9, 48, 64)).shape == (1, 8, 3, 3, 4)


def test_latents_have_unit_variance(latents: Latents):
    """Noise of unit variance then means the same for each channel; nearly, as mirror images that are held out are missing."""
    film_CR = latents.film_RCTHW.float().transpose(0, 1).flatten(1)

    assert torch.allclose(film_CR.mean(dim=1), torch.zeros(8), atol=0.15)
    assert torch.allclose(film_CR.std(dim=1), torch.ones(8), atol=0.15)


def test_the_transformer_learns(clips: Clips, latents: Latents, tmp_path: Path):
    """A few seconds bring its velocities closer to the true ones than the answer it begins with, which is nothing."""
    plan = replace(PLAN, steps=40, batch=8, warm=5)
    course = flow_course(clips, latents, plan, tmp_path)
    seen = course.batch(1000, ALL, HERE)
    with torch.no_grad():
        before = float(course.objective(seen)["loss"])

    train(course, plan, tmp_path, watch())

    with torch.no_grad():
        assert float(course.objective(seen)["loss"]) < 0.85 * before
    network = load_network(tmp_path / "transformer.safetensors")
    assert network.text(["a red cube"]).values_BSD.shape == (1, 3, 32)


def test_each_clip_is_seen_before_any_is_seen_again():
    """In another order each time, and batches go on across the end of a turn."""
    seen = [row for step in range(10) for row in rows_of(1, step, batch=3, count=10)]

    assert sorted(seen[:10]) == sorted(seen[10:20]) == sorted(seen[20:]) == list(range(10))
    assert seen[:10] != seen[10:20]


def test_a_batch_is_parted_among_devices(clips: Clips, latents: Latents, tmp_path: Path):
    """Two devices see, together, what one would."""
    course = flow_course(clips, latents, replace(PLAN, batch=8), tmp_path)

    whole = course.batch(2, ALL, HERE)
    halves = [course.batch(2, Share(rank=rank, of=2), HERE) for rank in range(2)]

    for group, first, second in zip(whole, *halves, strict=True):
        assert torch.equal(group.aim_BLC[0::2], first.aim_BLC)
        assert torch.equal(group.aim_BLC[1::2], second.aim_BLC)


def test_velocity_leads_back_to_the_clip(clips: Clips, latents: Latents, tmp_path: Path):
    """Noisy tokens less their level times the velocity are the tokens of the clip, wherever these are made."""
    course = flow_course(clips, latents, PLAN, tmp_path)
    groups = [group for step in range(8) for group in course.batch(step, ALL, HERE)]

    for group in groups:
        noisy = group.noisy
        clean_BLC = noisy.values_BLC - noisy.level_BL[..., None] * group.aim_BLC
        place_L3 = noisy.place_BL3[0].long()
        films_BCL = latents.film_RCTHW[:, :, *place_L3.unbind(1)].float()
        off_BR = (clean_BLC.transpose(1, 2)[:, None] - films_BCL[None]).abs().amax(dim=(2, 3))
        assert float(off_BR.min(dim=1).values.max()) < 1e-4
    assert {int(each) for group in groups if group.context for each in group.context.role_BL[0]} == {int(Role.FILM)}
    drafts = [group.noisy for group in groups if group.noisy.draft_BLC is not None]
    assert 0 < len(drafts) < len(groups)
    for noisy in drafts:
        at_places_BCL = latents.draft_RCTHW[:, :, *noisy.place_BL3[0].long().unbind(1)].float()
        off_BR = (noisy.draft_BLC.transpose(1, 2)[:, None] - at_places_BCL[None]).abs().amax(dim=(2, 3))
        assert float(off_BR.min(dim=1).values.max()) == 0


@pytest.mark.parametrize("task", TASKS)
def test_every_task_makes_something(task: str):
    """What is made is never nothing; what stays is what the task says."""
    shape = LatentShape(frames=4, height=3, width=5)
    for step in range(20):
        made = made_tokens(task, shape, chance(0, step, "task"))
        kept = {
            "all": 0,
            "first": 15,
            "first and last": 30,
            "extension": int((~made).all(dim=2).all(dim=1).sum()) * 15,
            "region": 60 - int(made.sum()),
        }[task]
        assert made.any()
        assert int((~made).sum()) == kept


def test_a_clip_is_there_as_a_mirror_shows_it(clips: Clips, latents: Latents):
    """With words and pictures of the other side; but where that combination is held out, it stays so."""
    expected = []
    for row in range(len(clips)):
        labels = mirrored_labels(clips.labels(row))
        mirror = [] if held_out(labels) else [f"a {labels.colour} cube slides to the {labels.motion}"]
        expected += [clips.get(row).caption, *mirror]

    assert list(latents.captions) == expected
    assert len(clips) < latents.count < 2 * len(clips)
    there = next(
        n for n in range(latents.count - 1) if latents.captions[n].split()[-1] != latents.captions[n + 1].split()[-1]
    )
    film, mirror = latents.film_RCTHW[there].float(), latents.film_RCTHW[there + 1].float()
    assert float((film.flip(-1) - mirror).abs().mean()) < float((film - mirror).abs().mean())


def test_a_decoder_learns_to_do_with_inexact_latents(folder_of_clips: Path, tmp_path: Path):
    """Alone: what the encoder makes is the same to the last bit, so the latents of the run stay."""
    wish = Wish(
        clips=folder_of_clips, folder=tmp_path, preset="tiny", stage="autoencoder", minutes=None, steps=30, seed=0,
        compiles=False,
    )  # fmt: skip
    run(wish, lambda line: None)
    run(replace(wish, stage="latents"), lambda line: None)
    before = load_autoencoder(tmp_path / "autoencoder.safetensors")
    (latents,) = (tmp_path / "latents").iterdir()
    there = latents.stat()

    run(replace(wish, stage="decoder", steps=150), lambda line: None)
    run(replace(wish, stage="latents"), lambda line: None)

    after = load_autoencoder(tmp_path / "autoencoder.safetensors")
    clip = pixels_of(Clips(folder_of_clips, "train"), 0, draft=False)
    pixels = torch.from_numpy(clip.copy()).permute(3, 0, 1, 2)[None] / 255
    latent = before.encode(pixels)
    assert torch.equal(after.encode(pixels), latent)
    assert (latents.stat().st_mtime_ns, latents.stat().st_ino) == (there.st_mtime_ns, there.st_ino)
    inexact = latent + 0.4 * torch.randn(latent.shape, generator=chance(0, 0, "noise"))
    off = [float((each.decode(inexact) - pixels).abs().mean()) for each in (before, after)]
    assert off[1] < 0.95 * off[0]


def test_a_run_can_begin_with_weights_that_are_there(folder_of_clips: Path, tmp_path: Path):
    """Its own clips then teach them; the encoder and the words that they know stay. There have to be weights."""
    wish = Wish(
        clips=folder_of_clips, folder=tmp_path / "first", preset="tiny", stage="all", minutes=None, steps=2, seed=0,
        compiles=False,
    )  # fmt: skip
    run(wish, lambda line: None)
    others = write_clips(tmp_path / "clips", 4, said="a {colour} block glides {motion}wards")

    run(replace(wish, clips=others, folder=tmp_path / "second", steps=1, weights=wish.folder), lambda line: None)

    first, second = wish.folder, tmp_path / "second"
    clip = torch.rand(1, 3, 5, 48, 64)
    latents = [load_autoencoder(folder / "autoencoder.safetensors").encode(clip) for folder in (first, second)]
    assert torch.equal(*latents)
    before, after = (load(folder / "transformer.safetensors", kind="transformer") for folder in (first, second))
    assert after.configuration == before.configuration
    apart = [float((after.tensors[name] - each).abs().max()) for name, each in before.tensors.items()]
    assert 0 < max(apart) < 0.02
    with pytest.raises(TrainingError, match="no weights to begin with"):
        run(replace(wish, weights=tmp_path / "nowhere"), lambda line: None)


@pytest.mark.parametrize("multiplies", [True, False])
def test_a_processor_without_bfloat16_trains_in_float32(multiplies: bool, monkeypatch: pytest.MonkeyPatch):
    """There its products take forty times as long."""
    monkeypatch.setattr(loop, "multiplies_bfloat16", lambda: multiplies)

    assert loop.precision() == ("bf16" if multiplies or torch.cuda.is_available() else "no")


def test_a_run_goes_on_when_there_are_more_clips(tmp_path: Path):
    """With the linear way and the words that it began with; what training fixed once is not found anew."""
    folder = tmp_path / "run"
    wish = Wish(
        clips=write_clips(tmp_path / "clips", 4), folder=folder, preset="tiny", stage="all", minutes=None, steps=1,
        seed=0, compiles=False,
    )  # fmt: skip
    run(wish, lambda line: None)
    before = load_autoencoder(folder / "autoencoder.safetensors")
    write_clips(tmp_path / "clips", 8, said="a {colour} block glides {motion}wards")

    run(replace(wish, stage="autoencoder", steps=25), lambda line: None)
    run(replace(wish, stage="latents"), lambda line: None)
    run(replace(wish, stage="transformer", steps=2), lambda line: None)

    after = load_autoencoder(folder / "autoencoder.safetensors")
    assert torch.equal(after.compress_patch.weight, before.compress_patch.weight)
    assert not torch.equal(after.enter.weight, before.enter.weight)
    network = load(folder / "transformer.safetensors", kind="transformer")
    assert network.facts["clips"] == read_latents(folder).count > 8
    assert network.facts["step"] == 2
    assert "glides" not in network.configuration["text"]["vocabulary"]["words"]


def test_another_run_is_not_mixed_in(clips: Clips, latents: Latents, tmp_path: Path):
    """A folder belongs to one run; the sentence names the setting that differs."""
    train(autoencoder_course(clips, latents, PLAN, tmp_path), PLAN, tmp_path, watch(until=0.0))

    other = replace(PLAN, rate=1.0)
    with pytest.raises(TrainingError) as told:
        train(autoencoder_course(clips, latents, other, tmp_path), other, tmp_path, watch())

    assert str(told.value) == (
        "The run in this folder was begun with other settings (plan.rate: 0.01, now 1.0). "
        f"Use these, or another folder: {tmp_path}"
    )


def test_a_loss_that_is_no_number_ends_the_run(clips: Clips, latents: Latents, tmp_path: Path):
    """It is told, and noted; the state before it stays."""
    plan = replace(PLAN, rate=float("inf"))

    with pytest.raises(TrainingError, match="The loss is no number after step 6"):
        train(autoencoder_course(clips, latents, plan, tmp_path), plan, tmp_path, watch())

    assert Journal(tmp_path).lines()[-1]["what"] == "failed"
    assert list(tmp_path.glob("*.state-*")) == []


def test_all_stages_make_weights_and_a_second_run_has_nothing_to_do(folder_of_clips: Path, tmp_path: Path):
    """One command from clips to both files; what is done is not done again."""
    folder = tmp_path / "run"
    wish = Wish(
        clips=folder_of_clips, folder=folder, preset="tiny", stage="all", minutes=None, steps=2, seed=0, compiles=False
    )

    run(wish, lambda line: None)
    written = {path: path.stat().st_mtime_ns for path in folder.rglob("*.safetensors")}
    told: list[str] = []
    run(wish, told.append)

    facts = load(folder / "transformer.safetensors", kind="transformer").facts
    assert facts["preset"] == "tiny"
    assert facts["clip"] == {"frames": 9, "fps": 12, "width": 64, "height": 48}
    assert {"autoencoder.safetensors", "transformer.safetensors", "00000.safetensors"} <= {p.name for p in written}
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.safetensors")} == written
    assert told == ["latents 8/8"]


def test_weights_are_examined_on_what_was_held_back(folder_of_clips: Path, tmp_path: Path):
    """Scores of renders, of these compressed and of what was made; a report, a sheet, and a judge that is there next time."""
    run(
        Wish(
            clips=folder_of_clips,
            folder=tmp_path,
            preset="tiny",
            stage="all",
            minutes=None,
            steps=2,
            seed=0,
            compiles=False,
        ),
        lambda line: None,
    )
    wanted = Examination(clips=folder_of_clips, folder=tmp_path, count=1, seed=0, judge_seconds=0.5, sampler_steps=2)
    told: list[str] = []

    report = examine(wanted, told.append)
    again = examine(wanted, told.append)

    assert [score.source for score in report.scores] == [
        "renders", "compressed and back", "made from words", "made from words and a draft",
    ]  # fmt: skip
    assert report.row == again.row
    assert json.dumps(report.row, indent=1) == (tmp_path / "report.json").read_text().rstrip()
    assert told == ["A judge is trained on 8 renders, for 0 s at most.", "made 1/1", "made 1/1"]
    assert (tmp_path / "sheet.png").read_bytes()[1:4] == b"PNG"
    assert Journal(tmp_path).lines()[-1]["what"] == "examined"


def test_a_budget_of_time_is_kept(folder_of_clips: Path, tmp_path: Path):
    """The run ends when its time is over, with weights for use and a state to go on from."""
    wish = Wish(
        clips=folder_of_clips,
        folder=tmp_path,
        preset="tiny",
        stage="autoencoder",
        minutes=1e-3,
        steps=10**6,
        seed=0,
        compiles=False,
    )
    begun = time.monotonic()

    run(wish, lambda line: None)

    assert time.monotonic() - begun < 60
    (line,) = [line for line in Journal(tmp_path).lines() if line["what"] == "trained"]
    assert 0 < line["steps"][1] < 10**6
    assert (tmp_path / "autoencoder.safetensors").exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"preset": "huge"}, "There is no preset 'huge'; use one of tiny, small, base."),
        (
            {"stage": "sound"},
            "There is no stage 'sound'; use one of autoencoder, latents, transformer, decoder or all.",
        ),
        ({"minutes": 0.0}, "Minutes and steps are more than 0."),
    ],
)
def test_wishes_that_make_no_sense_are_refused(folder_of_clips: Path, tmp_path: Path, wrong: dict, sentence: str):
    """Before anything is written."""
    wish = Wish(
        clips=folder_of_clips,
        folder=tmp_path / "run",
        preset="tiny",
        stage="all",
        minutes=1.0,
        steps=None,
        seed=0,
        compiles=False,
    )

    with pytest.raises(TrainingError) as told:
        run(replace(wish, **wrong), lambda line: None)

    assert str(told.value) == sentence
    assert not (tmp_path / "run").exists()
