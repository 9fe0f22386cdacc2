"""What `verify` says about films that were changed, cut, copied, made elsewhere or are no films."""

import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from vitascope import media
from vitascope.provenance import KeyChain, MarkFacts, load_keys, sign, verify
from vitascope.provenance.certificates import Issuer, issue_signer


def changed(signed: Path, target: Path, position: int) -> Path:
    content = bytearray(signed.read_bytes())
    content[position] ^= 1
    target.write_bytes(content)
    return target


def states(path: Path, home: Path) -> dict[str, str]:
    return {mark.name: mark.state for mark in verify(path, home=home).marks}


@pytest.mark.parametrize(
    ("place", "shift"),
    [
        (b"mdat", 3000),
        (b"org.vitascope.film", 200),
        (b"DigitalSourceType", 20),
        (b"ContentProducer", 20),
        (b"stsz", 30),
    ],
)
def test_one_changed_bit_is_noticed(signed: Path, tmp_path: Path, home: Path, place: bytes, shift: int) -> None:
    """A bit in the picture, the record, the XMP, the tag or the index breaks the signed record."""
    other = changed(signed, tmp_path / "a.mp4", signed.read_bytes().index(place) + shift)

    verdict = verify(other, home=home)

    assert not verdict.ok
    assert verdict.mark("manifest").state == "broken"
    assert "Do not rely" in verdict.sentences()[0]


def test_a_copy_without_the_record_is_not_accepted(signed: Path, tmp_path: Path, home: Path) -> None:
    """A plain remux loses record and XMP; the label in the picture is still found, and the verdict is no."""
    copy = tmp_path / "copy.mp4"
    with av.open(str(signed)) as source, av.open(str(copy), "w") as target:
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)

    verdict = verify(copy, home=home)

    assert states(copy, home) == {"manifest": "missing", "aigc": "missing", "xmp": "missing", "label": "present"}
    assert not verdict.ok
    assert "no signed record" in verdict.sentences()[0]


def test_a_stranger_s_film_is_whole_but_not_trusted(signed: Path, tmp_path: Path, home: Path) -> None:
    """On a machine with other keys, or none, the film is in order; only its signer is unknown, until its root is added."""
    elsewhere = tmp_path / "elsewhere"
    load_keys(elsewhere)
    for place in (elsewhere, tmp_path / "empty"):
        verdict = verify(signed, home=place)
        assert (verdict.ok, verdict.trusted, verdict.mark("manifest").state) == (True, False, "valid")
        assert "does not know" in verdict.mark("manifest").sentence

    (elsewhere / "trusted").mkdir()
    shutil.copy(home / "keys" / "root.pem", elsewhere / "trusted" / "friend.pem")

    assert verify(signed, home=elsewhere).trusted
    assert not (tmp_path / "empty").exists()


def test_a_certificate_that_ran_out_is_named(
    film: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain, home: Path
) -> None:
    """After its certificate has run out a film stays whole, but is no longer trusted, and the words say why."""
    pem = (home / "keys" / "authority.pem").read_bytes()
    key = serialization.load_pem_private_key(pem, None)
    authority = Issuer(certificate=x509.load_pem_x509_certificate(pem), key=key)  # type: ignore[arg-type]
    now = datetime.now(UTC)
    signer = issue_signer(authority, now, lifetime=timedelta(minutes=5, seconds=2))
    chain = signer.certificate_pem + authority.certificate_pem
    out = sign(film, tmp_path / "a.mp4", facts=facts, keys=replace(keys, chain_pem=chain, key_pem=signer.key_pem))

    while datetime.now(UTC) <= signer.certificate.not_valid_after_utc + timedelta(seconds=1):
        time.sleep(0.2)
    verdict = verify(out, home=home)

    assert (verdict.ok, verdict.trusted, verdict.mark("manifest").state) == (True, False, "valid")
    assert "run out" in verdict.mark("manifest").sentence


def test_a_promised_label_must_be_there(tmp_path: Path, facts: MarkFacts, keys: KeyChain, home: Path) -> None:
    """A film without the label breaks its promise; one that never promised it is in order and says so."""
    plain = tmp_path / "plain.mp4"
    with media.FilmWriter(plain, size=(256, 144), fps=24, sound_rate=None) as writer:
        frames = [np.full((144, 256, 3), 60 + 4 * i, np.uint8) for i in range(24)]
        for chunk in media.encode_chunks(frames, size=(256, 144), fps=24):
            writer.write_chunk(chunk)

    promised = sign(plain, tmp_path / "promised.mp4", facts=facts, keys=keys)
    waived = sign(plain, tmp_path / "waived.mp4", facts=replace(facts, label=None), keys=keys)

    assert (states(promised, home)["label"], verify(promised, home=home).ok) == ("broken", False)
    assert (states(waived, home)["label"], verify(waived, home=home).ok) == ("waived", True)


def test_what_is_no_film_gets_words_and_no_traceback(signed: Path, tmp_path: Path, home: Path) -> None:
    """Missing, a folder, empty, text, cut short at any place, random bytes: always a verdict, never ok."""
    content = signed.read_bytes()
    noise = np.random.default_rng(3).integers(0, 256, 5000, dtype=np.uint8).tobytes()
    samples = {
        "empty": b"",
        "text": b"hello, this is a text and not a film",
        "noise": noise,
        "headed": content[:32] + noise,
        "doubled": content + content,
        **{f"cut{part}": content[: len(content) * part // 7] for part in range(1, 7)},
        "last": content[:-1],
        "hollow": content.replace(b"stsz", b"free"),
        "index": content.replace(b"moov", b"skip"),
    }
    for name, sample in samples.items():
        path = tmp_path / f"{name}.mp4"
        path.write_bytes(sample)
        verdict = verify(path, home=home)
        assert not verdict.ok, name
        assert verdict.sentences()[0].endswith((".", ".mp4")), name

    assert not verify(tmp_path / "none.mp4", home=home).ok
    assert "folder" in verify(tmp_path, home=home).sentences()[0]


def test_damage_anywhere_gets_words_and_no_traceback(signed: Path, tmp_path: Path, home: Path) -> None:
    """Sixty films with a few bytes overwritten in the boxes before the media: each gets a verdict in words."""
    content, random = signed.read_bytes(), np.random.default_rng(5)
    index = content.index(b"moov")
    media_start = content.index(b"mdat")
    path = tmp_path / "a.mp4"

    for _ in range(60):
        damaged = bytearray(content)
        for place in random.integers(index, media_start, 3):
            damaged[place] = random.integers(0, 256)
        path.write_bytes(damaged)
        verdict = verify(path, home=home)
        assert verdict.sentences()
        assert not verdict.ok or bytes(damaged) == content
