"""Networks in fewer bits: whole numbers of 8 bits on processors, floats of 8 bits on GPUs that have them, floats of 16 anywhere.

Each function returns another network and leaves the given one as it is. What steers by noise levels stays in float32.
"""

from __future__ import annotations

import copy
import warnings
from functools import cache
from importlib.util import find_spec

import torch
from torch import Tensor, nn

from vitascope.model.attention import multiplies_bfloat16
from vitascope.model.transformer import Transformer

_ENGINES = ("onednn", "x86", "fbgemm", "qnnpack")
"""From fast to slow, as measured on a processor with VNNI (docs/model.md)."""
_STEPS = 127.0
_FP8_SINCE = (8, 9)
"""Compute capability of the first GPUs with matrix products of float8."""


class PrecisionError(RuntimeError):
    """This machine does not compute in these numbers; the message is one sentence."""


class Int8Linear(nn.Module):
    """A linear layer with weights of 8 bits, a scale for each output, and inputs that are rounded to 8 bits token by token; to 7
    where the processor would overflow.

    Only for inference: there are no gradients.
    """

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach().float().cpu()
        scale_N = weight.abs().amax(1).clamp_min(torch.finfo(torch.float32).tiny) / _STEPS
        bias = torch.zeros(linear.out_features) if linear.bias is None else linear.bias.detach().float().cpu()
        self.bias = nn.Buffer(bias)
        self._packed = _packed(weight, scale_N)
        self.packed_bytes = weight.numel()

    def forward(self, x_BLD: Tensor) -> Tensor:
        """Of x's type."""
        exact = x_BLD.float()
        most = exact.abs().amax(-1, keepdim=True).clamp_min(torch.finfo(torch.float32).tiny)
        found = torch.ops.quantized.linear_dynamic(exact / most, self._packed, not adds_up_whole())
        return torch.addcmul(self.bias, found, most, out=found).to(x_BLD.dtype)


@cache
def adds_up_whole() -> bool:
    """Whether this processor adds products of 8 bits in 32. Those without VNNI add two of them in 16, which overflow unless one
    factor has 7: sums are then off by a tenth."""
    return bool(torch.cpu._is_vnni_supported())


def int8(model: Transformer) -> Transformer:
    """For processors. The blocks' linear layers are of 8 bits, all else as in `bf16` where the processor multiplies that type.
    PrecisionError where torch cannot."""
    if next(model.parameters()).is_cuda:
        raise PrecisionError(
            "Weights of 8-bit whole numbers are for processors, and this network is on a GPU; use fp8 or bf16."
        )
    _engine()
    other = bf16(model) if multiplies_bfloat16() else copy.deepcopy(model)
    for block, exact in zip(other.blocks, model.blocks, strict=True):
        _replace_linears(block, exact)
    return other.requires_grad_(False).eval()


def bf16(model: Transformer) -> Transformer:
    """In bfloat16, but for what steers by noise levels."""
    other = copy.deepcopy(model)
    steering = {id(weight) for weight in other.level.parameters()}
    steering |= {
        id(weight) for name, weight in other.named_parameters() if name.rsplit(".", 1)[-1].startswith("table_")
    }
    for weight in other.parameters():
        if id(weight) not in steering:
            weight.data = weight.data.to(torch.bfloat16)
    return other


def fp8(model: Transformer) -> Transformer:
    """For GPUs that multiply float8: weights and inputs rounded row by row. PrecisionError where they do not, or torchao is not
    installed."""
    device = next(model.parameters()).device
    if device.type != "cuda" or torch.cuda.get_device_capability(device) < _FP8_SINCE:
        raise PrecisionError(
            f"8-bit floats need a GPU of compute capability {_FP8_SINCE[0]}.{_FP8_SINCE[1]} or later, and this network is on "
            f"{device.type}; use bf16, or int8 on a processor."
        )
    if find_spec("torchao") is None:
        raise PrecisionError("8-bit floats need torchao, which is not installed. Install it with: pip install torchao")
    from torchao.quantization import (  # pyright: ignore[reportMissingImports]
        Float8DynamicActivationFloat8WeightConfig,
        PerRow,
        quantize_,
    )

    other = bf16(model)
    quantize_(other.blocks, Float8DynamicActivationFloat8WeightConfig(granularity=PerRow()))
    return other


def _replace_linears(module: nn.Module, exact: nn.Module) -> None:
    """Those of `module`, made of those of `exact`, which has the same parts."""
    for name, child in exact.named_children():
        if isinstance(child, nn.Linear):
            setattr(module, name, Int8Linear(child))
        else:
            _replace_linears(module.get_submodule(name), child)


def _engine() -> str:
    found = [engine for engine in _ENGINES if engine in torch.backends.quantized.supported_engines]
    if not found:
        raise PrecisionError("This build of torch has no matrix products of 8-bit whole numbers; use bf16.")
    return found[0]


def _packed(weight_ND: Tensor, scale_N: Tensor) -> torch.ScriptObject:
    """Weights as the engine wants them. It is asked for by a setting of the process, which is put back."""
    before = torch.backends.quantized.engine
    torch.backends.quantized.engine = _engine()
    try:
        with (
            warnings.catch_warnings()
        ):  # until torch has another way to pack for its own kernels (pytorch issue 184982)
            warnings.simplefilter("ignore", UserWarning)
            zeros = torch.zeros(len(scale_N), dtype=torch.int64)
            whole = torch.quantize_per_channel(weight_ND, scale_N.double(), zeros, 0, torch.qint8)
            return torch.ops.quantized.linear_prepack(whole, None)
    finally:
        torch.backends.quantized.engine = before
