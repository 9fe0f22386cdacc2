"""A file of weights says what they are; what this version does not know is refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from vitascope.model.autoencoder import Autoencoder, AutoencoderConfig, tiny
from vitascope.model.checkpoint import (
    Checkpoint,
    CheckpointError,
    described,
    load,
    load_autoencoder,
    parsed,
    save,
    save_autoencoder,
)

FACTS = {"clips": 12, "note": "seen by nobody"}


def test_an_autoencoder_comes_back(tmp_path: Path):
    """Weights are rounded once, to what was asked for; configuration, statistics and facts are kept."""
    autoencoder = Autoencoder(tiny())
    autoencoder.mean_C += 1 / 3
    path = tmp_path / "autoencoder.safetensors"

    save_autoencoder(path, autoencoder, facts=FACTS, dtype=torch.bfloat16)
    again = load_autoencoder(path)

    assert again.config == tiny()
    assert torch.equal(again.mean_C, autoencoder.mean_C)
    assert torch.equal(again.enter.weight, autoencoder.enter.weight.bfloat16().float())
    assert load(path, kind="autoencoder").facts == FACTS
    assert [each.name for each in tmp_path.iterdir()] == ["autoencoder.safetensors"]


def write(path: Path, **changed: str) -> Path:
    header = {"kind": "autoencoder", "version": "1", "configuration": "{}", "facts": "{}"} | changed
    save_file({"a": torch.zeros(1)}, path, header)
    return path


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"version": "2"}, "The weights have the layout 2; this version reads 1. Get a newer one: "),
        ({"mood": "good"}, "The file does not say what its weights are; it is none of ours: "),
        ({"kind": "transformer"}, "The weights are of kind 'transformer'; 'autoencoder' is needed: "),
    ],
)
def test_other_files_are_refused(tmp_path: Path, changed: dict[str, str], sentence: str):
    """What was given, what is needed, and where it lies."""
    path = write(tmp_path / "weights.safetensors", **changed)

    with pytest.raises(CheckpointError) as told:
        load_autoencoder(path)

    assert str(told.value) == f"{sentence}{path}"


def test_a_file_that_broke_off_is_refused(tmp_path: Path):
    """Half a file is no file; neither is none."""
    path = write(tmp_path / "weights.safetensors")
    path.write_bytes(path.read_bytes()[:-2])

    with pytest.raises(CheckpointError, match="This is no whole safetensors file"):
        load_autoencoder(path)
    with pytest.raises(CheckpointError, match="There are no weights at this place"):
        load_autoencoder(tmp_path / "nowhere.safetensors")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"colour": 1}, "The configuration has colour, which this version does not know; get a newer one."),
        (
            {"encoder": [{"width": 1, "blocks": 1, "causal": 0, "depth": 2}]},
            "The configuration has encoder.0.depth, which this version does not know; get a newer one.",
        ),
        ({"channels": "many"}, "The configuration has no good channels: "),
    ],
)
def test_other_configurations_are_refused(changed: dict[str, Any], sentence: str):
    """A key that means nothing here would be ignored at our peril."""
    tree = described(tiny()) | changed

    with pytest.raises(CheckpointError) as told:
        parsed(AutoencoderConfig, tree)

    assert str(told.value).startswith(sentence)


@pytest.mark.parametrize(
    ("channels", "drop", "sentence"),
    [(8, "enter.weight", "they lack: enter.weight"), (9, None, "they have in another size: ")],
)
def test_weights_are_those_of_their_configuration(tmp_path: Path, channels: int, drop: str | None, sentence: str):
    """No weight is left at what it happened to be."""
    path = tmp_path / "weights.safetensors"
    tensors = {name: each for name, each in Autoencoder(tiny()).state_dict().items() if name != drop}
    configuration = described(tiny()) | {"channels": channels}
    save(path, Checkpoint(kind="autoencoder", configuration=configuration, facts={}, tensors=tensors))

    with pytest.raises(CheckpointError, match=sentence):
        load_autoencoder(path)
