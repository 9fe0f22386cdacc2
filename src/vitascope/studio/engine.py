"""What makes the picture of a film. The world draws it from the document; a learned model is the other way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from vitascope import provenance
from vitascope.film import Film
from vitascope.studio.clock import Clock
from vitascope.studio.memory import Memory
from vitascope.studio.picture import MadeChunk, Pictures

__all__ = ["WORLD", "Engine", "Maker", "lasting"]

WORLD_NAME = "world"


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Which engine makes a picture. weights: of the model, a folder, or a name of the catalogue; None: those that come with the
    program."""

    engine: Literal["world", "model"]
    weights: str | None = None


def lasting(weights: str | None) -> str | None:
    """Weights as a take remembers them: a folder by its whole path, so that edits find it from anywhere."""
    if weights is None or not Path(weights).expanduser().is_dir():
        return weights
    return str(Path(weights).expanduser().absolute())


class Engine(Protocol):
    """Makes pictures, and says what the marks of a film state about how they came to be."""

    @property
    def name(self) -> str:
        """As takes and options name it."""
        ...

    @property
    def title(self) -> str:
        """As marks name it."""
        ...

    @property
    def source_type(self) -> str:
        """The IPTC address of how its pictures come to be."""
        ...

    @property
    def model(self) -> provenance.Model | None:
        """The learned model, if it is one."""
        ...

    @property
    def remark(self) -> str | None:
        """What is poorer in the pictures than was asked for, once they are made."""
        ...

    def keep(self, folder: Path) -> None:
        """Write down, in the folder of a take, what an edit of it will need."""
        ...

    def pictures(
        self,
        film: Film,
        *,
        earlier: Film | None,
        memory: Memory,
        label: provenance.Label | None,
        clock: Clock,
        shown: Callable[[np.ndarray], None],
    ) -> Iterable[MadeChunk]:
        """The chunks of `film` in order; `shown` is called with each frame (H, W, 3) uint8 that is made anew."""
        ...


class _World:
    """The simulated world, which needs no weights."""

    name = WORLD_NAME
    title = "Vitascope world"
    source_type = provenance.ALGORITHMIC_MEDIA
    model = None
    remark = None

    def keep(self, folder: Path) -> None:
        """Whatever it needs is in the document and in the store."""
        del folder

    def pictures(
        self,
        film: Film,
        *,
        earlier: Film | None,
        memory: Memory,
        label: provenance.Label | None,
        clock: Clock,
        shown: Callable[[np.ndarray], None],
    ) -> Iterable[MadeChunk]:
        return Pictures(film, earlier=earlier, memory=memory, label=label, clock=clock, shown=shown)


WORLD: Engine = _World()
