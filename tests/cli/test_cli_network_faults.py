"""Whatever the network does, a job ends as it would have ended, in time, with one line, and the token goes nowhere."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from exlogare_ci.cli import exit_codes
from tests.cli.exl_process import clean_env, run_exl
from tests.cli.network_faults import FAULTS, Fault
from tests.conftest import CheckGolden

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "network-faults.md"
TOKEN: Final = "exl_made-up-for-tests-0123456789"
BUDGET_S: Final = 4
SLACK_S: Final = 8.0
"""For starting Python and the engine on a machine that is busy with other tests."""
LOG: Final = "src/app.c:3:5: error: expected expression\n" * 3_000
COMMAND_CODE: Final = 42
WAYS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("ingest", ("ingest", "--log-file", "build.log")),
    ("ingest --strict", ("ingest", "--log-file", "build.log", "--strict")),
    ("run", ("run", "--", "sh", "-c", f"cat build.log; exit {COMMAND_CODE}")),
    ("run --strict", ("run", "--strict", "--", "sh", "-c", f"cat build.log; exit {COMMAND_CODE}")),
)


class Row(NamedTuple):
    """What came of one fault on one way."""

    code: int
    lines: list[str]
    elapsed_s: float
    leaked: bool


def meet(fault: Fault, arguments: tuple[str, ...], folder: Path, certificate: Path) -> Row:
    """Run a command into a fault."""
    options = ("--project", "org/app", "--timeout", str(BUDGET_S))
    with fault.open(certificate) as place:
        env = clean_env(EXLOGARE_TOKEN=TOKEN, CI="true", **place.env)
        started_s = time.monotonic()
        done = run_exl(arguments[0], *options, *arguments[1:], env=env, cwd=folder)
        elapsed_s = time.monotonic() - started_s
        leaked = place.leaked(TOKEN) or TOKEN.encode() in done.stdout + done.stderr
    lines = [line for line in done.stderr.decode().splitlines() if line.startswith("exl: ")]
    own = [line for line in lines if not line.startswith(("exl: sh failed", "exl: analysis "))]
    return Row(done.returncode, own, elapsed_s, leaked)


def plain(line: str) -> str:
    """A line without what differs from run to run."""
    line = re.sub(r"127\.0\.0\.1:\d+", "SERVER", re.sub(r" Tried \d times\.", "", line))
    line = re.sub(r"https?://SERVER(?:/[\w/]*)?", "SERVER", line)
    # What a system calls these differs, also with how far the sender has come.
    line = re.sub(r"(SERVER cannot be reached: )(?!Connection refused)[^.]*\.", r"\1Connection reset by peer.", line)
    return re.sub(r"(invalid cannot be reached: )[^.]*\.", r"\1Name or service not known.", line)


@pytest.mark.slow
def test_no_fault_of_the_network_changes_a_job(
    certificate: Path, tmp_path: Path, check_golden: CheckGolden, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit codes, one line each, the time and the token, over every fault and way; the table is printed and kept."""
    (tmp_path / "build.log").write_text(LOG)
    jobs = [(fault, arguments) for fault in FAULTS for _, arguments in WAYS]
    with ThreadPoolExecutor(6) as pool:
        rows = list(pool.map(lambda job: meet(job[0], job[1], tmp_path, certificate), jobs))
    table = ["| fault | " + " | ".join(f"`{name}`" for name, _ in WAYS) + " | what is said |"]
    table.append("| --- |" + " --- |" * len(WAYS) + " --- |")
    for number, fault in enumerate(FAULTS):
        ingest, strict, run, strict_run = rows[number * len(WAYS) : (number + 1) * len(WAYS)]
        said = [plain(line) for line in ingest.lines]
        table.append(
            f"| {fault.title} | " + " | ".join(str(row.code) for row in (ingest, strict, run, strict_run))
            + f" | {said[0].removeprefix('exl: ') if said else 'nothing: the upload succeeds'} |"
        )  # fmt: skip
        assert (ingest.code, strict.code) == (exit_codes.OK, fault.code), fault.title
        assert (run.code, strict_run.code) == (COMMAND_CODE, COMMAND_CODE), fault.title
        for row in (ingest, strict, run, strict_run):
            assert len(row.lines) == bool(fault.words), (fault.title, row.lines)
            assert all(fault.words in line for line in row.lines), (fault.title, row.lines)
            assert (row.elapsed_s < BUDGET_S + SLACK_S, row.leaked) == (True, False), (fault.title, row)
        assert not fault.words or strict_run.lines[0].startswith("exl: error: not uploaded: ")
    counted = (
        f"{len(rows)} runs ({len(FAULTS)} faults, {len(WAYS)} ways): 0 jobs changed, 0 over the budget, 0 leaks, at "
        "most 1 line each."
    )
    with capsys.disabled():
        slowest_s = max(row.elapsed_s for row in rows)
        print("\n" + "\n".join([*table, "", counted, f"Slowest: {slowest_s:.1f} s, budget {BUDGET_S} s."]))  # noqa: T201
    check_golden(PAGE, PAGE_HEAD + "\n".join(table) + "\n\n" + counted + "\n")


PAGE_HEAD: Final = f"""<!-- Written by pytest tests/cli/test_cli_network_faults.py --update-goldens; do not edit. -->
# What a broken network does to a job

Nothing, but for one line. Each row is a real fault on loopback, met by `exl ingest` and by `exl run` around a command
that ends with {COMMAND_CODE}, without and with `--strict`, in {BUDGET_S} seconds (`--timeout {BUDGET_S}`; without the
option it is 60). The servers speak TLS by a certificate of a private authority (`EXLOGARE_CA_BUNDLE`). The numbers are
exit codes, see [exit-codes.md](exit-codes.md). `SERVER` stands for the server's address.

"""
