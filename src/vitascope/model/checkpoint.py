"""Weights in a file that says what they are: safetensors, with kind, version, configuration and facts as JSON in its header.

A configuration is read back as the frozen value that it was. What this version does not know is refused, never guessed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from vitascope.model.autoencoder import Autoencoder, AutoencoderConfig

VERSION = 1
"""Of the layout. A file of another version is refused."""
HEADER = {"kind", "version", "configuration", "facts"}

Value = TypeVar("Value")


class CheckpointError(ValueError):
    """A file that holds no weights which this version can use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """kind: what the weights are of; configuration: as JSON has it; facts: where they come from, for people to read."""

    kind: str
    configuration: dict[str, Any]
    facts: dict[str, Any]
    tensors: Mapping[str, Tensor]


def save(path: Path, checkpoint: Checkpoint) -> None:
    """Write it beside its place, then give it its name."""
    header = {
        "kind": checkpoint.kind,
        "version": json.dumps(VERSION),
        "configuration": json.dumps(checkpoint.configuration),
        "facts": json.dumps(checkpoint.facts),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}")
    save_file({name: each.detach().cpu().contiguous() for name, each in checkpoint.tensors.items()}, unfinished, header)
    unfinished.replace(path)


def load(path: Path, *, kind: str) -> Checkpoint:
    """Read it; CheckpointError where it is another thing."""
    if not path.is_file():
        raise CheckpointError(f"There are no weights at this place: {path}")
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            _check_header(header, path)
            if header["kind"] != kind:
                raise CheckpointError(f"The weights are of kind {header['kind']!r}; {kind!r} is needed: {path}")
            return Checkpoint(
                kind=kind,
                configuration=json.loads(header["configuration"]),
                facts=json.loads(header["facts"]),
                tensors={name: file.get_tensor(name) for name in file.keys()},  # noqa: SIM118 (no mapping)
            )
    except SafetensorError as error:
        raise CheckpointError(f"This is no whole safetensors file ({error}): {path}") from error


def described(value: object) -> dict[str, Any]:
    """A configuration (a frozen dataclass) as JSON has it."""
    return TypeAdapter(type(value)).dump_python(value, mode="json")


def parsed(kind: type[Value], tree: Mapping[str, Any]) -> Value:
    """The configuration that `described` gave this of; CheckpointError where it has other keys or values."""
    adapter = TypeAdapter(kind)
    try:
        value = adapter.validate_python(tree)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or kind.__name__
        raise CheckpointError(f"The configuration has no good {place}: {first['msg'].lower()}.") from error
    unknown = _unknown(tree, adapter.dump_python(value, mode="json"))
    if unknown:
        raise CheckpointError(f"The configuration has {unknown}, which this version does not know; get a newer one.")
    return value


def fill(network: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Give `network` these weights, in its own type; CheckpointError where names or sizes are not its own."""
    own = network.state_dict()
    missing, unknown = sorted(own.keys() - tensors.keys()), sorted(tensors.keys() - own.keys())
    other = [name for name in own.keys() & tensors.keys() if own[name].shape != tensors[name].shape]
    for names, fault in ((missing, "lack"), (unknown, "have too much"), (sorted(other), "have in another size")):
        if names:
            raise CheckpointError(f"The weights are not those of their configuration: they {fault}: {names[0]}")
    network.load_state_dict(dict(tensors))


def save_autoencoder(path: Path, autoencoder: Autoencoder, *, facts: dict[str, Any], dtype: torch.dtype) -> None:
    """Weights in `dtype`; the statistics of latents stay in full."""
    exact = {"mean_C", "deviation_C"}
    save(
        path,
        Checkpoint(
            kind="autoencoder",
            configuration=described(autoencoder.config),
            facts=facts,
            tensors={n: v if n in exact else v.to(dtype) for n, v in autoencoder.state_dict().items()},
        ),
    )


def load_autoencoder(path: Path) -> Autoencoder:
    """Ready to be used, on the processor, in float32."""
    checkpoint = load(path, kind="autoencoder")
    autoencoder = Autoencoder(parsed(AutoencoderConfig, checkpoint.configuration))
    fill(autoencoder, checkpoint.tensors)
    return autoencoder.eval().requires_grad_(False)


def _check_header(header: Mapping[str, str], path: Path) -> None:
    if header.keys() != HEADER:
        raise CheckpointError(f"The file does not say what its weights are; it is none of ours: {path}")
    if header["version"] != json.dumps(VERSION):
        raise CheckpointError(
            f"The weights have the layout {header['version']}; this version reads {VERSION}. Get a newer one: {path}"
        )


def _unknown(given: Any, known: Any, place: str = "") -> str:
    """The first key of `given` that `known` lacks, with the keys above it; empty where there is none."""
    if isinstance(given, Mapping):
        for key, each in given.items():
            inner = f"{place}.{key}" if place else str(key)
            found = inner if key not in known else _unknown(each, known[key], inner)
            if found:
                return found
    elif isinstance(given, (list, tuple)):
        for number, (each, same) in enumerate(zip(given, known, strict=True)):
            if found := _unknown(each, same, f"{place}.{number}"):
                return found
    return ""
