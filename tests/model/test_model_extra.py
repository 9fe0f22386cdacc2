"""All that needs no tensors works without the extra, and what needs it says how to get it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from vitascope.model import extra


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch):
    """One sentence with what is missing and the command that installs it."""
    monkeypatch.setattr(extra, "NEEDED", (*extra.NEEDED, "torch_of_tomorrow"))

    with pytest.raises(extra.MissingExtraError) as told:
        extra.require()

    assert str(told.value) == (
        "The model engine needs torch_of_tomorrow, which is not installed. "
        "Install it with: pip install 'vitascope[model]'"
    )


def test_the_house_stands_without_tensors():
    """Commands, studio, server and pages are loaded without torch."""
    house = "vitascope.cli.app, vitascope.studio, vitascope.serve.app, vitascope.web.opening"
    loaded = f"import sys, {house}; print('torch' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"
