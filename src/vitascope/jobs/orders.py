"""Placing orders: a film as it is to be made becomes a row in the queue, if the tier and the server have room for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from sqlalchemy.orm import Session

from vitascope.film import Edit, Film, Reading, Size, film_to_json, frame_count
from vitascope.jobs.accounts import Accounts
from vitascope.jobs.audit import record
from vitascope.jobs.database import Database
from vitascope.jobs.engines import WORLD
from vitascope.jobs.errors import Invalid, TooBusy
from vitascope.jobs.ids import new_id
from vitascope.jobs.rows import size_text, wish_fields
from vitascope.jobs.tables import VideoRow
from vitascope.jobs.tiers import Tier, check_wish
from vitascope.jobs.values import Caller, Operation, State, Wish
from vitascope.jobs.videos import check_room, enqueue, made_before, seconds_taken, unfinished, wait_for
from vitascope.studio import forecast

__all__ = ["Order", "Orders", "order_document", "order_edit", "order_elsewhere", "order_film"]

ELSEWHERE_SECONDS, ELSEWHERE_SIZE, ELSEWHERE_FPS = Fraction(4), Size(width=1280, height=720), Fraction(24)
"""What is written down of a film that another server makes where the wish leaves it open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A film as it is to be made. `film` is None when another server makes it."""

    prompt: str
    model: str
    engine: str
    operation: Operation
    film: Film | None
    seconds: Fraction
    size: Size
    fps: Fraction
    seed: int
    audio: bool
    style: str | None = None
    negative_prompt: str | None = None
    priority: int = 0
    reading: Reading = Reading()
    said: str = ""
    edit: Edit | None = None
    parent: VideoRow | None = None
    wish: Mapping[str, object] = field(default_factory=dict)


def order_film(wish: Wish, film: Film, engine: str) -> Order:
    """A film of our own."""
    return Order(
        prompt=wish.prompt,
        model=wish.model,
        engine=engine,
        operation="create",
        film=film,
        negative_prompt=wish.negative_prompt,
        priority=wish.priority,
        reading=film.reading,
        wish=wish_fields(wish),
        **_facts(film),
    )


def order_document(film: Film, words: str) -> Order:
    """A document that came from outside, filmed by our own engine."""
    return Order(
        prompt=words, model=WORLD, engine=WORLD, operation="import", film=film, reading=film.reading, **_facts(film)
    )  # fmt: skip


def order_elsewhere(wish: Wish, engine: str, number: int) -> Order:
    """The `number`-th film of a wish, from another server; it reads the words itself. Raises Invalid."""
    seconds, fps = wish.seconds or ELSEWHERE_SECONDS, wish.fps or ELSEWHERE_FPS
    if wish.characters:
        raise Invalid(f'The engine {engine!r} knows no characters; use "world", or leave them out.', param="characters")
    if seconds <= 0 or fps <= 0:
        raise Invalid("seconds and fps must be above 0.", param="seconds" if seconds <= 0 else "fps")
    return Order(
        prompt=wish.prompt,
        model=wish.model,
        engine=engine,
        operation="create",
        film=None,
        seconds=seconds,
        size=wish.size or ELSEWHERE_SIZE,
        fps=fps,
        seed=(wish.seed or 0) + number,
        audio=wish.audio,
        style=wish.style,
        negative_prompt=wish.negative_prompt,
        priority=wish.priority,
        wish=wish_fields(wish),
    )


def order_edit(
    parent: VideoRow, words: str, film: Film, *, operation: Operation, edit: Edit, said: str, reading: Reading
) -> Order:
    """A film that was made from another."""
    return Order(
        prompt=words,
        model=parent.model,
        engine=parent.engine,
        operation=operation,
        film=film,
        negative_prompt=parent.negative_prompt,
        priority=parent.priority,
        reading=reading,
        said=said,
        edit=edit,
        parent=parent,
        **_facts(film),
    )


class Orders:
    """Puts orders into the queue. `most` films wait on this server at once; `capacity` tells how many tasks run at once."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        *,
        capacity: Callable[[], int],
        most: int,
        software: bool,
        now: Callable[[], float],
    ) -> None:
        self._database, self._accounts, self._capacity, self._now = database, accounts, capacity, now
        self._most, self._software = most, software

    def place(
        self, caller: Caller, orders: Sequence[Order], *, key: str | None, digest: str
    ) -> tuple[list[VideoRow], bool]:
        """The rows, and whether they are new: the same request under the same key is placed once.

        Raises Conflict for another request under the key, Forbidden, Invalid and TooBusy for what the limits do not allow.
        """
        tier, now = self._accounts.limits(caller.tier), self._now()
        with self._database.writing() as session:
            before = made_before(session, caller.workspace, key, digest)
            if before:
                return before, False
            self._check(session, caller, tier, orders, now)
            rows = [self._row(caller, order, len(orders), key, digest, int(now)) for order in orders]
            enqueue(session, rows)
            for row in rows:
                record(session, f"video.{row.operation}", caller=caller, object=row.id)
            return rows, True

    def _check(self, session: Session, caller: Caller, tier: Tier, orders: Sequence[Order], now: float) -> None:
        count, work = unfinished(session, caller.account)
        first = orders[0]
        taken = 0.0 if tier.film_seconds_per_month is None else seconds_taken(session, caller.account, now)
        try:
            check_wish(
                tier,
                size=first.size,
                seconds=first.seconds,
                fps=first.fps,
                n=len(orders),
                priority=first.priority,
                queued=count,
                seconds_taken=taken,
            )
        except TooBusy as busy:
            if busy.retry_after is None:
                raise
            wait = wait_for(count, work, self._capacity())
            raise TooBusy(busy.message, code=busy.code, param=busy.param, retry_after=wait) from None
        check_room(session, new=len(orders), most=self._most, capacity=self._capacity())

    def _row(
        self, caller: Caller, order: Order, variants: int, key: str | None, digest: str, now: int
    ) -> VideoRow:  # fmt: skip
        film, identity = order.film, new_id("video")
        expected = None if film is None else forecast(film, software=self._software)
        return VideoRow(
            id=identity,
            workspace=caller.workspace,
            account=caller.account,
            state=State.QUEUED,
            version=1,
            priority=order.priority,
            model=order.model,
            engine=order.engine,
            prompt=order.prompt,
            operation=order.operation,
            parent=None if order.parent is None else order.parent.id,
            root=identity if order.parent is None else order.parent.root,
            film=None if film is None else film_to_json(film),
            edit=None if order.edit is None else order.edit.model_dump_json(),
            reading=order.reading.model_dump_json(),
            said=order.said,
            wish=dict(order.wish),
            seconds=str(order.seconds),
            size=size_text(order.size),
            fps=str(order.fps),
            seed=order.seed,
            style=order.style,
            audio=order.audio,
            negative_prompt=order.negative_prompt,
            variants=variants,
            frames=frame_count(order.seconds, order.fps) if expected is None else expected.frames,
            frames_done=0,
            ways={},
            chunks=[],
            forecast_seconds=None if expected is None else round(expected.seconds, 1),
            starred=False,
            attempts=0,
            not_before=0.0,
            lease_until=0.0,
            idempotency_key=key,
            request_digest=digest,
            created_at=now,
        )


def _facts(film: Film) -> dict:
    return {
        "seconds": film.duration,
        "size": film.size,
        "fps": Fraction(film.fps),
        "seed": film.seed,
        "audio": not film.silent,
        "style": film.shots[0].look.style,
    }
