"""How the client is set up: environment variables and options, checked, with a sentence for each mistake."""

import difflib
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from exlogare_ci.errors import MissingSettingError, SettingsError

TIMEOUT_S = 60.0
TIMEOUT_S_MAX = 600.0
"""Longer than this a CI job would seem to hang."""

KNOWN_VARIABLES: Mapping[str, str] = {
    "EXLOGARE_URL": "the server's root, e.g. https://exlogare.example.org",
    "EXLOGARE_ENDPOINT": "the same, under the name that the GitHub action uses",
    "EXLOGARE_TOKEN": "the API token, exl_…",
    "EXLOGARE_PROFILE": "the name of a profile of exl auth login: its server and its token are used",
    "EXLOGARE_CONFIG_DIR": "the folder of the profiles; unset: the system's usual one",
    "EXLOGARE_STRICT": "1: a failed upload fails the command",
    "EXLOGARE_TIMEOUT": "seconds for one upload with all its retries, 1 to 600, default 60",
    "EXLOGARE_CA_BUNDLE": "a file of certificates to trust",
    "EXLOGARE_ALLOW_HTTP": "1: send the token over plain HTTP to other machines, too",
    "EXLOGARE_DEBUG": "1: show tracebacks",
    "EXLOGARE_CACHE_DIR": "where compiled patterns are kept",
    "EXLOGARE_LLM_BASE_URL": "a model's OpenAI-compatible endpoint, e.g. https://llm.example.org/v1; unset: no model",
    "EXLOGARE_LLM_API_KEY": "the endpoint's key, where it wants one",
    "EXLOGARE_LLM_MODEL": "the model's name there",
    "EXLOGARE_LLM_TIMEOUT": "seconds that the model may take, 1 to 60, default 10",
    "EXLOGARE_LLM_THRESHOLD": "the confidence below which the model is asked, 0 to 1, default 0.4",
    "EXLOGARE_RUN": "exl step: the script to run and, when it fails, to explain",
    "EXLOGARE_LOG_PATH": "exl step: the log to explain, where there is no script to run; - reads standard input",
    "EXLOGARE_STATUS": "exl step: how the job ended; what the CI service says, else failed",
    "EXLOGARE_WORKING_DIRECTORY": "exl step: the folder to work in",
    "EXLOGARE_PROJECT": "exl step: the project, where it cannot be detected",
    "EXLOGARE_PROVIDER": "exl step: the CI service, where it cannot be detected",
    "EXLOGARE_REPORT": "exl step: where the result also goes, see exl run --report",
    "EXLOGARE_REPORT_DIR": "exl step: where reports that are files go",
    "EXLOGARE_OUTPUT_FILE": "exl step: a file for the result as JSON",
    "EXLOGARE_EXL": "the exl to use, where a package of ours would look for one",
    "EXLOGARE_VERSION": "the version of exlogare-ci that a package of ours installs",
    "EXLOGARE_CI": "the name of the CI service, where detection goes wrong",
    "EXLOGARE_PLUGINS": "names of installed plug-ins to use, with commas between them",
    "EXLOGARE_JOB_ID": "the job's id, where the service has no variable for it",
    "EXLOGARE_SPOOL_DIR": "a folder that outlives the job, for logs that could not be sent; unset: they are not kept",
    "EXLOGARE_CI_TOKEN": "a token of the CI service's API, to fetch the failed job's log; wins over the service's own",
    "EXLOGARE_CI_USER": "the user that the token belongs to, where the CI service wants a name, too (Jenkins, GoCD)",
    "EXLOGARE_CI_API_URL": "the root of the CI service's API, where it is not at the usual place",
    "EXLOGARE_CI_CA_BUNDLE": "a file of certificates to trust when the CI service is asked",
}
"""Every variable of the client, with its meaning."""
KNOWN_PREFIXES = (
    "EXLOGARE_ACTION_",  # the GitHub action's own inputs
    "EXLOGARE_DATABASE_", "EXLOGARE_INGEST_", "EXLOGARE_REDIS_", "EXLOGARE_RETENTION_", "EXLOGARE_SERVER_",
    "EXLOGARE_TRUSTED_", "EXLOGARE_WEBHOOK_",  # the server's
    "EXLOGARE_TEST_",  # this project's tests
)  # fmt: skip
"""Variables of other parts of the project. Any further one that starts with EXLOGARE_ is likely misspelt."""

_PREFIX = "EXLOGARE_"
_API_PATH = re.compile(r"/api(?:/ingest(?:/[a-z]*)?)?$")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the client needs to know beside the run. The token is apart, see ``credentials``.

    Attributes:
        url: the server's root without a slash at its end; ``None`` when none is set.
        timeout_s: the budget of one upload, 1 to 600.
        ca_bundle: a file of certificates to trust instead of the system's.
        strict: whether a failed upload is the command's failure.
        allow_http: whether the token may travel unencrypted to other machines.
    """

    url: str | None = None
    timeout_s: float = TIMEOUT_S
    ca_bundle: str | None = None
    strict: bool = False
    allow_http: bool = False

    def server_url(self) -> str:
        """Give the server's root.

        Raises:
            MissingSettingError: none is set.
        """
        if self.url is None:
            raise MissingSettingError(
                "No server is set.", "Set EXLOGARE_URL (or --url) to your Exlogare server's address."
            )
        return self.url


def load(
    env: Mapping[str, str],
    *,
    url: str | None = None,
    timeout_s: float | None = None,
    ca_bundle: str | None = None,
    strict: bool = False,
) -> Settings:
    """Read the settings; an option wins over its variable.

    Args:
        env: the environment.
        url: ``--url``.
        timeout_s: ``--timeout``.
        ca_bundle: ``--ca-bundle``.
        strict: ``--strict``.

    Returns:
        The settings.

    Raises:
        SettingsError: a value cannot be used; the sentence names the variable or option and what it takes.
    """
    address, source = _address(env, url)
    timeout, timeout_source = _first(
        (None if timeout_s is None else str(timeout_s), "--timeout"),
        (env.get("EXLOGARE_TIMEOUT"), "EXLOGARE_TIMEOUT"),
    )
    bundle, _ = _first((ca_bundle, "--ca-bundle"), (env.get("EXLOGARE_CA_BUNDLE"), "EXLOGARE_CA_BUNDLE"))
    return Settings(
        url=None if address is None else _checked_url(address, source),
        timeout_s=TIMEOUT_S if timeout is None else _checked_timeout_s(timeout, timeout_source),
        ca_bundle=bundle,
        strict=strict or _switch(env, "EXLOGARE_STRICT"),
        allow_http=_switch(env, "EXLOGARE_ALLOW_HTTP"),
    )


def unknown_variables_warning(env: Mapping[str, str]) -> str | None:
    """Name the variables that look like ours and are not.

    Args:
        env: the environment.

    Returns:
        A sentence; ``None`` when there are none.
    """
    unknown = sorted(
        name
        for name in env
        if name.startswith(_PREFIX) and name not in KNOWN_VARIABLES and not name.startswith(KNOWN_PREFIXES)
    )
    if not unknown:
        return None
    parts = []
    for name in unknown:
        close = difflib.get_close_matches(name, KNOWN_VARIABLES, n=1, cutoff=0.8)
        parts.append(f"{name} (did you mean {close[0]}?)" if close else name)
    return f"ignored unknown variable{'s' if len(parts) > 1 else ''} {', '.join(parts)}."


def _address(env: Mapping[str, str], url: str | None) -> tuple[str | None, str]:
    """Give the server's URL and where it comes from; a profile that is named brings its own."""
    from exlogare_ci import profiles  # noqa: PLC0415 - only for people

    profile = profiles.named(env)
    if profile is None:
        return _first((url, "--url"), *((env.get(name), name) for name in ("EXLOGARE_URL", "EXLOGARE_ENDPOINT")))
    address = profiles.url_of(env, profile)
    if url and _checked_url(url, "--url") != address:
        raise SettingsError(
            f"--url is another server than that of the profile {profile!r}, {address}.", "Give one of the two."
        )
    return address, f"the profile {profile!r}"


def _first(*candidates: tuple[str | None, str]) -> tuple[str | None, str]:
    for value, source in candidates:
        if value is not None and value.strip():
            return value.strip(), source
    return None, ""


def _checked_url(value: str, source: str) -> str:
    wanted = (
        f"Give the server's root, e.g. {source}{' ' if source.startswith('-') else '='}https://exlogare.example.org."
    )
    try:
        parts = urlsplit(value)
        port_is_valid = parts.port != 0
    except ValueError:
        raise SettingsError(f"{source} is no URL.", wanted) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_valid:
        raise SettingsError(f"{source} is no http or https URL.", wanted)
    if "@" in parts.netloc:
        raise SettingsError(f"{source} holds a user name or a token.", f"{wanted} Put the token in EXLOGARE_TOKEN.")
    if parts.query or parts.fragment or not value.isprintable() or " " in value:
        raise SettingsError(f"{source} has more than an address in it.", wanted)
    return _API_PATH.sub("", value.rstrip("/")).rstrip("/")


def _checked_timeout_s(value: str, source: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 1 <= seconds <= TIMEOUT_S_MAX:
        raise SettingsError(f"{source} is {value!r}.", f"Give a number of seconds from 1 to {TIMEOUT_S_MAX:.0f}.")
    return seconds


def _switch(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value not in _TRUE | _FALSE:
        raise SettingsError(f"{name} is {value!r}.", "Set it to 1 or 0.")
    return value in _TRUE
