"""Recorded logs as CI services show them, and their labels moved along."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from scripts.record.services import Job, Line, circleci, github, gitlab, jenkins
from scripts.record.services_more import azure, buildkite, drone, plain, teamcity, travis, woodpecker

SERVICES: Final[dict[str, Callable[[Job], list[Line]]]] = {
    "azure": azure,
    "buildkite": buildkite,
    "circleci": circleci,
    "drone": drone,
    "github": github,
    "gitlab": gitlab,
    "jenkins": jenkins,
    "plain": plain,
    "teamcity": teamcity,
    "travis": travis,
    "woodpecker": woodpecker,
}
WRAPPED: Final = (
    ("azure", "cargo__clippy"),
    ("azure", "ctest__fail"),
    ("azure", "gxx__template_error"),
    ("azure", "ninja__fail"),
    ("azure", "tsc__errors"),
    ("azure", "vitest__pass_misleading"),
    ("buildkite", "cargo__pass_misleading"),
    ("buildkite", "go__panic"),
    ("buildkite", "go__testify_like"),
    ("buildkite", "isort__check"),
    ("buildkite", "pipeline__cargo_many_crates"),
    ("buildkite", "rspec__fail"),
    ("circleci", "jest__assert"),
    ("circleci", "jest__pass_misleading"),
    ("circleci", "pipeline__go_lint_build_test"),
    ("circleci", "python__traceback"),
    ("circleci", "tox__fail"),
    ("drone", "curl__dns"),
    ("drone", "go__compile_error"),
    ("drone", "go__pass_misleading"),
    ("drone", "pytest__many_failures"),
    ("drone", "wget__http_404"),
    ("github", "cargo__compile_error"),
    ("github", "eslint__errors"),
    ("github", "mypy__pass"),
    ("github", "npm__eresolve"),
    ("github", "pipeline__lint_then_tests"),
    ("github", "pipeline__npm_ci_build_test"),
    ("github", "pytest__assert"),
    ("github", "pytest__pass_misleading"),
    ("github", "vitest__assert"),
    ("gitlab", "bash__command_not_found"),
    ("gitlab", "gcc__asan"),
    ("gitlab", "phpunit__fail"),
    ("gitlab", "pip__resolution_impossible"),
    ("gitlab", "pipeline__docker_like_npm"),
    ("gitlab", "pipeline__retry_then_success"),
    ("gitlab", "unittest__pass_misleading"),
    ("jenkins", "jq__parse_error"),
    ("jenkins", "make__failing_recipe"),
    ("jenkins", "maven__dependency_unresolvable"),
    ("jenkins", "maven__pass_misleading"),
    ("jenkins", "maven__surefire_failure"),
    ("jenkins", "pipeline__maven_noisy_tests"),
    ("jenkins", "rspec__pass_misleading"),
    ("plain", "bandit__issue"),
    ("plain", "bash__killed"),
    ("plain", "black__parse_error"),
    ("plain", "make__pass_misleading"),
    ("plain", "mypy__errors"),
    ("plain", "pipeline__server_not_up"),
    ("teamcity", "gradle__compile_error"),
    ("teamcity", "gradle__pass_misleading"),
    ("teamcity", "javac__cannot_find_symbol"),
    ("teamcity", "maven__multi_module"),
    ("teamcity", "pytest__xdist"),
    ("travis", "gcc__missing_header"),
    ("travis", "minitest__fail"),
    ("travis", "pipeline__make_many_files"),
    ("travis", "prove__pass_misleading"),
    ("woodpecker", "go__subtests"),
    ("woodpecker", "ld__undefined_reference"),
    ("woodpecker", "npm__ci_lock_mismatch"),
    ("woodpecker", "npm__pass_misleading"),
)
STATUSES: Final = {
    "bash__command_not_found": 127,
    "bash__killed": 137,
    "cargo__clippy": 101,
    "cargo__compile_error": 101,
    "ctest__fail": 8,
    "curl__dns": 6,
    "make__failing_recipe": 2,
    "pipeline__cargo_many_crates": 101,
    "pipeline__make_many_files": 2,
    "tsc__errors": 2,
}
"""What the recorded commands exited with, where it was not 1."""


def name_of(service: str, case: str) -> str:
    """The name of a wrapped case: ``ci_<service>__<case>``, with one underscore in the case's own name."""
    return f"ci_{service}__{case.replace('__', '_')}"


def wrap(service: str, case: str, folder: Path) -> tuple[bytes, dict[str, Any]]:
    """A recorded log in a service's form, and its label.

    Args:
        service: a key of ``SERVICES``.
        case: the recorded case; its log and its label must be in ``folder``.
        folder: where the recorded logs are.

    Raises:
        KeyError: the case has no label yet.
    """
    label = json.loads((folder / f"{case}.json").read_text(encoding="utf-8"))
    expect = label["expect"]
    recorded = (folder / f"{case}.log").read_text(encoding="utf-8", errors="surrogateescape").rstrip("\n").split("\n")
    lines = SERVICES[service](Job(label["command"], tuple(recorded), STATUSES.get(case, 1) if expect["failed"] else 0))
    place = {line.shows: number for number, line in enumerate(lines, start=1) if line.shows is not None}
    if expect["failed"]:
        moved = [[place[start], place[end]] for start, end in expect["cause_lines"]]
        expect |= {"cause_lines": moved, "span": [place[number] for number in expect["span"]]}
    text = "".join(f"{line.text}\n" for line in lines)
    return text.encode("utf-8", errors="surrogateescape"), label
