"""The commands, in this process."""

import io
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from exlogare_server.auth import passwords
from exlogare_server.cli import entry
from tests.server.processes import BIN, clean_env


class Done:
    """How a command ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


class Cli:
    """Runs commands against one data folder."""

    def __init__(self, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = data
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: str, stdin: str = "") -> Done:
        """Run a command; ``DATA`` stands for ``--data`` and the folder."""
        words: list[str] = []
        for argument in arguments:
            words += ["--data", str(self.data)] if argument == "DATA" else [argument]
        self._monkeypatch.setattr(sys, "argv", ["exlogare-server", *words])
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        code = 0
        try:
            entry()
        except SystemExit as error:
            code = int(str(error.code))
        captured = self._capsys.readouterr()
        return Done(code, captured.out, captured.err)

    def init(self, *, tenant: str = "Acme Inc", plan: str = "free", line: str = "secret\n") -> Done:
        """Run ``init``."""
        return self(
            "init", "DATA", "--email", "Ann@Example.org", "--password-stdin", "--tenant", tenant, "--plan", plan,
            stdin=line,
        )  # fmt: skip

    def token(self, *more: str, tenant: str = "acme-inc", scopes: str = "ingest,read") -> Done:
        """Run ``token create``."""
        return self("token", "create", "DATA", "--tenant", tenant, "--name", "ci", "--scopes", scopes, *more)

    def rows(self, statement: str) -> list[Any]:
        """Look into the database."""
        connection = sqlite3.connect(self.data / "exlogare.db")
        found = connection.execute(statement).fetchall()
        connection.close()
        return found


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Commands on a folder that is not there yet, in an environment without settings."""
    for name in set(os.environ) - set(clean_env()):
        monkeypatch.delenv(name)
    return Cli(tmp_path / "data", monkeypatch, capsys)


def test_init_makes_everything_once(cli: Cli) -> None:
    """A second time nothing changes, and the output says what was kept."""
    first, second = cli.init(), cli.init()

    assert (first.code, first.err) == (0, "")
    assert first.out.splitlines() == [
        "Made tenant acme-inc (plan free).",
        "Made user ann@example.org.",
        "ann@example.org is an owner of acme-inc.",
    ]
    assert (second.code, second.err) == (0, "")
    assert second.out.splitlines() == [
        "Kept tenant acme-inc (plan free).",
        "Kept user ann@example.org, password unchanged.",
    ]


def test_init_never_changes_a_plan_unseen(cli: Cli) -> None:
    """Another plan is told, with the command that changes it."""
    cli.init()

    again = cli.init(plan="paid")

    assert (again.code, again.err) == (
        0,
        "Its plan is not paid; change it with 'exlogare-server tenant set-plan'.\n",
    )
    assert (
        cli("tenant", "set-plan", "DATA", "acme-inc", "paid").out == "Tenant acme-inc is on plan paid, was on free.\n"
    )
    assert cli("tenant", "set-plan", "DATA", "acme-inc", "paid").out == "Tenant acme-inc is on plan paid, as before.\n"


def test_further_name_is_a_further_tenant(cli: Cli) -> None:
    """With the same user as owner."""
    cli.init()

    assert cli.init(tenant="Other").code == 0

    assert cli.rows("SELECT slug FROM tenants ORDER BY slug") == [("acme-inc",), ("other",)]
    assert cli.rows("SELECT role FROM memberships") == [("owner",), ("owner",)]
    assert len(cli.rows("SELECT * FROM users")) == 1


def test_password_is_kept_as_a_hash(cli: Cli) -> None:
    """One line end goes, everything else belongs to the password; it is in no file."""
    cli.init(line="pass WORD \r\n")

    ((stored,),) = cli.rows("SELECT password_hash FROM users")
    from exlogare_server.auth.passwords import verify_password  # noqa: PLC0415 - loads argon2 for this test alone

    assert verify_password(stored, "pass WORD ")
    assert all(b"WORD" not in path.read_bytes() for path in cli.data.iterdir())


def test_password_is_needed(cli: Cli) -> None:
    """An empty one is refused, and so is a command that would not read one."""
    empty = cli.init(line="\n")
    missing = cli("init", "DATA", "--email", "a@b.c", "--tenant", "x")

    assert (empty.code, empty.err) == (1, "error: A password must have 1 to 1024 bytes.\n")
    assert missing.code == 2


def test_token_is_printed_alone(cli: Cli) -> None:
    """So that a script can take it; the database has its digest and prefix only."""
    cli.init()

    done = cli.token()

    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"exl_[A-Za-z0-9_-]{43}\n", done.out)
    assert all(done.out.strip()[12:].encode() not in path.read_bytes() for path in cli.data.iterdir())


def test_fourth_token_of_a_free_tenant_is_refused(cli: Cli) -> None:
    """Until one is revoked."""
    cli.init()
    for _ in range(3):
        assert cli.token().code == 0

    refused = cli.token()
    listed = cli("token", "list", "DATA", "--tenant", "acme-inc").out.splitlines()
    token_id = listed[0].split("\t")[0]
    revoked = cli("token", "revoke", "DATA", "--tenant", "acme-inc", token_id)

    assert (refused.code, refused.out) == (1, "")
    assert refused.err.startswith("error: The Free plan allows 3 active tokens")
    assert len(listed) == 3
    assert re.fullmatch(r"Revoked exl_.{8}… \(ci\)\.\n", revoked.out)
    assert cli("token", "list", "DATA", "--tenant", "acme-inc").out.splitlines()[0].split("\t")[2:] == [
        "ingest,read", "revoked", "ci",
    ]  # fmt: skip
    assert cli.token().code == 0


@pytest.mark.parametrize(
    ("more", "scopes", "code", "words"),
    [
        ([], "ingest,admin", 1, "unknown: admin"),
        ([], ",", 1, "one or more of ingest, read"),
        (["--expires-at", "2001-01-01"], "read", 1, "must expire in the future"),
        (["--expires-at", "soon"], "read", 2, "ISO 8601"),
        (["--tenant", "nobody"], "read", 1, "no tenant with the slug 'nobody'"),
    ],
)
def test_token_that_makes_no_sense_is_refused(cli: Cli, more: list[str], scopes: str, code: int, words: str) -> None:
    """With a sentence, and nothing on standard output."""
    cli.init()

    done = cli.token(*more, scopes=scopes)

    assert (done.code, done.out) == (code, "")
    assert words in done.err


def test_user_gets_a_role(cli: Cli) -> None:
    """And another one later."""
    cli.init()

    def add(role: str) -> str:
        return cli(
            "user", "add", "DATA", "--tenant", "acme-inc", "--email", "bob@example.org", "--role", role,
            "--password-stdin", stdin="x",
        ).out  # fmt: skip

    assert add("viewer") == "Made user bob@example.org.\nbob@example.org is viewer in acme-inc.\n"
    assert add("admin") == (
        "Kept user bob@example.org, password unchanged.\nbob@example.org is admin in acme-inc, was viewer.\n"
    )


def test_user_gets_a_new_password(cli: Cli) -> None:
    """An owner who forgot it has nobody else to ask; the audit log says so, an unknown address is told."""
    cli.init()

    def change(email: str) -> Done:
        return cli("user", "set-password", "DATA", "--email", email, "--password-stdin", stdin="another\n")

    done = change(" ann@EXAMPLE.org")
    assert (done.code, done.out) == (0, "Changed the password of ann@example.org, who is logged out everywhere.\n")
    ((stored,),) = cli.rows("SELECT password_hash FROM users")
    assert passwords.verify_password(stored, "another")
    assert cli.rows("SELECT actor, detail FROM audit_events WHERE action = 'user.set_password'") == [
        ("command line", "Set a new password of ann@example.org; all sessions ended.")
    ]
    assert change("bob@example.org").err == "error: There is no user with this e-mail address.\n"


def test_server_needs_a_database(cli: Cli) -> None:
    """The sentence names the command that makes one."""
    done = cli("serve", "DATA", "--listen", "127.0.0.1:0")

    assert done.code == 1
    assert done.err == (
        f"error: There is no database at {cli.data}/exlogare.db; make one with 'exlogare-server init'.\n"
    )


@pytest.mark.parametrize(
    "listen", ["8080", "localhost", "127.0.0.1:port", "127.0.0.1:70000", ":80", "no.such.host.invalid:1"]
)
def test_address_must_be_one(cli: Cli, listen: str) -> None:
    """HOST:PORT, of a host that is known."""
    done = cli("serve", "DATA", "--listen", listen)

    assert done.code == 1
    assert done.err.startswith("error: --listen")


def test_slip_in_the_environment_is_refused(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """By every command."""
    monkeypatch.setenv("EXLOGARE_SERVER_THREAD", "4")

    done = cli("migrate", "DATA")

    assert done.code == 1
    assert "did you mean EXLOGARE_SERVER_THREADS?" in done.err


def test_migrate_may_be_run_at_any_time(cli: Cli) -> None:
    """Also on a database that is up to date."""
    cli.init()

    assert cli("migrate", "DATA").out == "The database is up to date.\n"


@pytest.mark.parametrize("arguments", [["frobnicate"], ["serve"], ["init", "--plan", "gold"], ["--frob"]])
def test_bad_usage_is_told(cli: Cli, arguments: list[str]) -> None:
    """With exit code 2."""
    done = cli(*arguments)

    assert done.code == 2
    assert "Usage:" in done.err


def test_missing_extra_is_told(tmp_path: Path) -> None:
    """Without the server's packages the command says what to install."""
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['sqlalchemy'] = None\n")

    done = subprocess.run(
        [str(BIN / "exlogare-server"), "migrate", "--data", str(tmp_path)],
        env={**clean_env(), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (
        1,
        "error: the package sqlalchemy is missing; install the server with: pip install 'exlogare-ci[server]'\n",
    )
