"""How long a test waits for what another thread or process does, on a machine that may be busy with other tests."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE = 480.0
"""Seconds. Only a test that fails waits so long."""


def until(condition: Callable[[], object]) -> None:
    """Waits until a condition holds; the test fails when it never does."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.01)
