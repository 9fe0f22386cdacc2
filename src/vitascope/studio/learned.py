"""Pictures by a learned model, whatever its weights: each shot is made once, and of an edit made again where it changed. What a
take remembers lies beside its film.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from zipfile import BadZipFile

import numpy as np

from vitascope import provenance
from vitascope.film import Film, Shot
from vitascope.model.memory import TakeError
from vitascope.studio.clock import Clock
from vitascope.studio.cutting import Cut
from vitascope.studio.errors import ProjectError
from vitascope.studio.forecast import Forecast
from vitascope.studio.memory import Memory
from vitascope.studio.picture import MadeChunk
from vitascope.studio.plan import plan_chunks

__all__ = ["FRAME_SECONDS", "LearnedEngine", "Remembered", "Shots", "Tell", "dressed_otherwise", "within"]

FOLDER, LISTED = "model", "shots.json"
"""In the folder of a take: files for each shot, and in which of them which shot lies."""
FRAME_SECONDS = 0.03
"""Of a million pixels that are enlarged and encoded; on two processors."""
UNSHOWN = "The model knows no words for a part of this change, so its picture stays as it was."

Tell = Callable[[int, int], None]
"""Told how many of how many steps are made."""


class Remembered(Protocol):
    """What a take knows of a shot: the document of it, and its frames (T, H, W, 3) uint8 as the model made them."""

    @property
    def shot(self) -> Shot: ...

    @property
    def pictures(self) -> np.ndarray: ...


R = TypeVar("R", bound=Remembered)


class Shots(Protocol[R]):
    """Makes shots with some weights."""

    @property
    def title(self) -> str:
        """As the marks of a film name the engine."""
        ...

    @property
    def model(self) -> str:
        """As they name the weights."""
        ...

    @property
    def digest(self) -> str:
        """What tells the weights from any others, hexadecimal."""
        ...

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        ...

    def check(self, film: Film) -> None:
        """Refuse, in one sentence, a film that these weights or this machine cannot make."""
        ...

    def forecast(self, film: Film) -> Forecast:
        """What a film takes, before anything long begins. Raises what `check` raises."""
        ...

    def made(self, film: Film, shot: Shot, before: R | None, tell: Tell | None) -> R:
        """A shot. Where it is the same as `before`, with the same pictures, the very ones."""
        ...

    def write(self, made: R, place: Path) -> dict[str, Any]:
        """Write it down in files whose names begin with `place`, but for what is returned, which is JSON."""
        ...

    def read(self, place: Path, listed: Mapping[str, Any]) -> R:
        """What was written. Raises OSError, KeyError, ValueError or TakeError where it is gone or damaged."""
        ...


class LearnedEngine(Generic[R]):
    """An engine of `studio.engine`, for one film. `before` is the folder of the take that it is edited from, if any."""

    name = "model"
    source_type = provenance.TRAINED_MEDIA

    def __init__(self, shots: Shots[R], *, before: Path | None = None, on_step: Tell | None = None) -> None:
        """Raises ProjectError where what the take remembers is gone or damaged, or its weights are others now."""
        self._shots, self._on_step = shots, on_step
        self._before = {} if before is None else _read(shots, before / FOLDER)
        self._made: dict[str, R] = {}
        self.remark: str | None = None

    @property
    def title(self) -> str:
        return self._shots.title

    @property
    def model(self) -> provenance.Model:
        return provenance.Model(name=self._shots.model, identifier=f"sha256:{self._shots.digest}")

    def pictures(
        self,
        film: Film,
        *,
        earlier: Film | None,
        memory: Memory,
        label: provenance.Label | None,
        clock: Clock,
        shown: Callable[[np.ndarray], None],
    ) -> Iterator[MadeChunk]:
        """Shot after shot: the whole shot is made, then cut into chunks. Chunks that show what they showed are taken again."""
        del earlier
        self._shots.check(film)
        plans = plan_chunks(film)
        for index, shot in enumerate(film.shots):
            before = self._before.get(shot.id)
            with clock.measure("render"):
                made = self._shots.made(film, shot, before, self._on_step)
            self._made[shot.id] = made
            if before is not None and before.pictures is made.pictures and before.shot != shot:
                self.remark = UNSHOWN
            cut = Cut(
                film=film, pictures=made.pictures, rate=self._shots.rate, digest=self._shots.digest, label=label,
                clock=clock, shown=shown,
            )  # fmt: skip
            yield from (cut.chunk(plan, memory) for plan in plans if plan.shot == index)

    def keep(self, folder: Path) -> None:
        """Write down in the folder of the take what the next edit needs."""
        place = folder / FOLDER
        place.mkdir(parents=True, exist_ok=True)
        listed = [
            {"id": name, "shot": made.shot.model_dump(mode="json"), **self._shots.write(made, place / str(number))}
            for number, (name, made) in enumerate(self._made.items())
        ]
        (place / LISTED).write_text(json.dumps({"weights": self._shots.digest, "shots": listed}), encoding="utf-8")


def dressed_otherwise(before: Shot, after: Shot) -> set[int]:
    """Ids, as passes have them, of subjects that look otherwise, where nothing else of the shot changed; else none."""
    plain = {"subjects": ()}
    if before.model_copy(update=plain) != after.model_copy(update=plain) or len(before.subjects) != len(after.subjects):
        return set()
    changed = set()
    for number, (then, now) in enumerate(zip(before.subjects, after.subjects, strict=True), 1):
        if then.model_copy(update={"attributes": now.attributes}) != now:
            return set()
        if then.attributes != now.attributes:
            changed.add(number)
    return changed


def within(plain: Forecast, seconds: float, spread: float) -> Forecast:
    """The same film in other seconds, which may be off by a factor of `spread`."""
    return Forecast(
        seconds=seconds, least=seconds / spread, most=seconds * spread, size_bytes=plain.size_bytes, frames=plain.frames
    )


def _read(shots: Shots[R], folder: Path) -> dict[str, R]:
    """What a take remembers, by shot."""
    try:
        tree = json.loads((folder / LISTED).read_text(encoding="utf-8"))
        listed, digest = tree["shots"], tree["weights"]
        found = {each["id"]: shots.read(folder / str(number), each) for number, each in enumerate(listed)}
    except (OSError, KeyError, ValueError, TypeError, BadZipFile, TakeError):
        raise ProjectError(
            "What the model remembers of this take is gone or damaged, so it cannot be edited; "
            f"film its words again: {folder}"
        ) from None
    if digest != shots.digest:
        raise ProjectError(
            "The weights of this take are others now than when it was made, so it cannot be edited; "
            f"film its words again: {folder}"
        )
    return found
