"""What the command line prints: readings, forecasts, summaries and faults. Results go to stdout, all else to stderr."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from vitascope.cli.progress import progress
from vitascope.cli.words import amount, between, length
from vitascope.film import Film, Phrase, Reading, film_to_json

if TYPE_CHECKING:
    from vitascope.studio import Forecast, Take

__all__ = [
    "Adapter",
    "adapter_or_fail",
    "document",
    "fault",
    "forecast",
    "line",
    "picture_format",
    "progress",
    "reading",
    "spent",
    "summary",
    "wrote",
]

SIGNS = {"understood": ("✓", "green"), "substituted": ("≈", "yellow"), "not_understood": ("✗", "red")}
NAMES_WIDE = 10

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fault(sentence: str) -> None:
    """One sentence about what went wrong."""
    err.print(Text(sentence, style="red" if err.is_terminal else ""))


def line(text: str, *, wrapped: bool = False) -> None:
    """One line; `wrapped` breaks it between words where the terminal ends."""
    out.print(Text(text), soft_wrap=not (wrapped and out.is_terminal))


def wrote(path: Path) -> None:
    """Where a file went."""
    line(f"Wrote {path}")


def document(film: Film) -> None:
    """The document as it would be saved."""
    print(film_to_json(film), end="")


@dataclass(frozen=True, slots=True)
class Adapter:
    """What draws: its name, and whether it is a processor pretending to be a GPU."""

    name: str
    software: bool


def adapter_or_fail() -> Adapter:
    """The graphics adapter that will draw. Raises RenderError with what to install when there is none."""
    from vitascope.render import adapter_name

    name, software = adapter_name()
    return Adapter(name=name, software=software)


def reading(found: Reading, *, full: bool = False) -> None:
    """How each phrase was taken: all of them if `full`, otherwise those that were not simply understood, and a count."""
    shown = found.phrases if full else found.with_status("substituted") + found.with_status("not_understood")
    for phrase in sorted(shown, key=lambda p: p.start):
        out.print(_phrase_line(phrase))
    for remark in found.remarks:
        line(f"  {remark}")
    line(_counts(found.phrases))


def _phrase_line(phrase: Phrase) -> Text:
    sign, colour = SIGNS[phrase.status]
    taken = f" → {phrase.taken_as}" if phrase.taken_as and phrase.taken_as != phrase.text else ""
    words = {"understood": "", "substituted": ", the nearest there is", "not_understood": ", not understood"}
    text = Text()
    text.append(f"  {sign} ", style=colour)
    text.append(f"{phrase.text}{taken}")
    text.append(f"  ({phrase.kind.replace('_', ' ')}{words[phrase.status]})", style="dim")
    return text


def _counts(phrases: tuple[Phrase, ...]) -> str:
    def count(status: str) -> int:
        return sum(p.status == status for p in phrases)

    understood, substituted, lost = count("understood"), count("substituted"), count("not_understood")
    if not phrases:
        return "The document holds no reading."
    if lost == len(phrases):
        return "Nothing of this was understood, so the film shows an empty place."
    if understood == len(phrases):
        return f"All {len(phrases)} phrases understood." if len(phrases) > 1 else "The one phrase is understood."
    return f"{len(phrases)} phrases: {understood} understood, {substituted} substituted, {lost} not understood."


def forecast(film: Film, expected: Forecast, adapter: Adapter) -> None:
    """What is about to be made, how long it will take and how large it will be."""
    sound = "silent" if film.silent else "with sound"
    line(
        f"{picture_format(film)}, {sound}: {expected.frames} frames on {adapter.name}; "
        f"expect {between(expected.least, expected.most)} and {amount(expected.size_bytes)}."
    )


def summary(film: Film, take: Take, target: Path) -> None:
    """What was made and where it went, how long each step took and which marks it carries."""
    from vitascope.studio import visible_label

    size = amount(target.stat().st_size)
    document = target.with_suffix(".film.json")
    rows = {
        "film": f"{target}  ({picture_format(film)}, {take.work.frames} frames, {size})",
        "document": f"{document}  (film it again with: vitascope film {document})",
        "take": f'{take.id}  (change it with: vitascope edit {take.id} "…")',
        "time": spent(take),
        "marks": f"{'visible label, ' if visible_label() else 'no visible label, '}tags, signed record; "
        f"check with: vitascope verify {target}",
    }
    for name, words in rows.items():
        line(f"{name:<{NAMES_WIDE}}{words}")


def spent(take: Take) -> str:
    """How long the take took, in all and by step."""
    steps = take.work.seconds
    each = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in steps.items())
    return f"{length(sum(steps.values()))}: {each}"


def picture_format(film: Film) -> str:
    """Length, size and rate."""
    return f"{float(film.duration):g} s, {film.size.width}x{film.size.height}, {float(film.fps):.5g} fps"
