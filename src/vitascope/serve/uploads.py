"""Files that come in: what they are is found out by their bytes, within limits, in a process that may be killed."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from starlette.datastructures import UploadFile

from vitascope.jobs.errors import Invalid
from vitascope.jobs.files import Files
from vitascope.jobs.known import film_of_file
from vitascope.jobs.values import Caller, Wish
from vitascope.serve.errors import TooLarge
from vitascope.serve.fields import PictureReference
from vitascope.serve.house import House

__all__ = ["Film", "film_in", "kept_picture", "own_film", "with_picture"]

MIB = 1024 * 1024
PIECE = 1 * MIB
INSPECTION_SECONDS = 120.0
"""By the clock. What it may cost the processor is bounded in inspection.py; a busy machine is no fault of the file."""
SIGNATURES = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftyp", "video/mp4"),
)
SAME = {"image/jpg": "image/jpeg", "video/quicktime": "video/mp4", "video/x-m4v": "video/mp4"}
UNDECLARED = frozenset({"", "application/octet-stream", "binary/octet-stream"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """An uploaded film that was looked into, at `path` while it is held."""

    path: Path
    sha256: str
    film_sha256: str | None
    """The digest of the document that it says it was made of."""


def with_picture(house: House, who: Caller, wish: Wish, source: UploadFile | PictureReference | None) -> Wish:
    """`wish` with its picture, if it comes with one: for an engine that takes it, or else nobody looks into it.

    Raises Invalid or TooLarge.
    """
    if source is None:
        return wish
    house.engines.suited(replace(wish, picture=""))
    return replace(wish, picture=kept_picture(house, who, source))


def kept_picture(house: House, who: Caller, source: UploadFile | PictureReference) -> str:
    """Look into a picture and keep it. Returns its storage key: the same for the same picture, as one request sent twice.

    Raises Invalid (param input_reference) or TooLarge.
    """
    most = house.settings.picture_bytes
    if isinstance(source, UploadFile):
        stream, declared = source.file, source.content_type or ""
    else:
        stream, declared = _referred(house, who, source)
    with _held(house, stream, declared, "image/", most=most, param="input_reference") as (path, sha256):
        found = _inspected("picture", path, house.settings.picture_pixels, "input_reference")
        key = f"uploads/{who.workspace}/{sha256}.{found['suffix']}"
        house.storage.put(key, path, found["media_type"])
    return key


@contextmanager
def film_in(house: House, upload: UploadFile) -> Iterator[Film]:
    """An uploaded film, held as a file that was looked into. Raises Invalid (param video) or TooLarge."""
    settings = house.settings
    declared = upload.content_type or ""
    with _held(house, upload.file, declared, "video/", most=settings.upload_bytes, param="video") as (path, sha256):
        found = _inspected("film", path, settings.film_seconds, "video")
        yield Film(path=path, sha256=sha256, film_sha256=found["film_sha256"])


def own_film(house: House, who: Caller, upload: UploadFile) -> str:
    """The id of the film of this workspace that was uploaded. Raises Invalid when it is none of ours."""
    with film_in(house, upload) as film:
        video = film_of_file(house.database, who.workspace, film.sha256, film.film_sha256)
    if video is None:
        raise Invalid(
            "This engine edits films that it made here, by what it knows of them, and this file is not one of this workspace;"
            " send the id of a video as video[id], or make the film here first.",
            code="unknown_video",
            param="video",
        )
    return video


def _referred(house: House, who: Caller, source: PictureReference) -> tuple[BinaryIO, str]:
    """The stream of a picture that is named, and what it is declared to be."""
    if (source.image_url is None) == (source.file_id is None):
        raise Invalid("input_reference needs exactly one of image_url and file_id.", param="input_reference")
    if source.file_id is not None:
        return Files(house.database, house.storage).stream(who, source.file_id)
    url = source.image_url or ""
    if not url.startswith("data:"):
        raise Invalid(
            "This server does not fetch pictures from other places; send the file itself, or a data URL.",
            code="url_not_allowed",
            param="input_reference",
        )
    head, comma, text = url[5:].partition(",")
    media_type, *rest = head.split(";")
    if not comma or rest[-1:] != ["base64"]:
        raise Invalid("image_url is not a data URL such as data:image/png;base64,…; send one.", param="input_reference")
    if len(text) * 3 // 4 > house.settings.picture_bytes + 3:
        raise TooLarge(_too_large("picture", house.settings.picture_bytes), param="input_reference")
    try:
        return io.BytesIO(base64.b64decode(text, validate=True)), media_type
    except (binascii.Error, ValueError):
        raise Invalid("The base64 of image_url is damaged; send a whole data URL.", param="input_reference") from None


@contextmanager
def _held(
    house: House, stream: BinaryIO, declared: str, family: str, *, most: int, param: str
) -> Iterator[tuple[Path, str]]:
    """The upload as a file of its own while it is needed, and its SHA-256. Bounded and told by its first bytes."""
    kind = "picture" if family == "image/" else "film"
    folder = house.settings.data / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix=f"{kind}-") as file:
        while piece := stream.read(PIECE):
            if size == 0:
                _check_kind(piece[:32], declared.partition(";")[0].strip().lower(), family, param)
            size += len(piece)
            if size > most:
                raise TooLarge(_too_large(kind, most), param=param)
            digest.update(piece)
            file.write(piece)
        if size == 0:
            raise Invalid(f"The {kind} is an empty file; send a whole one.", param=param)
        file.flush()
        yield Path(file.name), digest.hexdigest()


def _check_kind(head: bytes, declared: str, family: str, param: str) -> None:
    """Raises Invalid when the bytes are no picture or film, or not what they were declared to be."""
    allowed = "a PNG, JPEG or WebP" if family == "image/" else "an MP4"
    actual = next((kind for at, sign, kind in SIGNATURES if head[at : at + len(sign)] == sign), None)
    if actual is None or not actual.startswith(family):
        raise Invalid(f"The file is not {allowed} by its content; send one.", code="unsupported_file", param=param)
    said = SAME.get(declared, declared)
    if said not in UNDECLARED and said != actual:
        raise Invalid(
            f"The file is declared as {declared[:60]}, but is {actual} by its content; declare it so.",
            code="unsupported_file",
            param=param,
        )


def _inspected(kind: str, path: Path, most: float, param: str) -> dict[str, Any]:
    """What the inspection says. Raises Invalid for what it refuses, and when it had to be killed."""
    command = [
        sys.executable,
        "-B",
        "-m",
        "vitascope.serve.inspection",
        kind,
        str(path),
        f"{most:g}" if kind == "film" else str(int(most)),
    ]
    environment = {
        name: os.environ[name] for name in ("PATH", "PYTHONPATH", "LANG", "SYSTEMROOT") if name in os.environ
    }
    try:
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=INSPECTION_SECONDS,
            env=environment,
            check=False,
        )
        found = json.loads(ended.stdout) if ended.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        found = None
    if found is None:
        raise Invalid(
            f"The {kind} could not be looked into within the time and memory allowed; send a plainer one.",
            code="file_too_complex",
            param=param,
        )
    if "fault" in found:
        raise Invalid(found["message"], code=found["fault"], param=param)
    return found


def _too_large(kind: str, most: int) -> str:
    return f"The {kind} is larger than {most / MIB:g} MiB; send a smaller one."
