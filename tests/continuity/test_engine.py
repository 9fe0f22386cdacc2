"""Fingerprints: another program is never taken for this one, and no source of a picture is forgotten."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

import vitascope
from vitascope.continuity import engine_fingerprint
from vitascope.continuity.engine import PICTURE_SOURCES, WORLD_SOURCES, fingerprint

PACKAGE = Path(vitascope.__file__).parent
BESIDE_THE_PICTURE = {"render/warming.py": ("film", "world.climate", "world.daylight")}
"""Imports that only start the work earlier: pictures do not depend on them."""
NO_PICTURE = {"media.errors", "world.soundscape"}


def imports_of(path: Path) -> set[str]:
    """The modules of the package that a source imports, such as "world.stage"."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("vitascope."):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}".removeprefix("vitascope.")
                is_module = (PACKAGE / f"{inner.replace('.', '/')}.py").exists()
                found.add(inner if is_module else node.module.removeprefix("vitascope."))
    return found


def sources_in(places: tuple[str, ...]) -> list[Path]:
    return [
        path
        for place in places
        for path in ([PACKAGE / place] if place.endswith(".py") else (PACKAGE / place).rglob("*.py"))
    ]


@pytest.mark.parametrize("places", [PICTURE_SOURCES, WORLD_SOURCES], ids=["pictures", "stages"])
def test_a_fingerprint_holds_all_that_its_sources_import(places: tuple[str, ...]) -> None:
    """Whatever module of ours a fingerprinted source imports is fingerprinted too, or known not to matter."""
    for path in sources_in(places):
        allowed = BESIDE_THE_PICTURE.get(str(path.relative_to(PACKAGE)), ())
        for name in imports_of(path) - NO_PICTURE:
            covered = name.split(".")[0] in places or f"{name.replace('.', '/')}.py" in places
            assert covered or name in allowed, f"{path} imports {name}"


def test_one_program_has_one_fingerprint_and_more_sources_another() -> None:
    """Asking twice gives the same; what the caller adds counts."""
    assert engine_fingerprint() == engine_fingerprint()
    assert engine_fingerprint("media/mux.py") != engine_fingerprint()


@pytest.mark.parametrize("change", ["edited", "added", "renamed"])
def test_a_changed_source_gives_another_fingerprint(tmp_path: Path, change: str) -> None:
    """One changed character of a shader, one more file, or a file of another name is another program."""
    shutil.copytree(PACKAGE / "render", tmp_path / "render")
    before = fingerprint(tmp_path, ("render",), ())
    shader = tmp_path / "render" / "shaders" / "tone.wgsl"
    if change == "edited":
        shader.write_text(shader.read_text(encoding="utf-8") + " ", encoding="utf-8")
    elif change == "added":
        (shader.parent / "more.wgsl").write_text("", encoding="utf-8")
    else:
        shader.rename(shader.with_name("tones.wgsl"))

    assert fingerprint(tmp_path, ("render",), ()) != before
    assert fingerprint(tmp_path, ("render",), ("numpy",)) != fingerprint(tmp_path, ("render",), ())
