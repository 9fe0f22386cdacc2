"""The real clients, unmodified, against a live server: one table, exit code 1 when anything failed.

    python -m conformance [--only NAME ...] [--examples 5] [--keep]

Names: openai-2.6.0, openai-2.54.0, openai-3.52.0, openai-node, mcp-http, mcp-http-legacy, mcp-bridge, mcp-stdio, fuzz.
Everything happens on this machine's loopback and in a temporary folder; environments are made once in .venv-conformance.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .environments import PYTHON_VERSIONS, node_folder, python_with
from .fuzz import fuzzed
from .live import FOLDERS, Live, serving

HERE = Path(__file__).parent
CLIENT_SECONDS = 1200.0
MARKS = {"passed": "ok", "failed": "FAILED", "absent": "–", "": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one check of one client ended."""

    check: str
    state: str
    detail: str
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", metavar="NAME", default=())
    parser.add_argument("--examples", type=int, default=5, help="fuzzed requests of each kind for each operation")
    parser.add_argument("--keep", action="store_true", help="keep the temporary folder, with the server's log")
    options = parser.parse_args()
    start = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="vitascope-conformance-"))
    try:
        found = run_all(folder, options.only, options.examples)
    finally:
        if not options.keep:
            subprocess.run(["rm", "-rf", str(folder)], check=False)
    if options.keep:
        print(f"Kept: {folder}")
    failed = report(found)
    print(f"{time.monotonic() - start:.0f} s in all.")
    sys.exit(1 if failed or not found else 0)


def run_all(folder: Path, only: Sequence[str], examples: int) -> dict[str, list[Outcome]]:
    """All clients that are wanted, one after the other: each is alone with the server, as slow machines need it."""
    found: dict[str, list[Outcome]] = {}
    if not only or set(only) - {"mcp-stdio", "fuzz"}:
        with serving(folder / "served") as live:
            for name, command in clients(live).items():
                if not only or name in only:
                    found[name] = outcomes(name, command, {})
    if not only or "mcp-stdio" in only:
        command = [sys.executable, HERE / "mcp_client.py", "stdio", "auto"]
        own = {name: str(folder / "stdio" / part) for name, part in FOLDERS.items()}
        found["mcp-stdio"] = outcomes("mcp-stdio", command, own)
    if not only or "fuzz" in only:
        with serving(folder / "fuzzed") as live:
            print("\nfuzz", flush=True)
            found["fuzz"] = []
            for each in fuzzed(live, folder, examples):
                found["fuzz"].append(Outcome(**each))
                show(found["fuzz"][-1])
    return found


def clients(live: Live) -> dict[str, list[str | Path]]:
    """What speaks to the one server, by name."""
    base, key = f"{live.address}/v1", live.key
    mcp = [sys.executable, HERE / "mcp_client.py"]
    return {
        **{f"openai-{v}": [python_with(v), HERE / "openai_client.py", base, key] for v in PYTHON_VERSIONS},
        "openai-node": ["node", node_folder() / "openai_client.mjs", base, key],
        "mcp-http": [*mcp, "http", "auto", live.address, key],
        "mcp-http-legacy": [*mcp, "http", "legacy", live.address, key],
        "mcp-bridge": [*mcp, "bridge", "auto", live.address, key],
    }


def outcomes(name: str, command: Sequence[str | Path], more: Mapping[str, str]) -> list[Outcome]:
    """Run a client and print its checks as they end. A client that ends early has failed, whatever passed before."""
    print(f"\n{name}", flush=True)
    found: list[Outcome] = []
    # The clients speak to this machine only, whatever proxy the environment names.
    environment = {**os.environ, **more, "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as errors:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment) as process:
            assert process.stdout is not None
            for line in process.stdout:
                found.append(Outcome(**json.loads(line)))
                show(found[-1])
                if time.monotonic() - start > CLIENT_SECONDS:
                    process.kill()
        errors.seek(0)
        said = errors.read()
    if process.returncode:
        print(said[-3000:], flush=True)
        found.append(Outcome(check="ends well", state="failed", detail=f"exit code {process.returncode}", seconds=0))
    return found


def show(outcome: Outcome) -> None:
    """Print how a check ended."""
    detail = " ".join(outcome.detail.split())
    print(f"  {MARKS[outcome.state]:<7}{outcome.check:<30}{outcome.seconds:>6.1f} s  {detail}", flush=True)


def report(found: Mapping[str, Sequence[Outcome]]) -> int:
    """Print a table of checks by clients for each family that shares them; return how many failed."""
    failed = 0
    for family in ("openai", "mcp", "fuzz"):
        columns = {name: {o.check: o for o in ran} for name, ran in found.items() if name.startswith(family)}
        if not columns:
            continue
        checks = list(dict.fromkeys(check for column in columns.values() for check in column))
        widths = [max(len(name), 8) for name in columns]
        print("\n" + "".join([f"{'':<30}", *(f"  {n:<{w}}" for n, w in zip(columns, widths, strict=True))]))
        for check in checks:
            states = [column[check].state if check in column else "" for column in columns.values()]
            cells = [f"  {MARKS[state]:<{w}}" for state, w in zip(states, widths, strict=True)]
            print(f"{check:<30}{''.join(cells)}".rstrip())
            failed += states.count("failed")
    states = [outcome.state for ran in found.values() for outcome in ran]
    told = ", ".join(f"{states.count(state)} {state}" for state in ("passed", "absent", "failed"))
    print(f"\n{told} (absent: this client has no such method).")
    return failed


if __name__ == "__main__":
    main()
