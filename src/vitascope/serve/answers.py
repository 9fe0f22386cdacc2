"""What is said in a conversation: films, readings, questions and help as Markdown. Pure: values in, text out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import product

from vitascope.director.editing import Impossible, NotUnderstood, Question
from vitascope.film import Film, Phrase, Reading, Size
from vitascope.jobs.values import State, Video
from vitascope.serve.thread import FILM_IT, PICK_A_WAY, PICK_AN_IDEA, UNFINISHED, numbered

__all__ = [
    "drafted",
    "explained",
    "filmed",
    "helped",
    "ideas",
    "listed",
    "not_understood",
    "progress_line",
    "questioned",
    "reading_lines",
    "what_is_made",
]

WAYS = {"reused": "reused", "graded": "regraded", "redrawn": "redrawn in part", "drawn": "drawn"}
SAYINGS = "“make it sunset”, “add gentle rain”, “paint the car red”, “closer”, “make it 8 seconds long”, “undo”"
NEW_FILM = "To film something else, begin with “new film:”."
IMPOSSIBLE_IS = "choose “stylised”"
STEP = 10
"""Percent between two lines about progress."""


def what_is_made(video: Video) -> str:
    """ "4 s, 1280x720, 24 fps, with sound"."""
    return _format(video.seconds, video.size, video.fps, sound=video.audio)


def _format(seconds: Fraction, size: Size, fps: Fraction, *, sound: bool) -> str:
    heard = "with sound" if sound else "silent"
    return f"{float(seconds):g} s, {size.width}x{size.height}, {float(fps):.5g} fps, {heard}"


def filmed(video: Video, url: str | None, *, shown_again: bool = False) -> str:
    """What came of a film: what it is, what to know about it, and where it is seen. `url` ends in .mp4."""
    if video.state is not State.COMPLETED or url is None:
        return _unfinished(video)
    parts = [_made(video, shown_again)]
    parts += [] if shown_again else reading_lines(video.reading)
    parts += [video.remark] if video.remark else []
    text = "\n".join(parts)
    ways = "" if shown_again or video.parent else _ways_on(video.reading)
    return f'{text}\n\n<video src="{url}" controls>\n{url}\n</video>\n\n[Download]({url})\n{ways}'


def _made(video: Video, shown_again: bool) -> str:
    format_ = what_is_made(video)
    if shown_again or not video.parent:
        name = f"“{_short(video.prompt)}”"
        return f"{name}: {format_}." if shown_again else f"Here is {name}: {format_}."
    said = video.said or "That is done."
    return f"{said} {_drawn(video)}".strip()


def _drawn(video: Video) -> str:
    """ "24 frames: 20 reused, 4 drawn."; nothing where it is not known."""
    ways = [f"{count} {said}" for way, said in WAYS.items() if (count := video.ways.get(way))]
    return f"{sum(video.ways.values())} frames: {', '.join(ways)}." if ways else ""


def _unfinished(video: Video) -> str:
    if video.state is State.FAILED:
        why = video.fault.message if video.fault else "the reason is not known."
        return f"{UNFINISHED} {why} Say it again to try once more, or say something else."
    if video.state is State.CANCELLED:
        return f"{UNFINISHED} it was cancelled. Say it again to make it after all."
    return f"The film is {video.state.value}, {video.progress} % done. Ask “is it ready?” to see it as soon as it is."


def _ways_on(reading: Reading) -> str:
    """For a film that shows the nearest possible version of a wish: both ways on."""
    if not any(IMPOSSIBLE_IS in remark for remark in reading.remarks):
        return ""
    ways = numbered(["the nearest possible version, as it is now", "stylised: show it all the same"])
    return f"\n{ways}\n\n{PICK_A_WAY}"


def reading_lines(reading: Reading) -> list[str]:
    """What was not simply understood, a line each, and the remarks."""
    lines = [f"- {_phrase(phrase)}" for phrase in reading.with_status("substituted") if _says_more(phrase)]
    lost = reading.with_status("not_understood")
    if lost:
        lines.append(f"- Not understood: {', '.join(f'“{phrase.text}”' for phrase in lost)}.")
    return [*lines, *(f"- {remark}" for remark in reading.remarks)]


def _says_more(phrase: Phrase) -> bool:
    return bool(phrase.taken_as) and phrase.taken_as != phrase.text


def _phrase(phrase: Phrase) -> str:
    if phrase.status == "not_understood":
        return f"“{phrase.text}” was not understood."
    if not _says_more(phrase):
        return f"“{phrase.text}” ({phrase.kind.replace('_', ' ')})"
    nearest = ", the nearest there is" if phrase.status == "substituted" else ""
    return f"“{phrase.text}” became {phrase.taken_as}{nearest}."


def questioned(question: Question | Impossible) -> str:
    """A question, or why a wish is impossible, with numbered choices."""
    return f"{question.text}\n\n{numbered([choice.label for choice in question.choices])}\n\n{PICK_A_WAY}"


def not_understood(reply: NotUnderstood, *, film: bool) -> str:
    """Which words, and what can be said. `film`: whether it was said about one."""
    lines = [reply.text]
    named = ", ".join(f"“{word}”" for word in reply.words if word not in reply.text)
    lines += [f"The words: {named}."] if named else []
    lines += [f"Nothing was changed. Say for example {SAYINGS}. {NEW_FILM}"] if film else [f"{_describe()}"]
    return "\n\n".join(lines)


def _describe() -> str:
    return "Say in a sentence what the film shows: who, what they do, where, the light, the style."


def drafted(film: Film, words: str, *, seconds: Fraction, size: Size | None, fps: Fraction | None, silent: bool) -> str:
    """How words would be filmed, shot by shot, and how each phrase was read; what is None is as in `film`."""
    format_ = _format(seconds, size or film.size, fps or film.fps, sound=not (silent or film.silent))
    told = _shots(film) if len(film.shots) > 1 else _shots(film, seconds)
    read = _read(film.reading)
    return f"“{_short(words)}” would be filmed like this:\n\n- Format: {format_}\n{told}{read}\n\n{FILM_IT}"


def explained(film: Film, video: Video) -> str:
    """What is in a film, and how its words were read."""
    reading = video.reading if video.reading.phrases or video.reading.remarks else film.reading
    changed = f"\n\nChanged from the film before: {video.said}" if video.parent and video.said else ""
    shots = f"- Format: {what_is_made(video)}\n{_shots(film)}"
    return f"“{_short(video.prompt)}” became this film:\n\n{shots}{_read(reading)}{changed}"


def _shots(film: Film, seconds: Fraction | None = None) -> str:
    """A line for each shot: its length (`seconds` where that is settled), place, style and who is in it."""
    lines = []
    for number, shot in enumerate(film.shots, 1):
        names = [subject.name or subject.recipe for subject in shot.subjects]
        cast = ", ".join(f"{names.count(n)} × {n}" if names.count(n) > 1 else n for n in dict.fromkeys(names))
        place, length = shot.set.place.replace("_", " "), float(seconds or shot.duration)
        lines.append(f"- Shot {number}: {length:g} s, {place}, {shot.look.style}: {cast or 'nobody'}")
    return "\n".join(lines)


def _read(reading: Reading) -> str:
    """Every phrase and what became of it; nothing where there are none."""
    phrases = [f"- {_phrase(phrase)}" for phrase in sorted(reading.phrases, key=lambda phrase: phrase.start)]
    lines = [*phrases, *(f"- {remark}" for remark in reading.remarks)]
    return "\n\nHow the words were read:\n\n" + "\n".join(lines) if lines else ""


TOPICS = ("a red fox", "a lighthouse on a cliff", "a girl with a yellow umbrella", "a sailing boat")
SETTINGS = (
    "in a snowy forest at dawn, wide shot", "on a beach at sunset, the camera comes slowly closer",
    "in a city street at night in the rain, seen from a low angle", "on a meadow in the morning fog, watercolour style",
)  # fmt: skip


def ideas(topic: str) -> str:
    """Descriptions that can be filmed, about `topic` if it is not empty."""
    topic = topic.strip(" .!?")
    pairs = product((topic,), SETTINGS) if topic else zip(TOPICS, SETTINGS, strict=True)
    lines = [f"{who[:1].upper()}{who[1:]} {where}" for who, where in pairs]
    return f"Here is what could be filmed:\n\n{numbered(lines)}\n\n{PICK_AN_IDEA}"


def listed(videos: Sequence[Video], more: bool) -> str:
    """Films of the workspace, the newest first."""
    if not videos:
        return f"There is no film yet. {_describe()}"
    lines = [
        f"- “{_short(video.prompt)}”, {what_is_made(video)}, {video.state.value} (`{video.id}`)" for video in videos
    ]
    more_ = "\n\nOlder ones are at /v1/videos." if more else ""
    return "The films of this workspace, the oldest of these first:\n\n" + "\n".join(reversed(lines)) + more_


def helped(*, film: bool) -> str:
    """What can be said."""
    if film:
        return (
            f"Say what to change, and only that changes: {SAYINGS}. “How did you read this?” shows what I understood, “is it "
            f"ready?” the film. {NEW_FILM}"
        )
    return (
        f"I make short films with sound. {_describe()} Length and format can be said too: “a red fox runs through snow, 8 "
        "seconds, portrait”. “Draft: …” shows how I would film something, “ideas” gives some. Once there is a film, say "
        f"what to change: {SAYINGS}."
    )


def progress_line(video: Video, before: Video | None) -> str | None:
    """A line about how far a film is, or None where little has changed since `before`."""
    if video.state is State.RUNNING and video.progress:
        drawn = (
            before is not None and before.state is State.RUNNING and video.progress // STEP == before.progress // STEP
        )
        return None if drawn and before and before.progress else f"Drawing {video.progress} %"
    if before is not None and before.state is video.state:
        return None
    return {
        State.QUEUED: "Waiting for a place",
        State.STARTING: "Starting",
        State.RUNNING: "Drawing",
        State.CANCELLING: "Cancelling",
    }.get(video.state)


def _short(words: str, longest: int = 80) -> str:
    words = " ".join(words.split())
    return words if len(words) <= longest else words[: longest - 1].rsplit(" ", 1)[0] + "…"
