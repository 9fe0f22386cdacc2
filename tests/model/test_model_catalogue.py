"""Open weights that are known: their figures are true, and those under other licences are named and not taken."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel, WanVACETransformer3DModel
from transformers import CLIPVisionConfig, CLIPVisionModel, UMT5Config, UMT5EncoderModel

from vitascope.model.catalogue import ABILITIES, WeightsError, known, named, others, weights
from vitascope.model.open.need import FIVE_SECONDS, check_memory, usual_need


def counted(name: str, part: str) -> int:
    """Parameters of the library's network with the published settings."""
    shape = weights()[name].shape
    settings = {"num_attention_heads": shape.heads, "ffn_dim": shape.hidden, "num_layers": shape.layers}
    with torch.device("meta"):
        if part == "text_encoder":
            network = UMT5EncoderModel(
                UMT5Config(vocab_size=256384, d_model=4096, d_ff=10240, num_layers=24, num_heads=64)
            )
        elif part == "image_encoder":
            network = CLIPVisionModel(
                CLIPVisionConfig(
                    hidden_size=1280, intermediate_size=5120, num_attention_heads=16, num_hidden_layers=32, patch_size=14
                )
            )  # fmt: skip
        elif part == "vae" and shape.channels == 48:
            network = AutoencoderKLWan(
                base_dim=160, decoder_base_dim=256, z_dim=48, is_residual=True, in_channels=12, out_channels=12, patch_size=2
            )  # fmt: skip
        elif part == "vae":
            network = AutoencoderKLWan()
        elif "vace" in name:
            layers = list(range(0, shape.layers, 2 if shape.layers == 30 else 5))
            network = WanVACETransformer3DModel(**settings, vace_layers=layers)
        else:
            pictures = {"in_channels": 36} if ("i2v" in name and "ti2v" not in name) or "flf2v" in name else {}
            looks = {"image_dim": 1280, "added_kv_proj_dim": 5120} if pictures and "2.1" in name else {}
            between = {"pos_embed_seq_len": 514} if "flf2v" in name else {}
            sides = {"in_channels": shape.channels, "out_channels": shape.channels}
            network = WanTransformer3DModel(**{**sides, **pictures}, **settings, **looks, **between)
    return sum(parameter.numel() for parameter in network.parameters())


@pytest.mark.parametrize("name", weights())
def test_parameters_are_those_of_the_networks(name: str):
    """Each part is as large as the network that its settings make; the encoders are the same everywhere."""
    for part, numbers in weights()[name].parts.items():
        same = part.endswith("encoder") and name != "wan2.1-i2v-14b-480p"
        expected = weights()["wan2.1-i2v-14b-480p"].parts[part].parameters if same else counted(name, part)
        assert numbers.parameters == expected, part


def test_each_entry_says_what_it_is_for():
    """Abilities are words that are known, sizes are of weights that exist, and what was seen is a part."""
    for each in weights().values():
        assert each.does[0] == "text"
        assert set(each.does) <= set(ABILITIES)
        assert set(each.seen) <= set(each.parts)
        assert each.licence.title == "Apache-2.0"
        assert each.source.startswith("https://huggingface.co/Wan-AI/")
    assert weights()["wan2.1-t2v-1.3b"].size_bytes == pytest.approx(28.9e9, rel=0.01)


def test_other_licences_are_named_and_not_taken():
    """They can be read about; asking for them says why they are not loaded."""
    assert "European Union" in others()["hunyuanvideo"].licence.territory
    assert known("Lightricks/LTX-2.5").licence.title.startswith("LTX-2.x")

    with pytest.raises(WeightsError, match="because of its licence"):
        named("ltx-2.5")


def test_a_wrong_name_gets_the_nearest():
    """One sentence leads on."""
    with pytest.raises(WeightsError) as told:
        named("wan2.1-t2v-1.3bn")

    assert str(told.value) == (
        "No weights are called 'wan2.1-t2v-1.3bn'; did you mean wan2.1-t2v-1.3b? List all with: vitascope weights list"
    )


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("wan2.1-t2v-1.3b", 11e9, 14e9), ("wan2.1-t2v-14b", 40e9, 60e9), ("wan2.2-ti2v-5b", 15e9, 28e9)],
)
def test_the_memory_of_a_film_is_known_beforehand(name: str, least: float, most: float):
    """Weights, what a step holds, and what the decoder holds, the largest of the stages."""
    need = usual_need(weights()[name])

    assert least < need.most < most
    check_memory(need, int(need.most), pixels=FIVE_SECONDS, device="cuda")
    check_memory(need, None, pixels=FIVE_SECONDS, device="cuda")
    with pytest.raises(WeightsError, match=r"832x480 with 81 frames needs .* GB are free; ask for fewer frames"):
        check_memory(need, int(need.most) - 1, pixels=FIVE_SECONDS, device="cuda")


def test_the_catalogue_needs_no_tensors():
    """What is known of weights, and how much memory they take, is told where nothing of the extra is installed."""
    code = "import vitascope.model.open.need, vitascope.model.open.hub, sys; print('torch' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said.strip() == "False"
