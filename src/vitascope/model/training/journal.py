"""What was run, kept beside what came of it: one line of JSON for each beginning, stretch and end, failures too."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from vitascope import __version__
from vitascope.model.training.processes import processes

__all__ = ["Journal"]

NAME = "runs.jsonl"


class Journal:
    """Lines are only ever added."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        folder.mkdir(parents=True, exist_ok=True)

    def begin(self, **facts: Any) -> None:
        """A command begins: what it was called with, and what ran it."""
        cuda = torch.cuda.is_available()
        self.add(
            "begun",
            command=" ".join(sys.argv[1:]),
            version=__version__,
            commit=_commit(),
            torch=torch.__version__,
            device=torch.cuda.get_device_name() if cuda else f"processor, {torch.get_num_threads()} threads",
            **facts,
        )

    def add(self, what: str, **facts: Any) -> None:
        """One line, of the first process where there are several."""
        if not processes().is_main_process:
            return
        line = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "what": what, **facts}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def lines(self) -> list[dict[str, Any]]:
        """All of them, the oldest first."""
        return [json.loads(line) for line in self._path.read_text("utf-8").splitlines()]


def _commit() -> str | None:
    """Of the source that runs, with a plus where it was changed since; None for an installed package."""
    source = Path(__file__).parent
    try:
        asked = ["git", "describe", "--always", "--abbrev=40", "--dirty=+", "--exclude=*"]
        return subprocess.run(asked, cwd=source, capture_output=True, text=True, check=True, timeout=10).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
