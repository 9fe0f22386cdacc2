"""A folder of weights is looked at before anything is loaded: what is missing or not for us is one sentence."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from tiny_wan import Checkpoint

from vitascope.model.catalogue import WeightsError
from vitascope.model.open.folder import Folder, open_folder
from vitascope.model.open.weights import load_network

Wan = Callable[[str], Checkpoint]


@pytest.fixture
def folder(wan: Wan, tmp_path: Path) -> Path:
    """A copy of whole weights that a test may spoil."""
    return shutil.copytree(wan("text").folder, tmp_path / "weights")


def told(act: Callable[[], object]) -> str:
    with pytest.raises(WeightsError) as fault:
        act()
    return str(fault.value)


def change(file: Path, **values: object) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **values}))


def test_a_whole_folder_says_what_it_holds(wan: Wan):
    """The parts, and how many numbers each is, from the headers of its files alone."""
    found = open_folder(wan("two").folder)

    assert found.pipeline == "WanPipeline"
    assert found.parts == ("transformer", "transformer_2", "vae", "text_encoder")
    network = wan("two").pipeline.transformer
    assert found.parameters("transformer") == sum(each.numel() for each in network.parameters())


def test_a_folder_that_is_none(tmp_path: Path):
    """Neither nothing nor anything else is taken for weights."""
    assert told(lambda: open_folder(tmp_path / "none")).startswith("There is no folder of weights here")
    assert "take a repository whose name ends in -Diffusers" in told(lambda: open_folder(tmp_path))


def test_a_pipeline_that_is_not_known(folder: Path):
    """LTX, for one, is not loaded."""
    change(folder / "model_index.json", _class_name="LTXPipeline")

    assert told(lambda: open_folder(folder)).startswith(
        "The weights are for LTXPipeline; what can be loaded is WanPipeline, WanImageToVideoPipeline, WanVACEPipeline"
    )


def test_a_network_of_another_class(folder: Path):
    """The settings of each part say what it is."""
    change(folder / "transformer" / "config.json", _class_name="WanAnimateTransformer3DModel")

    assert told(lambda: open_folder(folder)).startswith(
        "transformer is a WanAnimateTransformer3DModel; what can be loaded"
    )


@pytest.mark.parametrize(
    ("part", "advice"),
    [
        ("vae", "The folder lacks vae/"),
        ("tokenizer", "The folder lacks tokenizer/"),
        ("vae/config.json", "config.json is missing"),
        ("text_encoder/*.safetensors*", "text_encoder has no .safetensors, and nothing else is read"),
    ],
)
def test_a_part_that_is_missing(folder: Path, part: str, advice: str):
    """Whatever a film needs has to be there."""
    for path in folder.glob(part):
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    assert told(lambda: open_folder(folder).check()).startswith(advice)


def test_a_file_of_several_that_is_missing(folder: Path):
    """The index names all files of a part."""
    (file, *rest) = sorted((folder / "transformer").glob("*.safetensors"))
    file.unlink()

    assert told(lambda: load_network(open_folder(folder))).startswith(
        f"1 of {1 + len(rest)} files of transformer are missing, {file.name} first; download them again"
    )


def test_a_file_that_was_cut_off(folder: Path):
    """A download that ended early is seen by its length."""
    file = sorted((folder / "transformer").glob("*.safetensors"))[-1]
    file.write_bytes(file.read_bytes()[:-8])

    assert told(lambda: load_network(open_folder(folder))).startswith(f"{file.name} is not whole; download it again")


@pytest.mark.parametrize("damage", [b"", b"\xff" * 16, b"\x02\0\0\0\0\0\0\0{}", b"\x04\0\0\0\0\0\0\0null"])
def test_a_file_that_is_no_safetensors(folder: Path, damage: bytes):
    """Nothing of it is read, let alone run."""
    file = sorted((folder / "vae").glob("*.safetensors"))[0]
    file.write_bytes(damage)

    assert told(lambda: open_folder(folder).check()).startswith(f"{file.name} is not whole")


@pytest.fixture
def one_file(folder: Path) -> tuple[Folder, Path, dict[str, torch.Tensor]]:
    """The network in one file, as a dictionary that a test may change and save."""
    tensors = {}
    for file in (folder / "transformer").glob("*.safetensors*"):
        tensors |= {} if file.suffix == ".json" else load_file(file)
        file.unlink()
    path = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    save_file(tensors, path)
    return open_folder(folder), path, tensors


def test_a_tensor_that_is_missing(one_file: tuple[Folder, Path, dict[str, torch.Tensor]]):
    """It is named."""
    found, path, tensors = one_file
    save_file({name: each for name, each in tensors.items() if "to_q" not in name}, path)

    assert told(lambda: load_network(found)).startswith("12 tensors are missing, blocks.0.attn1.to_q.bias first")


def test_a_tensor_that_would_be_left_unread(one_file: tuple[Folder, Path, dict[str, torch.Tensor]]):
    """Weights with more than the settings say are of another kind; one that nothing ever reads is allowed."""
    found, path, tensors = one_file
    save_file({**tensors, "blocks.0.attn2.norm_added_q.weight": torch.ones(48)}, path)
    load_network(found)
    save_file({**tensors, "blocks.9.extra": torch.ones(3)}, path)

    assert told(lambda: load_network(found)).startswith("1 tensors would be left unread, blocks.9.extra first")


def test_a_tensor_of_another_size(one_file: tuple[Folder, Path, dict[str, torch.Tensor]]):
    """Files and settings have to belong together."""
    found, path, tensors = one_file
    save_file({**tensors, "blocks.1.ffn.net.2.bias": torch.ones(5)}, path)

    assert told(lambda: load_network(found)).startswith(
        "blocks.1.ffn.net.2.bias is (5,) and config.json makes it (48,)"
    )


def test_patches_of_another_size(folder: Path):
    """What is not computed is not guessed."""
    change(folder / "transformer" / "config.json", patch_size=[2, 2, 2])

    assert told(lambda: load_network(open_folder(folder))).startswith("The network has patches of (2, 2, 2)")


def test_weights_are_told_apart_without_reading_all_of_them(folder: Path, tmp_path: Path):
    """A copy is the same; other numbers under the same header, and other settings, are others."""
    same = open_folder(shutil.copytree(folder, tmp_path / "same")).digest()
    file = next((folder / "vae").glob("*.safetensors"))
    tensors = load_file(file)

    found = open_folder(folder).digest()
    save_file({name: tensor + 1 for name, tensor in tensors.items()}, file, metadata={"format": "pt"})
    tuned = open_folder(folder).digest()
    change(folder / "scheduler" / "scheduler_config.json", shift=5.0)

    assert found == same
    assert len({found, tuned, open_folder(folder).digest()}) == 3
