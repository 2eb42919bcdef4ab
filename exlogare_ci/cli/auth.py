"""``exl auth``: the token in the system's keychain."""

import os
import sys
from typing import TYPE_CHECKING

import click

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.errors import report_error
from exlogare_ci.cli.server_options import load_settings, server_options

if TYPE_CHECKING:
    from exlogare_ci.settings import Settings

_TOKEN_BYTES_MAX = 64 * 1024


@click.group("auth", short_help="Log in, log out, show who you are.")
def auth_group() -> None:
    """Keep the API token in the system's keychain; EXLOGARE_TOKEN wins over it.

    \b
    Examples:
      exl auth login --url https://exlogare.example.org
      exl auth status
      exl auth logout
    """  # noqa: D301 - \b is click's own mark


@auth_group.command("login", epilog="Example: exl auth login --token-stdin < token.txt")
@click.option("--token-stdin", is_flag=True, help="Read the token from standard input, without asking.")
@click.option("--no-check", is_flag=True, help="Do not ask the server whether it takes the token.")
@server_options
def login_command(
    *, token_stdin: bool, no_check: bool, url: str | None, timeout_s: float | None, ca_bundle: str | None
) -> None:
    """Check a token with the server and keep it.

    The token is asked for without showing it. It is kept for the server of --url or EXLOGARE_URL; without
    one, for any server, unchecked.
    """
    from exlogare_ci import credentials  # noqa: PLC0415 - not needed for --help

    options = load_settings(url, timeout_s, ca_bundle)
    if token_stdin:
        token = sys.stdin.buffer.read(_TOKEN_BYTES_MAX).decode("utf-8", "replace").strip()
    else:
        token = click.prompt("API token", hide_input=True, err=True).strip()
    credentials.checked_token(token, "what you gave")
    checked = "not checked"
    if options.url is not None and not no_check:
        checked = _verdict(options, token)
    credentials.store(token, options.url)
    place = options.url or "any server"
    click.echo(f"exl: token {credentials.shown(token)} is kept for {place} ({checked})")
    if os.environ.get("EXLOGARE_TOKEN", "").strip():
        report_error("EXLOGARE_TOKEN is set and wins over the keychain. Unset it to use the token kept now.")


@auth_group.command("status", epilog="Example: exl auth status --format json")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@server_options
def status_command(*, format_name: str, url: str | None, timeout_s: float | None, ca_bundle: str | None) -> int:
    """Show the server, where the token comes from, and whether the server takes it.

    Exit code: 0 when it does, 4 without server or token, 5 when the server refuses it, 6 when it cannot be
    asked.
    """
    import json  # noqa: PLC0415 - only here

    from exlogare_ci.cli.errors import describe  # noqa: PLC0415
    from exlogare_ci.credentials import find, shown  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.errors import ClientError  # noqa: PLC0415

    options = load_settings(url, timeout_s, ca_bundle)
    known = {"server": options.url, "token": None, "source": None, "checked": None}
    problem: ClientError | None = None
    try:
        credential = find(os.environ, options.url)
        known |= {"token": shown(credential.token), "source": credential.source}
        options.server_url()
        known["checked"] = _verdict(options, credential.token)
    except ClientError as error:
        problem = error
    if format_name == "json":
        click.echo(json.dumps({**known, "problem": None if problem is None else str(problem)}))
    else:
        click.echo("".join(f"{name:8} {value or '-'}\n" for name, value in known.items()), nl=False)
    if problem is None:
        return exit_codes.OK
    message, code = describe(problem)
    report_error(message)
    return code


@auth_group.command("logout", epilog="Example: exl auth logout")
@server_options
def logout_command(*, url: str | None, timeout_s: float | None, ca_bundle: str | None) -> None:
    """Remove the token from the keychain."""
    from exlogare_ci import credentials  # noqa: PLC0415 - not needed for --help

    options = load_settings(url, timeout_s, ca_bundle)
    count = credentials.forget(options.url)
    click.echo("exl: the token is removed" if count else "exl: there was no token to remove")
    if os.environ.get("EXLOGARE_TOKEN", "").strip():
        report_error("EXLOGARE_TOKEN is still set.")


def _verdict(options: "Settings", token: str) -> str:
    """Ask the server whether it takes a token.

    Returns:
        That the server takes it; a token for uploads only is a good one, too.

    Raises:
        UploadError: the server does not take the token, or cannot be asked.
    """
    from exlogare_ci.errors import RefusedError  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.transport import Transport  # noqa: PLC0415

    transport = Transport(
        options.server_url(), token, timeout_s=options.timeout_s, ca_bundle=options.ca_bundle,
        allow_http=options.allow_http,
    )  # fmt: skip
    try:
        transport.get("/api/v1/analyses", {"limit": "1"})
    except RefusedError as error:
        if error.status == 403 and "scope" in error.cause:  # noqa: PLR2004 - right token, not this scope
            return "the server takes it, for uploads only"
        raise
    return "the server takes it"
