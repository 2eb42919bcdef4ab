"""The pages about notifications and webhooks, without scripts, with real receivers on loopback."""

from collections.abc import Iterator

import msgspec
import pytest

from exlogare_server.app import make_worker
from exlogare_server.settings import Settings
from tests.server.dashboard.visiting import ON_SQLITE, Page, Visitor, visitor
from tests.server.harness import JENKINS, Api
from tests.server.receiving import ReceivingServer, receiving

pytestmark = pytest.mark.usefixtures("quick_passwords")

CHANNELS, HOOKS = "/settings/channels", "/settings/webhooks"
SLACK = "https://hooks.slack.com/services/T0/B0/secretpart"


@pytest.fixture
def receiver() -> Iterator[ReceivingServer]:
    """A receiver on loopback."""
    with receiving() as known:
        yield known


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def dev(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Api]:
    """An application that may send to loopback, with its worker running, on each database."""
    settings = msgspec.structs.replace(settings, dev=True)
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_server").database()
        settings = msgspec.structs.replace(settings, database_url=url, database_connections_max=6)
    api = Api(settings)
    worker = make_worker(settings, api.store, clock=api.clock)
    worker.worker.start()
    yield api
    worker.close()
    api.close()


def add_hook(admin: Visitor, url: str) -> Page:
    """Make a webhook; give its page, with the secret."""
    return admin.fill(admin.get(HOOKS).form(HOOKS), name="pager", url=url)


def here(page: Page) -> str:
    """The address of a webhook's page, from its form to delete it."""
    (found,) = [form.action for form in page.forms if form.action.endswith("/delete")]
    return found.removesuffix("/delete")


def test_webhook_is_made_tested_and_told(dev: Api, receiver: ReceivingServer) -> None:
    """The secret is shown once; the test and a failure arrive, and stand in the list of deliveries."""
    admin = visitor(dev, "admin")

    made = add_hook(admin, f"{receiver.url}/x")
    assert (made.status, made.headers["cache-control"]) == (201, "no-store")
    secret = made.by_id["new-secret"].strip()
    assert secret.startswith("whsec_")
    address = here(made)
    tested = admin.fill(admin.get(address).form(f"{address}/test"))
    analysis_id = dev.accepted("jenkins", JENKINS)
    receiver.wait_for(2)
    while dev.store.count_deliveries():
        pass

    page = admin.get(address)
    assert "The test arrived: the receiver answered 204." in tested.words
    assert secret not in page.text
    assert f"/analyses/{analysis_id}" in page.links
    assert [page.text.count(text) for text in (">a test<", ">an analysis<", ">nothing is waiting<")] == [1, 1, 1]
    assert admin.get(HOOKS).words.count("taken (204)") == 1


def test_failing_webhook_says_why(dev: Api, receiver: ReceivingServer) -> None:
    """What the receiver answered, what waits, and after too many failures that it was switched off."""
    admin = visitor(dev, "admin")
    address = here(add_hook(admin, receiver.url))
    receiver.answer = lambda _: (500, {})

    first = admin.fill(admin.get(address).form(f"{address}/test"))
    for _ in range(9):
        last = admin.fill(admin.get(address).form(f"{address}/test"))

    assert "The test did not arrive: The receiver answered 500." in first.words
    assert "It was switched off after 10 failed tries in a row" in last.words
    again = admin.fill(last.form(address, "Switch on"))
    assert "Changed." in again.words


def test_webhook_is_switched_changed_rotated_and_deleted(dev: Api, receiver: ReceivingServer) -> None:
    """Each from its page."""
    admin = visitor(dev, "admin")
    made = add_hook(admin, receiver.url)
    address = here(made)

    off = admin.fill(made.form(address, "Switch off"))
    assert off.form(address, "Switch on")
    changed = admin.fill(off.form(address, "Save"), name="renamed", url=f"{receiver.url}/new")
    assert ("renamed" in changed.title, f"{receiver.url}/new" in changed.text) == (True, True)
    bad = admin.fill(changed.form(address, "Save"), url="ftp://x")
    assert (bad.status, 'role="alert"' in bad.text) == (422, True)
    rotated = admin.fill(changed.form(f"{address}/rotate-secret"))
    assert rotated.by_id["new-secret"].strip() != made.by_id["new-secret"].strip()
    gone = admin.fill(changed.form(f"{address}/delete"))
    assert ("Deleted." in gone.words, "No webhook yet" in gone.words) == (True, True)
    assert admin.get(address).status == 404


def test_analysis_is_redelivered(dev: Api, receiver: ReceivingServer) -> None:
    """The last analyses are offered; a webhook that is off takes none."""
    analysis_id = dev.accepted("jenkins", JENKINS)
    admin = visitor(dev, "admin")
    made = add_hook(admin, receiver.url)
    address = here(made)
    form = made.form(f"{address}/redeliver")

    queued = admin.fill(form)
    (arrived,) = receiver.wait_for(1)
    off = admin.fill(queued.form(address, "Switch off"))
    refused = admin.fill(off.form(f"{address}/redeliver"))

    assert "Queued." in queued.words
    assert arrived.json["analysis"]["id"] == analysis_id
    assert (refused.status, "The webhook is disabled; enable it first." in refused.words) == (422, True)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "", "url": "https://x.example/"}, "Please fill this in."),
        ({"name": "x", "url": ""}, "Please fill this in."),
        ({"name": "x", "url": "http://93.184.216.34/"}, "https"),
        ({"name": "x", "url": "https://169.254.169.254/"}, "169.254.169.254"),
    ],
)
@ON_SQLITE
def test_webhook_form_says_what_is_wrong(api: Api, fields: dict[str, str | list[str]], words: str) -> None:
    """And keeps what was filled in."""
    admin = visitor(api, "admin")

    page = admin.fill(admin.get(HOOKS).form(HOOKS), fields)

    assert (page.status, words in page.text) == (422, True)
    assert dict(page.form(HOOKS).fields)["name"] == fields["name"]


def test_channel_is_added_changed_and_deleted(api: Api) -> None:
    """Its secret is shown nowhere again; what it is told of can be changed."""
    admin = visitor(api, "admin")

    added = admin.fill(
        admin.get(f"{CHANNELS}?kind=slack").form(CHANNELS), name="#builds", url=SLACK, severity_min="medium",
        novel_only="yes",
    )  # fmt: skip
    (row,) = api.browser("admin").get("/api/integrations/notifications").json
    change, switch = (form for form in added.forms if form.action == f"{CHANNELS}/{row['id']}")
    changed = admin.fill(change, severity_min="high", novel_only="no")
    off = admin.fill(switch)
    after = api.browser("admin").get("/api/integrations/notifications").json
    gone = admin.fill(off.form(f"{CHANNELS}/{row['id']}/delete"))

    assert (row["kind"], row["severity_min"], row["novel_only"]) == ("slack", "medium", True)
    assert [page for page in (added, changed, off, gone) if "secretpart" in page.text] == []
    assert (after[0]["severity_min"], after[0]["novel_only"], after[0]["enabled"]) == ("high", False, False)
    assert "Nobody is told yet" in gone.words


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("telegram", {"bot_token": "123456789:secretpartsecretpartsecretpartsecr", "chat_id": "-100123"}),
        ("matrix", {"homeserver": "93.184.216.34", "access_token": "secretpart", "room_id": "!a:example.org"}),
        ("apprise", {"url": "discord://4174216298/secretpartJHMHI8qBe7bk2ZwO5U711o3dV_js"}),
    ],
)
@ON_SQLITE
def test_each_kind_has_its_form(api: Api, kind: str, fields: dict[str, str | list[str]]) -> None:
    """With the fields that it needs, and no others."""
    admin = visitor(api, "admin")
    form = admin.get(f"{CHANNELS}?kind={kind}").form(CHANNELS)

    added = admin.fill(form, {"name": kind, **fields})

    asked = {name for name, _ in form.fields} - {"csrf_token", "kind", "name", "severity_min"}
    assert asked == set(fields)
    assert (added.status, "Added." in added.words, "secretpart" in added.text) == (200, True, False)


@ON_SQLITE
def test_channel_form_says_what_is_wrong(api: Api) -> None:
    """At the kind that was chosen; secrets are typed again."""
    admin = visitor(api, "admin")

    missing = admin.fill(admin.get(f"{CHANNELS}?kind=matrix").form(CHANNELS), name="x", homeserver="m.example")
    wrong = admin.fill(admin.get(CHANNELS).form(CHANNELS), name="x", url="https://secretpart.example/")

    assert missing.status == 422
    assert missing.words.count("Please fill this in.") == 2
    assert dict(missing.form(CHANNELS).fields)["homeserver"] == "m.example"
    assert (wrong.status, "hooks.slack.com/services" in wrong.words, "secretpart" in wrong.text) == (422, True, False)


def test_channel_test_says_how_it_went(dev: Api, receiver: ReceivingServer) -> None:
    """By apprise's own JSON service on loopback."""
    admin = visitor(dev, "admin")
    url = receiver.url.replace("http://", "json://")
    page = admin.fill(admin.get(f"{CHANNELS}?kind=apprise").form(CHANNELS), name="x", url=url)
    (test,) = [form for form in page.forms if form.action.endswith("/test")]

    good = admin.fill(test)
    receiver.answer = lambda _: (500, {})
    bad = admin.fill(test)

    assert "The test arrived." in good.words
    assert "The test did not arrive in x:" in bad.words
    assert len(receiver.arrived) == 2
