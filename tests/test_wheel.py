"""What is installed is what lies here: the wheel has every file of the package, code and data, and the command."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
ASKED_FOR_AT_RUN_TIME = {
    "vitascope/jobs/migrations/env.py",
    "vitascope/jobs/migrations/versions/first_tables_0001.py",
    "vitascope/jobs/tiers.yaml",
    "vitascope/serve/player.html",
}
"""Files that nothing imports: without them the program would fail where nobody looks before it is installed."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of this tree, built without a network and without an environment of its own."""
    pytest.importorskip("hatchling", reason="hatchling is not installed; run: pip install --group dev")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


def test_every_file_of_the_package_is_in_the_wheel(wheel: zipfile.ZipFile):
    """Shaders, recipes, lexica, migrations, tiers, pages; and nothing that is only made while it runs."""
    here = {
        path.relative_to(SOURCE).as_posix()
        for path in (SOURCE / "vitascope").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    there = {name for name in wheel.namelist() if not name.startswith("vitascope-")}

    assert there == here
    assert there >= ASKED_FOR_AT_RUN_TIME


def test_every_file_is_there_byte_for_byte(wheel: zipfile.ZipFile):
    """Nothing is changed on the way."""
    different = [
        name
        for name in wheel.namelist()
        if not name.startswith("vitascope-") and wheel.read(name) != (SOURCE / name).read_bytes()
    ]

    assert different == []


def test_the_command_is_in_the_wheel(wheel: zipfile.ZipFile):
    """Whoever installs it can call it."""
    (points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]

    assert "vitascope = vitascope.cli:run" in wheel.read(points).decode()
