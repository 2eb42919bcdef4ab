"""``exl config``: the settings that count here, the check of ``.exlogare.yml``, and its JSON schema."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.errors import CommandError

SECRET_VARIABLES: Final = frozenset({"EXLOGARE_TOKEN", "EXLOGARE_LLM_API_KEY"})
"""Of these only that they are set is shown."""


@click.group("config", short_help="Show and check the settings.")
def config_group() -> None:
    """Show the settings that count here, check .exlogare.yml, print its JSON schema.

    \b
    Examples:
      exl config show
      exl config check
      exl config schema > exlogare.schema.json
    """  # noqa: D301 - \b is click's own mark


@config_group.command("show", epilog="Example: exl config show --format json")
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show_command(*, format_name: str) -> int:
    """Show every variable of exl that is set, and what .exlogare.yml sets.

    Exit code: 0, or 2 when a setting cannot be used.
    """
    from exlogare_ci import settings  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.cli.errors import describe, report_error  # noqa: PLC0415
    from exlogare_ci.config_file import CONFIG_FILE_NAME, ConfigError, read_config  # noqa: PLC0415
    from exlogare_ci.errors import ClientError  # noqa: PLC0415

    problems: list[str] = []
    try:
        settings.load(os.environ)
    except ClientError as error:
        problems.append(describe(error)[0])
    keys: dict[str, int] = {}
    try:
        keys = {key: _count(value) for key, value in read_config(Path()).items()}
    except ConfigError as error:
        problems.append(str(error))
    unknown = settings.unknown_variables_warning(os.environ)
    values = _values(os.environ)
    if format_name == "json":
        import json  # noqa: PLC0415 - only here

        from exlogare_ci.report.neutralise import neutralise_json  # noqa: PLC0415

        document = {"variables": values, "file": keys, "unknown": unknown, "problems": problems}
        click.echo(neutralise_json(json.dumps(document, indent=2)))
    else:
        click.echo(_text(values, settings.KNOWN_VARIABLES, keys, CONFIG_FILE_NAME), nl=False)
    for problem in [*problems, *([unknown] if unknown else [])]:
        report_error(problem)
    return exit_codes.USAGE if problems else exit_codes.OK


@config_group.command("check", epilog="Example: exl config check ci/signatures.yml")
@click.argument("files", metavar="[FILE...]", nargs=-1, type=click.Path())
def check_command(*, files: tuple[str, ...]) -> None:
    """Check .exlogare.yml, and files with signatures beside it.

    Exit code: 0 when they can be used, 2 when not.
    """
    from exlogare_ci.config_file import CONFIG_FILE_NAME, ConfigError, user_catalog  # noqa: PLC0415 - loads the engine

    is_there = Path(CONFIG_FILE_NAME).exists()
    if not files and not is_there:
        raise CommandError(f"there is no {CONFIG_FILE_NAME} here. Go to its folder, or name a file.", exit_codes.USAGE)
    try:
        catalog = user_catalog(files, Path())
    except ConfigError as error:
        raise CommandError(str(error), exit_codes.USAGE) from error
    names = [*([CONFIG_FILE_NAME] if is_there else []), *files]
    note = "" if catalog else "; there are no signatures in it"
    click.echo(f"exl: {', '.join(names)} can be used{note}")


@config_group.command("schema", epilog="Example: exl config schema > exlogare.schema.json")
def schema_command() -> None:
    """Print the JSON schema of .exlogare.yml, which editors complete and check with."""
    from exlogare_ci.cli.config_schema import render_schema  # noqa: PLC0415 - not needed for --help

    click.echo(render_schema(), nl=False)


def _values(env: Mapping[str, str]) -> dict[str, str | None]:
    from exlogare_ci.redact import redact_text  # noqa: PLC0415 - not needed for --help
    from exlogare_ci.settings import KNOWN_VARIABLES  # noqa: PLC0415

    def shown(name: str) -> str | None:
        value = env.get(name, "").strip()
        if not value:
            return None
        return "(set)" if name in SECRET_VARIABLES else redact_text(value, env)

    return {name: shown(name) for name in KNOWN_VARIABLES}


def _text(values: Mapping[str, str | None], meanings: Mapping[str, str], keys: Mapping[str, int], file: str) -> str:
    from exlogare_ci.report.neutralise import neutralise_inline  # noqa: PLC0415 - not needed for --help

    width = max(map(len, values))
    lines = [
        f"{name:{width}}  {'-' if value is None else neutralise_inline(' '.join(value.split()))}\n"
        f"{'':{width}}  {meanings[name]}\n"
        for name, value in values.items()
    ]
    said = ", ".join(f"{key} ({count})" for key, count in keys.items()) or "-"
    return "".join(lines) + f"{file:{width}}  {said}\n"


def _count(value: object) -> int:
    return len(value) if isinstance(value, (list, dict)) else 1
