"""The ``exlogare-server`` command: 0 is done, 1 not done (the reason is on standard error), 2 bad usage."""

import sys

import click

from exlogare_server.errors import ServerError


def entry() -> None:
    """Run the command, and turn errors into one line and an exit code."""
    try:
        # Not at the top: without the server extra even these imports fail, and that is an error to tell as
        # well.
        from exlogare_server.cli.commands import main  # noqa: PLC0415

        main.main(prog_name="exlogare-server", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except ServerError as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(1)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(("exlogare_server", "exlogare_ci")):
            raise
        click.echo(
            f"error: the package {error.name} is missing; install the server with: pip install 'exlogare-ci[server]'",
            err=True,
        )
        sys.exit(1)
