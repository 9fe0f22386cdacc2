"""What the command line prints: readings, forecasts, progress, summaries and faults. Plain text when it is not a terminal."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from vitascope.film import Film, Phrase
from vitascope.render import describe_adapter
from vitascope.studio import FilmResult, Forecast, Progress

__all__ = [
    "Adapter",
    "ProgressBar",
    "adapter_or_fail",
    "fault",
    "forecast",
    "reading",
    "summary",
    "visible_label",
    "wrote",
]

LABEL_SETTING = "VITASCOPE_VISIBLE_LABEL"
SIGNS = {"understood": ("✓", "green"), "substituted": ("≈", "yellow"), "not_understood": ("✗", "red")}
STEPS = {"world": "building the world", "render": "filming", "sound": "mixing the sound", "sign": "signing"}

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fault(sentence: str) -> None:
    """One sentence about what went wrong."""
    err.print(Text(sentence, style="red" if err.is_terminal else ""))


def wrote(path: Path) -> None:
    """Where a file went."""
    out.print(f"Wrote {path}")


def visible_label() -> bool:
    """Whether films carry the visible label: always, unless the operator sets VITASCOPE_VISIBLE_LABEL=off."""
    return os.environ.get(LABEL_SETTING, "on").strip().lower() not in ("off", "0", "no", "false")


@dataclass(frozen=True, slots=True)
class Adapter:
    """What draws: its name, and whether it is a processor pretending to be a GPU."""

    name: str
    software: bool


def adapter_or_fail() -> Adapter:
    """The graphics adapter that will draw. Raises RenderError with what to install when there is none."""
    description = describe_adapter()
    return Adapter(name=description.split(" (")[0], software="(CPU," in description)


def reading(film: Film, *, full: bool = False) -> None:
    """How each phrase was taken; in full, or only what was not simply understood."""
    found = film.reading
    shown = found.phrases if full else found.with_status("substituted") + found.with_status("not_understood")
    if full and not found.phrases:
        out.print("The document holds no reading.")
    for phrase in sorted(shown, key=lambda p: p.start):
        out.print(_phrase_line(phrase))
    for remark in found.remarks:
        out.print(f"  {remark}")
    if full:
        out.print(_counts(found.phrases))


def _phrase_line(phrase: Phrase) -> Text:
    sign, colour = SIGNS[phrase.status]
    taken = f" → {phrase.taken_as}" if phrase.taken_as and phrase.taken_as != phrase.text else ""
    words = {"understood": "", "substituted": "  (the nearest there is)", "not_understood": "  (not understood)"}
    line = Text()
    line.append(f"  {sign} ", style=colour)
    line.append(f"{phrase.text}{taken}")
    line.append(f"  {phrase.kind.replace('_', ' ')}{words[phrase.status]}", style="dim")
    return line


def _counts(phrases: tuple[Phrase, ...]) -> str:
    def count(status: str) -> int:
        return sum(p.status == status for p in phrases)

    return (
        f"{len(phrases)} phrases: {count('understood')} understood, {count('substituted')} substituted, "
        f"{count('not_understood')} not understood."
    )


def forecast(film: Film, expected: Forecast, adapter: Adapter) -> None:
    """What is about to happen, how long it will take and how large it will be."""
    size = f"{film.size.width}x{film.size.height}"
    out.print(
        f"{float(film.duration):g} s, {size}, {float(film.fps):g} fps, {expected.frames} frames on {adapter.name}: "
        f"about {_duration(expected.seconds)}, about {_bytes(expected.size_bytes)}."
    )


def summary(film: Film, result: FilmResult) -> None:
    """What was made and how long each step took."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    table.add_row("film", str(result.path))
    table.add_row("document", str(result.document))
    table.add_row(
        "picture", f"{film.size.width}x{film.size.height}, {result.frames} frames, {_bytes(result.size_bytes)}"
    )
    times = result.times
    total = times.world + times.render + times.sound + times.encode_wait + times.sign
    table.add_row(
        "time",
        f"{_duration(total)}: world {times.world:.1f} s, picture {times.render:.1f} s, sound {times.sound:.1f} s, "
        f"signing {times.sign:.1f} s",
    )
    table.add_row("marks", "signed; check with: vitascope verify " + str(result.path))
    out.print(table)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _bytes(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"


class ProgressBar:
    """Frames done of all, with the time left."""

    def __init__(self) -> None:
        self._bar = Bar(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=err,
            transient=True, disable=not err.is_terminal,
        )  # fmt: skip
        self._task: TaskID | None = None

    def __enter__(self) -> ProgressBar:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def show(self, at: Progress) -> None:
        """Move the bar."""
        if self._task is None:
            self._task = self._bar.add_task("", total=at.total)
        self._bar.update(self._task, completed=at.done, total=at.total, description=STEPS.get(at.step, at.step))
