"""A tape is an array of samples that lies on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vitascope.sound import Tape

LENGTH = 300
steps = st.lists(
    st.tuples(st.sampled_from(["write", "add"]), st.integers(-50, LENGTH), st.integers(0, 120), st.integers(0, 99)),
    max_size=12,
)


def noise(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, 2)).astype(np.float32)


@settings(max_examples=40)
@given(steps, st.integers(1, LENGTH))
def test_a_tape_holds_what_an_array_would_hold(done: list[tuple[str, int, int, int]], size: int) -> None:
    """Writing and adding, in any order and over the ends, give the same samples; pieces joined are the whole."""
    array = np.zeros((LENGTH, 2), np.float32)
    with Tape(LENGTH) as tape:
        for verb, first, count, seed in done:
            samples = noise(count, seed)
            if verb == "write":
                first = min(max(first, 0), LENGTH - count)
                array[first : first + count] = samples
                tape.write(first, samples)
            else:
                head, tail = max(first, 0), max(min(first + count, LENGTH), max(first, 0))
                array[head:tail] += samples[head - first : tail - first]
                tape.add(first, samples)

        assert np.array_equal(tape.read(), array)
        assert np.array_equal(np.concatenate([piece for _, piece in tape.pieces(size)]), array)


def test_a_part_is_a_piece_of_the_same_tape() -> None:
    """What is recorded on a part is heard on the whole there, and only there; erasing it leaves the rest."""
    with Tape(100) as tape:
        tape.write(0, np.ones((100, 2), np.float32))
        part = tape.part(40, 20)
        part.add(-5, np.ones((100, 2), np.float32))

        assert tape.read()[:, 0].tolist() == [1.0] * 40 + [2.0] * 20 + [1.0] * 40
        part.erase()
        assert tape.read()[:, 0].tolist() == [1.0] * 40 + [0.0] * 20 + [1.0] * 40


def test_a_tape_leaves_nothing_behind(tmp_path: Path) -> None:
    """Its file and those of scratch tapes beside it are gone when they are closed."""
    with Tape(10, folder=tmp_path) as tape, tape.scratch(20) as other:
        other.write(0, noise(20, 1))

    assert list(tmp_path.iterdir()) == []
