"""Looks for every mark in a file and says what became of it. Never raises for a file, whatever is in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import c2pa
import numpy as np

from vitascope.media import MediaError, probe, read_frames_at, read_still
from vitascope.provenance.boxes import DAMAGE
from vitascope.provenance.chain import EXPIRED, HARMLESS, UNKNOWN_SIGNER, Step, actions_of, read_chain, read_time
from vitascope.provenance.errors import ProvenanceError, first_line
from vitascope.provenance.forms import Form, form_of
from vitascope.provenance.keys import read_roots
from vitascope.provenance.label import Label
from vitascope.provenance.manifest import FILM_ASSERTION, build_settings
from vitascope.provenance.tags import read_aigc, read_source_type
from vitascope.provenance.verdict import Mark, MarkName, MarkState, Verdict, unreadable

_LOOKS = 5  # frames in which the visible label is looked for
_CHANGED = {
    "assertion.bmffHash.mismatch": "the picture, the sound or the tags are not those that were signed",
    "assertion.dataHash.mismatch": "the picture, the sound or the tags are not those that were signed",
    "assertion.hashedURI.mismatch": "the record itself was changed",
    "claimSignature.mismatch": "the signature does not fit the record",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Record:
    """The manifest as found: how it stands, and the parts of it that matter here. Empty where there is none."""

    mark: Mark
    manifest: dict[str, Any]
    film: dict[str, Any]
    actions: list[dict[str, Any]]
    chain: tuple[Step, ...] = ()

    @property
    def source_type(self) -> str | None:
        return next((a["digitalSourceType"] for a in self.actions if a.get("digitalSourceType")), None)


def verify(path: str | Path, *, home: Path | None = None) -> Verdict:
    """Return what became of the marks of the film, still or sound at `path`.

    `home` is the folder with the roots that this machine trusts, by default the one of `vitascope_home`; nothing is
    made there. A file signed by a stranger is in order (`ok`) but not `trusted`: its marks are whole, only its signer
    is unknown. A certificate that has run out since is treated in the same way, for files carry no time stamp.
    """
    film = Path(path)
    if not film.exists():
        return unreadable(film, f"There is no such file: {film}", "missing")
    if film.is_dir():
        return unreadable(film, f"This is a folder and not a film: {film}", "missing")
    try:
        with film.open("rb") as file:
            form = form_of(file)
            file.seek(0)
            tags, packets = form.read(file)
    except ProvenanceError as error:
        state: MarkState = "missing" if "not an MP4" in str(error) else "broken"
        return unreadable(film, f"{error} The file: {film}", state)
    except (OSError, *DAMAGE) as error:
        return unreadable(film, f"This file cannot be read ({type(error).__name__}): {film}", "broken")
    record = _read_record(film, form, home)
    aigc, xmp = _check_aigc(tags, record), _check_xmp(packets, record)
    return Verdict(
        path=film,
        marks=(record.mark, aigc, xmp, _check_label(film, form, record)),
        title=record.manifest.get("title"),
        created=read_time(record.actions),
        engine=_read_engine(record),
        source_type=record.source_type,
        signer=_signer_name(record.manifest),
        chain=record.chain,
    )


def _read_record(film: Path, form: Form, home: Path | None) -> _Record:
    try:
        context = c2pa.Context.from_dict(build_settings(read_roots(home)))
        with film.open("rb") as file, c2pa.Reader(form.media_type, file, context=context) as reader:
            store: dict[str, Any] = json.loads(reader.json())
            manifest = reader.get_active_manifest() or {}
            results = (reader.get_validation_results() or {}).get("activeManifest", {})
            state = str(reader.get_validation_state())
    except (c2pa.C2paError, OSError, *DAMAGE) as error:
        reason = first_line(error)
        if reason.startswith("ManifestNotFound"):
            return _no_record("missing", "Signed record: none; it was never there, or a copy of the film lost it.")
        return _no_record("broken", f"Signed record: damaged, so it proves nothing ({reason}).")
    failures = {result.get("code", "") for result in results.get("failure", [])}
    assertions = {entry["label"]: entry.get("data") for entry in manifest.get("assertions", [])}
    return _Record(
        mark=_judge_record(state, failures, manifest),
        manifest=manifest,
        film=assertions.get(FILM_ASSERTION) or {},
        actions=actions_of(manifest),
        chain=read_chain(store),
    )


def _no_record(state: MarkState, sentence: str) -> _Record:
    return _Record(mark=Mark(name="manifest", state=state, sentence=sentence), manifest={}, film={}, actions=[])


def _judge_record(state: str, failures: set[str], manifest: dict[str, Any]) -> Mark:
    signer = _signer_name(manifest) or "someone without a name"
    if failures - HARMLESS or (state == "Invalid" and not failures):
        reasons = sorted({_CHANGED.get(code, code) for code in failures - HARMLESS}) or ["the check failed"]
        return _mark("manifest", "broken", f"Signed record: by {signer}, but {' and '.join(reasons)}.")
    if EXPIRED in failures:
        words = "whose certificate has run out since or is not valid yet; unchanged since it was signed"
        return _mark("manifest", "valid", f"Signed record: by {signer}, {words}.")
    if UNKNOWN_SIGNER in failures or state != "Trusted":
        words = "whom this machine does not know; unchanged since it was signed"
        return _mark("manifest", "valid", f"Signed record: by {signer}, {words}.")
    return _mark("manifest", "trusted", f"Signed record: by {signer}, whom this machine knows; unchanged since.")


def _check_aigc(tags: list[str], record: _Record) -> Mark:
    if not tags:
        return _mark("aigc", "missing", "AIGC tag: none.")
    if len(tags) > 1:
        return _mark("aigc", "broken", f"AIGC tag: there are {len(tags)}; exactly one is allowed.")
    fields = read_aigc(tags[0])
    if fields is None:
        return _mark("aigc", "broken", "AIGC tag: it cannot be read, or does not say that the film is made by AI.")
    if record.film and fields["ProduceID"] != record.film.get("identifier"):
        return _mark("aigc", "broken", "AIGC tag: it belongs to another film than the signed record.")
    return _mark("aigc", "present", f"AIGC tag: made by AI, produced with {fields['ContentProducer']}.")


def _check_xmp(packets: list[bytes], record: _Record) -> Mark:
    if not packets:
        return _mark("xmp", "missing", "IPTC source type: none.")
    source_type = read_source_type(packets[0]) if len(packets) == 1 else None
    if source_type is None:
        return _mark("xmp", "broken", "IPTC source type: the XMP cannot be read, or does not hold it once.")
    if record.source_type and source_type != record.source_type:
        return _mark("xmp", "broken", "IPTC source type: it contradicts the signed record.")
    return _mark("xmp", "present", f"IPTC source type: {source_type.rsplit('/', 1)[-1]}.")


def _check_label(film: Path, form: Form, record: _Record) -> Mark:
    promised = record.film.get("visibleLabel")
    if form.kind == "sound":
        return _mark("label", "waived", "Visible label: none, because this is sound without a picture.")
    try:
        frames = [read_still(film)] if form.kind == "still" else _some_frames(film)
        height, width = frames[0].shape[:2]
        found = min(width, height) >= 128 and Label((width, height)).is_on(frames)
    except MediaError:
        return _mark("label", "broken", "Visible label: the pictures cannot be decoded.")
    if found:
        return _mark("label", "present", f"Visible label: found in the {len(frames)} frames looked at.")
    if promised:
        return _mark("label", "broken", f"Visible label: the record promises {promised!r}, but it was not found.")
    if record.film:
        return _mark("label", "waived", "Visible label: left out on purpose, as the signed record says.")
    return _mark("label", "missing", "Visible label: not found.")


def _some_frames(film: Path) -> list[np.ndarray]:
    """A few frames over the length of a film. Raises MediaError."""
    duration = probe(film).duration
    times = tuple(Fraction(int(duration * look), _LOOKS) for look in range(_LOOKS))
    frames = [frame for _, frame in read_frames_at(film, times)]
    if not frames:
        raise MediaError(f"This film has no picture that can be decoded: {film}")
    return frames


def _mark(name: MarkName, state: MarkState, sentence: str) -> Mark:
    return Mark(name=name, state=state, sentence=sentence)


def _signer_name(manifest: dict[str, Any]) -> str | None:
    information = manifest.get("signature_info") or {}
    names = [information.get("common_name"), information.get("issuer")]
    return ", ".join(name for name in names if name) or None


def _read_engine(record: _Record) -> str | None:
    if record.film.get("engine"):
        return f"{record.film['engine']} {record.film.get('engineVersion', '')}".strip()
    tools = record.manifest.get("claim_generator_info") or [{}]
    return tools[0].get("name")
