"""The workbench of one instruction: the film as it is after the steps so far, the operations, and what was understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from vitascope.director.editing.scopes import Scope
from vitascope.director.meaning import Meanings
from vitascope.director.scene import Scene
from vitascope.film import (
    Change,
    ChangeSubject,
    Edit,
    EditError,
    Film,
    FilmOperation,
    RemoveSubject,
    Shot,
    ShotOperation,
    Subject,
    apply,
)
from vitascope.recipe import Catalogue

__all__ = ["Already", "Ambiguous", "Bench", "Unclear"]


class Unclear(Exception):
    """An instruction, or a part of one, that cannot be carried out; the text is one sentence."""

    def __init__(self, text: str, *words: str) -> None:
        super().__init__(text)
        self.text, self.words = text, words


class Already(Exception):
    """What is asked for is so already; the text says so in one sentence."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(slots=True)
class Ambiguous(Exception):
    """Words that may mean several subjects; `key` is where they stand."""

    key: tuple[int, int]
    words: str
    subjects: tuple[str, ...]


@dataclass(slots=True, eq=False, kw_only=True)
class Bench:
    """Mutable while one instruction is being read, and seen by nobody else."""

    text: str
    film: Film
    meanings: Meanings
    picked: Mapping[tuple[int, int], tuple[str, ...]]
    """What ambiguous words were decided to mean, by where they stand."""
    pointed: tuple[str, ...] = ()
    """Subjects that were pointed at."""
    scope: Scope = field(default_factory=Scope)
    salient: list[str] = field(default_factory=list)
    """Subjects by how lately they were spoken of, the latest first."""
    operations: list[FilmOperation] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    """What is different now, as short sentences without a capital and a full stop."""
    begun: int = 0
    """How many operations there were when the instruction at hand began."""
    ledger: Scene = field(init=False)
    """How each phrase was taken."""
    scenes: list[Scene] = field(default_factory=list)
    """The scenes that parts of the instruction were read onto."""
    already: list[str] = field(default_factory=list)
    """Sentences about wishes that were fulfilled before."""

    def __post_init__(self) -> None:
        self.ledger = Scene(self.text)

    @property
    def catalogue(self) -> Catalogue:
        """The library."""
        return self.meanings.lexicon.catalogue

    # The film ------------------------------------------------------------------------------------------------------

    @property
    def shots(self) -> tuple[Shot, ...]:
        """The shots that the scope holds."""
        names = self.scope.names
        return tuple(shot for shot in self.film.shots if not names or shot.id in names)

    @property
    def shot(self) -> Shot:
        """The shot that the instruction is about first."""
        return self.shots[0] if self.shots else self.film.shots[0]

    def subjects(self) -> dict[str, Subject]:
        """Every subject of the shots in scope by id."""
        return {subject.id: subject for shot in reversed(self.shots) for subject in shot.subjects}

    def subject(self, name: str) -> Subject:
        """The subject called `name` in the first shot in scope that has it."""
        return self.subjects()[name]

    # Carrying out --------------------------------------------------------------------------------------------------

    def do(self, operation: FilmOperation) -> None:
        """Carry out one operation. Raises Unclear with the film's own sentence where it cannot be."""
        try:
            self.film = apply(self.film, Edit(operations=(operation,)))
        except EditError as error:
            raise Unclear(str(error)) from None
        self.operations.append(operation)

    def change(self, what: ShotOperation, *, timed: bool = True, shows: bool = True) -> None:
        """Carry out one operation on every shot in scope that it concerns; over the scope's stretch if it is `timed`."""
        concerned = getattr(what, "subject", None) if isinstance(what, ChangeSubject | RemoveSubject) else None
        for shot, _ in self.scope.parts(self.film):
            if concerned is None or any(s.id == concerned for s in shot.subjects):
                self.change_in(shot, what, timed=timed, shows=shows)

    def change_in(self, shot: Shot, what: ShotOperation, *, timed: bool = True, shows: bool = True) -> None:
        """Carry out one operation on one shot, over the scope's stretch of it if it is `timed`."""
        span = next((span for part, span in self.scope.parts(self.film) if part.id == shot.id), None)
        within = span if timed else None
        only = () if len(self.film.shots) == 1 else (shot.id,)
        ease = self.scope.ease if within is not None and shows else Fraction(0)
        self.do(Change(what=what, shots=only, span=within, ease=ease))

    # Remembering ---------------------------------------------------------------------------------------------------

    def mention(self, names: Iterable[str]) -> None:
        """Subjects were spoken of."""
        fresh = list(dict.fromkeys(names))
        self.salient = [*fresh, *(name for name in self.salient if name not in fresh)]

    def say(self, sentence: str) -> None:
        """Something is different now; or it was so already, where the instruction at hand has changed nothing."""
        told = self.said if len(self.operations) > self.begun else self.already
        if sentence not in told:
            told.append(sentence)

    def note(self, start: int, end: int, kind: str, taken_as: str, status: str = "understood") -> None:
        """How the characters [start, end) were taken."""
        self.ledger.note(start, end, kind, status, taken_as)

    def take_notes(self, scene: Scene) -> None:
        """Take over how a reading took its phrases."""
        for phrase in scene.reading().phrases:
            self.ledger.note(phrase.start, phrase.end, phrase.kind, phrase.status, phrase.taken_as)
        self.ledger.remarks += [r for r in scene.remarks if r not in self.ledger.remarks]
