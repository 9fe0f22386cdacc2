"""From the files of a folder to networks, one tensor at a time, so that nothing is in memory twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor

from vitascope.model.catalogue import WeightsError
from vitascope.model.open.folder import Folder, Stored
from vitascope.model.open.names import config_of, sources
from vitascope.model.open.network import OpenNetwork

UNUSED = ("norm_added_q",)
"""Tensors that some files hold and no network of this family reads."""
PRECISE = ("film.level.", "table_", "words_norm.", "norm_first.", "norm_second.")
"""Tensors that stay in float32 whatever the rest is in: noise levels, what they steer, and norms."""


def load_network(
    folder: Folder, part: str = "transformer", *, device: str = "cpu", dtype: torch.dtype = torch.bfloat16
) -> OpenNetwork:
    """The network of `part` with its weights. WeightsError where a tensor is missing, left over or of another size."""
    settings = folder.settings[part]
    config = config_of(settings)
    with torch.device("meta"):
        network = OpenNetwork(config)
    wanted = network.state_dict()
    stored = folder.tensors(part)
    found = sources(config)
    where = folder.path / part
    _check(set(stored), {name for source in found.values() for name in source.names}, where)
    state: dict[str, Tensor] = {}
    with ExitStack() as stack:
        get = _reader(stack, stored, device)
        for name, source in found.items():
            tensor = source.made(get)
            if tensor.shape != wanted[name].shape:
                raise WeightsError(
                    f"{source.names[0]} is {tuple(tensor.shape)} and config.json makes it {tuple(wanted[name].shape)}; "
                    f"the files do not belong together: {where}"
                )
            precise = any(word in name for word in PRECISE)
            state[name] = tensor.to(torch.float32 if precise else dtype).contiguous()
    network.load_state_dict(state, assign=True)
    return network.eval().requires_grad_(False)


def _reader(stack: ExitStack, stored: Mapping[str, Stored], device: str) -> Callable[[str], Tensor]:
    files: dict[Path, Any] = {}

    def get(name: str) -> Tensor:
        file = stored[name].file
        if file not in files:
            files[file] = stack.enter_context(safe_open(file, framework="pt", device=device))
        return files[file].get_tensor(name)

    return get


def _check(there: set[str], needed: set[str], where: Path) -> None:
    missing, left = needed - there, {name for name in there - needed if not any(word in name for word in UNUSED)}
    if missing:
        raise WeightsError(
            f"{len(missing)} tensors are missing, {min(missing)} first; download the weights again: {where}"
        )
    if left:
        raise WeightsError(
            f"{len(left)} tensors would be left unread, {min(left)} first; the network is of another kind: {where}"
        )
