"""Webhooks: signed as the standard says, at least once, under one id, across failures and restarts."""

from __future__ import annotations

import time
from dataclasses import replace
from fractions import Fraction

import openai
import pytest
from sqlalchemy import select, update

from patience import until
from receiver import receiving
from vitascope.film import Size
from vitascope.jobs.accounts import Accounts
from vitascope.jobs.callback import Reach
from vitascope.jobs.database import Database
from vitascope.jobs.deliveries import Deliveries
from vitascope.jobs.errors import Conflict, Forbidden, Invalid, Missing
from vitascope.jobs.ids import new_id
from vitascope.jobs.signing import Secret, signed_headers
from vitascope.jobs.tables import DeliveryRow, EndpointRow, VideoRow
from vitascope.jobs.values import Caller, Role, State, Video
from vitascope.jobs.webhooks import Webhooks

SOON = (0.01, 0.01, 0.01)


@pytest.fixture
def owner(accounts: Accounts) -> Caller:
    return accounts.first_caller()


@pytest.fixture
def webhooks(database: Database) -> Webhooks:
    return Webhooks(database, reach=Reach(loopback=True))


def film(owner: Caller, state: State = State.COMPLETED, **more) -> Video:
    """A film at its end."""
    values = {
        "id": new_id("video"), "workspace": owner.workspace, "account": owner.account, "state": state, "progress": 100,
        "version": 9, "model": "sora-2", "engine": "world", "prompt": "A red ball", "operation": "create", "parent": None,
        "seconds": Fraction(1), "size": Size(width=128, height=128), "fps": Fraction(24), "seed": 1, "style": None,
        "audio": True, "negative_prompt": None, "created_at": int(time.time()),
    }  # fmt: skip
    return Video(**values | more)


def in_table(video: Video) -> VideoRow:
    """The same as a row."""
    return VideoRow(
        id=video.id, workspace=video.workspace, account=video.account, ordinal=1, state=video.state.value, model="sora-2",
        engine="world", prompt="", operation="create", root=video.id, seconds="1", size="128x128", fps="24", seed=1,
        created_at=video.created_at,
    )  # fmt: skip


def test_the_openai_client_accepts_what_is_sent(database: Database, webhooks: Webhooks, owner: Caller):
    """`client.webhooks.unwrap` of the real client, with the secret that was told at creation."""
    with receiving() as receiver:
        endpoint = webhooks.create(owner, name="Mine", url=receiver.url + "/hook", event_types=["video.completed"])
        deliveries = Deliveries(database, webhooks)
        deliveries.start()
        webhooks.on_end(video := film(owner))
        got = receiver.next()
        deliveries.stop()

    client = openai.OpenAI(api_key="none", webhook_secret=endpoint.secret)
    event = client.webhooks.unwrap(got.body, got.headers)
    assert event.type == "video.completed"
    assert event.data.id == video.id  # type: ignore[union-attr]
    assert event.id == got.headers["webhook-id"]


def test_a_changed_body_is_not_accepted(webhooks: Webhooks, owner: Caller):
    """The signature covers every byte."""
    secret = Secret.fresh()
    headers = signed_headers(secret, message="evt_1", now=int(time.time()), body=b'{"a": 1}')
    client = openai.OpenAI(api_key="none", webhook_secret=secret.current)

    client.webhooks.verify_signature(b'{"a": 1}', headers)
    with pytest.raises(openai.InvalidWebhookSignatureError):
        client.webhooks.verify_signature(b'{"a": 2}', headers)


def test_an_old_secret_can_go_on_for_a_day():
    """While receivers are changed over, either secret is good; without that wish, or a day later, only the new one."""
    old = Secret.fresh()
    new = Secret.from_text(old.rotated(now=1000, keep_old=True).text())

    assert new.active(1000 + 86_399) == (new.current, old.current)
    assert new.active(1000 + 86_400) == (new.current,)
    assert old.rotated(now=1000, keep_old=False).active(1000) != (old.current,)
    assert len(new.text()) <= EndpointRow.__table__.c.secret.type.length  # type: ignore[attr-defined]


def test_an_event_is_sent_again_until_it_arrives(database: Database, webhooks: Webhooks, owner: Caller):
    """Under the same id and with the same body each time, so that receivers can leave out repeats."""
    outcomes: list[str] = []
    with receiving([500, 503]) as receiver:
        webhooks.create(owner, name="Mine", url=receiver.url, event_types=["video.failed"])
        webhooks.on_end(film(owner, State.FAILED))
        deliveries = Deliveries(database, webhooks, waits=SOON, on_outcome=outcomes.append)
        deliveries.start()
        tries = [receiver.next() for _ in range(3)]
        until(lambda: len(outcomes) == 3)
        deliveries.stop()

    assert len({each.headers["webhook-id"] for each in tries}) == 1
    assert len({each.body for each in tries}) == 1
    assert outcomes == ["retried", "retried", "delivered"]


def test_only_what_is_wanted_is_sent(database: Database, webhooks: Webhooks, owner: Caller):
    """By type of event, and by workspace."""
    stranger = replace(owner, workspace=new_id("workspace"))
    with receiving() as receiver:
        webhooks.create(owner, name="Mine", url=receiver.url, event_types=["video.cancelled"])
        webhooks.on_end(film(owner, State.COMPLETED))
        webhooks.on_end(film(stranger, State.CANCELLED))
        webhooks.on_end(wanted := film(owner, State.CANCELLED))
        deliveries = Deliveries(database, webhooks)
        deliveries.start()
        got = receiver.next()
        deliveries.stop()

        assert got.event["data"] == {"id": wanted.id}
        assert receiver.got.empty()


def test_an_end_that_is_told_twice_is_one_event(database: Database, webhooks: Webhooks, owner: Caller):
    """A server that was killed between telling and writing that down tells again."""
    webhooks.create(owner, name="Mine", url="http://127.0.0.1:9/", event_types=["video.completed"])
    video = film(owner)

    webhooks.on_end(video)
    webhooks.on_end(video)

    with database.session() as session:
        assert len(session.scalars(select(DeliveryRow)).all()) == 1


def test_what_was_not_sent_is_sent_after_a_restart(database: Database, webhooks: Webhooks, owner: Caller):
    """Events lie in the database, not in a server."""
    with receiving() as receiver:
        webhooks.create(owner, name="Mine", url=receiver.url, event_types=["video.completed"])
        webhooks.on_end(film(owner))

        deliveries = Deliveries(database, Webhooks(database, reach=Reach(loopback=True)))
        deliveries.start()
        got = receiver.next()
        deliveries.stop()

    assert got.event["type"] == "video.completed"


def test_ends_that_nobody_wrote_down_are_found_at_the_start(database: Database, webhooks: Webhooks, owner: Caller):
    """A film that ended while its server was killed is told of, too; one from before the endpoint is not."""
    with receiving() as receiver:
        endpoint = webhooks.create(owner, name="Mine", url=receiver.url, event_types=["video.completed"])
        ended = film(owner)
        before = film(owner, created_at=endpoint.created_at - 5)
        with database.writing() as session:
            session.add(in_table(ended))
            row = in_table(before)
            row.ordinal = 2
            session.add(row)
        deliveries = Deliveries(database, webhooks)
        deliveries.start()
        got = receiver.next()
        deliveries.stop()

        assert got.event["data"] == {"id": ended.id}
        assert receiver.got.empty()


def test_an_endpoint_that_never_answers_is_switched_off(database: Database, webhooks: Webhooks, owner: Caller):
    """After the last try; changing it switches it on again."""
    with receiving([500] * 9) as receiver:
        made = webhooks.create(owner, name="Mine", url=receiver.url, event_types=["video.completed"])
        webhooks.on_end(film(owner))
        deliveries = Deliveries(database, webhooks, waits=SOON)
        deliveries.start()
        until(lambda: webhooks.endpoint(owner, made.id).disabled)
        deliveries.stop()

        assert receiver.got.qsize() == len(SOON) + 1
        assert not webhooks.update(owner, made.id, url=receiver.url + "/new").disabled


def test_an_endpoint_that_takes_other_events_stays_on(database: Database, webhooks: Webhooks, owner: Caller):
    """One event that it cannot take is given up alone."""
    outcomes: list[str] = []
    with receiving([500] * 4) as receiver:
        made = webhooks.create(owner, name="Mine", url=receiver.url, event_types=["video.completed"])
        webhooks.on_end(film(owner))
        deliveries = Deliveries(database, webhooks, waits=SOON, on_outcome=outcomes.append)
        with database.writing() as session:
            session.add(
                DeliveryRow(
                    id=new_id("delivery"),
                    endpoint=made.id,
                    event="evt_later",
                    body="{}",
                    next_at=time.time(),
                    delivered_at=int(time.time()) + 60,
                )
            )
        deliveries.start()
        until(lambda: "given_up" in outcomes)
        deliveries.stop()

    assert not webhooks.endpoint(owner, made.id).disabled


def test_an_endpoint_that_is_gone_is_switched_off_at_the_third_word(
    database: Database, webhooks: Webhooks, owner: Caller
):
    """410 means that nobody wants to hear any more; once may be a mistake."""
    with receiving([410] * 9) as receiver:
        made = webhooks.create(owner, name="Mine", url=receiver.url, event_types=["video.completed"])
        webhooks.on_end(film(owner))
        deliveries = Deliveries(database, webhooks, waits=(0.01,) * 8)
        deliveries.start()
        until(lambda: webhooks.endpoint(owner, made.id).disabled)
        deliveries.stop()

        assert receiver.got.qsize() == 3


def test_private_addresses_are_refused_where_the_server_is_open(database: Database, owner: Caller):
    """At once when they are written as numbers."""
    public = Webhooks(database, reach=Reach())

    with pytest.raises(Invalid, match="not on the public internet"):
        public.create(owner, name="Mine", url="http://169.254.169.254/latest", event_types=["video.completed"])


def test_endpoints_are_listed_changed_and_deleted(database: Database, webhooks: Webhooks, owner: Caller):
    """Newest first, page by page; the secret is told once."""
    made = [
        webhooks.create(owner, name=f"Number {n}", url="http://127.0.0.1:9/", event_types=["video.completed"])
        for n in (1, 2, 3)
    ]
    with database.writing() as session:
        for n, each in enumerate(made):
            session.execute(update(EndpointRow).where(EndpointRow.id == each.id).values(created_at=100 + n))

    first = webhooks.endpoints(owner, limit=2)
    rest = webhooks.endpoints(owner, after=first.items[-1].id, limit=2)

    assert [each.name for each in first.items] == ["Number 3", "Number 2"]
    assert first.has_more
    assert [each.name for each in rest.items] == ["Number 1"]
    assert not rest.has_more
    assert all(each.secret is None for each in first.items)
    assert made[0].secret is not None
    assert webhooks.rotate(owner, made[0].id).secret not in (None, made[0].secret)
    webhooks.delete(owner, made[0].id)
    with pytest.raises(Missing):
        webhooks.endpoint(owner, made[0].id)


def test_other_workspaces_have_no_endpoints_of_ours(webhooks: Webhooks, owner: Caller, accounts: Accounts):
    """Whoever knows an id has nothing by it."""
    made = webhooks.create(owner, name="Mine", url="http://127.0.0.1:9/", event_types=["video.completed"])
    other = accounts.create_workspace("Other", owner.account)
    stranger = replace(owner, workspace=other.id)

    assert webhooks.endpoints(stranger).items == ()
    with pytest.raises(Missing):
        webhooks.endpoint(stranger, made.id)
    with pytest.raises(Missing):
        webhooks.delete(stranger, made.id)
    with pytest.raises(Missing):
        webhooks.rotate(stranger, made.id)


def test_what_cannot_be_an_endpoint_is_told(webhooks: Webhooks, owner: Caller):
    """With the field, and what is allowed."""
    with pytest.raises(Invalid, match=r"video\.completed") as refused:
        webhooks.create(owner, name="Mine", url="http://127.0.0.1:9/", event_types=["response.completed"])
    assert refused.value.param == "event_types"
    with pytest.raises(Forbidden):
        webhooks.create(
            replace(owner, role=Role.EDITOR), name="Mine", url="http://127.0.0.1:9/", event_types=["video.completed"]
        )
    free = replace(owner, tier="free")
    webhooks.create(free, name="Mine", url="http://127.0.0.1:9/", event_types=["video.completed"])
    with pytest.raises(Conflict, match="tier free allows 1"):
        webhooks.create(free, name="More", url="http://127.0.0.1:9/", event_types=["video.completed"])
