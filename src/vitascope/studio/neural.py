"""Shots by weights of our own: told in words moment by moment, drafted by the world, and of an edit only the patches made again
of which words or draft changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from vitascope.director.caption import caption_of
from vitascope.film import Film, Shot, seed_for
from vitascope.model.draft import draft_frames
from vitascope.model.generator import Generator, Wish, load_generator, shipped
from vitascope.model.memory import Kept, pack_take, unpack_take
from vitascope.studio.drafting import Draft, draft_of, moment_in
from vitascope.studio.forecast import Forecast, forecast
from vitascope.studio.learned import FRAME_SECONDS, Tell, dressed_otherwise, within
from vitascope.studio.plan import seen_most

__all__ = ["OwnShots", "generator_at"]

DRAFT_SECONDS = 0.03
"""Of a frame of the draft; on two processors."""
SPREAD = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnShot:
    """A shot of a take: its captions, one for each moment, its draft, what the model keeps, and its frames."""

    captions: tuple[str, ...]
    shot: Shot
    draft: Draft
    kept: Kept
    pictures: np.ndarray


class OwnShots:
    """`Shots` of `studio.learned`."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator

    @property
    def title(self) -> str:
        return f"Vitascope model {self._generator.name}"

    @property
    def model(self) -> str:
        return self.title

    @property
    def digest(self) -> str:
        return self._generator.digest

    @property
    def rate(self) -> Fraction:
        return self._generator.form.rate

    def check(self, film: Film) -> None:
        """Whatever can be filmed can be made: longer shots window after window."""

    def forecast(self, film: Film) -> Forecast:
        """By this machine as it is now, which is tried out for a moment."""
        form, plain = self._generator.form, forecast(film, software=True)
        moments = [form.moments(shot.duration) for shot in film.shots]
        seconds = sum(self._generator.seconds(each) + form.frames(each) * DRAFT_SECONDS for each in moments)
        seconds += FRAME_SECONDS * plain.frames * film.size.width * film.size.height / 1e6
        return within(plain, seconds, SPREAD)

    def made(self, film: Film, shot: Shot, before: OwnShot | None, tell: Tell | None) -> OwnShot:
        form = self._generator.form
        moments = form.moments(shot.duration)
        captions = tuple(_caption(shot, form.seconds(n)) for n in range(moments))
        times = [float(n / form.rate) for n in range(form.frames(moments))]
        size = (form.latent.width * form.stride.width, form.latent.height * form.stride.height)
        draft = draft_of(film, shot, times, size=size)
        seed = seed_for(film.seed, "model", shot.id)
        if before is not None and before.kept.seed != seed:
            before = None
        made = self._region(before, shot, captions, draft)
        if before is not None and not made.any():
            return replace(before, shot=shot, draft=draft, captions=captions)
        wish = Wish(
            captions=captions,
            seed=seed,
            made_THW=made,
            draft=draft_frames(draft.depth, draft.ids, height=size[1], width=size[0]),
        )
        generator = self._generator
        kept = generator.made(wish, kept=None if before is None else before.kept, on_step=tell)
        pictures = (
            generator.pictures(kept) if before is None else generator.repainted(before.pictures, before.kept, kept)
        )
        return OwnShot(captions=captions, shot=shot, draft=draft, kept=kept, pictures=pictures)

    def write(self, made: OwnShot, place: Path) -> dict[str, Any]:
        place.with_suffix(".take").write_bytes(pack_take(made.kept))
        np.savez_compressed(
            place.with_suffix(".npz"), pictures=made.pictures, depth=made.draft.depth, ids=made.draft.ids
        )
        return {"captions": list(made.captions)}

    def read(self, place: Path, listed: Mapping[str, Any]) -> OwnShot:
        with np.load(place.with_suffix(".npz")) as file:
            pictures, draft = file["pictures"], Draft(depth=file["depth"], ids=file["ids"])
        return OwnShot(
            captions=tuple(listed["captions"]),
            shot=Shot.model_validate(listed["shot"]),
            draft=draft,
            kept=unpack_take(place.with_suffix(".take").read_bytes()),
            pictures=pictures,
        )

    def _region(self, before: OwnShot | None, shot: Shot, captions: tuple[str, ...], draft: Draft) -> np.ndarray:
        """(T, H, W): what is made. Of an edit the patches whose draft is another, and the moments whose words are others; of
        those, where only looks of some subjects changed, their patches."""
        latent = self._generator.form.latent
        made = np.ones((len(captions), latent.height, latent.width), bool)
        if before is None:
            return made
        for moment, (then, now) in enumerate(zip(before.captions, captions, strict=False)):
            made[moment] = then != now
        changed = dressed_otherwise(before.shot, shot)
        if changed and (patches := self._generator.patches(np.isin(draft.ids, list(changed)))).any():
            made &= patches
        there = min(len(before.draft.ids), len(draft.ids))
        other = (before.draft.ids[:there] != draft.ids[:there]) | (before.draft.depth[:there] != draft.depth[:there])
        patches = self._generator.patches(other)
        made[: len(patches)] |= patches
        return made


@lru_cache(maxsize=1)
def generator_at(weights: str | None) -> Generator:
    """The weights in a folder, or those that come with the program. Raises CheckpointError, one sentence."""
    return load_generator(shipped() if weights is None else Path(weights).expanduser())


def _caption(shot: Shot, t: float) -> str:
    """How the moment is told: as the plain shot that is seen most."""
    return caption_of(seen_most(shot, moment_in(shot, t)))
