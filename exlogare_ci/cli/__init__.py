"""The ``exl`` command: a table of commands, each loaded only when it is used."""

# ruff: noqa: E402 - the first statement is for the imports behind it
import gc

gc.set_threshold(100_000)
"""More objects than loading everything makes: looking for cycles among what stays takes a tenth of the start-up."""

import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from exlogare_ci.__about__ import __version__
from exlogare_ci.cli.errors import OutputClosedError, guard

COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("run", "exlogare_ci.cli.run:run_command", "Run a build command and explain its failure."),
    ("ingest", "exlogare_ci.cli.ingest:ingest_command", "Send a job's log to the server."),
    ("step", "exlogare_ci.cli.step:step_command", "What the packages for CI services call."),
    ("flush", "exlogare_ci.cli.flush:flush_command", "Send the logs that could not be sent before."),
    ("analyze", "exlogare_ci.cli.analyze:analyze_command", "Find the root cause in log files, offline."),
    ("env", "exlogare_ci.cli.env:env_command", "Show what is known of this CI run."),
    ("analyses", "exlogare_ci.cli.analyses:analyses_group", "Read analyses from the server."),
    ("auth", "exlogare_ci.cli.auth:auth_group", "Log in, log out, show who you are."),
    ("config", "exlogare_ci.cli.config:config_group", "Show and check the settings."),
    ("doctor", "exlogare_ci.cli.doctor:doctor_command", "Check what an upload needs."),
    ("completion", "exlogare_ci.cli.completion:completion_command", "Print a shell's completion script."),
)
"""(name, ``module:attribute``, one line of help), in the order in which ``exl --help`` lists them."""


class LazyGroup(click.Group):
    """A group that lists its commands from ``COMMANDS`` and imports one only when it is called.

    A command's callback returns its exit code as an integer, or ``None`` for success; what it raises goes
    through ``exlogare_ci.cli.errors.guard``.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the table's order."""
        del ctx
        return [name for name, _, _ in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; ``None`` for a name that is not in the table."""
        del ctx
        for name, home, _ in COMMANDS:
            if name == cmd_name:
                module, attribute = home.split(":")
                command: click.Command = getattr(import_module(module), attribute)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table alone."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, _, line in COMMANDS])

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command inside the error boundary; see ``click.Command.main`` for the arguments.

        Raises:
            SystemExit: always in standalone mode, with the exit code.
        """

        def call() -> Any:
            return super(LazyGroup, self).main(
                args=args, prog_name=prog_name, complete_var=complete_var, standalone_mode=False,
                windows_expand_args=windows_expand_args, **extra,
            )  # fmt: skip

        if not standalone_mode:
            return call()
        sys.exit(guard(call))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the chosen command; a closed output pipe is the boundary's, not click's."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise OutputClosedError from error


@click.command(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Example: exl run -- make test. See 'exl COMMAND --help' for each command.",
)
@click.version_option(__version__, prog_name="exl", message="%(prog)s %(version)s")
def cli() -> None:
    """Exlogare CI: the root cause of a failed build, where you are already looking."""


def entry() -> None:
    """Run ``exl``; the console script's entry point.

    Raises:
        SystemExit: always, with the exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        # A log may hold any character, and a CI job's locale may be ASCII: escape rather than fail.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        cli.main(prog_name="exl")
    finally:
        gc.freeze()  # the interpreter looks for cycles once more at its end: a sixth of a short run's time
