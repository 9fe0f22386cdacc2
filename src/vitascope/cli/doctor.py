"""What this machine has for filming, in words: adapter, encoder, speech, dictionary, keys, disk."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from vitascope import provenance
from vitascope.cli import reply
from vitascope.render import RenderError

__all__ = ["examine"]

WORDNET = Path("/usr/share/wordnet")


def examine() -> bool:
    """Print one line a part. Returns whether films can be made."""
    checks: list[tuple[str, Callable[[], tuple[bool, str]], bool]] = [
        ("python", lambda: (sys.version_info >= (3, 11), sys.version.split()[0]), True),
        ("graphics", _graphics, True),
        ("keys", _keys, True),
        ("WordNet", _wordnet, False),
        ("espeak-ng", _espeak, False),
        ("disk", _disk, False),
    ]
    able = True
    for name, check, needed in checks:
        good, words = check()
        able = able and (good or not needed)
        sign = "✓" if good else ("✗" if needed else "–")
        reply.out.print(f"{sign} {name}: {words}")
    return able


def _graphics() -> tuple[bool, str]:
    try:
        adapter = reply.adapter_or_fail()
    except RenderError as error:
        return False, str(error)
    return True, f"{adapter.name}, {'software: no GPU is needed' if adapter.software else 'hardware'}"


def _keys() -> tuple[bool, str]:
    try:
        provenance.load_keys()
    except provenance.ProvenanceError as error:
        return False, str(error)
    return True, f"signing chain in {provenance.vitascope_home()}"


def _wordnet() -> tuple[bool, str]:
    if (WORDNET / "index.noun").exists():
        return True, str(WORDNET)
    return False, "missing; unknown nouns are not replaced by the nearest thing. Install: apt-get install wordnet-base"


def _espeak() -> tuple[bool, str]:
    found = shutil.which("espeak-ng")
    if found:
        return True, found
    return False, "missing; films have no spoken words. Install: apt-get install espeak-ng"


def _disk() -> tuple[bool, str]:
    free = shutil.disk_usage(Path.cwd()).free
    return free > 500e6, f"{free / 1e9:.1f} GB free here"
