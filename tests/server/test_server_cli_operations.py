"""The commands about running a server, in this process."""

import json
from pathlib import Path

import pytest

from exlogare_server.store.opening import open_store
from tests.server.harness import NOON
from tests.server.test_server_cli import Cli, cli
from tests.server.test_server_store import new_analysis

__all__ = ["cli"]


@pytest.fixture
def filled(cli: Cli) -> Cli:
    """A database with one tenant and one analysis."""
    cli.init()
    store = open_store(f"sqlite:///{cli.data}/exlogare.db", threads=1)
    tenant = store.tenant_by_slug("acme-inc")
    assert tenant is not None
    store.save_analysis(new_analysis(tenant), NOON)
    store.close()
    return cli


def test_backup_and_restore(filled: Cli, tmp_path: Path) -> None:
    """A second backup to the same file is refused; a restore fills another folder."""
    path = tmp_path / "backup.db"

    first, second = filled("backup", "DATA", str(path)), filled("backup", "DATA", str(path))
    filled.data = tmp_path / "other"
    restored = filled("restore", "DATA", str(path))

    assert (first.code, second.code, restored.code) == (0, 1, 0)
    assert "exists already" in second.err
    assert restored.out == f"Restored {path}.\n"
    assert filled.rows("SELECT slug FROM tenants") == [("acme-inc",)]
    assert filled("restore", "DATA", str(path)).code == 1


def test_export_prints_json_lines(filled: Cli) -> None:
    """As the API shows analyses; a window leaves out what is not in it."""
    everything = filled("export", "DATA", "--tenant", "acme-inc")
    (line,) = everything.out.splitlines()

    assert json.loads(line)["ci_run_id"] == "p#1"
    assert filled("export", "DATA", "--tenant", "acme-inc", "--since", "2026-11-23", "--until", "2026-11-23").out
    assert filled("export", "DATA", "--tenant", "acme-inc", "--since", "2026-11-24").out == ""
    assert filled("export", "DATA", "--tenant", "acme-inc", "--since", "soon").code == 2
    assert filled("export", "DATA", "--tenant", "nobody").code == 1


def test_config_prints_what_is_in_force(filled: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line a setting."""
    monkeypatch.setenv("EXLOGARE_RETENTION_DAYS", "30")

    done = filled("config", "DATA")

    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in done.out.splitlines()}
    assert rows["retention_days"] == ["30", "EXLOGARE_RETENTION_DAYS"]
    assert rows["data_dir"] == [str(filled.data), "command line"]


def test_keys_are_made_and_rotated(filled: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret that no key fits is told, with exit code 1."""
    key = filled("key", "new").out.strip()
    assert len(key) == 44
    assert filled("key", "rotate", "DATA").out == "Encrypted 0 secrets under the first key.\n"

    monkeypatch.setenv("EXLOGARE_SECRET_KEYS", "short")
    done = filled("key", "rotate", "DATA")

    assert done.code == 1
    assert "key new" in done.err
