"""The real clients, each version in an environment of its own, made once and kept beside the repository's own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from pathlib import Path

__all__ = ["PYTHON_VERSIONS", "node_folder", "python_with"]

ROOT = Path(__file__).parents[1]
KEPT = ROOT / ".venv-conformance"
PYTHON_VERSIONS = ("2.6.0", "2.54.0", "3.52.0")


def python_with(version: str) -> Path:
    """The interpreter of an environment that holds this version of openai-python."""
    folder = KEPT / f"openai-{version}"
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        venv.create(folder, with_pip=True)
        command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", f"openai=={version}"]
        _install(command, cwd=ROOT, what=f"openai {version}")
        done.touch()
    return python


def node_folder() -> Path:
    """The folder with openai-node 7 installed. Raises SystemExit when there is no npm."""
    folder = Path(__file__).parent / "node"
    if not (folder / "node_modules" / "openai" / "package.json").exists():
        if shutil.which("npm") is None:
            sys.exit(
                "The conformance run needs Node.js 20 or newer with npm; on Debian and Ubuntu: apt-get install npm"
            )
        _install(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=folder, what="openai-node")
    return folder


def _install(command: list[str | Path], *, cwd: Path, what: str) -> None:
    print(f"Installing {what} …", flush=True)
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{what} could not be installed:\n{result.stdout[-2000:]}{result.stderr[-2000:]}")
