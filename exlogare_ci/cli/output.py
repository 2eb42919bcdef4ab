"""Shared printing: colour only where it is wanted, and JSON."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

import click

if TYPE_CHECKING:
    from exlogare_ci.report.text import Role, Style

FORMATS = ("text", "json", "jsonl", "markdown")
"""The names in ``exlogare_ci.report.reporters.REPORTERS``, which is not loaded just to show help."""


def colour_wanted(stream: TextIO | None, env: Mapping[str, str]) -> bool:
    """Tell whether to colour what goes to a stream.

    ``NO_COLOR`` (https://no-color.org) wins over ``FORCE_COLOR`` (https://force-color.org), which wins over
    what the stream is.

    Args:
        stream: where the output goes; ``None`` when it is closed.
        env: the environment.

    Returns:
        Whether to colour.
    """
    if env.get("NO_COLOR"):
        return False
    if env.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and env.get("TERM") != "dumb"


def style_for(stream: TextIO | None, env: Mapping[str, str]) -> "Style":
    """Choose the style of text that goes to a stream.

    Args:
        stream: where the output goes.
        env: the environment.

    Returns:
        Colours or ``plain``.
    """
    from exlogare_ci.report.text import plain  # noqa: PLC0415 - the report is only loaded when there is one

    return _coloured if colour_wanted(stream, env) else plain


def write(text: str, *, err: bool = False) -> None:
    """Write text as it stands, at once; to a stream that is closed, nothing.

    Args:
        text: whole lines.
        err: to standard error, not to standard output.

    Raises:
        BrokenPipeError: nobody reads any more.
    """
    # Not click.echo: it would strip the colours that FORCE_COLOR asked for.
    stream: TextIO | None = sys.stderr if err else sys.stdout
    if stream is not None:
        stream.write(text)
        stream.flush()


def _coloured(text: str, role: "Role") -> str:
    if role == "cause":
        return click.style(text, fg="red", bold=True)
    if role == "fix":
        return click.style(text, fg="green")
    return click.style(text, dim=True) if role == "quiet" else click.style(text, bold=True)
