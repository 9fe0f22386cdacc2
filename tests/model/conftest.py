"""Tensors here are tiny: a second thread costs more than it saves, most of all where tests run side by side."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import pytest
import torch

if TYPE_CHECKING:
    from tiny_wan import Checkpoint

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def wan(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Checkpoint]:
    """Checkpoints of the Wan family by their kind, each written once."""

    @cache
    def written(kind: str) -> Checkpoint:
        from tiny_wan import checkpoint

        return checkpoint(kind, tmp_path_factory.mktemp(kind))

    return written
