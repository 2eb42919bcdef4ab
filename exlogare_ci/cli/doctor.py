"""``exl doctor``: whether this job could upload, and what to change where it could not."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.output import colour_wanted
from exlogare_ci.cli.server_options import server_options

if TYPE_CHECKING:
    from exlogare_ci.cli.doctor_checks import Check

_COLOURS: Final = {"ok": "green", "warning": "yellow", "problem": "red"}
_WIDTHS: Final = (8, 13)


@click.command(
    "doctor",
    epilog="""Examples:

\b
  exl doctor
  exl doctor --strict --url https://exlogare.example.org
  exl doctor --format json

Exit code: 0 whatever is found. With --strict the code of the first problem: 2 a setting cannot be used, 4 no
server or token is set, 5 the server refuses the token, 6 the server cannot be reached.""",
)
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="End with an exit code when there is a problem.")
@server_options
def doctor_command(
    *, format_name: str, strict: bool, url: str | None, timeout_s: float | None, ca_bundle: str | None
) -> int:
    """Check what an upload needs, and say what to change.

    It looks at the CI service, the settings, the proxy, the certificates, the server, the clock, the keychain,
    the token and its scopes. It makes at most three requests and leaves nothing on the server.
    """
    from exlogare_ci.cli.doctor_checks import Options, examine  # noqa: PLC0415 - not needed for --help

    options = Options(url=url, timeout_s=timeout_s, ca_bundle=ca_bundle)
    colour = colour_wanted(sys.stdout, os.environ)
    checks: list[Check] = []
    for check in examine(os.environ, options, Path()):
        checks.append(check)
        if format_name == "text":
            click.echo(_lines(check, colour=colour), nl=False, color=colour)
    problems = [check for check in checks if check.status == "problem"]
    if format_name == "json":
        _write_json(checks)
    else:
        click.echo(_verdict(len(problems)))
    return problems[0].code if strict and problems else exit_codes.OK


def _lines(check: "Check", *, colour: bool) -> str:
    from exlogare_ci.report.neutralise import neutralise_inline  # noqa: PLC0415 - see above

    status = check.status.ljust(_WIDTHS[0])
    if colour and check.status in _COLOURS:
        status = click.style(status, fg=_COLOURS[check.status])
    lines = f"{status} {check.name.ljust(_WIDTHS[1])} {neutralise_inline(' '.join(check.what.split()))}\n"
    if check.fix:
        lines += f"{'':{sum(_WIDTHS) + 2}}{neutralise_inline(' '.join(check.fix.split()))}\n"
    return lines


def _verdict(problems: int) -> str:
    if not problems:
        return "exl: uploads work from here"
    return f"exl: uploads do not work from here: {problems} problem{'s' if problems > 1 else ''}"


def _write_json(checks: "list[Check]") -> None:
    import msgspec  # noqa: PLC0415 - only here

    from exlogare_ci.report.neutralise import neutralise_json  # noqa: PLC0415

    fields = ("name", "status", "what", "fix")
    document = {
        "ok": all(check.status != "problem" for check in checks),
        "checks": [{field: getattr(check, field) for field in fields} for check in checks],
    }
    click.echo(neutralise_json(msgspec.json.format(msgspec.json.encode(document)).decode()))
