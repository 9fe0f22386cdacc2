"""Open weights answer through our network what they answer through the library that published them, on small random weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
import torch
import torch.nn.functional as F
from einops import rearrange
from tiny_networks import chance, furthest
from tiny_wan import BOUNDARY, LATENTS, Checkpoint
from torch import Tensor

from vitascope.model.attention import Plan
from vitascope.model.denoiser import Condition, Denoiser, Words
from vitascope.model.open.folder import open_folder
from vitascope.model.open.latents import fold, unfold
from vitascope.model.open.network import Given, OpenDenoiser, Staged
from vitascope.model.open.weights import load_network
from vitascope.model.shapes import LatentShape
from vitascope.model.tokens import pack, unpack

Wan = Callable[[str], Checkpoint]
SHAPE = LatentShape(frames=3, height=2, width=3)
LINE = 512
"""Words in a line, as the library takes for granted beside pictures."""


NOTHING = Given()


def latent(channels: int, *, seed: int, batch: int = 1) -> Tensor:
    """A compressed film of chance, before it is folded."""
    return torch.randn(batch, channels, SHAPE.frames, 2 * SHAPE.height, 2 * SHAPE.width, generator=chance(seed))


def words(*, batch: int = 1) -> Condition:
    values = torch.randn(batch, LINE, 16, generator=chance(4))
    return Condition(words=Words(values_BSD=values, present_BS=torch.ones(batch, LINE, dtype=torch.bool)))


def loaded(checkpoint: Checkpoint, given: Given = NOTHING, part: str = "transformer") -> OpenDenoiser:
    """What our loader makes of the files that the library wrote."""
    return load_network(open_folder(checkpoint.folder), part, dtype=torch.float32).denoiser(given)


def asked(denoiser: Denoiser, noisy: Tensor, level_BL: Tensor) -> Tensor:
    """The velocity (B, C, T, H, W) of all tokens."""
    tokens = pack(fold(noisy))
    velocity = denoiser.velocity(tokens.at(tokens.values_BLC, level_BL), words(batch=len(noisy)))
    return unfold(unpack(velocity, SHAPE))


def one(level: float, batch: int = 1) -> Tensor:
    return torch.full((1, 1), level).expand(batch, SHAPE.tokens)


@torch.no_grad()
def test_text_to_video_is_theirs(wan: Wan):
    """Same weights, film, words and noise: same velocity."""
    checkpoint, noisy = wan("text"), latent(LATENTS, seed=1, batch=2)

    velocity = asked(loaded(checkpoint), noisy, one(0.4, 2))

    text = words(batch=2).words.values_BSD
    theirs = checkpoint.pipeline.transformer(noisy, torch.full((2,), 400.0), text, return_dict=False)[0]
    assert theirs.std() > 0.1
    assert furthest(velocity, theirs) < 1e-5


@torch.no_grad()
def test_each_token_has_its_own_noise_level(wan: Wan):
    """As Wan 2.2's 5B holds the first frame clean among noisy ones."""
    checkpoint, noisy = wan("tokens"), latent(LATENTS, seed=1)
    level_BL = torch.rand(1, SHAPE.tokens, generator=chance(2))

    velocity = asked(loaded(checkpoint), noisy, level_BL)

    theirs = checkpoint.pipeline.transformer(noisy, 1000 * level_BL, words().words.values_BSD, return_dict=False)[0]
    assert furthest(velocity, theirs) < 1e-5


@torch.no_grad()
def test_a_held_frame_is_seen_and_sees(wan: Wan):
    """The first frame is given clean, and the velocity of the others is that of a pass through all."""
    checkpoint, noisy = wan("tokens"), latent(LATENTS, seed=1)
    row = pack(fold(noisy))
    first = torch.arange(SHAPE.height * SHAPE.width)
    rest = torch.arange(len(first), SHAPE.tokens)
    level_BL = torch.where(torch.arange(SHAPE.tokens) < len(first), 0.0, 0.6)[None]

    denoiser = loaded(checkpoint, Given(held=row.take(first)))
    velocity = denoiser.velocity(row.at(row.values_BLC, level_BL).take(rest), words())

    theirs = checkpoint.pipeline.transformer(noisy, 1000 * level_BL, words().words.values_BSD, return_dict=False)[0]
    assert furthest(velocity, pack(fold(theirs)).values_BLC[:, rest]) < 1e-5


@torch.no_grad()
@pytest.mark.parametrize("kind", ["picture", "looking"])
def test_picture_to_video_is_theirs(wan: Wan, kind: str):
    """A clean film lies beside the noise; 2.1 also looks at the picture by its vectors."""
    checkpoint, noisy, beside = wan(kind), latent(LATENTS, seed=1), latent(LATENTS + 4, seed=2)
    picture = torch.randn(1, 5, 20, generator=chance(3)) if kind == "looking" else None

    denoiser = loaded(checkpoint, Given(beside_BCTHW=fold(beside), picture_BPD=picture))
    velocity = asked(denoiser, noisy, one(0.4))

    both = torch.cat([noisy, beside], dim=1)
    text = words().words.values_BSD
    theirs = checkpoint.pipeline.transformer(both, torch.tensor([400.0]), text, picture, return_dict=False)[0]
    assert furthest(velocity, theirs) < 1e-5


@torch.no_grad()
def test_a_draft_leads_as_theirs_does(wan: Wan):
    """The branch of VACE reads the draft and adds to some layers, as much as it is told to."""
    checkpoint, noisy, draft = wan("draft"), latent(LATENTS, seed=1), latent(2 * LATENTS + 64, seed=2)

    denoiser = loaded(checkpoint, Given(draft_BCTHW=fold(draft), strength=0.7))
    velocity = asked(denoiser, noisy, one(0.4))

    theirs = checkpoint.pipeline.transformer(
        noisy, torch.tensor([400.0]), words().words.values_BSD, None, draft, torch.tensor([0.7, 0.7]), return_dict=False
    )[0]
    free = asked(denoiser.network.denoiser(Given()), noisy, one(0.4))
    assert furthest(velocity, theirs) < 1e-5
    assert furthest(velocity, free) > 0.01


@torch.no_grad()
def test_two_networks_share_the_work_by_noise(wan: Wan):
    """Above the boundary the first is asked, below it the second."""
    checkpoint, noisy = wan("two"), latent(LATENTS, seed=1)
    high, low = (loaded(checkpoint, part=part) for part in ("transformer", "transformer_2"))
    staged = Staged(high, low, boundary=BOUNDARY)

    text = words().words.values_BSD
    for level, network in ((0.7, checkpoint.pipeline.transformer), (0.69, checkpoint.pipeline.transformer_2)):
        theirs = network(noisy, torch.tensor([1000 * level]), text, return_dict=False)[0]
        assert furthest(asked(staged, noisy, one(level)), theirs) < 1e-5


@torch.no_grad()
def test_any_tokens_may_be_asked_for(wan: Wan):
    """A part of the tokens, in any order, is answered as their layers answer it alone; what lies beside goes by its place."""
    checkpoint, noisy, beside = wan("picture"), latent(LATENTS, seed=1), latent(LATENTS + 4, seed=2)
    some = torch.tensor([11, 2, 5, 16])

    row = pack(fold(noisy), level=0.4).take(some)
    velocity = loaded(checkpoint, Given(beside_BCTHW=fold(beside))).velocity(row, words())

    their = checkpoint.pipeline.transformer
    both = torch.cat([noisy, beside], dim=1)
    x = their.patch_embedding(both).flatten(2).transpose(1, 2)[:, some]
    turn = tuple(each[:, some] for each in their.rope(both))
    level, steer, text, _ = their.condition_embedder(torch.tensor([400.0]), words().words.values_BSD)
    for block in their.blocks:
        x = block(x, text, steer.unflatten(1, (6, -1)), turn)
    shift, scale = (their.scale_shift_table + level[:, None]).chunk(2, dim=1)
    answer = their.proj_out(their.norm_out(x) * (1 + scale) + shift)
    assert furthest(velocity, rearrange(answer, "b l (p q c) -> b l (c p q)", p=2, q=2)) < 1e-5


class Blind:
    """Clean tokens, those before `count`, see clean ones alone."""

    def __init__(self, count: int) -> None:
        self._count = count

    def plan(self, place_BL3: Tensor, seen_BK3: Sequence[Tensor]) -> Plan:
        clean_L = torch.arange(place_BL3.shape[1]) < self._count
        allowed_LL = clean_L | ~clean_L[:, None]
        return lambda query, parts: F.scaled_dot_product_attention(query, *parts[0], attn_mask=allowed_LL)


@torch.no_grad()
@pytest.mark.parametrize("kind", ["text", "looking", "draft"])
def test_what_is_remembered_is_what_context_was(wan: Wan, kind: str):
    """To remember clean tokens and then ask for noisy ones is one pass in which the clean ones do not see the noise."""
    given = Given(
        beside_BCTHW=fold(latent(LATENTS + 4, seed=2)) if kind == "looking" else None,
        picture_BPD=torch.randn(1, 5, 20, generator=chance(3)) if kind == "looking" else None,
        draft_BCTHW=fold(latent(2 * LATENTS + 64, seed=2)) if kind == "draft" else None,
    )
    denoiser = loaded(wan(kind), given)
    row = pack(fold(latent(LATENTS, seed=1)))
    level_BL = torch.where(torch.arange(SHAPE.tokens) < 12, 0.0, 0.8)[None]
    row = row.at(row.values_BLC, level_BL)
    context, noisy = row.take(torch.arange(12)), row.take(torch.arange(12, SHAPE.tokens))

    found = denoiser.velocity(noisy, words(), denoiser.remember(context, words()))

    denoiser.network.film.attention = Blind(12)
    at_once = denoiser.velocity(row, words())
    assert furthest(found, at_once[:, 12:]) < 1e-5


@torch.no_grad()
def test_two_networks_remember_apart(wan: Wan):
    """What both remember is handed to each as its own."""
    checkpoint = wan("two")
    high, low = (loaded(checkpoint, part=part) for part in ("transformer", "transformer_2"))
    staged = Staged(high, low, boundary=BOUNDARY)
    row = pack(fold(latent(LATENTS, seed=1)))
    context, noisy = row.take(torch.arange(12)), row.take(torch.arange(12, 18))

    read, memory = staged.read(words()), staged.remember(context, words())

    for level, own in ((0.9, high), (0.2, low)):
        noise = noisy.at(noisy.values_BLC, torch.full((1, 6), level))
        alone = own.velocity(noise, words(), own.remember(context, words()))
        assert torch.equal(staged.velocity(noise, read, memory), alone)
