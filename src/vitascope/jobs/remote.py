"""A film that another server makes: fetched, looked at, and marked like our own before anybody sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

from vitascope import __version__, media, provenance
from vitascope.jobs.chunk import publish_film
from vitascope.jobs.executor import FetchRemote
from vitascope.jobs.remote_server import Limits, RemoteError, RemoteServer
from vitascope.jobs.storage import Storage
from vitascope.studio import visible_label

__all__ = ["fetch_remote"]

LONGEST = Fraction(600)
"""Seconds of a film from elsewhere."""
SOUND_RATE = 48_000
POSTER = 512
LEAST_FPS, MOST_FPS = 24, 120
NO_LABEL = "The visible label could not be drawn onto this film ({reason}); its marks in the file are whole."
PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


def fetch_remote(
    task: FetchRemote, storage: Storage, step: Callable[[int], None], *, folder: Path, limits: Limits | None = None
) -> dict[str, object]:
    """Have `task` made elsewhere and put the marked film into storage. Result as the task says, with its true facts.

    `step` is called with frames done, about four times a second; what it raises ends the work here and there. Raises
    RemoteError for what the other server did not do, ProvenanceError, MediaError and OSError for what went wrong here.
    """
    limits = limits or Limits()
    raw, marked, document = folder / "remote.mp4", folder / "film.mp4", folder / "film.json"
    expected = _expected_frames(task)
    done = 0

    def listen(percent: int) -> None:
        nonlocal done
        done = max(done, expected * percent // 100)
        step(done)

    step(0)
    picture = None if task.picture is None else _picture(storage.read(task.picture))
    with RemoteServer(task.url, task.key, step=listen, limits=limits) as server:
        answer = server.film(task.body, picture, raw)
        facts = _checked(raw, server.host)
    engine = str(answer.get("model") or task.body.get("model") or "another engine")
    text = json.dumps(
        {"schema": "vitascope.request", "version": 1, "engine": engine, "body": dict(task.body)}, indent=2
    )
    document.write_text(text, encoding="utf-8")
    silent = task.body.get("generate_sound") == "false"
    remark = _mark(raw, marked, facts, text=text, engine=engine, silent=silent, step=lambda: step(done))
    published = publish_film(marked, document, storage, task.prefix, step=lambda: step(expected))
    true = media.probe(marked)
    return {
        **published,
        "ways": {"drawn": true.frame_count},
        "frames": true.frame_count,
        "chunks": [],
        "remark": remark,
        "size": f"{true.size[0]}x{true.size[1]}",
        "seconds": str(true.duration),
        "fps": str(true.fps),
    }


def _expected_frames(task: FetchRemote) -> int:
    seconds = Fraction(str(task.body.get("seconds", 4)))
    return max(1, round(seconds * Fraction(str(task.body.get("fps", 24)))))


def _picture(raw: bytes) -> tuple[str, bytes]:
    kind = next((kind for start, kind in PICTURES.items() if raw.startswith(start)), "application/octet-stream")
    return kind, raw


def _checked(path: Path, host: str) -> media.Probe:
    try:
        facts = media.probe(path)
    except media.MediaError as error:
        raise RemoteError(f"What the engine at {host} gave is not a film.", code="remote_not_a_film") from error
    width, height = facts.size
    if not 0 < facts.duration <= LONGEST or not 0 < width * height <= 4096 * 4096 or not 1 <= facts.fps <= MOST_FPS:
        raise RemoteError(
            f"The engine at {host} gave a film of {width}x{height} at {float(facts.fps):g} frames a second that lasts "
            f"{float(facts.duration):g} seconds, which is more than is taken.",
            code="remote_too_large",
        )
    return facts


def _mark(
    raw: Path, marked: Path, facts: media.Probe, *, text: str, engine: str, silent: bool, step: Callable[[], None]
) -> str | None:
    """Write `marked` as `raw` with label, tags and manifest; returns what was not possible.

    A label can only be drawn by encoding the pictures anew. A film that our encoder does not take stays as it is.
    """
    keys, poster = provenance.load_keys(), _poster(raw, facts)
    has_record = provenance.verify(raw).mark("manifest").state != "missing"
    actions, ingredients = provenance.origin_elsewhere(raw, has_record=has_record)

    def sign(complete: Path, target: Path, label: bool) -> None:
        mark_facts = provenance.MarkFacts(
            title="A film made with Vitascope",
            created=datetime.now(UTC),
            engine=engine,
            engine_version=__version__,
            film_sha256=provenance.digest_film(text.encode()),
            label=provenance.LABEL_TEXT if label else None,
            actions=actions,
            ingredients=ingredients,
            poster=poster,
        )
        provenance.sign(complete, target, facts=mark_facts, keys=keys)

    if not visible_label():
        sign(raw, marked, False)
        return None
    times = _repeats(facts.fps)
    try:
        writer = media.FilmWriter(
            marked,
            size=facts.size,
            fps=facts.fps * times,
            sound_rate=None if silent or facts.sound_rate is None else SOUND_RATE,
            finish_with=lambda complete, target: sign(complete, target, True),
        )
    except media.MediaError as error:
        sign(raw, marked, False)
        return NO_LABEL.format(reason=str(error).rstrip("."))
    with writer:
        label = provenance.Label(facts.size)
        frames = (label.apply(frame) for frame in media.read_frames(raw) for _ in range(times))
        for chunk in media.encode_chunks(frames, size=facts.size, fps=facts.fps * times):
            step()
            writer.write_chunk(chunk)
        if not silent and facts.sound_rate is not None:
            for samples in media.read_sound(raw, rate=SOUND_RATE):
                writer.write_sound(samples)
    return None


def _repeats(fps: Fraction) -> int:
    """How often each picture is shown so that our films' lowest rate is reached: 16 frames a second become 32."""
    return next(times for times in range(1, LEAST_FPS + 1) if fps * times >= LEAST_FPS)


def _poster(path: Path, facts: media.Probe) -> bytes | None:
    frames = media.read_frames_at(path, (facts.duration / 3,))
    found = next(frames, None)
    return None if found is None else media.encode_poster(found[1], long_side=POSTER)
