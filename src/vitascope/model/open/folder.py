"""A folder of weights as diffusers lays it out, looked at before anything is loaded. Knows no tensors.

Only safetensors are read: they are numbers with a header, and nothing in them runs.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from vitascope.model.catalogue import WeightsError
from vitascope.model.shapes import Stride

INDEX = "model_index.json"
PIPELINES = ("WanPipeline", "WanImageToVideoPipeline", "WanVACEPipeline")
CLASSES = {
    "transformer": ("WanTransformer3DModel", "WanVACETransformer3DModel"),
    "transformer_2": ("WanTransformer3DModel", "WanVACETransformer3DModel"),
    "vae": ("AutoencoderKLWan",),
    "text_encoder": ("UMT5EncoderModel",),
    "image_encoder": ("CLIPVisionModel", "CLIPVisionModelWithProjection"),
}
NEEDED = ("transformer", "vae", "text_encoder", "tokenizer")
PATCH = 2
"""Places of the compressed film along a side of a token."""
BESIDE = ("tokenizer", "image_processor", "scheduler")
"""Folders beside the networks."""
SETTINGS = (".json", ".model", ".txt")
SAMPLES, SAMPLE = 64, 4096
"""Places of a file of weights that are looked at, and the bytes of each."""
HEADER_LONGEST = 100_000_000
"""Bytes; what safetensors itself allows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Where a tensor lies and how large it is."""

    file: Path
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Weights on this machine: the pipeline they are made for, and the settings of each part by its name."""

    path: Path
    pipeline: str
    index: Mapping[str, Any]
    settings: Mapping[str, Mapping[str, Any]]

    @property
    def parts(self) -> tuple[str, ...]:
        """The networks there are."""
        return tuple(self.settings)

    def tensors(self, part: str) -> dict[str, Stored]:
        """All tensors of a part by name, from the headers of its files; WeightsError where a file is missing or broken."""
        folder = self.path / part
        found: dict[str, Stored] = {}
        for file in _files(folder):
            found |= {name: Stored(file=file, shape=shape) for name, shape in _header(file).items()}
        return found

    def check(self) -> None:
        """WeightsError where any file of any part is missing or broken, by their headers and lengths."""
        for part in self.parts:
            self.tensors(part)

    def digest(self) -> str:
        """What tells these weights from any others, without reading all of them: a SHA-256 of settings and words as they are,
        and of safetensors their lengths, headers and some numbers out of each."""
        found = hashlib.sha256()
        for folder in ("", *self.parts, *BESIDE):
            for file in sorted(path for path in (self.path / folder).glob("*") if path.is_file()):
                if file.suffix == ".safetensors":
                    found.update(f"{folder}/{file.name} {file.stat().st_size}".encode())
                    found.update(_sampled(file))
                elif file.suffix in SETTINGS:
                    found.update(f"{folder}/{file.name}".encode())
                    found.update(file.read_bytes())
        return found.hexdigest()

    def bytes(self) -> int:
        """Of the files of all networks."""
        return sum(file.stat().st_size for part in self.parts for file in _files(self.path / part))

    def parameters(self, part: str) -> int:
        """How many numbers a part is."""
        return sum(prod(each.shape) for each in self.tensors(part).values())


def open_folder(path: Path) -> Folder:
    """Weights at `path`; WeightsError says in one sentence what is missing or not for us."""
    if not path.is_dir():
        raise WeightsError(f"There is no folder of weights here; give one that holds {INDEX}: {path}")
    if not (path / INDEX).is_file():
        raise WeightsError(
            f"The folder has no {INDEX}, so it is not in the layout of diffusers; "
            f"take a repository whose name ends in -Diffusers: {path}"
        )
    index = _json(path / INDEX)
    pipeline = index.get("_class_name")
    if pipeline not in PIPELINES:
        raise WeightsError(f"The weights are for {pipeline}; what can be loaded is {', '.join(PIPELINES)}: {path}")
    wanted = [part for part in CLASSES if part in NEEDED or _named(index, part)]
    for part in (*wanted, "tokenizer"):
        if not (path / part).is_dir():
            raise WeightsError(f"The folder lacks {part}/, which these weights need; download them again: {path}")
    settings = {part: _settings(path / part, CLASSES[part]) for part in wanted}
    return Folder(path=path, pipeline=pipeline, index=index, settings=settings)


def stride_of(settings: Mapping[str, Any]) -> Stride:
    """Pixels to one token, from the settings of an autoencoder."""
    side = PATCH * settings.get("scale_factor_spatial", 8)
    return Stride(time=settings.get("scale_factor_temporal", 4), height=side, width=side)


def reason_of(error: Exception) -> str:
    """The first line of what another library says."""
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__


def _named(index: Mapping[str, Any], part: str) -> bool:
    """Whether the index says that there is this part; parts that are left out are [null, null]."""
    entry = index.get(part)
    return isinstance(entry, list) and len(entry) == 2 and entry[1] is not None


def _settings(folder: Path, allowed: tuple[str, ...]) -> dict[str, Any]:
    settings = _json(folder / "config.json")
    given = settings.get("_class_name") or ", ".join(settings.get("architectures") or ["unknown"])
    if given not in allowed:
        raise WeightsError(f"{folder.name} is a {given}; what can be loaded is {' or '.join(allowed)}: {folder}")
    return settings


def _files(folder: Path) -> list[Path]:
    for index in sorted(folder.glob("*.safetensors.index.json")):
        names = sorted(set(_json(index).get("weight_map", {}).values()))
        missing = [name for name in names if not (folder / name).is_file()]
        if missing:
            raise WeightsError(
                f"{len(missing)} of {len(names)} files of {folder.name} are missing, {missing[0]} first; "
                f"download them again: {folder}"
            )
        return [folder / name for name in names]
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        raise WeightsError(f"{folder.name} has no .safetensors, and nothing else is read; download it again: {folder}")
    return files


def _sampled(file: Path) -> bytes:
    """The beginning of a file, which is its header or most of it, and pieces at even distances."""
    length = file.stat().st_size
    with file.open("rb") as stream:
        pieces = [stream.read(SAMPLES * SAMPLE)]
        for number in range(SAMPLES):
            stream.seek(length * number // SAMPLES)
            pieces.append(stream.read(SAMPLE))
    return b"".join(pieces)


def _header(file: Path) -> dict[str, tuple[int, ...]]:
    broken = WeightsError(f"{file.name} is not whole; download it again: {file}")
    with file.open("rb") as stream:
        beginning = stream.read(8)
        length = struct.unpack("<Q", beginning)[0] if len(beginning) == 8 else HEADER_LONGEST + 1
        if length > HEADER_LONGEST:
            raise broken
        try:
            tree = json.loads(stream.read(length))
            tree.pop("__metadata__", None)
            shapes = {name: tuple(entry["shape"]) for name, entry in tree.items()}
            end = max(entry["data_offsets"][1] for entry in tree.values())
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            raise broken from None
    if file.stat().st_size < 8 + length + end:
        raise broken
    return shapes


def _json(file: Path) -> dict[str, Any]:
    try:
        tree = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise WeightsError(f"{file.name} is missing; download the weights again: {file}") from None
    except (ValueError, OSError):
        raise WeightsError(f"{file.name} cannot be read as JSON; download the weights again: {file}") from None
    if not isinstance(tree, dict):
        raise WeightsError(f"{file.name} is not what it should be; download the weights again: {file}")
    return tree
