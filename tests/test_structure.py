"""The house stays as it was drawn: imports point one way, foreign libraries have one door, files stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "vitascope"
ORDER = [
    "film",
    "recipe",
    "director",
    "world",
    "render",
    "sound",
    "media",
    "provenance",
    "continuity",
    "exchange",
    "model",
    "studio",
    "jobs",
    "serve",
    "web",
    "cli",
]
DOORS = {
    "wgpu": {"render"},
    "av": {"media"},
    "c2pa": {"provenance"},
    "typer": {"cli"},
    "rich": {"cli"},
    "httpx": {"director", "jobs"},
    "sqlalchemy": {"jobs"},
    "alembic": {"jobs"},
    "fsspec": {"jobs"},
    "ray": {"jobs"},
    "fastapi": {"serve", "web"},
    "nicegui": {"web"},
    "mcp": {"serve"},
    "torch": {"model"},
    "einops": {"model"},
    "safetensors": {"model"},
    "diffusers": {"model"},
    "transformers": {"model"},
    "accelerate": {"model"},
    "huggingface_hub": {"model"},
}
NEVER = {
    "director": {"world"},
    "film": {"numpy", "os", "time", "random"},
    "recipe": {"numpy", "os", "time", "random"},
}
LONGEST_FILE = 600


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module)
    return found


def package_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_point_one_way(path: Path):
    """A package imports only packages that come before it in the order of the house."""
    here = package_of(path)
    if here not in ORDER:
        return

    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] == "vitascope" and len(parts) > 1:
            assert ORDER.index(parts[1]) <= ORDER.index(here), f"{here} imports {parts[1]}"


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_foreign_libraries_have_one_door(path: Path):
    """Only render knows wgpu, only media av, only provenance c2pa; the core knows no clock, no chance and no files."""
    here = package_of(path)
    names = imports_of(path)
    roots = {n.split(".")[0] for n in names}

    for library, allowed in DOORS.items():
        assert library not in roots or here in allowed, f"{here} imports {library}"
    inner = {n.split(".")[1] for n in names if n.startswith("vitascope.") and n.count(".") >= 1}
    assert not (NEVER.get(here, set()) & (roots | inner))


def test_every_package_of_the_order_exists_and_no_other():
    """What the architecture names is what there is."""
    found = {p.name for p in SOURCE.iterdir() if p.is_dir() and (p / "__init__.py").exists()}

    assert found == set(ORDER)


def test_files_stay_small():
    """A file that outgrows a sitting is split."""
    long = {p.relative_to(SOURCE): n for p in modules() if (n := len(p.read_text().splitlines())) > LONGEST_FILE}

    assert not long
