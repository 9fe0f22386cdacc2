"""Schemathesis over the server's own OpenAPI: whatever is sent, no answer is a fault of the server."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from .live import Live

__all__ = ["fuzzed"]

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
SEED = 20261126
REQUEST_SECONDS = 120
RUN_SECONDS = 1500
SLOW = ("/v1/videos/sync",)
"""Answers only when a film is made; its body is that of POST /v1/videos, which is fuzzed."""


def fuzzed(live: Live, folder: Path, examples: int) -> Iterator[dict[str, object]]:
    """A check for each of Schemathesis' over all operations, and one that the server lives on."""
    start = time.monotonic()
    report = folder / "schemathesis.ndjson"
    command = [Path(sys.executable).parent / "schemathesis", "run", f"{live.address}/openapi.json"]
    command += ["--checks", ",".join(CHECKS), "--max-examples", str(examples), "--seed", str(SEED)]
    command += ["--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-shrink", "--workers", "1"]
    command += ["--request-timeout", str(REQUEST_SECONDS), "-H", f"Authorization: Bearer {live.key}"]
    command += ["--report-ndjson-path", report, "--suppress-health-check", "all", "--warnings", "off"]
    for path in SLOW:
        command += ["--exclude-path", path]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS, cwd=folder)
    said = ran.stdout + ran.stderr
    (folder / "schemathesis.log").write_text(said)
    seconds = round(time.monotonic() - start, 1)
    failures = sorted(set(re.findall(r"^\s*- (.+)$", said, flags=re.MULTILINE)))
    print(said[-6000:], flush=True)
    state = "passed" if ran.returncode == 0 else "failed"
    yield {"check": "no failure", "state": state, "detail": "; ".join(failures), "seconds": seconds}
    alive = live.process is not None and live.process.poll() is None
    yield {"check": "server lives on", "state": "passed" if alive else "failed", "detail": "", "seconds": 0.0}
