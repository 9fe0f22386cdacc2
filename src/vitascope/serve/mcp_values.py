"""What the tools give: the same facts as a structure for programs and the player, and as plain lines for a model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from pydantic import BaseModel, Field

from vitascope.director.editing import Impossible, NoChange, NotUnderstood, Proposal, Question, Reply, Return
from vitascope.film import Film, Reading
from vitascope.jobs.values import State, Variant, Video
from vitascope.provenance import Verdict

__all__ = ["Deleted", "FilmList", "FilmState", "Marks", "PhraseTaken", "WordsRead", "film_state", "told"]

Link = Callable[[str, Variant, str], str]
"""An address that plays without a key, from the id of a film, the variant and the end of the name."""
WORDS_SHOWN = 300
"""Of each prompt in a list; a single film shows all."""


class PhraseTaken(BaseModel):
    """How one phrase was taken."""

    text: str
    taken_as: str = Field(description="What it became; empty where nothing did.")
    status: Literal["understood", "substituted", "not_understood"]


class FilmState(BaseModel):
    """A film: a job until its status is completed, a finished film from then on."""

    id: str = Field(description="Give this as video_id to the other tools.")
    status: Literal["queued", "starting", "running", "cancelling", "completed", "failed", "cancelled"]
    progress: int = Field(description="0 to 100.")
    prompt: str
    operation: Literal["create", "edit", "remix", "extend", "import"]
    parent_id: str | None = Field(description="The film that this one was made from.")
    changed: str = Field(description="What is different from the parent, in short sentences.")
    seconds: float
    size: str
    fps: float
    seed: int
    style: str | None
    sound: bool
    engine: str
    understood: list[PhraseTaken]
    remarks: list[str]
    frames: int
    frames_done: int
    frames_reused: int
    forecast_seconds: float | None = Field(description="How long the making takes in all, as far as can be said.")
    created_at: int = Field(description="Seconds since 1970, as for the other times.")
    completed_at: int | None
    expires_at: int | None
    size_bytes: int | None
    url: str | None = Field(description="Plays in a browser without a key, once completed.")
    poster_url: str | None
    resource: str = Field(description="The film as an MCP resource.")
    error: str | None
    next: str = Field(description="What to do next.")


class FilmList(BaseModel):
    """Films, and where the next part of the list begins."""

    films: list[FilmState]
    has_more: bool
    next: str


class WordsRead(BaseModel):
    """How words are understood. Nothing was filmed."""

    outcome: Literal["film", "edit", "go_back", "question", "impossible", "not_understood", "no_change"]
    said: str = Field(description="What would be filmed or changed, or what stands in the way.")
    choices: list[str] = Field(description="The ways on, of which one is to be chosen by its number, from 1.")
    understood: list[PhraseTaken]
    remarks: list[str]
    next: str


class Mark(BaseModel):
    """One mark of a film and what became of it."""

    name: Literal["manifest", "aigc", "xmp", "label"]
    state: Literal["trusted", "valid", "present", "waived", "broken", "missing"]
    sentence: str


class Ancestor(BaseModel):
    """A film of the chain, as its signed record says."""

    title: str
    made: str | None
    edited: bool
    unchanged: bool = Field(description="Whether nothing changed between its signing and its use in the next film.")


class Marks(BaseModel):
    """What the file says about where it comes from, checked."""

    id: str
    ok: bool = Field(description="All marks are there, and nothing changed since the film was signed.")
    trusted: bool = Field(description="And this server knows who signed it.")
    sentences: list[str]
    marks: list[Mark]
    chain: list[Ancestor] = Field(description="The film, what it was edited from, and so on back to the first.")


class Deleted(BaseModel):
    """A film that is not there any more."""

    id: str
    deleted: bool
    next: str


def film_state(video: Video, link: Link, *, advice: str = "", short: bool = False) -> FilmState:
    """The film for a reply; `short` leaves out the end of long prompts and how each phrase was taken."""
    done = video.state is State.COMPLETED
    return FilmState(
        id=video.id,
        status=video.state.value,
        progress=video.progress,
        prompt=_shortened(video.prompt) if short else video.prompt,
        operation=video.operation,
        parent_id=video.parent,
        changed=video.said,
        seconds=float(video.seconds),
        size=f"{video.size.width}x{video.size.height}",
        fps=round(float(video.fps), 3),
        seed=video.seed,
        style=video.style,
        sound=video.audio,
        engine=video.engine,
        understood=[] if short else phrases(video.reading),
        remarks=[] if short else [*video.reading.remarks, *([video.remark] if video.remark else [])],
        frames=video.frames,
        frames_done=video.frames_done,
        frames_reused=int(video.ways.get("reused", 0)),
        forecast_seconds=video.forecast_seconds,
        created_at=video.created_at,
        completed_at=video.completed_at,
        expires_at=video.expires_at,
        size_bytes=video.size_bytes,
        url=link(video.id, "video", ".mp4") if done else None,
        poster_url=link(video.id, "thumbnail", ".webp") if done else None,
        resource=f"video://{video.id}",
        error=video.fault.message if video.fault else None,
        next=advice,
    )


def phrases(reading: Reading) -> list[PhraseTaken]:
    """How each phrase was taken, in the order of the text."""
    found = sorted(reading.phrases, key=lambda phrase: phrase.start)
    return [PhraseTaken(text=each.text, taken_as=each.taken_as, status=each.status) for each in found]


def words_read(found: Reply | Film, advice: str) -> WordsRead:
    """What came of reading, for a reply."""
    reading = found.reading if isinstance(found, Film | Proposal | NotUnderstood) else Reading()
    outcome, said = _outcome(found)
    choices = [choice.label for choice in found.choices] if isinstance(found, Question | Impossible) else []
    return WordsRead(
        outcome=outcome,
        said=said,
        choices=choices,
        understood=phrases(reading),
        remarks=list(reading.remarks),
        next=advice,
    )


def _outcome(
    found: Reply | Film,
) -> tuple[Literal["film", "edit", "go_back", "question", "impossible", "not_understood", "no_change"], str]:
    match found:
        case Film():
            return "film", _described(found)
        case Proposal():
            return "edit", found.said
        case Return():
            return "go_back", found.said
        case Question():
            return "question", found.text
        case Impossible():
            return "impossible", found.text
        case NotUnderstood():
            return "not_understood", found.text
        case NoChange():
            return "no_change", found.text


def _described(film: Film) -> str:
    """ "4 s at 1280x720, 24 fps, cinematic: fox (forest)." """
    shots = [
        f"{', '.join(dict.fromkeys(subject.name for subject in shot.subjects)) or 'nobody'}"
        f" ({shot.set.place.replace('_', ' ')})"
        for shot in film.shots
    ]
    sound = "silent" if film.silent else "with sound"
    size, length = f"{film.size.width}x{film.size.height}", float(film.duration)
    return (
        f"{length:g} s at {size}, {float(film.fps):.5g} fps, {film.shots[0].look.style}, {sound}: {'; '.join(shots)}."
    )


def marks(video: str, verdict: Verdict) -> Marks:
    """The verdict on a film, for a reply."""
    return Marks(
        id=video,
        ok=verdict.ok,
        trusted=verdict.trusted,
        sentences=verdict.sentences(),
        marks=[Mark(name=mark.name, state=mark.state, sentence=mark.sentence) for mark in verdict.marks],
        chain=[
            Ancestor(
                title=step.title,
                made=step.made.isoformat() if step.made else None,
                edited=step.edited,
                unchanged=step.whole,
            )
            for step in verdict.chain
        ],
    )


def told(state: FilmState) -> str:
    """A film in plain lines: how it stands, its address, what was understood, what to do next."""
    kind = f"{state.seconds:g} s, {state.size}, {state.fps:g} fps, {'with sound' if state.sound else 'silent'}"
    lines = [f"Film {state.id} ({kind}) {_standing(state)}."]
    if state.url:
        lines += [f"Watch or download: {state.url}", f"Thumbnail: {state.poster_url}"]
    if state.changed:
        lines.append(f"Changed: {state.changed}")
    lines += _taken(state.understood)
    lines += state.remarks
    if state.next:
        lines.append(f"Next: {state.next}")
    return "\n".join(lines)


def told_reading(read: WordsRead) -> str:
    """A reading in plain lines."""
    lines = [f"{read.outcome.replace('_', ' ').capitalize()}: {read.said}", *numbered(read.choices)]
    return "\n".join([*lines, *_taken(read.understood), *read.remarks, f"Next: {read.next}"])


def numbered(labels: Sequence[str]) -> list[str]:
    """The ways on, one a line, from 1."""
    return [f"{number}. {label}" for number, label in enumerate(labels, 1)]


def _standing(state: FilmState) -> str:
    if state.status == "running":
        return f"is being made: {state.progress} %"
    if state.status == "failed":
        return f"could not be made: {(state.error or 'the reason is not known').rstrip('.')}"
    if state.status == "completed" and state.frames_reused:
        return f"is completed; {state.frames_reused} of its {state.frames} frames were reused"
    return f"is {state.status}"


def _taken(found: Sequence[PhraseTaken]) -> list[str]:
    names = {"understood": "Understood", "substituted": "Nearest there is", "not_understood": "Not understood"}
    lines = []
    for status, name in names.items():
        those = [each for each in found if each.status == status]
        if those:
            lines.append(f"{name}: " + "; ".join(_became(each) for each in those) + ".")
    return lines


def _became(phrase: PhraseTaken) -> str:
    return f"{phrase.text} → {phrase.taken_as}" if phrase.taken_as not in ("", phrase.text) else phrase.text


def _shortened(text: str) -> str:
    return text if len(text) <= WORDS_SHOWN else text[:WORDS_SHOWN].rstrip() + "…"
