"""What is remembered of clean tokens is exact, and a row of tokens is a set: order and strangers do not matter."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from plain_pass import plain_pass
from tiny_networks import chance, condition, film, furthest, network

from vitascope.model.denoiser import Condition, Sound, Words
from vitascope.model.sampler import together, twice
from vitascope.model.tokens import Role, Tokens, join, pack
from vitascope.model.training.presets import PRESETS
from vitascope.model.transformer import Transformer, at_moments

CLOSE = 1e-5


def edit(row: Tokens, share: float) -> tuple[Tokens, Tokens, torch.Tensor]:
    """Some tokens of the row at a noise level, the clean rest, and the places of the former after the latter."""
    order = torch.randperm(row.count, generator=chance(7))
    count = int(row.count * share)
    noisy, clean = row.take(order[:count]), row.take(order[count:])
    return noisy.at(noisy.values_BLC, torch.full_like(noisy.level_BL, 0.6)), clean, order


@pytest.mark.parametrize("share", [0.1, 0.5])
@torch.no_grad()
def test_an_edit_over_what_is_remembered_is_the_full_pass(share: float):
    """Remembering the clean tokens and asking for the noisy ones gives what one pass over all gives, in which clean tokens
    see no noisy ones, and neither read the words nor hear the sound."""
    model, asked = network(), condition(sound=True)
    noisy, clean, _ = edit(film(), share)

    velocity = model.velocity(noisy, asked, model.remember(clean, asked))

    row, first = join([clean, noisy]), clean.count
    mask = torch.ones(row.count, row.count, dtype=torch.bool)
    mask[:first, first:] = False
    expected = plain_pass(model, row, asked, torch.arange(row.count) >= first, mask)[:, first:]
    assert expected.std() > 0.1
    assert furthest(velocity, expected) < CLOSE


@torch.no_grad()
def test_what_is_remembered_later_joins_what_was_remembered_before():
    """Clean tokens in two portions, of which the later sees the earlier, are one pass with a mask in steps."""
    model, asked = network(), condition()
    first, second, third = film(1, seed=1), film(1, seed=2), film(1, level=0.8, seed=3)
    second, third = (at_moment(row, n) for row, n in ((second, 1), (third, 2)))

    one = model.remember(first, asked)
    both = one.joined(model.remember(second, asked, one))
    velocity = model.velocity(third, asked, both)

    row, block = join([first, second, third]), torch.arange(48) // 16
    expected = plain_pass(model, row, asked, block == 2, block[:, None] >= block[None, :])
    assert furthest(velocity, expected[:, 32:]) < CLOSE


def at_moment(row: Tokens, moment: float) -> Tokens:
    place = row.place_BL3 + torch.tensor([moment, 0.0, 0.0])
    return Tokens(values_BLC=row.values_BLC, place_BL3=place, level_BL=row.level_BL, role_BL=row.role_BL)


@torch.no_grad()
def test_a_row_is_a_set():
    """Tokens in another order get the same velocities in that order, and what is remembered may be in any order too."""
    model, asked = network(), condition(sound=True)
    noisy, clean, _ = edit(film(), 0.4)
    mixed, shuffled = (torch.randperm(n, generator=chance(n)) for n in (noisy.count, clean.count))
    memory = model.remember(clean, asked)

    velocity = model.velocity(noisy.take(mixed), asked, model.remember(clean.take(shuffled), asked))

    assert furthest(velocity, model.velocity(noisy, asked, memory)[:, mixed]) < CLOSE
    assert furthest(velocity, model.velocity(noisy.take(mixed), asked, memory.take(shuffled))) < CLOSE


@torch.no_grad()
def test_a_draft_is_taken_in_where_it_is():
    """It enters with the tokens that have one, in whatever order; rows of a guided batch have it both times."""
    model, asked = network(), condition()
    row = film(level=0.7)
    drafted = replace(row, draft_BLC=torch.randn(row.values_BLC.shape, generator=chance(3)))
    mixed = torch.randperm(row.count, generator=chance(4))

    velocity = model.velocity(drafted, asked)

    assert furthest(velocity, model.velocity(row, asked)) > 0.01
    assert furthest(model.velocity(drafted.take(mixed), asked), velocity[:, mixed]) < CLOSE
    assert furthest(model.velocity(twice(drafted), together(asked, asked))[1:], velocity) < CLOSE


@torch.no_grad()
def test_only_distances_matter():
    """A film that stands elsewhere in time and space is made the same, where no sound tells the time."""
    model, asked = network(), condition()
    here = film(level=0.7)
    place = here.place_BL3 + torch.tensor([2.0, -3.0, 0.5])
    there = Tokens(values_BLC=here.values_BLC, place_BL3=place, level_BL=here.level_BL, role_BL=here.role_BL)

    assert furthest(model.velocity(here, asked), model.velocity(there, asked)) < CLOSE


@torch.no_grad()
def test_words_in_one_row_do_not_reach_another():
    """A batch is rows that know nothing of each other, and words that are not there are not read."""
    model = network()
    row = film(batch=2, level=0.3)
    values = torch.randn(2, 5, 10, generator=chance(1))
    present = torch.tensor([[True] * 5, [True, True, False, False, False]])

    both = model.velocity(row, Condition(words=Words(values_BSD=values, present_BS=present)))

    short = Words(values_BSD=values[1:, :2], present_BS=present[1:, :2])
    alone = Tokens(
        values_BLC=row.values_BLC[1:], place_BL3=row.place_BL3[1:], level_BL=row.level_BL[1:], role_BL=row.role_BL[1:]
    )
    assert furthest(both[1:], model.velocity(alone, Condition(words=short))) < CLOSE


@torch.no_grad()
def test_words_that_were_read_before_are_not_read_again():
    """A condition that the network has read gives the same velocities, whatever becomes of the words themselves."""
    model, asked = network(), condition()
    row = film(level=0.5)

    read = model.read(asked)

    assert model.read(read) is read
    lost = Words(values_BSD=torch.zeros(1, 4, 10), present_BS=asked.words.present_BS, read=read.words.read)
    assert torch.equal(model.velocity(row, asked), model.velocity(row, Condition(words=lost)))


@torch.no_grad()
def test_what_is_remembered_does_not_depend_on_what_is_asked():
    """One memory serves every instruction and every sound; that of a network whose clean tokens read does not."""
    clean = film()
    quiet, loud = condition(seed=2), condition(seed=5, sound=True)
    deaf, open_minded = network(), network(context_reads=True)

    assert torch.equal(deaf.remember(clean, quiet).keys[1], deaf.remember(clean, loud).keys[1])
    assert furthest(open_minded.remember(clean, quiet).keys[1], open_minded.remember(clean, loud).keys[1]) > 0.01


@torch.no_grad()
def test_one_memory_serves_a_batch():
    """What is remembered in one row is seen by as many rows as there are."""
    model, asked = network(), condition(batch=2)
    noisy, clean, _ = edit(film(), 0.3)
    twice = Tokens(
        values_BLC=noisy.values_BLC.expand(2, -1, -1),
        place_BL3=noisy.place_BL3.expand(2, -1, -1),
        level_BL=noisy.level_BL.expand(2, -1),
        role_BL=noisy.role_BL.expand(2, -1),
    )

    velocity = model.velocity(twice, asked, model.remember(clean, asked))

    for n in range(2):
        words = Words(values_BSD=asked.words.values_BSD[n : n + 1], present_BS=asked.words.present_BS[n : n + 1])
        alone = model.velocity(noisy, Condition(words=words), model.remember(clean, asked))
        assert furthest(velocity[n : n + 1], alone) < CLOSE


def test_gradients_reach_every_weight_through_both_calls():
    """Remembering and asking is training, too: no weight is left out."""
    model, asked = network().train(), condition(sound=True)
    noisy, clean, _ = edit(film(), 0.5)
    noisy = replace(noisy, draft_BLC=torch.ones_like(noisy.values_BLC))

    model.velocity(noisy, asked, model.remember(clean, asked)).square().mean().backward()

    assert [name for name, weight in model.named_parameters() if weight.grad is None or not weight.grad.any()] == []


@torch.no_grad()
def test_sound_between_two_moments_is_in_proportion():
    """A token hears its moment; before the first and after the last known one it hears these."""
    sound = Sound(values_BMF=torch.tensor([[[0.0], [10.0], [30.0]]]), moment_M=torch.tensor([1.0, 2.0, 4.0]))

    heard = at_moments(sound, torch.tensor([[0.0, 1.0, 1.5, 3.0, 9.0]]))

    assert heard[0, :, 0].tolist() == [0, 0, 5, 20, 30]


@torch.no_grad()
def test_roles_and_sound_change_what_is_made():
    """The same patch as a part of the film, as a picture of who is to be seen, and while something is heard is not the same."""
    model, quiet, loud = network(), condition(), condition(sound=True)
    noisy, _, _ = edit(film(), 0.5)
    latent = torch.randn(1, 6, 1, 2, 2, generator=chance(9))

    plain = model.velocity(noisy, quiet, model.remember(pack(latent), quiet))
    as_reference = model.velocity(noisy, quiet, model.remember(pack(latent, role=Role.REFERENCE), quiet))

    assert furthest(plain, as_reference) > 0.01
    assert furthest(model.velocity(noisy, quiet), model.velocity(noisy, loud)) > 0.01


@torch.no_grad()
def test_a_fresh_network_says_nothing():
    """Training begins from velocity 0."""
    fresh = Transformer(network().config)

    assert not fresh.velocity(film(level=1.0), condition()).any()


@pytest.mark.parametrize(("preset", "millions"), [("small", 4), ("base", 53)])
def test_presets_have_the_size_that_they_say(preset: str, millions: int):
    """A processor trains four million weights, a GPU fifty-three."""
    with torch.device("meta"):
        model = Transformer(PRESETS[preset](0).network(["a red ball"]).transformer)

    assert round(sum(weight.numel() for weight in model.parameters()) / 1e6) == millions
