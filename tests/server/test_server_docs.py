"""The page about the server is right about names: each command, option, setting and field is on it, and no other."""

import re

import click
import msgspec
import pytest

from exlogare_server import settings
from exlogare_server.cli.commands import main
from exlogare_server.ingest.routing import ENDPOINTS, Endpoint
from tests.server.processes import REFERENCE

PAGE = REFERENCE.read_text(encoding="utf-8")


def commands(group: click.Group, prefix: str = "") -> dict[str, click.Command]:
    """Every command by its full name."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found.update(commands(command, f"{prefix}{name} "))
        else:
            found[prefix + name] = command
    return found


def test_every_command_is_described() -> None:
    """One row a command, with all its options; no row without a command."""
    section = PAGE.partition("## Commands")[2].partition("## Settings")[0]
    rows = dict(re.findall(r"^\| `([a-z]+(?: [a-z-]+)??)((?: -| [A-Z]|`).*)$", section, re.MULTILINE))

    assert set(rows) == set(commands(main))
    for name, command in commands(main).items():
        options = {parameter.opts[0] for parameter in command.params if isinstance(parameter, click.Option)}
        assert options == set(re.findall(r"--[a-z-]+", rows[name]))


def test_every_setting_is_described() -> None:
    """One row a variable, and no row without one."""
    assert set(re.findall(r"^\| `(EXLOGARE_[A-Z_]+)` \|", PAGE, re.MULTILINE)) == set(settings.KNOWN)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_field_is_described(endpoint: Endpoint) -> None:
    """The row of an endpoint names its fields, required and optional, and no others."""
    row = re.search(rf"^\| `{endpoint.name}` \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
    assert row is not None
    fields = msgspec.structs.fields(endpoint.body_type)

    described = [set(re.findall(r"`(\w+)`", cell)) for cell in row.groups()]

    assert described == [
        {field.name for field in fields if field.required},
        {field.name for field in fields if not field.required},
    ]
