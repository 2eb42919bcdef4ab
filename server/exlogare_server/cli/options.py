"""What several commands share: options, and how settings and the store are opened."""

import os
from pathlib import Path

import click

from exlogare_server import settings as settings_module
from exlogare_server.errors import SettingsError
from exlogare_server.settings import Settings
from exlogare_server.store import opening
from exlogare_server.store.protocol import Store

data = click.option(
    "--data", "data_dir", required=True, type=click.Path(file_okay=False, path_type=Path),
    help="the folder that holds everything the server keeps",
)  # fmt: skip
tenant = click.option("--tenant", "slug", required=True, help="the tenant's slug")


def settings(data_dir: Path, *, dev: bool = False) -> Settings:
    """Read the settings."""
    return settings_module.load(os.environ, data_dir=data_dir, dev=dev)


def store(known: Settings) -> Store:
    """Open the store and check that it can be used."""
    opened = opening.open_store(known.database_url, threads=1, connections_max=known.database_connections_max)
    fault = opened.ready()
    if fault is not None:
        opened.close()
        raise SettingsError(fault)
    return opened
