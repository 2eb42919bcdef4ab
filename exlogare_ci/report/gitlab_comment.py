"""A comment (a note) on the merge request on GitLab, one for each job, updated in place."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

import msgspec

from exlogare_ci.report.comment import OWN_MAX, PAGES_MAX, body, first_of_two, marker, may_take_token
from exlogare_ci.report.effects import Answer, Call, Effects, ReportError
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.github_comment import decoded, starts_with
from exlogare_ci.report.place import Place

NAME: str = "gitlab-comment"
TITLE: str = "the merge request's comment"
CI: tuple[str, ...] = ()
FILES: bool = False
SOURCES: tuple[str, ...] = (
    "https://docs.gitlab.com/api/notes/",
    "https://docs.gitlab.com/api/rest/authentication/",
)

BODY_BYTES_MAX: Final = 1_000_000
"""The longest note that GitLab takes, in characters."""
PAGE_SIZE: Final = 100
TOKEN_VARIABLE: Final = "GITLAB_TOKEN"  # noqa: S105 - a variable's name

_NO_RIGHT: Final = frozenset({401, 403, 404})


def report(findings: Sequence[Finding], place: Place, effects: Effects) -> None:
    """Update the job's comment, or write it; see ``Service.report``. The job's own token may not comment."""
    token = place.env.get(TOKEN_VARIABLE)
    if not token:
        raise ReportError(f"no token is there: set {TOKEN_VARIABLE} to a project access token with the scope api")
    # A fork's merge request may be built in the fork, whose own merge requests are others.
    project = place.env.get("CI_MERGE_REQUEST_PROJECT_ID") or place.env.get("CI_PROJECT_ID")
    number = place.context.pull_request
    if not project or not number:
        return  # not a merge request
    api = place.env.get("CI_API_V4_URL", "")
    if not may_take_token(api):
        raise ReportError("CI_API_V4_URL is no https:// address, where a token may be sent")
    url = f"{api}/projects/{quote(project, safe='')}/merge_requests/{quote(number, safe='')}/notes"
    content = msgspec.json.encode({"body": body(findings, place, BODY_BYTES_MAX)})
    for found in _own(url, marker(place), token, effects):
        answer = effects.call(Call(method="PUT", url=f"{url}/{found}", body=content, token=token))
        if answer.is_success:
            return
        if answer.status not in _NO_RIGHT:
            raise _refused(answer)
    answer = effects.call(Call(method="POST", url=url, body=content, token=token))
    if not answer.is_success:
        raise _refused(answer)
    both = first_of_two(answer, lambda: _own(url, marker(place), token, effects))
    if both is not None:
        first, second = both
        updated = effects.call(Call(method="PUT", url=f"{url}/{first}", body=content, token=token))
        if updated.is_success:
            effects.call(Call(method="DELETE", url=f"{url}/{second}", token=token))


def _own(url: str, mark: str, token: str, effects: Effects) -> list[int]:
    """Find the notes that start with our marker, the oldest first."""
    found: list[int] = []
    for page in range(1, PAGES_MAX + 1):
        query = f"?sort=asc&order_by=created_at&per_page={PAGE_SIZE}&page={page}"
        answer = effects.call(Call(method="GET", url=url + query, token=token))
        if not answer.is_success:
            raise _refused(answer)
        notes = decoded(answer)
        found += [item["id"] for item in notes if starts_with(item, mark) and isinstance(item.get("id"), int)]
        if len(notes) < PAGE_SIZE:
            return found[:OWN_MAX]
    if not found:
        raise ReportError(f"the first {PAGES_MAX * PAGE_SIZE} notes have none of ours, and there are more")
    return found[:OWN_MAX]


def _refused(answer: Answer) -> ReportError:
    if answer.status in _NO_RIGHT:
        return ReportError(
            f"GitLab answered {answer.status}: {TOKEN_VARIABLE} needs the scope api and a role to comment"
        )
    return ReportError(f"GitLab answered {answer.status}")
