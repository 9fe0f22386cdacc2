"""The store: what is kept comes back whole or not at all, within its limit, whatever happens to its folder."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.continuity import Store, StoreError, open_store, parse_size, store_folder

LIMIT = 1_000_000

WORK = """
import sys, time
from hashlib import sha256
from pathlib import Path
from vitascope.continuity import Store
store = Store(Path(sys.argv[1]), limit=int(sys.argv[2]))
seconds, wrong, number = float(sys.argv[3]), 0, 0
end = time.monotonic() + seconds
print("begun", flush=True)
while time.monotonic() < end:
    address = sha256(str(number % 90).encode()).digest()
    store.put("chunk", address, address * 500)
    back = store.get("chunk", sha256(str(number * 7 % 90).encode()).digest())
    wrong += back is not None and back != sha256(str(number * 7 % 90).encode()).digest() * 500
    number += 1
print(number, wrong, store.trouble)
"""

FULL = """
import resource, sys
from hashlib import sha256
from pathlib import Path
from vitascope.continuity import Store
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
store = Store(Path(sys.argv[1]), limit=10_000_000)
kept = [store.put("chunk", sha256(bytes([n])).digest(), bytes(size)) for n, size in enumerate((40_000, 80_000, 10_000))]
print(kept, store.trouble, store.size())
"""

LOOKS = """
import sys
from hashlib import sha256
from pathlib import Path
from vitascope.continuity import Store
looks = []
store = Store(Path(sys.argv[1]), limit=1_000_000)
root = str(store.folder / "store-1")
sys.addaudithook(lambda event, given: looks.append(given) if event == "os.scandir" and str(given[0]) == root else None)
for number in range(1, 61):
    store.put("chunk", sha256(bytes([number])).digest(), bytes(1000))
print(len(looks))
"""


def address(name: object) -> bytes:
    return sha256(str(name).encode()).digest()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != ".lock"]


def path_of(folder: Path, wanted: bytes) -> Path:
    (path,) = folder.rglob(wanted.hex()[2:])
    return path


def work(folder: Path, seconds: float) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORK, str(folder), str(LIMIT), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@settings(max_examples=30)
@given(content=st.binary(max_size=2000), name=st.binary(min_size=1, max_size=40))
def test_what_is_kept_comes_back(content: bytes, name: bytes) -> None:
    """read∘write is the identity for any bytes, and an address that was never written is absent."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), limit=LIMIT)

        assert store.get("chunk", address(name)) is None
        assert store.put("chunk", address(name), content)
        assert store.get("chunk", address(name)) == content
        assert store.has("chunk", address(name))
        assert not store.has("plate", address(name))


def test_another_process_finds_it(tmp_path: Path) -> None:
    """A second store on the same folder reads what the first kept, and `clear` empties it for both."""
    Store(tmp_path, limit=LIMIT).put("chunk", address(1), b"second one")
    other = Store(tmp_path, limit=LIMIT)

    assert other.get("chunk", address(1)) == b"second one"
    assert other.size() == 32 + len(b"second one")
    other.clear()
    assert Store(tmp_path, limit=LIMIT).get("chunk", address(1)) is None
    assert other.size() == 0


@pytest.mark.parametrize("damage", ["flipped", "torn", "empty"])
def test_what_is_damaged_is_absent(tmp_path: Path, damage: str) -> None:
    """What has a changed byte, a missing end or no content is not given out, is removed, and can be kept again."""
    store = Store(tmp_path, limit=LIMIT)
    store.put("chunk", address(1), bytes(range(200)))
    (path,) = files(tmp_path)
    content = path.read_bytes()
    path.write_bytes({"flipped": content[:99] + b"\xff" + content[100:], "torn": content[:-7], "empty": b""}[damage])

    assert store.get("chunk", address(1)) is None
    assert not path.exists()
    assert store.put("chunk", address(1), b"again")
    assert store.get("chunk", address(1)) == b"again"


def test_an_entry_under_another_address_is_absent(tmp_path: Path) -> None:
    """Bytes that are whole but belong elsewhere, as after a wrong copy, are not given out."""
    store = Store(tmp_path, limit=LIMIT)
    for number in (1, 2):
        store.put("chunk", address(number), bytes([number]))
    shutil.copy(path_of(tmp_path, address(1)), path_of(tmp_path, address(2)))

    assert store.get("chunk", address(2)) is None
    assert store.get("chunk", address(1)) == b"\1"


def test_the_limit_holds_and_what_was_used_stays(tmp_path: Path) -> None:
    """After twice the limit was written, the store is within it; an entry read all along is there, the oldest is not."""
    store = Store(tmp_path, limit=LIMIT)
    for number in range(100):
        assert store.put("chunk", address(number), bytes(20_000))
        assert store.size() <= LIMIT
        assert store.get("chunk", address(0)) is not None

    assert store.size() > LIMIT / 2
    assert not store.has("chunk", address(1))
    assert store.has("chunk", address(99))
    assert store.trouble is None


def test_a_piece_above_the_limit_is_not_kept(tmp_path: Path) -> None:
    """It is refused with a sentence, nothing else is removed for it, and smaller pieces are kept as before."""
    store = Store(tmp_path, limit=10_000)
    store.put("chunk", address(1), bytes(100))

    assert not store.put("chunk", address(2), bytes(20_000))
    assert "10000 bytes has no room for a piece of 20032" in (store.trouble or "")
    assert store.put("chunk", address(3), bytes(100))
    assert store.has("chunk", address(1))
    assert not Store(tmp_path / "none", limit=0).put("chunk", address(1), b"")


def test_putting_seldom_looks_the_folder_over(tmp_path: Path) -> None:
    """Sixty puts of a thousandth of the limit each list the folder once: cost does not grow with what is kept."""
    found = subprocess.run([sys.executable, "-c", LOOKS, str(tmp_path)], capture_output=True, text=True, check=True)

    assert found.stdout == "1\n"


def test_parts_that_nobody_finished_are_swept(tmp_path: Path) -> None:
    """A part left by a crash long ago is removed by the next process; one that is being written now is not."""
    parts = tmp_path / "store-1" / ".parts"
    parts.mkdir(parents=True)
    for name, age in (("old", 3600), ("new", 1)):
        (parts / name).write_bytes(b"half")
        os.utime(parts / name, (time.time() - age, time.time() - age))

    Store(tmp_path, limit=LIMIT).put("chunk", address(1), b"x")

    assert [path.name for path in parts.iterdir()] == ["new"]


def test_only_its_own_folder_is_touched(tmp_path: Path) -> None:
    """A file of someone else beside the entries survives eviction and clearing."""
    (tmp_path / "letter.txt").write_text("dear")
    store = Store(tmp_path, limit=100_000)

    for number in range(20):
        store.put("chunk", address(number), bytes(20_000))
    store.clear()

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_the_folder_may_vanish_while_in_use(tmp_path: Path) -> None:
    """Deleting everything loses what was kept and nothing else: the next put and get work."""
    store = Store(tmp_path / "cache", limit=LIMIT)
    store.put("chunk", address(1), b"one")
    shutil.rmtree(tmp_path / "cache")

    assert store.get("chunk", address(1)) is None
    assert store.put("chunk", address(1), b"one")
    assert store.get("chunk", address(1)) == b"one"
    assert store.trouble is None


def test_a_folder_that_cannot_be_written_only_keeps_nothing(tmp_path: Path) -> None:
    """Where a file stands in the place of the folder, puts return False, gets None, and one sentence says why."""
    (tmp_path / "cache").write_text("a file")
    store = Store(tmp_path / "cache", limit=LIMIT)

    assert [store.put("chunk", address(n), b"x") for n in range(2)] == [False, False]
    assert store.get("chunk", address(1)) is None
    assert (store.trouble or "").startswith("What was drawn is not kept for later edits (")
    assert (store.trouble or "").endswith(str(tmp_path / "cache"))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_full_disk_only_keeps_nothing(tmp_path: Path) -> None:
    """When the system refuses to write, the piece is not there, no part stays, and the process goes on."""
    found = subprocess.run([sys.executable, "-c", FULL, str(tmp_path)], capture_output=True, text=True, check=True)

    assert found.stdout.startswith("[True, False, False] What was drawn is not kept")
    assert found.stdout.split()[-1] == str(40_000 + 32)
    assert len(files(tmp_path)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_a_killed_process_leaves_only_whole_entries(tmp_path: Path) -> None:
    """After SIGKILL in the middle of writing, every entry that is there is right."""
    with work(tmp_path, 30) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGKILL)

    store = Store(tmp_path, limit=LIMIT)
    found = [store.get("chunk", address(n)) for n in range(90) if store.has("chunk", address(n))]
    assert found
    assert all(content is not None and content == content[:32] * 500 for content in found)


def test_two_processes_share_it(tmp_path: Path) -> None:
    """Writing, reading and evicting at once, neither ever reads a wrong byte or has trouble, and the limit holds."""
    workers = [work(tmp_path, 0.8) for _ in range(2)]
    reports = [worker.communicate(timeout=30)[0].split() for worker in workers]

    for _, count, wrong, trouble in reports:
        assert int(count) > 90
        assert (wrong, trouble) == ("0", "None")
    assert Store(tmp_path, limit=LIMIT).size() <= LIMIT + LIMIT // 16


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX locks")
def test_a_stuck_process_does_not_stop_eviction(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While someone else holds the lock and never lets go, puts go on and the limit holds."""
    import fcntl

    monkeypatch.setattr("vitascope.continuity.store._LOCK_TRIES", 2)
    store = Store(tmp_path, limit=100_000)
    store.put("chunk", address(0), bytes(10))

    with (tmp_path / "store-1" / ".lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert all(store.put("chunk", address(n), bytes(10_000)) for n in range(1, 20))

    assert store.size() <= 100_000
    assert store.trouble is None


def test_the_environment_chooses_folder_and_limit(tmp_path: Path) -> None:
    """VITASCOPE_CACHE first, then XDG_CACHE_HOME, then ~/.cache; 10 GB unless VITASCOPE_CACHE_LIMIT says otherwise."""
    chosen = open_store({"VITASCOPE_CACHE": str(tmp_path), "XDG_CACHE_HOME": "/c", "VITASCOPE_CACHE_LIMIT": "500MB"})

    assert (chosen.folder, chosen.limit) == (tmp_path, 500_000_000)
    assert store_folder({"XDG_CACHE_HOME": "/c"}) == Path("/c/vitascope")
    assert store_folder({}) == Path("~/.cache/vitascope").expanduser()
    assert open_store({}).limit == 10_000_000_000


@pytest.mark.parametrize(
    ("text", "size"),
    [("10GB", 10**10), ("500 mb", 5 * 10**8), ("1.5KB", 1500), ("12", 12), ("0", 0), (" 2 TB ", 2 * 10**12)],
)
def test_sizes_are_read(text: str, size: int) -> None:
    """A number with or without a unit of thousands, in either case of letters."""
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["ten", "-1GB", "10 PB", "1e9", "GB", "10GB5", "٣GB", "1" * 40])
def test_a_wrong_size_is_one_sentence(text: str) -> None:
    """It quotes what was given, says what is allowed and names the setting."""
    with pytest.raises(StoreError, match=r"VITASCOPE_CACHE_LIMIT cannot be read.*such as 10GB") as raised:
        open_store({"VITASCOPE_CACHE_LIMIT": text})

    assert repr(text) in str(raised.value)
    assert "\n" not in str(raised.value)
