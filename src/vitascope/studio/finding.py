"""Which take is meant: by id, by the beginning of one, by number, by name, by place in the tree, or by an exported film."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from vitascope import provenance
from vitascope.studio.errors import ProjectError
from vitascope.studio.take import Take

__all__ = ["check_name", "find_take"]

HERE, ABOVE = ".", ".."
NAME_LONGEST = 60
SHOWN = 8


def find_take(text: str, takes: Sequence[Take], current: str | None) -> Take:
    """The one of `takes` (oldest first) that `text` means. Raises ProjectError that says what is there."""
    if not takes:
        raise ProjectError('There is no take in this project yet; make one with: vitascope film "…"')
    by_id = {take.id: take for take in takes}
    if text in (HERE, ABOVE):
        here = by_id.get(current or "")
        if here is None:
            raise ProjectError(f"There is no current take; {_what_there_is(takes)}")
        return here if text == HERE else parent_of(here, by_id)
    if text in by_id:
        return by_id[text]
    if text.lower().endswith(".mp4"):
        return _exported(Path(text), takes, current)
    named = [take for take in takes if take.name == text]
    if named:
        return named[0]
    wanted = f"{int(text):04d}-" if text.isascii() and text.isdigit() and len(text) < 9 else text
    begun = [take for take in takes if take.id.startswith(wanted)] if text else []
    begun = begun or [take for take in takes if text and take.id.startswith(text)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        raise ProjectError(f"{text!r} is the beginning of several takes: {_listed(begun)}; give more of it.")
    raise ProjectError(f"There is no take {text!r}; {_what_there_is(takes)}")


def parent_of(take: Take, takes: dict[str, Take]) -> Take:
    """The take that `take` was made from. Raises ProjectError when there is none."""
    if take.parent is None:
        raise ProjectError(f"Take {take.id} is the first of its line, so there is nothing before it.")
    if take.parent not in takes:
        raise ProjectError(f"Take {take.parent}, which {take.id} was made from, is not there any more.")
    return takes[take.parent]


def check_name(name: str, take_id: str, takes: Sequence[Take]) -> str:
    """`name` if a take may have it. Raises ProjectError."""
    name = " ".join(name.split())
    if not name or not name[0].isalpha() or len(name) > NAME_LONGEST or "/" in name or not name.isprintable():
        raise ProjectError(
            f"{name!r} cannot be the name of a take; begin with a letter and use at most {NAME_LONGEST} signs, no slash."
        )
    if name.lower().endswith(".mp4"):
        raise ProjectError(f"{name!r} cannot be the name of a take, for it reads like a file; leave out the ending.")
    for other in takes:
        if other.name == name and other.id != take_id:
            raise ProjectError(f"Take {other.id} already has the name {name!r}; choose another.")
    return name


def _exported(path: Path, takes: Sequence[Take], current: str | None) -> Take:
    """The take whose film lies at `path`, known by the digest in its record or of the document beside it."""
    if not path.is_file():
        raise ProjectError(f"There is no film at this place; give the path of an exported film: {path}")
    digest = provenance.read_film_digest(path)
    beside = path.with_suffix(".film.json")
    if digest is None and beside.is_file():
        digest = hashlib.sha256(beside.read_bytes()).hexdigest()
    found = [take for take in takes if take.film_sha256 == digest]
    here = [take for take in found if take.id == current]
    if not found:
        raise ProjectError(f"This film is of no take in this project; {_what_there_is(takes)} The film: {path}")
    return (here or found)[-1]


def _what_there_is(takes: Sequence[Take]) -> str:
    return f"there {'is' if len(takes) == 1 else 'are'} {_listed(takes)}."


def _listed(takes: Sequence[Take]) -> str:
    shown = [f"{take.id} ({take.name})" if take.name else take.id for take in takes[-SHOWN:]]
    more = len(takes) - len(shown)
    return (f"{more} earlier ones and " if more else "") + ", ".join(shown)
