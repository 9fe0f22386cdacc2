"""`vitascope weights`: what is known is shown, and nothing is downloaded unasked. The hub is a server of these tests."""

from __future__ import annotations

import hashlib
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from vitascope.model.catalogue import WeightsError, named
from vitascope.model.open.hub import Download, check_room

NAME, REPOSITORY = "wan2.1-t2v-1.3b", "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"
REVISION = "a" * 40


def safetensors(count: int) -> bytes:
    header = json.dumps({"x": {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}).encode()
    return len(header).to_bytes(8, "little") + header + bytes(4 * count)


FILES = {
    "model_index.json": json.dumps({"_class_name": "WanPipeline"}).encode(),
    "transformer/config.json": b'{"_class_name": "WanTransformer3DModel"}',
    "transformer/diffusion_pytorch_model.safetensors": safetensors(400),
    "vae/config.json": b'{"_class_name": "AutoencoderKLWan"}',
    "vae/diffusion_pytorch_model.safetensors": safetensors(10),
    "text_encoder/config.json": b'{"architectures": ["UMT5EncoderModel"]}',
    "text_encoder/model.safetensors": safetensors(20),
    "tokenizer/tokenizer.json": b"{}",
    "README.md": b"# Small",
    "text_encoder/pytorch_model.bin": b"not wanted",
    "examples/cat.jpg": b"not wanted either",
}


class Hub(BaseHTTPRequestHandler):
    """As much of the hub as a download asks for; `asked` holds what was fetched."""

    protocol_version = "HTTP/1.1"
    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        path = self.path.split("?")[0]
        listing = [
            {"type": "file", "path": name, "rfilename": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}
            for name, data in FILES.items()
        ]
        resolve = f"/{REPOSITORY}/resolve/{REVISION}/"
        if path.startswith(f"/api/models/{REPOSITORY}/tree/"):
            self._send(200, json.dumps(listing).encode(), with_body=with_body)
        elif path.startswith(f"/api/models/{REPOSITORY}"):
            about = {"id": REPOSITORY, "sha": REVISION, "siblings": listing}
            self._send(200, json.dumps(about).encode(), with_body=with_body)
        elif path.removeprefix(resolve) in FILES:
            data = FILES[path.removeprefix(resolve)]
            if with_body:
                self.asked.append(path.removeprefix(resolve))
            self._send(200, data, with_body=with_body, etag=hashlib.sha1(data).hexdigest())
        else:
            self._send(404, b"{}", with_body=with_body)

    def _send(self, code: int, data: bytes, *, with_body: bool, etag: str | None = None) -> None:
        self.send_response(code)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        if etag is not None:
            self.send_header("etag", f'"{etag}"')
            self.send_header("x-repo-commit", REVISION)
        self.end_headers()
        if with_body:
            self.wfile.write(data)


@pytest.fixture
def hub() -> Iterator[str]:
    """The address of a hub that has one small repository."""
    Hub.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def pull(launch: Callable[..., subprocess.Popen[str]], folder: Path) -> Callable[..., tuple[int, str]]:
    """Runs `weights pull` as a program of its own, with a cache of its own, and gives how it ended and what it said."""

    def pull(*words: str, hub: str) -> tuple[int, str]:
        process = launch(
            "weights", "pull", *words, stdin=subprocess.DEVNULL, HF_ENDPOINT=hub, HF_HOME=str(folder / "cache")
        )
        said = "".join(process.communicate())
        return process.returncode, said

    return pull


def test_the_list_says_what_weights_do_and_need(run: Callable):
    """Abilities, size, memory and licence; those that are not loaded say why."""
    said = run("weights", "list").out

    assert "wan2.1-vace-14b: Wan 2.1 VACE, 14B, guided by a draft" in said
    assert "from text and draft; 17.3 billion parameters; about 81.2 GB to download" in said
    assert "52 GB of memory for 5 s at 832x480; Apache-2.0" in said
    assert "not loaded because of its licence: Tencent Hunyuan Community License" in said


def test_a_licence_says_where_it_holds(run: Callable):
    """Also of weights that are not loaded."""
    said = run("weights", "licence", "hunyuanvideo").out

    assert "territory  not in the European Union, the United Kingdom and South Korea" in said
    assert "Apache-2.0" in run("weights", "licence", NAME).out


def test_what_is_not_known_or_not_loaded_is_told(run: Callable):
    """Before anything is asked of the network."""
    assert run("weights", "licence", "wan").code == 2
    outcome = run("weights", "pull", "ltx-2.5", "--yes")

    assert outcome.code == 2
    assert outcome.err == (
        "LTX 2.5 is known but not loaded, because of its licence (LTX-2.x Community License (2026-08-11)); "
        "read it with: vitascope weights licence ltx-2.5\n"
    )


def test_weights_are_pulled_once(pull: Callable, hub: str, folder: Path):
    """Size, licence and territory are shown, then only what is loaded is fetched; the second time nothing is."""
    code, said = pull(NAME, "--to", "weights", "--yes", hub=hub)
    fetched = sorted(Hub.asked)
    again, _ = pull(NAME, "--to", "weights", hub=hub)

    assert (code, again) == (0, 0), said
    assert "size       2 kB in 9 files, 2 kB of it to download into weights" in said
    assert "licence    Apache-2.0" in said
    assert "territory  everywhere" in said
    assert fetched == sorted(set(FILES) - {"text_encoder/pytorch_model.bin", "examples/cat.jpg"})
    assert (folder / "weights/vae/diffusion_pytorch_model.safetensors").read_bytes() == safetensors(10)
    assert sorted(Hub.asked) == fetched


def test_nothing_is_pulled_unasked(pull: Callable, hub: str, folder: Path):
    """Where nobody can agree, size and licence are shown and nothing is fetched."""
    code, said = pull(NAME, hub=hub)

    assert code == 2
    assert "licence    Apache-2.0" in said
    assert said.endswith(f"Nobody is there to agree; read the licence, then: vitascope weights pull {NAME} --yes\n")
    assert Hub.asked == []
    assert not list(folder.rglob("*.safetensors"))


def test_a_hub_that_cannot_be_reached_is_one_sentence(pull: Callable):
    """No traceback, and the address that was tried."""
    code, said = pull(NAME, "--yes", hub="http://127.0.0.1:9")

    assert code == 2
    assert said.startswith("The hub cannot be reached at http://127.0.0.1:9 (")
    assert said.count("\n") == 1


def test_a_disk_that_is_too_small_is_told_before(folder: Path):
    """By what the hub says is missing."""
    size = 10**16
    download = Download(
        weights=named(NAME), revision=REVISION, files=1, size_bytes=size, missing_bytes=size, folder=folder / "new", to=None
    )  # fmt: skip

    with pytest.raises(
        WeightsError, match=r"needs 10000000.0 GB and the disk has .* GB free; make room or give another"
    ):
        check_room(download)
