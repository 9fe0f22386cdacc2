"""Nothing half-made stays: bad input, errors, Ctrl-C, a full disk; and memory does not grow with the film."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vitascope import media

WRITE = """
import resource, sys, time
import numpy as np
from vitascope import media
target, frame_count, file_limit, pause = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
if file_limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
rng = np.random.default_rng(0)
noise = rng.integers(0, 255, (144, 128, 3), dtype=np.uint8)
try:
    with media.FilmWriter(target, size=(128, 128), fps=24) as film:
        frames = (noise[i % 16 : i % 16 + 128] for i in range(frame_count))
        for i, chunk in enumerate(media.encode_chunks(frames, size=(128, 128), fps=24, quality="draft")):
            film.write_chunk(chunk)
            film.write_sound(np.zeros((48_000, 2), np.float32))
            if pause:
                print(i, flush=True)
                time.sleep(pause)
except media.MediaError as error:
    print(error)
    sys.exit(3)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def one_frame(frame: np.ndarray) -> media.EncodedChunk:
    with media.ChunkEncoder(size=(128, 128), fps=24) as encoder:
        encoder.write(frame)
        return encoder.finish()


def write_elsewhere(target: Path, frame_count: int, file_limit: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WRITE, str(target), str(frame_count), str(file_limit), "0"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "words"),
    [("none/a.mp4", "folder does not exist"), ("", "This is a folder"), ("a.avi", "use .mp4"), ("a", "no ending")],
)
def test_a_bad_destination_is_refused_before_the_work(tmp_path: Path, name: str, words: str) -> None:
    """A missing folder, a folder as the name and a foreign ending each give one clear sentence."""
    with pytest.raises(media.MediaError, match=words):
        media.check_destination(tmp_path / name)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_permission_is_refused(tmp_path: Path) -> None:
    """A folder that may not be written to is noticed before the work; root may write anywhere."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.access(closed, os.W_OK):
        pytest.skip("this user may write to any folder")

    with pytest.raises(media.MediaError, match="may not be written to"):
        media.check_destination(closed / "a.mp4")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"size": (129, 128)}, "even"),
        ({"size": (4096, 4096)}, "sides go from"),
        ({"fps": 12}, "from 24 to 120"),
        ({"sound_rate": 8000}, "48000"),
    ],
)
def test_a_format_that_cannot_be_written_is_refused(tmp_path: Path, options: dict, words: str) -> None:
    """Odd sides, too large, too slow, a foreign sound rate: each names what is allowed."""
    with pytest.raises(media.MediaError, match=words):
        media.FilmWriter(tmp_path / "a.mp4", **{"size": (128, 128), "fps": 24, **options})

    assert list(tmp_path.iterdir()) == []


def test_wrong_frames_and_sounds_are_refused(tmp_path: Path) -> None:
    """A frame of another size and sound of another shape or with a hole in it are refused, and nothing stays."""
    good = np.zeros((128, 128, 3), np.uint8)
    broken = np.full((10, 2), np.nan, np.float32)

    def write(frame: np.ndarray, sound: np.ndarray | None) -> None:
        with media.FilmWriter(tmp_path / "a.mp4", size=(128, 128), fps=24) as film:
            film.write_chunk(one_frame(frame))
            if sound is not None:
                film.write_sound(sound)

    for frame, sound in (
        (good[:64], None),
        (good.astype(float), None),
        (good, np.zeros(5, np.float32)),
        (good, broken),
    ):
        with pytest.raises(media.MediaError):
            write(frame, sound)

    assert list(tmp_path.iterdir()) == []


def test_an_error_or_no_frame_leaves_what_was_there(tmp_path: Path) -> None:
    """A failed film neither stays nor replaces an older one of the same name."""
    target = tmp_path / "a.mp4"
    target.write_bytes(b"older")

    def stumble() -> None:
        with media.FilmWriter(target, size=(128, 128), fps=24) as film:
            film.write_chunk(one_frame(np.zeros((128, 128, 3), np.uint8)))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        stumble()
    with pytest.raises(media.MediaError, match="No frame"), media.FilmWriter(target, size=(128, 128), fps=24):
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
    assert target.read_bytes() == b"older"


def test_the_last_step_decides_what_is_published(tmp_path: Path) -> None:
    """What `finish_with` writes becomes the film; if it fails, there is none."""

    def double(complete: Path, marked: Path) -> None:
        marked.write_bytes(complete.read_bytes() * 2)

    def forget(complete: Path, marked: Path) -> None:
        assert complete.stat().st_size > 0
        assert not marked.exists()

    black = np.zeros((128, 128, 3), np.uint8)
    with media.FilmWriter(tmp_path / "a.mp4", size=(128, 128), fps=24, finish_with=double) as film:
        film.write_chunk(one_frame(black))
    with (
        pytest.raises(media.MediaError, match="wrote no file"),
        media.FilmWriter(tmp_path / "b.mp4", size=(128, 128), fps=24, finish_with=forget) as film,
    ):
        film.write_chunk(one_frame(black))

    content = (tmp_path / "a.mp4").read_bytes()
    assert content[: len(content) // 2] == content[len(content) // 2 :]
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_full_disk_gives_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    """When the system refuses to write, while encoding or while joining, no file stays."""
    whole = write_elsewhere(tmp_path / "whole.mp4", 48)
    assert whole.returncode == 0, whole.stderr
    size = (tmp_path / "whole.mp4").stat().st_size
    (tmp_path / "whole.mp4").unlink()

    for limit in (size // 3, size - 2000):
        result = write_elsewhere(tmp_path / "a.mp4", 48, limit)

        assert (result.returncode, result.stderr) == (3, "")
        assert result.stdout.startswith("The disk is full")
        assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a film removes what was begun."""
    command = [sys.executable, "-c", WRITE, str(tmp_path / "a.mp4"), "10000", "0", "0.01"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(5):
            process.stdout.readline()
        begun = list(tmp_path.iterdir())
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)

    assert len(begun) == 1
    assert begun[0].name.startswith(".a.mp4.")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs resource usage")
def test_memory_does_not_grow_with_the_film(tmp_path: Path) -> None:
    """A film twenty times as long peaks within 6 MB of the short one; its raw frames alone would take 47 MB more."""
    peaks = [int(write_elsewhere(tmp_path / f"{n}.mp4", n).stdout) for n in (50, 1000)]

    assert peaks[1] - peaks[0] < 6 * 1024
