"""Where the engine's library cannot be loaded: uploads still work, masked; the rest says so in a sentence."""

import os
from pathlib import Path
from typing import Final

import pytest

from tests.cli.exl_process import clean_env, run_exl
from tests.client.scripted_server import ScriptedServer, accept

TOKEN: Final = "exl_made-up-for-tests-0123456789"
REASON: Final = "the package hyperscan does not work here (libhs.so.5: cannot open shared object file)"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment in which ``import hyperscan`` fails as with a library that is missing."""
    broken = tmp_path / "broken"
    broken.mkdir()
    error = "libhs.so.5: cannot open shared object file"
    (broken / "hyperscan.py").write_text(f"raise ImportError({error!r})\n")
    (tmp_path / "build.log").write_text("using swordfish-9\nsrc/app.c:3:5: error: expected expression\n")
    return clean_env(
        PYTHONPATH=os.pathsep.join((str(broken), os.environ.get("PYTHONPATH", ""))), MY_SECRET="swordfish-9",
        EXLOGARE_TOKEN=TOKEN,
    )  # fmt: skip


def test_ingest_uploads_masked_and_says_one_line(env: dict[str, str], tmp_path: Path) -> None:
    """The server analyses."""
    with ScriptedServer(accept()).running() as server:
        done = run_exl(
            "ingest", "--project", "o/r", "--log-file", "build.log",
            env={**env, "EXLOGARE_URL": server.url}, cwd=tmp_path,
        )  # fmt: skip

    assert done.returncode == 0
    assert done.stderr.decode() == (
        f"exl: {REASON}: masking secrets takes longer, and all analysis is left to the server.\n"
    )
    assert server.asked[0].json()["log"] == ("using [masked:value]\nsrc/app.c:3:5: error: expected expression\n")


def test_run_keeps_the_exit_code_and_uploads(env: dict[str, str], tmp_path: Path) -> None:
    """A sentence in the place of the root cause."""
    with ScriptedServer(accept()).running() as server:
        done = run_exl(
            "run", "--project", "o/r", "--", "sh", "-c", "cat build.log; exit 7",
            env={**env, "EXLOGARE_URL": server.url}, cwd=tmp_path,
        )  # fmt: skip

    lines = done.stderr.decode().splitlines()
    assert done.returncode == 7
    assert lines[0] == "exl: sh failed with exit code 7"
    assert lines[1].startswith(f"exl: the output is not analysed here: {REASON}. Install it with pip install hyperscan")
    assert lines[2].startswith("exl: analysis 3fa85f64-")
    assert len(lines) == 3
    assert "swordfish-9" not in server.asked[0].body.decode()


def test_analyze_says_what_is_missing(env: dict[str, str], tmp_path: Path) -> None:
    """And what to do; no traceback."""
    done = run_exl("analyze", "build.log", env=env, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == (
        f"exl: the engine cannot be loaded: {REASON}. Install it with pip install hyperscan, or send the log to a "
        "server with exl ingest, which does without.\n"
    )
