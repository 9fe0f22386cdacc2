"""`vitascope model`: bad input is told in one sentence, before anything is drawn or trained."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from vitascope.cli.app import app


@pytest.mark.parametrize("option", [["--frames", "24"], ["--size", "120x80"], ["--size", "small"], ["--fps", "0"]])
def test_clips_of_odd_sizes_are_refused(tmp_path: Path, option: list[str]):
    """What was asked for, what is allowed, and an example."""
    result = CliRunner().invoke(app, ["model", "data", str(tmp_path / "clips"), *option])

    assert str(result.exception).endswith("as in: --frames 25 --fps 12 --size 128x80")
    assert not (tmp_path / "clips").exists()


def test_training_without_clips_is_refused(tmp_path: Path):
    """The sentence names the command that makes them."""
    result = CliRunner().invoke(app, ["model", "train", str(tmp_path), str(tmp_path / "run"), "--preset", "tiny"])

    assert str(result.exception).startswith("There are no clips; make some with 'vitascope model data': ")
