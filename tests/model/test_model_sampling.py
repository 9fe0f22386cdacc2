"""One loop makes all films: it lands where the velocities lead, guided or not, with noise that belongs to places."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from tiny_networks import CHANNELS, condition, film, furthest, network
from torch import Tensor

from vitascope.model.denoiser import Condition, Memory
from vitascope.model.noise import noise
from vitascope.model.sampler import Guidance, Sampling, Solver, recall, sample, together
from vitascope.model.schedule import Schedule, ScheduleError, even, few, shifted
from vitascope.model.shapes import LatentShape
from vitascope.model.tasks import in_painting, text_to_video
from vitascope.model.tokens import Tokens, pack, places

SHAPE = LatentShape(frames=2, height=4, width=4)
PLAIN = Sampling(schedule=even(4, shift=1.0), solver=Solver.EULER, guidance=None, seed=0)


class Growing:
    """A denoiser whose velocity is its input: from level 1 to 0, values shrink by the factor e."""

    context_reads = False

    def read(self, condition: Condition) -> Condition:
        return condition

    def remember(self, context: Tokens, condition: Condition, memory: Memory | None = None) -> Memory:
        raise NotImplementedError

    def moved(self, memory: Memory, moments: float) -> Memory:
        raise NotImplementedError

    def velocity(self, noisy: Tokens, condition: Condition, memory: Memory | None = None) -> Tensor:
        return noisy.values_BLC


class Knowing(Growing):
    """A denoiser that knows the only clean film there is."""

    def __init__(self, clean: Tensor) -> None:
        self.clean = clean

    def velocity(self, noisy: Tokens, condition: Condition, memory: Memory | None = None) -> Tensor:
        return (noisy.values_BLC - self.clean) / noisy.level_BL[..., None]


@pytest.mark.parametrize("solver", list(Solver))
@pytest.mark.parametrize("steps", [1, 3])
def test_where_one_film_is_known_every_way_leads_there(solver: Solver, steps: int):
    """Straight paths are followed without an error, in one step or several, by each solver."""
    clean = film(2).values_BLC
    noisy = text_to_video(SHAPE, channels=CHANNELS, seed=3).noisy

    made = sample(Knowing(clean), noisy, condition(), replace(PLAIN, schedule=even(steps, shift=3.0), solver=solver))

    assert furthest(made, clean) < 1e-5


def test_heun_is_nearer_on_curved_paths():
    """Eight steps along a path whose end is known: Euler is off by a twentieth, Heun by a thousandth."""
    noisy = text_to_video(SHAPE, channels=CHANNELS, seed=3).noisy
    off = {}

    for solver in (Solver.EULER, Solver.HEUN):
        made = sample(Growing(), noisy, condition(), replace(PLAIN, schedule=even(8, shift=1.0), solver=solver))
        off[solver] = float((made / noisy.values_BLC / torch.tensor(-1.0).exp() - 1).abs().mean())

    assert 0.03 < off[Solver.EULER] < 0.08
    assert off[Solver.HEUN] < 0.012


@torch.no_grad()
def test_guidance_goes_on_from_without_to_with():
    """A guided step is the step without the instruction plus `scale` times the way to that with it; words of different
    number stand together in one batch."""
    model, asked, free = network(), condition(count=5), condition(count=2, seed=8)
    task = in_painting(torch.randn(1, CHANNELS, 2, 4, 4), torch.arange(32).view(2, 4, 4) % 3 == 0, seed=1)
    assert task.context is not None
    once = replace(PLAIN, schedule=few(1.0))
    memory = recall(model, task.context, asked, None)

    guided = sample(model, task.noisy, asked, replace(once, guidance=Guidance(scale=4.0, without=free)), memory=memory)

    with_words, without = (sample(model, task.noisy, each, once, memory=memory) for each in (asked, free))
    assert furthest(with_words, without) > 0.01
    assert furthest(guided, without + 4.0 * (with_words - without)) < 1e-4


@torch.no_grad()
def test_networks_whose_clean_tokens_read_remember_both_branches():
    """Where what is remembered depends on the instruction, each branch of guidance has its own."""
    model, asked, free = network(context_reads=True), condition(count=5), condition(count=2, seed=8)
    task = in_painting(torch.randn(1, CHANNELS, 2, 4, 4), torch.arange(32).view(2, 4, 4) % 3 == 0, seed=1)
    assert task.context is not None
    guidance = Guidance(scale=4.0, without=free)
    once = replace(PLAIN, schedule=few(1.0))

    memory = recall(model, task.context, asked, guidance)
    guided = sample(model, task.noisy, asked, replace(once, guidance=guidance), memory=memory)

    with_words, without = (
        sample(model, task.noisy, each, once, memory=recall(model, task.context, each, None)) for each in (asked, free)
    )
    assert furthest(guided, without + 4.0 * (with_words - without)) < 1e-4


@torch.no_grad()
def test_same_seed_same_film():
    """A film is a function of its seed."""
    model, asked = network(), condition()
    first, again, other = (text_to_video(SHAPE, channels=CHANNELS, seed=seed).noisy for seed in (1, 1, 2))

    made = [sample(model, each, asked, replace(PLAIN, solver=Solver.RENEW)) for each in (first, again, other)]

    assert torch.equal(made[0], made[1])
    assert furthest(made[0], made[2]) > 0.1


def test_noise_belongs_to_a_place():
    """A token begins with the same noise whatever is made beside it; elsewhere, in another draw or channel it is another."""
    whole = noise(places(LatentShape(frames=3, height=8, width=8))[None], channels=5, seed=7)
    part = noise(places(LatentShape(frames=1, height=8, width=8), moment=2.0)[None], channels=5, seed=7)
    again = noise(places(LatentShape(frames=1, height=8, width=8), moment=2.0)[None], channels=5, seed=7, draw=1)

    assert torch.equal(part, whole[:, 128:])
    assert furthest(part, again) > 0.1
    assert torch.unique(whole).numel() == whole.numel()


def test_noise_is_normal():
    """A quarter of a million numbers have the moments of a normal distribution, and channels and neighbours no likeness."""
    drawn = noise(places(LatentShape(frames=4, height=64, width=64))[None], channels=16, seed=0)[0].double()

    assert abs(float(drawn.mean())) < 0.01
    assert float(drawn.var()) == pytest.approx(1, abs=0.01)
    assert float((drawn**4).mean()) == pytest.approx(3, abs=0.1)
    assert float((torch.corrcoef(drawn.T) - torch.eye(16)).abs().max()) < 0.05
    assert abs(float((drawn[1:] * drawn[:-1]).mean())) < 0.01


def test_a_stop_between_steps_ends_the_film():
    """Who is told of steps may end it all by raising."""
    told = []

    def on_step(made: int, of: int) -> None:
        told.append((made, of))
        if made == 2:
            raise KeyboardInterrupt

    noisy = text_to_video(SHAPE, channels=CHANNELS, seed=3).noisy
    with pytest.raises(KeyboardInterrupt):
        sample(Growing(), noisy, condition(), PLAIN, on_step=on_step)

    assert told == [(1, 4), (2, 4)]


def test_levels_are_shifted_towards_noise():
    """Shift 3 gives three quarters of noise where half would be; a draft under little noise takes the steps that are left."""
    schedule = even(4, shift=3.0)

    assert shifted(0.5, 3.0) == 0.75
    assert schedule.levels == pytest.approx((1, 0.9, 0.75, 0.5, 0))
    assert schedule.beginning_at(0.8).levels == pytest.approx((0.8, 0.75, 0.5, 0))
    assert few(1.0, 0.5).levels == (1.0, 0.5, 0.0)


@pytest.mark.parametrize("levels", [(1.0, 0.5), (1.0, 1.0, 0.0), (2.0, 0.0), (0.0,), ()])
def test_levels_that_lead_nowhere_are_refused(levels: tuple[float, ...]):
    """They fall, from at most 1 to 0."""
    with pytest.raises(ScheduleError, match="give at least two that fall"):
        Schedule(levels=levels)


def test_two_conditions_of_which_one_is_deaf_are_refused():
    """Guidance needs the same sound in both branches."""
    with pytest.raises(ValueError, match="Only one of two conditions hears something"):
        together(condition(), condition(sound=True))


def test_a_draft_is_begun_from_at_its_own_level():
    """Tokens at level 0.5 are not treated as pure noise: the loop begins at their level."""
    clean = film(2).values_BLC
    begun = pack(torch.zeros(1, CHANNELS, 2, 4, 4), level=0.5)
    told = []

    made = sample(Knowing(clean), begun, condition(), PLAIN, on_step=lambda n, of: told.append((n, of)))

    assert told == [(1, 2), (2, 2)]
    assert furthest(made, clean) < 1e-5
