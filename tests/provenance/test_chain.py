"""An edited film says what it was edited from, back to the first, and the record stays small."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from vitascope import media
from vitascope.provenance import ALGORITHMIC_MEDIA, CREATED, KeyChain, MarkFacts, origin, read_film_digest, sign, verify

EDITS = 25
BYTES_PER_EDIT = 18_000
POSTER_OF_EDIT = 160


def edited(film: Path, parent: Path | None, target: Path, *, facts: MarkFacts, keys: KeyChain) -> Path:
    actions, ingredients = origin(parent)
    return sign(film, target, facts=replace(facts, actions=actions, ingredients=ingredients), keys=keys)


def test_a_chain_of_edits_is_told(
    film: Path, signed: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain, home: Path
):
    """Each film is named with the time of its edit, down to the one that was created."""
    later = replace(facts, title="Ebb", created=facts.created + timedelta(hours=1))
    one = edited(film, signed, tmp_path / "one.mp4", facts=later, keys=keys)
    two = edited(film, one, tmp_path / "two.mp4", facts=replace(facts, title="Flood"), keys=keys)

    verdict = verify(two, home=home)

    assert verdict.trusted
    assert verdict.source_type == ALGORITHMIC_MEDIA
    assert [(step.title, step.edited) for step in verdict.chain] == [("Flood", True), ("Ebb", True), ("Tide", False)]
    assert verdict.sentences()[-3:] == [
        "This film was edited on 2026-11-20 at 12:30 UTC from “Ebb”,",
        "which was edited on 2026-11-20 at 13:30 UTC from “Tide”,",
        "which was created on 2026-11-20 at 12:30 UTC.",
    ]


def test_a_film_that_was_simply_made_has_no_chain_to_tell(signed: Path, home: Path):
    """One step, and no sentence for it."""
    verdict = verify(signed, home=home)

    assert [step.edited for step in verdict.chain] == [False]
    assert "edited" not in " ".join(verdict.sentences())


@pytest.mark.parametrize("content", [None, b"", b"not a film"])
def test_a_parent_that_is_gone_is_told(
    film: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain, home: Path, content: bytes | None
):
    """A film whose parent cannot be shown counts as created, and its record says why."""
    gone = tmp_path / "gone.mp4"
    if content is not None:
        gone.write_bytes(content)

    verdict = verify(edited(film, gone, tmp_path / "film.mp4", facts=facts, keys=keys), home=home)

    assert verdict.trusted
    assert verdict.sentences()[-1] == "The film that this one was edited from was not there any more."
    assert origin(None) == (CREATED, ())


def test_a_parent_that_was_changed_is_told(
    film: Path, signed: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain, home: Path
):
    """The edit is signed all the same; what its parent says of itself counts no more."""
    content = bytearray(signed.read_bytes())
    content[content.index(b"mdat") + 200] ^= 1
    (tmp_path / "changed.mp4").write_bytes(content)

    verdict = verify(edited(film, tmp_path / "changed.mp4", tmp_path / "film.mp4", facts=facts, keys=keys), home=home)

    assert verdict.trusted
    assert [step.whole for step in verdict.chain] == [True, False]
    assert any("changed after it was signed" in sentence for sentence in verdict.sentences())


def test_a_parent_without_a_record_is_told(film: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain, home: Path):
    """A film of another program has no origin that could be shown."""
    verdict = verify(edited(film, film, tmp_path / "film.mp4", facts=facts, keys=keys), home=home)

    assert verdict.trusted
    assert verdict.sentences()[-1] == "which carries no record of where it comes from."


def test_a_long_chain_stays_small(
    film: Path, signed: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain, home: Path
):
    """Each edit adds the same few kilobytes, even with a poster of noise, and all of them are told."""
    noise = np.random.default_rng(0).integers(0, 256, (18, 32, 3), np.uint8).repeat(40, 0).repeat(40, 1)
    poster = media.encode_poster(noise, long_side=POSTER_OF_EDIT)
    last, sizes = signed, []
    for number in range(EDITS):
        target = tmp_path / f"{number}.mp4"
        last = edited(film, last, target, facts=replace(facts, poster=poster), keys=keys)
        sizes.append(last.stat().st_size)

    growth = np.diff(sizes)
    assert growth.max() < BYTES_PER_EDIT
    assert growth.max() - growth.min() < 1_000
    assert len(verify(last, home=home).chain) == EDITS + 1


def test_the_document_of_a_film_is_known_by_its_tag(signed: Path, film: Path, facts: MarkFacts, tmp_path: Path):
    """The digest is read without looking at the signature; where there is none, there is None."""
    (tmp_path / "text.mp4").write_text("not a film")

    assert read_film_digest(signed) == facts.film_sha256
    assert read_film_digest(film) is None
    assert read_film_digest(tmp_path / "text.mp4") is None
