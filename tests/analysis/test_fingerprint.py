# ruff: noqa: S108 - folders for temporary files are the subject
"""The fingerprint: the same for the same cause in another run, another for another cause."""

import datetime as dt
import itertools
import re
import string
import time
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.fingerprint import normalize, normalize_name
from tests.analysis.fingerprint_build_cases import BUILD_CASES
from tests.analysis.fingerprint_cases import PARALLEL, TEST_CASES, Case, Parallel

CASES = (*TEST_CASES, *BUILD_CASES)
SETTINGS = settings(deadline=None, max_examples=60)
PARAMETERS = [pytest.param(case, id=case.name) for case in CASES]

_hex = st.text("0123456789abcdef", min_size=8, max_size=12)
_folder = st.text(string.ascii_lowercase + string.digits + "._-", min_size=1, max_size=12).filter(
    lambda name: name.strip(".") != ""
)
_roots = st.one_of(
    st.lists(_folder, min_size=1, max_size=6).map(lambda parts: "/" + "/".join(parts)),
    st.sampled_from(["/home/runner/work/shop/shop", "/builds/acme/shop", "/Users/runner/work/1/s",
                     "/var/jenkins_home/workspace/shop_PR-12@2", "/tmp/tmp.Xa3kd9", "/builds/3f9a07b1/0/acme/shop",
                     "/tmp/3fa85f64-5717-4562-b3fc-2c963f66afa6/shop", "/a/2026-03-01/b"]),
)  # fmt: skip
_moments = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2099, 12, 31))  # noqa: DTZ001 - zones are in the formats
_TIME_FORMATS = (
    "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S.%fZ", "%Y-%m-%d %H:%M:%S,123", "%Y-%m-%dT%H:%M:%S+02:00",
    "%Y/%m/%d %H:%M:%S", "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S GMT", "%b %d, %Y %I:%M:%S %p",
    "%d-%b-%Y %H:%M:%S", "%H:%M:%S",
)  # fmt: skip
_times = st.builds(lambda moment, layout: moment.strftime(layout), _moments, st.sampled_from(_TIME_FORMATS))
_RUN = st.fixed_dictionaries(
    {
        "root": _roots,
        "time": _times,
        "seconds": st.floats(0, 9999).map(lambda seconds: f"{seconds:.2f}"),
        "port": st.integers(1024, 65535).map(str),
        "uuid": st.uuids().map(str),
        "hex": _hex,
        "address": _hex.map(lambda digits: f"0x7f{digits}"),
        "number": st.integers(0, 99999).map(str),
        "worker": st.integers(0, 63).map(str),
        "tries": st.integers(0, 9).map(str),
    }
)
"""What a run puts in the place of each mark."""

_AROUND = st.lists(
    st.sampled_from(
        ["Downloading dependencies", "cache restored from key v3-linux", "Compiling 3 files", "step took 4 s",
         "uploading 12 artifacts", "[worker 3] idle", "warming up", "", "Cleaning up"]
    ),
    max_size=5,
)  # fmt: skip
"""Lines that have nothing to do with the failure."""


def run_of(case: Case, run: dict[str, str], before: list[str] | None = None, after: list[str] | None = None) -> bytes:
    """The log of one run."""
    text = re.sub(r"@([a-z]+)@", lambda mark: run[mark[1]], case.log)
    return "".join([*(f"{line}\n" for line in before or []), text, *(f"{line}\n" for line in after or [])]).encode()


USUAL = {
    "root": "/home/ci/shop", "time": "2026-03-01T12:00:00", "seconds": "0.12", "port": "8080",
    "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "hex": "0a1b2c3d", "address": "0x7f0a1b2c3d4e", "number": "7",
    "worker": "0", "tries": "4",
}  # fmt: skip


def test_there_are_enough_tools() -> None:
    """Fifteen tools or more, and every mark that a run fills is used by some of them."""
    used = {mark for case in CASES for mark in re.findall(r"@([a-z]+)@", case.log)}

    assert len({case.name for case in CASES}) == len(CASES) >= 15
    assert used == set(USUAL)


@pytest.mark.parametrize("case", PARAMETERS)
def test_another_run_has_the_same_fingerprint(case: Case) -> None:
    """Times, durations, folders, ports, ids, addresses, workers, retries and lines around it do not count."""
    expected = analyze(run_of(case, USUAL)).fingerprint

    @given(_RUN, _AROUND, _AROUND)
    @SETTINGS
    def check(run: dict[str, str], before: list[str], after: list[str]) -> None:
        assert analyze(run_of(case, run, before, after)).fingerprint == expected

    assert re.fullmatch(r"v1:[0-9a-f]{32}", expected)
    check()


@pytest.mark.parametrize("case", PARAMETERS)
def test_another_cause_has_another_fingerprint(case: Case) -> None:
    """Another test, symbol, file, package, error or host is another cause."""
    logs = {"": case.log, **{old: case.log.replace(old, new) for old, new in case.others}}
    assert len(set(logs.values())) == 1 + len(case.others)

    prints = {name: analyze(run_of(Case(name="", log=log, others=()), USUAL)).fingerprint for name, log in logs.items()}

    assert len(set(prints.values())) == len(prints), prints


def test_causes_of_different_tools_differ() -> None:
    """No two of the sample failures are taken for one."""
    prints = {case.name: analyze(run_of(case, USUAL)).fingerprint for case in CASES}

    assert len(set(prints.values())) == len(prints), prints


@pytest.mark.parametrize("parallel", [pytest.param(each, id=each.name) for each in PARALLEL])
def test_the_order_of_parallel_tests_does_not_count(parallel: Parallel) -> None:
    """Three tests that failed side by side are one cause in whatever order they are reported; a fourth is another."""

    def print_of(names: Sequence[str]) -> str:
        blocks = "".join(parallel.block.replace("@name@", name) for name in names)
        return analyze(f"{parallel.head}{blocks}{parallel.tail}".encode()).fingerprint

    prints = {print_of(order) for order in itertools.permutations(("cart", "user", "stock"))}

    assert len(prints) == 1
    assert print_of(("cart", "user", "stock", "money")) not in prints


CHATTER = "[3/9] Building CXX object stock.o\n[4/9] Building CXX object money.o\nlinked\ncopied\n"


@pytest.mark.parametrize("between", ["", CHATTER], ids=["together", "apart"])
@pytest.mark.parametrize(
    "block",
    [
        "src/@name@.c:4:10: error: 'price_of_@name@' undeclared (first use in this function)\n",
        (
            "error[E0425]: cannot find value `@name@` in this scope\n"
            " --> src/@name@.rs:4:9\n  |\n4 |   @name@\n  |   ^ not found\n\n"
        ),
        "src/@name@.ts(3,7): error TS2322: Type 'string' is not assignable to type '@name@'.\n",
    ],
    ids=["gcc", "rustc", "tsc"],
)
def test_the_order_of_parallel_diagnostics_does_not_count(block: str, between: str) -> None:
    """Compilers that ran side by side report their errors in any order, with other lines between or not."""

    def print_of(names: Sequence[str], between: str) -> str:
        log = between.join(block.replace("@name@", name) for name in names)
        return analyze(f"{log}make: *** [all] Error 1\n".encode()).fingerprint

    prints = {print_of(order, between) for order in itertools.permutations(("cart", "user", "stock"))}

    assert prints == {print_of(("user", "stock", "cart"), "")}
    assert print_of(("user", "stock"), between) not in prints


@pytest.mark.parametrize("parallel", [pytest.param(each, id=each.name) for each in PARALLEL])
def test_tests_that_failed_far_apart_are_one_cause_in_any_order(parallel: Parallel) -> None:
    """Other lines between the failing tests change nothing, neither does the order."""

    def print_of(names: Sequence[str], between: str) -> str:
        blocks = between.join(parallel.block.replace("@name@", name) for name in names)
        return analyze(f"{parallel.head}{blocks}{parallel.tail}".encode()).fingerprint

    assert {print_of(order, CHATTER) for order in itertools.permutations(("cart", "user", "stock"))} == {
        print_of(("cart", "user", "stock"), "")
    }


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        pytest.param("took 1m 23s, then 4.5 seconds", "took <amount> then <amount>", id="durations"),
        pytest.param("no space for 3.5MB, 100% full", "no space for <amount> full", id="sizes"),
        pytest.param("at /home/ci/shop/src/cart.c:14", "at <dir>/cart.c:<n>", id="absolute-path"),
        pytest.param(r"at D:\a\shop\src\Cart.cs(14,9)", "at <dir>/cart.cs(<n>,<n>)", id="windows-path"),
        pytest.param("file:///builds/x/cart.js:1", "file://<dir>/cart.js:<n>", id="file-url"),
        pytest.param("src/cart/total.ts and ./money", "src/cart/total.ts and ./money", id="relative-paths"),
        pytest.param("in /tmp/ccAb12Xy.o: x", "in <temp>.o: x", id="temporary-file"),
        pytest.param(r"in C:\Users\ci\AppData\Local\Temp\tmpA1B2.txt", "in <temp>.txt", id="windows-temporary-file"),
        pytest.param("GET http://127.0.0.1:8080/api/users", "get http://<n>.<n>.<n>.<n>:<n>/api/users", id="url"),
        pytest.param("E0425: utf8 in x86_64", "e0425: utf8 in x86_<n>", id="digits-of-names"),
        pytest.param("gw3 and worker-12, pool-1-thread-2", "gw <n> and worker <n>, pool-<n>-thread <n>", id="workers"),
        pytest.param("commit 9f3c07b1e5a8 of run 77", "commit <hash> of run <n>", id="hash"),
        pytest.param("<Cart at 0x7F00AB>", "<cart at <address>>", id="address"),
        pytest.param("on Mon Nov 23 08:08:54 2026", "on <time>", id="ctime"),
    ],
)
def test_what_is_taken_out(text: str, normal: str) -> None:
    """What names the cause stays; what names the run goes."""
    assert normalize(text) == normal


@pytest.mark.parametrize("name", ["test_issue_12", "GET /users/12", "TestTotal/case_3", "[8080-v2]", "a.b.C#d"])
def test_names_keep_their_numbers(name: str) -> None:
    """A number in a test's name tells it from its neighbour."""
    assert normalize_name(name) == name


@given(st.text(max_size=400))
@settings(deadline=500, max_examples=200)
def test_any_text_is_normalised(text: str) -> None:
    """Whatever a message holds: a text without digits of its own at word starts, in no time."""
    assert not re.search(r"(?<![A-Za-z0-9])[0-9]", normalize(text))


@pytest.mark.parametrize(
    "unit", ["/a", "/", "a/", "1s ", "1:1:", "\\a", "C:\\a", "/tmp/", "0a", "Mon ", "://", "_1", "a.", "-/"]
)
@pytest.mark.slow
def test_hostile_repetition_stays_linear(unit: str) -> None:
    """Names have no upper length, so four times the text must take about four times as long."""

    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        normalize(text)
        return time.process_time() - start

    seconds(100)
    small, large = min(seconds(5_000) for _ in range(3)), min(seconds(20_000) for _ in range(2))

    assert large < 12 * small + 0.02
