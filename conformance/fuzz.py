"""Schemathesis over the server's own OpenAPI: whatever is sent, no answer is a fault of the server, and all are as described."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
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
SLOW = ("/v1/videos/sync", "/v1/chat/completions", "/v1/responses")
"""A good request is answered only when a film of several seconds is made, so only bad ones are sent there."""


def fuzzed(live: Live, folder: Path, examples: int) -> Iterator[dict[str, object]]:
    """Each of the checks over all operations, how the run ended, and whether the server lives on."""
    start = time.monotonic()
    everywhere = [part for path in SLOW for part in ("--exclude-path", path)]
    slow = [part for path in SLOW for part in ("--include-path", path)]
    reports = [folder / "everywhere.ndjson", folder / "slow.ndjson"]
    codes = [
        ran(live, reports[0], examples, everywhere),
        ran(live, reports[1], examples, [*slow, "--mode", "negative"]),
    ]
    seconds = round(time.monotonic() - start, 1)
    checks, statuses, operations = tallied(reports)
    for name in CHECKS:
        told = ", ".join(f"{count} {state}" for state, count in sorted(checks[name].items()))
        clean = checks[name]["success"] > 0 and checks[name].total() == checks[name]["success"]
        yield {"check": name, "state": "passed" if clean else "failed", "detail": told, "seconds": 0.0}
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
    told = f"{statuses.total()} requests to {operations} operations: {answers}"
    yield {"check": "whole run", "state": "failed" if any(codes) else "passed", "detail": told, "seconds": seconds}
    alive = live.process is not None and live.process.poll() is None
    yield {"check": "server lives on", "state": "passed" if alive else "failed", "detail": "", "seconds": 0.0}


def ran(live: Live, report: Path, examples: int, more: list[str]) -> int:
    """Run Schemathesis, and print what it found if it found something; returns its exit code."""
    command = [str(Path(sys.executable).parent / "schemathesis"), "run", f"{live.address}/openapi.json", *more]
    command += ["--checks", ",".join(CHECKS), "--max-examples", str(examples), "--seed", str(SEED)]
    command += ["--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-shrink", "--workers", "1"]
    command += ["--request-timeout", str(REQUEST_SECONDS), "-H", f"Authorization: Bearer {live.key}"]
    command += ["--report-ndjson-path", str(report), "--suppress-health-check", "all", "--warnings", "off"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS, cwd=report.parent)
    if done.returncode:
        print(done.stdout[-8000:] + done.stderr[-2000:], flush=True)
    return done.returncode


def tallied(reports: Sequence[Path]) -> tuple[dict[str, Counter[str]], Counter[int], int]:
    """How often each check ended in which way, how often there was which status, and how many operations were called."""
    checks: dict[str, Counter[str]] = {name: Counter() for name in CHECKS}
    statuses: Counter[int] = Counter()
    operations = set()
    lines = [line for report in reports for line in report.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        record: dict[str, Any] = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for found in record.get("checks", {}).values():
            for check in found:
                if check["name"] in checks:
                    checks[check["name"]][check["status"]] += 1
        for interaction in record.get("interactions", {}).values():
            operations.add(record["label"])
            statuses[(interaction.get("response") or {}).get("status_code", 0)] += 1
    return checks, statuses, len(operations)
