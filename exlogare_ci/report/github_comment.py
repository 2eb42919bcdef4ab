"""A comment on the pull request on GitHub, one for each job, updated in place."""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from exlogare_ci.report.comment import OWN_MAX, PAGES_MAX, body, first_of_two, marker, may_take_token
from exlogare_ci.report.effects import Answer, Call, Effects, ReportError
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.place import Place

NAME: str = "github-comment"
TITLE: str = "the pull request's comment"
CI: tuple[str, ...] = ()
FILES: bool = False
SOURCES: tuple[str, ...] = ("https://docs.github.com/rest/issues/comments",)

BODY_BYTES_MAX: Final = 65_536
"""GitHub refuses more characters than that; a character is at least a byte."""
PAGE_SIZE: Final = 100

_NO_RIGHT: Final = frozenset({401, 403, 404})


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Update the job's comment, or write it; see ``Service.report``."""
    token = place.env.get("GITHUB_TOKEN") or place.env.get("GH_TOKEN")
    if not token:
        raise ReportError("no token is there: set GITHUB_TOKEN in the job, from ${{ github.token }}")
    number, repository = place.context.pull_request, place.env.get("GITHUB_REPOSITORY") or place.context.project
    if not number or not repository:
        return  # not a pull request
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository) or not number.isdecimal():
        raise ReportError(f"{repository} and {number} are no repository and pull request")
    root = f"{place.env.get('GITHUB_API_URL') or 'https://api.github.com'}/repos/{repository}/issues"
    if not may_take_token(root):
        raise ReportError("GITHUB_API_URL is no https:// address")
    content = msgspec.json.encode({"body": body(findings, place, BODY_BYTES_MAX)})
    for found in _own(f"{root}/{number}/comments", marker(place), token, effects):
        answer = effects.call(Call(method="PATCH", url=f"{root}/comments/{found}", body=content, token=token))
        if answer.is_success:
            return
        if answer.status not in _NO_RIGHT:
            raise _refused(answer)
    _write((f"{root}/{number}/comments", f"{root}/comments"), content, place, token, effects)


def _write(urls: tuple[str, str], content: bytes, place: Place, token: str, effects: Effects) -> None:
    """Write the comment, and take it away again where another run of the job was quicker."""
    url, one = urls
    answer = effects.call(Call(method="POST", url=url, body=content, token=token))
    if not answer.is_success:
        raise _refused(answer)
    both = first_of_two(answer, lambda: _own(url, marker(place), token, effects))
    if both is not None:
        first, second = both
        updated = effects.call(Call(method="PATCH", url=f"{one}/{first}", body=content, token=token))
        if updated.is_success:
            effects.call(Call(method="DELETE", url=f"{one}/{second}", token=token))


def _own(url: str, mark: str, token: str, effects: Effects) -> list[int]:
    """Find the comments that start with our marker, the oldest first."""
    found: list[int] = []
    for page in range(1, PAGES_MAX + 1):
        answer = effects.call(Call(method="GET", url=f"{url}?per_page={PAGE_SIZE}&page={page}", token=token))
        if not answer.is_success:
            raise _refused(answer)
        comments = decoded(answer)
        found += [item["id"] for item in comments if starts_with(item, mark) and isinstance(item.get("id"), int)]
        if len(comments) < PAGE_SIZE:
            return found[:OWN_MAX]
    if not found:
        raise ReportError(f"the first {PAGES_MAX * PAGE_SIZE} comments have none of ours, and there are more")
    return found[:OWN_MAX]


def starts_with(item: Any, mark: str) -> bool:
    """Tell whether a comment is one of ours by its first line."""
    return isinstance(item, dict) and str(item.get("body", "")).startswith(mark)


def decoded(answer: Answer) -> list[Any]:
    """Read a page of comments.

    Raises:
        ReportError: it is something else.
    """
    try:
        comments: Any = msgspec.json.decode(answer.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        comments = None
    if not isinstance(comments, list):
        raise ReportError("the list of comments could not be read")
    return comments


def _refused(answer: Answer) -> ReportError:
    if answer.status in _NO_RIGHT:
        return ReportError(
            f"GitHub answered {answer.status}: the job needs `permissions: pull-requests: write`; "
            "builds of forks are not given it"
        )
    return ReportError(f"GitHub answered {answer.status}")
