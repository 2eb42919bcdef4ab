"""Names of failing tests that only a stack tells."""

from exlogare_ci.analysis import analyze

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
