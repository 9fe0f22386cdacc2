"""Shots by open weights: told in words, and led by what the world draws of them, as far as these weights can be led.

Of an edit a shot is made again where its words or what leads it changed; where only looks of some subjects changed, and the
weights follow a draft, only their tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from vitascope.film import Film, Shot, seed_for
from vitascope.model.catalogue import weights as catalogue
from vitascope.model.open.cost import speed_of
from vitascope.model.open.folder import Folder
from vitascope.model.open.form import Lead
from vitascope.model.open.generator import Change, OpenGenerator, OpenWish
from vitascope.model.open.given import measure_of, nearness
from vitascope.model.shapes import PixelShape
from vitascope.render import adapter_name
from vitascope.studio.drafting import drawn_at
from vitascope.studio.forecast import Forecast, forecast
from vitascope.studio.learned import FRAME_SECONDS, Tell, dressed_otherwise, within
from vitascope.studio.pace import usual_seconds
from vitascope.studio.wording import words_of

__all__ = ["OpenShots"]

SPREAD = 2.0
"""By which a count of operations may be off."""
FINE = 2.0
"""How much finer than it is seen a picture is drawn that a film begins with: its edges go on in all frames."""
MEASURED = 9
"""Frames of a shot by which near and far are measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What the world draws to lead a shot; empty arrays where the weights ask for none of it.

    pictures (N, H, W, 3) uint8: those that it begins or ends with. grey (T, H, W) uint8: nearness, by `measure`; ids (T, H, W)
    uint8: 0 the set, i + 1 the i-th subject.
    """

    pictures: np.ndarray
    grey: np.ndarray
    ids: np.ndarray
    measure: tuple[float, float]

    def leads_as(self, other: Guide) -> bool:
        """Whether both lead a shot the same way."""
        return np.array_equal(self.pictures, other.pictures) and np.array_equal(self.grey, other.grey)

    def begins_as(self, other: Guide, frames: int) -> bool:
        """Whether both lead the first `frames` of a shot the same way."""
        same = np.array_equal(self.pictures[:1], other.pictures[:1])
        return same and np.array_equal(self.grey[:frames], other.grey[:frames])


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenShot:
    """A shot of a take: what it was told, by which seed, what led it, and its frames."""

    words: str
    shot: Shot
    seed: int
    guide: Guide
    pictures: np.ndarray


class OpenShots:
    """`Shots` of `studio.learned`."""

    def __init__(self, generator: OpenGenerator) -> None:
        self._generator = generator

    @property
    def title(self) -> str:
        return f"Vitascope with {_named(self._generator.folder)[0]}"

    @property
    def model(self) -> str:
        title, terms = _named(self._generator.folder)
        return f"{title} ({terms})"

    @property
    def digest(self) -> str:
        return self._generator.digest

    @property
    def rate(self) -> Fraction:
        return self._generator.rate

    def check(self, film: Film) -> None:
        for shot in film.shots:
            self._generator.check(self._pixels(film, shot))

    def forecast(self, film: Film) -> Forecast:
        """By operations, counted, and how many this machine makes, measured (`model.open.cost`)."""
        self.check(film)
        generator, (_, software) = self._generator, adapter_name()
        plain = forecast(film, software=software)
        shots = [self._pixels(film, shot) for shot in film.shots]
        seconds = generator.seconds(shots, speed_of(generator.machine))
        seconds += FRAME_SECONDS * plain.frames * film.size.width * film.size.height / 1e6
        for pixels in shots:
            seen = pixels.frames if generator.form.lead is Lead.DRAFT else len(generator.seen(pixels))
            megapixels = pixels.width * pixels.height / 1e6
            usual = usual_seconds(shots=min(seen, 1), frames=seen, megapixels=megapixels, software=software)
            seconds += usual.start + usual.frames + usual.area
        return within(plain, seconds, SPREAD)

    def made(self, film: Film, shot: Shot, before: OpenShot | None, tell: Tell | None) -> OpenShot:
        pixels = self._pixels(film, shot)
        words, seed = words_of(film, shot), seed_for(film.seed, "model", shot.id)
        if before is not None and (before.seed != seed or before.pictures.shape[1:3] != (pixels.height, pixels.width)):
            before = None
        guide = self._guide(film, shot, pixels, None if before is None else before.guide.measure)
        there = None if before is None or before.words != words else self._there(before, shot, guide, pixels.frames)
        change = None if before is None or there is not None else self._change(before, shot, guide)
        if before is not None and change is not None and not change.made_THW.any():
            there = before.pictures
        if there is None or len(there) < pixels.frames:
            wish = OpenWish(words=words, pixels=pixels, seed=seed, pictures=guide.pictures, grey=guide.grey)
            there = self._generator.made(wish, begun=there, change=change, on_step=tell)
        return OpenShot(words=words, shot=shot, seed=seed, guide=guide, pictures=there)

    def write(self, made: OpenShot, place: Path) -> dict[str, Any]:
        guide = made.guide
        np.savez_compressed(
            place.with_suffix(".npz"), pictures=made.pictures, leading=guide.pictures, grey=guide.grey, ids=guide.ids
        )
        return {"words": made.words, "seed": made.seed, "measure": list(guide.measure)}

    def read(self, place: Path, listed: Mapping[str, Any]) -> OpenShot:
        low, high = listed["measure"]
        with np.load(place.with_suffix(".npz")) as file:
            guide = Guide(pictures=file["leading"], grey=file["grey"], ids=file["ids"], measure=(low, high))
            pictures = file["pictures"]
        shot = Shot.model_validate(listed["shot"])
        return OpenShot(words=listed["words"], shot=shot, seed=listed["seed"], guide=guide, pictures=pictures)

    def _pixels(self, film: Film, shot: Shot) -> PixelShape:
        return self._generator.form.pixels(film.size.width, film.size.height, shot.duration)

    def _guide(self, film: Film, shot: Shot, pixels: PixelShape, measure: tuple[float, float] | None) -> Guide:
        """An edit keeps the measure of near and far, so what stays where it is keeps its grey."""
        size, seen = (pixels.width, pixels.height), self._generator.seen(pixels)
        pictures = np.empty((len(seen), pixels.height, pixels.width, 3), np.uint8)
        for n, frame in drawn_at(film, shot, self._times(seen), size=size, supersample=FINE):
            pictures[n] = frame.colour
        frames = pixels.frames if self._generator.form.lead is Lead.DRAFT else 0
        depth = np.empty((frames, pixels.height, pixels.width), np.float16)
        ids = np.empty(depth.shape, np.uint8)
        for n, frame in drawn_at(film, shot, self._times(range(frames)), size=size):
            assert frame.depth is not None
            assert frame.ids is not None
            with np.errstate(over="ignore"):  # what is too far for this type is as far as the sky
                depth[n] = frame.depth
            ids[n] = frame.ids
        measure = measure or measure_of(depth[:: ceil(frames / MEASURED) or 1])
        grey = np.empty(depth.shape, np.uint8)
        for n, metres in enumerate(depth):
            grey[n] = np.rint(255 * nearness(metres, measure))
        return Guide(pictures=pictures, grey=grey, ids=ids, measure=measure)

    def _times(self, frames: range | tuple[int, ...]) -> list[float]:
        """When frames are seen [s]."""
        return [float(n / self.rate) for n in frames]

    def _there(self, before: OpenShot, shot: Shot, guide: Guide, frames: int) -> np.ndarray | None:
        """What stays of a shot that is told as it was: all of it, its beginning where it is shorter now, all to go on from where
        it is longer; None where it is led in another way."""
        pictures = before.pictures
        if len(pictures) == frames:
            return pictures if before.guide.leads_as(guide) else None
        seen = [ceil(each.duration * self.rate) for each in (before.shot, shot)]
        if not before.guide.begins_as(guide, min(seen)):
            return None
        if len(pictures) > frames:
            return pictures[:frames]
        return pictures if self._generator.form.lead in (Lead.FIRST, Lead.DRAFT) else None

    def _change(self, before: OpenShot, shot: Shot, guide: Guide) -> Change | None:
        """The tokens of subjects that look otherwise, where nothing else changed and the weights follow a draft; else None."""
        changed = dressed_otherwise(before.shot, shot)
        if not changed or self._generator.form.lead is not Lead.DRAFT:
            return None
        marked = before.guide.grey != guide.grey
        for ids in (before.guide.ids, guide.ids):
            marked |= np.isin(ids, list(changed))
        return Change(pictures=before.pictures, made_THW=self._generator.patches(marked))


def _sides(pixels: PixelShape) -> tuple[int, int, int]:
    return pixels.frames, pixels.height, pixels.width


def _named(folder: Folder) -> tuple[str, str]:
    """What weights are called, and where they are from with their licence: as in the catalogue where the folder is named after
    one of its weights or their repository, as the hub's cache is; else after the folder."""
    path = folder.path.resolve()
    cached = path.parent.parent.name.removeprefix("models--").replace("--", "/")
    for each in catalogue().values():
        repository = each.repository.lower()
        if cached.lower() == repository or path.name.lower() in (each.name, repository.rpartition("/")[2]):
            return each.title, f"{each.repository}, {each.licence.title}"
    return path.name, f"{folder.pipeline}, licence not known"
