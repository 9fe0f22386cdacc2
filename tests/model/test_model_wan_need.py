"""The memory of a film is a count of what is held at once, so it is counted again here on a network of the real size."""

from __future__ import annotations

import weakref
from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

from vitascope.model.denoiser import Condition, ReadWords, Words
from vitascope.model.open.cost import step_operations
from vitascope.model.open.folder import open_folder
from vitascope.model.open.names import config_of
from vitascope.model.open.need import Use, need_of, need_of_folder, shape_of
from vitascope.model.open.network import Given, OpenNetwork
from vitascope.model.open.weights import load_network
from vitascope.model.sampler import Guidance, recall
from vitascope.model.shapes import LatentShape, PixelShape, Stride
from vitascope.model.tokens import Tokens, pack

LATENT = LatentShape(frames=3, height=30, width=52)
STRIDE = Stride(time=4, height=16, width=16)
SETTINGS = {
    "_class_name": "WanTransformer3DModel", "num_attention_heads": 12, "attention_head_dim": 128, "ffn_dim": 8960,
    "num_layers": 2, "in_channels": 16, "out_channels": 16, "text_dim": 4096, "freq_dim": 256,
}  # fmt: skip
DRAFT = {"_class_name": "WanVACETransformer3DModel", "vace_layers": [0, 1], "vace_in_channels": 96}


class Held(TorchDispatchMode):
    """Counts the bytes of all tensors that live at once; tensors here have sizes and no numbers."""

    def __init__(self, before: list[Tensor]) -> None:
        super().__init__()
        self._known = weakref.WeakKeyDictionary({each.untyped_storage(): True for each in before})
        self._now = 0
        self.most = 0

    def __torch_dispatch__(
        self, operation: Callable, types: object, args: tuple = (), kwargs: dict | None = None
    ) -> object:
        made = operation(*args, **(kwargs or {}))
        for each in tree_leaves(made):
            if isinstance(each, Tensor) and each.untyped_storage() not in self._known:
                storage = each.untyped_storage()
                self._known[storage] = True
                self._now += storage.nbytes()
                self.most = max(self.most, self._now)
                weakref.finalize(storage, self._let_go, storage.nbytes())
        return made

    def _let_go(self, count: int) -> None:
        self._now -= count


def counted(settings: dict) -> int:
    """Bytes that one step of a guided film holds beside the weights and the words."""
    config = config_of(settings)
    level = torch.full((1, 1), 0.5)
    with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
        torch.set_default_dtype(torch.bfloat16)
        network = OpenNetwork(config)
        torch.set_default_dtype(torch.float32)
        for parameter in network.film.level.parameters():
            parameter.data = parameter.data.float()
        row = pack(torch.empty(1, config.film.channels_in, LATENT.frames, LATENT.height, LATENT.width))
        noisy = Tokens(
            values_BLC=row.values_BLC.repeat(2, 1, 1),
            place_BL3=row.place_BL3.expand(2, -1, -1),
            level_BL=level.expand(2, row.count),
            role_BL=row.role_BL.expand(2, -1),
        )
        read = torch.empty(2, 12, 512, 128, dtype=torch.bfloat16)
        layers = ((read, read),) * (config.film.layers + len(config.draft_layers))
        words = Words(values_BSD=read, present_BS=read, read=ReadWords(layers=layers, mask_B11S=None))
        draft = torch.empty(1, 384, LATENT.frames, LATENT.height, LATENT.width) if config.draft_layers else None
        held = Held([*network.parameters(), read, noisy.values_BLC, *([] if draft is None else [draft])])
        denoiser = network.denoiser(Given(draft_BCTHW=draft))
        with held:
            denoiser.velocity(noisy, Condition(words=words))
    return held.most


@pytest.mark.parametrize("settings", [SETTINGS, {**SETTINGS, **DRAFT}], ids=["words", "draft"])
def test_a_step_holds_what_is_reckoned(settings: dict):
    """Never less is reckoned than is held, and not much more."""
    use = Use(pixels=STRIDE.pixels(LATENT), stride=STRIDE, follows="vace_layers" in settings)
    alone = need_of({"transformer": 0, "vae": 0}, shape_of({**settings, "num_layers": 0}), use)

    assert counted(settings) < alone.steps < 1.2 * counted(settings)


def test_what_is_remembered_is_reckoned(wan: Callable):
    """Keys and values of tokens that stay, in all layers and in the branch that follows a draft, twice because of guidance."""
    folder = open_folder(wan("draft").folder)
    pixels = PixelShape(frames=9, height=32, width=48)
    draft = torch.zeros(1, 4 * (2 * 4 + 64), 3, 2, 3)
    denoiser = load_network(folder, dtype=torch.float32).denoiser(Given(draft_BCTHW=draft))
    words = Words(values_BSD=torch.zeros(1, 512, 16), present_BS=torch.ones(1, 512, dtype=torch.bool))
    guidance = Guidance(scale=5.0, without=Condition(words=words))

    memory = recall(denoiser, pack(torch.zeros(1, 16, 3, 2, 3)), Condition(words=words), guidance)

    held = sum(each.nbytes for each in (*memory.keys, *memory.values))
    plain, with_it = (
        need_of_folder(folder, pixels, number=4, guided=True, remembered=count).steps for count in (0, 18)
    )
    assert (with_it - plain) / 1.1 == pytest.approx(held, rel=1e-3)


@pytest.mark.parametrize("kind", ["text", "draft"])
def test_operations_of_a_step_are_those_that_are_counted(wan: Callable, kind: str):
    """To a tenth: noise levels, patches and answers are left out."""
    folder = open_folder(wan(kind).folder)
    settings, latent = folder.settings["transformer"], LatentShape(frames=5, height=8, width=8)
    draft = torch.zeros(1, 4 * (2 * 4 + 64), 5, 8, 8) if kind == "draft" else None
    denoiser = load_network(folder, dtype=torch.float32).denoiser(Given(draft_BCTHW=draft))
    words = Words(values_BSD=torch.zeros(1, 512, 16), present_BS=torch.ones(1, 512, dtype=torch.bool))
    told = denoiser.read(Condition(words=words))
    row = pack(torch.zeros(1, 16, 5, 8, 8), level=0.5)

    with FlopCounterMode(display=False) as counted, sdpa_kernel(SDPBackend.MATH), torch.no_grad():
        denoiser.velocity(row, told)

    assert step_operations(settings, latent) == pytest.approx(counted.get_total_flops(), rel=0.1)
