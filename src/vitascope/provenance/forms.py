"""Where the tag and the XMP packet lie in each form of file that can be signed: films (MP4), stills (PNG), sound (WAV).

Stills and sound are read whole: they are made from one frame or kept within what RIFF can count.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from vitascope.provenance.boxes import copy_with_marks, read_film_boxes, read_tags, read_xmp
from vitascope.provenance.errors import ProvenanceError
from vitascope.provenance.tags import AIGC_KEY

__all__ = ["FILM", "Form", "form_of"]

PNG_START = b"\x89PNG\r\n\x1a\n"
XMP_KEYWORD = b"XML:com.adobe.xmp"  # XMP Specification Part 3, PNG
XMP_CHUNK = b"_PMX"  # XMP Specification Part 3, WAV
Found = tuple[list[str], list[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """`read` gives the texts of all AIGC tags and all XMP packets; `mark` writes a copy that has one of each.

    Both raise ProvenanceError and what a damaged file raises.
    """

    kind: Literal["film", "still", "sound"]
    media_type: str
    suffix: str
    read: Callable[[BinaryIO], Found]
    mark: Callable[[Path, Path, str, bytes], None]


def form_of(file: BinaryIO) -> Form:
    """What a file is by its first bytes; whatever is neither still nor sound is taken for a film."""
    file.seek(0)
    start = file.read(12)
    if start.startswith(PNG_START):
        return STILL
    return SOUND if start[:4] == b"RIFF" and start[8:] == b"WAVE" else FILM


def _read_film(file: BinaryIO) -> Found:
    boxes = read_film_boxes(file)
    return read_tags(file, boxes, AIGC_KEY), read_xmp(file, boxes)


def _mark_film(source: Path, target: Path, tag: str, xmp: bytes) -> None:
    copy_with_marks(source, target, tag=(AIGC_KEY, tag), xmp=xmp)


def _read_still(file: BinaryIO) -> Found:
    tags, packets = [], []
    for kind, body in _png_chunks(file.read()):
        keyword, _, rest = body.partition(b"\0")
        if kind == b"tEXt" and keyword == AIGC_KEY.encode():
            tags.append(rest.decode("latin-1"))
        elif kind == b"iTXt" and keyword == XMP_KEYWORD:
            packets.append(rest.split(b"\0", 3)[3] if rest[:1] == b"\0" else b"")
    return tags, packets


def _mark_still(source: Path, target: Path, tag: str, xmp: bytes) -> None:
    """The tag (ASCII) and the packet stand before the picture; older ones are left out."""
    marks = (b"tEXt", AIGC_KEY.encode() + b"\0" + tag.encode("ascii")), (b"iTXt", XMP_KEYWORD + b"\0\0\0\0\0" + xmp)
    ours = tuple(body.partition(b"\0")[0] + b"\0" for _, body in marks)
    chunks = [one for one in _png_chunks(source.read_bytes()) if not one[1].startswith(ours)]
    target.write_bytes(PNG_START + b"".join(_png_chunk(*one) for one in (chunks[0], *marks, *chunks[1:])))


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk."""
    data = data if data.startswith(PNG_START) else PNG_START + data
    at = len(PNG_START)
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if at + 12 + size > len(data):
            raise ProvenanceError("The still breaks off in the middle of a chunk, so it is not complete.")
        yield kind, data[at + 8 : at + 8 + size]
        at += 12 + size


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _read_sound(file: BinaryIO) -> Found:
    tags, packets = [], []
    for kind, start, size in _riff_chunks(file, 12, file.seek(0, 2)):
        if kind == XMP_CHUNK:
            packets.append(_read(file, start, size))
        elif kind == b"LIST" and _read(file, start, 4) == b"INFO":
            for name, at, length in _riff_chunks(file, start + 4, start + size):
                if name == AIGC_KEY.encode():
                    tags.append(_read(file, at, length).rstrip(b"\0").decode())
    return tags, packets


def _mark_sound(source: Path, target: Path, tag: str, xmp: bytes) -> None:
    """The tag and the packet stand behind the sound, which is a file of our own and has neither."""
    marks = _riff_chunk(b"LIST", b"INFO" + _riff_chunk(AIGC_KEY.encode(), tag.encode() + b"\0"))
    marks += _riff_chunk(XMP_CHUNK, xmp)
    with source.open("rb") as reader, target.open("wb") as writer:
        if any(_read_sound(reader)):
            raise ProvenanceError("The sound carries marks already, so it is not marked again.")
        reader.seek(0)
        while piece := reader.read(1 << 20):
            writer.write(piece)
        writer.write(marks)
        size = writer.tell() - 8
        if size >= 1 << 32:
            raise ProvenanceError("The sound is longer than a WAV file can hold, which is four gigabytes.")
        writer.seek(4)
        writer.write(struct.pack("<I", size))


def _riff_chunks(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, first byte and length of each chunk; the body starts at an even byte."""
    while start + 8 <= end:
        kind, size = struct.unpack("<4sI", _read(file, start, 8))
        if start + 8 + size > end:
            raise ProvenanceError("The sound breaks off in the middle of a chunk, so it is not complete.")
        yield kind, start + 8, size
        start += 8 + size + size % 2


def _riff_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _read(file: BinaryIO, start: int, size: int) -> bytes:
    file.seek(start)
    return file.read(size)


FILM = Form(kind="film", media_type="video/mp4", suffix=".mp4", read=_read_film, mark=_mark_film)
STILL = Form(kind="still", media_type="image/png", suffix=".png", read=_read_still, mark=_mark_still)
SOUND = Form(kind="sound", media_type="audio/wav", suffix=".wav", read=_read_sound, mark=_mark_sound)
