"""From clips to weights: stages one after the other; each goes on where it stands and is skipped once it is done."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from vitascope.model.checkpoint import load_autoencoder
from vitascope.model.data import Clips
from vitascope.model.network import Network, load_network
from vitascope.model.training.autoencoding import AUTOENCODER, AutoencoderCourse, DecoderCourse
from vitascope.model.training.chance import begun
from vitascope.model.training.flow import TRANSFORMER, FlowCourse
from vitascope.model.training.journal import Journal
from vitascope.model.training.latents import cache, read_latents
from vitascope.model.training.loop import TrainingError, Watch, train
from vitascope.model.training.presets import PRESETS, Preset
from vitascope.model.training.processes import processes

__all__ = ["STAGES", "Wish", "run"]

STAGES = ("autoencoder", "latents", "transformer", "decoder")
ENDS = {"autoencoder": 0.3, "transformer": 0.9, "decoder": 1.0}
"""When a stage is over, in parts of the time, where all stages share it."""
TELL_EACH, KEEP_EACH = 10.0, 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to train from which clips, into which folder. stage: one of STAGES, or "all"; minutes: for all of it, None: as long
    as it takes; steps: of the stage, or of the transformer where all are asked for; None: as the preset says. weights: a folder
    of them that a new run begins with, its networks and its words; the encoder then stays as it is."""

    clips: Path
    folder: Path
    preset: str
    stage: str
    minutes: float | None
    steps: int | None
    seed: int
    compiles: bool
    weights: Path | None = None


def run(wish: Wish, tell: Callable[[str], None]) -> None:
    """Do what is asked for; TrainingError where it cannot be."""
    if wish.preset not in PRESETS:
        raise TrainingError(f"There is no preset {wish.preset!r}; use one of {', '.join(PRESETS)}.")
    if wish.stage not in (*STAGES, "all"):
        raise TrainingError(f"There is no stage {wish.stage!r}; use one of {', '.join(STAGES)} or all.")
    if (wish.minutes is not None and wish.minutes <= 0) or (wish.steps is not None and wish.steps < 1):
        raise TrainingError("Minutes and steps are more than 0.")
    if wish.weights is not None and not all((wish.weights / name).is_file() for name in (AUTOENCODER, TRANSFORMER)):
        raise TrainingError(f"There are no weights to begin with ({AUTOENCODER}, {TRANSFORMER}) in {wish.weights}.")
    journal = Journal(wish.folder)
    journal.begin(preset=wish.preset, stage=wish.stage, minutes=wish.minutes, seed=wish.seed)
    try:
        _Stages(wish, journal, tell).go()
    except (Exception, KeyboardInterrupt) as error:
        journal.add("failed", why=f"{type(error).__name__}: {error}")
        raise


class _Stages:
    def __init__(self, wish: Wish, journal: Journal, tell: Callable[[str], None]) -> None:
        self.wish, self.journal, self.tell = wish, journal, tell
        self.begun = time.monotonic()
        self.preset: Preset = PRESETS[wish.preset](wish.seed)
        self.clips = Clips(wish.clips, "train")
        self.facts = {"preset": wish.preset, "clip": _shape_of(wish.clips)}

    def go(self) -> None:
        for stage in STAGES:
            if self.wish.stage in (stage, "all"):
                begun = time.monotonic()
                getattr(self, f"_{stage}")()
                self.journal.add("done", stage=stage, seconds=round(time.monotonic() - begun, 1))

    def _autoencoder(self) -> None:
        preset = self.preset
        if self.wish.weights is not None:
            if not (self.wish.folder / AUTOENCODER).exists():
                shutil.copyfile(self.wish.weights / AUTOENCODER, self.wish.folder / AUTOENCODER)
            return
        plan = self._plan(preset.autoencoder_plan, named=self.wish.stage == "autoencoder")
        course = AutoencoderCourse(preset.autoencoder, self.clips, preset.crop, plan, self.wish.folder)
        train(course, plan, self.wish.folder, self._watch("autoencoder"), self.facts)

    def _latents(self) -> None:
        device = torch.device(processes().device or "cpu")
        told = time.monotonic()

        def progress(done: int, of: int) -> None:
            nonlocal told
            if time.monotonic() - told > TELL_EACH or done == of:
                self.tell(f"latents {done}/{of}")
                told = time.monotonic()

        with processes().main_process_first():  # other processes then find them there
            cache(self.wish.folder, self.clips, self.wish.folder / AUTOENCODER, device=device, progress=progress)

    def _transformer(self) -> None:
        preset = self.preset
        latents = read_latents(self.wish.folder)
        plan = self._plan(preset.transformer_plan, named=True)
        places = [self.wish.folder, *([] if self.wish.weights is None else [self.wish.weights])]
        known = [place / TRANSFORMER for place in places if (place / TRANSFORMER).exists()]
        if known:  # with more clips, a run goes on with the words that it began with
            network = load_network(known[0]).requires_grad_(True)
        else:
            network = begun(plan.seed, lambda: Network(preset.network(latents.captions)))
        course = FlowCourse(network, latents, preset.teaching, plan, self.wish.folder)
        train(course, plan, self.wish.folder, self._watch("transformer"), self.facts)

    def _decoder(self) -> None:
        preset, folder = self.preset, self.wish.folder
        plan = self._plan(preset.decoder_plan, named=self.wish.stage == "decoder")
        course = DecoderCourse(load_autoencoder(folder / AUTOENCODER), self.clips, preset.crop, plan, folder)
        train(course, plan, folder, self._watch("decoder"), self.facts)

    def _plan(self, plan: Any, *, named: bool) -> Any:
        return replace(plan, steps=self.wish.steps) if named and self.wish.steps else plan

    def _watch(self, stage: str) -> Watch:
        minutes = self.wish.minutes
        share = ENDS[stage] if self.wish.stage == "all" else 1.0
        until = None if minutes is None else self.begun + 60 * minutes * share
        return Watch(until=until, tell=self.tell, tell_each=TELL_EACH, keep_each=KEEP_EACH, compiles=self.wish.compiles)


def _shape_of(clips: Path) -> dict[str, int]:
    """Frames, sides and rate of the clips of a folder, as it notes them."""
    return json.loads((clips / "made.json").read_text("utf-8"))["shape"]
