"""Streams chunks of pictures and sound into a film file that appears under its name only when it is complete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vitascope.media.chunk import EncodedChunk
from vitascope.media.destination import check_destination, publish, workplace
from vitascope.media.errors import MediaError, describe_write_failure
from vitascope.media.format import check_picture
from vitascope.media.mux import mux
from vitascope.media.tracks import PictureTrack, SoundTrack

SOUND_RATES = (48_000, 44_100)


class FilmWriter:
    """A context manager that writes one MP4 (H.264, AAC), chunk by chunk.

    Pictures and sound may come in any order and any number of pieces; both go to disk as they come. The packets of a
    chunk are in the film as they were in the chunk, wherever it was made. The sound is made as long as the picture: cut
    where it is longer, followed by silence where it is shorter or missing.
    Leaving the context normally finishes the file; leaving it by any exception removes every trace.

    `finish_with(complete, marked)`, if given, gets the complete file and must write a second one (for example a signed
    copy); that one is published instead. Both names lie in a hidden folder beside the target.

    Raises MediaError for a bad destination, size, rate, chunk, sound or a full disk.
    """

    def __init__(
        self,
        path: str | Path,
        *,
        size: tuple[int, int],
        fps: Fraction | int,
        sound_rate: int | None = 48_000,
        metadata: Mapping[str, str] | None = None,
        finish_with: Callable[[Path, Path], object] | None = None,
    ) -> None:
        """`size` is (width, height) [px], `fps` [frames/s], `sound_rate` [samples/s] or None for a silent film."""
        check_picture(size, Fraction(fps))
        _check_sound(sound_rate)
        self.target = check_destination(path)
        self._finish_with = finish_with
        self._metadata = dict(metadata or {})
        self._fps = Fraction(fps)
        self._stack = ExitStack()
        with ExitStack() as opening:
            folder = opening.enter_context(workplace(self.target))
            self._folder = folder
            self._pictures = PictureTrack(folder / "pictures.mp4", size=size, fps=self._fps)
            opening.callback(_close_quietly, self._pictures)
            self._sound = None if sound_rate is None else SoundTrack(folder / "sound.mp4", rate=sound_rate)
            if self._sound is not None:
                opening.callback(_close_quietly, self._sound)
            self._stack = opening.pop_all()
        self._open = True

    @property
    def frame_count(self) -> int:
        """Frames written so far."""
        return self._pictures.frame_count

    def write_chunk(self, chunk: EncodedChunk) -> None:
        """Add the next pictures. Raises MediaError when the chunk is damaged or of another size, rate or encoding."""
        self._check_open()
        try:
            self._pictures.write(chunk)
        except OSError as error:
            raise describe_write_failure(error, self.target) from error

    def write_sound(self, samples: NDArray[np.float32]) -> None:
        """Add the next piece of sound: float32 (N, 2), range [-1, 1]. Raises MediaError."""
        self._check_open()
        if self._sound is None:
            raise MediaError("This film was opened without sound; give a sound rate to add some.")
        try:
            self._sound.write(samples)
        except OSError as error:
            raise describe_write_failure(error, self.target) from error

    def finish(self) -> Path:
        """Complete the film, let `finish_with` mark it, move it to its name and return that. Raises MediaError."""
        self._check_open()
        if not self.frame_count:
            self.discard()
            raise MediaError(f"No frame was written, so there is no film: {self.target}")
        try:
            return publish(self._complete(), self.target)
        except OSError as error:
            raise describe_write_failure(error, self.target) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """Remove everything that was not published. Safe to call twice."""
        self._open = False
        self._stack.close()

    def _complete(self) -> Path:
        self._pictures.finish()
        if self._sound is not None:
            self._sound.pad(self._pictures.duration)
            self._sound.finish()
        complete = self._folder / "complete.mp4"
        sound_path = None if self._sound is None else self._sound.path
        mux(
            self._pictures.path,
            sound_path,
            complete,
            fps=self._fps,
            duration=self._pictures.duration,
            metadata=self._metadata,
        )
        if self._finish_with is None:
            return complete
        marked = self._folder / "marked.mp4"
        self._finish_with(complete, marked)
        if not marked.is_file():
            raise MediaError(f"The step after encoding wrote no file, so nothing was published: {self.target}")
        return marked

    def _check_open(self) -> None:
        if not self._open:
            raise MediaError(f"This film is already closed; open a new one to write more: {self.target}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._open:
            return
        if kind is None:
            self.finish()
        else:
            self.discard()


def _check_sound(sound_rate: int | None) -> None:
    if sound_rate is not None and sound_rate not in SOUND_RATES:
        raise MediaError(f"The sound rate is {sound_rate}; use 48000 or 44100, or none for a silent film.")


def _close_quietly(track: PictureTrack | SoundTrack) -> None:
    with suppress(OSError, ValueError):  # the file is about to be removed; a full disk says so here once more
        track.close()
