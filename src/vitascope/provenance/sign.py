"""Puts every mark that is not in the picture into a film, a still or sound: tag, XMP and, last, the signed manifest."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import c2pa

from vitascope.media import describe_write_failure, publish, workplace
from vitascope.provenance.boxes import DAMAGE
from vitascope.provenance.errors import ProvenanceError, first_line
from vitascope.provenance.facts import MarkFacts
from vitascope.provenance.forms import FILM, Form, form_of
from vitascope.provenance.keys import KeyChain
from vitascope.provenance.manifest import POSTER, build_manifest, build_settings
from vitascope.provenance.tags import build_aigc, build_xmp

_ALGORITHMS = {
    "es256": c2pa.C2paSigningAlg.ES256,
    "es384": c2pa.C2paSigningAlg.ES384,
    "es512": c2pa.C2paSigningAlg.ES512,
    "ed25519": c2pa.C2paSigningAlg.ED25519,
}


def sign(source: Path, target: Path, *, facts: MarkFacts, keys: KeyChain) -> Path:
    """Write `target` as the `source` (MP4, PNG or WAV) with all marks, signed with `keys`, and return it.

    Nothing may change the file afterwards: that would break the signature. `target` appears only when it is complete.
    Raises ProvenanceError for a file that cannot be signed, and MediaError when the disk refuses.
    """
    if not source.is_file():
        raise ProvenanceError(f"There is no film to sign: {source}")
    with workplace(target) as folder:
        with source.open("rb") as file:
            form = form_of(file)
        marked, signed = folder / f"marked{form.suffix}", folder / f"signed{form.suffix}"
        try:
            form.mark(source, marked, build_aigc(facts), build_xmp(facts))
        except OSError as error:
            raise describe_write_failure(error, target) from error
        except ProvenanceError as error:
            raise ProvenanceError(f"{error} Nothing was signed: {source}") from error
        except DAMAGE as error:
            raise ProvenanceError(f"This {form.kind} is damaged, so it was not signed: {source}") from error
        _write_manifest(marked, signed, form, facts=facts, keys=keys)
        return publish(signed, target)


def _write_manifest(marked: Path, signed: Path, form: Form, *, facts: MarkFacts, keys: KeyChain) -> None:
    failures: list[OSError] = []
    try:
        information = c2pa.C2paSignerInfo(_ALGORITHMS[keys.algorithm], keys.chain_pem, keys.key_pem, None)
        signer = c2pa.Signer.from_info(information)
        context = c2pa.Context.from_dict(build_settings(keys.roots_pem), signer=signer)
        with c2pa.Builder(build_manifest(facts), context=context) as builder:
            if facts.poster:
                builder.add_resource(POSTER, io.BytesIO(facts.poster))
            for ingredient in facts.ingredients:
                description = {
                    "title": ingredient.path.name,
                    "relationship": ingredient.relationship,
                    "instance_id": ingredient.identifier,
                }
                with ingredient.path.open("rb") as part:
                    builder.add_ingredient(description, FILM.media_type, part)
            with marked.open("rb") as reader, _recording(signed, failures) as writer:
                builder.sign(form.media_type, reader, writer)
    except (c2pa.C2paError, OSError) as error:
        cause = failures[0] if failures else error
        if isinstance(cause, OSError):
            raise describe_write_failure(cause, signed) from error
        raise ProvenanceError(f"The {form.kind} could not be signed ({first_line(error)}): {signed}") from error


class _RecordingFile(io.FileIO):
    """A new file that remembers why a write failed; the library itself only says that one did."""

    def __init__(self, path: Path, failures: list[OSError]) -> None:
        super().__init__(path, "w+")
        self._failures = failures

    def write(self, data: object) -> int:  # type: ignore[override]
        try:
            view = memoryview(data).cast("B")  # type: ignore[arg-type]
            done = 0
            while done < len(view):
                done += super().write(view[done:]) or 0
            return done
        except OSError as error:
            self._failures.append(error)
            raise


@contextmanager
def _recording(path: Path, failures: list[OSError]) -> Iterator[_RecordingFile]:
    file = _RecordingFile(path, failures)
    try:
        yield file
    finally:
        file.close()
