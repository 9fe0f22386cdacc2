"""A film is changed in words: each change is a take that can be shown, left, compared and exported."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from vitascope import Studio, media
from vitascope.film import AddSubject, Attributes, Change, Edit, Placement, apply


def ids(project: Path) -> list[str]:
    return [take.id for take in Studio(project).takes()]


def test_a_film_is_a_take_too(run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """What is written with -o is the same file, byte for byte; the reply says how to change it."""
    monkeypatch.setenv("VITASCOPE_PROJECT", str(folder / "project"))

    said = run("film", "A red ball", "--size", "128x128", "--seconds", "1", "--silent", "-o", "ball.mp4")

    (take,) = Studio(folder / "project").takes()
    assert take.path.read_bytes() == (folder / "ball.mp4").read_bytes()
    assert f'vitascope edit {take.id} "…"' in said.out


def test_a_change_in_words(run, project: Path, folder: Path):
    """It says what is different and what was drawn, files a take below, and writes a copy where asked to."""
    outcome = run("edit", ".", "make the ball yellow", "-o", "yellow.mp4")

    assert outcome.code == 0, outcome
    take = Studio(project).take(".")
    assert (take.words, take.parent) == ("make the ball yellow", ids(project)[1])
    assert "yellow" in outcome.out
    assert re.search(r"24 frames: .+, in \d+ s\.", outcome.out)
    assert "Wrote yellow.mp4" in outcome.out
    assert media.probe(folder / "yellow.mp4").frame_count == 24
    assert run("show", "yellow.mp4").out.startswith(f"take      {take.id}")


@pytest.mark.parametrize(
    ("words", "told"),
    [("make the ball green", "already"), ("make it blorptious", "blorptious")],
)
def test_a_change_that_is_none(run, project: Path, words: str, told: str):
    """What changes nothing and what is not understood is one sentence and exit code 4."""
    outcome = run("edit", ".", words)

    assert (outcome.code, outcome.out) == (4, "")
    assert told in outcome.err
    assert outcome.err.count("\n") == 1
    assert len(ids(project)) == 2


def test_a_question(run, project: Path):
    """Words that can mean several things are asked back, with exit code 3; the number of an answer carries it out."""
    studio = Studio(project)
    ball = next(s for s in studio.document("1").shots[0].subjects if s.name == "ball")
    beside = Placement(position=(0.0, 0.0, 1.0))
    other = ball.model_copy(update={"id": "second", "placement": beside, "attributes": Attributes(colour="blue")})
    studio.shoot(apply(studio.document("1"), Edit(operations=(Change(what=AddSubject(subject=other)),))))

    asked = run("edit", ".", "make the ball yellow")
    answered = run("edit", ".", "make the ball yellow", "--choice", "1")

    assert (asked.code, answered.code) == (3, 0)
    assert re.search(r"\?\n  1  .+\n  2  .+", asked.out)
    assert len(ids(project)) == 4
    assert "yellow" in {s.attributes.colour for s in studio.document(".").shots[0].subjects}
    assert "no choice 9" in run("edit", "3", "make the ball yellow", "--choice", "9").err


def test_a_wish_to_go_back(run, project: Path):
    """Words can go back, too; no film is made."""
    first, second = ids(project)

    outcome = run("edit", ".", "undo")

    assert (outcome.code, Studio(project).current) == (0, first)
    assert f"Now at {first}" in outcome.out
    assert ids(project) == [first, second]


def test_only_a_stretch_and_who_is_seen_in_a_box(run, project: Path):
    """--at, --subject and --box say what the words are about."""
    assert run("edit", "1", "make it rain", "--at", "0.5-1").code == 0
    (passage,) = Studio(project).document(".").shots[0].passages

    film = Studio(project).document("1")
    box = next(s.id for s in film.shots[0].subjects if s.name == "box")
    assert run("edit", "1", "make it yellow", "--at", "0.5", "--box", "40,30,70,60").code == 0
    seen = {s.id: s.attributes.colour for s in Studio(project).document(".").shots[0].subjects}

    assert (passage.span.start, passage.span.end) == (0.5, 1)
    assert seen[box] == "yellow"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--at", "2-1"), "START-END"),
        (("--at", "soon"), "not a number"),
        (("--at", "5-6"), "over at 1 s"),
        (("--subject", "cat"), "no one subject 'cat'"),
        (("--box", "1,2,3"), "left,top,width,height"),
        (("--box", "500,0,10,10"), "outside the picture"),
        (("--box", "0,120,8,8"), "No subject is seen"),
        (("--choice", "1"), "no question"),
        (("-o", "film.avi"), ".mp4"),
        (("--project", "/dev/null"), "a project is a folder"),
    ],
)
def test_pointing_at_nothing(run, project: Path, options: tuple[str, ...], words: str):
    """One sentence, exit code 2, and no take."""
    outcome = run("edit", ".", "make the ball yellow", *options)

    assert outcome.code == 2, outcome
    assert words in outcome.err
    assert len(ids(project)) == 2


def test_the_tree(run, project: Path):
    """Branches stand beside each other, the current take has an arrow, stars and names are shown."""
    run("undo")
    run("edit", ".", "make it night")
    run("name", "2", "green one")
    run("star", "2")
    first, second, third = ids(project)

    said = run("takes").out.splitlines()

    assert [line[:4] for line in said] == [f"  {first[:2]}", "  ├ ", "→ └ "]
    assert f"{second} ★ (green one)  1 s  make the ball green" in said[1]
    assert f"{third}  1 s  make it night" in said[2]


def test_back_and_forward(run, project: Path):
    """Undo, redo and branch say where they lead; at the ends they say that there is nothing."""
    first, second = ids(project)

    assert f"Now at {first}" in run("undo").out
    assert (run("undo").code, "first of its line" in run("undo").err) == (2, True)
    assert f"Now at {second}" in run("redo").out
    assert "Nothing was undone" in run("redo").err
    assert f"Now at {first}" in run("branch", "1").out


def test_a_take_in_full(run, project: Path):
    """Words, what they did, the film in short, the files; or the record as JSON."""
    said = run("show").out
    record = json.loads(run("show", ".", "--json").out)

    assert all(
        word in said for word in ("make the ball green", "ball, box", "128x128", "film.mp4", "film.json", "green")
    )
    assert (record["words"], record["parent"], record["current"]) == ("make the ball green", ids(project)[0], True)
    assert Path(record["paths"]["film"]).is_file()


def test_differences(run, project: Path, folder: Path):
    """In sentences, and side by side; equal films have exit code 4."""
    different, equal = run("diff", "1", "2", "--strip", "strip.png"), run("diff", "2", "2")

    assert (different.code, equal.code) == (0, 4)
    assert "The ball is green instead of red." in different.out
    assert "equal" in equal.out
    assert Image.open(folder / "strip.png").width > 1000


def test_export_again_and_delete(run, project: Path, folder: Path):
    """A deleted film is told with the command that makes it again; a deleted take is gone."""
    first = ids(project)[0]
    (project / "takes" / first / "film.mp4").unlink()

    missing = run("export", "1", "-o", "first.mp4")
    again = run("again", "1")

    assert (missing.code, again.code) == (2, 0)
    assert f"vitascope again {first}" in missing.err
    assert run("export", "1", "-o", "first.mp4").code == 0
    assert (folder / "first.mp4").read_bytes() == (project / "takes" / first / "film.mp4").read_bytes()
    assert run("delete", "2").code == 0
    assert ids(project) == [first]


def test_a_damaged_take_is_told_beside_the_others(run, project: Path):
    """The tree shows what can be read."""
    (project / "takes" / ids(project)[0] / "take.json").write_text("{")

    outcome = run("takes")

    assert outcome.code == 0
    assert "damaged" in outcome.err
    assert "make the ball green" in outcome.out


def test_the_chain_is_told(run, project: Path, folder: Path):
    """A check of an edited film says what it was edited from; without the file of its parent a film says that."""
    run("export", ".", "-o", "green.mp4")
    said = run("verify", "green.mp4")
    (project / "takes" / ids(project)[0] / "film.mp4").unlink()
    run("edit", "1", "make the ball yellow", "-o", "yellow.mp4")
    alone = run("verify", "yellow.mp4")

    assert (said.code, alone.code) == (0, 0)
    assert re.search(r"This film was edited on .+ from “.+”,\nwhich was created on ", said.out)
    assert "was edited" not in alone.out.replace("was edited from was not there", "")
    assert "was not there any more" in alone.out
