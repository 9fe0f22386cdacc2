"""Beginning early never changes an answer, and nobody waits for what was begun in vain."""

from __future__ import annotations

import subprocess
import sys

import pytest

from vitascope.cli import early

COMMAND = (sys.executable, "-c", "from vitascope.cli import run; run()")


@pytest.mark.parametrize("wrong", [{"size": "huge"}, {"fps": "many"}, {"style": "no such style"}])
def test_wrong_arguments_are_left_to_whoever_reads_them(wrong: dict[str, str]) -> None:
    early.begin("a cat", **{"size": "128x128", "fps": None, "style": None, **wrong})
    early.finish()
    assert not early.working()


def test_a_fault_is_told_while_shaders_are_still_compiled() -> None:
    done = subprocess.run([*COMMAND, "film", " "], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "no words" in done.stderr
