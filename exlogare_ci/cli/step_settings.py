"""The settings of ``exl step``: variables, and how a CI service's own names for them become these.

Every package of ours for a CI service hands its settings on as environment variables; this is their one table.
``integrations/inputs.yml`` says what they mean; a test holds the two together.
"""

import difflib
from collections.abc import Mapping
from typing import Final, NamedTuple

from exlogare_ci.settings import KNOWN_VARIABLES

STEP_VARIABLES: Final[Mapping[str, str]] = {
    "run": "EXLOGARE_RUN",
    "log_path": "EXLOGARE_LOG_PATH",
    "status": "EXLOGARE_STATUS",
    "working_directory": "EXLOGARE_WORKING_DIRECTORY",
    "project": "EXLOGARE_PROJECT",
    "provider": "EXLOGARE_PROVIDER",
    "report": "EXLOGARE_REPORT",
    "report_dir": "EXLOGARE_REPORT_DIR",
    "output_file": "EXLOGARE_OUTPUT_FILE",
}
"""Setting to variable: those that only ``exl step`` reads."""

CLIENT_VARIABLES: Final[Mapping[str, str]] = {
    "token": "EXLOGARE_TOKEN",
    "url": "EXLOGARE_URL",
    "endpoint": "EXLOGARE_ENDPOINT",
    "strict": "EXLOGARE_STRICT",
    "fail_on_error": "EXLOGARE_STRICT",
    "timeout": "EXLOGARE_TIMEOUT",
    "ca_bundle": "EXLOGARE_CA_BUNDLE",
    "allow_http": "EXLOGARE_ALLOW_HTTP",
    "spool_dir": "EXLOGARE_SPOOL_DIR",
    "ci_token": "EXLOGARE_CI_TOKEN",
    "ci_user": "EXLOGARE_CI_USER",
    "ci_api_url": "EXLOGARE_CI_API_URL",
    "job_id": "EXLOGARE_JOB_ID",
}
"""Setting to variable: those that every command reads."""

INSTALLER_SETTINGS: Final = frozenset({"version", "cli_version", "exl"})
"""For the script that finds ``exl``; here they have had their effect already."""

REPORT_SETTINGS: Final = frozenset({"card_template"})
"""For a service's own form of the result, which reads them under the service's own name."""


class Prefixed(NamedTuple):
    """What a service's own variables say.

    Attributes:
        variables: our variables, with their values.
        unknown: a sentence about settings that there are not; ``None`` when there are none.
    """

    variables: Mapping[str, str]
    unknown: str | None


def from_prefix(env: Mapping[str, str], prefix: str) -> Prefixed:
    """Read settings that a CI service hands on under names of its own, e.g. ``PLUGIN_LOG_PATH``.

    Args:
        env: the environment.
        prefix: what the names start with; not empty.

    Returns:
        Our variables; an empty value counts as not set.
    """
    variables = {**STEP_VARIABLES, **CLIENT_VARIABLES}
    found: dict[str, str] = {}
    unknown: list[str] = []
    for name in sorted(name for name in env if name.startswith(prefix)):
        if name in KNOWN_VARIABLES:
            continue  # the prefix may be that of our own variables
        setting = name[len(prefix) :].lower()
        if setting in variables:
            if env[name].strip():
                found[variables[setting]] = env[name]
        elif setting not in INSTALLER_SETTINGS | REPORT_SETTINGS:
            close = difflib.get_close_matches(setting, variables, n=1, cutoff=0.7)
            unknown.append(f"{setting} (did you mean {close[0]}?)" if close else setting)
    if not unknown:
        return Prefixed(found, None)
    return Prefixed(found, f"there is no setting {', '.join(unknown)}. Known are: {', '.join(sorted(variables))}.")
