"""Options of the commands that talk to a server, and what they make of them."""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from exlogare_ci.settings import Settings
    from exlogare_ci.transport import Transport

_Command = TypeVar("_Command", bound=Callable[..., Any])

TIMEOUT_S_MAX = 600.0


def server_options(command: _Command) -> _Command:
    """Add the options of ``address_options`` and ``--profile`` to a command.

    A profile is handed on as its variable, and not as a parameter.
    """
    return address_options(
        click.option(
            "--profile", metavar="NAME", expose_value=False, callback=_take_profile,
            help="The server and token that exl auth login kept under this name; EXLOGARE_PROFILE when not given.",
        )(command)
    )  # fmt: skip


def address_options(command: _Command) -> _Command:
    """Add ``--url``, ``--timeout`` (as ``timeout_s``) and ``--ca-bundle`` to a command."""
    for option in (
        click.option("--ca-bundle", metavar="FILE", help="Certificates to trust instead of the system's."),
        click.option(
            "--timeout", "timeout_s", metavar="SECONDS", type=click.FloatRange(min=1, max=TIMEOUT_S_MAX),
            help="The budget for all tries together; EXLOGARE_TIMEOUT or 60 when not given.",
        ),
        click.option("--url", metavar="URL", help="The server; EXLOGARE_URL when not given."),
    ):  # fmt: skip
        command = option(command)
    return command


def _take_profile(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    del context, parameter
    if value is not None:
        os.environ["EXLOGARE_PROFILE"] = value


def load_settings(
    url: str | None,
    timeout_s: float | None,
    ca_bundle: str | None,
    *,
    strict: bool = False,
    env: Mapping[str, str] | None = None,
) -> "Settings":
    """Read the settings; an unknown variable is named on standard error.

    Args:
        url: ``--url``.
        timeout_s: ``--timeout``.
        ca_bundle: ``--ca-bundle``.
        strict: ``--strict``.
        env: the environment; the process's when ``None``.

    Returns:
        The settings.

    Raises:
        SettingsError: a value cannot be used.
    """
    from exlogare_ci import plugins, settings  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.cli.errors import report_error  # noqa: PLC0415

    environment = os.environ if env is None else env
    warning = settings.unknown_variables_warning(environment)
    if warning:
        report_error(warning)
    for problem in plugins.load(environment).problems:
        report_error(problem)
    return settings.load(environment, url=url, timeout_s=timeout_s, ca_bundle=ca_bundle, strict=strict)


def open_transport(options: "Settings", *, env: Mapping[str, str] | None = None) -> "Transport":
    """Make the transport for commands that read from the server; a person may be there to unlock a keychain.

    Raises:
        MissingSettingError: no server or no token is set.
        SettingsError: one of them cannot be used.
        KeychainError: the keychain cannot be asked.
    """
    from exlogare_ci.credentials import find  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.transport import Transport  # noqa: PLC0415

    url = options.server_url()
    credential = find(os.environ if env is None else env, url)
    return Transport(
        url,
        credential.token,
        timeout_s=options.timeout_s,
        ca_bundle=options.ca_bundle,
        allow_http=options.allow_http,
    )
