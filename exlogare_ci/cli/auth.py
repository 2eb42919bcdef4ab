"""``exl auth``: the token in the system's keychain, or where asked for in a file; profiles for several servers."""

import os
import sys
from typing import TYPE_CHECKING

import click

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.errors import report_error
from exlogare_ci.cli.server_options import address_options, load_settings, server_options

if TYPE_CHECKING:
    from exlogare_ci.settings import Settings

_TOKEN_BYTES_MAX = 64 * 1024


@click.group("auth", short_help="Log in, log out, show who you are.")
def auth_group() -> None:
    """Keep the API token in the system's keychain; EXLOGARE_TOKEN wins over it.

    Who uses several servers gives each a name: a profile.

    \b
    Examples:
      exl auth login --url https://exlogare.example.org
      exl auth login --profile work --url https://exlogare.example.org
      exl auth status --profile work
      exl auth logout
    """  # noqa: D301 - \b is click's own mark


@auth_group.command(
    "login",
    epilog="""Examples:

\b
  exl auth login --token-stdin < token.txt
  exl auth login --profile work --url https://exlogare.example.org""",
)
@click.option("--token-stdin", is_flag=True, help="Read the token from standard input, without asking.")
@click.option("--no-check", is_flag=True, help="Do not ask the server whether it takes the token.")
@click.option("--profile", metavar="NAME", help="Keep server and token under this name, for --profile elsewhere.")
@click.option("--in-file", is_flag=True, help="Keep the token in a file that only you can read, not in the keychain.")
@address_options
def login_command(
    *,
    token_stdin: bool,
    no_check: bool,
    profile: str | None,
    in_file: bool,
    url: str | None,
    timeout_s: float | None,
    ca_bundle: str | None,
) -> None:
    """Check a token with the server and keep it.

    The token is asked for without showing it. It is kept for the server of --url or EXLOGARE_URL; without
    one, for any server, unchecked.
    """
    from exlogare_ci import credentials, profiles  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.errors import MissingSettingError  # noqa: PLC0415

    os.environ.pop(profiles.VARIABLE, None)  # which one is made is said by the option alone
    path = profiles.file_of(os.environ)
    if profile is not None:
        url = url or profiles.read(path).profiles.get(profiles.checked_name(profile))
    options = load_settings(url, timeout_s, ca_bundle)
    if profile is not None and options.url is None:
        raise MissingSettingError(f"The profile {profile!r} needs a server.", "Give --url URL.")
    if token_stdin:
        token = sys.stdin.buffer.read(_TOKEN_BYTES_MAX).decode("utf-8", "replace").strip()
    else:
        token = click.prompt("API token", hide_input=True, err=True).strip()
    credentials.checked_token(token, "what you gave")
    checked = "not checked"
    if options.url is not None and not no_check:
        checked = _verdict(options, token)
    file = profiles.TokenFile(path)
    if not in_file and profiles.read(path).tokens:
        credentials.forget_in_file(options.url, profile, file)  # an old one there would win
    credentials.store(token, options.url, profile, file=file if in_file else None)
    if profile is not None and options.url is not None:
        kept = profiles.read(path)
        kept.profiles[profile] = options.url
        profiles.write(path, kept)
    place = options.url or "any server"
    where = f", in {path}" if in_file else ""
    name = f", as the profile {profile}" if profile else ""
    click.echo(f"exl: token {credentials.shown(token)} is kept for {place}{name}{where} ({checked})")
    if os.environ.get("EXLOGARE_TOKEN", "").strip() and profile is None:
        report_error("EXLOGARE_TOKEN is set and wins over the keychain. Unset it to use the token kept now.")


@auth_group.command("profiles", epilog="Example: exl auth profiles --format json")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
def profiles_command(*, format_name: str) -> None:
    """List the profiles: name, server, and where the token is kept."""
    from exlogare_ci import profiles  # noqa: PLC0415 - not needed for --help

    kept = profiles.read(profiles.file_of(os.environ))
    rows = [
        {"profile": name, "server": url, "token": "file" if profiles.account_of(name) in kept.tokens else "keychain"}
        for name, url in sorted(kept.profiles.items())
    ]
    if format_name == "json":
        import json  # noqa: PLC0415 - only here

        click.echo(json.dumps(rows))
        return
    if not rows:
        click.echo("No profiles.", err=True)
    for row in rows:
        click.echo("\t".join(row.values()))


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


@auth_group.command("logout", epilog="Example: exl auth logout --profile work")
@click.option("--profile", metavar="NAME", help="Remove this profile and its token.")
@address_options
def logout_command(*, profile: str | None, url: str | None, timeout_s: float | None, ca_bundle: str | None) -> None:
    """Remove the token from the keychain, and from the file if it is there."""
    from exlogare_ci import credentials, profiles  # noqa: PLC0415 - not needed for --help

    os.environ.pop(profiles.VARIABLE, None)
    path = profiles.file_of(os.environ)
    if profile is not None:
        profiles.url_of(os.environ, profiles.checked_name(profile))  # says so when there is no such profile
    options = load_settings(url, timeout_s, ca_bundle)
    count = credentials.forget(options.url, profile, file=profiles.TokenFile(path))
    if profile is not None:
        kept = profiles.read(path)
        kept.profiles.pop(profile, None)
        profiles.write(path, kept)
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
