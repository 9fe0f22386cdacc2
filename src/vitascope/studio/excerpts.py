"""What is taken out of a finished film as a file of its own: the still of a moment, the sound. Each carries the film's marks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from vitascope import __version__, media, provenance

__all__ = ["take_sound", "take_still"]


def take_still(film: Path, at: Fraction, target: Path) -> Path:
    """Write the frame that `film` shows at `at` [s] as a signed PNG at `target`, to the last bit of what is decoded.

    Raises MediaError and ProvenanceError.
    """
    facts = media.probe(film)
    at = max(Fraction(0), min(at, facts.duration - 1 / facts.fps))
    frames = [frame for _, frame in media.read_frames_at(film, (at,))]
    if not frames:
        raise media.MediaError(f"This film shows nothing at {float(at):g} s: {film}")
    with media.workplace(target) as folder:
        plain = media.write_still(folder / "plain.png", frames[0])
        return _signed(plain, target, film, f"One frame of the film, at {float(at):.3f} s.")


def take_sound(film: Path, target: Path) -> Path:
    """Write the sound of `film` as a signed WAV (48 kHz, 16 bit, stereo) at `target`. Raises MediaError and ProvenanceError."""
    with media.workplace(target) as folder:
        plain = media.write_sound(folder / "plain.wav", film)
        return _signed(plain, target, film, "The sound of the film.")


def _signed(plain: Path, target: Path, film: Path, what: str) -> Path:
    """`plain` with marks that lead back to `film`, which stays readable in them."""
    said = provenance.verify(film)
    engine, _, version = (said.engine or "").rpartition(" ")
    labelled = plain.suffix == ".png" and said.mark("label").state == "present"
    actions, ingredients = provenance.origin(film, source_type=said.source_type or provenance.ALGORITHMIC_MEDIA)
    facts = provenance.MarkFacts(
        title=said.title or film.stem,
        created=datetime.now(UTC),
        engine=engine or "another engine",
        engine_version=version or __version__,
        film_sha256=provenance.read_film_digest(film) or provenance.digest_film(film.read_bytes()),
        label=provenance.LABEL_TEXT if labelled else None,
        actions=(*actions[:-1], replace(actions[-1], description=what)),
        ingredients=ingredients,
    )
    return provenance.sign(plain, target, facts=facts, keys=provenance.load_keys())
