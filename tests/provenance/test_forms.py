"""Stills and sound are signed as films are: every mark is there, others read them, and one changed byte is found."""

from __future__ import annotations

import json
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from vitascope import media
from vitascope.provenance import ALGORITHMIC_MEDIA, KeyChain, Label, MarkFacts, ProvenanceError, origin, sign, verify

SAMPLES = (np.arange(9_601) * 37 % 20_011 - 10_000).astype("<i2")


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """A labelled picture, 256 by 144."""
    rows, columns = np.mgrid[0:144, 0:256]
    return Label((256, 144)).apply(np.stack([rows, columns, rows + columns], -1).astype(np.uint8) // 2)


@pytest.fixture(scope="module")
def still(picture: np.ndarray, tmp_path_factory: pytest.TempPathFactory, facts: MarkFacts, keys: KeyChain) -> Path:
    """It as a signed PNG."""
    plain = media.write_still(tmp_path_factory.mktemp("still") / "plain.png", picture)
    return sign(plain, plain.with_name("still.png"), facts=facts, keys=keys)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory, facts: MarkFacts, keys: KeyChain) -> Path:
    """A fifth of a second as a signed WAV; it has an odd number of samples."""
    plain = tmp_path_factory.mktemp("sound") / "plain.wav"
    with wave.open(str(plain), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(SAMPLES.tobytes())
    return sign(plain, plain.with_name("sound.wav"), facts=replace(facts, label=None), keys=keys)


def states(path: Path, home: Path) -> dict[str, str]:
    """What became of each mark."""
    return {mark.name: mark.state for mark in verify(path, home=home).marks}


def test_a_signed_still_has_every_mark(still: Path, picture: np.ndarray, home: Path, facts: MarkFacts):
    """All four, trusted; the picture is the same to the last bit, and any reader of PNG finds tag and packet."""
    with Image.open(still) as opened:
        told = dict(opened.info)
        shown = np.asarray(opened)

    assert states(still, home) == {"manifest": "trusted", "aigc": "present", "xmp": "present", "label": "present"}
    assert verify(still, home=home).title == "Tide"
    assert np.array_equal(shown, picture)
    assert json.loads(told["AIGC"])["ProduceID"] == facts.identifier
    assert ALGORITHMIC_MEDIA in told["XML:com.adobe.xmp"]


def test_a_signed_sound_has_every_mark(sound: Path, home: Path):
    """The label is waived, because sound has no picture; each sample is as it was."""
    with wave.open(str(sound)) as opened:
        heard = np.frombuffer(opened.readframes(opened.getnframes()), "<i2")

    assert states(sound, home) == {"manifest": "trusted", "aigc": "present", "xmp": "present", "label": "waived"}
    assert np.array_equal(heard, SAMPLES)


@pytest.mark.parametrize("name", ["still", "sound"])
def test_one_changed_byte_is_found(name: str, request: pytest.FixtureRequest, tmp_path: Path, home: Path):
    """In the middle of the picture, or of the sound."""
    whole = request.getfixturevalue(name).read_bytes()
    at = whole.index(b"IDAT") + 40 if name == "still" else whole.index(b"data") + 400
    changed = tmp_path / f"changed{Path(name).suffix}"
    changed.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])

    verdict = verify(changed, home=home)

    assert verdict.mark("manifest").state == "broken"
    assert not verdict.ok


def test_marking_again_leaves_one_of_each(still: Path, tmp_path: Path, home: Path, facts: MarkFacts, keys: KeyChain):
    """A still that was marked before has no two tags afterwards."""
    again = sign(still, tmp_path / "again.png", facts=facts, keys=keys)

    assert states(again, home)["aigc"] == "present"
    assert states(again, home)["xmp"] == "present"


def test_sound_is_marked_once(sound: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain):
    """What carries marks already is refused in a sentence."""
    with pytest.raises(ProvenanceError, match="carries marks already"):
        sign(sound, tmp_path / "again.wav", facts=facts, keys=keys)


def test_a_still_leads_back_to_its_film(
    still: Path, signed: Path, picture: np.ndarray, tmp_path: Path, home: Path, facts: MarkFacts, keys: KeyChain
):
    """The film that a picture was taken from stands in the chain of its record."""
    actions, ingredients = origin(signed)
    plain = media.write_still(tmp_path / "plain.png", picture)
    taken = sign(
        plain,
        tmp_path / "taken.png",
        facts=replace(facts, title="Tide, a frame", actions=actions, ingredients=ingredients),
        keys=keys,
    )

    verdict = verify(taken, home=home)

    assert verdict.trusted
    assert [step.title for step in verdict.chain] == ["Tide, a frame", "Tide"]


@pytest.mark.parametrize(("name", "word"), [("still", "still"), ("sound", "sound")])
def test_what_breaks_off_is_told(name: str, word: str, request: pytest.FixtureRequest, tmp_path: Path, facts, keys):
    """Half a file is not signed, and the verdict on it is one sentence."""
    whole = request.getfixturevalue(name)
    half = tmp_path / f"half{whole.suffix}"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    with pytest.raises(ProvenanceError, match="not complete"):
        sign(half, tmp_path / f"out{whole.suffix}", facts=facts, keys=keys)
    assert f"The {word} breaks off" in (verify(half).problem or "")
