"""A signed film carries every mark, keeps its pictures, and says nothing private."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import av
import c2pa
import numpy as np
import pytest

from vitascope import media
from vitascope.provenance import (
    ALGORITHMIC_MEDIA,
    TRAINED_MEDIA,
    Action,
    Ingredient,
    KeyChain,
    MarkFacts,
    Model,
    ProvenanceError,
    origin,
    sign,
    verify,
)
from vitascope.provenance.boxes import copy_with_marks, read_film_boxes, read_tags, read_xmp
from vitascope.provenance.forms import FILM
from vitascope.provenance.manifest import build_settings


def read_manifest(path: Path, keys: KeyChain) -> dict:
    context = c2pa.Context.from_dict(build_settings(keys.roots_pem))
    with path.open("rb") as file, c2pa.Reader(FILM.media_type, file, context=context) as reader:
        return json.loads(reader.json())


def test_a_signed_film_has_every_mark(signed: Path, home: Path) -> None:
    """The verdict on a fresh film: all marks, trusted, and the facts that were given."""
    verdict = verify(signed, home=home)

    states = {mark.name: mark.state for mark in verdict.marks}
    assert states == {"manifest": "trusted", "aigc": "present", "xmp": "present", "label": "present"}
    assert verdict.ok
    assert verdict.trusted
    assert (verdict.title, verdict.engine, verdict.source_type) == ("Tide", "world 0.1.0", ALGORITHMIC_MEDIA)
    assert verdict.created is not None
    assert verdict.created.isoformat() == "2026-11-20T12:30:00+00:00"
    assert verdict.signer is not None
    assert verdict.signer.startswith("Vitascope signer ")


def test_signing_keeps_picture_sound_and_tags(film: Path, signed: Path) -> None:
    """Every frame and every packet of sound is the same before and after, and the index stays in front."""
    before, after = media.probe(film), media.probe(signed)

    with av.open(str(film)) as plain, av.open(str(signed)) as marked:
        for old, new in zip(plain.demux(), marked.demux(), strict=True):
            assert (bytes(old), old.pts, old.dts) == (bytes(new), new.pts, new.dts)
    assert (after.frame_count, after.duration, after.metadata["title"]) == (36, before.duration, "Tide")
    assert all(np.array_equal(a, b) for a, b in zip(media.read_frames(film), media.read_frames(signed), strict=True))
    content = signed.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_another_reader_finds_the_tags(signed: Path, facts: MarkFacts) -> None:
    """The demuxer sees exactly the seven AIGC fields of GB 45438-2025, label 1, with the film's own identifier."""
    fields = json.loads(media.probe(signed).metadata["AIGC"])

    assert list(fields) == [
        "Label",
        "ContentProducer",
        "ProduceID",
        "ReservedCode1",
        "ContentPropagator",
        "PropagateID",
        "ReservedCode2",
    ]
    assert (fields["Label"], fields["ProduceID"], fields["ReservedCode1"]) == ("1", facts.identifier, facts.film_sha256)


def test_the_manifest_says_how_the_film_was_made(signed: Path, keys: KeyChain) -> None:
    """One complete list of actions: created by rules, by Vitascope; and not a word of the film document."""
    report = read_manifest(signed, keys)
    manifest = report["manifests"][report["active_manifest"]]
    actions = next(a["data"] for a in manifest["assertions"] if a["label"] == "c2pa.actions.v2")

    assert actions["allActionsIncluded"] is True
    assert [(a["action"], a["digitalSourceType"]) for a in actions["actions"]] == [("c2pa.created", ALGORITHMIC_MEDIA)]
    assert manifest["claim_generator_info"][0]["name"] == "Vitascope"
    assert b"secret" not in signed.read_bytes()


def test_what_a_model_made_says_which(film: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain, home: Path) -> None:
    """The disclosure of C2PA names the model, the source type says that it was trained; a film without one has neither."""
    actions, _ = origin(None, source_type=TRAINED_MEDIA)
    model = Model(name="Vitascope small", identifier="sha256:0123")

    out = sign(film, tmp_path / "a.mp4", facts=replace(facts, actions=actions, model=model), keys=keys)

    report = read_manifest(out, keys)
    assertions = report["manifests"][report["active_manifest"]]["assertions"]
    disclosed = next(each["data"] for each in assertions if each["label"] == "c2pa.ai-disclosure")
    assert (disclosed["modelName"], disclosed["modelIdentifier"]) == ("Vitascope small", "sha256:0123")
    verdict = verify(out, home=home)
    assert verdict.trusted
    assert (verdict.source_type or "").endswith("/trainedAlgorithmicMedia")


def test_a_poster_travels_in_the_manifest(film: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain) -> None:
    """A poster given as JPEG becomes the thumbnail of the claim."""
    poster = media.encode_poster(next(media.read_frames(film)), long_side=512)

    out = sign(film, tmp_path / "a.mp4", facts=replace(facts, poster=poster), keys=keys)

    report = read_manifest(out, keys)
    assert report["manifests"][report["active_manifest"]]["thumbnail"]["format"] == "image/jpeg"
    assert poster in out.read_bytes()


def test_an_edit_names_the_film_it_came_from(
    film: Path, signed: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain, home: Path
) -> None:
    """A film opened and edited keeps its parent's manifest and verifies as a whole."""
    actions = (
        Action(name="c2pa.opened", ingredients=("parent",)),
        Action(name="c2pa.edited", source_type=ALGORITHMIC_MEDIA, description="a calmer sea"),
    )
    edit = replace(facts, actions=actions, ingredients=(Ingredient(identifier="parent", path=signed),))

    out = sign(film, tmp_path / "edit.mp4", facts=edit, keys=keys)

    report = read_manifest(out, keys)
    assert len(report["manifests"]) == 2
    assert report["manifests"][report["active_manifest"]]["ingredients"][0]["relationship"] == "parentOf"
    assert verify(out, home=home).trusted


def test_signing_again_leaves_one_of_each_tag(signed: Path, tmp_path: Path, facts: MarkFacts, keys: KeyChain) -> None:
    """A film that is marked twice carries the second tag and XMP only."""
    later = replace(facts, title="Ebb")

    out = sign(signed, tmp_path / "again.mp4", facts=later, keys=keys)

    with out.open("rb") as file:
        boxes = read_film_boxes(file)
        assert [json.loads(tag)["ProduceID"] for tag in read_tags(file, boxes, "AIGC")] == [later.identifier]
        assert len(read_xmp(file, boxes)) == 1


@pytest.mark.parametrize("flags", ["faststart", "faststart+use_metadata_tags", "use_metadata_tags"])
def test_offsets_stay_right_wherever_the_index_is(film: Path, tmp_path: Path, flags: str) -> None:
    """With the index before or after the media, with either kind of tags, every packet can still be read."""
    other = tmp_path / "other.mp4"
    with av.open(str(film)) as source, av.open(str(other), "w", options={"movflags": flags}) as target:
        target.metadata["title"] = "Tide"
        streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream.index]
                target.mux(packet)

    copy_with_marks(other, tmp_path / "marked.mp4", tag=("AIGC", "值"), xmp=b"<x/>")

    with av.open(str(other)) as plain, av.open(str(tmp_path / "marked.mp4")) as marked:
        assert [bytes(p) for p in plain.demux()] == [bytes(p) for p in marked.demux()]
        assert (marked.metadata["title"], marked.metadata["AIGC"]) == ("Tide", "值")


def test_facts_that_make_no_sense_are_refused(facts: MarkFacts) -> None:
    """A digest that is none, a time without a zone, a producer with a space and no action each give one sentence."""
    wrong = [
        {"film_sha256": "abc"},
        {"created": datetime(2026, 1, 1)},
        {"producer": "Vita Scope"},
        {"actions": ()},
    ]
    for change in wrong:
        with pytest.raises(ProvenanceError):
            replace(facts, **change)


def test_what_cannot_be_signed_is_refused(tmp_path: Path, facts: MarkFacts, keys: KeyChain) -> None:
    """A missing file and a text are refused in one sentence, and nothing is left."""
    text = tmp_path / "a.txt"
    text.write_text("this is a text and not a film")

    for source, words in ((tmp_path / "none.mp4", "no film to sign"), (text, "not an MP4")):
        with pytest.raises(ProvenanceError, match=words):
            sign(source, tmp_path / "out.mp4", facts=facts, keys=keys)

    assert list(tmp_path.iterdir()) == [text]


SIGN_ON_A_FULL_DISK = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from vitascope.media import MediaError
from vitascope.provenance import MarkFacts, digest_film, load_keys, sign
keys = load_keys(Path(sys.argv[1]))
facts = MarkFacts(title="Tide", created=datetime(2026, 1, 1, tzinfo=UTC), engine="world", engine_version="1",
                  film_sha256=digest_film(b""), label=None)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]), int(sys.argv[4])))
try:
    sign(Path(sys.argv[2]), Path(sys.argv[3]), facts=facts, keys=keys)
except MediaError as error:
    print(error)
    sys.exit(3)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
def test_a_full_disk_while_signing_leaves_nothing(film: Path, home: Path, tmp_path: Path) -> None:
    """When the system refuses to write the marked copy or the signed one, one sentence says so and no file stays."""
    size = film.stat().st_size

    for limit in (size // 2, size + 2000):
        command = [sys.executable, "-c", SIGN_ON_A_FULL_DISK, str(home), str(film), str(tmp_path / "a.mp4"), str(limit)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)

        assert (result.returncode, result.stdout[:16]) == (3, "The disk is full"), result.stderr
        assert list(tmp_path.iterdir()) == []


def test_a_film_is_signed_before_anyone_sees_it(tmp_path: Path, facts: MarkFacts, keys: KeyChain, home: Path) -> None:
    """Signing as the last step of writing publishes a film that already carries its marks."""
    target = tmp_path / "a.mp4"

    def mark(complete: Path, marked: Path) -> None:
        assert not target.exists()
        sign(complete, marked, facts=replace(facts, label=None), keys=keys)

    with media.FilmWriter(target, size=(128, 128), fps=24, finish_with=mark) as writer:
        for chunk in media.encode_chunks([np.zeros((128, 128, 3), np.uint8)], size=(128, 128), fps=24):
            writer.write_chunk(chunk)

    assert verify(target, home=home).trusted
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]
