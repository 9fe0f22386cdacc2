"""Storage: the same promises for a folder and for a bucket."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import boto3
import pytest

from vitascope.jobs.storage import Storage, StorageError

FILM = bytes(range(256)) * 20_000
"""5 MB: more than is read at once."""


@pytest.mark.parametrize("as_file", [False, True], ids=["bytes", "file"])
def test_what_is_put_is_read_back(storage: Storage, tmp_path: Path, as_file: bool):
    """Bytes and files alike, whole."""
    (tmp_path / "film.mp4").write_bytes(FILM)

    storage.put("videos/one/film.mp4", tmp_path / "film.mp4" if as_file else FILM, "video/mp4")

    assert storage.read("videos/one/film.mp4") == FILM
    assert storage.size("videos/one/film.mp4") == len(FILM)
    assert storage.exists("videos/one/film.mp4")


def test_a_file_is_fetched_to_this_machine(storage: Storage, tmp_path: Path):
    """Workers edit what lies in the storage as a local file."""
    storage.put("videos/one/film.mp4", FILM)

    storage.fetch("videos/one/film.mp4", tmp_path / "here.mp4")

    assert (tmp_path / "here.mp4").read_bytes() == FILM


@pytest.mark.parametrize(
    ("start", "length"),
    [(0, 1), (1, None), (3_000_000, 1_500_000), (len(FILM) - 1, None), (len(FILM) - 5, 50), (len(FILM), None), (7, 0)],
)
def test_any_part_can_be_read(storage: Storage, start: int, length: int | None):
    """Players ask for ranges."""
    storage.put("film.mp4", FILM)

    with storage.open("film.mp4", start, length) as file:
        found = b"".join(iter(lambda: file.read(100_000), b""))

    assert found == FILM[start : None if length is None else start + length]


def test_a_put_replaces_what_was_there(storage: Storage):
    """The last one holds."""
    storage.put("a/film.json", b"first")
    storage.put("a/film.json", b"second")

    assert storage.read("a/film.json") == b"second"
    assert list(storage.keys()) == ["a/film.json"]


@pytest.mark.parametrize("ask", [Storage.read, Storage.open, Storage.size])
@pytest.mark.parametrize("key", ["nothing/here", "videos", "videos/one"])
def test_what_is_not_there_is_missing(storage: Storage, ask, key: str):
    """A prefix is not a file."""
    storage.put("videos/one/film.mp4", b"film")

    with pytest.raises(FileNotFoundError):
        ask(storage, key)
    assert not storage.exists(key)


def test_deleting_takes_what_is_below_and_nothing_beside(storage: Storage):
    """videos/1 is not videos/10."""
    for key in ("videos/1/a/film.mp4", "videos/1/b.json", "videos/10/film.mp4", "videos/1.json"):
        storage.put(key, b"x")

    storage.delete("videos/1")

    assert list(storage.keys()) == ["videos/1.json", "videos/10/film.mp4"]


def test_deleting_one_file_leaves_the_others(storage: Storage):
    """And again is no error."""
    storage.put("videos/1/film.mp4", b"x")
    storage.put("videos/1/film.json", b"x")

    storage.delete("videos/1/film.mp4")
    storage.delete("videos/1/film.mp4")

    assert list(storage.keys("videos/1")) == ["videos/1/film.json"]


def test_files_are_listed_below_a_prefix_in_order(storage: Storage):
    """With sizes and times; a prefix ends at a slash."""
    for number, key in enumerate(("b/2", "b/1", "b/1.json", "ba/1", "c")):
        storage.put(key, b"x" * number)

    found = list(storage.files("b"))

    assert [(file.key, file.size) for file in found] == [("b/1", 1), ("b/1.json", 2), ("b/2", 0)]
    assert all(abs(file.modified - time.time()) < 60 for file in found)
    assert storage.children() == ["b", "ba", "c"]
    assert list(storage.keys("c")) == ["c"]
    assert list(storage.keys("none")) == []
    assert storage.children("none") == []


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../secret", "videos/../../secret", "videos/./a", "videos//a", "videos/", ".parts/a", "videos/.hidden",
     "C:\\films", "videos\\a", "Videos/a", "videos/é", "videos/a\n", "videos/a b", "s3://other/a", "a/" * 200 + "a"],
)  # fmt: skip
def test_a_key_cannot_leave_the_storage(storage: Storage, key: str):
    """Refused before anything is touched, in every method."""
    for ask in (storage.read, storage.open, storage.size, storage.exists, storage.delete):
        with pytest.raises(StorageError, match="not a storage key"):
            ask(key)
    with pytest.raises(StorageError, match="not a storage key"):
        storage.put(key, b"x")
    assert list(storage.keys()) == []


def test_a_put_that_fails_leaves_what_was_there(storage: Storage, tmp_path: Path):
    """Neither the half of a new file nor an empty one."""
    storage.put("film.mp4", b"first")

    with pytest.raises(FileNotFoundError):
        storage.put("film.mp4", tmp_path / "missing.mp4")

    assert storage.read("film.mp4") == b"first"
    assert list(storage.keys()) == ["film.mp4"]


def test_a_writer_that_is_killed_leaves_nothing_under_the_name(tmp_path: Path):
    """Not even when half of the film has come."""
    storage, pipe = Storage(str(tmp_path / "storage")), tmp_path / "pipe"
    os.mkfifo(pipe)
    code = "import sys, pathlib, vitascope.jobs.storage as s; s.Storage(sys.argv[1]).put('film.mp4', pathlib.Path(sys.argv[2]))"
    writer = subprocess.Popen([sys.executable, "-c", code, storage.url, str(pipe)])
    with pipe.open("wb") as half:
        half.write(FILM)

        assert list((tmp_path / "storage" / ".parts").iterdir()) != []
        writer.kill()
        writer.wait()

    assert list(storage.keys()) == []
    assert not storage.exists("film.mp4")


def test_readers_see_one_version_or_the_other(storage: Storage):
    """While a file is replaced again and again, nobody reads a mixture or nothing."""
    versions = [bytes([letter]) * 300_000 for letter in (65, 66)]
    storage.put("film.mp4", versions[0])
    done = threading.Event()

    def replace() -> None:
        for number in range(10):
            storage.put("film.mp4", versions[number % 2])
        done.set()

    writer = threading.Thread(target=replace)
    writer.start()
    seen = set()
    while not done.is_set():
        with storage.open("film.mp4", 0, 1000) as file:
            seen.add(file.read())
    writer.join()

    assert seen <= {version[:1000] for version in versions}


def test_a_stream_goes_on_after_its_file_was_deleted_from_a_folder(tmp_path: Path):
    """Who has begun to watch sees the end."""
    storage = Storage(str(tmp_path / "storage"))
    storage.put("videos/1/film.mp4", FILM)

    with storage.open("videos/1/film.mp4") as file:
        first = file.read(10)
        storage.delete("videos/1")

        assert first + file.read() == FILM
    assert storage.children() == []


def test_many_writers_and_deleters_do_not_trip_over_each_other(tmp_path: Path):
    """A folder that was just emptied is made again by the next writer."""
    storage = Storage(str(tmp_path / "storage"))
    faults: list[Exception] = []

    def work(name: str) -> None:
        try:
            for _ in range(40):
                storage.put(f"shared/deep/{name}", b"x")
                storage.delete(f"shared/deep/{name}")
        except Exception as error:
            faults.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert list(storage.keys()) == []


def test_what_dead_writers_left_is_swept_away(tmp_path: Path):
    """After a day; what is still being written stays."""
    storage = Storage(str(tmp_path))
    storage.put("film.mp4", b"film")
    old, new = tmp_path / ".parts" / "old", tmp_path / ".parts" / "new"
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (1, 1))

    storage.sweep()

    assert (old.exists(), new.exists()) == (False, True)
    assert list(storage.keys()) == ["film.mp4"]


def test_the_bucket_tells_browsers_what_a_file_is(s3_url: str):
    """The type is kept with the file, below the prefix."""
    Storage(s3_url).put("videos/1/film.mp4", b"film", "video/mp4")

    bucket, _, prefix = s3_url.removeprefix("s3://").partition("/")
    head = boto3.client("s3").head_object(Bucket=bucket, Key=f"{prefix}/videos/1/film.mp4")
    assert head["ContentType"] == "video/mp4"


def test_storage_that_works_is_ready(storage: Storage):
    """The check leaves nothing behind."""
    storage.check()

    assert list(storage.keys()) == []


def test_a_bucket_that_is_not_there_is_a_sentence(s3_url: str):
    """Ready or not is told before the first film."""
    missing = Storage("s3://no-such-bucket/studio")

    with pytest.raises(StorageError, match="there is no bucket no-such-bucket"):
        missing.check()


def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path: Path):
    """With the reason of the system."""
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match=r"cannot be used \(Not a directory\)"):
        Storage(str(tmp_path / "file")).check()


@pytest.mark.parametrize(("url", "sentence"), [("s3://", "names no bucket"), ("ftp://host/films", "is not supported")])
def test_a_wrong_url_is_answered_with_what_is_allowed(url: str, sentence: str):
    """One sentence, with the forms that hold."""
    with pytest.raises(StorageError, match=sentence) as caught:
        Storage(url)

    assert "s3://BUCKET/PREFIX" in caught.value.message


def test_a_missing_library_is_answered_with_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    """S3 is an extra."""
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)

    with pytest.raises(StorageError, match=r"pip install 'vitascope\[s3\]'"):
        Storage("s3://bucket")
