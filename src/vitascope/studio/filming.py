"""From a film to a signed file: its picture chunk by chunk, its sound, its marks, published in one step.

Chunks stream from the store or the renderer to the file, so memory does not grow with length. Nothing appears under the
target's name before everything is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np

from vitascope import __version__, media, provenance
from vitascope.director import title_from
from vitascope.film import Film, film_to_json, layers_at
from vitascope.recipe import Catalogue
from vitascope.render import Renderer
from vitascope.sound import can_speak
from vitascope.studio import library as shelf
from vitascope.studio.check import check_film, check_target, document_beside
from vitascope.studio.clock import Clock
from vitascope.studio.engine import WORLD, Engine
from vitascope.studio.memory import Memory
from vitascope.studio.mixing import mixed
from vitascope.studio.picture import MadeChunk, Pictures
from vitascope.studio.plan import frame_total, plan_chunks, shot_at
from vitascope.studio.soundtrack import SOUND_RATE, write_sound
from vitascope.world.build import build_stage

__all__ = ["FilmResult", "Progress", "StageTimes", "film_still", "make_chunk", "make_film"]

POSTER, POSTER_OF_EDIT = 512, 160
"""Long sides [px]: a film carries the posters of all that it was edited from, so those of edits are small."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the work is: a step name, frames done and frames in all, and the picture if it was made anew just now."""

    step: str
    done: int
    total: int
    picture: np.ndarray | None = None
    """(H, W, 3) uint8, without label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTimes:
    """Wall seconds by stage. `encode` and `keep` run beside `render`; `encode_wait` is what it waited for them.

    `address` is what it took to tell what has changed; `keep` what it took to keep plates for later edits.
    """

    world: float
    address: float
    render: float
    sound: float
    encode: float
    encode_wait: float
    keep: float
    sign: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmResult:
    """What was made: the files, their size, the frames by how they came about, the chunks, and how long each stage took."""

    path: Path
    document: Path
    size_bytes: int
    frames: int
    ways: Counter[str]
    """Frames that were reused, graded, redrawn and drawn; see docs/continuity.md."""
    chunks: tuple[str, ...]
    """Addresses of the chunks in the film's order, hexadecimal."""
    chunk_ways: tuple[Counter[str], ...]
    """The ways of each chunk; all of them together are `ways`."""
    times: StageTimes
    remark: str | None = None
    """What is poorer than it could be: lines that are not spoken, later edits that will cost more than they need."""


def make_film(
    film: Film,
    path: str | Path,
    *,
    label: bool = True,
    earlier: Film | None = None,
    memory: Memory | None = None,
    parent: Path | None = None,
    engine: Engine = WORLD,
    progress: Callable[[Progress], None] = lambda p: None,
) -> FilmResult:
    """Make `film` at `path` (an .mp4), signed, with its document beside it. `parent` is the film file it was edited from.

    `earlier` is the film that this one was edited from: what stayed as it was there is not drawn again. `memory` is what
    this process keeps from film to film; without one, only what lies in the store is used. `engine` makes the picture.

    Raises, before any work, MediaError for a destination that cannot be written, ProvenanceError for keys that cannot be
    used and what `check_film` raises; later MediaError for a full disk. On any failure nothing is left at `path`. The clock
    is read only for the time of making that the marks state.
    """
    target = check_target(path)
    check_film(film)
    keys = provenance.load_keys()
    text = film_to_json(film)
    size = (film.size.width, film.size.height)
    clock, total = Clock(), frame_total(film)
    ways: list[Counter[str]] = []
    addresses: list[str] = []
    poster: list[bytes] = []
    side = POSTER_OF_EDIT if parent else POSTER

    def sign(complete: Path, marked: Path) -> None:
        progress(Progress(step="sign", done=total, total=total))
        with clock.measure("sign"):
            actions, ingredients = provenance.origin(parent, source_type=engine.source_type)
            facts = provenance.MarkFacts(
                title=_public_title(film),
                created=datetime.now(UTC),
                engine=engine.title,
                engine_version=__version__,
                film_sha256=provenance.digest_film(text.encode()),
                label=provenance.LABEL_TEXT if label else None,
                actions=actions,
                ingredients=ingredients,
                poster=poster[0] if poster else None,
                model=engine.model,
            )
            provenance.sign(complete, marked, facts=facts, keys=keys)

    with (
        nullcontext(memory) if memory is not None else Memory() as held,
        _published_after(document_beside(target), text),
        media.FilmWriter(
            target,
            size=size,
            fps=film.fps,
            sound_rate=None if film.silent else SOUND_RATE,
            finish_with=sign,
        ) as writer,
    ):
        counter = _Counter(total, progress)
        progress(Progress(step="world", done=0, total=total))
        pictures = engine.pictures(
            film,
            earlier=earlier,
            memory=held,
            label=provenance.Label(size) if label else None,
            clock=clock,
            shown=counter.shown,
        )
        for chunk in pictures:
            writer.write_chunk(chunk.chunk)
            ways.append(chunk.ways)
            addresses.append(chunk.address.hex())
            counter.reach(sum(each.total() for each in ways))
            if not poster and counter.done * 3 >= total:
                poster.append(media.encode_poster(media.read_frame(chunk.chunk), long_side=side))
        if not film.silent:
            progress(Progress(step="sound", done=total, total=total))
            write_sound(film, writer, held, clock)
        remark = held.store.trouble or _unspoken(film) or engine.remark
    return FilmResult(
        path=target,
        document=document_beside(target),
        size_bytes=target.stat().st_size,
        frames=total,
        ways=sum(ways, Counter()),
        chunks=tuple(addresses),
        chunk_ways=tuple(ways),
        times=StageTimes(**{name: clock.seconds.get(name, 0.0) for name in StageTimes.__slots__}),
        remark=remark,
    )


def make_chunk(
    film: Film,
    number: int,
    *,
    label: bool = True,
    earlier: Film | None = None,
    memory: Memory,
    shown: Callable[[np.ndarray], None] = lambda frame: None,
    opened: Callable[[media.EncodedChunk], None] | None = None,
) -> MadeChunk:
    """Chunk `number` (from 0) of `film`, kept in the store: the same bytes at the same address as `make_film` makes.

    `shown` is called with each frame (H, W, 3) uint8 that is made anew; what it raises stops the work. `opened` is
    called, on another thread, with the first frames while the others are made: a smaller chunk that is no part of the film.
    Beside that the arguments are those of `make_film`. Raises what `check_film` raises.
    """
    check_film(film)
    pictures = Pictures(
        film,
        earlier=earlier,
        memory=memory,
        label=provenance.Label((film.size.width, film.size.height)) if label else None,
        clock=Clock(),
        shown=shown,
        opened=opened,
    )
    (chunk,) = pictures.only([plan_chunks(film)[number]])
    return chunk


def _unspoken(film: Film) -> str | None:
    """What is poorer for want of a voice."""
    lines = any(cue.kind in ("narration", "dialogue") for shot in film.shots for cue in shot.cues)
    if not lines or film.silent or can_speak():
        return None
    return "The lines of this film are not spoken: there is no voice here. Install: apt-get install espeak-ng"


class _Counter:
    """Frames done, told as they come."""

    def __init__(self, total: int, progress: Callable[[Progress], None]) -> None:
        self.done, self._total, self._progress = 0, total, progress

    def shown(self, picture: np.ndarray) -> None:
        """One more frame, made anew."""
        self.done += 1
        self._progress(Progress(step="render", done=self.done, total=self._total, picture=picture))

    def reach(self, done: int) -> None:
        """All frames up to `done`, reused ones among them."""
        self.done = done
        self._progress(Progress(step="render", done=done, total=self._total))


def film_still(film: Film, t: float, *, label: bool = True, library: Catalogue | None = None) -> np.ndarray:
    """One frame of the film at `t` seconds: sRGB uint8 (H, W, 3). `library` is this user's unless another is given."""
    library = library or shelf.library()
    shot, start = shot_at(film, min(max(Fraction(t), Fraction(0)), film.duration))
    moment = Fraction(min(max(t - float(start), 0.0), float(shot.duration))).limit_denominator(100_000)
    size = (film.size.width, film.size.height)
    parts: list[tuple[float, np.ndarray]] = []
    for layer in layers_at(shot, min(moment, shot.duration - 1 / film.fps)):
        stage = build_stage(film.model_copy(update={"shots": (layer.shot,)}), library=library)
        with Renderer(stage, size, fps=float(film.fps)) as renderer:
            parts.append((layer.share, renderer.draw(float(moment)).colour))
    frame = mixed(parts)
    return provenance.Label(size).apply(frame) if label else frame


def _public_title(film: Film) -> str:
    """The title that anyone who gets the file can read: never the prompt, which is private."""
    given = film.title and film.title not in (film.prompt, title_from(film.prompt))
    return film.title if given else "A film made with Vitascope"


@contextmanager
def _published_after(path: Path, text: str) -> Iterator[None]:
    """Writes `text` at once where nobody sees it, and gives it the name `path` when what it stands beside is done."""
    with media.workplace(path) as folder:
        waiting = folder / path.name
        try:
            waiting.write_text(text, encoding="utf-8")
        except OSError as error:
            raise media.describe_write_failure(error, path) from error
        yield
        media.publish(waiting, path)
