"""What was found out about the marks of a file, as values and as plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from vitascope.provenance.chain import Step

MarkName = Literal["manifest", "aigc", "xmp", "label"]
MARK_NAMES: tuple[MarkName, ...] = ("manifest", "aigc", "xmp", "label")
# trusted: signed by someone this machine knows; valid: signed by someone it does not know, or whose certificate has
# run out; present: there and in agreement; waived: left out on purpose, and the manifest says so.
MarkState = Literal["trusted", "valid", "present", "waived", "broken", "missing"]
_GOOD: tuple[MarkState, ...] = ("trusted", "valid", "present", "waived")
_SOURCE_WORDS = {
    "algorithmicMedia": "made by rules and simulation, without a learned model",
    "trainedAlgorithmicMedia": "made by a learned model",
    "compositeWithTrainedAlgorithmicMedia": "partly made by a learned model",
    "compositeSynthetic": "put together from generated parts",
    "composite": "put together from several parts",
    "digitalCapture": "taken with a camera",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One mark and what became of it; `sentence` says so to a user."""

    name: MarkName
    state: MarkState
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The four marks of the file at `path`, and what its manifest says; facts are None where it does not say them.

    `problem` is a sentence when the file could not be looked into at all, otherwise None.
    """

    path: Path
    marks: tuple[Mark, ...]
    problem: str | None = None
    title: str | None = None
    created: datetime | None = None
    engine: str | None = None
    source_type: str | None = None
    signer: str | None = None
    chain: tuple[Step, ...] = ()
    """The film, what it was edited from, and so on back to the first."""

    @property
    def ok(self) -> bool:
        """Whether every mark is there and nothing changed since the file was signed, by whomever."""
        return self.problem is None and all(mark.state in _GOOD for mark in self.marks)

    @property
    def trusted(self) -> bool:
        """Whether it is also signed by someone this machine knows."""
        return self.ok and self.mark("manifest").state == "trusted"

    def mark(self, name: MarkName) -> Mark:
        """Return the mark of that name."""
        return next(mark for mark in self.marks if mark.name == name)

    def sentences(self) -> list[str]:
        """Return the verdict in plain words: the whole first, then each mark, then what the film says about itself
        and about what it was edited from."""
        if self.problem is not None:
            return [self.problem]
        return [self._summary(), *(mark.sentence for mark in self.marks), *self._facts(), *_told(self.chain)]

    def _summary(self) -> str:
        if self.trusted:
            return "All marks are in place, and nothing changed since the film was signed."
        if self.ok:
            return "All marks are in place and nothing changed since the film was signed; who signed it is not proven."
        if self.mark("manifest").state == "broken":
            return "Do not rely on this file: it was changed or damaged after it was signed."
        if self.mark("manifest").state == "missing":
            return "Nothing proves where this file comes from: it carries no signed record."
        return "The signed record is in order, but another mark is not."

    def _facts(self) -> list[str]:
        facts = []
        if self.title:
            facts.append(f"Title: {self.title}.")
        if self.created:
            facts.append(f"Made: {self.created:%Y-%m-%d %H:%M} UTC.")
        if self.engine:
            facts.append(f"Engine: {self.engine}.")
        if self.source_type:
            short = self.source_type.rsplit("/", 1)[-1]
            facts.append(f"Source: {_SOURCE_WORDS.get(short, short)}.")
        return facts


def _told(chain: tuple[Step, ...]) -> list[str]:
    """The chain in words, a line a film; nothing for a film that was simply made."""
    lines = []
    for number, step in enumerate(chain):
        who = "which" if number else "This film"
        if not step.recorded:
            lines.append(f"{who} carries no record of where it comes from.")
        elif step.edited and number + 1 < len(chain):
            lines.append(f"{who} was edited{_at(step)} from “{chain[number + 1].title}”,")
        elif number:
            lines.append(f"{who} was created{_at(step)}.")
        if not step.whole:
            lines.append("(it was changed after it was signed, so what is said of it is not proven)")
        if step.remark:
            lines.append(step.remark)
    return lines


def _at(step: Step) -> str:
    return f" on {step.made:%Y-%m-%d at %H:%M} UTC" if step.made else ""


def unreadable(path: Path, problem: str, state: MarkState) -> Verdict:
    """Return the verdict on a file that could not be looked into; every mark gets `state`."""
    marks = tuple(Mark(name=name, state=state, sentence=problem) for name in MARK_NAMES)
    return Verdict(path=path, marks=marks, problem=problem)
