"""From a film to a signed file: build each stage, draw and encode its frames as they come, mix the sound, mark, publish.

Frames stream from the renderer to the encoder through a short queue, so memory does not grow with length. Nothing appears
under the target's name before everything is done.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np

from vitascope import __version__, media, provenance
from vitascope.film import Film, film_to_json, frame_count, frame_time
from vitascope.render import Renderer, warm_up
from vitascope.sound import mix
from vitascope.sound import render as render_sound
from vitascope.studio.check import check_film, check_target, document_beside
from vitascope.world.build import build_stage

__all__ = ["FilmResult", "Progress", "StageTimes", "film_still", "make_film"]

ENGINE = "Vitascope world"
QUEUE = 3
SOUND_RATE = 48_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the work is: a step name, frames done and frames in all."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageTimes:
    """Wall seconds by stage. `encode` runs beside `render`; `encode_wait` is what the renderer waited for it."""

    world: float
    render: float
    sound: float
    encode: float
    encode_wait: float
    sign: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmResult:
    """What was made: the files, their size, the frames, and how long each stage took."""

    path: Path
    document: Path
    size_bytes: int
    frames: int
    times: StageTimes


def make_film(
    film: Film,
    path: str | Path,
    *,
    label: bool = True,
    progress: Callable[[Progress], None] = lambda p: None,
) -> FilmResult:
    """Make `film` at `path` (an .mp4), signed, with its document beside it.

    Raises, before any work, MediaError for a destination that cannot be written, ProvenanceError for keys that cannot be
    used and what `check_film` raises; later MediaError for a full disk. On any failure nothing is left at `path`. The clock
    is read only for the time of making that the marks state.
    """
    target = check_target(path)
    check_film(film)
    keys = provenance.load_keys()
    document = document_beside(target)
    text = film_to_json(film)
    total = sum(frame_count(shot.duration, film.fps) for shot in film.shots)
    clock = _Clock()
    size = (film.size.width, film.size.height)
    mark = provenance.Label(size) if label else None
    poster: list[bytes] = []

    def sign(complete: Path, marked: Path) -> None:
        progress(Progress(step="sign", done=total, total=total))
        with clock.measure("sign"):
            facts = provenance.MarkFacts(
                title=_public_title(film),
                created=datetime.now(UTC),
                engine=ENGINE,
                engine_version=__version__,
                film_sha256=provenance.digest_film(text.encode()),
                label=provenance.LABEL_TEXT if label else None,
                poster=poster[0] if poster else None,
            )
            provenance.sign(complete, marked, facts=facts, keys=keys)

    sound_rate = None if film.silent else SOUND_RATE
    with (
        _published_after(document, text),
        media.FilmWriter(target, size=size, fps=film.fps, sound_rate=sound_rate, finish_with=sign) as writer,
    ):
        sounds = []
        done = 0
        warm_up(film)
        for index in range(len(film.shots)):
            progress(Progress(step="world", done=done, total=total))
            with clock.measure("world"):
                stage = build_stage(film, index)
            with _Encoder(writer, clock, size, film.fps) as encoder:
                for frame in _frames(film, index, stage, clock):
                    if mark is not None:
                        frame = mark.apply(frame)
                    if not poster and done >= total // 3:
                        poster.append(media.encode_poster(frame))
                    encoder.put(frame)
                    done += 1
                    progress(Progress(step="render", done=done, total=total))
            if not film.silent:
                progress(Progress(step="sound", done=done, total=total))
                with clock.measure("sound"):
                    sounds.append(render_sound(stage.soundscape(), rate=SOUND_RATE))
        if sounds:
            with clock.measure("sound"):
                writer.write_sound(mix(sounds, rate=SOUND_RATE))
    return FilmResult(
        path=target,
        document=document,
        size_bytes=target.stat().st_size,
        frames=total,
        times=StageTimes(**{name: clock.seconds.get(name, 0.0) for name in StageTimes.__slots__}),
    )


def film_still(film: Film, t: float, *, label: bool = True) -> np.ndarray:
    """One frame of the film at `t` seconds: sRGB uint8 (H, W, 3)."""
    before = 0.0
    index = 0
    for index, shot in enumerate(film.shots):
        if t < before + float(shot.duration) or index == len(film.shots) - 1:
            break
        before += float(shot.duration)
    stage = build_stage(film, index)
    size = (film.size.width, film.size.height)
    with Renderer(stage, size, fps=float(film.fps)) as renderer:
        frame = renderer.draw(min(max(t - before, 0.0), stage.duration)).colour
    return provenance.Label(size).apply(frame) if label else frame


def _public_title(film: Film) -> str:
    """The title that anyone who gets the file can read: never the prompt, which is private."""
    return film.title if film.title and film.title != film.prompt else "A film made with Vitascope"


def _frames(film: Film, index: int, stage, clock: _Clock) -> Iterator[np.ndarray]:
    times = [float(frame_time(i, film.fps)) for i in range(frame_count(film.shots[index].duration, film.fps))]
    with clock.measure("render"):
        renderer = Renderer(stage, (film.size.width, film.size.height), fps=float(film.fps))
    with renderer:
        frames = renderer.frames(times)
        while True:
            with clock.measure("render"):
                frame = next(frames, None)
            if frame is None:
                return
            yield frame.colour


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


class _Clock:
    """Wall seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def measure(self, name: str) -> _Stopwatch:
        return _Stopwatch(self, name)


class _Stopwatch:
    def __init__(self, clock: _Clock, name: str) -> None:
        self._clock, self._name = clock, name

    def __enter__(self) -> None:
        self._start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        spent = time.perf_counter() - self._start
        self._clock.seconds[self._name] = self._clock.seconds.get(self._name, 0.0) + spent


class _Encoder:
    """Encodes a shot on a thread of its own, a few frames behind the renderer."""

    def __init__(self, writer: media.FilmWriter, clock: _Clock, size: tuple[int, int], fps: Fraction) -> None:
        self._writer, self._clock, self._size, self._fps = writer, clock, size, fps
        self._queue: queue.Queue[np.ndarray | None] = queue.Queue(QUEUE)
        self._chunk: media.ChunkEncoder | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="encoder", daemon=True)

    def __enter__(self) -> _Encoder:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._queue.put(None)
        self._thread.join()
        if kind is None and self._error is not None:
            raise self._error

    def put(self, frame: np.ndarray) -> None:
        """Hand over one frame; waits while the encoder is behind. Raises what the encoder raised."""
        if self._error is not None:
            raise self._error
        with self._clock.measure("encode_wait"):
            self._queue.put(frame)

    def _run(self) -> None:
        while True:
            frame = self._queue.get()
            if self._error is None:
                try:
                    with self._clock.measure("encode"):
                        self._encode(frame)
                except Exception as error:  # handed to the thread that films
                    self._error = error
            if frame is None:
                return

    def _encode(self, frame: np.ndarray | None) -> None:
        """Add `frame` to the chunk at work, and that to the film when it is full or the shot is over (None)."""
        if frame is not None:
            self._chunk = self._chunk or media.ChunkEncoder(size=self._size, fps=self._fps)
            self._chunk.write(frame)
        if self._chunk is not None and (frame is None or self._chunk.frame_count == media.chunk_length(self._fps)):
            self._writer.write_chunk(self._chunk.finish())
            self._chunk = None
