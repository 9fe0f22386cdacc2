"""What a server gives its workers: their settings, and tasks as JSON. Loads nothing that draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from vitascope.jobs.executor import DrawChunk, FetchRemote, FinishFilm, Task

__all__ = ["Settings", "task_from_json", "task_to_json"]

KINDS = {kind.__name__: kind for kind in (DrawChunk, FinishFilm, FetchRemote)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`storage` is a URL, `share` whether chunks go into it, `scratch` the folder of files in the making.

    A worker takes no more tasks after `tasks_max`, or when it still holds `memory_max` [bytes] with all worlds freed.
    """

    storage: str
    share: bool
    scratch: str | None = None
    """None: one beside the store of this machine."""
    tasks_max: int = 500
    memory_max: int = 3_000_000_000


def task_to_json(task: Task) -> dict[str, object]:
    """`task` as values of JSON, with its kind."""
    return {"kind": type(task).__name__, **asdict(task)}


def task_from_json(values: Mapping[str, object]) -> Task:
    """The task that gave these values."""
    fields = {name: value for name, value in values.items() if name != "kind"}
    if isinstance(drawn := fields.get("drawn"), Mapping):
        fields["drawn"] = {int(number): ways for number, ways in drawn.items()}
    return KINDS[str(values["kind"])](**fields)  # type: ignore[arg-type]
