"""One tiny filmed project, made once; each test gets a copy of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_films import cubes, painted

from vitascope import Studio


@pytest.fixture(autouse=True, scope="session")
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITASCOPE_HOME", str(tmp_path_factory.mktemp("home")))
        patch.delenv("VITASCOPE_PROJECT", raising=False)
        yield


@pytest.fixture(scope="session")
def _filmed(_home: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filmed") / "project"
    studio = Studio(folder)
    first = studio.shoot(cubes(), words="a cube and a ball")
    studio.apply(first, painted("red"), words="make the cube red")
    return folder


@pytest.fixture
def studio(_filmed: Path, tmp_path: Path) -> Studio:
    """A studio with two takes: cubes as they are, and, current, with a red one."""
    return Studio(shutil.copytree(_filmed, tmp_path / "project"))
