"""All that a run needs to go on as if it had not been stopped, in files of a size that travels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from vitascope.model.checkpoint import Checkpoint, load, save

__all__ = ["State", "read_state", "write_state"]

LARGEST = 56 * 2**20
"""Bytes of tensors in one file; one that is larger by itself has a file by itself."""
KIND = "training state"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """After `step` steps: tensors in full by name, and the settings that must be the same when it goes on."""

    step: int
    settings: dict[str, Any]
    tensors: dict[str, Tensor]


def write_state(folder: Path, name: str, state: State) -> None:
    """Write all files of the new state, then remove those of older ones."""
    parts = list(_parts(state.tensors))
    written = []
    for number, part in enumerate(parts):
        path = folder / f"{name}.state-{state.step:08d}-{number + 1}-of-{len(parts)}.safetensors"
        save(path, Checkpoint(kind=KIND, configuration=state.settings, facts={"step": state.step}, tensors=part))
        written.append(path)
    for path in folder.glob(f"{name}.state-*.safetensors"):
        if path not in written:
            path.unlink()


def read_state(folder: Path, name: str) -> State | None:
    """The latest state of which all files are there; None where there is none."""
    found: dict[tuple[int, int], list[Path]] = {}
    for path in folder.glob(f"{name}.state-*.safetensors"):
        match = re.search(r"state-(\d+)-(\d+)-of-(\d+)", path.name)
        if match:
            found.setdefault((int(match[1]), int(match[3])), []).append(path)
    whole = [key for key, paths in found.items() if len(paths) == key[1]]
    if not whole:
        return None
    files = [load(path, kind=KIND) for path in found[max(whole)]]
    return State(
        step=max(whole)[0],
        settings=files[0].configuration,
        tensors={name: each for file in files for name, each in file.tensors.items()},
    )


def _parts(tensors: dict[str, Tensor]) -> Iterator[dict[str, Tensor]]:
    part: dict[str, Tensor] = {}
    size = 0
    for name, each in tensors.items():
        own = each.numel() * each.element_size()
        if part and size + own > LARGEST:
            yield part
            part, size = {}, 0
        part[name] = each
        size += own
    if part:
        yield part
