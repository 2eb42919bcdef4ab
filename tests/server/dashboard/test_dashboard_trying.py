"""``/try`` and ``/welcome``, without scripts."""

import html
import os
import re
import sqlite3
from pathlib import Path

import falcon.testing
import pytest

from exlogare_ci.analysis import analyze
from exlogare_server.dashboard.snippets import SERVER, SNIPPETS
from exlogare_server.settings import Settings
from exlogare_server.store.protocol import AnalysisFilter, Role
from tests.server.dashboard.visiting import ON_SQLITE, Page, Visitor, visitor
from tests.server.harness import JENKINS, Api, settings_for

pytestmark = pytest.mark.usefixtures("quick_passwords")

ROOT = Path(__file__).resolve().parents[3]
PAGES = (ROOT / "README.md", ROOT / "docs" / "reference" / "pipelines.md")
LOG = "make: Entering directory\nmake: *** No rule to make target 'x'.  Stop.\n"
MIB = 1024 * 1024
BOUNDARY = "----boundary"


def multipart(fields: dict[str, bytes], file: bytes | None = None) -> bytes:
    """A form as browsers send it, with a file field that may be empty."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"
        for name, value in fields.items()
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="build.log"\r\nContent-Type: text/plain'
    parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + (file or b"") + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def send(somebody: Visitor, log: bytes, *, file: bytes | None = None, csrf: str | None = None) -> falcon.testing.Result:
    """Send a log by the form of ``/try``."""
    token = dict(somebody.get("/try").form("/try").fields)["csrf_token"] if csrf is None else csrf
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    body = multipart({"csrf_token": token.encode(), "log": log}, file)
    return somebody.send("POST", "/try", body=body, headers=headers)


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_pasted_log_is_analysed_and_forgotten(api: Api, role: Role) -> None:
    """By anybody who is signed in; nothing is stored or counted."""
    somebody = visitor(api, role)

    page = Page(send(somebody, LOG.replace("\n", "\r\n").encode()))

    assert (page.status, page.headers["cache-control"]) == (200, "no-store")
    assert "make: Entering directory" in page.by_id["cause"]
    assert api.store.analyses(api.tenant.id, AnalysisFilter(), after=None, rows_max=10) == ()
    assert api.browser("owner").get("/api/auth/me").json["onboarded"] is False


@ON_SQLITE
def test_file_goes_before_the_text(api: Api) -> None:
    """As it is, whatever its line ends; an empty one is none."""
    somebody = visitor(api, "member")

    assert "of the file" in Page(send(somebody, b"of the text", file=b"of the file")).by_id["cause"]
    assert "of the text" in Page(send(somebody, b"of the text", file=b"")).by_id["cause"]


@pytest.mark.parametrize(
    ("log", "status", "words"),
    [(b"", 422, "Paste a log, or choose a file."), (b" \r\n", 422, "Paste a log, or choose a file."),
     (b"x" * (10 * MIB + 1), 413, "The log is over 10 MiB."), (b"x" * (11 * MIB), 413, "The log is over 10 MiB.")],
    ids=["empty", "blank", "one-byte-over", "far-over"],
)  # fmt: skip
@ON_SQLITE
def test_log_that_cannot_be_read_is_told(api: Api, log: bytes, status: int, words: str) -> None:
    """In the form."""
    page = Page(send(visitor(api, "member"), log))

    assert (page.status, words in page.words) == (status, True)


@ON_SQLITE
def test_log_of_ten_mebibytes_is_taken(api: Api) -> None:
    """The same limit as at the API."""
    assert send(visitor(api, "member"), b"x" * (10 * MIB)).status_code == 200


@ON_SQLITE
def test_trying_needs_a_session_and_the_forms_token(api: Api) -> None:
    """As every form."""
    somebody = visitor(api, "member")

    assert send(somebody, LOG.encode(), csrf="a" * 43).status_code == 403
    assert send(somebody, LOG.encode(), csrf="").status_code == 403
    somebody.cookies.clear()
    stranger = send(somebody, LOG.encode(), csrf="a" * 43)
    assert (stranger.status_code, stranger.headers["location"]) == (303, "/login")


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/x-www-form-urlencoded", b"log=x", 415),
        ("multipart/form-data", b"log=x", 400),
        ("multipart/form-data; boundary=x", b"", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=log\r\n\r\nx", 400),
    ],
)
@ON_SQLITE
def test_other_bodies_are_refused(api: Api, content_type: str, body: bytes, status: int) -> None:
    """With a page, not with a fault of the server's."""
    result = visitor(api, "member").send("POST", "/try", body=body, headers={"Content-Type": content_type})

    assert result.status_code == status


def test_trying_is_rate_limited(tmp_path: Path, template: Path) -> None:
    """With the rate of an endpoint, but counted by itself."""
    api = Api(settings_for(tmp_path / "data", template, {"EXLOGARE_INGEST_RATE_PER_MINUTE": "2"}))
    somebody = visitor(api, "member")

    results = [send(somebody, LOG.encode()) for _ in range(3)]
    accepted = api.post("jenkins", JENKINS).status_code
    api.close()

    assert [result.status_code for result in results] == [200, 200, 429]
    assert int(results[2].headers["retry-after"]) >= 1
    assert "Try again in" in Page(results[2]).words
    assert accepted == 202


def test_secrets_are_masked_and_nothing_is_kept(settings: Settings) -> None:
    """By the real engine: neither on the page nor in the database nor in a file."""
    secret = "ghp_" + "aZ09" * 9
    api = Api(settings, engine=analyze)
    somebody = visitor(api, "member")
    log = f"$ curl -H 'Authorization: token {secret}' x\nE   AssertionError: {secret} <b>bold</b>\n1 failed\n"

    page = Page(send(somebody, log.encode()))
    api.close()

    assert page.status == 200
    assert secret not in page.text
    assert "<b>bold" not in page.text
    assert "bold" in html.unescape(page.text)
    kept = b"".join(
        (Path(folder) / name).read_bytes() for folder, _, names in os.walk(settings.data_dir) for name in names
    )
    assert (secret.encode() in kept, b"AssertionError" in kept) == (False, False)
    with sqlite3.connect(settings.data_dir / "exlogare.db") as connection:
        assert connection.execute("SELECT count(*) FROM analyses").fetchone() == (0,)
    connection.close()


def test_first_steps_end_with_a_pipeline_and_its_token(api: Api) -> None:
    """For the chosen CI, with this server's address; the token works, and is shown once."""
    owner = visitor(api, "owner")
    assert "Send your first log" in owner.get("/welcome").words

    page = owner.get("/welcome?ci=jenkins")
    assert "EXLOGARE_URL = 'https://falconframework.org'" in page.by_id["pipeline"]
    made = owner.fill(page.form("/welcome#step-2"))

    assert (made.status, made.headers["cache-control"]) == (201, "no-store")
    raw = made.by_id["new-token"].strip()
    assert raw in made.by_id["by-hand"]
    assert raw not in made.by_id["pipeline"]
    api.accepted("jenkins", JENKINS, token=raw)
    (token,) = [token for token in api.store.tokens(api.tenant.id) if token.name == "Jenkins"]
    assert token.scopes == ("ingest",)
    after = owner.get("/welcome?ci=jenkins")
    assert ("The first log has arrived." in after.words, raw in after.text) == (True, False)


@pytest.mark.parametrize("role", ["member", "viewer"])
def test_first_steps_of_others(api: Api, role: Role) -> None:
    """They see the pipeline, and whom to ask for a token."""
    page = visitor(api, role).get("/welcome?ci=gitlab")

    assert (page.status, page.actions()) == (200, set())
    assert "ask an owner or admin of Acme for a token" in page.words
    assert "exl run -- make test" in page.by_id["pipeline"]


def test_first_steps_without_a_token_left(api: Api) -> None:
    """Say so, and where room can be made; an unknown CI leads to the choice."""
    owner = visitor(api, "owner", api.add_tenant("Free", "free"))
    for _ in range(3):
        owner.fill(owner.get("/welcome?ci=drone").form("/welcome#step-2"))

    page = owner.fill(owner.get("/welcome?ci=drone").form("/welcome#step-2"))
    form = owner.get("/welcome?ci=drone").form("/welcome#step-2")
    unknown = owner.fill(form, ci="nothing")

    assert (page.status, "The Free plan allows 3 active tokens" in page.words) == (403, True)
    assert (unknown.status, "step-3" in unknown.by_id) == (200, False)
    assert owner.get("/welcome?ci=nothing").status == 200


@ON_SQLITE
def test_hostile_host_is_not_handed_on(api: Api) -> None:
    """A text that is copied holds no host that is none."""
    owner = visitor(api, "owner")

    page = Page(owner.send("GET", "/welcome?ci=jenkins", host="x'; sh evil"))

    assert f"EXLOGARE_URL = '{SERVER}'" in page.by_id["pipeline"]


def test_pipelines_are_the_documented_ones() -> None:
    """Every CI of the documentation is offered, with the very text that its tests run."""
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    examples = dict(re.findall(r"<!-- test: ([\w-]+) -->\n```\w+\n(.*?)```", text, re.DOTALL))
    not_pipelines = {"use", "server"}

    assert {snippet.name: snippet.text for snippet in SNIPPETS} == {
        name: text for name, text in examples.items() if name not in not_pipelines
    }
    assert len({snippet.title for snippet in SNIPPETS}) == len(SNIPPETS)


@ON_SQLITE
def test_every_pipeline_is_shown_whole(api: Api) -> None:
    """What it must know is named beside it; the address of another server is nowhere."""
    owner = visitor(api, "owner")

    for snippet in SNIPPETS:
        page = owner.get(f"/welcome?ci={snippet.name}")
        assert page.by_id["pipeline"] == snippet.for_server("https://falconframework.org")
        assert snippet.known_as in page.words
        assert bool(snippet.address_as) == ("server-url" in page.by_id)
        assert bool(snippet.address_as) != (SERVER in snippet.text)
        assert SERVER not in page.text
