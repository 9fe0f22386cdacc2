"""Clips on disk: 32 to a file, and beside it a file of lines that say what they are and where they lie in it.

A clip is one JPEG (its frames on top of each other, 4:4:4) and the rest under zstd. Of what keeps clips close to what was drawn,
this is read fastest: 2 ms a clip, where H.264 takes 12 and lossless files are two to three times as large (docs/model.md).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import zstandard
from PIL import Image

from vitascope.media import publish, workplace
from vitascope.model.data.drawing import Drawn
from vitascope.model.data.errors import DataError

__all__ = ["SHARD", "Packed", "lines_of", "pack", "read_shard", "shard_path", "unpack", "write_shard"]

SHARD = 32
QUALITY = 95
_REST = ("depth", "ids", "sound", "changed")
"""Arrays beside the picture; clips that were not edited lack the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A clip as bytes, and what its line says of their parts."""

    content: bytes
    parts: dict[str, Any]


def pack(clip: Drawn) -> Packed:
    """The same clip gives the same bytes."""
    count, height, width, _ = clip.frames.shape
    picture = io.BytesIO()
    strip = Image.fromarray(clip.frames.reshape(count * height, width, 3))
    strip.save(picture, "JPEG", quality=QUALITY, subsampling=0)
    arrays = {name: each for name in _REST if (each := getattr(clip, name)) is not None}
    joined = b"".join(np.ascontiguousarray(each).tobytes() for each in arrays.values())
    rest = zstandard.ZstdCompressor(level=9).compress(joined)
    parts = {
        "picture": len(picture.getbuffer()),
        "frames": [count, height, width],
        **{name: [str(array.dtype), *array.shape] for name, array in arrays.items()},
        "events": [list(each) for each in clip.events],
    }
    return Packed(content=picture.getvalue() + rest, parts=parts)


def unpack(content: bytes, parts: dict[str, Any]) -> Drawn:
    """The clip of these bytes; its frames are what JPEG left of them. Raises DataError for bytes that are damaged."""
    try:
        strip = np.asarray(Image.open(io.BytesIO(content[: parts["picture"]])))
        rest = zstandard.ZstdDecompressor().decompress(content[parts["picture"] :])
    except (OSError, zstandard.ZstdError) as error:
        raise DataError("This clip is damaged; remove its shard and make it again.") from error
    arrays, start = {}, 0
    for name in (each for each in _REST if each in parts):
        kind, *shape = parts[name]
        count = int(np.prod(shape))
        arrays[name] = np.frombuffer(rest, kind, count, start).reshape(shape)
        start += arrays[name].nbytes
    events = tuple((str(name), float(at)) for name, at in parts["events"])
    return Drawn(frames=strip.reshape(*parts["frames"], 3), events=events, **arrays)


def shard_path(folder: Path, number: int, suffix: str) -> Path:
    """Where shard `number` lies: its clips (".clips") or its lines (".jsonl")."""
    return folder / f"shard-{number:05d}{suffix}"


def write_shard(folder: Path, number: int, clips: Iterable[tuple[Packed, dict[str, Any]]]) -> None:
    """Write clips and what is known of each. The lines come last: what they tell of is there.

    A shard that grows may be read meanwhile: old lines hold for the new file as well.
    """
    contents, lines, offset = [], [], 0
    for packed, row in clips:
        place = {"shard": number, "offset": offset, "bytes": len(packed.content)}
        lines.append(json.dumps({**row, **place, "parts": packed.parts}, sort_keys=True))
        contents.append(packed.content)
        offset += len(packed.content)
    for suffix, content in ((".clips", b"".join(contents)), (".jsonl", "\n".join([*lines, ""]).encode())):
        target = shard_path(folder, number, suffix)
        with workplace(target) as hidden:
            part = hidden / target.name
            part.write_bytes(content)
            publish(part, target)


def read_shard(folder: Path, number: int) -> list[tuple[Packed, dict[str, Any]]]:
    """What `write_shard` was given for it last; nothing where it is not there."""
    file = shard_path(folder, number, ".jsonl")
    if not file.exists():
        return []
    content = shard_path(folder, number, ".clips").read_bytes()
    found = []
    for line in map(json.loads, file.read_text("utf-8").splitlines()):
        parts, offset, size = line.pop("parts"), line.pop("offset"), line.pop("bytes")
        line.pop("shard")
        found.append((Packed(content=content[offset : offset + size], parts=parts), line))
    return found


def lines_of(folder: Path) -> list[dict[str, Any]]:
    """What is known of each clip in `folder`, in the order of their numbers. Raises DataError where there is none."""
    files = sorted(folder.glob("shard-*.jsonl"))
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    if not rows:
        raise DataError(f"There are no clips; make some with 'vitascope model data': {folder}")
    return sorted(rows, key=lambda row: row["index"])
