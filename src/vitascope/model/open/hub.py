"""Weights from the hub: what a download is, before it begins; whether there is room; then the download, which goes on where it
was cut off. Knows no tensors.
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from vitascope.model.catalogue import Weights, WeightsError, known, named
from vitascope.model.extra import MissingExtraError
from vitascope.model.open.folder import INDEX, open_folder

WANTED = (
    INDEX,
    "LICENSE*",
    "README.md",
    *(
        f"{part}/*"
        for part in ("scheduler", "tokenizer", "text_encoder", "transformer", "transformer_2", "vae", "image_encoder")
    ),
    "image_processor/*",
)
"""What is downloaded; repositories also hold pictures and examples."""
UNWANTED = ("*.bin", "*.pth", "*.pt", "*.ckpt", "*.msgpack")
"""Copies of the same weights that nothing here would read."""
ROOM_TO_SPARE = 500_000_000
"""Bytes that a disk keeps free."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """What would be fetched: all its files, what of them is not here yet [bytes], the revision, and where it goes."""

    weights: Weights
    revision: str
    files: int
    size_bytes: int
    missing_bytes: int
    folder: Path
    to: Path | None


def ask(wanted: Weights, *, to: Path | None = None, endpoint: str | None = None) -> Download:
    """Ask the hub how large the files are. to: a folder of one's own, or None: the cache that other programs share.

    WeightsError where the hub cannot be reached; MissingExtraError where its client is not installed.
    """
    _need_client()
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError
    from huggingface_hub.utils import disable_progress_bars

    if constants.HF_HUB_OFFLINE:
        raise WeightsError("Downloads are switched off by HF_HUB_OFFLINE; unset it and ask again.")
    disable_progress_bars()
    try:
        files = snapshot_download(
            wanted.repository,
            local_dir=to,
            allow_patterns=list(WANTED),
            ignore_patterns=list(UNWANTED),
            endpoint=endpoint,
            dry_run=True,
        )
    except GatedRepoError:
        raise WeightsError(
            f"{wanted.repository} asks for an agreement first; give it at {wanted.source} and log in with: hf auth login"
        ) from None
    except RepositoryNotFoundError:
        raise WeightsError(f"The hub knows no {wanted.repository} any more, or not for you: {wanted.source}") from None
    except _network_faults() as error:
        raise _unreachable(endpoint or constants.ENDPOINT, error) from None
    if not files:
        raise WeightsError(f"The hub has no files of {wanted.repository} that could be loaded: {wanted.source}")
    return Download(
        weights=wanted,
        revision=files[0].commit_hash,
        files=len(files),
        size_bytes=sum(file.file_size or 0 for file in files),
        missing_bytes=sum(file.file_size or 0 for file in files if file.will_download),
        folder=to if to is not None else Path(constants.HF_HUB_CACHE),
        to=to,
    )


def check_room(download: Download) -> None:
    """WeightsError where the disk is too small for what is missing."""
    place = next(folder for folder in (download.folder, *download.folder.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    if download.missing_bytes + ROOM_TO_SPARE > free:
        raise WeightsError(
            f"{download.weights.name} needs {download.missing_bytes / 1e9:.1f} GB and the disk has {free / 1e9:.1f} GB free; "
            f"make room or give another folder with --to: {place}"
        )


def fetch(download: Download, *, endpoint: str | None = None) -> Path:
    """Download what is missing and return the folder of the weights, looked through. WeightsError where the network fails
    meanwhile; what has arrived stays, and the next call goes on from there."""
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.utils import enable_progress_bars

    if sys.stderr.isatty():
        enable_progress_bars()
    try:
        path = snapshot_download(
            download.weights.repository,
            revision=download.revision,
            local_dir=download.to,
            allow_patterns=list(WANTED),
            ignore_patterns=list(UNWANTED),
            endpoint=endpoint,
        )
    except _network_faults() as error:
        raise _unreachable(endpoint or constants.ENDPOINT, error) from None
    open_folder(Path(path)).check()
    return Path(path)


def cached(wanted: Weights) -> Path | None:
    """The folder of these weights in the cache, or None where they are not in it, or not whole. Asks no network."""
    if find_spec("huggingface_hub") is None:
        return None
    from huggingface_hub import try_to_load_from_cache

    index = try_to_load_from_cache(wanted.repository, INDEX)
    if not isinstance(index, str):
        return None
    try:
        open_folder(Path(index).parent).check()
    except WeightsError:
        return None
    return Path(index).parent


def place_of(name: str) -> Path:
    """The folder that is meant: a path, or a name of the catalogue that is in the cache. WeightsError where neither is there."""
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    try:
        known(name)
    except WeightsError as error:
        said = str(error)
        raise WeightsError(f"There is no folder {name!r}, and {said[:1].lower()}{said[1:]}") from None
    wanted = named(name)
    folder = cached(wanted)
    if folder is None:
        raise WeightsError(
            f"{wanted.title} is not on this machine; download it with: vitascope weights pull {wanted.name}"
        )
    return folder


def _need_client() -> None:
    if find_spec("huggingface_hub") is None:
        raise MissingExtraError(
            "Downloads need huggingface-hub, which is not installed. Install it with: pip install 'vitascope[model]'"
        )


def _network_faults() -> tuple[type[Exception], ...]:
    """What the client raises for a network that fails: its own faults, and those of the library below it."""
    from huggingface_hub.errors import HfHubHTTPError

    return HfHubHTTPError, cast("type[Exception]", HfHubHTTPError.__bases__[0]), OSError


def _unreachable(endpoint: str, error: BaseException) -> WeightsError:
    while error.__cause__ is not None:
        error = error.__cause__
    reason = next(iter(str(error).strip().splitlines()), "") or type(error).__name__
    return WeightsError(f"The hub cannot be reached at {endpoint} ({reason}); look at the network and ask again.")
