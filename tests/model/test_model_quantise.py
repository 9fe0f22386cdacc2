"""Fewer bits, nearly the same film; a machine that cannot says so."""

from __future__ import annotations

import pytest
import torch
from tiny_networks import chance, condition, film, furthest, network
from torch import Tensor, nn

from vitascope.model.quantise import Int8Linear, PrecisionError, bf16, fp8, int8
from vitascope.model.transformer import Transformer


@torch.no_grad()
def test_a_linear_layer_of_8_bits_is_near():
    """Within a hundredth, also for a token a thousand times as large as the others, and for one of zeros."""
    linear = nn.Linear(96, 64)
    x = torch.randn(1, 9, 96, generator=chance(1))
    x[0, 0], x[0, 1] = x[0, 0] * 1000, 0

    found, expected = Int8Linear(linear)(x), linear(x)

    assert (off(found[0], expected[0]) < 0.02).all()
    assert furthest(found[0, 1], linear.bias) < 1e-6


def off(found: Tensor, expected: Tensor) -> Tensor:
    """Relative to the size of each token."""
    return (found - expected).norm(dim=-1) / expected.norm(dim=-1)


@pytest.mark.parametrize(("precision", "bound"), [(int8, 0.05), (bf16, 0.05)])
@torch.no_grad()
def test_a_network_of_fewer_bits_is_near(precision, bound: float):
    """Remembering and asking give nearly the same velocity, as float32, and the network that was given is as it was."""
    exact, asked = network(), condition(sound=True)
    before = exact.state_dict()["blocks.0.hidden.weight"].clone()
    noisy, clean = film(2, level=0.6), film(1, seed=4)

    other = precision(exact)

    velocity = other.velocity(noisy, asked, other.remember(clean, asked))
    expected = exact.velocity(noisy, asked, exact.remember(clean, asked))
    assert velocity.dtype == torch.float32
    assert 0 < float((velocity - expected).norm() / expected.norm()) < bound
    assert torch.equal(exact.state_dict()["blocks.0.hidden.weight"], before)


def test_what_steers_by_noise_levels_stays_exact():
    """Weights are of 16 bits, those that noise levels pass through of 32."""
    types = {name: weight.dtype for name, weight in bf16(network()).named_parameters()}

    assert types["blocks.0.hidden.weight"] == types["patch.weight"] == torch.bfloat16
    assert types["level.first.weight"] == types["blocks.1.table_6D"] == types["table_2D"] == torch.float32


def test_8_bit_floats_need_a_gpu():
    """One sentence says what is needed and what to use instead."""
    with pytest.raises(PrecisionError, match="use bf16, or int8 on a processor"):
        fp8(Transformer(network().config))
