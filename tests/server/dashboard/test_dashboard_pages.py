"""The reading pages, without scripts, on each database: what is on them, for whom, and how they are sent."""

import re
from datetime import timedelta
from urllib.parse import quote, urlencode

import pytest

from exlogare_server.auth.sessions import Sessions
from exlogare_server.errors import StoreUnavailableError
from exlogare_server.read.trends import Trends
from exlogare_server.store.protocol import Role
from tests.server.dashboard.visiting import Page, Visitor, visitor
from tests.server.dashboard.well_formed import faults_of
from tests.server.harness import JENKINS, Api

pytestmark = pytest.mark.usefixtures("quick_passwords")

HTML = {"Accept": "text/html"}
HOSTILE = "</h1></pre><script>alert(1)</script><img src=x onerror=alert(2)>\"'`{{1234*4321}}${1234*4321}<!--"


def post(api: Api, number: int, cause: str = "high it broke", **fields: object) -> str:
    """Send a log whose first line is the cause; give the analysis's id."""
    return api.accepted("jenkins", {**JENKINS, "build_number": number, "log": cause + "\n", **fields})


def cluster_of(api: Api, analysis_id: str) -> str:
    """The id of an analysis's cluster."""
    (item,) = (item for item in api.items() if item["id"] == analysis_id)
    return str(item["cluster_id"])


def addresses(api: Api, analysis_id: str) -> list[str]:
    """Every reading page that there is."""
    cluster = cluster_of(api, analysis_id)
    return [
        "/", "/?days=7", "/?days=90", "/analyses", "/analyses?text=broke&severity=high&days=7&source=jenkins_ingest",
        "/analyses?project=nothing", f"/analyses/{analysis_id}", "/clusters", "/clusters?status=active&text=broke",
        "/clusters?status=resolved", f"/clusters/{cluster}", "/projects", "/projects?order=name", "/projects?text=zzz",
        "/projects/team/app", "/projects/team/app?days=7",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["owner", "member", "viewer"])
def test_pages_are_whole_and_guarded(api: Api, role: Role) -> None:
    """Each is well-formed HTML with one style and one script, nothing inline, and may do nothing else."""
    analysis_id = post(api, 1)
    somebody = visitor(api, role)

    for address in addresses(api, analysis_id):
        page = somebody.get(address)
        assert (page.status, faults_of(page.text)) == (200, []), address
        assert re.search(" · Exlogare CI</title>", page.text)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert page.headers["content-security-policy"] == (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
            "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        )
        assert page.headers["x-frame-options"] == "DENY"
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "same-origin"
        assert page.headers["cache-control"] == "no-store"
        assert len(page.text) < 150_000


def test_pages_of_nothing_say_what_to_do(api: Api) -> None:
    """Before the first log there is no empty table, but a sentence and a way on."""
    somebody = visitor(api, "owner")

    for address, words in (
        ("/", "No log has arrived yet"),
        ("/analyses", "No log has arrived yet"),
        ("/clusters", "Nothing has failed yet"),
        ("/projects", "Nothing failed in the last 30 days"),
    ):
        page = somebody.get(address)
        assert (page.status, faults_of(page.text)) == (200, [])
        assert words in page.words


def test_strangers_are_led_to_the_sign_in_page_and_back(api: Api) -> None:
    """A link that somebody sends works after signing in; a program still gets a status and JSON."""
    api.add_user("a@acme.example", "viewer")
    somebody = Visitor(api)

    led = somebody.send("GET", "/analyses?severity=high")
    assert (led.status_code, led.headers["location"]) == (303, "/login?next=%2Fanalyses%3Fseverity%3Dhigh")
    assert "www-authenticate" not in led.headers
    page = somebody.sign_in("a@acme.example", address=led.headers["location"])
    assert (page.status, somebody.address) == (200, "/analyses?severity=high")

    refused = api.request("GET", "/analyses")
    assert (refused.status_code, refused.json) == (401, {"detail": "Not authenticated: log in."})


@pytest.mark.parametrize(
    "address", ["/analyses/x", "/clusters/x", "/projects/no/such", "/nowhere", "/analyses?severity=x", "/?days=9999"]
)
def test_errors_are_pages_for_people(api: Api, address: str) -> None:
    """With the navigation, a sentence and the request's id; the JSON of the API stays JSON."""
    somebody = visitor(api, "viewer")

    page = somebody.get(address)

    assert page.status in (400, 404, 422)
    assert faults_of(page.text) == []
    assert "/analyses" in page.links
    assert page.headers["x-request-id"] in page.words
    assert somebody.send("GET", f"/api{address.partition('?')[0]}").headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (
            StoreUnavailableError("The database does not answer right now; try again.", 2),
            503,
            "Try again in 2 seconds.",
        ),
        (RuntimeError("secret of the code"), 500, "The server made a mistake"),
    ],
)
def test_faults_of_the_server_are_pages_too(
    api: Api, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int, words: str
) -> None:
    """What a person can do, the request's id, and nothing of the code; also while the session cannot be read."""
    somebody = visitor(api, "member")

    def fail(*_: object) -> None:
        raise fault

    monkeypatch.setattr(Trends, "dashboard", fail)
    page = somebody.get("/")

    assert (page.status, faults_of(page.text)) == (status, [])
    assert words in page.words
    assert "secret of the code" not in page.text
    assert page.headers["x-request-id"] in page.words
    monkeypatch.setattr(Sessions, "by_cookie", fail)
    assert somebody.get("/").status == status


def test_another_team_s_things_are_not_there(api: Api) -> None:
    """Never told apart from what does not exist."""
    analysis_id = post(api, 1)
    cluster = cluster_of(api, analysis_id)
    stranger = visitor(api, "owner", api.add_tenant("Other"))

    for address in (f"/analyses/{analysis_id}", f"/clusters/{cluster}", "/projects/team/app"):
        assert stranger.get(address).status == 404
    csrf = dict(stranger.get("/settings/plan").form("/logout").fields)["csrf_token"]
    done = stranger.post(f"/clusters/{cluster}/resolve", [("csrf_token", csrf)])
    assert done.status_code == 404
    assert stranger.get("/analyses").words.count("it broke") == 0


def test_hostile_names_and_lines_are_text(api: Api) -> None:
    """Whatever a log, a project, a branch, a job is named: on every page it is words, and nothing more."""
    body = {
        "provider": "gitlab", "project": f"a/{HOSTILE}", "status": "failed", "log": f"{HOSTILE}\n{HOSTILE}\n",
        "branch": HOSTILE, "job_name": HOSTILE, "commit_sha": HOSTILE[:60], "pipeline_id": HOSTILE,
        "build_number": HOSTILE[:60], "pipeline_url": f"https://ci.example/{quote(HOSTILE)}",
    }  # fmt: skip
    analysis_id = api.accepted("log", body)
    cluster = cluster_of(api, analysis_id)
    somebody = visitor(api, "owner")

    for address in (
        "/", "/analyses", f"/analyses/{analysis_id}", "/clusters", f"/clusters/{cluster}", "/projects",
        f"/analyses?text={quote(HOSTILE[:100])}&branch={quote(HOSTILE)}&project={quote(f'a/{HOSTILE}')}",
        f"/clusters?text={quote(HOSTILE)}", f"/projects?text={quote(HOSTILE)}",
        f"/projects/{quote(f'a/{HOSTILE}')}",
    ):  # fmt: skip
        page = somebody.get(address)
        assert (page.status, faults_of(page.text)) == (200, []), address
        assert "{{1234*4321}}" in page.words
        assert "5332114" not in page.words  # a product that no time of day holds


@pytest.mark.parametrize("project", ["..", "a/../b", "a//b", "./x", "ünï cødé", "a?b#c", "100%", "\\x", "a b/c"])
def test_every_project_has_a_page(api: Api, project: str) -> None:
    """Or, where an address could not carry its name, the list of its analyses."""
    post(api, 1, project=project)
    somebody = visitor(api, "viewer")

    (link,) = {link for link in somebody.get("/projects").links if link.startswith(("/projects/", "/analyses?"))}

    page = somebody.get(link)
    assert page.status == 200
    assert project in page.words
    assert "it broke" in page.words


def test_filters_stand_in_the_address(api: Api) -> None:
    """Each finds what it says, fills the form in, and can be taken away."""
    old = post(api, 1, "low an old one", project="p/one")
    api.clock.advance(days=9)
    post(api, 2, "high a new one", project="p/two")
    api.accepted(
        "log",
        {"provider": "GitLab CI", "project": "p/three", "status": "failed", "log": "medium third\n", "branch": "dev",
         "pipeline_id": "3"},
    )  # fmt: skip
    somebody = visitor(api, "viewer")

    for query, expected in (
        ("project=p/one", {"old"}),
        ("severity=high", {"new"}),
        ("days=7", {"new", "third"}),
        (f"until={(api.clock.now - timedelta(days=5)).date()}", {"old"}),
        ("source=jenkins_ingest", {"old", "new"}),
        ("provider=gitlab_ci", {"third"}),
        ("branch=dev", {"third"}),
        ("category=code.test&project=p/two", {"new"}),
        ("text=ONE", {"old", "new"}),
        ("text=one&severity=low", {"old"}),
        ("text=nothing+of+the+kind", set()),
    ):
        page = somebody.get(f"/analyses?{query}")
        found = {
            word for word in ("old", "new", "third") if re.search(rf"(?:low|high|medium) (?:an? )?{word}\b", page.words)
        }
        assert (page.status, found) == (200, expected), query
        assert "/analyses" in page.links
        assert "Take all away" in page.words
    form = somebody.get(f"/analyses?{quote('text=a b&severity=low', safe='&=')}").form("/analyses")
    assert ("text", "a b") in form.fields
    assert ("severity", "low") in form.fields
    sent = urlencode([(name, "one" if name == "text" else value) for name, value in form.fields])
    assert f"/analyses/{old}" in somebody.get(f"/analyses?{sent}").links


def test_list_is_paged_without_gaps(api: Api) -> None:
    """Every analysis is on exactly one page, while others arrive."""
    posted = []
    for number in range(60):
        posted.append(post(api, number, "low x" if number % 2 else "high y"))
        api.clock.advance(seconds=number % 2)
    somebody = visitor(api, "viewer")

    page, seen = somebody.get("/analyses"), []
    while True:
        seen += re.findall(r'class="title" href="/analyses/([0-9a-f-]{36})"', page.text)
        post(api, 1000 + len(seen))
        further = [link for link in page.links if "cursor=" in link]
        if not further:
            break
        page = somebody.get(further[0])

    assert sorted(seen) == sorted(posted)
    assert len(seen) == len(posted) == 60


def test_news_are_counted_for_the_filters(api: Api) -> None:
    """What came since the page was made, and would be on it."""
    post(api, 1, "low first")
    somebody = visitor(api, "viewer")
    page = somebody.get("/analyses?severity=high")
    address = re.search(r'data-news="([^"]+)"', page.text)
    assert address is not None
    news = address[1].replace("&amp;", "&")

    assert somebody.send("GET", news).json == {"count": 0, "more": False}
    api.clock.advance(seconds=1)
    post(api, 2, "low second")
    assert somebody.send("GET", news).json == {"count": 0, "more": False}
    for number in range(3, 5):
        post(api, number, "high third")
    assert somebody.send("GET", news).json == {"count": 2, "more": False}
    assert somebody.send("GET", "/analyses/news").status_code == 400


def analysis_page(api: Api, role: Role = "member") -> Page:
    """The page of the last of three runs with the same cause."""
    for number in range(3):
        last = post(api, number, "high it broke", build_url=f"https://ci.example/{number}")
        api.clock.advance(hours=1)
    return visitor(api, role).get(f"/analyses/{last}")


def test_analysis_shows_all_that_is_known(api: Api) -> None:
    """The cause, its line, what to do, how sure it is, the run, the runs before it."""
    page = analysis_page(api)

    for words in (
        "high it broke", "Cause, line 1", "Read it.", "The first line.", "50 %", "test reported it.", "team/app",
        "Earlier with the same cause", "All 3 runs", "Failed 3 times", "Copy as Markdown",
    ):  # fmt: skip
        assert words in page.words
    assert "https://ci.example/2" in page.links
    earlier = re.findall(r'class="title" href="/analyses/([0-9a-f-]{36})"', page.text)
    assert len(earlier) == 2
    assert '<time datetime="2026-11-23T14:00:00Z">23 Nov 2026, 14:00 UTC</time>' in page.text


def test_overview_adds_up(api: Api) -> None:
    """The plot, its table, causes, categories, projects, what is new and what is back."""
    for number in range(3):
        post(api, number, "high it broke")
    cluster = cluster_of(api, post(api, 3, "low as well", project="other"))
    somebody = visitor(api, "member")
    somebody.fill(somebody.get(f"/clusters/{cluster}").form(f"/clusters/{cluster}/resolve"))
    api.clock.advance(days=8)
    post(api, 4, "low as well", project="other")

    page = somebody.sign_in("member@acme.example")

    assert "5 failures in 30 days; the most on Mon 23 Nov, 4." in page.words
    assert "0 causes never seen before" in page.words
    assert "1 cause failed again after it was resolved" in page.words
    assert "Code: test 5" in page.words
    assert "Mon 23 Nov 3 0 1 4" in page.words
    assert "/analyses?since=2026-11-23&until=2026-11-23" in page.links
    assert somebody.get("/analyses?since=2026-11-23&until=2026-11-23").words.count("it broke") >= 3
