"""The take before: what of its pictures is known, and which of them may be the same but for the looks of some subjects."""

from __future__ import annotations

from collections.abc import Sequence

from vitascope.continuity import Part
from vitascope.film import Film, Shot, frame_time, layers_at
from vitascope.studio.clock import Clock
from vitascope.studio.memory import Memory
from vitascope.studio.plan import ChunkPlan, moments_of, plan_chunks, ranges_of

__all__ = ["parts_before", "shot_before"]

PAINT = ("colour", "second_colour", "material", "pattern", "clothing", "hair", "skin", "mood", "states")
"""Attributes by which a subject may look otherwise without being another; what else they change is found out."""


def parts_before(
    earlier: Film, film: Film, plan: ChunkPlan, memory: Memory, clock: Clock
) -> tuple[tuple[Part, ...], ...] | None:
    """The parts of each frame of `earlier` that stands where a chunk of `film`, which was made from it, has its frames.

    They may be fewer than those of the chunk. None where they are not recalled.
    """
    shot = film.shots[plan.shot]
    index = next((k for k, each in enumerate(earlier.shots) if each.id == shot.id), None)
    plans = plan_chunks(earlier) if (earlier.size, earlier.fps) == (film.size, film.fps) else ()
    then = next((each for each in plans if (each.shot, each.first) == (index, plan.first)), None)
    if then is None:
        return ()
    moments = moments_of(earlier, then)
    digests = {}
    for plain, numbers in ranges_of(moments).items():
        digests[plain] = memory.prepared(earlier, plain, clock).digests
        if not digests[plain].recalls(numbers, then.numbers):
            return None
    return tuple(
        tuple((layer.share, digests[layer.shot].frame(moment.number)) for layer in moment.layers) for moment in moments
    )


def shot_before(earlier: Film | None, film: Film, plain: Shot, numbers: Sequence[int]) -> Shot | None:
    """The plain shot of `earlier` that was seen in frames `numbers` of a plain shot of `film`.

    None if it differs in more than how its subjects look.
    """
    if earlier is None or (earlier.size, earlier.fps, earlier.seed) != (film.size, film.fps, film.seed):
        return None
    shot = next((shot for shot in earlier.shots if shot.id == plain.id), None)
    if shot is None or frame_time(numbers[-1], earlier.fps) >= shot.duration:
        return None
    # Frozen values are hashable; pyright does not know it of these.
    seen = [{layer.shot for layer in layers_at(shot, frame_time(n, earlier.fps))} for n in numbers]  # pyright: ignore[reportUnhashable]
    wanted = _like(plain)
    return next((then for then in set.intersection(*seen) if _like(then) == wanted), None)


def _like(shot: Shot) -> Shot:
    """The shot without what may differ in the pixels of single subjects only, and without what is heard."""
    subjects = tuple(
        subject.model_copy(
            update={"name": "", "attributes": subject.attributes.model_copy(update=dict.fromkeys(PAINT))}
        )
        for subject in shot.subjects
    )
    look = shot.look.model_copy(update=dict.fromkeys(("grade", "grain", "depth_of_field", "motion_blur")))
    return shot.model_copy(update={"subjects": subjects, "look": look, "cues": (), "levels": (), "composition": None})
