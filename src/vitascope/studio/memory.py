"""What one process keeps from film to film: the store of what was made, and the last few shots with their renderers."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from types import TracebackType
from typing import Self

from vitascope.continuity import ShotDigests, Store, open_store
from vitascope.film import Film, Shot
from vitascope.render import Renderer, warm_up
from vitascope.studio import library as shelf
from vitascope.studio.clock import Clock
from vitascope.world.build import build_stage
from vitascope.world.stage import Stage

__all__ = ["Memory", "Prepared"]

SHOTS = 4
"""Two between which a picture changes over, and as many of the take before. A chunk that shows more holds them all."""


class Prepared:
    """A plain shot: its digests, and its stage and a renderer as soon as somebody needs them."""

    def __init__(
        self, film: Film, shot: Shot, store: Store, *, recipes: tuple[str, ...], build: Callable[[Film], Stage]
    ) -> None:
        self.digests = ShotDigests(film, shot, store=store, recipes=recipes, build=build)
        self._size, self._fps = (film.size.width, film.size.height), Fraction(film.fps)

    @property
    def stage(self) -> Stage:
        """The shot, concrete."""
        return self.digests.stage

    @cached_property
    def renderer(self) -> Renderer:
        """Draws the stage at the size and rate of its film."""
        return Renderer(self.stage, self._size, fps=float(self._fps))

    def close(self) -> None:
        """Free the memory on the device, and let go of the rest."""
        if "renderer" in self.__dict__:
            self.renderer.close()
        self.__dict__.clear()


class Memory:
    """A context manager. `store` is the one that the environment names unless another is given."""

    def __init__(self, store: Store | None = None) -> None:
        self.store = open_store() if store is None else store
        self._shots: OrderedDict[tuple, Prepared] = OrderedDict()
        self._warm = False
        self._in_use: set[tuple] = set()
        self._littered = False

    def prepared(self, film: Film, shot: Shot, clock: Clock) -> Prepared:
        """A plain shot, as it is seen, with the size, rate and seed of `film`; the last few are still there.

        It can be used until all are released.
        """

        library = shelf.library()
        recipes = shelf.own_recipes_in(shot, library)

        def build(alone: Film) -> Stage:
            with clock.measure("world"):
                if not self._warm:
                    warm_up(alone)
                    self._warm = True
                return build_stage(alone, library=library)

        seen = shot.model_copy(update={"cues": (), "levels": ()})
        key = (film.size, film.fps, film.seed, seen, recipes)
        if key not in self._shots:
            self._make_room(SHOTS - 1)
            self._shots[key] = Prepared(film, shot, self.store, recipes=recipes, build=build)
        self._shots.move_to_end(key)
        self._in_use.add(key)
        return self._shots[key]

    def release(self) -> None:
        """No shot is in use any more: what is too much is let go."""
        self._in_use.clear()
        self._make_room(SHOTS)

    def tidy(self) -> None:
        """Release all shots, and free the memory of what was let go.

        That may take a fraction of a second, so call it when nobody waits for a picture. What a stage asks at each moment
        refers back to it, so it has to be collected.
        """
        self.release()
        if self._littered:
            gc.collect()
            self._littered = False

    def close(self) -> None:
        """Let go of stages and renderers; what is in the store stays."""
        self._in_use.clear()
        self._make_room(0)
        self.tidy()

    def _make_room(self, count: int) -> None:
        """Let go of the shots that were not asked for for longest, but of none in use, until no more than `count` are left."""
        for key in [key for key in self._shots if key not in self._in_use][: max(0, len(self._shots) - count)]:
            self._shots.pop(key).close()
            self._littered = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
