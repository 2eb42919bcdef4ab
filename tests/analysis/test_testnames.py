"""Names of failing tests: of blocks, summaries and stacks, each test once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.testnames import merged

# Printed by go 1.26.8 for a test that sleeps under `go test -timeout 1s`, in a package with a TestMain.
TIMEOUT_LOG = b"""\
panic: test timed out after 1s
\trunning tests:
\t\tTestTotal (1s)

goroutine 5 [running]:
testing.(*M).startAlarm.func1()
\t/usr/local/go/src/testing/testing.go:2802 +0x354

goroutine 1 [chan receive]:
testing.(*M).Run(0x2ce19e48e280)
\t/usr/local/go/src/testing/testing.go:2443 +0x6ac
example.com/cart.TestMain(0x6f8c60?)
\t/src/cart/cart_test.go:9 +0x13
main.main()
\t_testmain.go:50 +0xa5

goroutine 19 [sleep]:
time.Sleep(0xdf8475800)
\t/usr/local/go/src/runtime/time.go:363 +0x165
example.com/cart.TestTotal(0x2ce19e4d6488?)
\t/src/cart/cart_test.go:13 +0x1d
testing.tRunner(0x2ce19e4d6488, 0x595bf0)
\t/usr/local/go/src/testing/testing.go:2036 +0xea
FAIL\texample.com/cart\t1.007s
FAIL
"""


def test_the_function_that_runs_gos_tests_is_not_named_among_them() -> None:
    """TestMain is on the stack of a time-out, and is no test."""
    assert analyze(TIMEOUT_LOG).failed_tests == ("TestTotal",)


def test_prove_names_the_point_that_failed_with_its_apostrophes() -> None:
    """The title stands between quotes, and may hold some; the file is named where no title is."""
    titled = (
        b"#   Failed test 'can't pay'\n#   at t/cart.t line 4.\n"
        b"t/cart.t .. Dubious, test returned 1 (wstat 256, 0x100)\nFailed 1/2 subtests \n"
    )

    assert analyze(titled, exit_code=1).failed_tests == ("can't pay",)
    assert analyze(b"\n".join(titled.splitlines()[2:]), exit_code=1).failed_tests == ("t/cart.t",)


def test_shunit2_blames_the_test_above_its_assertion() -> None:
    """Names of tests that passed stand right above the one that did not."""
    log = b"test_opens\ntest_pays\nASSERT:expected:<4> but was:<3>\n\nRan 2 tests.\n\nFAILED (failures=1)\n"
    printing = log.replace(b"ASSERT", b"./shop: line 3: no cart\nASSERT")

    assert analyze(log, exit_code=1).failed_tests == ("test_pays",)
    assert analyze(printing, exit_code=1).failed_tests == ("test_pays",)


def test_behat_says_what_failed_in_the_language_of_its_features() -> None:
    """A step is known by the method behind it, whatever it begins with; its message stands below."""
    log = (
        b"  Escenario: pagar                # features/menu.feature:37\n"
        b"    Cuando pago con 10 euros      # FeatureContext::pago()\n"
        b"    Entonces quedan 5 euros       # FeatureContext::quedan()\n"
        b"      Failed asserting that 0 matches expected '5'.\n\n"
        b"--- Failed scenarios:\n\n    features/menu.feature:37\n\n1 scenario (1 failed)\n"
    )

    found = analyze(log, exit_code=1)

    assert (found.cause_line, found.failed_tests[0]) == (3, "Entonces quedan 5 euros")


def test_behats_list_of_failed_steps_is_told_by_its_first_item() -> None:
    """The header says nothing; the scenario is the test."""
    log = (
        b"..F-\n\n--- Failed steps:\n\n001 Scenario: pay by card   # features/shop.feature:8\n"
        b"      Then I have paid       # features/shop.feature:21\n"
        b"        Current response status code is 500, but 200 expected.\n\n1 scenario (1 failed)\n"
    )

    found = analyze(log, exit_code=1)

    assert (found.category, found.cause_line, found.failed_tests) == ("code.test", 7, ("pay by card",))


def test_rubocops_simple_form_is_told_by_its_first_offense() -> None:
    """The file's name is a header."""
    log = b"== cart.rb ==\nC:  1:  1: Style/Documentation: Write some.\n\n1 file inspected, 1 offense detected\n"

    assert analyze(log, exit_code=1).cause_line == 2


def test_mocha_titles_of_any_depth_are_read_to_their_end() -> None:
    """Each level of suites is set two columns deeper."""
    log = (
        b"  1 failing\n\n  1) shop\n       cart\n         eur\n           gifts\n             pays:\n"
        b"     Error: no\n      at x (a.js:1:1)\n"
    )

    assert analyze(log, exit_code=1).failed_tests == ("shop cart eur gifts pays:",)


# Printed by go 1.26.8 for a stuck test binary: the go command sends SIGQUIT when `-timeout` did not end it.
KILLED_LOG = b"""\
ok  \texample.com/shop\t0.104s
SIGQUIT: quit
PC=0x46d601 m=0 sigcode=0

goroutine 1 [chan receive, 7 minutes]:
testing.(*M).Run(0x2ce19e48e280)
\t/usr/local/go/src/testing/testing.go:2443 +0x6ac
example.com/cart.TestMain(0x6f8c60?)
\t/src/cart/cart_test.go:9 +0x13

goroutine 18 [chan receive, 7 minutes]:
testing.(*T).Parallel(0x2ce19e4d6248)
\t/usr/local/go/src/testing/testing.go:1709 +0x1f5
example.com/cart.TestEmpty(0x2ce19e4d6248)
\t/src/cart/cart_test.go:21 +0x1d

goroutine 19 [sleep, 7 minutes]:
time.Sleep(0xdf8475800)
\t/usr/local/go/src/runtime/time.go:363 +0x165
example.com/cart.TestTotal(0x2ce19e4d6488?)
\t/src/cart/cart_test.go:13 +0x1d

rax    0x0
*** Test killed with quit: ran too long (8m0s).
FAIL\texample.com/cart\t480.110s
FAIL
"""


def test_a_killed_go_test_is_the_one_on_the_stacks_above() -> None:
    """The dump stands before the go command's line; a test that waits for its turn did not hang."""
    analysis = analyze(KILLED_LOG)

    assert analysis.failed_tests == ("TestTotal",)
    assert (analysis.category, analysis.cause_line, analysis.spans) == ("code.test_timeout", 24, ((24, 25),))
    assert "/src/cart/cart_test.go:13" in analysis.root_cause


def test_go_names_the_tests_that_it_lists_as_running() -> None:
    """A subtest is named whole, and not its parent; the place is the running test's, not TestMain's."""
    log = TIMEOUT_LOG.replace(b"\t\tTestTotal (1s)\n", b"\t\tTestTotal (1s)\n\t\tTestTotal/two_items (0.5s)\n")

    assert analyze(log).failed_tests == ("TestTotal/two_items",)
    assert "/src/cart/cart_test.go:13" in analyze(log).root_cause


@pytest.mark.parametrize(
    ("blocks", "lines", "names"),
    [
        pytest.param(
            ["test_half", "TestCart.test_half"], ["test_a.py::test_half", "test_b.py::TestCart::test_half"],
            ["test_a.py::test_half", "test_b.py::TestCart::test_half"], id="pytest",
        ),
        pytest.param(["test_x"], ["a/test_a.py::test_x", "b/test_a.py::test_x"],
                     ["a/test_a.py::test_x", "b/test_a.py::test_x"], id="one name in two files"),
        pytest.param(["total(demo.CartTest)"], ["total(CartTest)", "total(demo.CartTest)"],
                     ["total(demo.CartTest)"], id="surefire"),
        pytest.param(["a(demo.EachTest)"], ["up(EachTest)", "up(OtherTest)"], ["a(demo.EachTest)", "up(OtherTest)"],
                     id="surefire's failing set-up"),
        pytest.param(["TestMake/two", "TestMake/one"], ["TestMake"], ["TestMake/two", "TestMake/one"], id="go"),
        pytest.param(["adds", "cart \u203a adds"], [], ["adds", "cart \u203a adds"], id="two titles of one runner"),
        pytest.param(["test_sub (t.T.test_sub) (n=2)"], ["test_sub (t.T.test_sub)"],
                     ["test_sub (t.T.test_sub) (n=2)"], id="unittest's subtests"),
        pytest.param([], ["t.py::test_crash", "t.py"], ["t.py::test_crash"], id="a file and a test in it"),
    ],
)  # fmt: skip
def test_each_test_is_named_once(blocks: list[str], lines: list[str], names: list[str]) -> None:
    """What a block and a summary call differently is one test, under the fuller name; different tests stay."""
    assert merged(blocks, lines) == names


@given(
    st.lists(st.text("ab:./ ()[]", max_size=12), max_size=6), st.lists(st.text("ab:./ ()[]", max_size=12), max_size=6)
)
def test_merging_never_fails_and_invents_nothing(blocks: list[str], lines: list[str]) -> None:
    """Every merged name is one of those that were there, each once."""
    names = merged(blocks, lines)

    assert set(names) <= {*blocks, *lines}
    assert len(set(names)) == len(names)


# Formats as pytest 9 and Surefire 2.22 print them.
COLLECTION_LOG = b"""\
==================================== ERRORS ====================================
__________________ ERROR collecting tests/unit/test_prices.py __________________
ImportError while importing test module '/src/tests/unit/test_prices.py'.
Traceback:
tests/unit/test_prices.py:1: in <module>
    import prices
E   ModuleNotFoundError: No module named 'prices'
_ ERROR collecting tests/unit/a_long_name_of_a_folder/test_discounts.py _
tests/unit/a_long_name_of_a_folder/test_discounts.py:3: in <module>
    PRICES = load()
E   NameError: name 'load' is not defined
=========================== short test summary info ============================
ERROR tests/unit/test_prices.py
ERROR tests/unit/a_long_name_of_a_folder/test_discounts.py - NameErr...
!!!!!!!!!!!!!!!!!!! Interrupted: 2 errors during collection !!!!!!!!!!!!!!!!!!!!
============================== 2 errors in 0.07s ===============================
"""


def test_modules_that_pytest_cannot_import_are_failing_tests() -> None:
    """By their file, and the name that they have in a JUnit report."""
    assert analyze(COLLECTION_LOG).failed_tests == (
        "tests/unit/test_prices.py (tests.unit.test_prices)",
        "tests/unit/a_long_name_of_a_folder/test_discounts.py (tests.unit.a_long_name_of_a_folder.test_discounts)",
    )


SUREFIRE_LOG = b"""\
[INFO] Running demo.CartTest
[ERROR] Tests run: 1, Failures: 0, Errors: 1, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE! - in demo.CartTest
[ERROR] demo.CartTest  Time elapsed: 0.04 s  <<< ERROR!
java.lang.IllegalStateException: no port
\tat demo.Server.start(Server.java:12)
\tat demo.CartTest.openServer(CartTest.java:9)

[INFO] Results:
[INFO]
[ERROR] Errors:
[ERROR]   CartTest.openServer:9 \xc2\xbb IllegalState no port
[ERROR]   PriceTest>BaseTest.total:7 expected:<4> but was:<3>
[INFO]
[ERROR] Tests run: 2, Failures: 1, Errors: 1, Skipped: 0
"""


def test_an_error_outside_the_tests_of_a_class_is_named_by_its_method() -> None:
    """Surefire names the class alone in the block, and a summary's inherited test by the class that runs it."""
    assert analyze(SUREFIRE_LOG).failed_tests == ("openServer(demo.CartTest)", "total(PriceTest)")


def test_a_list_of_failures_is_read_to_its_end() -> None:
    """A block shows some 200 lines of mocha's list; the names are those of all its tests."""
    items = "".join(
        f"  {number}) many\n       fails {number}:\n\n      AssertionError [ERR_ASSERTION]: {number} == 0\n"
        "      + expected - actual\n\n      at Context.<anonymous> (test/many.js:1:10)\n\n"
        for number in range(1, 61)
    )

    names = analyze(f"  0 passing (9ms)\n  60 failing\n\n{items}".encode()).failed_tests

    assert names == tuple(f"many fails {number}:" for number in range(1, 61))


# As printed by node --test 20.20 and vitest 3 (--reporter=tap): the parent behind its subtests, and before them.
TAP_BEHIND = (
    b"TAP version 13\n# Subtest: cart\n    # Subtest: total\n    not ok 1 - total\n      ---\n      error: 'x'\n"
    b"      ...\n    1..1\nnot ok 1 - cart\n  ---\n  error: '1 subtest failed'\n  ...\n# Subtest: empty\n"
    b"not ok 2 - empty\nnot ok 3 - later # TODO\n1..3\n"
)
TAP_BRACES = (
    b"TAP version 13\n1..2\nnot ok 1 - cart.test.ts # time=9.02ms {\n    1..1\n    not ok 1 - total # time=0.81ms\n"
    b'        ---\n        error:\n            message: "x"\n        ...\n}\nnot ok 2 - empty # time=1.00ms\n'
)


@pytest.mark.parametrize("log", [TAP_BEHIND, TAP_BRACES], ids=["behind", "braces"])
def test_of_taps_subtests_only_those_that_failed_themselves_are_named(log: bytes) -> None:
    """A test point that sums up its subtests is no failing test, and a time is no part of a name."""
    assert analyze(log, known_failed=True).failed_tests == ("total", "empty")


def test_a_parameter_may_hold_what_ends_a_name_elsewhere() -> None:
    """In pytest's summary the reason follows behind ` - `, which a parameter in brackets may hold as well."""
    log = b"FAILED test_a.py::test_par[a/b-c - d] - Error: [1] - [2]\nFAILED test_a.py::test_b - assert [1] == 2\n"

    assert analyze(log).failed_tests == ("test_a.py::test_par[a/b-c - d]", "test_a.py::test_b")


# Formats as printed by Minitest 5.17, test-unit 3.5 and RSpec 3.12.
@pytest.mark.parametrize(
    ("log", "names"),
    [
        pytest.param(
            b"  1) Failure:\nmy shop#test_0001_sells a thing [test/shop_test.rb:10]:\nExpected: 2\n  Actual: 1\n\n"
            b"  2) Error:\nCartTest#test_setup:\nRuntimeError: no db\n    test/cart_test.rb:3:in `setup'\n\n"
            b"2 runs, 1 assertions, 1 failures, 1 errors, 0 skips\n",
            ("my shop#test_0001_sells a thing", "CartTest#test_setup"),
            id="minitest's spec style",
        ),
        pytest.param(
            b"F\n" + b"=" * 79 + b"\nFailure: test: with words(CartTest): <false> is not true.\n"
            b"test/cart_test.rb:9:in `block in <class:CartTest>'\n"
            + b"=" * 79
            + b"\nF\n"
            + b"=" * 79
            + b"\nFailure: test_data[a b](CartTest)\ntest/cart_test.rb:8:in `test_data'\n<5> expected but was\n<1>\n",
            ("test: with words(CartTest)", "test_data[a b](CartTest)"),
            id="test-unit's words",
        ),
        pytest.param(
            b"An error occurred while loading ./spec/cart_spec.rb.\nFailure/Error: require 'nope'\n\nLoadError:\n"
            b"  cannot load such file -- nope\n# ./spec/cart_spec.rb:1:in `<top (required)>'\n",
            ("./spec/cart_spec.rb",),
            id="rspec's file",
        ),
    ],
)
def test_names_of_rubys_tools_are_whole(log: bytes, names: tuple[str, ...]) -> None:
    """Names with spaces stay whole, and a file that does not load is a failing test."""
    assert analyze(log, known_failed=True).failed_tests == names


@pytest.mark.parametrize(
    ("log", "names"),
    [
        pytest.param(
            b"Failing scenarios:\n  features/cart.feature:2  Total of two\n"
            b"  features/cart.feature:11  Discount 5 -- @1.1 \n\nErrored scenarios:\n"
            b"  features/cart.feature:13  Broken step\n\n0 features passed, 1 failed, 0 skipped\n",
            ("Total of two", "Discount 5", "Broken step"),
            id="behave 1.3",
        ),
        pytest.param(
            b"Test Summary Report\n-------------------\n"
            b"t/cart.t (Wstat: 256 (exited 1) Tests: 2 Failed: 1)\n  Failed test:  2\n"
            b"t/db.t   (Wstat: 65280 (exited 255) Tests: 1 Failed: 0)\n  Non-zero exit status: 255\n"
            b"Files=2, Tests=3,  0 wallclock secs\nResult: FAIL\n",
            ("t/db.t",),
            id="prove 3.44: a file that broke off",
        ),
        pytest.param(
            b"1/2 Test #1: cart total .......***Failed    0.00 sec\n"
            b"2/2 Test #2: slow .............***Timeout   1.01 sec\n"
            b"\n0% tests passed, 2 tests failed out of 2\n\nThe following tests FAILED:\n\t  1 - cart total (Failed)\n"
            b"\t  2 - slow (Timeout)\nErrors while running CTest\n",
            ("cart total", "slow"),
            id="ctest 3.25: a name with a space",
        ),
        pytest.param(
            b"1: [ RUN      ] Cart.Total\n1: cart_test.cc:4: Failure\n1: Value of: false\n1:   Actual: false\n"
            b"1: [  FAILED  ] Cart.Total (0 ms)\n1: [ RUN      ] Cart.Throws\n1: unknown file: Failure\n"
            b'1: C++ exception with description "x" thrown in the test body.\n1: [  FAILED  ] Cart.Throws (0 ms)\n',
            ("Cart.Total", "Cart.Throws"),
            id="googletest under ctest -V",
        ),
        pytest.param(
            b"  0) BrokenTest: failure on setup_all callback, all tests have been invalidated\n"
            b"     ** (RuntimeError) no db\n     stacktrace:\n       test/cart_test.exs:16: BrokenTest.__ex_unit__/2\n",
            ("BrokenTest",),
            id="ExUnit 1.14: setup_all",
        ),
        pytest.param(
            b"FAILED CONFIGURATION: @BeforeClass demo.BrokenTest.open\njava.lang.IllegalStateException: no db\n"
            b'\tat demo.BrokenTest.open(BrokenTest.java:3)\n\nFAILED: demo.CartTest.data("a b", 1)\n'
            b"java.lang.AssertionError: a b\n\tat demo.CartTest.data(CartTest.java:6)\n",
            ("demo.BrokenTest.open", 'demo.CartTest.data("a b", 1)'),
            id="TestNG 7.9",
        ),
        pytest.param(
            b'1) Failed : Demo.CartTests.Total("x y",2)\n  Expected: 4\n  But was:  3\n'
            b"at Demo.CartTests.Total() in /src/CartTests.cs:line 9\n\n2) Error : Demo.CartTests.Empty\n"
            b"System.InvalidOperationException : no db\n\nRun Settings\n",
            ('Demo.CartTests.Total("x y",2)', "Demo.CartTests.Empty"),
            id="NUnit's console: arguments",
        ),
        pytest.param(
            b"Test Case '-[Demo.CartTests testTotal]' started.\n"
            b"/src/CartTests.swift:9: error: -[Demo.CartTests testTotal] : XCTAssertEqual failed: 3 is not 4\n"
            b"Test Case '-[Demo.CartTests testTotal]' failed (0.012 seconds).\n"
            b'\xe2\x9c\x98 Test "total of two" failed after 0.001 seconds with 1 issue.\n',
            ("Demo.CartTests testTotal", "total of two"),
            id="XCTest and Swift Testing",
        ),
        pytest.param(
            b"Failures:\n\n  test/CartSpec.hs:5:12: \n  1) Cart totals two\n       expected: 4\n        but got: 3\n\n"
            b'  To rerun use: --match "/Cart/totals two/"\n\n  test/CartSpec.hs:9:5: \n  2) Cart.empty is zero\n'
            b'       uncaught exception: IOException\n\n  To rerun use: --match "/Cart/empty/is zero/"\n\n'
            b"Randomized with seed 123\n\nFinished in 0.0011 seconds\n2 examples, 2 failures\n",
            ("Cart totals two", "Cart.empty is zero"),
            id="hspec",
        ),
        pytest.param(
            b"CartSpec:\nA cart\n- should total two *** FAILED ***\n  3 did not equal 4 (CartSpec.scala:5)\n"
            b"- should be empty *** FAILED ***\n  no (CartSpec.scala:6)\n",
            ("A cart should total two", "A cart should be empty"),
            id="ScalaTest's FlatSpec",
        ),
        pytest.param(
            b"=== RUN   TestStop\nFAIL\texample.com/cart\t0.027s\nFAIL\n", ("TestStop",), id="go: a test that exits"
        ),
    ],
)
def test_names_in_every_form_that_a_tool_prints(log: bytes, names: tuple[str, ...]) -> None:
    """Lists, set-ups, time-outs, prefixes and names with spaces; each as the tool of that version printed it."""
    assert analyze(log, known_failed=True).failed_tests == names
