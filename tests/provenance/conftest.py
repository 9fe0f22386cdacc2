"""One small labelled film, one chain of keys and one signed film for the tests of this folder."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from vitascope import media
from vitascope.provenance import LABEL_TEXT, KeyChain, Label, MarkFacts, digest_film, load_keys, sign


@pytest.fixture(scope="session")
def facts() -> MarkFacts:
    return MarkFacts(
        title="Tide",
        created=datetime(2026, 11, 20, 12, 30, tzinfo=UTC),
        engine="world",
        engine_version="0.1.0",
        film_sha256=digest_film(b'{"words": "a secret wish"}'),
        label=LABEL_TEXT,
    )


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def keys(home: Path) -> KeyChain:
    return load_keys(home)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "plain.mp4"
    label = Label((256, 144))
    rows, columns = np.mgrid[0:144, 0:256]
    grounds = (np.stack([rows + i, columns * 2 + 4 * i, rows + columns], -1) % 256 for i in range(36))
    frames = (label.apply(ground.astype(np.uint8)) for ground in grounds)
    with media.FilmWriter(path, size=(256, 144), fps=24, metadata={"title": "Tide"}) as writer:
        for chunk in media.encode_chunks(frames, size=(256, 144), fps=24):
            writer.write_chunk(chunk)
    return path


@pytest.fixture(scope="session")
def signed(film: Path, facts: MarkFacts, keys: KeyChain) -> Path:
    return sign(film, film.with_name("signed.mp4"), facts=facts, keys=keys)
