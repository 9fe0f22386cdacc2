"""Every wrong input is one clear sentence on stderr, exit code 2, and nothing is left behind."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

TINY = ("--size", "128x128", "--seconds", "1")


def told(outcome, folder: Path, *words: str, left: tuple[str, ...] = ()) -> None:
    """One sentence on stderr with all the words, nothing on stdout, exit code 2, and only `left` in the folder."""
    assert (outcome.code, outcome.out) == (2, ""), outcome
    assert outcome.err.count("\n") == 1
    assert len(outcome.err) < 400
    for word in words:
        assert word in outcome.err
    assert sorted(path.name for path in folder.iterdir()) == sorted(left)


@pytest.mark.parametrize(
    ("prompt", "words"),
    [
        ("", ("no words",)),
        (" \n\t ", ("no words",)),
        ("!!!", ("no words",)),
        ("a cat runs " * 3400, ("10,200 words", "2,000")),
        ("Eine Katze läuft über eine Wiese und der Hund schläft", ("German", "English")),
        ("Un chat court dans la forêt avec un chien", ("French", "English")),
        ("一只猫在草地上跑", ("Chinese", "English")),
    ],
)
@pytest.mark.parametrize("command", ["film", "read", "still"])
def test_a_prompt_that_cannot_be_read(run, folder: Path, command: str, prompt: str, words: tuple[str, ...]):
    """An empty prompt, one too long and one in another language are told apart."""
    told(run(command, prompt), folder, *words)


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--seconds", "0.5", ("0.5", "1 to 120")),
        ("--seconds", "121", ("121", "1 to 120")),
        ("--seconds", "-3", ("-3", "1 to 120")),
        ("--seconds", "abc", ("'abc'", "not a number", "1 to 120")),
        ("--seconds", "nan", ("'nan'", "not a number")),
        ("--seconds", "1e999999999", ("not a number",)),
        ("--seconds", "1/0", ("not a number",)),
        ("--seconds", "9" * 5000, ("not a number",)),
        ("--size", "100x100", ("100x100", "128x128", "4096x2160")),
        ("--size", "129x128", ("129x128", "even")),
        ("--size", "odd", ("'odd'", "WIDTHxHEIGHT", "720p")),
        ("--size", "", ("WIDTHxHEIGHT",)),
        ("--size", "9000x9000", ("9000x9000", "4096x2160")),
        ("--size", "4096x4096", ("4096x4096", "4096x2160")),
        ("--fps", "10", ("10", "24 to 120")),
        ("--fps", "500", ("500", "24 to 120")),
        ("--fps", "24000/1001", ("24000/1001", "24 to 120")),
        ("--style", "nonsense", ("'nonsense'", "cinematic", "anime", "flat", "clay")),
        ("--impossible", "magic", ("'magic'", "nearest", "stylised")),
        ("--engine", "magic", ("'magic'", "world and model")),
        ("--weights", "weights", ("--engine model",)),
        ("--seed", "-1", ("-1", "0 to 9223372036854775807")),
        ("--seed", "abc", ("'abc'", "whole number")),
        ("--seed", "9223372036854775808", ("whole number",)),
        ("-o", "film.avi", (".avi", ".mp4")),
        ("-o", "film", (".mp4",)),
        ("-o", ".", ("folder",)),
        ("-o", "none/film.mp4", ("folder does not exist", "none")),
    ],
)
def test_an_option_out_of_range(run, folder: Path, option: str, value: str, words: tuple[str, ...]):
    """The sentence gives what was said and what is allowed; places to write to are looked at before any drawing."""
    told(run("film", "a cat", option, value), folder, *words)


def test_weights_that_are_none(run, folder: Path):
    """A folder without weights is named before anything is drawn."""
    told(run("film", "a cat", *TINY, "--engine", "model", "--weights", "."), folder, "holds no weights of ours")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("film",), ("PROMPT", "vitascope film --help")),
        (("film", "a", "cat"), ("cat", "vitascope film --help")),
        (("film", "a cat", "--nonsense"), ("--nonsense", "vitascope film --help")),
        (("nonsense",), ("nonsense", "vitascope --help")),
        (("still", "a cat", "--at", "99"), ("99", "0 to 5 seconds")),
        (("still", "a cat", "--at", "soon"), ("'soon'", "not a number")),
        (("still", "a cat", "-o", "frame.gif"), (".gif", ".png")),
        (("recipes", "nonsense"), ("nonsense", "vitascope recipes")),
        (("recipes", "beach", "--sheet", "sheet.png"), ("only places",)),
        (("recipes", "--sheet", "sheet.gif"), (".gif", ".png")),
        (("verify", "none.mp4"), ("no file", "none.mp4")),
        (("verify", "."), ("no file",)),
        (("film", "none.film.json"), ("no film document", "none.film.json")),
    ],
)
def test_a_command_that_cannot_be_followed(run, folder: Path, arguments: tuple[str, ...], words: tuple[str, ...]):
    """Missing and unknown arguments lead to the help of the command."""
    outcome = run(*arguments)

    if arguments[:2] == ("recipes", "beach"):
        outcome = type(outcome)(outcome.code, "", outcome.err)
    told(outcome, folder, *words)


@pytest.mark.skipif(sys.platform == "win32", reason="needs permission bits")
def test_a_folder_that_may_not_be_written_to(run, folder: Path):
    """It is noticed before the work; root may write anywhere."""
    closed = folder / "closed"
    closed.mkdir(mode=0o500)
    if os.access(closed, os.W_OK):
        pytest.skip("this user may write to any folder")

    told(run("film", "a cat", "-o", "closed/film.mp4"), folder, "may not be written to", left=("closed",))


def test_a_document_that_cannot_stand_beside_the_film(run, folder: Path):
    """A folder with the name of the document is noticed before the work."""
    (folder / "film.film.json").mkdir()

    told(run("film", "a cat"), folder, "film.film.json", left=("film.film.json",))


def test_a_file_that_is_no_document(run, folder: Path):
    """A film given in place of its document is not read as a sentence."""
    (folder / "film.mp4").write_bytes(b"\0" * 100)

    told(run("film", "film.mp4", "-o", "b.mp4"), folder, "not a film document", left=("film.mp4",))


def ring(document: dict) -> None:
    first = document["shots"][0]["subjects"][0]
    second = json.loads(json.dumps(first))
    second["id"] = "other"
    first["placement"]["on"], second["placement"]["on"] = "other", first["id"]
    document["shots"][0]["subjects"] = [first, second]


def change(*path: object, value: object):
    def change(document: dict) -> None:
        place = document
        for step in path[:-1]:
            place = place[step]  # type: ignore[index]
        place[path[-1]] = value  # type: ignore[index]

    return change


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (change("version", value=2), ("version 2", "version 1")),
        (change("schema", value="other"), ('"schema"', "vitascope.film")),
        (change("fps", value=1000), ('"fps"', "120")),
        (change("shots", value=[]), ('"shots"',)),
        (change("shots", 0, "duration", value="soon"), ("duration", "'soon'")),
        (change("shots", 0, "camera", "angle", value="sideways"), ("camera.angle", "sideways")),
        (change("shots", 0, "subjects", 0, "size", value=3), ("subjects.0.size",)),
        (change("shots", 0, "subjects", 0, "recipe", value="snow_leopart"), ("snow_leopart", "snow_leopard")),
        (change("shots", 0, "set", "place", value="medow"), ("medow", "meadow")),
        (change("shots", 0, "look", "style", value="cubist"), ("cubist", "cinematic")),
        (change("shots", 0, "camera", "focus", value="nobody"), ("camera.focus", "nobody")),
        (change("shots", 0, "camera", "point_of_view", value="nobody"), ("camera.point_of_view", "nobody")),
        (change("shots", 0, "subjects", 0, "placement", "on", value="nobody"), ("nobody",)),
        (ring, ("ring", "other")),
    ],
)
def test_a_document_that_cannot_be_filmed(run, folder: Path, damage, words: tuple[str, ...]):
    """The field, what is wrong with it and what is allowed, before any drawing."""
    document = json.loads(run("read", "a red ball on a plain background", "--json").out)
    damage(document)
    (folder / "saved.film.json").write_text(json.dumps(document), encoding="utf-8")

    told(run("film", "saved.film.json"), folder, *words, left=("saved.film.json",))


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00", '{"schema": "vitascope.film"}', "[" * 100_000])
def test_a_damaged_document(run, folder: Path, text: str):
    """What is not JSON, or not a film, is not a reason to stumble."""
    (folder / "saved.film.json").write_text(text, encoding="utf-8")

    told(run("film", "saved.film.json"), folder, "film", left=("saved.film.json",))


@pytest.mark.parametrize(
    "option", [("--seconds", "2"), ("--style", "anime"), ("--seed", "3"), ("--impossible", "nearest")]
)
def test_a_saved_film_keeps_what_it_is(run, folder: Path, option: tuple[str, str]):
    """Length, style and seed belong to the document."""
    (folder / "saved.film.json").write_text(run("read", "a red ball", "--json").out, encoding="utf-8")

    told(run("film", "saved.film.json", *option), folder, "keeps its own", left=("saved.film.json",))


def test_keys_that_cannot_be_used_are_found_before_the_work(run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """Nothing is drawn that could not be signed."""
    home = folder / "home"
    (home / "keys").mkdir(parents=True, mode=0o700)
    for name in ("root.pem", "authority.pem", "signer.pem"):
        (home / "keys" / name).write_text("not a key")
        (home / "keys" / name).chmod(0o600)
    monkeypatch.setenv("VITASCOPE_HOME", str(home))

    outcome = run("film", "a cat", *TINY)

    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["home"]
