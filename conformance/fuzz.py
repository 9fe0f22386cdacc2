"""Schemathesis over the server's own OpenAPI: whatever is sent, no answer is a fault of the server, and all are as described."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
    """Each of the checks over all operations, how the run ended, and whether the server lives on."""
    start = time.monotonic()
    report = folder / "schemathesis.ndjson"
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", f"{live.address}/openapi.json"]
    command += ["--checks", ",".join(CHECKS), "--max-examples", str(examples), "--seed", str(SEED)]
    command += ["--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-shrink", "--workers", "1"]
    command += ["--request-timeout", str(REQUEST_SECONDS), "-H", f"Authorization: Bearer {live.key}"]
    command += ["--report-ndjson-path", str(report), "--suppress-health-check", "all", "--warnings", "off"]
    for path in SLOW:
        command += ["--exclude-path", path]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS, cwd=folder)
    seconds = round(time.monotonic() - start, 1)
    if ran.returncode:
        print(ran.stdout[-8000:] + ran.stderr[-2000:], flush=True)
    checks, statuses, operations = tallied(report)
    for name in CHECKS:
        told = ", ".join(f"{count} {state}" for state, count in sorted(checks[name].items()))
        clean = checks[name]["success"] > 0 and checks[name].total() == checks[name]["success"]
        yield {"check": name, "state": "passed" if clean else "failed", "detail": told, "seconds": 0.0}
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
    told = f"{statuses.total()} requests to {operations} operations: {answers}"
    yield {
        "check": "whole run",
        "state": "passed" if not ran.returncode else "failed",
        "detail": told,
        "seconds": seconds,
    }
    alive = live.process is not None and live.process.poll() is None
    yield {"check": "server lives on", "state": "passed" if alive else "failed", "detail": "", "seconds": 0.0}


def tallied(report: Path) -> tuple[dict[str, Counter[str]], Counter[int], int]:
    """How often each check ended in which way, how often there was which status, and how many operations were called."""
    checks: dict[str, Counter[str]] = {name: Counter() for name in CHECKS}
    statuses: Counter[int] = Counter()
    operations = set()
    for line in report.read_text(encoding="utf-8").splitlines():
        record: dict[str, Any] = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for found in record.get("checks", {}).values():
            for check in found:
                if check["name"] in checks:
                    checks[check["name"]][check["status"]] += 1
        for interaction in record.get("interactions", {}).values():
            operations.add(record["label"])
            statuses[(interaction.get("response") or {}).get("status_code", 0)] += 1
    return checks, statuses, len(operations)
