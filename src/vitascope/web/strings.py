"""The words of the studio, in one data file: `strings.yaml`. A translation is another file of the same shape."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

__all__ = ["say", "texts"]

FILE = Path(__file__).parent / "strings.yaml"


@cache
def texts() -> dict[str, str]:
    """All texts by their dotted names."""
    return dict(_flat(yaml.safe_load(FILE.read_text(encoding="utf-8")), ""))


def say(name: str, /, **values: object) -> str:
    """The text with this dotted name, its {places} filled. `count=1` takes the text NAME.one where there is one."""
    if values.get("count") == 1 and f"{name}.one" in texts():
        name = f"{name}.one"
    elif "count" in values and f"{name}.many" in texts():
        name = f"{name}.many"
    return texts()[name].format(**values)


def _flat(tree: dict, before: str):
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", str(value)
