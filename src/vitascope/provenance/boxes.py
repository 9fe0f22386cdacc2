"""The boxes of an MP4 file: lists them, and writes a copy with one more tag and one more box while every chunk offset
stays right. ISO/IEC 14496-12; tags as in QuickTime File Format, "Metadata". Knows nothing of what the marks mean."""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from vitascope.provenance.errors import ProvenanceError

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")  # XMP Specification Part 3, MPEG-4
_CONTAINERS = (b"trak", b"mdia", b"minf", b"stbl")
_INDEX_BYTES_MAX = 256 * 2**20
_COPY_BYTES = 2**20
# What reading a damaged file raises, beside this package's own error.
DAMAGE = (struct.error, ValueError, LookupError, RecursionError)
_TEXT = struct.pack(">II", 1, 0)  # UTF-8, no locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box at `start` [bytes], `size` bytes long with its header of `header` bytes."""

    kind: bytes
    start: int
    size: int
    header: int

    @property
    def end(self) -> int:
        """Offset of the first byte after the box."""
        return self.start + self.size


def read_boxes(file: BinaryIO, *, start: int = 0, end: int | None = None) -> list[Box]:
    """Return the boxes of `file` between two offsets. Raises ProvenanceError when they do not fill that range."""
    if end is None:
        end = file.seek(0, 2)
    boxes = []
    while start < end:
        file.seek(start)
        head = file.read(16)
        if len(head) < 8:
            raise ProvenanceError("The file breaks off in the middle of a box, so it is not complete.")
        size, kind = struct.unpack(">I4s", head[:8])
        header = 8
        if size == 1 and len(head) == 16:
            size, header = struct.unpack(">Q", head[8:])[0], 16
        elif size == 0:
            size = end - start
        if size < header or start + size > end:
            raise ProvenanceError("The file breaks off in the middle of a box, so it is not complete.")
        boxes.append(Box(kind=kind, start=start, size=size, header=header))
        start += size
    return boxes


def read_film_boxes(file: BinaryIO) -> list[Box]:
    """Return the top-level boxes of an MP4. Raises ProvenanceError when it is not one, or not whole."""
    file.seek(4)
    if file.read(4) != b"ftyp":
        raise ProvenanceError("This is not an MP4 film.")
    boxes = read_boxes(file)
    kinds = [box.kind for box in boxes]
    if b"moof" in kinds:
        raise ProvenanceError("This MP4 is cut into fragments; write it as one piece first.")
    if kinds.count(b"moov") != 1 or b"mdat" not in kinds:
        raise ProvenanceError("This MP4 has no index or no media in it, so it is not a complete film.")
    return boxes


def read_body(file: BinaryIO, box: Box) -> bytes:
    """Return what `box` holds after its header. Raises ProvenanceError for more than 256 MiB."""
    if box.size > _INDEX_BYTES_MAX:
        raise ProvenanceError(f"A box of {box.size} bytes is too long to be read; at most 256 MiB is allowed.")
    file.seek(box.start + box.header)
    return file.read(box.size - box.header)


def read_tags(file: BinaryIO, boxes: list[Box], key: str) -> list[str]:
    """Return the texts of every tag named `key` in the index."""
    moov = read_body(file, next(box for box in boxes if box.kind == b"moov"))
    found = []
    for _, meta in _tag_boxes(moov):
        found += [text for name, text in _texts(meta) if name == key]
    return found


def read_xmp(file: BinaryIO, boxes: list[Box]) -> list[bytes]:
    """Return the XMP packets among the top-level boxes."""
    return [read_body(file, box)[16:] for box in boxes if _is_xmp(file, box)]


def copy_with_marks(source: Path, target: Path, *, tag: tuple[str, str], xmp: bytes) -> None:
    """Write `target` as `source` with one text tag (key, value) in its index and one XMP box at its end.

    An older tag of that name or XMP box is left out. The XMP goes after the media: the index stays in front, and a
    player needs nothing from there. What moved is put right in the chunk offsets. Raises ProvenanceError and OSError.
    """
    with source.open("rb") as reader, target.open("wb") as writer:
        kept = [box for box in read_film_boxes(reader) if not _is_xmp(reader, box)]
        moov = next(box for box in kept if box.kind == b"moov")
        tagged = _with_tag(read_body(reader, moov), *tag)
        new_starts, position = [], 0
        for box in kept:
            new_starts.append(position)
            position += len(tagged) + 8 if box is moov else box.size
        tagged = _with_offsets(tagged, _mover(kept, new_starts))
        for box in kept:
            if box is moov:
                writer.write(struct.pack(">I4s", len(tagged) + 8, b"moov") + tagged)
            else:
                _copy_box(reader, writer, box)
        writer.write(_box(b"uuid", XMP_UUID + xmp))


def _is_xmp(file: BinaryIO, box: Box) -> bool:
    if box.kind != b"uuid":
        return False
    file.seek(box.start + box.header)
    return file.read(16) == XMP_UUID


def _copy_box(reader: BinaryIO, writer: BinaryIO, box: Box) -> None:
    reader.seek(box.start)
    head = reader.read(box.header)
    if head[:4] == b"\0\0\0\0":  # "to the end of the file", which is no longer true
        if box.size >= 2**32:
            raise ProvenanceError("The last box has no length and is over 4 GiB; write the film again with one.")
        head = struct.pack(">I", box.size) + head[4:]
    writer.write(head)
    left = box.size - box.header
    while left > 0:
        block = reader.read(min(left, _COPY_BYTES))
        if not block:
            raise ProvenanceError("The film became shorter while it was being copied; try again.")
        writer.write(block)
        left -= len(block)


def _mover(kept: list[Box], new_starts: list[int]) -> Callable[[int], int]:
    old_starts = [box.start for box in kept]

    def move(offset: int) -> int:
        index = max(0, bisect_right(old_starts, offset) - 1)
        return offset + new_starts[index] - old_starts[index]

    return move


def _with_offsets(body: bytes, move: Callable[[int], int]) -> bytes:
    """Return the body of a moov, trak, mdia, minf or stbl with every chunk offset moved."""
    parts = []
    for kind, content in _children(body):
        if kind in _CONTAINERS:
            content = _with_offsets(content, move)
        elif kind in (b"stco", b"co64"):
            letter, limit = ("I", 2**32) if kind == b"stco" else ("Q", 2**64)
            count = struct.unpack(">I", content[4:8])[0]
            offsets = [move(offset) for offset in struct.unpack_from(f">{count}{letter}", content, 8)]
            if offsets and max(offsets) >= limit:
                raise ProvenanceError("The film is too long for its kind of index; write it with 64-bit offsets.")
            content = content[:8] + struct.pack(f">{count}{letter}", *offsets)
        parts.append(_box(kind, content))
    return b"".join(parts)


def _with_tag(moov: bytes, key: str, value: str) -> bytes:
    """Return the body of `moov` with the text tag set, in the tag box it has or in a new one."""
    places = [place for place, _ in _tag_boxes(moov)]
    children = list(_children(moov))
    if not places:
        return moov + _box(b"meta", _set_text(_EMPTY_META, key, value))
    changed = []
    for kind, content in children:
        if kind == b"meta" and places[0] == b"moov":
            content = _set_text(content, key, value)
        elif kind == b"udta" and places[0] == b"udta":
            inner = (_box(k, _set_text(c, key, value) if _is_tag_box(k, c) else c) for k, c in _children(content))
            content = b"".join(inner)
        changed.append(_box(kind, content))
    return b"".join(changed)


def _tag_boxes(moov: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (place, body) of each box of keyed tags: directly in the index or in its user data."""
    for kind, content in _children(moov):
        if _is_tag_box(kind, content):
            yield b"moov", content
        elif kind == b"udta":
            for inner_kind, inner in _children(content):
                if _is_tag_box(inner_kind, inner):
                    yield b"udta", inner


def _is_tag_box(kind: bytes, body: bytes) -> bool:
    if kind != b"meta":
        return False
    handlers = [content for name, content in _children(_after_version(body)) if name == b"hdlr"]
    return bool(handlers) and handlers[0][8:12] == b"mdta"


def _after_version(meta: bytes) -> bytes:
    return meta if meta[4:8] == b"hdlr" else meta[4:]


def _texts(meta: bytes) -> list[tuple[str, str]]:
    return [(key.decode("utf-8", "replace"), _text_of(item)) for key, item in _items(meta)]


def _text_of(item: bytes) -> str:
    for kind, content in _children(item):
        if kind == b"data":
            return content[8:].decode("utf-8", "replace")
    return ""


def _items(meta: bytes) -> list[tuple[bytes, bytes]]:
    """Return (key, item body) of a box of keyed tags."""
    parts = dict(_children(_after_version(meta)))
    table, keys = parts.get(b"keys", b""), []
    for _, name in _children(table[8:]):
        keys.append(name)
    items = []
    for number, content in _children(parts.get(b"ilst", b"")):
        index = struct.unpack(">I", number)[0] - 1
        if 0 <= index < len(keys):
            items.append((keys[index], content))
    return items


def _set_text(meta: bytes, key: str, value: str) -> bytes:
    name = key.encode()
    items = [(known, content) for known, content in _items(meta) if known != name]
    items.append((name, _box(b"data", _TEXT + value.encode())))
    keys = b"".join(_box(b"mdta", known) for known, _ in items)
    values = b"".join(_box(struct.pack(">I", number), content) for number, (_, content) in enumerate(items, 1))
    body = _after_version(meta)
    others = b"".join(_box(kind, content) for kind, content in _children(body) if kind not in (b"keys", b"ilst"))
    table = _box(b"keys", struct.pack(">II", 0, len(items)) + keys)
    return meta[: len(meta) - len(body)] + others + table + _box(b"ilst", values)


def _children(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    while position + 8 <= len(body):
        size, kind = struct.unpack_from(">I4s", body, position)
        header = 8
        if size == 1 and position + 16 <= len(body):
            size, header = struct.unpack_from(">Q", body, position + 8)[0], 16
        if size < header or position + size > len(body):
            return  # user data may end in a 32-bit zero, which is not a box
        yield kind, body[position + header : position + size]
        position += size


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, kind) + body


_EMPTY_META = bytes(4) + _box(b"hdlr", bytes(8) + b"mdta" + bytes(13))
