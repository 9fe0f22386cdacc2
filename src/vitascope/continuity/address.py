"""Addresses: a digest of everything that can affect the pixels of a frame, a plate or a chunk, without drawing it.

They are made from what the renderer is given, a Stage, by reflection over its fields: what is not known to be left unread
counts. Two stages that give one picture may have different addresses; different pictures never share one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from vitascope.continuity.digest import Apart, digest_of, plain
from vitascope.render.frame import fixed_constants as constants_of
from vitascope.render.frame import moment_before
from vitascope.world.stage import Motion, Pose, Stage, Thing

__all__ = [
    "FINISHING",
    "UNDRAWN",
    "Making",
    "Part",
    "StageDigest",
    "chunk_address",
    "finished_digest",
    "plate_address",
    "remembering",
]

Part = tuple[float, bytes]
"""The share 0..1 of a picture in a frame, and the digest of that picture."""

FINISHING = ("grade", "grain", "vignette")
"""What of a stage's `look` is read only after the plate is composed."""

UNDRAWN: Apart = {
    Stage: frozenset({"name", "duration", "soundscape", "subject_names", "ground_height", "indoor"}),
    Thing: frozenset({"name"}),
}
"""Fields that no renderer reads. Of `duration` it reads what the moments between 0 and it have in common, which counts."""

_APART: Apart = {
    Stage: UNDRAWN[Stage] | {"snapshot", "look"},
    Thing: UNDRAWN[Thing] | {"motion"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How pictures are made, whatever they show: the engine's fingerprint, the adapter's description, size [px], rate."""

    engine: bytes
    adapter: str
    size: tuple[int, int]
    fps: Fraction


def chunk_address(making: Making, frames: Iterable[Sequence[Part]], *, quality: str, label: str | None) -> bytes:
    """The address of an encoded chunk: its frames in order, each as its parts, and its label's words or None."""
    return digest_of("chunk", plain(making), quality, label, [tuple(parts) for parts in frames])


def plate_address(making: Making, plate: bytes) -> bytes:
    """The address of a picture before it is finished, from `StageDigest.plate`."""
    return digest_of("plate", plain(making), plate)


def finished_digest(plate: bytes, look: Mapping[str, float | str]) -> bytes:
    """The digest of a frame from that of its plate and the look that finishes it."""
    return digest_of("frame", plate, plain({key: look[key] for key in FINISHING if key in look}))


class StageDigest:
    """Digests of the moments of a stage. What does not change with time is looked at once."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._posed = [thing for thing in stage.things if _is_posed(thing)]
        still = [thing.motion.at(0.0) for thing in stage.things if not _is_posed(thing)]
        look = {key: value for key, value in stage.look.items() if key not in FINISHING}
        self._fixed = digest_of(plain(stage, _APART), plain(look), plain(still), plain(constants_of(stage)))
        self._look = stage.look
        self._moments: dict[float, tuple[bytes, bytes, bytes]] = {}
        self._plates: dict[tuple[float, float], bytes] = {}

    def frame(self, t: float, fps: float) -> bytes:
        """The digest of the finished frame at `t` [s] of a film of `fps` frames a second."""
        return finished_digest(self.plate(t, fps), self._look)

    def plate(self, t: float, fps: float) -> bytes:
        """The digest of the frame at `t` [s] without what only its finishing reads."""
        if (t, fps) not in self._plates:
            now, _, poses = self._moment(t)
            _, before, poses_before = self._moment(moment_before(t, fps))
            self._plates[t, fps] = digest_of("plate", self._fixed, t, fps, now, poses, before, poses_before)
        return self._plates[t, fps]

    def _moment(self, t: float) -> tuple[bytes, bytes, bytes]:
        """Digests of the moment `t`, of that part of it which is read one frame later, and of all poses."""
        if t not in self._moments:
            moment = self._stage.snapshot(t)
            self._moments[t] = (
                digest_of(plain(moment)),
                digest_of(plain(moment.lens), moment.world_time),
                digest_of([plain(thing.motion.at(t)) for thing in self._posed]),
            )
        return self._moments[t]


def remembering(stage: Stage, moments: int) -> Stage:
    """The same stage, whose poses and snapshots of the last `moments` times are worked out once for all who ask."""
    things = [
        replace(thing, motion=_Remembered(thing.motion, moments)) if _is_posed(thing) else thing
        for thing in stage.things
    ]
    return replace(stage, things=tuple(things), snapshot=lru_cache(moments)(stage.snapshot))


class _Remembered:
    def __init__(self, motion: Motion, moments: int) -> None:
        self._at = lru_cache(moments)(motion.at)

    def at(self, t: float) -> Pose:
        return self._at(t)


def _is_posed(thing: Thing) -> bool:
    """Whether the renderer asks for the pose at each moment, and not once."""
    return thing.moving or thing.mesh.joints is not None
