"""What comes in is looked at before it is opened, and opened where it can do no harm."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

import httpx
import pytest
from PIL import Image

from vitascope.jobs.errors import Invalid
from vitascope.serve import uploads
from vitascope.serve.errors import TooLarge
from vitascope.serve.fields import PictureReference


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 36)) -> bytes:
    """A picture as a file."""
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind)
    return file.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that says it has 30000x30000 pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 10_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def house(server) -> Any:
    """The parts of the server."""
    return server.app.state.house


@pytest.fixture
def who(server, house) -> Any:
    """The owner of workspace A."""
    return house.accounts.authenticate(server.key)


def data_url(content: bytes, kind: str = "image/png") -> PictureReference:
    """A picture as a request writes it."""
    return PictureReference(image_url=f"data:{kind};base64,{base64.b64encode(content).decode()}")


@pytest.mark.parametrize(("kind", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_a_picture_is_kept_as_it_came(house, who, kind: str, suffix: str):
    """Under a key of the workspace, the same for the same picture."""
    source = picture(kind)

    key = uploads.kept_picture(house, who, data_url(source, f"image/{kind.lower()}"))

    assert key.startswith(f"uploads/{who.workspace}/")
    assert key.endswith(f".{suffix}")
    assert house.storage.read(key) == source
    assert uploads.kept_picture(house, who, data_url(source, f"image/{kind.lower()}")) == key


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        (data_url(bomb()), "picture_too_large"),
        (data_url(picture()[:-30]), "invalid_picture"),
        (data_url(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "unsupported_file"),
        (data_url(b"GIF89a" + b"\0" * 20), "unsupported_file"),
        (data_url(picture("JPEG")), "unsupported_file"),
        (data_url(b""), "invalid_value"),
        (PictureReference(image_url="data:image/png;base64,not base64!"), "invalid_value"),
        (PictureReference(image_url="data:image/png,raw"), "invalid_value"),
        (PictureReference(image_url="https://example.com/cat.png"), "url_not_allowed"),
        (PictureReference(image_url="file:///etc/passwd"), "url_not_allowed"),
        (PictureReference(), "invalid_value"),
        (PictureReference(image_url="data:,", file_id="file_1"), "invalid_value"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_no_picture_is_refused(house, who, reference: PictureReference, code: str):
    """By its first bytes, by its header, or when it turns out damaged; nothing is fetched."""
    with pytest.raises(Invalid) as refused:
        uploads.kept_picture(house, who, reference)

    assert (refused.value.code, refused.value.param) == (code, "input_reference")
    assert list((house.settings.data / "incoming").glob("*")) == []


def test_a_picture_with_too_many_bytes_is_cut_off(house, who):
    """Before it is decoded from base64."""
    with pytest.raises(TooLarge):
        uploads.kept_picture(house, who, data_url(b"\x89PNG" + b"\0" * house.settings.picture_bytes))


def test_an_inspection_that_takes_too_long_is_killed(house, who, monkeypatch: pytest.MonkeyPatch):
    """The request is answered, the server lives on."""
    monkeypatch.setattr(uploads, "INSPECTION_SECONDS", 0.001)

    with pytest.raises(Invalid) as refused:
        uploads.kept_picture(house, who, data_url(picture()))

    assert refused.value.code == "file_too_complex"


def test_our_engine_names_what_could_start_from_a_picture(client: httpx.Client):
    """It cannot itself, and says so before the picture is looked at."""
    reply = client.post(
        "/v1/videos", data={"prompt": "A ball"}, files={"input_reference": ("p.png", picture(), "image/png")}
    )

    assert reply.status_code == 400
    assert (reply.json()["error"]["code"], reply.json()["error"]["param"]) == ("unsupported_input", "input_reference")


def test_a_film_of_others_is_not_edited(client: httpx.Client, foreign_film: bytes):
    """This engine edits films that it knows; it says what to do."""
    reply = client.post(
        "/v1/videos/edits", data={"prompt": "make it blue"}, files={"video": ("x.mp4", foreign_film, "video/mp4")}
    )

    assert reply.status_code == 400
    assert (reply.json()["error"]["code"], reply.json()["error"]["param"]) == ("unknown_video", "video")
    assert "video[id]" in reply.json()["error"]["message"]


def test_a_film_of_another_workspace_is_one_of_others(server, stranger: httpx.Client, film: dict[str, Any]):
    """Even with every mark that we gave it."""
    with server.client() as client:
        content = client.get(f"/v1/videos/{film['id']}/content").content

    reply = stranger.post(
        "/v1/videos/edits", data={"prompt": "make it blue"}, files={"video": ("x.mp4", content, "video/mp4")}
    )

    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == "unknown_video"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\0\0\0\x18ftypmp42" + b"\0" * 100, "video/mp4"),
        (picture(), "video/mp4"),
        (b"", "video/mp4"),
        (b"ID3", "audio/mpeg"),
    ],
)
def test_what_is_no_film_is_refused(client: httpx.Client, content: bytes, kind: str):
    """As for pictures."""
    reply = client.post("/v1/videos/characters", data={"name": "X"}, files={"video": ("x.mp4", content, kind)})

    assert reply.status_code == 400
    assert reply.json()["error"]["param"] == "video"


@pytest.fixture(scope="module")
def foreign_film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An MP4 that was not made here: sixteen grey frames."""
    import av

    path = tmp_path_factory.mktemp("foreign") / "film.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width = stream.height = 128
        stream.pix_fmt = "yuv420p"
        for _ in range(16):
            container.mux(stream.encode(av.VideoFrame(128, 128, "yuv420p")))
        container.mux(stream.encode(None))
    return path.read_bytes()
