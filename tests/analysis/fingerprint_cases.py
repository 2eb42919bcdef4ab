# ruff: noqa: E501, RUF001 - sample lines stay as the tools print them
"""Failures in the formats of test runners, with what changes from run to run marked.

``@root@`` is the checkout's folder, ``@time@`` a time, ``@seconds@`` a duration, ``@port@`` a port, ``@uuid@``,
``@hex@``, ``@address@`` and ``@number@`` ids, ``@worker@`` a worker's number and ``@tries@`` a count of retries.
"""

from typing import Final

import msgspec


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One failure.

    Attributes:
        name: the tool, for the test's id.
        log: the log of one run, with marks.
        others: texts and what to put in their place to get another cause: each pair another one.
    """

    name: str
    log: str
    others: tuple[tuple[str, str], ...]


TEST_CASES: Final[tuple[Case, ...]] = (
    Case(
        name="pytest-xdist",
        log="""\
============================= test session starts ==============================
platform linux -- Python 3.11.7, pytest-8.3.3, pluggy-1.5.0
rootdir: @root@
created: 8/8 workers
8 workers [12 items]

=================================== FAILURES ===================================
__________________________________ test_total __________________________________
[gw@worker@] linux -- Python 3.11.7 @root@/.venv/bin/python

    def test_total():
        cart = Cart(session)
>       assert cart.total() == limit
E       AssertionError: assert <Money object at @address@> == 3
E        +  where <Money object at @address@> = total()

tests/test_cart.py:41: AssertionError
=========================== short test summary info ============================
FAILED tests/test_cart.py::test_total - AssertionError: assert <Money object ...
========================= 1 failed, 11 passed in @seconds@s =========================
""",
        others=(("test_total", "test_discount"), ("test_cart", "test_basket")),
    ),
    Case(
        name="pytest-server",
        log="""\
=================================== FAILURES ===================================
_________________________________ test_healthy _________________________________

    def test_healthy():
>       wait_for("http://127.0.0.1:@port@/health")
E       ConnectionError: http://127.0.0.1:@port@/health: refused, request @uuid@ at @time@

@root@/tests/test_health.py:12: ConnectionError
=========================== short test summary info ============================
FAILED tests/test_health.py::test_healthy - ConnectionError: http://127.0.0.1:@port@/health: refused...
========================= 1 failed, 3 passed in @seconds@s =========================
""",
        others=(("test_healthy", "test_ready"), ("ConnectionError", "TimeoutError")),
    ),
    Case(
        name="unittest",
        log="""\
.F..
======================================================================
FAIL: test_total (tests.test_cart.CartTest.test_total)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "@root@/tests/test_cart.py", line 41, in test_total
    self.assertIn(name, names)
AssertionError: 'apples' not found in ['/tmp/run-@number@/pears']

----------------------------------------------------------------------
Ran 4 tests in @seconds@s

FAILED (failures=1)
""",
        others=(("test_total", "test_names"), ("CartTest", "BasketTest")),
    ),
    Case(
        name="go-test",
        log="""\
=== RUN   TestTotal
    cart_test.go:21: total of session @uuid@ = 2, want 3
--- FAIL: TestTotal (@seconds@s)
FAIL
FAIL	example.org/shop/cart	@seconds@s
ok  	example.org/shop/user	@seconds@s
FAIL
""",
        others=(("TestTotal", "TestNames"), ("cart_test.go", "basket_test.go")),
    ),
    Case(
        name="cargo-test",
        log="""\
running 2 tests
test cart::tests::names ... ok
test cart::tests::total ... FAILED

failures:

---- cart::tests::total stdout ----
thread 'cart::tests::total' (@number@) panicked at src/cart.rs:41:9:
assertion `left == right` failed: after @seconds@s
  left: 2
 right: 3
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace


failures:
    cart::tests::total

test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in @seconds@s

error: test failed, to rerun pass `--lib`
""",
        others=(("cart::tests::total", "cart::tests::discount"),),
    ),
    Case(
        name="maven-surefire",
        log="""\
[INFO] -------------------------------------------------------
[INFO]  T E S T S
[INFO] -------------------------------------------------------
[INFO] Running com.example.CartTest
[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: @seconds@ s <<< FAILURE! -- in com.example.CartTest
[ERROR] com.example.CartTest.total -- Time elapsed: @seconds@ s <<< FAILURE!
org.opentest4j.AssertionFailedError: session @uuid@ ==> expected: <3> but was: <2>
	at org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)
	at com.example.CartTest.total(CartTest.java:41)

[INFO] Results:
[INFO]
[ERROR] Failures:
[ERROR]   CartTest.total:41 session @uuid@ ==> expected: <3> but was: <2>
[INFO]
[ERROR] Tests run: 3, Failures: 1, Errors: 0, Skipped: 0
[INFO] ------------------------------------------------------------------------
[INFO] BUILD FAILURE
[INFO] ------------------------------------------------------------------------
[INFO] Total time:  @seconds@ s
[INFO] Finished at: @time@
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test (default-test) on project shop: There are test failures.
""",
        others=(("CartTest.total", "CartTest.names"), ("CartTest", "BasketTest")),
    ),
    Case(
        name="jest",
        log="""\
FAIL src/cart.test.js (@seconds@ s)
  cart
    ✓ names (@number@ ms)
    ✕ total (@number@ ms)

  ● cart › total

    expect(received).toBe(expected) // Object.is equality

    Expected: 3
    Received: 2

      10 |   test('total', () => {
    > 11 |     expect(total(cart)).toBe(3);
         |                         ^
      12 |   });

      at Object.toBe (src/cart.test.js:11:25)

Test Suites: 1 failed, 1 total
Tests:       1 failed, 1 passed, 2 total
Snapshots:   0 total
Time:        @seconds@ s
""",
        others=(("cart › total", "cart › sum"), ("cart.test.js", "basket.test.js")),
    ),
    Case(
        name="mocha",
        log="""\
  cart
    ✔ names (@number@ms)
    1) total

  1 passing (@seconds@s)
  1 failing

  1) cart
       total:
     Error: connect ECONNREFUSED 127.0.0.1:@port@
      at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1555:16)
      at Context.<anonymous> (@root@/test/cart.spec.js:9:14)

""",
        others=(("total", "sum"), ("ECONNREFUSED", "ECONNRESET")),
    ),
    Case(
        name="rspec",
        log="""\
Failures:

  1) Cart totals its lines
     Failure/Error: expect(cart.total).to eq(3)

       expected: 3
            got: 2

       (compared using ==)
     # ./spec/cart_spec.rb:11:in `block (2 levels) in <top (required)>'

Finished in @seconds@ seconds (files took @seconds@ seconds to load)
2 examples, 1 failure

Failed examples:

rspec ./spec/cart_spec.rb:9 # Cart totals its lines

Randomized with seed @number@
""",
        others=(("Cart totals its lines", "Cart names its lines"), ("cart_spec", "basket_spec")),
    ),
)


class Parallel(msgspec.Struct, frozen=True, kw_only=True):
    """Failures that were found side by side, so that their order is chance.

    Attributes:
        name: the tool, for the test's id.
        head: the log before them.
        block: one failure; ``@name@`` is the test's name in it.
        tail: the log behind them.
    """

    name: str
    head: str
    block: str
    tail: str


PARALLEL: Final[tuple[Parallel, ...]] = (
    Parallel(
        name="pytest-xdist",
        head="=================================== FAILURES ===================================\n",
        block="""\
__________________________________ test_@name@ __________________________________
[gw1] linux -- Python 3.11.7 /home/ci/shop/.venv/bin/python

    def test_@name@():
>       assert @name@() == 3
E       assert 2 == 3

tests/test_@name@.py:41: AssertionError
""",
        tail="========================= 3 failed, 11 passed in 1.02s =========================\n",
    ),
    Parallel(
        name="go-test",
        head="",
        block="""\
--- FAIL: Test@name@ (0.00s)
    @name@_test.go:21: got 2, want 3
""",
        tail="FAIL\nFAIL\texample.org/shop/cart\t0.012s\nFAIL\n",
    ),
    Parallel(
        name="jest",
        head="",
        block="""\
FAIL src/@name@.test.js
  ● @name@ › total

    expect(received).toBe(expected) // Object.is equality

    Expected: 3
    Received: 2

      at Object.toBe (src/@name@.test.js:11:25)

""",
        tail="Tests:       3 failed, 1 passed, 4 total\n",
    ),
    Parallel(
        name="cargo-test",
        head="failures:\n\n",
        block="""\
---- @name@::total stdout ----
thread '@name@::total' panicked at src/@name@.rs:41:9:
no total of @name@

""",
        tail="test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n",
    ),
)
