"""Outbound webhooks and notification channels, through the whole application, with a worker beside it."""

import hashlib
import hmac
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from exlogare_server import limits
from exlogare_server.app import make_worker
from exlogare_server.settings import Settings
from tests.server.harness import JENKINS, Api, Browser
from tests.server.receiving import Arrived, ReceivingServer, receiving

HOOKS = "/api/integrations/outbound-webhooks"
CHANNELS = "/api/integrations/notifications"


@pytest.fixture
def receiver() -> Iterator[ReceivingServer]:
    """A receiver on loopback."""
    with receiving() as known:
        yield known


@pytest.fixture
def dev(settings: Settings) -> Iterator[Api]:
    """An application that may send to loopback, with its worker running."""
    settings = msgspec.structs.replace(settings, dev=True)
    api = Api(settings)
    worker = make_worker(settings, api.store, clock=api.clock)
    worker.worker.start()
    yield api
    worker.close()
    api.close()


@pytest.fixture
def admin(dev: Api) -> Browser:
    """An admin's browser."""
    return dev.browser("admin")


def add(admin: Browser, url: str, **more: Any) -> dict[str, Any]:
    """Make a webhook."""
    made = admin.send("POST", HOOKS, {"name": "hook", "url": url, **more})
    assert made.status_code == 201, made.text
    row: dict[str, Any] = made.json
    return row


def check_signature(arrived: Arrived, secret: str) -> None:
    """A receiver's check, by the contract."""
    stamp, digest = (part.partition("=")[2] for part in arrived.headers["x-exlogare-signature"].split(","))
    expected = hmac.new(secret.encode(), f"{stamp}.".encode() + arrived.body, hashlib.sha256).hexdigest()
    assert digest == expected


def row_of(admin: Browser, hook: dict[str, Any]) -> dict[str, Any]:
    """Give a webhook's row in the list."""
    (row,) = [row for row in admin.get(HOOKS).json if row["id"] == hook["id"]]
    found: dict[str, Any] = row
    return found


def test_failure_reaches_a_webhook(dev: Api, admin: Browser, receiver: ReceivingServer) -> None:
    """With the analysis as the API shows it, signed with the secret that was told once."""
    hook = add(admin, f"{receiver.url}/x", events=["analysis.completed"], enabled=True)

    analysis_id = dev.accepted("jenkins", JENKINS)

    (arrived,) = receiver.wait_for(1)
    check_signature(arrived, hook["secret"])
    assert arrived.json == {
        "type": "analysis.completed",
        "id": arrived.headers["x-exlogare-delivery"],
        "delivered_at": dev.clock.now.isoformat(),
        "tenant_id": str(dev.tenant.id),
        "analysis": dev.get(f"/api/v1/analyses/{analysis_id}").json,
    }
    uuid.UUID(arrived.json["id"].removeprefix("evt_"))


def test_row_is_the_contracts(dev: Api, admin: Browser, receiver: ReceivingServer) -> None:
    """Every field; the secret never again."""
    hook = add(admin, receiver.url)
    secret = hook.pop("secret")

    assert hook == {
        "id": hook["id"], "name": "hook", "url": receiver.url, "events": ["analysis.completed"], "enabled": True,
        "consecutive_failures": 0, "last_delivery_at": None, "last_status": None, "last_error": None,
        "disabled_at": None, "created_at": dev.clock.now.isoformat(),
    }  # fmt: skip
    assert admin.get(HOOKS).json == [hook]
    assert len(secret) > 40
    assert secret not in str(dev.store.sealed_secrets())


def test_only_new_failures_of_paid_tenants_are_sent(dev: Api, admin: Browser, receiver: ReceivingServer) -> None:
    """No renewal, no success; on the free plan nothing, and the webhook stays."""
    add(admin, receiver.url)

    dev.accepted("jenkins", JENKINS)
    dev.accepted("jenkins", JENKINS)
    dev.accepted("jenkins", {**JENKINS, "build_number": 8, "status": "SUCCESS"})
    receiver.wait_for(1)
    dev.store.set_plan(dev.tenant.id, "free")
    dev.accepted("jenkins", {**JENKINS, "build_number": 9})
    assert len(admin.get(HOOKS).json) == 1
    assert admin.send("POST", HOOKS, {"name": "x", "url": receiver.url}).status_code == 403
    dev.store.set_plan(dev.tenant.id, "paid")
    last = dev.accepted("jenkins", {**JENKINS, "build_number": 10})

    arrived = receiver.wait_for(2)
    assert [one.json["analysis"]["id"] for one in arrived][1:] == [last]
    while dev.store.count_deliveries():
        pass
    assert len(receiver.arrived) == 2


def test_failed_delivery_is_sent_again_later(dev: Api, admin: Browser, receiver: ReceivingServer) -> None:
    """On the contract's schedule, with the same id; what went wrong stands in the row."""
    hook = add(admin, receiver.url)
    receiver.answer = lambda _: (500 if len(receiver.arrived) < 2 else 200, {})

    dev.accepted("jenkins", JENKINS)
    receiver.wait_for(1)
    wait_for_row(admin, hook, consecutive_failures=1)
    dev.clock.advance(seconds=30)
    receiver.wait_for(2)
    failed = wait_for_row(admin, hook, consecutive_failures=2)
    dev.clock.advance(seconds=60)

    arrived = receiver.wait_for(3)
    done = wait_for_row(admin, hook, consecutive_failures=0)
    assert len({one.headers["x-exlogare-delivery"] for one in arrived}) == 1
    assert (failed["last_status"], failed["last_error"]) == (500, "The receiver answered 500.")
    assert (done["last_status"], done["last_error"], done["enabled"]) == (200, None, True)


def wait_for_row(admin: Browser, hook: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Wait until a webhook's row has these values."""
    for _ in range(2000):
        row = row_of(admin, hook)
        if all(row[name] == value for name, value in values.items()):
            return row
    raise AssertionError(row)


def test_dead_receiver_is_disabled_and_can_be_enabled(dev: Api, admin: Browser, receiver: ReceivingServer) -> None:
    """After ten failures in a row nothing is sent any more, until somebody says so."""
    hook = add(admin, receiver.url)
    receiver.answer = lambda _: (503, {})
    for number in range(10):
        dev.accepted("jenkins", {**JENKINS, "build_number": number})

    row = wait_for_row(admin, hook, enabled=False)
    dev.accepted("jenkins", {**JENKINS, "build_number": 11})
    enabled = admin.send("PATCH", f"{HOOKS}/{hook['id']}", {"enabled": True})
    receiver.answer = lambda _: (200, {})
    dev.accepted("jenkins", {**JENKINS, "build_number": 12})

    arrived = receiver.wait_for(11)
    assert (row["consecutive_failures"], row["disabled_at"]) == (10, dev.clock.now.isoformat())
    assert (enabled.json["consecutive_failures"], enabled.json["disabled_at"]) == (0, None)
    assert [one.json["analysis"]["build_number"] for one in arrived][10:] == ["12"]


def test_test_delivery(dev: Api, admin: Browser, receiver: ReceivingServer) -> None:
    """Sent at once, with the contract's id and source and the fields of a real one."""
    hook = add(admin, receiver.url)
    dev.accepted("jenkins", JENKINS)
    receiver.wait_for(1)

    tested = admin.send("POST", f"{HOOKS}/{hook['id']}/test")

    real, test = receiver.arrived
    check_signature(test, hook["secret"])
    assert tested.json == {"delivered": True, "delivery_id": test.json["id"], "status": 204, "error": None}
    assert (test.json["analysis"]["id"], test.json["analysis"]["source"]) == ("test_analysis", "test_delivery")
    assert set(test.json["analysis"]) == set(real.json["analysis"])


def test_last_deliveries_are_shown(dev: Api, admin: Browser, receiver: ReceivingServer) -> None:
    """Each with what the receiver answered; what has to be sent again is owed."""
    hook = add(admin, receiver.url)
    receiver.answer = lambda _: (500 if not receiver.arrived else 204, {})
    analysis_id = dev.accepted("jenkins", JENKINS)
    (first,) = receiver.wait_for(1)
    wait_for_row(admin, hook, consecutive_failures=1)
    dev.clock.advance(seconds=1)
    tested = admin.send("POST", f"{HOOKS}/{hook['id']}/test").json

    shown = admin.get(f"{HOOKS}/{hook['id']}/deliveries")

    test, failed = shown.json["items"]
    assert (shown.json["owed"], shown.json["next_attempt_at"]) == (1, "2026-11-23T12:00:30.250000+00:00")
    assert test == {
        "delivery_id": tested["delivery_id"], "analysis_id": None, "status": 204, "error": None,
        "attempted_at": "2026-11-23T12:00:01.250000+00:00",
    }  # fmt: skip
    assert failed == {
        "delivery_id": first.headers["x-exlogare-delivery"], "analysis_id": analysis_id, "status": 500,
        "error": "The receiver answered 500.", "attempted_at": "2026-11-23T12:00:00.250000+00:00",
    }  # fmt: skip


def test_secret_is_rotated(dev: Api, admin: Browser, receiver: ReceivingServer) -> None:
    """The next delivery is signed with the new one."""
    hook = add(admin, receiver.url)

    rotated = admin.send("POST", f"{HOOKS}/{hook['id']}/rotate-secret")
    dev.accepted("jenkins", JENKINS)

    (arrived,) = receiver.wait_for(1)
    assert rotated.status_code == 200
    assert rotated.json["secret"] != hook["secret"]
    check_signature(arrived, rotated.json["secret"])


def test_analysis_is_redelivered(dev: Api, admin: Browser, receiver: ReceivingServer) -> None:
    """As a delivery of its own; what is not there is 404, a disabled webhook 400."""
    analysis_id = dev.accepted("jenkins", JENKINS)
    hook = add(admin, receiver.url)
    path = f"{HOOKS}/{hook['id']}/redeliver"

    queued = admin.send("POST", path, {"analysis_id": analysis_id})
    (arrived,) = receiver.wait_for(1)

    assert (queued.status_code, queued.json) == (202, {"status": "queued", "delivery_id": arrived.json["id"]})
    assert arrived.json["analysis"]["id"] == analysis_id
    assert admin.send("POST", path, {"analysis_id": str(uuid.uuid4())}).status_code == 404
    assert admin.send("POST", path, {"analysis_id": "x"}).status_code == 404
    assert admin.send("POST", path, {}).status_code == 422
    admin.send("PATCH", f"{HOOKS}/{hook['id']}", {"enabled": False})
    assert admin.send("POST", path, {"analysis_id": analysis_id}).status_code == 400


def test_webhook_is_changed_and_deleted(admin: Browser, receiver: ReceivingServer) -> None:
    """Field by field."""
    hook = add(admin, receiver.url)
    path = f"{HOOKS}/{hook['id']}"

    changed = admin.send("PATCH", path, {"name": "other", "url": f"{receiver.url}/y", "enabled": False})

    hook.pop("secret")
    assert changed.json == {**hook, "name": "other", "url": f"{receiver.url}/y", "enabled": False}
    assert admin.send("PATCH", path, {}).json == changed.json
    assert admin.send("DELETE", path).status_code == 204
    assert admin.send("DELETE", path).status_code == 404
    assert admin.get(HOOKS).json == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "x"}, 422),
        ({"name": "", "url": "https://x.example/"}, 422),
        ({"name": "x" * 129, "url": "https://x.example/"}, 422),
        ({"name": "x", "url": "https://x.example/", "events": ["nothing"]}, 422),
        ({"name": "x", "url": "https://x.example/", "events": "analysis.completed"}, 422),
        ({"name": "x", "url": "https://" + "x" * 2048}, 422),
        ({"name": "x", "url": "ftp://x.example/"}, 400),
        ({"name": "x", "url": "http://93.184.216.34/"}, 400),
        ({"name": "x", "url": "https://127.0.0.1/"}, 400),
        ({"name": "x", "url": "https://10.0.0.1/"}, 400),
        ({"name": "x", "url": "https://169.254.169.254/latest"}, 400),
        ({"name": "x", "url": "https://[::ffff:127.0.0.1]/"}, 400),
        ({"name": "x", "url": "https://localhost/"}, 400),
        ({"name": "x", "url": "https://no-such-host.invalid/"}, 400),
    ],
)
def test_webhook_that_may_not_be_is_refused(api: Api, body: dict[str, Any], status: int) -> None:
    """Without --dev nothing of our own network; also not by a change."""
    admin = api.browser("owner")

    assert admin.send("POST", HOOKS, body).status_code == status
    if status == 400:
        made = add(admin, "https://93.184.216.34/")
        assert admin.send("PATCH", f"{HOOKS}/{made['id']}", {"url": body["url"]}).status_code == 400
        assert row_of(admin, made)["url"] == "https://93.184.216.34/"


def test_twenty_five_and_no_more(api: Api) -> None:
    """The 26th is 400."""
    admin = api.browser("admin")
    for _ in range(limits.WEBHOOKS_MAX):
        add(admin, "https://93.184.216.34/")

    assert admin.send("POST", HOOKS, {"name": "x", "url": "https://93.184.216.34/"}).status_code == 400


@pytest.mark.parametrize("path", [HOOKS, CHANNELS])
def test_receivers_are_for_admins_of_the_tenant(api: Api, path: str) -> None:
    """Members, viewers and API tokens are refused; another tenant's are not there."""
    hook = add(api.browser("admin"), "https://93.184.216.34/")
    stranger = api.browser("owner", api.add_tenant("Other"))

    for role in ("member", "viewer"):
        assert api.browser(role).get(path).status_code == 403
    assert api.browser().get(path).status_code == 401
    assert api.get(path).status_code == 403
    assert stranger.get(path).json == []
    for method, more in (
        ("PATCH", ""),
        ("DELETE", ""),
        ("POST", "/test"),
        ("POST", "/rotate-secret"),
        ("GET", "/deliveries"),
    ):
        body: object = {} if method == "PATCH" else None
        assert stranger.send(method, f"{HOOKS}/{hook['id']}{more}", body).status_code == 404
    assert api.browser("admin").send("POST", HOOKS, {}, csrf=False).status_code == 403


def test_changes_are_in_the_audit_log(api: Api) -> None:
    """Each with its author, and without secrets."""
    admin = api.browser("admin")
    hook = add(admin, "https://93.184.216.34/")
    admin.send("PATCH", f"{HOOKS}/{hook['id']}", {"name": "y"})
    admin.send("POST", f"{HOOKS}/{hook['id']}/rotate-secret")
    admin.send("DELETE", f"{HOOKS}/{hook['id']}")

    events = [event for event in admin.get("/api/audit").json["items"] if "webhook" in event["action"]]

    assert sorted(event["action"] for event in events) == [
        "webhook.create", "webhook.delete", "webhook.rotate_secret", "webhook.update",
    ]  # fmt: skip
    assert {event["detail"] for event in events} == {
        "Made the webhook 'hook'.", "Changed the webhook 'hook' (name).", "Gave the webhook 'y' a new secret.",
        "Deleted the webhook 'y'.",
    }  # fmt: skip
    assert {event["target"] for event in events} == {hook["id"]}
    assert hook["secret"] not in str(events)


@pytest.mark.slow
def test_channel_gets_messages(dev: Api, admin: Browser, receiver: ReceivingServer) -> None:
    """Through apprise, from its severity on, the first time of a cause only; the row shows no secret."""
    url = receiver.url.replace("http", "json", 1) + "/s3cr3t-path?-X-Key=s3cr3t"
    body = {"kind": "apprise", "name": "chat", "url": url, "severity_min": "high", "novel_only": True}
    made = admin.send("POST", CHANNELS, body)
    assert made.status_code == 201, made.text
    row = made.json

    dev.accepted("jenkins", {**JENKINS, "project": "p", "log": "boom\n"})
    dev.accepted("jenkins", {**JENKINS, "build_number": 8, "log": "boom\n"})
    (arrived,) = receiver.wait_for(1)
    tested = admin.send("POST", f"{CHANNELS}/{row['id']}/test")

    assert arrived.json["title"] == "[high] boom"
    assert arrived.json["message"].startswith("p · team/app\nThe first line.\nFix: Read it.\n1: boom")
    assert tested.json["delivered"] is True
    assert receiver.arrived[1].json["title"] == "Exlogare test message"
    listed = admin.get(CHANNELS).json
    assert [(one["kind"], one["severity_min"], one["novel_only"], one["last_error"]) for one in listed] == [
        ("apprise", "high", True, None)
    ]
    assert admin.send("PATCH", f"{CHANNELS}/{row['id']}", {"novel_only": False, "name": "n"}).json["name"] == "n"
    assert admin.send("DELETE", f"{CHANNELS}/{row['id']}").status_code == 204
    assert admin.get(CHANNELS).json == []


@pytest.mark.slow
def test_channels_are_checked(api: Api) -> None:
    """Each kind has its fields; what is no messenger, and what is in our own network, is refused."""
    admin = api.browser("admin")

    def add_channel(**fields: Any) -> Any:
        return admin.send("POST", CHANNELS, {"name": "c", **fields})

    slack = add_channel(
        kind="slack", url="https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
    )
    telegram = add_channel(kind="telegram", bot_token="123456789:abcdefg_hijklmnop", chat_id="12315544")
    matrix = add_channel(kind="matrix", homeserver="93.184.216.34", access_token="syt_t0k3n", room_id="!r:x.example")
    assert [(one.status_code, one.json["target"]) for one in (slack, telegram, matrix)] == [
        (201, "slack://T...2/A...D/T...Q//"),
        (201, "tgram://1...p/12315544/"),
        (201, "matrixs://s...n@93.184.216.34/%21r%3Ax.example"),
    ]
    for fields, status in (
        ({"kind": "pigeon"}, 422),
        ({"kind": "slack"}, 422),
        ({"kind": "slack", "url": "https://x.example/", "bot_token": "x"}, 422),
        ({"kind": "slack", "url": "https://x.example/"}, 400),
        ({"kind": "telegram", "chat_id": "1"}, 422),
        ({"kind": "apprise", "url": "nothing://x"}, 400),
        ({"kind": "apprise", "url": "syslog://"}, 400),
        ({"kind": "apprise", "url": "json://127.0.0.1/"}, 400),
        ({"kind": "apprise", "url": "json://localhost/"}, 400),
        ({"kind": "matrix", "homeserver": "10.0.0.1", "access_token": "t", "room_id": "!r:x"}, 400),
        ({"kind": "apprise", "url": "json://93.184.216.34/", "severity_min": "huge"}, 422),
    ):
        assert add_channel(**fields).status_code == status, fields
