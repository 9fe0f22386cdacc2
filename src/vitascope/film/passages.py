"""A shot as what it is at a moment: one or more plain shots, each with its share of the picture. A plain shot has no passages
and was never made to go on."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from vitascope.film.document import Passage, Shot
from vitascope.film.laying import lay_all

__all__ = ["Layer", "layers_at", "plain_shots"]

SEAM = Fraction(1, 2)
"""Seconds in which the scenery of a shot changes over to that of the same shot made longer."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A plain shot and its share 0..1 of the picture."""

    shot: Shot
    share: float


def layers_at(shot: Shot, t: Fraction) -> tuple[Layer, ...]:
    """What is seen at `t` [s]: one layer, or, where a passage comes or goes, those between which the picture changes over.

    Shares are positive and sum to 1. Layers are plain, and made for the whole length of the shot: only shares depend on `t`.
    """
    before = shot.before
    if before is None or t >= before.duration + SEAM:
        return _passing(shot, t)
    then = layers_at(before, t)
    if t < before.duration:
        return then
    share = _smooth(float((t - before.duration) / SEAM))
    mixed = [*(Layer(layer.shot, layer.share * (1.0 - share)) for layer in then)]
    mixed += [Layer(layer.shot, layer.share * share) for layer in _passing(shot, t)]
    return tuple(layer for layer in mixed if layer.share > 0.0)


def _passing(shot: Shot, t: Fraction) -> tuple[Layer, ...]:
    sure: list[Passage] = []
    mixed: list[tuple[Passage, float]] = []
    for passage in shot.passages:
        share = _share(passage, t, shot.duration)
        if share == 1.0:
            sure.append(passage)
        elif share > 0.0:
            mixed.append((passage, share))
    layers = []
    for choice in range(1 << len(mixed)):
        taken = [p for k, (p, _) in enumerate(mixed) if choice >> k & 1]
        share = 1.0
        for k, (_, s) in enumerate(mixed):
            share *= s if choice >> k & 1 else 1.0 - s
        held = [p for p in shot.passages if p in sure or p in taken]
        layers.append(Layer(shot=_laid(shot, tuple(held)), share=share))
    return tuple(layers)


def plain_shots(shot: Shot) -> tuple[Shot, ...]:
    """Every plain shot that some moment of `shot` shows, without repetition, in order of appearance."""
    ends = {Fraction(0), shot.duration}
    if shot.before is not None:
        ends |= {shot.before.duration, shot.before.duration + SEAM}
    for passage in shot.passages:
        ends |= {
            passage.span.start,
            passage.span.start + passage.ease,
            passage.span.end - passage.ease,
            passage.span.end,
        }
    moments = sorted(t for t in ends if 0 <= t < shot.duration)
    found: dict[Shot, None] = {}
    for start, end in zip(moments, [*moments[1:], shot.duration], strict=True):
        for t in (start, (start + end) / 2):
            found.update(dict.fromkeys(layer.shot for layer in layers_at(shot, t)))
    return tuple(found) if shot.before is None else tuple(dict.fromkeys((*plain_shots(shot.before), *found)))


def _share(passage: Passage, t: Fraction, duration: Fraction) -> float:
    span, ease = passage.span, min(passage.ease, passage.span.length / 2)
    if not span.contains(t):
        return 0.0
    if ease == 0:
        return 1.0
    inward = Fraction(1) if span.start <= 0 else (t - span.start) / ease
    outward = Fraction(1) if span.end >= duration else (span.end - t) / ease
    return _smooth(float(min(inward, outward, Fraction(1))))


def _smooth(u: float) -> float:
    return u * u * (3.0 - 2.0 * u)


def _laid(shot: Shot, passages: tuple[Passage, ...]) -> Shot:
    plain = shot.model_copy(update={"passages": (), "before": None})
    return lay_all(plain, (operation for passage in passages for operation in passage.operations))
