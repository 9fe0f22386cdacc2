"""Which noise levels a sample passes through on its way from noise to clean."""

from __future__ import annotations

from dataclasses import dataclass


class ScheduleError(ValueError):
    """Levels that lead nowhere; the message is one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Levels from the noisiest (at most 1) down to 0."""

    levels: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse what does not go down from noise to 0."""
        falling = all(a > b for a, b in zip(self.levels, self.levels[1:], strict=False))
        if len(self.levels) < 2 or self.levels[0] > 1 or self.levels[-1] != 0 or not falling:
            raise ScheduleError(
                f"Noise levels are {', '.join(f'{level:g}' for level in self.levels) or 'none'}; "
                "give at least two that fall, from at most 1 to 0."
            )

    @property
    def steps(self) -> int:
        """How many there are."""
        return len(self.levels) - 1

    def beginning_at(self, level: float) -> Schedule:
        """What of it is left for tokens that are no noisier than `level`: the steps below it."""
        return Schedule(levels=(level, *(each for each in self.levels if each < level)))


def even(steps: int, *, shift: float) -> Schedule:
    """`steps` equal steps, shifted towards noise (Esser et al. 2024, arXiv:2403.03206, eq. 23): the more tokens, the more."""
    if steps < 1:
        raise ScheduleError(f"A sample was asked for in {steps} steps; give at least 1.")
    return Schedule(levels=tuple(shifted(1 - n / steps, shift) for n in range(steps + 1)))


def few(*levels: float) -> Schedule:
    """The levels that a network was distilled for, noisiest first, without the last 0."""
    return Schedule(levels=(*levels, 0.0))


def shifted(level: float, shift: float) -> float:
    """A level with the noise of a picture of `shift`² times as many tokens."""
    return shift * level / (1 + (shift - 1) * level)
