"""Strides: when and where each foot of a person stands, from planned footfalls to the closing step at rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitascope.world.gait import GRAVITY, Gait, footfalls
from vitascope.world.track import Ground, Track

__all__ = ["Stance", "Step", "Strides", "strides_of"]

WALK = Gait(phases=(0.0, 0.5), duty=0.62)
RUN = Gait(phases=(0.0, 0.5), duty=0.35)
_STILL = 0.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """One foot on the ground from `start` to `end` [s] with its ankle over `position` (3,), pointing along `heading` [rad]."""

    start: float
    end: float
    position: np.ndarray
    heading: float
    closing: bool = False
    """Set down in place at rest, without a roll from heel to toe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A foot at one moment: flat-foot ankle-over position (3,) in the world, heading, share of stance or of swing."""

    position: np.ndarray
    heading: float
    planted: bool
    share: float
    lift: float
    """0..1 height of the swing."""
    resting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Strides:
    """Stances of the left and the right foot in order of time, and the phase of the stride over the track's times."""

    track: Track
    stances: tuple[tuple[Stance, ...], tuple[Stance, ...]]
    phase: np.ndarray
    running: np.ndarray
    """(K,) 0 walking .. 1 running, over the track's times."""

    def cycle(self, t: float) -> float:
        """Strides since time 0."""
        return float(np.interp(t, self.track.times, self.phase))

    def run_share(self, t: float) -> float:
        """0 walking, 1 running."""
        return float(np.interp(t, self.track.times, self.running))

    def foot(self, i: int, t: float) -> Step:
        """Foot `i` (0 left, 1 right) at `t` [s]; still before the first stance and after the last."""
        row = self.stances[i]
        k = int(np.searchsorted([s.start for s in row], t, side="right")) - 1
        here = row[max(k, 0)]
        if k < 0 or t < here.end or k + 1 >= len(row):
            share = float(np.clip((t - here.start) / max(here.end - here.start, 1e-6), 0, 1))
            return Step(
                position=here.position, heading=here.heading, planted=True, share=share, lift=0.0, resting=here.closing
            )
        after = row[k + 1]
        u = float(np.clip((t - here.end) / max(after.start - here.end, 1e-6), 0, 1))
        ease = u * u * (3 - 2 * u)
        reach = float(np.linalg.norm(after.position - here.position))
        lift = float(np.sin(np.pi * u**0.85) ** 1.2) * min(1.0, 0.25 + reach / 0.5)
        turn = (after.heading - here.heading + np.pi) % (2 * np.pi) - np.pi
        return Step(
            position=here.position + (after.position - here.position) * ease,
            heading=here.heading + turn * ease,
            planted=False,
            share=u,
            lift=lift,
            resting=after.closing,
        )


def strides_of(
    track: Track,
    ground: Ground,
    *,
    leg: float,
    spread: float,
    pace: np.ndarray,
    lope: float = 1.0,
    planted: tuple[tuple[int, float, float, np.ndarray], ...] = (),
) -> Strides:
    """Plan every stance on a track.

    leg [m]; `spread` [m] half distance of the feet at rest; `pace` (K,) 0 walk .. 1 run over the track's times; `lope` lengthens
    the stride (low gravity). `planted` asks for
    extra stances (foot, start, end, position (3,)) that replace what they overlap (the supporting foot of a kick).
    """
    running = np.maximum(pace, (track.speeds**2 > 0.62 * GRAVITY * leg).astype(float))
    plans = {}
    for gait, narrow in ((WALK, 0.80), (RUN, 0.50)):
        rest = ((spread * narrow, 0.0), (-spread * narrow, 0.0))
        plans[gait] = footfalls(track, ground, gait=gait, leg=leg * lope, rest=rest)
    phase = plans[WALK].phase
    rests = _rests(track)
    rows = []
    for i in (0, 1):
        row = _moving(track, plans, running, phase, i)
        row = _with_rests(row, track, ground, rests, spread if i == 0 else -spread, i)
        row = _with_extra(row, track, [q for q in planted if q[0] == i])
        rows.append(tuple(row))
    return Strides(track=track, stances=(rows[0], rows[1]), phase=phase, running=_eased(running))


def _moving(track: Track, plans: dict, running: np.ndarray, phase: np.ndarray, i: int) -> list[Stance]:
    strictly = phase + np.arange(len(phase)) * 1e-9
    row = []
    for c in range(len(plans[WALK].contacts[i])):
        start = float(plans[WALK].contacts[i][c])
        gait = RUN if np.interp(start, track.times, running) > 0.5 else WALK
        offset = gait.phases[i]
        cycle = np.floor(phase[0] - offset) + c
        end = float(np.interp(cycle + offset + gait.duty, strictly, track.times))
        if end - start < 1e-3:
            continue
        middle = float(np.interp(cycle + offset + gait.duty / 2, strictly, track.times))
        row.append(Stance(start=start, end=end, position=plans[gait].plants[i][c], heading=track.heading(middle)))
    return row


def _rests(track: Track) -> list[tuple[float, float]]:
    still = np.concatenate([[False], track.speeds < _STILL, [False]])
    edges = np.flatnonzero(np.diff(still.astype(int)))
    spans = [(float(track.times[a]), float(track.times[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
    return [(a, b) for a, b in spans if b - a > 0.25]


def _standing(track: Track, ground: Ground, t: float, x: float) -> tuple[np.ndarray, float]:
    place, heading = track.position(t), track.heading(t)
    px, pz = place[0] + np.cos(heading) * x, place[2] - np.sin(heading) * x
    return np.array([px, ground.at(px, pz), pz]), heading + np.sign(x) * 0.14


def _with_rests(
    row: list[Stance], track: Track, ground: Ground, rests: list[tuple[float, float]], x: float, i: int
) -> list[Stance]:
    """Feet come to stand under the body wherever it rests; whoever is off its place makes a closing step."""
    out = list(row)
    for a, b in rests:
        place, heading = _standing(track, ground, 0.5 * (a + b), x)
        first = a <= track.times[0] + 1e-6
        before = [s for s in out if s.start < a and not first]
        after = [s for s in out if s.start >= b]
        inside = [s for s in before if s.end > a]
        leave = max((s.end for s in inside if s.end >= b), default=b)
        if first:
            leave = max([s.end for s in out if s.start < b and s.end > b] + [b])
        leave = min([leave] + [s.start - 0.12 for s in after])
        before = [s for s in before if s.end <= a] + [
            Stance(
                start=s.start,
                end=min(a + 0.05 + 0.32 * i, max(b - 0.3, s.start + 0.05)),
                position=s.position,
                heading=s.heading,
            )
            for s in inside
        ]
        down = track.times[0] if first else min(a + 0.30 + 0.32 * i, b - 0.05)
        if inside and np.linalg.norm(inside[-1].position - place) < 0.05:
            before = before[:-1]
            down, place = inside[-1].start, inside[-1].position
        elif not inside and not first:
            down = min(a + 0.12, b - 0.05)
        stand = Stance(
            start=float(down), end=float(max(leave, down + 0.05)), position=place, heading=heading, closing=True
        )
        out = [*before, stand, *after]
    return sorted(out, key=lambda s: s.start)


def _with_extra(row: list[Stance], track: Track, extra: list[tuple[int, float, float, np.ndarray]]) -> list[Stance]:
    for _, start, end, position in extra:
        kept = []
        for s in row:
            if s.end <= start - 0.10 or s.start >= end + 0.12:
                kept.append(s)
            elif s.start < start - 0.25:
                kept.append(
                    Stance(start=s.start, end=start - 0.16, position=s.position, heading=s.heading, closing=s.closing)
                )
                if s.closing and s.end > end + 0.4:
                    kept.append(
                        Stance(start=end + 0.25, end=s.end, position=s.position, heading=s.heading, closing=True)
                    )
            elif s.end > end + 0.4:
                kept.append(
                    Stance(start=end + 0.22, end=s.end, position=s.position, heading=s.heading, closing=s.closing)
                )
        row = sorted(
            [*kept, Stance(start=start, end=end, position=position, heading=track.heading(start), closing=True)],
            key=lambda s: s.start,
        )
    return row


def _eased(values: np.ndarray) -> np.ndarray:
    kernel = np.hanning(38)
    padded = np.pad(values, 19, mode="edge")
    return np.convolve(padded, kernel / kernel.sum(), "valid")[: len(values)]
