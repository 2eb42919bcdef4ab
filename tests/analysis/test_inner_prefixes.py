"""The text of a tool that another tool ran is read as if it stood alone."""

import time

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.inner_prefixes import without_inner_prefixes

TURBO = (
    b"\n@shop/cart:test: cache miss, executing 0f1c\n@shop/cart:test: FAIL src/cart.test.js\n@shop/cart:test:   1) x\n"
    b"shop:test: is no task of this run\n"
)
PNPM = (
    b"Scope: 2 of 3 workspace projects\npackages/cart test$ vitest run\npackages/cart test:  FAIL  cart.test.ts\n"
    b"see packages/cart test: no prefix inside a line\n"
)
ZUUL = b"x\nRUN START: [untrusted]\nubuntu-noble | {0} shop.test_a [0.1s] ... FAILED\nTASK [tox]\n"
MOZHARNESS = (
    b"10:00:00     INFO - MultiFileLogger online at 20260302 in /b\n10:00:01     INFO -  12 INFO TEST-START | a.html\n"
    b"10:00:02    ERROR - TEST-UNEXPECTED-FAIL | a.html | got 2\n10:00:03  WARNING - setting return code to 1\n"
)
MATCHED = (
    b"/src/a.js\n##[error]  12:10  error  'x' is not defined  no-undef\n"
    b"  ##[error]a/feed.go:41:15: unchecked (errcheck)\n"
    b"##[warning]src\\a.cs(3,4): warning CS1: no\n##[error]Process completed with exit code 1.\n"
)
WDIO = (
    b"[0-0] FAILED in chrome - /test/cart.js\n[chrome 110.0 linux #0-0] 1 failing\n"
    b"[chrome 110.0 linux #0-0] 1) pays\n\nSpec Files:\t 0 passed, 1 failed, 1 total\n"
)
CONCURRENT = (
    b"[web] Server on 3000\n[test]   1 failing\n[test]   1) pays\n[test] npm run test exited with code 1\n"
    b"--> Sending SIGTERM to other processes..\n[web] npm run web exited with code SIGTERM\n"
)
KITCHEN = (
    b"-----> Starting Kitchen (v1.4.0)\n       Failures:\n         1) shop\n      six stay\n"
    b">>>>>> Converge failed on instance <shop>.\n"
)
MELOS = (
    "$ melos exec\n  \u2514> dart analyze\n     \u2514> RUNNING (in 2 packages)\n"
    "[shop_cart]:   error - lib/cart.dart:2:14 - x - y\n"
    "[shop_cart]: \nsee [shop_cart]: no prefix inside a line\n"
).encode()
FLUTTER = (
    b"[ +155 ms] executing: gradlew\n[        ] FAILURE: Build failed with an exception.\n[   +5 ms]    > x\n"
    b"[1,204 ms] y\nsee [        ] inside\n"
)
GO_LOGGED = (
    b"2026/03/01 10:00:00 Running tests...\n2026/03/01 10:00:09 === NAME  shop\n"
    b"2026/03/01 10:00:09 --- FAIL: shop (0.00s)\n2026/03/01 10:00:09     --- FAIL: shop/apply (9.00s)\n"
)
GO = (
    b'{"Time":"2026-03-01T10:00:00Z","Action":"run","Package":"shop","Test":"TestA"}\n'
    b'{"Action":"output","Package":"shop","Test":"TestA","Output":"    a_test.go:3: got \\"3\\"\\n"}\n'
    b'{"Action":"output","Package":"shop","Output":"a\\nb\\n"}\n'
    b'{"Action":"output","Package":"shop","Output":"\\x"}\nok shop\n'
)


@pytest.mark.parametrize(
    ("log", "read"),
    [
        (TURBO, b"\ncache miss, executing 0f1c\nFAIL src/cart.test.js\n  1) x\nshop:test: is no task of this run\n"),
        (
            PNPM,
            (
                b"Scope: 2 of 3 workspace projects\npackages/cart test$ vitest run\n FAIL  cart.test.ts\n"
                b"see packages/cart test: no prefix inside a line\n"
            ),
        ),
        (ZUUL, b"x\nRUN START: [untrusted]\n{0} shop.test_a [0.1s] ... FAILED\nTASK [tox]\n"),
        (
            MOZHARNESS,
            (
                b"MultiFileLogger online at 20260302 in /b\nTEST-START | a.html\n"
                b"TEST-UNEXPECTED-FAIL | a.html | got 2\n"
                b"10:00:03  WARNING - setting return code to 1\n"
            ),
        ),
        (
            MATCHED,
            (
                b"/src/a.js\n  12:10  error  'x' is not defined  no-undef\na/feed.go:41:15: unchecked (errcheck)\n"
                b"src\\a.cs(3,4): warning CS1: no\n##[error]Process completed with exit code 1.\n"
            ),
        ),
        (
            WDIO,
            (
                b"[0-0] FAILED in chrome - /test/cart.js\n 1 failing\n 1) pays\n\n"
                b"Spec Files:\t 0 passed, 1 failed, 1 total\n"
            ),
        ),
        (
            CONCURRENT,
            (
                b"[web] Server on 3000\n  1 failing\n  1) pays\nnpm run test exited with code 1\n"
                b"--> Sending SIGTERM to other processes..\n[web] npm run web exited with code SIGTERM\n"
            ),
        ),
        (
            KITCHEN,
            (
                b"-----> Starting Kitchen (v1.4.0)\nFailures:\n  1) shop\n      six stay\n"
                b">>>>>> Converge failed on instance <shop>.\n"
            ),
        ),
        (
            MELOS,
            (
                "$ melos exec\n  \u2514> dart analyze\n     \u2514> RUNNING (in 2 packages)\n"
                "  error - lib/cart.dart:2:14 - x - y\n\nsee [shop_cart]: no prefix inside a line\n"
            ).encode(),
        ),
        (
            FLUTTER,
            b"executing: gradlew\nFAILURE: Build failed with an exception.\n   > x\ny\nsee [        ] inside\n",
        ),
        (
            GO_LOGGED,
            (
                b"2026/03/01 10:00:00 Running tests...\n=== NAME  shop\n"
                b"--- FAIL: shop (0.00s)\n    --- FAIL: shop/apply (9.00s)\n"
            ),
        ),
        (GO, b'\n    a_test.go:3: got "3"\na b\n' + GO.splitlines()[3] + b"\nok shop\n"),
    ],
    ids=[
        "turbo",
        "pnpm",
        "zuul",
        "mozharness",
        "problem matcher",
        "wdio",
        "concurrently",
        "kitchen",
        "melos",
        "flutter --verbose",
        "go's logger",
        "go test -json",
    ],
)
def test_the_prefix_that_a_tool_announced_is_taken_off(log: bytes, read: bytes) -> None:
    """Only the announced prefix goes, at the beginning of a line; the number of lines stays."""
    assert without_inner_prefixes(log) == read


def test_json_that_is_nested_too_deep_stays_as_it_is() -> None:
    """A line that only begins like an event of Go does not stop the engine."""
    log = b'{"Action":"output","Output":' + b"[" * 15_000 + b"}\n"

    assert without_inner_prefixes(log) == log


def test_a_log_without_such_a_tool_stays_as_it_is() -> None:
    """What looks like a prefix is text, when no line announces it."""
    log = b'a:b: c\npackages/cart test: x\nnode | y\n10:00:00     INFO - w\n{"Action":"run"}\n'

    assert without_inner_prefixes(log) == log


def test_a_failing_test_of_a_json_stream_is_named() -> None:
    """``go test -json`` is read like ``go test``."""
    event = '{{"Action":"{0}","Package":"shop","Test":"TestSum","Output":"{1}\\n"}}\n'
    log = event.format("output", "=== RUN   TestSum") + event.format("output", "    sum_test.go:9: got 3, want 4")
    log += event.format("output", "--- FAIL: TestSum (0.00s)") + event.format("output", "FAIL")

    found = analyze(log.encode())

    assert (found.failed, found.cause_line, found.category, found.failed_tests) == (True, 2, "code.test", ("TestSum",))


@pytest.mark.slow
@pytest.mark.parametrize(
    "unit",
    [
        b'"Action":"output","Output":"',
        b'{"Action":"output"',
        b"a:b: cache miss, executing ",
        b"##[error]a/b.c:1",
        b"Spec Files:[a #0-0",
    ],
    ids=["json", "beginnings of json", "turbo", "problem matcher", "wdio"],
)
def test_hostile_repetition_stays_linear(unit: bytes) -> None:
    """Four times the text takes about four times as long, on one line and on many."""

    def seconds(count: int) -> float:
        lines = unit * count + b"\n" + (unit + b"\n") * count
        start = time.process_time()
        without_inner_prefixes(lines)
        return time.process_time() - start

    seconds(100)
    small, large = min(seconds(5_000) for _ in range(3)), seconds(20_000)

    assert large < 12 * small + 0.05
