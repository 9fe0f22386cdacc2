"""What a worker does with a film: draw one chunk, or join all chunks to the finished files. The same for every executor.

Both are functions of their task, of what the worker keeps (`Memory`) and of storage; they know no processes and no network.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import numpy as np

from vitascope import media
from vitascope.film import film_from_json
from vitascope.jobs.executor import DrawChunk, FinishFilm
from vitascope.jobs.storage import Storage
from vitascope.studio import Memory, Progress, make_chunk, make_film, visible_label

__all__ = ["Cancelled", "draw_chunk", "finish_film", "publish_film"]

THUMBNAIL_SIDE = 512
"""Long side of the thumbnail [px]."""
SHEET_COLUMNS = SHEET_ROWS = 5
SHEET_CELL_SIDE = 256
"""Long side of a picture on the sheet [px]."""
_READ_BYTES = 1 << 20


class Cancelled(BaseException):
    """Raised by a `step` whose task is not wanted any more, or amid whatever else is done for it.

    What goes on after any Exception must not go on after this one: it would keep what is half done.
    """


def draw_chunk(
    task: DrawChunk, memory: Memory, step: Callable[[int], None], opened: Callable[[str], None] = lambda address: None
) -> dict[str, object]:
    """Draw a chunk of a film, unless it lies in the store, and keep it there. Result: address, ways, frames, seconds.

    `step` is called with the frames done so far, after each; what it raises ends the work. `opened` is
    called, on another thread, with the address of what can be seen while an awaited chunk is drawn. Raises FilmError for a
    document that cannot be read and what `make_chunk` raises.
    """
    film, earlier = film_from_json(task.film), None if task.earlier is None else film_from_json(task.earlier)
    started, drawn = time.perf_counter(), Counter[str]()

    def shown(frame: np.ndarray) -> None:
        del frame
        drawn["frames"] += 1
        step(drawn["frames"])

    def keep(opening: media.EncodedChunk) -> None:
        content = opening.to_bytes()
        address = hashlib.sha256(content).digest()
        if memory.store.put("chunk", address, content):
            opened(address.hex())

    step(0)
    made = make_chunk(
        film, task.number, label=visible_label(), earlier=earlier, memory=memory, shown=shown,
        opened=keep if task.awaited else None,
    )  # fmt: skip
    return {
        "address": made.address.hex(),
        "ways": dict(made.ways),
        "frames": made.plan.count,
        "seconds": round(time.perf_counter() - started, 3),
    }


def finish_film(
    task: FinishFilm, memory: Memory, storage: Storage, step: Callable[[int], None], *, folder: Path
) -> dict[str, object]:
    """Make the film, whose chunks lie in the store, and put its files into storage. What is not in the store is drawn.

    `folder` is a place of this worker's own where files are while they are made; as many bytes as the film has, twice, must
    fit. The result is as the task says; `ways` tells of each chunk how it came about when it was drawn for this film. Raises
    what `make_film` raises, and StorageError.
    """
    film, earlier = film_from_json(task.film), None if task.earlier is None else film_from_json(task.earlier)
    target, parent = folder / "film.mp4", folder / "parent.mp4"
    step(0)
    if task.parent is not None:
        with suppress(FileNotFoundError):
            storage.fetch(task.parent, parent)

    def progress(at: Progress) -> None:
        step(at.done)

    result = make_film(
        film,
        target,
        label=visible_label(),
        earlier=earlier,
        memory=memory,
        parent=None if task.parent is None else parent,  # one that was deleted is said to be missing
        progress=progress,
    )
    published = publish_film(target, result.document, storage, task.prefix, step=lambda: step(result.frames))
    ways = Counter[str]()
    for number, made in enumerate(result.chunk_ways):
        ways.update(task.drawn.get(number, made) if set(made) == {"reused"} else made)
    return {
        **published,
        "ways": dict(ways),
        "frames": result.frames,
        "chunks": list(result.chunks),
        "remark": result.remark,
    }


def publish_film(
    path: Path, document: Path | None, storage: Storage, prefix: str, *, step: Callable[[], None]
) -> dict[str, object]:
    """Put a finished film under `prefix` with its thumbnail and sheet, and its document if it has one: size_bytes, sha256.

    The film comes last: where it is, the others are. Raises MediaError for what is no film, and StorageError.
    """
    step()
    facts = media.probe(path)
    shares = [Fraction(1, 3), *_shares(min(SHEET_COLUMNS * SHEET_ROWS, facts.frame_count))]
    last = max(Fraction(0), facts.duration - 1 / facts.fps)
    frames = media.read_frames_at(path, tuple(min(share * facts.duration, last) for share in shares))
    thumbnail = media.scale_down(next(frames)[1], long_side=THUMBNAIL_SIDE)
    pictures = []
    for _, frame in frames:
        pictures.append(media.scale_down(frame, long_side=SHEET_CELL_SIDE))
        step()
    sheet = media.contact_sheet(pictures, SHEET_COLUMNS, cell_width=pictures[0].shape[1], gap=0)
    storage.put(f"{prefix}/thumbnail.webp", media.encode_still(thumbnail, "WEBP"), media_type="image/webp")
    storage.put(f"{prefix}/spritesheet.jpg", media.encode_still(sheet, "JPEG"), media_type="image/jpeg")
    if document is not None:
        storage.put(f"{prefix}/film.json", document, media_type="application/json")
    step()
    storage.put(f"{prefix}/film.mp4", path, media_type="video/mp4")
    return {"size_bytes": path.stat().st_size, "sha256": _digest_file(path)}


def _shares(count: int) -> list[Fraction]:
    """Moments in the middle of `count` equal parts of a film, as shares of its length."""
    return [Fraction(2 * k + 1, 2 * count) for k in range(count)]


def _digest_file(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()
