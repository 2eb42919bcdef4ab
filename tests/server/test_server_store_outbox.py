"""The part of the stores' conformance suite that is about receivers and deliveries, on each store."""

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from exlogare_server import limits
from exlogare_server.errors import BadRequestError
from exlogare_server.store.opening import open_store
from exlogare_server.store.outbox import CHANNEL_KINDS, Attempt, Delivery, Receiver
from exlogare_server.store.protocol import Store, Tenant
from tests.server.harness import NOON, settings_for
from tests.server.test_server_store import add_tenant, new_analysis

REFUSED = Attempt(500, "The receiver answered 500.")
TAKEN = Attempt(200, None)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def store(request: pytest.FixtureRequest, tmp_path: Path, template: Path) -> Iterator[Store]:
    """An open, empty store."""
    if request.param == "sqlite":
        url = settings_for(tmp_path / "data", template).database_url
    else:
        url = request.getfixturevalue("postgres_server").database()
    opened = open_store(url, threads=8)
    yield opened
    opened.close()


@pytest.fixture
def tenant(store: Store) -> Tenant:
    """A tenant on the paid plan."""
    made = add_tenant(store)
    store.set_plan(made.id, "paid")
    return made


def add(store: Store, tenant: Tenant, **changes: Any) -> Receiver:
    """Keep a receiver."""
    fields: dict[str, Any] = {
        "id": uuid.uuid4(), "tenant_id": tenant.id, "kind": "webhook", "name": "hook", "address": "https://x.org/",
        "sealed": "sealed", "events": ("analysis.completed",), "enabled": True, "created_at": NOON, **changes,
    }  # fmt: skip
    receiver = Receiver(**fields)
    store.add_receiver(receiver, kinds=("webhook",), count_max=25)
    return receiver


def claim(store: Store, *, after_s: float = 0, rows_max: int = 100, to_one_max: int = 100) -> tuple[Delivery, ...]:
    """Claim what is due some time after noon."""
    now = NOON + timedelta(seconds=after_s)
    return store.claim_deliveries(now, rows_max=rows_max, to_one_max=to_one_max, busy=())


def test_new_failure_is_owed_to_everyone_who_listens(store: Store, tenant: Tenant) -> None:
    """Not to the disabled, not for a success, not for a renewal, not across tenants."""
    other = add_tenant(store, "other")
    store.set_plan(other.id, "paid")
    first, second = add(store, tenant), add(store, tenant)
    add(store, tenant, enabled=False)
    add(store, other)

    analysis_id = store.save_analysis(new_analysis(tenant), NOON)
    store.save_analysis(new_analysis(tenant), NOON)
    store.save_analysis(new_analysis(tenant, 2, failure=False, status="success"), NOON)

    found = claim(store)
    assert sorted(delivery.receiver.id for delivery in found) == sorted((first.id, second.id))
    assert {(delivery.analysis_id, delivery.attempts, delivery.plan) for delivery in found} == {
        (analysis_id, 0, "paid")
    }
    assert store.count_deliveries() == 2


def test_free_tenant_is_owed_nothing(store: Store) -> None:
    """It keeps its receivers."""
    tenant = add_tenant(store)
    receiver = add(store, tenant)

    store.save_analysis(new_analysis(tenant), NOON)

    assert store.count_deliveries() == 0
    assert store.receivers(tenant.id, ("webhook",)) == (receiver,)


def test_channel_hears_what_it_wants(store: Store, tenant: Tenant) -> None:
    """From a severity on, and if it wants only the first time of a cause and its regressions."""
    add(store, tenant, severity_min="high")
    add(store, tenant, novel_only=True)
    heard: list[int] = []

    def post(number: int, **changes: Any) -> None:
        before = store.count_deliveries()
        store.save_analysis(new_analysis(tenant, number, **changes), NOON + timedelta(seconds=number))
        heard.append(store.count_deliveries() - before)

    post(1, severity="low")
    post(2, severity="low")
    post(3, severity="high")
    (cluster,) = store.clusters(tenant.id, None, offset=0, rows_max=10)
    store.set_cluster_status(tenant.id, cluster.id, "resolved", NOON)
    post(4, severity="low")
    post(5, severity="medium", fingerprint="v1:bb")

    assert heard == [1, 0, 1, 1, 1]


def test_claim_is_exclusive_until_its_lease_ends(store: Store, tenant: Tenant) -> None:
    """Then somebody else gets it, and the first one can settle nothing any more."""
    add(store, tenant)
    store.save_analysis(new_analysis(tenant), NOON)

    (mine,) = claim(store)
    assert claim(store, after_s=limits.DELIVERY_LEASE_S - 1) == ()
    (theirs,) = claim(store, after_s=limits.DELIVERY_LEASE_S)
    store.settle(mine, TAKEN, NOON)
    store.drop(mine)

    assert (mine.id, mine.lease == theirs.lease) == (theirs.id, False)
    assert store.count_deliveries() == 1
    store.settle(theirs, TAKEN, NOON)
    assert store.count_deliveries() == 0


def test_workers_at_once_share_what_is_due(store: Store, tenant: Tenant) -> None:
    """Each delivery is claimed by exactly one of them."""
    add(store, tenant)
    add(store, tenant)
    for number in range(20):
        store.save_analysis(new_analysis(tenant, number), NOON)
    claimed: list[uuid.UUID] = []

    def work() -> None:
        misses = 0
        while misses < 20:
            found = claim(store, rows_max=3)
            claimed.extend(delivery.id for delivery in found)
            misses += not found

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(claimed), len(set(claimed))) == (40, 40)


def test_slow_receiver_does_not_fill_a_worker(store: Store, tenant: Tenant) -> None:
    """Only so many to one receiver at a time, and none to those that are busy."""
    first, second = add(store, tenant), add(store, tenant)
    for number in range(5):
        store.save_analysis(new_analysis(tenant, number), NOON)

    found = claim(store, rows_max=4, to_one_max=1)
    assert sorted(delivery.receiver.id for delivery in found) == sorted((first.id, second.id))
    more = store.claim_deliveries(NOON, rows_max=4, to_one_max=4, busy=(first.id,))
    assert {delivery.receiver.id for delivery in more} == {second.id}


def test_failed_delivery_is_tried_on_the_schedule_and_given_up(store: Store, tenant: Tenant) -> None:
    """After 30 s, 1, 2, 4, 8 and 15 minutes, with the same id; then it is gone."""
    add(store, tenant)
    store.save_analysis(new_analysis(tenant), NOON)
    now_s, ids = 0.0, []

    for wait_s in (30, 60, 120, 240, 480, 900, None):
        (delivery,) = claim(store, after_s=now_s)
        ids.append(delivery.id)
        store.settle(delivery, REFUSED, NOON + timedelta(seconds=now_s))
        if wait_s is not None:
            now_s += wait_s
            assert claim(store, after_s=now_s - 1) == ()

    assert (len(ids), len(set(ids)), store.count_deliveries()) == (7, 1, 0)


def test_ten_failures_in_a_row_disable_a_receiver(store: Store, tenant: Tenant) -> None:
    """Of whichever deliveries; a success in between starts the count again."""
    receiver = add(store, tenant)

    for attempt in [REFUSED] * 9 + [TAKEN] + [REFUSED] * 9:
        store.note_attempt(receiver, uuid.uuid4(), attempt, NOON)
    still = store.receiver(tenant.id, receiver.id)
    store.note_attempt(receiver, uuid.uuid4(), Attempt(None, "The connection was refused."), NOON)
    store.note_attempt(receiver, uuid.uuid4(), REFUSED, NOON + timedelta(days=1))

    assert still == msgspec.structs.replace(
        receiver, consecutive_failures=9, last_delivery_at=NOON, last_status=500, last_error=REFUSED.error
    )
    assert store.receiver(tenant.id, receiver.id) == msgspec.structs.replace(
        receiver,
        enabled=False,
        consecutive_failures=11,
        last_delivery_at=NOON + timedelta(days=1),
        last_status=500,
        last_error=REFUSED.error,
        disabled_at=NOON,
    )


def test_receivers_are_changed_and_deleted_by_their_tenant_alone(store: Store, tenant: Tenant) -> None:
    """What a deleted one was owed goes with it."""
    other = add_tenant(store, "other")
    receiver, kept = add(store, tenant), add(store, tenant, created_at=NOON + timedelta(seconds=1))
    store.save_analysis(new_analysis(tenant), NOON)

    assert store.receiver(other.id, receiver.id) is None
    assert store.change_receiver(other.id, receiver.id, {"name": "x"}) is None
    assert store.delete_receiver(other.id, receiver.id) is False
    changed = store.change_receiver(tenant.id, receiver.id, {"name": "x", "disabled_at": NOON, "events": ("a", "b")})
    assert changed == msgspec.structs.replace(receiver, name="x", disabled_at=NOON, events=("a", "b"))
    assert store.receivers(tenant.id, ("webhook",)) == (changed, kept)
    assert store.receivers(tenant.id, CHANNEL_KINDS) == ()
    assert store.delete_receiver(tenant.id, receiver.id) is True
    assert (store.delete_receiver(tenant.id, receiver.id), store.count_deliveries()) == (False, 1)


def test_no_more_receivers_than_allowed_are_made_at_once(store: Store, tenant: Tenant) -> None:
    """However many try."""
    refused: list[str] = []

    def make() -> None:
        try:
            add(store, tenant)
        except BadRequestError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=make) for _ in range(28)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(store.receivers(tenant.id, ("webhook",))) == 25
    assert refused == ["A tenant can have 25 of these; delete one first."] * 3


def test_secret_is_replaced_unless_it_changed(store: Store, tenant: Tenant) -> None:
    """So that a rotation of keys never undoes a rotation of the secret itself."""
    receiver = add(store, tenant, sealed="one")

    store.reseal(receiver.id, "other", "x")
    store.reseal(receiver.id, "one", "two")

    assert store.sealed_secrets() == ((receiver.id, "two"),)


def test_analysis_is_owed_once_more_on_demand(store: Store, tenant: Tenant) -> None:
    """As a delivery of its own."""
    receiver, analysis_id = add(store, tenant), uuid.uuid4()

    delivery_id = store.owe(receiver, analysis_id, NOON)

    (delivery,) = claim(store)
    assert (delivery.id, delivery.analysis_id, delivery.receiver) == (delivery_id, analysis_id, receiver)


def test_last_attempts_are_kept(store: Store, tenant: Tenant) -> None:
    """Newest first, tests among them, so many of each receiver; they go with it. What is owed is counted."""
    receiver, other = add(store, tenant), add(store, tenant, enabled=False)
    analysis_id = store.save_analysis(new_analysis(tenant), NOON)
    (delivery,) = claim(store)
    store.settle(delivery, REFUSED, NOON)
    store.settle(delivery, TAKEN, NOON + timedelta(seconds=1))
    test_id = uuid.uuid4()
    store.note_attempt(receiver, test_id, TAKEN, NOON + timedelta(seconds=2))
    store.note_attempt(other, uuid.uuid4(), TAKEN, NOON)

    fields = [(row.delivery_id, row.analysis_id, row.at, row.status, row.error) for row in store.attempts(receiver.id)]
    owed = store.owed(receiver.id)
    for number in range(limits.ATTEMPTS_KEPT_MAX):
        store.note_attempt(receiver, test_id, TAKEN, NOON + timedelta(minutes=number + 1))

    assert fields == [
        (test_id, None, NOON + timedelta(seconds=2), TAKEN.status, None),
        (delivery.id, analysis_id, NOON, REFUSED.status, REFUSED.error),
    ]
    assert (owed.count, owed.due_at) == (1, NOON + timedelta(seconds=limits.DELIVERY_RETRY_S[0]))
    assert [row.at for row in store.attempts(receiver.id)] == [
        NOON + timedelta(minutes=number) for number in range(limits.ATTEMPTS_KEPT_MAX, 0, -1)
    ]
    assert len(store.attempts(other.id)) == 1
    assert store.delete_receiver(tenant.id, receiver.id)
    assert (store.attempts(receiver.id), store.owed(receiver.id).count) == ((), 0)
