"""What this machine has for filming, in words: graphics adapter, signing keys, dictionary, disk."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from vitascope import provenance
from vitascope.cli import reply
from vitascope.director import system_wordnet
from vitascope.director.wordnet import DEFAULT_FOLDER
from vitascope.recipe import library_with
from vitascope.render import RenderError
from vitascope.sound import can_speak

__all__ = ["examine"]


def examine() -> bool:
    """Print one line a part. Returns whether films can be made."""
    checks: list[tuple[str, Callable[[], tuple[bool, str]], bool]] = [
        ("python", lambda: (sys.version_info >= (3, 11), sys.version.split()[0]), True),
        ("graphics", _graphics, True),
        ("keys", _keys, True),
        ("voice", _voice, False),
        ("WordNet", _wordnet, False),
        ("language model", _language_model, False),
        ("own recipes", _own_recipes, False),
        ("disk", _disk, False),
    ]
    able = True
    for name, check, needed in checks:
        good, words = check()
        able = able and (good or not needed)
        sign = "✓" if good else ("✗" if needed else "–")
        reply.line(f"{sign} {name}: {words}")
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


def _voice() -> tuple[bool, str]:
    if can_speak():
        return True, "espeak-ng speaks narration and dialogue"
    return False, "missing; written lines stay silent. Install: apt-get install espeak-ng"


def _wordnet() -> tuple[bool, str]:
    if system_wordnet() is not None:
        return True, str(DEFAULT_FOLDER)
    return False, "missing; words beyond the library find no nearest thing. Install: apt-get install wordnet-base"


def _language_model() -> tuple[bool, str]:
    if not (os.environ.get("VITASCOPE_LLM_URL") or os.environ.get("VITASCOPE_LLM_MODEL")):
        return False, "not configured; films are read offline. Optional: set VITASCOPE_LLM_URL and VITASCOPE_LLM_MODEL"
    from vitascope.director.language import Endpoint, LanguageError, SettingsError, settings_from

    try:
        settings = settings_from(os.environ)
        return True, Endpoint(settings).probe() if settings else "not configured"
    except (SettingsError, LanguageError) as error:
        return False, f"{error} Until then films are read offline."


def _own_recipes() -> tuple[bool, str]:
    folder = provenance.vitascope_home() / "recipes"
    found = library_with(folder)
    return not found.faults, " ".join((f"{len(found.added)} in {folder}", *found.faults))


def _disk() -> tuple[bool, str]:
    free = shutil.disk_usage(Path.cwd()).free
    return free > 500e6, f"{free / 1e9:.1f} GB free here"
