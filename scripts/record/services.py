"""How CI services show a job's log: pure functions of a job, in the form that each service's documentation describes.

A job is one recorded step among others that go well before it, and steps after it that fail in ways that explain
nothing: an artifact that was never made, a container that is already gone. Every function gives lines, each with the
recorded line that it shows, if any, so that a label can follow.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

START: Final = datetime(2026, 3, 4, 9, 15, 27, 104000, tzinfo=timezone.utc)
TICK: Final = timedelta(milliseconds=137)
GREEN, CYAN, RED, YELLOW, RESET = "\033[32;1m", "\033[36;1m", "\033[31;1m", "\033[0;33m", "\033[0;m"


@dataclass(frozen=True)
class Line:
    """One line of a job's log.

    Attributes:
        text: the line without its line feed.
        shows: the 1-based line of the recorded log that it shows; ``None`` for what the service says.
    """

    text: str
    shows: int | None = None


@dataclass(frozen=True)
class Job:
    """A recorded step in a job.

    Attributes:
        command: what the step ran.
        output: the recorded lines.
        status: the exit status of the step and so of the job.
    """

    command: str
    output: tuple[str, ...]
    status: int

    def shown(self, prefix: str = "") -> Iterator[Line]:
        """The recorded lines, each behind a prefix."""
        return (Line(prefix + text, number) for number, text in enumerate(self.output, start=1))


def said(*texts: str) -> list[Line]:
    """What the service says itself."""
    return [Line(text) for text in texts]


def stamped(lines: list[Line], form: Callable[[datetime], str]) -> list[Line]:
    """Put a time that goes on by ``TICK`` before every line."""
    return [Line(form(START + number * TICK) + line.text, line.shows) for number, line in enumerate(lines)]


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f") + "3Z "


def github(job: Job) -> list[Line]:
    """GitHub Actions. See https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands."""
    failed = job.status != 0
    lines = [
        *said("Current runner version: '2.329.0'", "##[group]Runner Image Provisioner", "Hosted Compute Agent"),
        *said("##[endgroup]", "##[group]GITHUB_TOKEN Permissions", "Contents: read", "Metadata: read", "##[endgroup]"),
        *said("Secret source: Actions", "Prepare workflow directory", "Prepare all required actions"),
        *said("Getting action download info", "Complete job name: test", "##[group]Run actions/checkout@v5", "with:"),
        *said("  repository: acme/shop", "  fetch-depth: 1", "##[endgroup]", "Syncing repository: acme/shop"),
        *said("##[group]Fetching the repository", "[command]/usr/bin/git fetch --no-tags --depth=1 origin"),
        *said("##[endgroup]", "HEAD is now at 4be1d0a Handle errors of the payment service"),
        *said(f"##[group]Run {job.command.splitlines()[0]}"),
        *[Line(f"\033[36;1m{line}\033[0m") for line in job.command.splitlines()],
        *said("shell: /usr/bin/bash -e {0}", "env:", "  FAIL_FAST: true", "##[endgroup]"),
        *job.shown(),
        *(said(f"##[error]Process completed with exit code {job.status}.") if failed else []),
        *said("##[group]Run actions/upload-artifact@v5", "with:", "  name: reports", "  path: reports/"),
        *said("  if-no-files-found: warn", "##[endgroup]"),
        *said("##[warning]No files were found with the provided path: reports/. No artifacts will be uploaded."),
        *said("Post job cleanup.", "[command]/usr/bin/git version", "git version 2.51.0"),
        *said("[command]/usr/bin/git config --local --name-only --get-regexp core\\.sshCommand"),
        *said("Failed to save: Unable to reserve cache with key ci-test-9f3a, another job may be creating this cache."),
        *said("Cleaning up orphan processes", "Terminate orphan process: pid (2214) (node)"),
    ]
    return stamped(lines, _iso)


def gitlab(job: Job) -> list[Line]:
    """GitLab CI. See https://docs.gitlab.com/ci/jobs/job_logs/ and /ci/yaml/ (``after_script``)."""
    failed = job.status != 0
    second = int(START.timestamp())

    def section(name: str, title: str, *inner: Line) -> list[Line]:
        start = f"section_start:{second}:{name}\r\033[0K\033[0K{CYAN}{title}{RESET}{RESET}"
        return [Line(start), *inner, Line(f"section_end:{second + 3}:{name}\r\033[0K")]

    commands = [Line(f"{GREEN}$ {line}{RESET}") for line in job.command.splitlines()]
    return [
        *said("Running with gitlab-runner 18.5.0 (bda84871)", "  on shared-runner-3 t2_UyzJf, system ID: s_5d1a"),
        *section(
            "prepare_executor", 'Preparing the "docker" executor', *said("Using Docker executor with image ci ...")
        ),
        *section(
            "get_sources", "Getting source from Git repository", *said("Checking out 4be1d0a7 as detached HEAD...")
        ),
        *section("step_script", 'Executing "step_script" stage of the job script', *commands, *job.shown()),
        *section(
            "after_script",
            "Running after_script",
            *said(f"{GREEN}$ docker rm -f test-db{RESET}", "Error: No such container: test-db"),
            *said(f"{YELLOW}WARNING: after_script failed, but job will continue unaffected: exit code 1{RESET}"),
        ),
        *section(
            f"upload_artifacts_on_{'failure' if failed else 'success'}",
            f"Uploading artifacts for {'failed' if failed else 'successful'} job",
            *said("Uploading artifacts...", f"{YELLOW}WARNING: reports/junit.xml: no matching files.{RESET}"),
            *said(f"{RED}ERROR: No files to upload{RESET}"),
        ),
        *section("cleanup_file_variables", "Cleaning up project directory and file based variables"),
        Line(f"{RED}ERROR: Job failed: exit code {job.status}{RESET}" if failed else f"{GREEN}Job succeeded{RESET}"),
    ]


def jenkins(job: Job) -> list[Line]:
    """Jenkins Pipeline. See https://www.jenkins.io/doc/pipeline/steps/workflow-durable-task-step/ and /junit/."""
    failed = job.status != 0
    return [
        *said("Started by an SCM change", "[Pipeline] Start of Pipeline", "[Pipeline] node"),
        *said("Running on agent-2 in /var/lib/jenkins/workspace/shop", "[Pipeline] {", "[Pipeline] stage"),
        *said("[Pipeline] { (Declarative: Checkout SCM)", "[Pipeline] checkout", "The recommended git tool is: NONE"),
        *said(
            "Checking out Revision 4be1d0a73f (origin/main)", 'Commit message: "Handle errors of the payment service"'
        ),
        *said("[Pipeline] }", "[Pipeline] // stage", "[Pipeline] stage", "[Pipeline] { (Test)", "[Pipeline] sh"),
        *[Line(f"+ {line}") for line in job.command.splitlines()],
        *job.shown(),
        *said("[Pipeline] }", "[Pipeline] // stage", "[Pipeline] stage", "[Pipeline] { (Declarative: Post Actions)"),
        *said("[Pipeline] archiveArtifacts", "Archiving artifacts"),
        *said('No artifacts found that match the file pattern "reports/**". Configuration error?'),
        *said("[Pipeline] sh", "+ docker rm -f test-db", "Error response from daemon: No such container: test-db"),
        *said(
            "[Pipeline] }", "[Pipeline] // stage", "[Pipeline] }", "[Pipeline] // node", "[Pipeline] End of Pipeline"
        ),
        *(said(f"ERROR: script returned exit code {job.status}") if failed else []),
        Line(f"Finished: {'FAILURE' if failed else 'SUCCESS'}"),
    ]


def circleci(job: Job) -> list[Line]:
    """CircleCI, its steps one after the other. See https://circleci.com/docs/reference/configuration-reference/#run."""
    return [
        *said("Build-agent version 1.0.300123 (2026-02-20T10:12:01+0000)", "Starting container cimg/base:current"),
        *said("Cloning into '.'...", "HEAD is now at 4be1d0a Handle errors of the payment service"),
        *said("#!/bin/bash -eo pipefail", *job.command.splitlines(), ""),
        *job.shown(),
        *(
            said("", f"Exited with code exit status {job.status}", f"CircleCI received exit code {job.status}")
            if job.status
            else []
        ),
        *said(
            "Uploading reports to artifacts",
            "No artifact files found at reports",
            "Archiving the following test results",
        ),
        *said("Unable to save test results from reports", "Error stat reports: no such file or directory"),
    ]
