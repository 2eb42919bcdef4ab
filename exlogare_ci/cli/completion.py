"""``exl completion``: the script that makes a shell complete ``exl``'s commands and options."""

from typing import Final

import click

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.errors import CommandError

SHELLS: Final = ("bash", "zsh", "fish", "powershell")
VARIABLE: Final = "_EXL_COMPLETE"
"""The variable by which the scripts ask ``exl`` for completions; click derives it from the name."""


@click.command(
    "completion",
    epilog="""Examples:

\b
  exl completion bash > ~/.local/share/bash-completion/completions/exl
  exl completion zsh > "${fpath[1]}/_exl"
  exl completion fish > ~/.config/fish/completions/exl.fish
  exl completion powershell >> $PROFILE

Bash must be 4.4 or newer (macOS has 3.2).""",
)
@click.argument("shell", type=click.Choice(SHELLS))
def completion_command(shell: str) -> None:
    """Print the script that completes commands and options in a shell."""
    from click.shell_completion import get_completion_class  # noqa: PLC0415 - not needed for --help

    from exlogare_ci.cli import cli  # noqa: PLC0415 - which lists this command

    completer = get_completion_class(shell)
    if completer is None:
        raise CommandError(
            f"the installed click has no completion for {shell}. Update it: pip install --upgrade 'click>=8.5'.",
            exit_codes.USAGE,
        )
    made = completer(cli, {}, "exl", VARIABLE)
    # Not made.source(): for bash that looks at the version of the bash in PATH, and complains.
    click.echo(made.source_template % made.source_vars(), nl=False)
