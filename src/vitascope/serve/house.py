"""`House`: the parts of one running server, made once and handed to every route as `request.app.state.house`."""

from __future__ import annotations

from dataclasses import dataclass, field

from fastapi import Request

from vitascope.jobs.accounts import Accounts
from vitascope.jobs.core import Core
from vitascope.jobs.database import Database
from vitascope.jobs.engines import Engines
from vitascope.jobs.executor import Executor
from vitascope.jobs.storage import Storage
from vitascope.serve.settings import Settings

__all__ = ["House", "house_of"]


@dataclass(slots=True, kw_only=True)
class House:
    """What routes use. `secret` signs addresses; `parts` are what other faces keep here, by their name."""

    settings: Settings
    database: Database
    storage: Storage
    accounts: Accounts
    executor: Executor
    core: Core
    engines: Engines
    secret: bytes = field(repr=False)
    parts: dict[str, object] = field(default_factory=dict)


def house_of(request: Request) -> House:
    """The dependency that gives the house."""
    return request.app.state.house
