"""What a stranger does: film a sentence, film it again, look at one frame, check the marks, list what there is."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from PIL import Image

from vitascope import media
from vitascope.cli.request import STYLES
from vitascope.director import direct
from vitascope.film import film_from_json
from vitascope.recipe import catalogue

SENTENCE = "A red ball rolls past a blue box on a plain background"
TINY = ("--size", "128x128", "--seconds", "1")


def pictures(path: Path) -> list[str]:
    """A digest of each decoded frame."""
    return [hashlib.sha256(frame.tobytes()).hexdigest() for frame in media.read_frames(path)]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_sentence_becomes_a_film_that_can_be_filmed_again(run, folder: Path):
    """A film, its document and nothing else; the document gives the same frames bit for bit; all marks are whole."""
    first = run("film", SENTENCE, *TINY, "-o", "one.mp4")
    again = run("film", "one.film.json", "-o", "two.mp4")
    verdict = run("verify", "two.mp4")

    assert (first.code, again.code, verdict.code) == (0, 0, 0), (first, again, verdict)
    assert names(folder) == ["one.film.json", "one.mp4", "two.film.json", "two.mp4"]
    assert (folder / "one.film.json").read_bytes() == (folder / "two.film.json").read_bytes()
    assert len(pictures(folder / "one.mp4")) == 24
    assert pictures(folder / "one.mp4") == pictures(folder / "two.mp4")
    assert media.probe(folder / "one.mp4").sound_rate == 48_000
    assert "nothing changed" in verdict.out


def test_the_replies_fit_on_a_screen(run, folder: Path):
    """Before the work the reading, the time and the size to expect; after it the files, the time spent and the marks."""
    said = run("film", f"{SENTENCE} with a quxotron", *TINY, "--silent").out

    assert "quxotron" in said
    assert re.search(
        r"1 s, 128x128, 24 fps, silent: 24 frames on .+; expect (about )?[\d sto]+(s|min) and \d+ kB\.", said
    )
    assert all(word in said for word in ("film.mp4", "film.film.json", "time", "vitascope verify film.mp4"))
    assert len(said.splitlines()) <= 24
    assert all(line == line.rstrip() for line in said.splitlines())
    assert media.probe(folder / "film.mp4").sound_rate is None


def test_options_say_more_than_words(run, folder: Path):
    """Length, size, rate, style and seed of the document are those that were given."""
    said = run(
        "read", f"{SENTENCE}, anime style", "--json",
        "--seconds", "2.5", "--size", "portrait", "--fps", "30000/1001", "--style", "clay", "--seed", "7", "--silent",
    )  # fmt: skip

    film = film_from_json(said.out)
    assert (float(film.duration), film.size.width, film.size.height) == (2.5, 1080, 1920)
    assert (str(film.fps), film.shots[0].look.style, film.seed, film.silent) == ("30000/1001", "clay", 7, True)


def test_what_is_read_is_what_would_be_filmed(run, folder: Path):
    """The document that `read` prints is the one of the director; the reading answers for every phrase."""
    printed = run("read", SENTENCE, "--json").out
    told = run("read", SENTENCE).out

    film = direct(SENTENCE, catalogue=catalogue(), seed=0)
    assert film_from_json(printed) == film
    assert all(phrase.text in told for phrase in film.reading.phrases)
    assert names(folder) == []


def test_one_frame(run, folder: Path):
    """A picture of the size that was asked for, at any moment of the film, the middle if none is given."""
    for arguments in ((), ("--at", "0"), ("--at", "1")):
        outcome = run("still", SENTENCE, *TINY, *arguments, "-o", "frame.png")

        assert outcome.code == 0
        assert "Wrote frame.png" in outcome.out
        assert Image.open(folder / "frame.png").size == (128, 128)


def test_a_changed_film_is_told(run, folder: Path):
    """One changed bit in the middle of the file, and a file that is no film: exit code 1, and the reason in words."""
    run("film", SENTENCE, *TINY, "--silent")
    content = bytearray((folder / "film.mp4").read_bytes())
    content[len(content) * 9 // 10] ^= 1
    (folder / "changed.mp4").write_bytes(content)
    (folder / "other.mp4").write_text("not a film")

    changed, other = run("verify", "changed.mp4"), run("verify", "other.mp4")

    assert (changed.code, other.code) == (1, 1)
    assert "changed or damaged" in changed.out
    assert "not an MP4" in other.out


def test_the_visible_label_may_be_left_out_and_the_film_says_so(run, folder: Path, monkeypatch: pytest.MonkeyPatch):
    """The operator decides; the signed record tells."""
    monkeypatch.setenv("VITASCOPE_VISIBLE_LABEL", "off")
    run("film", SENTENCE, *TINY, "--silent")

    verdict = run("verify", "film.mp4")

    assert verdict.code == 0
    assert re.search(r"[Ll]abel: .*left out", verdict.out)


def test_what_can_be_drawn(run, folder: Path):
    """Every recipe and place is listed; a word finds what goes by it before what merely contains it."""
    everything = run("recipes").out

    library = catalogue()
    assert all(name.replace("_", " ") in everything for name in (*library.recipes, *library.places))
    assert "kitten" in run("recipes", "cat").out
    assert "cow " not in run("recipes", "cat").out


def test_a_sheet(run, folder: Path):
    """All that answers to a word, side by side."""
    assert run("recipes", "cube", "--sheet", "sheet.png").code == 0
    assert Image.open(folder / "sheet.png").width >= 256


def test_without_a_dictionary_it_works_and_says_what_is_poorer():
    """Without WordNet an unknown animal is not replaced; the reading says so and names the package."""
    film = direct("An okapi walks along a river", catalogue=catalogue(), wordnet=None)

    assert "okapi" in [p.text for p in film.reading.with_status("not_understood")]
    assert "wordnet-base" in " ".join(film.reading.remarks)


def test_the_doctor_names_every_part(run, folder: Path):
    """What films need and what makes them better."""
    said = run("doctor")

    assert said.code == 0
    assert all(part in said.out for part in ("python", "graphics", "keys", "WordNet", "disk"))


def test_help_and_version(run, folder: Path):
    """Every command has a help; no command is a fault that shows it."""
    assert run("--version").out.startswith("vitascope ")
    assert run().code == 2
    for command in ("film", "read", "still", "recipes", "verify", "doctor"):
        assert command in run().out
        assert run(command, "--help").out.startswith(f"Usage: vitascope {command}")


def test_styles_of_the_command_line_are_those_of_the_renderer():
    """What is offered can be drawn."""
    drawn = yaml.safe_load((files("vitascope.render") / "styles.yaml").read_text(encoding="utf-8"))

    assert set(STYLES) == set(drawn)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_full_disk_in_the_middle_leaves_nothing(run, folder: Path):
    """The disk refuses after a part of the picture, or of the document: one sentence, no file, no folder."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (1_000, 12_000):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            outcome = run("film", SENTENCE, *TINY, "--silent")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

        assert outcome.code == 2
        assert outcome.err.startswith("The disk is full")
        assert outcome.err.count("\n") == 1
        assert names(folder) == []


def test_documents_are_json_with_a_schema_and_a_version(run, folder: Path):
    """What other programs need to know a document by."""
    document = json.loads(run("read", SENTENCE, "--json").out)

    assert (document["schema"], document["version"]) == ("vitascope.film", 1)
