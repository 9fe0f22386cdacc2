"""The program as a process: on a terminal, stopped in the middle, and on a machine that cannot draw."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from patience import PATIENCE


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of its own and POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_in_the_middle(on_terminal, folder: Path, number: signal.Signals):
    """A bar with frames and time left; Ctrl-C and a polite kill end it: code 130, one sentence, no file, no take."""
    process, terminal = on_terminal(
        "film", "A red ball on a plain background", "--size", "128x128", "--seconds", "120", "--silent",
        "--project", "project",
    )  # fmt: skip
    takes = folder / "project" / "takes"

    seen = terminal.read_until(b"filming")
    begun = [path.name for path in takes.iterdir()]
    process.send_signal(number)
    seen += terminal.read_until(None)

    assert process.wait(PATIENCE) == 130, seen
    assert b"/2880" in seen
    assert b"frames" in seen
    assert b"left" in seen
    assert b"Stopped; nothing is half-written." in seen
    assert b"Traceback" not in seen
    assert begun
    assert all(name.startswith(".") for name in begun)
    assert list(takes.iterdir()) == []
    assert [path.name for path in folder.iterdir()] == ["project"]


@pytest.mark.skipif(sys.platform != "linux", reason="takes the drivers away as Linux finds them")
def test_without_a_graphics_adapter(launch, folder: Path):
    """The sentence names the package to install."""
    process = launch("film", "a cat", VK_DRIVER_FILES="/nonexistent", VK_ICD_FILENAMES="/nonexistent")

    out, err = process.communicate(timeout=PATIENCE)

    assert (process.returncode, out) == (2, "")
    assert "mesa-vulkan-drivers" in err
    assert err.count("\n") == 1
    assert list(folder.iterdir()) == []
