"""Secrets of every kind, planted where failures are shown: none of them is in anything that comes out."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.masking import mask
from exlogare_ci.analysis.secret_rule import expand
from exlogare_ci.analysis.secret_rules import RULES
from exlogare_ci.report.finding import Finding
from exlogare_ci.report.reporters import REPORTERS
from exlogare_ci.report.text import render_text
from tests.cli.exl_in_process import call_exl

SEEN_CHARS_MIN: Final = 12
"""So much of a secret in a row counts as seen; of a shorter one all of it."""

SHAPES: Final[Mapping[str, str]] = {
    "compiler": "compiling\nsrc/app.c:3:5: error: bad value @\n    3 | value\n      | ^\nmake: *** [app.o] Error 1\n",
    "environment-dump": (
        "+ env\nPATH=/usr/bin\n@\nHOME=/root\n+ make deploy\nmake: *** No rule to make target 'deploy'.  Stop.\n"
    ),
    "pytest": (
        "=================================== FAILURES ===================================\n"
        "_________________________________ test_login __________________________________\n\n"
        "    def test_login():\n>       assert login(token) == 'ok'\nE       AssertionError: refused @\n\n"
        "tests/test_login.py:9: AssertionError\n"
        "=========================== short test summary info ============================\n"
        "FAILED tests/test_login.py::test_login - AssertionError: refused @\n"
        "========================= 1 failed, 2 passed in 0.31s =========================\n"
    ),
    "exception": (
        'Exception in thread "main" java.lang.IllegalStateException: cannot log in with @\n'
        "\tat com.example.Main.main(Main.java:9)\n"
        "Caused by: java.io.IOException: 401 for @\n\tat com.example.Http.get(Http.java:7)\n\t... 1 more\n"
    ),
    "failing-test-name": (
        "=== RUN   TestLogin\n    login_test.go:7: @\n--- FAIL: TestLogin/@ (0.00s)\nFAIL\nFAIL\texample.org/a\t0.1s\n"
    ),
    "github": (
        "2026-03-01T12:00:00.0000000Z ##[group]Run make deploy\n"
        "2026-03-01T12:00:00.1000000Z env:\n2026-03-01T12:00:00.1000000Z   @\n"
        "2026-03-01T12:00:00.2000000Z ##[endgroup]\n"
        "2026-03-01T12:00:01.0000000Z deploy: refused for @\n"
        "2026-03-01T12:00:01.1000000Z ##[error]Process completed with exit code 1.\n"
    ),
    "unknown-tool": "checking\ncould not be accepted: @\nERROR: it failed for @\n",
    "command-echo": "$ deploy --with @ https://example.org\ncurl: (22) The requested URL returned error: 401 @\n",
    "json-line": '{"level":"error","msg":"refused: @"}\nnpm ERR! code ELIFECYCLE\nnpm ERR! deploy: `deploy @`\n',
    "behind-a-redrawn-line": "progress 10%\rprogress 90%\rerror: refused @\nmake: *** [deploy] Error 1\n",
    "coloured": "\x1b[31merror:\x1b[0m refused \x1b[1m@\x1b[0m\nmake: *** [deploy] Error 1\n",
    "cut-at-300": f"src/app.c:3:5: error: {'x' * 265} @\nmake: *** [app.o] Error 1\n",
    "cut-at-500": f"src/app.c:3:5: error: {'word ' * 94} @\nmake: *** [app.o] Error 1\n",
    "cut-at-600": f"ERROR: {'word ' * 117} @\nmake: *** [app.o] Error 1\n",
    "cut-at-4096": f"src/app.c:3:5: error: {'word ' * 812} @\nmake: *** [app.o] Error 1\n",
    "far-above": "@\nbuilding on\n" * 3 + "src/app.c:3:5: error: expected expression\nmake: *** [app.o] Error 1\n",
}  # fmt: skip
"""Logs of failures; ``@`` is where a secret is planted."""

SAMPLES: Final = [
    (f"{rule.id}-{number}", expand(sample)) for rule in RULES for number, sample in enumerate(rule.matches)
]


def planted(shape: str, sample: bytes) -> bytes:
    """The log of a shape with a secret in it."""
    return SHAPES[shape].encode().replace(b"@", sample)


def secret_pieces(sample: bytes) -> set[str]:
    """The pieces of a sample's secrets that are not in what may be shown of it.

    Masking a sample alone tells what is secret in it; the masking's own tests say that this is right.
    """
    masked = mask(sample)
    kept = re.split(rb"\[masked:\w+\]", masked)
    pieces: set[str] = set()
    position = 0
    for before, behind in zip(kept, [*kept[1:], None], strict=True):
        position += len(before)
        if behind is None:
            break
        end = sample.index(behind, position) if behind else len(sample)
        secret = sample[position:end].decode("utf-8", "replace")
        size = min(SEEN_CHARS_MIN, len(secret))
        pieces.update(secret[start : start + size] for start in range(len(secret) - size + 1))
        position = end
    return {piece for piece in pieces if piece not in masked.decode("utf-8", "replace")}


SHOWN: Final = b"\n".join(mask(sample) for _, sample in SAMPLES).decode("utf-8", "replace")
"""What may be shown of all samples; some have a public part that is made of the same characters as others' secrets."""
PIECES: Final = {name: secret_pieces(sample) for name, sample in SAMPLES}


def leaks(outputs: Mapping[str, str], name: str) -> list[str]:
    """Which outputs hold a piece of a sample's secrets, with the first piece."""
    found = (
        (kind, next((piece for piece in PIECES[name] if piece in output), None)) for kind, output in outputs.items()
    )
    return [f"{name} in {kind}: {piece!r}" for kind, piece in found if piece is not None]


def outputs_of(log: bytes) -> dict[str, str]:
    """Everything that is made of the analysis of a log."""
    analysis = analyze(log, known_failed=True)
    finding = Finding(analysis=analysis, file="build.log")
    written = {name: report(finding, explain=True) for name, report in REPORTERS.items()}
    return {"repr": repr(analysis), "text": render_text(finding, explain=True), **written}


def test_there_is_something_to_look_for() -> None:
    """Each sample of each rule has pieces that must not be seen, and they are found where they stand."""
    assert len(SAMPLES) >= len(RULES) >= 100
    assert [name for name, pieces in PIECES.items() if not pieces] == []
    assert all(leaks({"raw": sample.decode("utf-8", "replace")}, name) for name, sample in SAMPLES)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_output_shows_a_planted_secret(shape: str) -> None:
    """Wherever a secret of any kind stands in the log, no field and no format holds a piece of it."""
    found = [leak for name, sample in SAMPLES for leak in leaks(outputs_of(planted(shape, sample)), name)]

    assert found == []


def test_colours_hide_no_secret() -> None:
    """A colour code in the middle of a secret is taken out before secrets are looked for."""
    found = []
    for name, sample in SAMPLES:
        middle = len(sample) // 2
        coloured = sample[:middle] + b"\x1b[1m" + sample[middle:]
        found += leaks(outputs_of(planted("compiler", coloured)), name)

    assert found == []


@pytest.mark.slow
@pytest.mark.parametrize("format_name", ["text", "json", "jsonl", "markdown"])
def test_the_command_shows_none(format_name: str, tmp_path: Path) -> None:
    """``exl analyze`` neither, in any format, for a log of each secret."""
    shapes = list(SHAPES)
    for number, (name, sample) in enumerate(SAMPLES):
        (tmp_path / f"{name}.log").write_bytes(planted(shapes[number % len(shapes)], sample))

    result = call_exl(
        "analyze", "--explain", "--format", format_name, *(f"{name}.log" for name, _ in SAMPLES), cwd=tmp_path
    )

    shown = {piece for pieces in PIECES.values() for piece in pieces if piece in SHOWN}
    assert result.exit_code == 0
    assert [name for name, pieces in PIECES.items() for piece in pieces - shown if piece in result.output] == []


ORDINARY: Final = (
    "commit 9f3c07b1e5a82d649f3c07b1e5a82d649f3c07b1",
    "digest sha256:9f3c07b1e5a82d649f3c07b1e5a82d649f3c07b1e5a82d649f3c07b1e5a82d64",
    "session 3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "/home/runner/work/shop/shop/src/token/secret_store2.py",
    "C:\\Users\\ci\\AppData\\Local\\Temp\\tmpA1B2C3.txt",
    "https://registry.example.org:5000/v2/acme/shop/manifests/4.1.0",
    "com.example.auth.TokenFactory$Builder@1b2c3d4e",
    "expected <password> but was <username>",
    "key=value1 size=1024 time=12:30:15.123",
    "libssl.so.1.1: undefined symbol: EVP_PKEY_CTX_set_rsa_keygen_pubexp",
    "h1:abc/go.mod and h2",
    "0x7ffd1b2c3d4e5f60",
    "1.2.3-SNAPSHOT-20260301.120000-1",
)


@pytest.mark.parametrize("text", ORDINARY)
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    """Hashes, ids, paths, addresses and words reach the evidence and the report as they are."""
    log = f"compiling\nsrc/app.c:3:5: error: cannot use {text}\nmake: *** [app.o] Error 1\n".encode()

    analysis = analyze(log)

    assert analysis.evidence[0].text == f"src/app.c:3:5: error: cannot use {text}"
    assert "[masked:" not in "".join(outputs_of(log).values())
