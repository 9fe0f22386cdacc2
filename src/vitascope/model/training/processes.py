"""Which process of a run this is: alone on a machine without a GPU or with one, or one of several that train together."""

from __future__ import annotations

import torch
from accelerate import PartialState

__all__ = ["processes"]


def processes() -> PartialState:
    """Known after the first call; on a processor where there is no GPU."""
    return PartialState(cpu=not torch.cuda.is_available())
