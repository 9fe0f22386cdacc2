"""What a benchmark or a trial starts ends with it, also when it is ended by a signal."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import subprocess, sys, time
from conformance.live import ended_in_order
with ended_in_order():
    started = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    try:
        print(started.pid, flush=True)
        time.sleep(600)
    finally:
        started.kill()
        started.wait()
        print("ended", flush=True)
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_what_was_started(ending: signal.Signals):
    """Without that the process is gone at once, and a server with its database goes on for good."""
    ran = subprocess.Popen(
        [sys.executable, "-c", SCRIPT], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]
    )
    assert ran.stdout is not None
    started = int(ran.stdout.readline())

    ran.send_signal(ending)
    said, _ = ran.communicate(timeout=60)

    assert said == "ended\n"
    assert ran.returncode == 128 + ending
    assert not Path(f"/proc/{started}").exists()
