"""Digests of the frames of a plain shot by number, recalled where the same document was looked at before.

A stage is a pure function of its document, so what was digested once need not be built and posed again: a change of the
sound, of the grade or of a few seconds asks for the stage of no shot that stayed as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from vitascope.continuity.address import FINISHING, StageDigest, finished_digest, remembering
from vitascope.continuity.digest import digest_of
from vitascope.continuity.engine import stage_fingerprint
from vitascope.continuity.store import Store
from vitascope.film import Film, Shot, frame_time
from vitascope.world.build import build_stage, picture_look
from vitascope.world.stage import Stage

__all__ = ["HEARD", "ShotDigests"]

HEARD = {"cues", "levels"}
"""Fields of a shot that are heard and not seen."""
_UNSEEN = {**dict.fromkeys(HEARD, True), "look": set(FINISHING)}
"""What of a shot no plate shows."""
_KIND = "digests"
_SIZE = 32


class ShotDigests:
    """Frames and plates of one plain shot of a film. `stage` is built when something must be posed or drawn."""

    def __init__(
        self,
        film: Film,
        shot: Shot,
        *,
        store: Store,
        recipes: tuple[str, ...] = (),
        build: Callable[[Film], Stage] = build_stage,
    ) -> None:
        """`shot` has no passages and was never made to go on; it may be one of `plain_shots`.

        `recipes` are those that the shot uses and the package does not hold. `build` makes the stage of a film's first
        shot; it is called at most once.
        """
        assert not shot.passages, shot.id
        assert shot.before is None, shot.id
        self._film, self._shot, self._store, self._build = film, shot, store, build
        seen = shot.model_dump_json(exclude=_UNSEEN)
        size = (film.size.width, film.size.height)
        self._document = (stage_fingerprint(), film.seed, size, film.fps, seen, recipes)
        self._plates: dict[tuple[int, int], tuple[bytes, ...]] = {}

    @cached_property
    def stage(self) -> Stage:
        """The stage of the shot. It remembers the moments of about a second, so that digesting and drawing pose them once."""
        film = self._film.model_copy(update={"shots": (self._shot,)})
        return remembering(self._build(film), round(self._film.fps) + 2)

    def frames(self, first: int, count: int) -> tuple[bytes, ...]:
        """Digests of `count` frames from number `first`."""
        look = picture_look(self._shot)
        return tuple(finished_digest(plate, look) for plate in self.plates(first, count))

    def plates(self, first: int, count: int) -> tuple[bytes, ...]:
        """Digests of the same frames without what only their finishing reads."""
        if (first, count) not in self._plates:
            address = digest_of("digests", self._document, first, count)
            stored = self._store.get(_KIND, address)
            if stored is None or len(stored) != _SIZE * count:
                stored = b"".join(self._looked_at(number) for number in range(first, first + count))
                self._store.put(_KIND, address, stored)
            self._plates[first, count] = tuple(stored[k : k + _SIZE] for k in range(0, len(stored), _SIZE))
        return self._plates[first, count]

    @cached_property
    def _digest(self) -> StageDigest:
        return StageDigest(self.stage)

    def _looked_at(self, number: int) -> bytes:
        return self._digest.plate(float(frame_time(number, self._film.fps)), float(self._film.fps))
