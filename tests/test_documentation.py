"""The documents say what is there, and all of it: commands, options, packages, dependencies, links and paths."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer

from vitascope.cli.app import app
from vitascope.cli.request import STYLES
from vitascope.film import SIZES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SOURCE = ROOT / "src" / "vitascope"


def commands() -> dict[str, set[str]]:
    """The options of each command, as they are typed; those of a group are those of all its commands."""
    group = typer.main.get_command(app)
    return {name: options_of(command) for name, command in group.commands.items()}  # type: ignore[attr-defined]


def options_of(command) -> set[str]:
    """The options of a command and of all below it."""
    own = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    below = (options_of(each) for each in getattr(command, "commands", {}).values())
    return {option for option in own if option.startswith("-")}.union(*below)


def shell_lines() -> list[list[str]]:
    """The commands that documents show, split into words, without comments."""
    blocks = [
        block
        for path in DOCUMENTS
        for block in re.findall(r"```sh\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL)
    ]
    inline = [
        line for path in DOCUMENTS for line in re.findall(r"`(vitascope [^`\n]+)`", path.read_text(encoding="utf-8"))
    ]
    lines = [*(line for block in blocks for line in block.splitlines()), *inline]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def test_what_documents_call_exists():
    """Each `vitascope` command that is shown has that name and takes those options; each `make` target is there."""
    known = commands()
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    for words in shell_lines():
        if words[0] == "vitascope":
            assert words[1] in known, words
            given = {word for word in words[2:] if re.match(r"--?[a-z]", word)}
            assert given <= known[words[1]] | {"--help"}, words
        if words[0] == "make":
            assert words[1] in targets, words


def test_every_command_and_option_is_in_the_readme():
    """Nothing that the program takes is left unsaid."""
    for command, options in commands().items():
        assert f"vitascope {command}" in README
        for option in options - {"--output", "--help"}:
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", README), (command, option)


def test_what_options_allow_is_in_the_readme():
    """All styles, and the sizes that have names of their own."""
    row = {
        name: next(line for line in README.splitlines() if line.startswith(f"| `--{name}`"))
        for name in ("style", "size")
    }

    assert set(re.findall(r"`(\w+)`", row["style"])) == set(STYLES)
    named = set(re.findall(r"`([a-z0-9]+)`", row["size"])) - {"128x128", "4096x2160"}
    assert named <= set(SIZES)
    assert {SIZES[name] for name in named} == set(SIZES.values()) - {(1920, 1080)} | {SIZES["1080p"]}


@pytest.mark.parametrize(
    "package", sorted(SOURCE.rglob("__init__.py")), ids=lambda p: str(p.parent.relative_to(SOURCE))
)
def test_every_package_says_what_it_is(package: Path):
    """A package begins with a sentence."""
    assert ast.get_docstring(ast.parse(package.read_text(encoding="utf-8")))


def test_every_package_is_in_the_architecture():
    """The house on one screen has all its rooms."""
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

    for package in SOURCE.iterdir():
        if (package / "__init__.py").exists():
            assert f"\n  {package.name}/ " in architecture


def test_every_dependency_has_its_reason():
    """Each direct dependency, also one of an extra, has a line, and no line is about one that is gone."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    entries = [
        *project["dependencies"],
        *(entry for extra in project["optional-dependencies"].values() for entry in extra),
    ]
    wanted = {re.split(r"[<>=~! \[]", entry)[0].lower() for entry in entries}
    table = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    told = {name.lower() for name in re.findall(r"^\| ([\w-]+) \|", table, re.MULTILINE)} - {"package"}

    assert told == wanted


def test_system_parts_are_the_same_everywhere():
    """What the Makefile installs is what the README and the table of dependencies name."""
    (line,) = re.findall(r"^SYSTEM *:= *(.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    table = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")

    for part in line.split():
        assert f"`{part}`" in README
        assert f"`{part}`" in table


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path):
    """Links to files of the house resolve, and paths in backquotes exist."""
    text = path.read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        if "://" not in link and not link.startswith("mailto:"):
            assert (path.parent / link).exists(), link
    for named in re.findall(r"`((?:src|tests|docs|benchmarks)/[\w./-]+)`", text):
        assert (ROOT / named).exists(), named
