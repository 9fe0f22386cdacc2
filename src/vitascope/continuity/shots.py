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
        self._look = picture_look(shot)
        self._plates: dict[int, bytes] = {}
        self._kept: list[range] = []

    @cached_property
    def stage(self) -> Stage:
        """The stage of the shot. It remembers the moments of about a second, so that digesting and drawing pose them once."""
        film = self._film.model_copy(update={"shots": (self._shot,)})
        return remembering(self._build(film), round(self._film.fps) + 2)

    def frames(self, first: int, count: int) -> tuple[bytes, ...]:
        """Digests of `count` frames from number `first`."""
        return tuple(finished_digest(plate, self._look) for plate in self.plates(first, count))

    def plates(self, first: int, count: int) -> tuple[bytes, ...]:
        """Digests of the same frames without what only their finishing reads."""
        numbers = range(first, first + count)
        if not self.recalls(numbers):
            found = b"".join(self.plate(number) for number in numbers)
            self._store.put(_KIND, self._address(numbers), found)
            self._kept.append(numbers)
        return tuple(self._plates[number] for number in numbers)

    def frame(self, number: int) -> bytes:
        """The digest of one frame. What was not recalled is posed, and no other frame with it."""
        return finished_digest(self.plate(number), self._look)

    def plate(self, number: int) -> bytes:
        """The digest of one frame without what only its finishing reads, as `frame`."""
        if number not in self._plates:
            t = float(frame_time(number, self._film.fps))
            self._plates[number] = self._digest.plate(t, float(self._film.fps))
        return self._plates[number]

    def recalls(self, numbers: range, within: range | None = None) -> bool:
        """Whether the digests of frames `numbers`, looked at together or `within` more, are known without posing anything."""
        if any(numbers[0] in kept and numbers[-1] in kept for kept in self._kept):
            return True
        return self._recalled(numbers) or (within is not None and self._recalled(within))

    def _recalled(self, numbers: range) -> bool:
        stored = self._store.get(_KIND, self._address(numbers))
        if stored is None or len(stored) != _SIZE * len(numbers):
            return False
        self._plates |= {n: stored[k * _SIZE : (k + 1) * _SIZE] for k, n in enumerate(numbers)}
        self._kept.append(numbers)
        return True

    def _address(self, numbers: range) -> bytes:
        return digest_of("digests", self._document, numbers[0], len(numbers))

    @cached_property
    def _digest(self) -> StageDigest:
        return StageDigest(self.stage)
