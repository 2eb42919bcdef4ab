"""The comment on a pull or merge request: one for each job, updated in place, and harmless whatever the log holds."""

import json
import re
import threading
from collections.abc import Sequence
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exlogare_ci.report import github_comment, gitlab_comment
from exlogare_ci.report.comment import body, marker
from exlogare_ci.report.effects import Answer, Call
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.services import Service
from tests.report.recording import Recording, failure_of, record
from tests.report.test_report_formats import FULL, HOSTILE_FINDINGS
from tests.report.test_report_services import CONTEXT, PLACE, varied, without

MARK: Final = marker(PLACE)
BREAK: Final = "\u2060"

both = pytest.mark.parametrize("service", [github_comment, gitlab_comment], ids=lambda service: service.NAME)


class Comments(Recording):
    """A pull request's comments as a service keeps them: calls change them.

    Args:
        texts: the bodies that are there, the oldest first.
        foreign: the ids that belong to others and cannot be edited with our token.
    """

    def __init__(self, texts: Sequence[str] = (), foreign: Sequence[int] = ()) -> None:
        super().__init__()
        self.kept: dict[int, str] = dict(enumerate(texts, 1))
        self._foreign = foreign
        self._lock = threading.Lock()

    def call(self, call: Call) -> Answer:
        """Answer as the API does."""
        self.called.append(call)
        assert call.token is not None
        if call.method == "GET":
            page = int(call.url.rpartition("&page=")[2])
            items: list[Any] = [{"id": number, "body": text} for number, text in self.kept.items()]
            return Answer(200, json.dumps(items[(page - 1) * 100 : page * 100]).encode())
        if call.method == "DELETE":
            del self.kept[int(call.url.rpartition("/")[2])]
            return Answer(204)
        text = json.loads(call.body or b"")["body"]
        if call.method == "POST":
            with self._lock:
                number = max(self.kept, default=0) + 1
                self.kept[number] = text
            return Answer(201, json.dumps({"id": number}).encode())
        number = int(call.url.rpartition("/")[2])
        if number in self._foreign:
            return Answer(403)
        self.kept[number] = text
        return Answer(200)

    def ours(self) -> list[int]:
        """The ids of the comments that show our finding."""
        return [number for number, text in self.kept.items() if text.startswith(MARK) and "**Why:**" in text]


@both
def test_comment_is_written_once_and_then_updated(service: Service) -> None:
    """Three runs of a job leave one comment, with what the last one found."""
    comments = Comments(["Nice work!"])
    for cause in ("first", "second", "third"):
        service.report((varied(root_cause=cause),), PLACE, comments)

    assert comments.ours() == [2]
    assert "### logs/build.log: third" in comments.kept[2]
    assert [call.method for call in comments.called if call.method != "GET"] == [
        "POST", "PATCH" if service is github_comment else "PUT", "PATCH" if service is github_comment else "PUT",
    ]  # fmt: skip


class Raced(Comments):
    """Two runs of a job look for their comment at the same moment, and find none."""

    def __init__(self) -> None:
        super().__init__()
        self._both_looked = threading.Barrier(2)
        self._looked: set[int] = set()

    def call(self, call: Call) -> Answer:
        """Let the first look of each run see what was there before either wrote."""
        answer = super().call(call)
        if call.method == "GET" and threading.get_ident() not in self._looked:
            self._looked.add(threading.get_ident())
            self._both_looked.wait(10)
        return answer


@both
def test_two_runs_at_once_leave_one_comment(service: Service) -> None:
    """Whoever wrote second takes its own away again."""
    for _ in range(5):
        comments = Raced()
        runs = [
            threading.Thread(target=service.report, args=((varied(root_cause=cause),), PLACE, comments))
            for cause in ("one", "two")
        ]
        for run in runs:
            run.start()
        for run in runs:
            run.join()

        assert comments.ours() == [1]
        assert len(comments.kept) == 1


@both
def test_jobs_have_comments_of_their_own(service: Service) -> None:
    """Two jobs of a build do not overwrite each other."""
    comments = Comments()
    for job in ("lint", "test", "lint"):
        place = msgspec.structs.replace(PLACE, context=msgspec.structs.replace(CONTEXT, job_name=job))
        service.report((FULL,), place, comments)

    assert len(comments.kept) == 2


@both
def test_a_copied_marker_does_not_stop_us(service: Service) -> None:
    """A comment of somebody else's with our marker is left alone, and ours is still written once."""
    comments = Comments([f"{MARK}\nmine!"], foreign=[1])
    service.report((FULL,), PLACE, comments)
    service.report((FULL,), PLACE, comments)

    assert comments.kept[1] == f"{MARK}\nmine!"
    assert comments.ours() == [2]


@both
def test_our_comment_is_found_behind_many(service: Service) -> None:
    """The second page is read, too."""
    comments = Comments([f"talk {number}" for number in range(150)] + [f"{MARK}\nold"])
    service.report((FULL,), PLACE, comments)

    assert comments.ours() == [151]
    assert len(comments.kept) == 151


@both
def test_rather_none_than_two(service: Service) -> None:
    """Where a thousand comments were read, none of ours is there and there are more, none is added."""
    reason, comments = "", Comments([f"talk {number}" for number in range(1001)])
    try:
        service.report((FULL,), PLACE, comments)
    except Exception as error:  # noqa: BLE001 - its text is compared
        reason = str(error)

    assert "have none of ours, and there are more" in reason
    assert len(comments.kept) == 1001


def test_a_fork_on_gitlab_comments_on_the_merge_request_and_not_on_one_of_its_own() -> None:
    """The number belongs to the project of the merge request."""
    place = msgspec.structs.replace(
        PLACE, env={**PLACE.env, "CI_PROJECT_ID": "77", "CI_MERGE_REQUEST_PROJECT_ID": "34"}
    )

    urls = {call.url.partition("/merge_requests")[0] for call in record(gitlab_comment, (FULL,), place).called}
    assert urls == {f"{PLACE.env['CI_API_V4_URL']}/projects/34"}


@pytest.mark.parametrize(
    ("service", "missing", "reason"),
    [
        (github_comment, "GITHUB_TOKEN", "no token is there: set GITHUB_TOKEN in the job, from ${{ github.token }}"),
        (
            gitlab_comment,
            "GITLAB_TOKEN",
            "no token is there: set GITLAB_TOKEN to a project access token with the scope api",
        ),
        (gitlab_comment, "CI_API_V4_URL", "CI_API_V4_URL is no https:// address, where a token may be sent"),
    ],
)
def test_without_a_token_nothing_is_called(service: Service, missing: str, reason: str) -> None:
    """What is missing is said, with what to set."""
    said, done = failure_of(service, (FULL,), without(missing))

    assert (said, done.called) == (reason, [])


@both
def test_outside_of_a_pull_request_there_is_no_comment(service: Service) -> None:
    """A push has nothing to comment on."""
    push = msgspec.structs.replace(PLACE, context=msgspec.structs.replace(CONTEXT, pull_request=None))

    assert record(service, (FULL,), push).called == []


@pytest.mark.parametrize(
    ("service", "status", "reason"),
    [
        (
            github_comment,
            403,
            "GitHub answered 403: the job needs `permissions: pull-requests: write`; builds of forks are not given it",
        ),
        (github_comment, 500, "GitHub answered 500"),
        (gitlab_comment, 401, "GitLab answered 401: GITLAB_TOKEN needs the scope api and a role to comment"),
        (gitlab_comment, 500, "GitLab answered 500"),
    ],
)
def test_refusals_are_said(service: Service, status: int, reason: str) -> None:
    """A read-only token, as builds of forks have it, costs a sentence with the way out."""
    said, done = failure_of(service, (FULL,), PLACE, Answer(status))

    assert (said, len(done.called)) == (reason, 1)


@both
def test_the_token_is_in_no_address_and_no_body(service: Service) -> None:
    """It travels in the header alone."""
    for call in record(service, (FULL,), PLACE).called:
        assert call.token is not None
        assert call.token not in f"{call!r} {call.url} {call.body!r}"


@pytest.mark.parametrize("url", ["http://api.example.org", "http://localhost.example.org", "file:///etc"])
def test_the_token_goes_nowhere_unencrypted(url: str) -> None:
    """A plain address of another machine is refused before anything is sent."""
    place = msgspec.structs.replace(PLACE, env={**PLACE.env, "GITHUB_API_URL": url, "CI_API_V4_URL": url})

    for service in (github_comment, gitlab_comment):
        said, done = failure_of(service, (FULL,), place)
        assert "https://" in said
        assert done.called == []


def test_names_in_a_log_notify_nobody() -> None:
    """Mentions, references and links to issues are broken, quick actions are no longer at the start of a line."""
    finding = varied(
        root_cause="@everyone broke #12 and org/shop#3",
        explanation="see https://github.com/org/shop/issues/4 and GH-5 and !6",
        fix_suggestion="ask",
        failed_tests=("/close", "/merge"),
    )
    text = body((finding,), PLACE, 65_536)

    for harmful in ("@everyone", "#12", "shop#3", "issues/4", "GH-5", "!6"):
        assert harmful not in text
        assert harmful in text.replace(BREAK, "").replace("\\", "")
    assert not re.search(r"^\s*/", text, re.MULTILINE)


def test_code_is_left_as_it_is() -> None:
    """Inside of code nothing notifies, and what is copied from it must be what the log held."""
    text = body((FULL,), PLACE, 65_536)

    assert "11 | >   assert total() == 8\n12 | /home/ci/shop/tests/test_cart.py:5: AssertionError\n```" in text


@settings(max_examples=60)
@given(st.lists(HOSTILE_FINDINGS, min_size=1, max_size=2), st.integers(60, 3000))
def test_any_comment_is_ours_and_fits(findings: list[Finding], bytes_max: int) -> None:
    """It starts with the marker, keeps to the limit, and outside of code has no mention and no quick action."""
    text = body(findings, PLACE, bytes_max)

    assert text.startswith(f"{MARK}\n")
    assert len(text.encode("utf-8", "replace")) <= bytes_max
    prose = re.sub(r"(?ms)^(`{3,})text\n.*?\n\1$", "", text)
    assert not re.search(r"@\w", prose)
    assert not re.search(r"(?m)^\s*/", prose)
