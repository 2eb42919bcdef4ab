"""The commands about running a server: workers, keys, backups, what is in force."""

import os
import signal
import sys
import threading
from contextlib import closing
from pathlib import Path

import click

from exlogare_server import limits, logs
from exlogare_server import settings as settings_module
from exlogare_server.auth.tenants import Tenants
from exlogare_server.cli import options
from exlogare_server.errors import SettingsError
from exlogare_server.keeping import export as exporting
from exlogare_server.notify.sealing import Sealer, load_keys, new_key
from exlogare_server.read import moments
from exlogare_server.read.view import view
from exlogare_server.settings import Settings
from exlogare_server.store import copying
from exlogare_server.store.protocol import AnalysisFilter, Store
from exlogare_server.times import utc_now


@click.command()
@options.data
@click.option("--dev", is_flag=True, help="for a developer's machine: receivers may be in any network")
def worker(data_dir: Path, dev: bool) -> None:
    """Deliver until SIGTERM or SIGINT, beside servers or instead of theirs; prints 'delivering' once it does."""
    # Only this command and `serve` need the engine's package.
    from exlogare_server.app import make_worker  # noqa: PLC0415

    settings = options.settings(data_dir, dev=dev)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with closing(options.store(settings)) as store, closing(make_worker(settings, store)) as delivering:
        logs.set_up()
        warn_of_keys(settings, store)
        delivering.worker.start()
        print_line("delivering")
        # By short waits: see serving.py on signals that come just as a wait begins.
        while not stop.wait(limits.SIGNAL_SCAN_S):
            pass


@click.command()
@options.data
def config(data_dir: Path) -> None:
    """Print what is in force: name, value (secrets hidden) and where it comes from."""
    for shown in settings_module.describe(os.environ, options.settings(data_dir)):
        click.echo(f"{shown.field}\t{shown.value}\t{shown.origin}")


@click.command()
@options.data
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(data_dir: Path, file: Path) -> None:
    """Write the whole database to FILE, as it is at one moment, while servers run."""
    copying.backup(options.settings(data_dir).database_url, file)
    click.echo(f"Wrote {file}. The keys of receivers' secrets are not in it; keep them apart from it.")


@click.command()
@options.data
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def restore(data_dir: Path, file: Path) -> None:
    """Fill an empty database from FILE, a backup of this or of an older version."""
    copying.restore(file, options.settings(data_dir).database_url)
    click.echo(f"Restored {file}.")


@click.command()
@options.data
@options.tenant
@click.option("--since", help="ISO 8601 date or date-time, UTC unless it says otherwise")
@click.option("--until", help="as --since; both are included")
def export(data_dir: Path, slug: str, since: str | None, until: str | None) -> None:
    """Print a tenant's analyses as JSON Lines, newest first."""
    first, last = _moment("--since", since), _moment("--until", until)
    where = AnalysisFilter(since=first.start if first else None, until=last.last if last else None)
    with closing(options.store(options.settings(data_dir))) as store:
        found = Tenants(store, utc_now).by_slug(slug)
        for line in exporting.lines(store, found.id, where, view):
            sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()


@click.group()
def key() -> None:
    """Make and rotate the keys of receivers' secrets."""


@key.command("new")
def key_new() -> None:
    """Print a new key, for EXLOGARE_SECRET_KEYS or the key file."""
    click.echo(new_key())


@key.command("rotate")
@options.data
def key_rotate(data_dir: Path) -> None:
    """Encrypt every stored secret anew, under the first key; afterwards the others can go."""
    settings = options.settings(data_dir)
    with closing(options.store(settings)) as store:
        done, lost = Sealer(load_keys(settings.secret_keys, settings.data_dir)).rotate(store)
    click.echo(f"Encrypted {done} secrets under the first key.")
    if lost:
        raise SettingsError(f"{lost} secrets fit none of the keys; put the key that they were under back.")


def warn_of_keys(settings: Settings, store: Store) -> None:
    """Say when a receiver's secret cannot be decrypted: logs are taken in all the same."""
    fault = Sealer(load_keys(settings.secret_keys, settings.data_dir)).fault(store)
    if fault is not None:
        click.echo(f"warning: {fault}", err=True)


def _moment(name: str, text: str | None) -> moments.Moment | None:
    moment = moments.parse(text) if text else None
    if text and moment is None:
        raise click.BadParameter("expected an ISO 8601 date or date-time", param_hint=name)
    return moment


COMMANDS = (worker, config, backup, restore, export, key)


def print_line(line: str) -> None:
    """Print a line that whoever started this process waits for, in one write.

    Unbuffered, ``print`` writes the line end by itself, and a line of the log can come between the two.
    """
    click.echo(line)
