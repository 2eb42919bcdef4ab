"""``exl run`` with real commands: it must be as if it were not there, until the command fails."""

import os
import signal
import stat
import sys
import time
from pathlib import Path
from typing import Final

import pytest

from tests.cli.exl_process import EXL, TIMEOUT_S, clean_env, patched, run_exl, start_exl

PY: Final = sys.executable
FAILING: Final = "echo 'src/app.c:3:5: error: expected expression'; exit 2"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX processes, signals and pipes")


def sh(script: str) -> tuple[str, ...]:
    """The arguments that run a shell script under ``exl run``."""
    return ("run", "--no-upload", "--", "sh", "-c", script)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        pytest.param("exit 0", 0, id="success"),
        pytest.param("exit 1", 1, id="one"),
        pytest.param("exit 2", 2, id="two"),
        pytest.param("exit 42", 42, id="other"),
        pytest.param("exit 126", 126, id="like-one-that-cannot-start"),
        pytest.param("exit 127", 127, id="like-one-that-is-not-there"),
        pytest.param("exit 130", 130, id="like-an-interrupt"),
        pytest.param("exit 255", 255, id="largest"),
        pytest.param("kill -INT $$", 130, id="SIGINT"),
        pytest.param("kill -TERM $$", 143, id="SIGTERM"),
        pytest.param("kill -KILL $$", 137, id="SIGKILL"),
        pytest.param("kill -SEGV $$", 128 + signal.SIGSEGV, id="SIGSEGV"),
    ],
)
def test_exit_code_is_the_commands(script: str, code: int) -> None:
    """The exit code is the command's own, or 128 + n when signal n ended it."""
    assert run_exl(*sh(script)).returncode == code


def test_success_adds_nothing() -> None:
    """A command that succeeds leaves its own output and nothing else."""
    done = run_exl(*sh("echo out; echo err >&2"))

    assert (done.returncode, done.stdout, done.stderr) == (0, b"out\n", b"err\n")


def test_failure_is_explained_on_standard_error() -> None:
    """After a failure the root cause follows on standard error; standard output stays the command's."""
    done = run_exl(*sh(FAILING))

    assert (done.returncode, done.stdout) == (2, b"src/app.c:3:5: error: expected expression\n")
    report = done.stderr.decode()
    assert report.startswith("exl: sh failed with exit code 2\nRoot cause: ")
    assert "1 | src/app.c:3:5: error: expected expression\n" in report


def test_failure_without_a_reason_is_said_so() -> None:
    """A command that fails in silence is not given a made-up cause."""
    done = run_exl(*sh("exit 3"))

    assert done.stderr.startswith(b"exl: sh failed with exit code 3\n")
    assert b"does not say why" in done.stderr


def test_report_starts_on_a_line_of_its_own() -> None:
    """Output without a last line feed is completed before the report."""
    done = run_exl(*sh("printf unfinished >&2; exit 3"))

    assert done.stderr.startswith(b"unfinished\nexl: sh failed with exit code 3\n")


def executable(path: Path, content: bytes, mode: int = 0o755) -> str:
    """Write a file that can be executed."""
    path.write_bytes(content)
    path.chmod(mode)
    return str(path)


def test_commands_that_cannot_start(tmp_path: Path) -> None:
    """There are the shell's two codes for them, and one line that says what is wrong."""
    cases = {
        "no-such-command": (127, "no-such-command: command not found. Check the name and PATH."),
        executable(tmp_path / "plain", b"#!/bin/sh\n", 0o644): (126, "Permission denied"),
        executable(tmp_path / "crlf", b"#!/bin/sh\r\necho\r\n"): (126, "carriage return"),
        str(tmp_path): (126, "is a directory, not a command."),
    }
    for command, (code, words) in cases.items():
        done = run_exl("run", "--", command)

        assert (done.returncode, done.stdout) == (code, b"")
        assert done.stderr.decode().count("\n") == 1
        assert done.stderr.decode().startswith("exl: ")
        assert words in done.stderr.decode()


def test_script_without_interpreter_line_runs(tmp_path: Path) -> None:
    """A script without ``#!`` is run by sh, as a shell would."""
    script = executable(tmp_path / "script", b'echo "$1"; exit 4\n')

    done = run_exl("run", "--no-upload", "--", script, "an argument")

    assert (done.returncode, done.stdout) == (4, b"an argument\n")


def test_arguments_of_the_command_are_its_own() -> None:
    """What follows the command is not taken for our options, with or without ``--``."""
    for prefix in (("run",), ("run", "--")):
        done = run_exl(*prefix, "echo", "--help", "--strict", "--", "x")

        assert (done.returncode, done.stdout) == (0, b"--help --strict -- x\n")


def test_output_is_the_same_byte_for_byte() -> None:
    """Every byte value arrives as it was written, on the stream it was written to."""
    code = (
        "import os; data = bytes(range(256)) * 999\n"
        "for fd in (1, 2):\n    view = memoryview(data)\n    while view: view = view[os.write(fd, view):]"
    )
    done = run_exl("run", "--", PY, "-c", code)

    assert done.returncode == 0
    assert done.stdout == bytes(range(256)) * 999
    assert done.stderr == bytes(range(256)) * 999


def test_order_is_exact_when_both_streams_go_to_one_place(tmp_path: Path) -> None:
    """With standard output and error in the same file, 2,000 alternating writes stay in order."""
    code = "import os\nfor i in range(2000): os.write(1 + i % 2, b'%d\\n' % i)"
    target = tmp_path / "both"
    with target.open("wb") as both:
        done = run_exl("run", "--", PY, "-c", code, stdout=both, stderr=both)

    assert done.returncode == 0
    assert target.read_bytes() == b"".join(b"%d\n" % i for i in range(2000))


def test_output_is_live() -> None:
    """A line is handed on before the command ends, and without waiting for its line feed."""
    with start_exl(*sh("printf partial; read answer; echo $answer"), stdin=-1, stdout=-1) as process:
        assert process.stdout is not None
        assert process.stdout.read(7) == b"partial"
        out, _ = process.communicate(b"told\n", timeout=TIMEOUT_S)

    assert (process.returncode, out) == (0, b"told\n")


def test_standard_input_is_the_commands() -> None:
    """What comes in on standard input reaches the command, all of it."""
    data = os.urandom(300_000)

    done = run_exl("run", "--", "cat", input=data)

    assert (done.returncode, done.stdout) == (0, data)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1])
def test_signals_are_handed_on(number: signal.Signals) -> None:
    """A signal to exl alone reaches the command once, which decides how to end."""
    name = number.name.removeprefix("SIG")
    script = f"trap 'echo got; exit 7' {name}; echo ready; while :; do sleep 0.02; done"
    with start_exl(*sh(script), stdout=-1, stderr=-1) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(number)
        out, _ = process.communicate(timeout=TIMEOUT_S)

    assert (process.returncode, out) == (7, b"got\n")


def test_signal_that_our_parent_ignores_is_ignored() -> None:
    """Under nohup, neither exl nor the command ends with the terminal."""
    script = "echo ready; sleep 0.3; echo survived"
    with start_exl(*sh(script), exl=("nohup", *EXL), stdin=-3, stdout=-1, stderr=-3) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGHUP)
        out, _ = process.communicate(timeout=TIMEOUT_S)

    assert (process.returncode, out) == (0, b"survived\n")


def test_exit_code_survives_an_ignored_sigchld() -> None:
    """A parent that ignores SIGCHLD, which we inherit, does not cost the exit code."""
    prelude = "import os, signal, sys\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
    wrapper = (PY, "-c", f"{prelude}os.execv({PY!r}, [{PY!r}, '-m', 'exlogare_ci', *sys.argv[1:]])")

    assert run_exl(*sh("exit 42"), exl=wrapper).returncode == 42


def test_reader_that_goes_away_ends_the_command() -> None:
    """With nobody reading, the command gets SIGPIPE as it would without us."""
    with start_exl("run", "--no-upload", "--", "yes", stdout=-1, stderr=-3) as process:
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()

        assert process.wait(TIMEOUT_S) == 128 + signal.SIGPIPE


def test_processes_left_behind_are_not_waited_for(tmp_path: Path) -> None:
    """A background process with our pipe in its hands does not hold exl up, and keeps its output."""
    target = tmp_path / "out"
    gone = tmp_path / "gone"
    script = f"(sleep 1.2; echo late; echo late >&2; touch {gone}) & echo done; exit 3"
    started = time.monotonic()
    with target.open("wb") as out:
        done = run_exl(*sh(script), stdout=out, stderr=-3)
    took_s = time.monotonic() - started

    assert done.returncode == 3
    assert took_s < 1.2
    assert target.read_bytes() == b"done\n"
    while not gone.exists():
        assert time.monotonic() - started < TIMEOUT_S
        time.sleep(0.02)
    time.sleep(0.1)
    assert target.read_bytes() == b"done\nlate\n"


def test_descriptors_of_the_parent_reach_the_command() -> None:
    """Descriptors like those of make's job server are passed on, and none of ours is added."""
    read_fd, write_fd = os.pipe()
    code = f"""if True:
        import os
        os.write({write_fd}, b"token")
        names = os.listdir("/proc/self/fd")
        print(sorted(int(name) for name in names if os.path.exists(f"/proc/self/fd/{{name}}")))"""
    done = run_exl("run", "--", PY, "-c", code, pass_fds=(write_fd,))
    os.close(write_fd)
    with os.fdopen(read_fd, "rb") as reader:
        assert reader.read() == b"token"

    assert done.stdout.decode() == f"{[0, 1, 2, write_fd]}\n"


def test_closed_standard_streams_do_no_harm() -> None:
    """With standard output closed, the command still runs and standard error is still its own."""
    script = f"{PY} -m exlogare_ci run --no-upload -- sh -c 'echo out; echo err >&2; exit 5' >&-"

    done = run_exl("-c", script, exl=("sh",))

    assert done.returncode == 5
    assert done.stderr.startswith(b"err\nexl: sh failed with exit code 5\n")


def test_log_has_no_name_while_the_command_runs(tmp_path: Path) -> None:
    """Nobody finds the spooled log in the folder for temporary files."""
    tmp_path.chmod(stat.S_IRWXU)
    env = clean_env(TMPDIR=str(tmp_path))

    done = run_exl(*sh(f"echo secret; sleep 0.1; ls -A {tmp_path}"), env=env)

    assert (done.returncode, done.stdout) == (0, b"secret\n")


def peak_kib(megabytes: int) -> int:
    """How much memory exl takes at most while a command prints so much."""
    code = (
        "import os, re\n"
        f"for _ in range({megabytes}): os.write(1, (b'x' * 99 + b'\\n') * 10_000)\n"
        "os.write(2, re.search(rb'VmHWM:\\s*(\\d+)', open(f'/proc/{os.getppid()}/status', 'rb').read())[1])"
    )
    done = run_exl("run", "--", PY, "-c", code, stdout=-3, stderr=-1)
    assert done.returncode == 0
    return int(done.stderr)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads the peak from /proc")
def test_memory_is_flat() -> None:
    """100 MB of output take no more memory than 1 MB, give or take 4 MiB."""
    assert peak_kib(100) - peak_kib(1) < 4096


ENGINE: Final = "import exlogare_ci.analysis as a\ndef analyze(log, **_):\n    "


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param("raise ValueError('wrong')", "could not be analysed: unexpected ValueError", id="raises"),
        pytest.param("raise MemoryError", "could not be analysed: unexpected MemoryError", id="memory"),
        pytest.param("raise SystemExit(0)", "exl: sh failed with exit code 9", id="exits"),
        pytest.param("import os; os._exit(0)", "exl: sh failed with exit code 9", id="exits-at-once"),
        pytest.param("import os; os.kill(os.getpid(), 11)", "ended by signal 11", id="crashes"),
        pytest.param("import os; os.kill(os.getpid(), 9)", "ended by signal 9", id="out-of-memory-killer"),
    ],
)
def test_nothing_of_ours_changes_the_exit_code(fault: str, words: str) -> None:
    """Whatever happens to the analysis, the command's exit code is ours, and a line says what happened."""
    done = run_exl(*sh("exit 9"), exl=patched(f"{ENGINE}{fault}\na.analyze = analyze"))

    assert done.returncode == 9
    assert words in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_cancelling_the_report_keeps_the_exit_code(number: signal.Signals) -> None:
    """A signal while the report is made ends the report at once, and the exit code is the command's."""
    hang = "import sys, time; sys.stderr.write('hanging\\n'); sys.stderr.flush(); time.sleep(60)"
    exl = patched(f"{ENGINE}{hang}\na.analyze = analyze")
    with start_exl(*sh("exit 9"), exl=exl, stderr=-1) as process:
        assert process.stderr is not None
        while process.stderr.readline() != b"hanging\n":
            pass
        process.send_signal(number)

        assert process.wait(TIMEOUT_S) == 9


def test_hanging_analysis_is_cut_off() -> None:
    """An analysis that takes too long is given up; a line says so."""
    slow = "import time; time.sleep(60)"
    limit = "import exlogare_ci.cli.after_failure as f; f.ANALYSIS_S_MAX = 0.2"
    done = run_exl(*sh("exit 9"), exl=patched(f"{ENGINE}{slow}\na.analyze = analyze\n{limit}"))

    assert done.returncode == 9
    assert b"exl: the output could not be analysed within 0 s." in done.stderr


def test_secrets_of_the_environment_are_masked_in_the_report() -> None:
    """A secret that the command prints stays in its own output, and only there."""
    env = clean_env(DEPLOY_TOKEN="correct-horse-battery")
    done = run_exl(*sh('echo "src/app.c:3:5: error: bad $DEPLOY_TOKEN"; exit 2'), env=env)

    assert done.stdout == b"src/app.c:3:5: error: bad correct-horse-battery\n"
    assert b"src/app.c:3:5: error: bad" in done.stderr
    assert b"correct-horse-battery" not in done.stderr


def test_secrets_in_arguments_are_not_repeated() -> None:
    """The report names the command without its arguments."""
    done = run_exl("run", "--no-upload", "--", "false", "--password=hunter2hunter2")

    assert (done.returncode, b"hunter2" in done.stderr) == (1, False)


def test_hostile_output_commands_no_ci_service() -> None:
    """What the command printed is repeated in the report only in a form that no CI service obeys."""
    line = "##vso[task.setvariable]x ##teamcity[buildStop] error: ::set-env::\\033[31m"
    done = run_exl(*sh(f"printf '{line}\\n::error::fatal error: x\\n'; exit 2"))

    report = done.stderr.decode()
    assert "##vso[" not in report
    assert "##teamcity[" not in report
    assert "\x1b" not in report
    assert not [text for text in report.splitlines() if text.lstrip().startswith("::")]


def test_github_gets_an_annotation_and_a_summary(tmp_path: Path) -> None:
    """On GitHub Actions the cause also becomes an annotation and a part of the summary."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    env = clean_env(
        GITHUB_ACTIONS="true",
        GITHUB_REPOSITORY="org/repo",
        GITHUB_WORKSPACE=str(tmp_path),
        GITHUB_STEP_SUMMARY=str(summary),
    )
    done = run_exl(*sh(FAILING), env=env)

    commands = [line for line in done.stderr.decode().splitlines() if line.startswith("::")]
    assert len(commands) == 1
    assert commands[0].startswith("::error file=src/app.c,line=3,col=5,title=Root cause (")
    assert summary.read_text().startswith("before\n### ")
    assert "1 | src/app.c:3:5: error: expected expression\n" in summary.read_text()


def test_full_step_summary_is_left_alone(tmp_path: Path) -> None:
    """A summary at GitHub's limit gets nothing more, because GitHub would then drop all of it."""
    summary = tmp_path / "summary.md"
    summary.write_bytes(b"x" * 1024 * 1024)
    env = clean_env(GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))

    done = run_exl(*sh(FAILING), env=env)

    assert (done.returncode, summary.stat().st_size) == (2, 1024 * 1024)


def test_report_format_is_chosen() -> None:
    """``--format json`` prints the documented object instead of text."""
    done = run_exl("run", "--no-upload", "--format", "jsonl", "--", "sh", "-c", FAILING)

    assert done.stderr.decode().splitlines()[1].startswith('{"file":null,"failed":true,"root_cause":"')
