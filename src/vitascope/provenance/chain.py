"""What a signed record says about the films that a film was edited from, one after the other. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

__all__ = ["HARMLESS", "Step", "read_chain", "read_time"]

UNKNOWN_SIGNER = "signingCredential.untrusted"
EXPIRED = "signingCredential.expired"
HARMLESS = frozenset((UNKNOWN_SIGNER, EXPIRED))
"""What a check may find without the film having been changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One film of the chain: what it is called, when it was made and how; `remark` is what its record says of that.

    `recorded`: it carries a record. `whole`: nothing changed between its signing and its use in the next film.
    """

    title: str
    made: datetime | None = None
    edited: bool = False
    remark: str = ""
    recorded: bool = True
    whole: bool = True


def read_chain(store: Mapping[str, Any]) -> tuple[Step, ...]:
    """The steps from the film itself back to the first that is known; `store` is the manifest store as the library gives it."""
    manifests = store.get("manifests") or {}
    label, title, whole = store.get("active_manifest"), "", True
    steps: list[Step] = []
    seen: set[str] = set()
    while label is not None and label not in seen:
        seen.add(label)
        manifest = manifests.get(label)
        if manifest is None:
            return (*steps, Step(title=title, recorded=False, whole=whole))
        parent = next((i for i in manifest.get("ingredients", []) if i.get("relationship") == "parentOf"), None)
        actions = actions_of(manifest)
        steps.append(
            Step(
                title=manifest.get("title") or title,
                made=read_time(actions),
                edited=parent is not None,
                remark=next((str(a["description"]) for a in actions if a.get("description")), ""),
                whole=whole,
            )
        )
        if parent is None:
            break
        title, label = str(parent.get("title") or ""), parent.get("active_manifest")
        failures = ((parent.get("validation_results") or {}).get("activeManifest") or {}).get("failure", [])
        whole = not {failure.get("code") for failure in failures} - HARMLESS
        if label is None:
            steps.append(Step(title=title, recorded=False, whole=whole))
    return tuple(steps)


def actions_of(manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The actions of a manifest, in order."""
    for assertion in manifest.get("assertions", []):
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            return list((assertion.get("data") or {}).get("actions", []))
    return []


def read_time(actions: list[dict[str, Any]]) -> datetime | None:
    """When the first action that says so was done."""
    when = next((action["when"] for action in actions if action.get("when")), None)
    try:
        return None if when is None else datetime.fromisoformat(when).astimezone(UTC)
    except ValueError:
        return None
