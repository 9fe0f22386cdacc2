"""Tensors here are tiny: a second thread costs more than it saves, most of all where tests run side by side."""

from __future__ import annotations

import torch

torch.set_num_threads(1)
