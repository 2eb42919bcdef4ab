"""``exl flush``: send the logs that could not be sent before."""

import os
import time
from typing import TYPE_CHECKING

import click

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.errors import describe, report_error
from exlogare_ci.cli.server_options import load_settings, server_options

if TYPE_CHECKING:
    from exlogare_ci.settings import Settings
    from exlogare_ci.unsent import UnsentFolder


@click.command(
    "flush",
    short_help="Send the logs that could not be sent before.",
    epilog="""Example:

\b
  EXLOGARE_SPOOL_DIR=/var/lib/ci/exl exl flush --timeout 30

Exit code: 0, also when something could not be sent. With --strict: 2 wrong usage or setting, 4 no server or
token is set, 5 the server refused it, 6 the server or the network failed.""",
)
@server_options
@click.option("--strict", is_flag=True, help="Fail when something is left; EXLOGARE_STRICT=1 does the same.")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
def flush_command(
    *, url: str | None, timeout_s: float | None, ca_bundle: str | None, strict: bool, format_name: str
) -> int:
    """Send the logs that could not be sent before.

    exl run and exl ingest keep a log whose upload failed in the folder that EXLOGARE_SPOOL_DIR names, where there
    is one. Those for this server and token are sent, the oldest first.
    """
    from exlogare_ci.credentials import find  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.sending import one_sender  # noqa: PLC0415

    try:
        options = load_settings(url, timeout_s, ca_bundle, strict=strict)
        strict = options.strict
        token = find(os.environ, options.server_url()).token
        done = _open(options, token).flush(*one_sender(options, token, time.monotonic() + options.timeout_s))
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not change the job's result
        message, code = describe(error)
        report_error(message)
        return code if strict else exit_codes.OK
    if format_name == "json":
        import json  # noqa: PLC0415 - only where JSON is wanted

        click.echo(json.dumps({"sent": done.sent, "dropped": done.dropped, "left": done.left}))
    else:
        click.echo(f"exl: sent {done.sent}, dropped {done.dropped}, left {done.left}")
    if done.error is not None:
        message, code = describe(done.error)
        report_error(message)
        return code if strict else exit_codes.OK
    return exit_codes.UNAVAILABLE if strict and done.left else exit_codes.OK


def _open(options: "Settings", token: str) -> "UnsentFolder":
    from exlogare_ci.errors import MissingSettingError  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.unsent import FOLDER_VARIABLE, folder_of  # noqa: PLC0415

    folder = folder_of(os.environ, options.server_url(), token)
    if folder is None:
        raise MissingSettingError(
            "No folder for logs that could not be sent is set.", f"Set {FOLDER_VARIABLE} to one that outlives the job."
        )
    return folder
