"""Films that other servers make: each dialect that was found in real ones ends in one film with our marks, or one sentence."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from remote_dialects import Dialect, speaking

from vitascope import media, provenance
from vitascope.jobs.chunk import Cancelled
from vitascope.jobs.executor import FetchRemote
from vitascope.jobs.remote import fetch_remote
from vitascope.jobs.remote_server import Limits, RemoteError, answers
from vitascope.jobs.storage import Storage
from vitascope.jobs.work import describe_failure

BODY = {"prompt": "A wave", "seconds": "1", "size": "128x128", "seed": 3}
SECRET = "sk-very-secret"


def film_file(*, size: tuple[int, int] = (128, 128), fps: int = 24, sound: bool = False, seconds: int = 1) -> bytes:
    """A film as another engine would give it, without any mark."""
    packed = io.BytesIO()
    with av.open(packed, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=fps)
        video.width, video.height = size
        video.pix_fmt = "yuv420p" if size[0] % 2 == 0 else "yuv444p"
        audio = container.add_stream("aac", rate=44_100, layout="mono") if sound else None
        for number in range(fps * seconds):
            picture = np.full((size[1], size[0], 3), 40 + 4 * number % 200, np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(video.encode(None))
        if audio is not None:
            tone = np.sin(np.arange(44_100 * seconds) * 0.06, dtype=np.float32)[None, :] * np.float32(0.5)
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(tone), format="fltp", layout="mono")
            frame.sample_rate = 44_100
            container.mux(audio.encode(frame))
            container.mux(audio.encode(None))
    return packed.getvalue()


@pytest.fixture(scope="module")
def film() -> bytes:
    return film_file()


@pytest.fixture
def files(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "files"))


Fetch = Callable[..., dict]


@pytest.fixture
def fetch(tmp_path: Path, files: Storage) -> Fetch:
    """Fetches what a dialect offers, into storage under "videos/v/1"."""

    def do(
        dialect: Dialect, *, body: dict = BODY, picture: str | None = None, limits: Limits | None = None,
        step: Callable[[int], None] = lambda frames: None,
    ) -> dict:  # fmt: skip
        folder = tmp_path / "work"
        folder.mkdir(exist_ok=True)
        with speaking(dialect) as url:
            task = FetchRemote(
                id="task", video="v", url=url, key=SECRET, body=body, picture=picture, prefix="videos/v/1"
            )  # fmt: skip
            return fetch_remote(task, files, step, folder=folder, limits=limits)

    return do


def marked(files: Storage, tmp_path: Path) -> Path:
    path = tmp_path / "seen.mp4"
    files.fetch("videos/v/1/film.mp4", path)
    return path


# Dialects


@pytest.mark.parametrize(
    "accent",
    [
        {},
        {"forms": ("multipart",)},
        {"forms": ("json",)},
        {"states": ("pending", "processing", "succeeded")},
        {"content_status": 404},
        {"unreachable": 2},
        {"at_once": "bytes"},
        {"at_once": "b64_json"},
        {"at_once": "url"},
        {"forms": ("json",), "at_once": "b64_json"},
    ],
    ids=[
        "ours", "forms only", "JSON only", "other words for states", "an address instead of content", "a proxy that fails twice",
        "the film itself", "base64 at once", "an address at once", "JSON only and base64 at once",
    ],
)  # fmt: skip
def test_every_dialect_gives_the_same_film(fetch: Fetch, files: Storage, film: bytes, accent: dict):
    """With all files in storage; the key goes along with each request."""
    dialect = Dialect(film=film, **accent)

    result = fetch(dialect)

    assert (result["frames"], result["ways"], result["seconds"], result["size"]) == (24, {"drawn": 24}, "1", "128x128")
    names = ("film.json", "film.mp4", "spritesheet.jpg", "thumbnail.webp")
    assert [key.rpartition("/")[2] for key in files.keys("videos/v/1")] == list(names)
    assert result["size_bytes"] == files.size("videos/v/1/film.mp4")
    assert dialect.keys == {f"Bearer {SECRET}"}


def test_a_wish_is_a_form_first_and_numbers_are_numbers_in_json(fetch: Fetch, film: bytes):
    """vLLM-Omni reads forms only; Dynamo reads JSON only, with numeric seconds."""
    form, json_only = Dialect(film=film), Dialect(film=film, forms=("json",))

    fetch(form)
    fetch(json_only)

    assert form.fields == {"prompt": "A wave", "seconds": "1", "size": "128x128", "seed": "3"}
    assert json_only.fields == {"prompt": "A wave", "seconds": 1, "size": "128x128", "seed": 3}


def test_a_picture_goes_along(fetch: Fetch, files: Storage, film: bytes):
    """As a file of the form, or within the JSON."""
    picture = b"\x89PNG and so on"
    files.put("pictures/one", picture)
    form, json_only = Dialect(film=film), Dialect(film=film, forms=("json",))

    fetch(form, picture="pictures/one")
    fetch(json_only, picture="pictures/one")

    assert form.files == {"input_reference": picture}
    assert json_only.fields["input_reference"]["image_url"].startswith("data:image/png;base64,")


def test_the_job_is_deleted_over_there(fetch: Fetch, film: bytes):
    """Whatever the server answers to that."""
    dialect = Dialect(film=film)

    fetch(dialect)

    assert dialect.asked[-1] == ("DELETE", "/v1/videos/job%2F1")


# What goes wrong


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (200, {"status": "failed", "error": {"code": "moderation", "message": "No waves today"}}),
        (200, {"status": "failed", "error": {"message": "No waves today"}}),
        (200, {"status": "error", "error": "No waves today"}),
        (500, {"detail": "No waves today"}),
        (400, {"error": {"message": "No waves today", "code": 400}}),
        (422, {"detail": [{"msg": "No waves today"}]}),
    ],
)
def test_a_failed_job_is_told_in_its_own_words(fetch: Fetch, film: bytes, status: int, fault: dict):
    """Whether it is a state or an HTTP error, and whatever shape its error has. It is not tried again."""
    dialect = Dialect(film=film, states=("queued", "failed"), fault=fault, fault_status=status)

    with pytest.raises(RemoteError, match="No waves today") as failed:
        fetch(dialect)

    told = describe_failure("task", failed.value)
    assert (told.code, told.can_pass) == ("remote_failed", False)


def test_the_key_is_never_told(fetch: Fetch, film: bytes):
    """Not even when the server says it."""
    dialect = Dialect(film=film, states=("queued", "failed"), fault={"detail": f"bad {SECRET}"}, fault_status=401)

    with pytest.raises(RemoteError, match="bad …"):
        fetch(dialect)


def test_a_server_that_is_away_may_come_back(tmp_path: Path, files: Storage):
    """So the film is tried again later."""
    task = FetchRemote(
        id="task", video="v", url="http://127.0.0.1:9/v1", key=None, body=BODY, picture=None, prefix="videos/v/1"
    )  # fmt: skip

    with pytest.raises(RemoteError) as failed:
        fetch_remote(task, files, lambda frames: None, folder=tmp_path)

    told = describe_failure("task", failed.value)
    assert (told.code, told.can_pass) == ("remote_unreachable", True)


def test_what_is_no_film_is_not_taken(fetch: Fetch, files: Storage):
    """Such as a page of words that calls itself video/mp4."""
    with pytest.raises(RemoteError, match="not a film"):
        fetch(Dialect(film=b"<html>Please log in</html>"))

    assert not list(files.keys("videos"))


def test_too_many_bytes_are_not_taken(fetch: Fetch, film: bytes):
    """However the film comes."""
    for accent in ({}, {"at_once": "bytes"}, {"at_once": "b64_json"}):
        with pytest.raises(RemoteError, match="more than") as failed:
            fetch(Dialect(film=film, **accent), limits=Limits(film_bytes=len(film) // 2))
        assert failed.value.code == "remote_too_large"


def test_a_server_that_never_ends_is_given_up(fetch: Fetch, film: bytes):
    """After the time that it is given."""
    with pytest.raises(RemoteError, match="given up"):
        fetch(Dialect(film=film, states=("queued", "in_progress")), limits=Limits(seconds=0.3))


def test_another_server_is_not_asked_whatever_an_answer_says(fetch: Fetch, film: bytes):
    """An address in an answer cannot lead into the network of the house."""
    dialect = Dialect(film=film, at_once="url", elsewhere="http://169.254.169.254/latest/meta-data")

    with pytest.raises(RemoteError, match="another server"):
        fetch(dialect)


def test_a_film_that_is_not_wanted_any_more_is_cancelled_over_there(fetch: Fetch, film: bytes):
    """At the next step, while the other server still works."""
    dialect = Dialect(film=film, states=("queued", "in_progress"))
    steps = []

    def step(frames: int) -> None:
        steps.append(frames)
        if len(steps) > 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        fetch(dialect, step=step)

    assert dialect.asked[-1][0] == "DELETE"


# Marks


def test_a_film_from_elsewhere_bears_our_marks(fetch: Fetch, files: Storage, film: bytes, tmp_path: Path):
    """Label, tags and a manifest that says that a learned model made it; the request is the document."""
    fetch(Dialect(film=film))

    verdict = provenance.verify(marked(files, tmp_path))
    assert verdict.ok, verdict.sentences()
    assert verdict.source_type == provenance.TRAINED_MEDIA
    assert verdict.engine is not None
    assert "wan-2.2" in verdict.engine
    document = json.loads(files.read("videos/v/1/film.json"))
    assert document["body"]["prompt"] == "A wave"
    assert SECRET not in json.dumps(document)


def test_slow_films_show_each_picture_more_often(fetch: Fetch, files: Storage, tmp_path: Path):
    """16 frames a second become 32: as long and as smooth as before."""
    result = fetch(Dialect(film=film_file(fps=16)))

    assert (result["fps"], result["seconds"], result["frames"]) == ("32", "1", 32)
    assert provenance.verify(marked(files, tmp_path)).ok


def test_sound_stays_unless_silence_was_wished_for(fetch: Fetch, files: Storage, tmp_path: Path):
    """Brought to the form of the house."""
    film = film_file(sound=True)

    fetch(Dialect(film=film))
    loud = media.probe(marked(files, tmp_path))
    samples = np.concatenate(list(media.read_sound(marked(files, tmp_path))))
    fetch(Dialect(film=film), body={**BODY, "generate_sound": "false"})
    silent = media.probe(marked(files, tmp_path))

    assert (loud.sound_rate, loud.sound_channels) == (48_000, 2)
    assert np.abs(samples).max() > 0.3
    assert silent.sound_rate is None


def test_a_film_that_our_encoder_does_not_take_stays_as_it_is_and_says_so(fetch: Fetch, files: Storage, tmp_path: Path):
    """An odd size: signed, without a label."""
    result = fetch(Dialect(film=film_file(size=(129, 129))))

    assert "label" in str(result["remark"])
    verdict = provenance.verify(marked(files, tmp_path))
    assert verdict.mark("manifest").state == "trusted"
    assert media.probe(marked(files, tmp_path)).size == (129, 129)


def test_a_manifest_that_came_along_stays_readable(fetch: Fetch, files: Storage, film: bytes, tmp_path: Path):
    """What the other engine said of its film is the step before ours."""
    fetch(Dialect(film=film))
    theirs = marked(files, tmp_path).read_bytes()

    fetch(Dialect(film=theirs))

    verdict = provenance.verify(marked(files, tmp_path))
    assert verdict.ok, verdict.sentences()
    assert len(verdict.chain) == 2


def test_the_operator_may_leave_the_label_out(
    fetch: Fetch, files: Storage, film: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Then nothing is encoded again."""
    monkeypatch.setenv("VITASCOPE_VISIBLE_LABEL", "off")

    result = fetch(Dialect(film=film))

    assert result["remark"] is None
    assert media.probe(marked(files, tmp_path)).duration == Fraction(1)
    assert provenance.verify(marked(files, tmp_path)).mark("label").state == "waived"


def test_whether_a_server_is_there_is_asked(film: bytes):
    """Whatever it answers, it is there; where nothing listens, nothing is. The key is not shown."""
    dialect = Dialect(film=film)
    with speaking(dialect) as address:
        there = answers(address)

    gone = answers(address)

    assert (there, gone) == (True, False)
    assert dialect.keys <= {None}
