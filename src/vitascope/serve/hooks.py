"""What hangs in the job core: files, webhooks, batches and counts, made with a house and stopped with it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import FastAPI, Request

from vitascope.jobs.audit import Audit
from vitascope.jobs.batches import Batches
from vitascope.jobs.batching import Batching
from vitascope.jobs.callback import Reach
from vitascope.jobs.deliveries import Deliveries
from vitascope.jobs.files import Files
from vitascope.jobs.ledger import Ledger
from vitascope.jobs.standing import films_by_state, seconds_of_chunks, webhooks_waiting
from vitascope.jobs.tiers import tier_named
from vitascope.jobs.upkeep import Upkeep
from vitascope.jobs.values import Caller, Video, Wish
from vitascope.jobs.webhooks import Webhooks
from vitascope.serve.body import from_json
from vitascope.serve.fields import CreateFields, checked
from vitascope.serve.house import House, house_of
from vitascope.serve.metrics import Metrics, Standing
from vitascope.serve.uploads import with_picture
from vitascope.serve.videos import as_object
from vitascope.serve.wishes import wish_from

__all__ = ["Hooks", "close_hooks", "hooks_of", "metrics_of", "note", "open_hooks"]

NAME = "hooks"
UNDER_WAY_MAX = 64
"""Films of one batch that are queued at once, however many the tier allows: the rest waits in its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Made by `open_hooks`; call `close` before the core stops."""

    files: Files
    webhooks: Webhooks
    deliveries: Deliveries
    batches: Batches
    batching: Batching
    upkeep: Upkeep
    metrics: Metrics

    def close(self) -> None:
        """Within seconds. What is not sent or fed yet is so by the next server."""
        self.batching.stop()
        self.deliveries.stop()
        self.upkeep.stop()


def open_hooks(house: House) -> Hooks:
    """Make them, hang them in the core, and begin."""
    settings = house.settings
    files = Files(house.database, house.storage)
    webhooks = Webhooks(house.database, reach=Reach(loopback=settings.local, private=settings.private_webhooks))
    metrics = Metrics(lambda: _standing(house))
    deliveries = Deliveries(house.database, webhooks, on_outcome=metrics.delivery)
    batches = Batches(house.database, files)
    batching = Batching(
        house.database, batches, files, house.core, wish_from=_wish_of(house), show=lambda video: as_object(house, video),
        room=_room, announce=webhooks.announce,
    )  # fmt: skip
    upkeep = Upkeep(house.database, house.storage)
    house.core.on_end += [
        Ledger(house.database).note,
        webhooks.on_end,
        batching.on_end,
        lambda video: _count(house, metrics, video),
    ]
    deliveries.start()
    batching.start()
    upkeep.start()
    hooks = Hooks(
        files=files, webhooks=webhooks, deliveries=deliveries, batches=batches, batching=batching,
        upkeep=upkeep, metrics=metrics,
    )  # fmt: skip
    house.parts[NAME] = hooks
    return hooks


def close_hooks(house: House) -> None:
    """Stop them, if they were made."""
    hooks = house.parts.pop(NAME, None)
    if isinstance(hooks, Hooks):
        hooks.close()


def hooks_of(request: Request) -> Hooks:
    """Those of the server that answers `request`."""
    hooks = house_of(request).parts[NAME]
    assert isinstance(hooks, Hooks)
    return hooks


def metrics_of(app: FastAPI) -> Metrics | None:
    """The counts of a server, None before it has begun."""
    house: House | None = getattr(app.state, "house", None)
    hooks = house.parts.get(NAME) if house is not None else None
    return hooks.metrics if isinstance(hooks, Hooks) else None


def note(request: Request, action: str, who: Caller, about: str) -> None:
    """Write into the audit log of the workspace who did what to the object with the id `about`."""
    Audit(house_of(request).database).note(action, caller=who, object=about)


def _wish_of(house: House) -> Callable[[Caller, Mapping[str, object]], Wish]:
    """What the body of a line asks for, read as the body of POST /v1/videos is."""

    def wish(caller: Caller, body: Mapping[str, object]) -> Wish:
        tree = from_json(json.dumps(body).encode())
        assert isinstance(tree, dict)
        fields = checked(CreateFields, tree)
        return with_picture(house, caller, wish_from(fields), fields.input_reference)

    return wish


def _room(caller: Caller) -> int:
    """Half of what the account may queue, so that it can still ask for films beside its batches."""
    most = tier_named(caller.tier).queued_films
    return UNDER_WAY_MAX if most is None else max(1, min(UNDER_WAY_MAX, most // 2))


def _count(house: House, metrics: Metrics, video: Video) -> None:
    metrics.film(video)
    for seconds in seconds_of_chunks(house.database, video.id):
        metrics.chunk(seconds)


def _standing(house: House) -> Standing:
    return Standing(
        films=films_by_state(house.database),
        queue=house.core.queue_depth(),
        workers=house.executor.capacity,
        workers_busy=house.core.dispatcher.at_work,
        webhooks_waiting=webhooks_waiting(house.database),
    )
