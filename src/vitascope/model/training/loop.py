"""The one loop that trains: a step, an average of weights, a line of progress, a state to go on from. It knows no networks."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import torch
from accelerate import Accelerator
from accelerate.utils import DistributedDataParallelKwargs
from torch import Tensor, nn

from vitascope.model.attention import multiplies_bfloat16
from vitascope.model.training.journal import Journal
from vitascope.model.training.processes import processes
from vitascope.model.training.state import State, read_state, write_state

__all__ = ["Course", "Outcome", "Plan", "Share", "TrainingError", "Watch", "train"]

MOMENTS = (0.9, 0.98)
DECAY = 0.01
LONGEST = 1.0
"""Gradients that are longer altogether are shortened to this."""


class TrainingError(ValueError):
    """A run that cannot begin or go on; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a network is trained. The rate rises for `warm` steps, stays, and falls to 0 over the last `cool` of all `steps`."""

    steps: int
    batch: int
    """Clips that are seen at a step, on all devices together."""
    rate: float
    warm: int
    cool: float
    average: float
    """How much of the average of weights stays at a step, once it has begun."""
    seed: int

    def rate_at(self, step: int) -> float:
        """Of the step of this number, from 0."""
        cooling = (self.steps - step) / max(1.0, self.cool * self.steps)
        return self.rate * min(1.0, (step + 1) / (self.warm + 1), cooling)

    def average_at(self, step: int) -> float:
        """How much of the average stays: little at first."""
        return min(self.average, (step + 1) / (step + 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Which rows of a batch are this process's: every `of`-th from `rank` on."""

    rank: int
    of: int

    def __call__(self, rows: list[int]) -> list[int]:
        return rows[self.rank :: self.of]


class Course(Protocol):
    """What is trained, and on what."""

    @property
    def name(self) -> str:
        """Of its files."""
        ...

    @property
    def objective(self) -> nn.Module:
        """Called with what `batch` gives: losses by name, of which "loss" is made smaller."""
        ...

    def batch(self, step: int, share: Share, device: torch.device) -> Any:
        """What is seen at a step."""
        ...

    def settings(self) -> dict[str, Any]:
        """All that makes another run of it, as JSON has it."""
        ...

    def keep(self, average: Mapping[str, Tensor], facts: dict[str, Any]) -> None:
        """Write the averaged weights of the objective for use, with what is to be known of them."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """When to stop, tell and keep [s]; what is told goes to `tell`."""

    until: float | None
    """On the monotonic clock; None: when all steps are made."""
    tell: Callable[[str], None]
    tell_each: float
    keep_each: float
    compiles: bool
    """Whether networks are compiled first: minutes to begin, then faster steps. What cannot be compiled runs as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Where a run stands: steps made of how many, and the losses of late."""

    step: int
    steps: int
    losses: dict[str, float]

    @property
    def finished(self) -> bool:
        """Whether all steps are made."""
        return self.step >= self.steps


def train(course: Course, plan: Plan, folder: Path, watch: Watch, facts: dict[str, Any] | None = None) -> Outcome:
    """Train from where the run in `folder` stands, until all steps are made or the time is over; state and weights are kept.

    `facts` stand in the files of weights, beside those of the run.
    """
    return _Run(course, plan, folder, watch, facts or {}).go()


def precision() -> Literal["bf16", "no"]:
    """bfloat16 where there are instructions for it; a processor without them takes forty times as long for such products."""
    return "bf16" if torch.cuda.is_available() or multiplies_bfloat16() else "no"


class _Run:
    def __init__(self, course: Course, plan: Plan, folder: Path, watch: Watch, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.course, self.plan, self.folder, self.watch = course, plan, folder, watch
        self.settings = {"course": course.settings(), "plan": asdict(plan) | {"steps": 0}}
        unused = DistributedDataParallelKwargs(find_unused_parameters=True)  # a step may hear nothing
        processes()
        self.accelerator = Accelerator(
            cpu=not torch.cuda.is_available(), mixed_precision=precision(), kwargs_handlers=[unused]
        )
        self.bare = course.objective.to(self.accelerator.device)
        self.parameters = {name: each for name, each in self.bare.named_parameters() if each.requires_grad}
        self.fixed = {name: each for name, each in self.bare.state_dict().items() if name not in self.parameters}
        self.average = {name: each.detach().clone() for name, each in self.parameters.items()}
        adam = torch.optim.AdamW(self.parameters.values(), plan.rate, betas=MOMENTS, weight_decay=DECAY, fused=True)
        self.adam = adam
        self.step = self._begin()
        if watch.compiles:
            torch._dynamo.config.suppress_errors = True
            self.bare.compile()
        for each in self.parameters.values():
            each.grad = torch.zeros_like(
                each
            )  # those that a step does not use count its zeros, so that all count alike
        self.objective, self.optimiser = self.accelerator.prepare(self.bare, adam)
        self.share = Share(rank=self.accelerator.process_index, of=self.accelerator.num_processes)
        self.journal = Journal(folder)
        self.lately = _Lately()

    def go(self) -> Outcome:
        plan, watch = self.plan, self.watch
        begun = told = kept = time.monotonic()
        first = self.step
        while self.step < plan.steps:
            self._step()
            now = time.monotonic()
            over = watch.until is not None and now >= watch.until
            if now - told >= watch.tell_each or over or self.step == plan.steps:
                self._tell(now - told)
                told = now
            if over:
                break
            if now - kept >= watch.keep_each:
                self._keep()
                kept = time.monotonic()
        if self.step > first:
            self._keep()
            self.journal.add(
                "trained", course=self.course.name, steps=[first, self.step], of=plan.steps,
                seconds=round(time.monotonic() - begun, 1), losses=self.lately.last,
            )  # fmt: skip
        return Outcome(step=self.step, steps=plan.steps, losses=self.lately.last)

    def _step(self) -> None:
        batch = self.course.batch(self.step, self.share, self.accelerator.device)
        for group in self.adam.param_groups:
            group["lr"] = self.plan.rate_at(self.step)
        losses: dict[str, Tensor] = self.objective(batch)
        self.accelerator.backward(losses["loss"])
        self.accelerator.clip_grad_norm_(self.parameters.values(), LONGEST)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=False)
        stays = self.plan.average_at(self.step)
        with torch.no_grad():
            for name, each in self.parameters.items():
                self.average[name].lerp_(each, 1 - stays)
        self.step += 1
        self.lately.add(losses)

    def _tell(self, seconds: float) -> None:
        count, losses = self.lately.read()
        if not self.accelerator.is_main_process:
            return
        speed = count * self.plan.batch / max(seconds, 1e-9)
        said = ", ".join(f"{name} {value:.4f}" for name, value in losses.items())
        self.watch.tell(f"{self.course.name} {self.step}/{self.plan.steps}: {said}; {speed:.1f} clips/s")
        self.journal.add(
            "progress", course=self.course.name, step=self.step, losses=losses, clips_per_second=round(speed, 2)
        )
        if losses["loss"] != losses["loss"]:
            self.journal.add("failed", course=self.course.name, step=self.step, why="the loss is no number")
            raise TrainingError(f"The loss is no number after step {self.step}. Begin again with a smaller rate.")

    def _begin(self) -> int:
        """Take up the state in the folder, if there is one; the step to go on with."""
        state = read_state(self.folder, self.course.name)
        if state is None:
            return 0
        if state.settings != self.settings:
            raise TrainingError(
                f"The run in this folder was begun with other settings ({_other(state.settings, self.settings)}). "
                f"Use these, or another folder: {self.folder}"
            )
        with torch.no_grad():
            for name, each in self.fixed.items():
                each.copy_(state.tensors[f"fixed.{name}"])
            for name, each in self.parameters.items():
                each.copy_(state.tensors[f"weights.{name}"])
                self.average[name].copy_(state.tensors[f"average.{name}"])
                self.adam.state[each] = {
                    "step": torch.tensor(float(state.step), device=each.device),
                    "exp_avg": state.tensors[f"first.{name}"].to(each.device),
                    "exp_avg_sq": state.tensors[f"second.{name}"].to(each.device),
                }
        return state.step

    def _keep(self) -> None:
        if not self.accelerator.is_main_process:
            return
        tensors = {f"fixed.{name}": each for name, each in self.fixed.items()}
        for name, each in self.parameters.items():
            moments = self.adam.state[each]
            tensors[f"weights.{name}"] = each
            tensors[f"average.{name}"] = self.average[name]
            tensors[f"first.{name}"] = moments["exp_avg"]
            tensors[f"second.{name}"] = moments["exp_avg_sq"]
        write_state(self.folder, self.course.name, State(step=self.step, settings=self.settings, tensors=tensors))
        facts = {**self.facts, "step": self.step, "steps": self.plan.steps, "losses": self.lately.last}
        self.course.keep(self.average, facts)


class _Lately:
    """Means of losses since they were last read; nothing is read from a device in between."""

    def __init__(self) -> None:
        self.last: dict[str, float] = {}
        self._sums: dict[str, Tensor] = {}
        self._counts: dict[str, int] = {}
        self._steps = 0

    def add(self, losses: Mapping[str, Tensor]) -> None:
        self._steps += 1
        for name, each in losses.items():
            self._sums[name] = self._sums.get(name, 0) + each.detach().float()
            self._counts[name] = self._counts.get(name, 0) + 1

    def read(self) -> tuple[int, dict[str, float]]:
        self.last = {name: round(float(each) / self._counts[name], 5) for name, each in self._sums.items()}
        count = self._steps
        self._sums, self._counts, self._steps = {}, {}, 0
        return count, self.last


def _other(old: Mapping[str, Any], new: Mapping[str, Any], place: str = "") -> str:
    """The first setting that differs, and both its values."""
    for key in sorted(old.keys() | new.keys()):
        name = f"{place}.{key}" if place else key
        before, now = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(now, dict):
            if found := _other(before, now, name):
                return found
        elif before != now:
            return f"{name}: {before}, now {now}"
    return ""
