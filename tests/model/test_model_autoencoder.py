"""Clips are compressed and come back; a part by itself has the same bits as the whole, and nothing sees what comes later."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.model.autoencoder import Autoencoder, AutoencoderConfig, Box, small, tiny
from vitascope.model.shapes import LatentShape, ShapeError

SIZE = LatentShape(frames=5, height=7, width=9)


def network(config: AutoencoderConfig) -> Autoencoder:
    """One whose every weight counts; a fresh one has zeros in it."""
    made = Autoencoder(config)
    chance = torch.Generator().manual_seed(7)
    for each in made.parameters():
        each.data = torch.randn(each.shape, generator=chance) * each.shape[-1] ** -0.5
    return made.eval().requires_grad_(False)


AUTOENCODER = network(tiny())
PIXELS = AUTOENCODER.config.stride.pixels(SIZE)
CLIP = torch.rand(1, 3, PIXELS.frames, PIXELS.height, PIXELS.width, generator=torch.Generator().manual_seed(1))
with torch.no_grad():
    LATENT = AUTOENCODER.encode(CLIP)
    FRAMES = AUTOENCODER.decode(LATENT)


def spans(length: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, length - 1), st.integers(1, length)).filter(lambda span: span[0] < span[1])


boxes = st.builds(Box, moments=spans(SIZE.frames), rows=spans(SIZE.height), columns=spans(SIZE.width))


def frames_of(clip: torch.Tensor, box: Box) -> torch.Tensor:
    """Pixels of a box: moment 0 has one frame, each later one four."""
    begin = 0 if box.moments[0] == 0 else box.moments[0] * 4 - 3
    rows, columns = (slice(16 * a, 16 * b) for a, b in (box.rows, box.columns))
    return clip[:, :, begin : box.moments[1] * 4 - 3, rows, columns]


def latents_of(latent: torch.Tensor, box: Box) -> torch.Tensor:
    return latent[:, :, slice(*box.moments), slice(*box.rows), slice(*box.columns)]


def test_sizes_are_those_of_the_stride():
    """16 x 16 pixels share a patch; the first frame stands alone, then four share one."""
    assert LATENT.shape == (1, 8, 5, 7, 9)
    assert FRAMES.shape == CLIP.shape == (1, 3, 17, 112, 144)


@settings(max_examples=40)
@given(boxes)
def test_a_box_is_decoded_as_the_whole(box: Box):
    """Any box of any moments has the very bits that it has in the whole clip."""
    with torch.no_grad():
        assert torch.equal(AUTOENCODER.decode_box(LATENT, box), frames_of(FRAMES, box))


def test_a_box_of_the_small_network_is_decoded_as_the_whole():
    """Wide layers are multiplied in other ways than narrow ones: one patch by itself, and a box, have the bits of the whole."""
    autoencoder = network(small())
    latent = torch.randn(1, 32, 3, 7, 9, generator=torch.Generator().manual_seed(2))
    one = Box(moments=(2, 3), rows=(0, 1), columns=(8, 9))
    some = Box(moments=(0, 2), rows=(3, 6), columns=(1, 4))

    with torch.no_grad():
        frames = autoencoder.decode(latent)

        assert torch.equal(autoencoder.decode_box(latent, one), frames_of(frames, one))
        assert torch.equal(autoencoder.decode_box(latent, some), frames_of(frames, some))


@settings(max_examples=25)
@given(boxes)
def test_a_box_is_encoded_as_the_whole(box: Box):
    """So that a retouched place is compressed without the rest of the picture."""
    with torch.no_grad():
        assert torch.equal(AUTOENCODER.encode_box(CLIP, box), latents_of(LATENT, box))


@settings(max_examples=15)
@given(st.lists(st.integers(1, SIZE.frames - 1), unique=True).map(sorted))
def test_stretches_one_after_the_other_are_the_whole(cuts: list[int]):
    """What a stretch leaves for the next is all that it needs: a stream has the bits of the film."""
    latents, frames, before_in, before_out = [], [], None, None
    with torch.no_grad():
        for begin, end in zip([0, *cuts], [*cuts, SIZE.frames], strict=True):
            part = CLIP[:, :, max(0, begin * 4 - 3) : end * 4 - 3]
            latent, before_in = AUTOENCODER.encode_next(part, before_in)
            some, before_out = AUTOENCODER.decode_next(latent, before_out)
            latents.append(latent)
            frames.append(some)

    assert torch.equal(torch.cat(latents, dim=2), LATENT)
    assert torch.equal(torch.cat(frames, dim=2), FRAMES)


@pytest.mark.parametrize("moment", range(SIZE.frames))
def test_nothing_sees_what_comes_later(moment: int):
    """Other pixels from some moment on change no earlier latent; other latents no earlier frame."""
    clip, latent = CLIP.clone(), LATENT.clone()
    clip[:, :, max(0, moment * 4 - 3) :] = 0
    latent[:, :, moment:] = 0

    with torch.no_grad():
        same_latents = AUTOENCODER.encode(clip)[:, :, :moment] == LATENT[:, :, :moment]
        same_frames = AUTOENCODER.decode(latent) == FRAMES

    assert bool(same_latents.all())
    assert [bool(each.all()) for each in same_frames.unbind(2)].count(True) == max(0, moment * 4 - 3)


def test_the_halo_is_no_wider_than_it_must_be():
    """A change reaches as far as the halo says, and no further."""
    changed = LATENT.clone()
    changed[:, :, 1, 3, 4] += 1

    with torch.no_grad():
        other = (AUTOENCODER.decode(changed) != FRAMES).any(dim=1)[0]

    halo = AUTOENCODER.halo
    frames, rows, columns = (each.unique() for each in other.nonzero(as_tuple=True))
    assert (frames.min() + 3) // 4 == 1
    assert (frames.max() + 3) // 4 == 1 + halo.moments
    assert rows.min() // 16 == 3 - halo.sides
    assert rows.max() // 16 == 3 + halo.sides
    assert columns.min() // 16 == 4 - halo.sides
    assert columns.max() // 16 == 4 + halo.sides


def test_training_and_using_are_the_same_network():
    """With gradients the library's own layers run; they differ by rounding alone."""
    trained = network(tiny()).requires_grad_(True)

    latent = trained.encode(CLIP)

    assert torch.allclose(latent, LATENT, atol=1e-4)
    assert torch.allclose(trained.decode(LATENT), FRAMES, atol=1e-4)


@pytest.mark.parametrize(
    ("size", "advice"),
    [((1, 3, 16, 64, 64), "Use 13 or 17."), ((1, 3, 17, 72, 64), "Use 64 or 80.")],
)
def test_what_makes_no_whole_patches_is_refused(size: tuple[int, ...], advice: str):
    """One sentence names the nearest sizes."""
    with pytest.raises(ShapeError) as told:
        AUTOENCODER.encode(torch.zeros(size))

    assert str(told.value).endswith(advice)


def test_going_on_takes_whole_moments():
    """After the first frames, four more at a time."""
    with torch.no_grad():
        _, before = AUTOENCODER.encode_next(CLIP[:, :, :1], None)

    with pytest.raises(ShapeError, match="3 frames were given to go on with; 4 share a patch"):
        AUTOENCODER.encode_next(CLIP[:, :, 1:4], before)


@pytest.mark.parametrize("wrong", [{"rows": (3, 3)}, {"columns": (0, 10)}, {"moments": (-1, 2)}])
def test_a_box_lies_within_the_clip(wrong: dict[str, Any]):
    """One that is empty or reaches out is refused."""
    spans = {"moments": (0, 5), "rows": (0, 7), "columns": (0, 9)} | wrong

    with pytest.raises(ValueError, match=f"The box has the {next(iter(wrong))}"):
        AUTOENCODER.decode_box(LATENT, Box(**spans))
