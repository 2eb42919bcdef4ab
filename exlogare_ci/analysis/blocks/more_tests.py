"""Blocks of test runners that show the output of each failing test between rules."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="ginkgo.failed",
        tool="ginkgo",
        kind="test",
        category="code.test",
        start=r"^• (\[(FAILED|PANICKED|TIMEDOUT)\]|Failure) (\[[^\]]*\]|in Spec).*$",
        until=r"-{10,}$|Summarizing |Ran \d+ of \d+ Specs",
        blank_max=2,
        lines_max=60,
        cause=r"^\s+\[(?:FAILED|PANICKED|TIMEDOUT)\] (?!in )",
        fields=(
            r"^\s*(?P<test>(?!• )\S.*\[(?:It|Measure|(?:Before|After|JustBefore)\w+)\].*)$",
            r"^(?P<file>/\S+\.go):(?P<line>\d+)$",
            r"^\s+\[(?:FAILED|PANICKED|TIMEDOUT)\] (?!in )(?P<message>.+)$",
        ),
        weight=2.5,
        sample=(
            "Will run 1 of 1 specs\n------------------------------\n• [FAILED] [0.000 seconds]\ncart [It] sums two\n/src/cart_test.go:8\n\n"
            "  [FAILED] Expected\n      <int>: 3\n  to equal\n      <int>: 4\n  In [It] at: /src/cart_test.go:8 @ 11/23/26 10:56:18.679\n"
            "------------------------------\n\nSummarizing 1 Failure:"
        ),
        expect=(
            2,
            10,
            {"test": "cart [It] sums two", "file": "/src/cart_test.go", "line": "8", "message": "Expected"},
        ),
        source="ran: Ginkgo 2",
    ),
    BlockRule(
        id="meson.test_failed",
        tool="meson",
        kind="test",
        category="code.test",
        start=r"^ *[0-9]+/[0-9]+ .+ (FAIL|TIMEOUT|ERROR|UNEXPECTEDPASS) +[0-9.]+s",
        then=r">>> |―",
        until=r"(?:―){70,}\s*$|Summary of Failures:$",
        until_included=True,
        blank_max=2,
        lines_max=120,
        trim=r"Summary of Failures:$",
        cause=r"^(?! *\d+/\d+ |>>> |―|\s*$).",
        fields=(
            r"^ *\d+/\d+ (?P<test>.+?) +(?:FAIL|TIMEOUT|ERROR|UNEXPECTEDPASS) ",
            r"^(?P<message>(?! *\d+/\d+ |>>> |―|stdout:|stderr:)\s*\S.*)$",
        ),
        weight=1.0,
        sample=(
            "[2/2] Linking target t\n1/2 shop:cart FAIL            0.02s   exit status 1\n>>> MALLOC_PERTURB_=162 /src/b/t\n"
            "――――――――――――――――――――――――――――――――――――― ✀  ―――――――――――――――――――――――――――――――――――――\ngot 3, want 4\n"
            "――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――――\n\n2/2 shop:ok OK"
        ),
        expect=(1, 5, {"test": "shop:cart", "message": "got 3, want 4"}),
        source="ran: Meson 1",
    ),
    BlockRule(
        id="meson.failed_line",
        tool="meson",
        kind="test",
        category="code.test",
        start=r"^ *[0-9]+/[0-9]+ .+ (FAIL|TIMEOUT|ERROR|UNEXPECTEDPASS) +[0-9.]+ ?s",
        then=r"(?!>>> |―)",
        blank_max=0,
        fields=(r"^ *\d+/\d+ (?P<test>.+?) +(?P<message>(?:FAIL|TIMEOUT|ERROR|UNEXPECTEDPASS) .*)$",),
        weight=0.0,
        sample=(
            " 2/32 shop:names  OK  0.02s\n14/32 shop:cart  FAIL            0.07s   exit status 1\n"
            "15/32 shop:other  OK  0.01s"
        ),
        expect=(1, 1, {"test": "shop:cart", "message": "FAIL            0.07s   exit status 1"}),
        source="ran: Meson 1",
    ),
)
