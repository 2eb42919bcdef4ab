"""``--report`` and ``--report-dir``: findings into the CI service's own places."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from exlogare_ci.cli.errors import report_error

if TYPE_CHECKING:
    from exlogare_ci.context import RunContext
    from exlogare_ci.report.finding import Finding

REPORT_NAMES: Final = (
    "auto", "none", "github", "github-comment", "gitlab", "gitlab-comment", "azure", "teamcity", "buildkite",
    "appveyor", "bitbucket", "drone", "jenkins", "junit",
)  # fmt: skip
"""Beside the two words the names in ``exlogare_ci.report.services``, which is not loaded just to show help."""

CI_VARIABLES: Final = frozenset(
    {
        "APPVEYOR", "ATC_EXTERNAL_URL", "BAMBOO_BUILDKEY", "BAMBOO_PLANKEY", "BITBUCKET_BUILD_NUMBER",
        "BITBUCKET_PIPELINE_UUID", "BITRISE_BUILD_SLUG", "BITRISE_IO", "BUDDY", "BUILDER_OUTPUT", "BUILDKITE",
        "BUILD_ID", "BUILD_TAG", "CF_BUILD_ID", "CI", "CIRCLECI", "CIRRUS_CI", "CI_SYSTEM_NAME", "CODEBUILD_BUILD_ARN",
        "CODEBUILD_BUILD_ID", "DRONE", "EXLOGARE_CI", "FORGEJO_ACTIONS", "GITEA_ACTIONS", "GITHUB_ACTIONS", "GITLAB_CI",
        "GO_PIPELINE_NAME", "HARNESS_BUILD_ID", "HUDSON_URL", "JENKINS_HOME", "JENKINS_URL", "SEMAPHORE",
        "TEAMCITY_VERSION", "TF_BUILD", "TRAVIS",
    }
)  # fmt: skip
"""In capitals: without any of these no CI service shows itself, which is known before the adapters are loaded."""

BUDGET_S: Final = 25.0
"""For all places together."""

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Struct = TypeVar("_Struct")


def report_options(command: _Command) -> _Command:
    """Add ``--report`` (as ``reports``: names, ``None`` when not given) and ``--report-dir`` (``report_folder``)."""
    for option in (
        click.option(
            "--report-dir", "report_folder", metavar="DIR", type=click.Path(),
            help="Also write reports that are files (JUnit, code quality) there, for the job to keep.",
        ),
        click.option(
            "--report", "reports", metavar="NAME[,NAME]", callback=_checked_names,
            shell_complete=_completed_names,
            help=f"Where the result also goes: {', '.join(REPORT_NAMES)}.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


def _checked_names(context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    del context
    if value is None:
        return None
    try:
        return report_names(value)
    except ValueError as error:
        raise click.BadParameter(str(error), param=parameter) from None


def report_names(text: str) -> tuple[str, ...]:
    """Read the names of places.

    Args:
        text: names with commas between them, any case.

    Raises:
        ValueError: there is no such place, or none at all; the message is a sentence for the user.
    """
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in REPORT_NAMES]
    if unknown or not names:
        what = f"there is no {unknown[0]!r}" if unknown else "no name is given"
        raise ValueError(f"{what}. Known are: {', '.join(REPORT_NAMES)}.")
    if "none" in names and len(names) > 1:
        raise ValueError("none goes with no other name.")
    return names


def _completed_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Complete the last name of a list."""
    del context, parameter
    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in REPORT_NAMES if name.startswith(last)]


def report_findings(
    findings: "Sequence[Finding]",
    names: Sequence[str],
    folder: str | None,
    context: "RunContext",
    env: Mapping[str, str],
    *,
    inside_line: bool = False,
) -> None:
    """Report findings; a place that cannot be reached costs one line on standard error, and nothing else.

    Args:
        findings: any, secrets masked; those of the context are masked here.
        names: names of places, ``auto`` or ``none``.
        folder: where reports that are files go; ``None`` for none but those asked for by name.
        context: what is known of the run.
        env: the environment.
        inside_line: whether what was printed so far may have ended in the middle of a line.
    """
    from exlogare_ci.report.deliver import deliver  # noqa: PLC0415 - only where there is something to report
    from exlogare_ci.report.place import Place  # noqa: PLC0415
    from exlogare_ci.report.real_effects import RealEffects  # noqa: PLC0415
    from exlogare_ci.report.services import chosen  # noqa: PLC0415

    services = chosen(names, context.ci, with_files=folder is not None)
    if not services:
        return
    context = _masked(context, type(context), env)
    effects = RealEffects(BUDGET_S, ca_bundle=env.get("EXLOGARE_CA_BUNDLE") or None, inside_line=inside_line)
    deliver(findings, services, Place(env=env, context=context, folder=folder), effects, report_error)


def report_analyses(
    findings: "Sequence[Finding]", names: Sequence[str], folder: str | None, env: Mapping[str, str]
) -> None:
    """Report findings of logs that were read from files, as ``report_findings`` does for a command's output.

    Args:
        findings: any.
        names: see ``report_findings``.
        folder: see ``report_findings``.
        env: the environment; what it holds as secret is masked.
    """
    if "none" in names or not any(finding.analysis.failed for finding in findings):
        return
    is_plain = folder is None and names == ("auto",)
    if is_plain and not any(name.upper() in CI_VARIABLES for name in env):
        return  # as most people call it; loading adapters and reporters takes longer than the analysis
    from exlogare_ci.adapters import UnknownServiceError, detect  # noqa: PLC0415 - only where there is a failure
    from exlogare_ci.context import RunContext  # noqa: PLC0415

    try:
        context = detect(env)
    except UnknownServiceError as error:
        report_error(str(error))
        context = RunContext()
    if is_plain and context.ci == "local":
        return
    import msgspec  # noqa: PLC0415 - only where there is something to report

    masked = [_masked(msgspec.structs.replace(item, workspace=context.workspace), type(item), env) for item in findings]
    report_findings(masked, names, folder, context, env)


def _masked(value: _Struct, kind: type[_Struct], env: Mapping[str, str]) -> _Struct:
    """Mask the environment's secrets in every text of a structure."""
    import msgspec  # noqa: PLC0415 - see above

    from exlogare_ci.redact import redact_text  # noqa: PLC0415
    from exlogare_ci.upload import further_secrets  # noqa: PLC0415

    extra = tuple(further_secrets(env))

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return redact_text(value, env, extra)
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items()}
        return [walk(item) for item in value] if isinstance(value, (list, tuple)) else value

    return msgspec.convert(walk(msgspec.to_builtins(value)), kind, strict=False)
