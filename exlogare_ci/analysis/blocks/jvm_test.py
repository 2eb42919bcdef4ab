"""Blocks that the test frameworks of the Java virtual machine print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="surefire.test_failure",
        tool="surefire",
        kind="test",
        category="code.test",
        start=r"<<< (FAILURE|ERROR)!( -- in .+)?$",
        reject=r"Tests run:",
        until=(
            r"(?:\[\w+\] )?(?:Running |Tests run:|Results ?:|Tests in error|Failed tests)|\[INFO\]|.*<<< (?:FAILURE|ERROR)!"
            r"|-{50,}$| T E S T S$"
        ),
        blank_max=1,
        lines_max=160,
        fields=(
            r"^(?:\[ERROR\] )?\s*(?P<test>\S.*?)\s+(?:-- )?Time elapsed",
            r"^(?:\[ERROR\] )?(?P<exception>[a-z][\w.$]+(?:Error|Exception|Failure|Failed)\w*)(?:: (?P<message>.*))?$",
            r"^\s+at (?!org\.junit|junit\.|sun\.|java\.|jdk\.|org\.apache\.maven|org\.hamcrest|org\.assertj|org\.testng)[\w.$/]+\((?P<file>\w+\.\w+):(?P<line>\d+)\)",
        ),
        weight=1.0,
        sample=(
            "Running demo.CartTest\n"
            "Tests run: 1, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.02 sec <<< FAILURE! - in demo.CartTest\n"
            "total(demo.CartTest)  Time elapsed: 0.005 sec  <<< FAILURE!\n"
            "java.lang.AssertionError: expected:<4> but was:<3>\n"
            "\tat org.junit.Assert.fail(Assert.java:88)\n"
            "\tat demo.CartTest.total(CartTest.java:9)\n"
            "\n"
            "Results :"
        ),
        expect=(
            2,
            5,
            {
                "test": "total(demo.CartTest)",
                "exception": "java.lang.AssertionError",
                "message": "expected:<4> but was:<3>",
                "file": "CartTest.java",
                "line": "9",
            },
        ),
        source="https://maven.apache.org/surefire/maven-surefire-plugin/",
    ),
    BlockRule(
        id="surefire.summary",
        tool="surefire",
        kind="cascade",
        category="code.test",
        start=r"^(\[ERROR\] )?(Failed tests|Tests in error|Failures|Errors): *.*$",
        reject=r"Errors: \d|Failures: \d",
        until=r"(?:\[\w+\] )?Tests run:|\[INFO\] +\S|(?:\[ERROR\] )?(?:Errors|Failures|Tests in error|Flakes):",
        keep=r"\[ERROR\]   ",
        trim=r"\[(?:INFO|ERROR)\]\s*$",
        fields=(
            r"^(?:\[ERROR\] )? *(?:Failed tests: *|Tests in error: *)?(?P<test>[\w$]+(?:\([\w.$]+\)|\.[\w$]+))(?::\d+)?[: ] *(?P<message>.+)$",
        ),
        weight=3.0,
        sample=(
            "Results :\n"
            "\n"
            "Failed tests:   total(demo.CartTest): expected:<4> but was:<3>\n"
            "\n"
            "Tests run: 1, Failures: 1, Errors: 0, Skipped: 0"
        ),
        expect=(2, 2, {"test": "total(demo.CartTest)", "message": "expected:<4> but was:<3>"}),
        source="https://maven.apache.org/surefire/maven-surefire-plugin/",
    ),
    BlockRule(
        id="gradle.test_failed",
        tool="gradle",
        kind="test",
        category="code.test",
        start=r"^[^ >:].*( > .+|\.[A-Za-z0-9_]+(\(.*\))?) FAILED$",
        reject=r"^> Task|^Task |^\[|^:|^Test \S+ FAILED$",
        fields=(
            r"^(?P<test>[^ >].*?) FAILED$",
            r"^\s+(?P<exception>[a-z][\w.$]+(?:Error|Exception|Failure|Failed)\w*)(?:: (?P<message>.*?))?(?: at \w+\.\w+:\d+)?$",
            r"at (?P<file>\w+\.(?:java|kt|groovy|scala)):(?P<line>\d+)",
        ),
        weight=1.0,
        sample=(
            "> Task :test FAILED\n"
            "\n"
            "CartTest > total() FAILED\n"
            "    org.opentest4j.AssertionFailedError at CartTest.java:12\n"
            "\n"
            "3 tests completed, 1 failed"
        ),
        expect=(
            2,
            3,
            {
                "test": "CartTest > total()",
                "exception": "org.opentest4j.AssertionFailedError",
                "file": "CartTest.java",
                "line": "12",
            },
        ),
        source="https://docs.gradle.org/current/userguide/java_testing.html",
    ),
    BlockRule(
        id="scalatest.failed",
        tool="scalatest",
        kind="test",
        category="code.test",
        start=r"\*\*\* FAILED \*\*\*( \(.*\))?$",
        reject=r"TESTS? FAILED|SUITES? ABORTED",
        keep=r"\[(?:info|error)\]    *\S|\[(?:info|error)\] +at |\[error\] ",
        blank_max=0,
        lines_max=60,
        fields=(
            r"^(?:\[\w+\] )?\s*-? ?(?P<test>.+?) \*\*\* FAILED \*\*\*",
            r"^(?:\[\w+\] )?\s+(?P<exception>[a-z][\w.$]+(?:Error|Exception))(?:: (?P<message>.*))?$",
            r"^(?:\[\w+\] )?\s+(?P<message>\S.*?) \(\w+\.scala:\d+\)$",
            r"\((?P<file>\w+\.scala):(?P<line>\d+)\)",
        ),
        weight=1.0,
        sample=(
            "[info] - adds up\n"
            "[info] - total of two *** FAILED ***\n"
            "[info]   3 did not equal 4 (CartSpec.scala:9)\n"
            "[info] - empty cart"
        ),
        expect=(
            1,
            2,
            {"test": "total of two", "message": "3 did not equal 4", "file": "CartSpec.scala", "line": "9"},
        ),
        source="https://www.scalatest.org/user_guide/using_the_runner",
    ),
    BlockRule(
        id="specs2.failed",
        tool="specs2",
        kind="test",
        category="code.test",
        start=r"^\[error\] +(x|!) .+$",
        keep=r"\[error\] ",
        blank_max=0,
        fields=(
            r"^\[error\] +[x!] (?P<test>.+)$",
            r"^\[error\] +(?P<message>\S.*?) \(\w+\.scala:\d+\)$",
            r"\((?P<file>\w+\.scala):(?P<line>\d+)\)",
        ),
        weight=1.0,
        sample="[info]   + adds\n[error]   x total of two\n[error]    3 != 4 (CartSpec.scala:9)\n[info] Total for specification CartSpec",
        expect=(
            1,
            2,
            {"test": "total of two", "message": "3 != 4", "file": "CartSpec.scala", "line": "9"},
        ),
        source="https://etorreborre.github.io/specs2/guide/SPECS2-4.10.0/org.specs2.guide.Runners.html",
    ),
    BlockRule(
        id="ant.junit_failed",
        tool="ant",
        kind="test",
        category="code.test",
        start=r"^Testcase: .+(FAILED|Caused an ERROR)$",
        until=r"Testcase: |Test \S+ FAILED|Running |Testsuite: |Tests run|BUILD FAILED",
        blank_max=1,
        fields=(r"^Testcase: (?P<test>\S+?):?\s", r"^(?P<message>(?!Testcase).+)"),
        weight=1.0,
        sample=(
            "Testcase: total took 0.01 sec\n"
            "Testcase: total(demo.CartTest):\tFAILED\n"
            "expected:<4> but was:<3>\n"
            "junit.framework.AssertionFailedError: expected:<4> but was:<3>\n"
            "Test demo.CartTest FAILED"
        ),
        expect=(1, 3, {"test": "total(demo.CartTest)", "message": "expected:<4> but was:<3>"}),
        source="https://ant.apache.org/manual/Tasks/junit.html",
    ),
    BlockRule(
        id="ant.junit_failed_below",
        tool="ant",
        kind="test",
        category="code.test",
        start=r"^\t(FAILED|Caused an ERROR)$",
        back=r"Testcase: .+ took ",
        back_lines_max=1,
        until=r"Testcase: |Test \S+ FAILED|Running |Testsuite: |Tests run|\[",
        blank_max=1,
        cause=r"^(?!Testcase|\t)\S",
        fields=(
            r"^Testcase: (?P<test>.+?) took [\d.,]+ sec",
            r"^(?P<exception>[a-z][\w.$]+(?:Error|Exception|Failure|Failed)\w*)(?:: (?P<message>.*))?$",
            r"^(?P<message>(?!Testcase|\t)\S.*)$",
            r"^\s+at (?!org\.junit|junit\.|sun\.|java\.|jdk\.)[\w.$/]+\((?P<file>\w+\.\w+):(?P<line>\d+)\)",
        ),
        weight=1.0,
        sample=(
            "Testsuite: demo.CartTest\nTestcase: adds took 0.002 sec\nTestcase: total took 0.009 sec\n\tFAILED\n"
            "expected:<4> but was:<3>\njunit.framework.AssertionFailedError: expected:<4> but was:<3>\n"
            "\tat demo.CartTest.total(CartTest.java:9)\n\nTestcase: empty took 0 sec"
        ),
        expect=(
            2,
            6,
            {
                "test": "total",
                "exception": "junit.framework.AssertionFailedError",
                "message": "expected:<4> but was:<3>",
                "file": "CartTest.java",
                "line": "9",
            },
        ),
        source="https://github.com/apache/ant/blob/master/src/main/org/apache/tools/ant/taskdefs/optional/junit/PlainJUnitResultFormatter.java",
    ),
    BlockRule(
        id="ant.junit_class_failed",
        tool="ant",
        kind="cascade",
        category="code.test",
        start=r"^Test [A-Za-z_][A-Za-z0-9_.$]+ FAILED( \([a-z]+\))?$",
        keep=r"(?!)",
        blank_max=0,
        fields=(r"^Test (?P<test>\S+) FAILED(?: \((?P<message>\w+)\))?$",),
        weight=1.0,
        sample="Tests run: 6, Failures: 2, Errors: 2, Skipped: 0\nTest demo.CartTest FAILED (crashed)\n\nBUILD FAILED",
        expect=(1, 1, {"test": "demo.CartTest", "message": "crashed"}),
        source="ran: ant 1.10 with JUnit 4.13",
    ),
    BlockRule(
        id="testng.failed",
        tool="testng",
        kind="test",
        category="code.test",
        start=r"^FAILED( CONFIGURATION)?: @?[A-Za-z_].*$",
        then=r"[a-z][\w.$]+(?:Error|Exception|Failure)\b|\s+at ",
        until=r"(?:PASSED|FAILED|SKIPPED)(?: CONFIGURATION)?: |={40,}$|\s*Tests run: ",
        blank_max=1,
        fields=(
            r"^FAILED(?: CONFIGURATION: @\w+|:) (?P<test>\S.*)$",
            r"^(?P<exception>[a-z][\w.$]+(?:Error|Exception|Failure)\w*)(?:: (?P<message>.*))?$",
            r"^\s+at (?!org\.testng|java\.|jdk\.|sun\.)[\w.$/]+\((?P<file>\w+\.\w+):(?P<line>\d+)\)",
        ),
        weight=1.0,
        sample=(
            'PASSED: demo.CartTest.adds\nFAILED: demo.CartTest.total("a b", 1)\n'
            "java.lang.AssertionError: expected [4] but found [3]\n\tat org.testng.Assert.fail(Assert.java:111)\n"
            "\tat demo.CartTest.total(CartTest.java:4)\n\n===============================================\n"
            "    Command line test\n    Tests run: 2, Failures: 1, Skips: 0"
        ),
        expect=(
            1,
            4,
            {
                "test": 'demo.CartTest.total("a b", 1)',
                "exception": "java.lang.AssertionError",
                "message": "expected [4] but found [3]",
                "file": "CartTest.java",
                "line": "4",
            },
        ),
        source="ran: TestNG 7.9",
    ),
    BlockRule(
        id="junit.textui",
        tool="junit",
        kind="test",
        category="code.test",
        start=r"^There (was|were) [0-9]+ (failure|error)s?:$",
        first=r"1\) ",
        until=r"FAILURES!!!|Tests run: |Time: ",
        needs=r"^\s+at ",
        blank_max=1,
        lines_max=200,
        fields=(
            r"^1\) (?P<test>\S+)",
            r"^(?P<exception>[a-z][\w.$]+(?:Error|Exception))(?:: (?P<message>.*))?$",
            r"^\s+at (?!org\.junit|junit\.|java\.)[\w.$/]+\((?P<file>\w+\.\w+):(?P<line>\d+)\)",
        ),
        weight=1.0,
        sample=(
            "JUnit version 4.13\n..E\nTime: 0.01\nThere was 1 failure:\n1) total(demo.CartTest)\n"
            "java.lang.AssertionError: expected:<4> but was:<3>\n\tat org.junit.Assert.fail(Assert.java:88)\n"
            "\tat demo.CartTest.total(CartTest.java:9)\n\nFAILURES!!!\nTests run: 2,  Failures: 1"
        ),
        expect=(
            4,
            7,
            {
                "test": "total(demo.CartTest)",
                "exception": "java.lang.AssertionError",
                "message": "expected:<4> but was:<3>",
                "file": "CartTest.java",
                "line": "9",
            },
        ),
        source="https://github.com/junit-team/junit4/wiki/Getting-started",
    ),
    BlockRule(
        id="junit.console",
        tool="junit",
        kind="test",
        category="code.test",
        start=r"^Failures \([0-9]+\):$",
        first=r"  \S",
        until=r"Test run finished|\[ +\d+ |\S",
        blank_max=1,
        lines_max=200,
        fields=(
            r"methodName = '(?P<test>[^']+)'",
            r"^ +=> (?P<exception>[a-z][\w.$]+(?:Error|Exception))(?:: (?P<message>.*))?$",
        ),
        weight=1.0,
        sample=(
            "Failures (1):\n  JUnit Jupiter:CartTest:total()\n"
            "    MethodSource [className = 'demo.CartTest', methodName = 'total', methodParameterTypes = '']\n"
            "    => org.opentest4j.AssertionFailedError: expected: <4> but was: <3>\n"
            "       demo.CartTest.total(CartTest.java:9)\n\nTest run finished after 64 ms"
        ),
        expect=(
            1,
            4,
            {
                "test": "total",
                "exception": "org.opentest4j.AssertionFailedError",
                "message": "expected: <4> but was: <3>",
            },
        ),
        source="https://docs.junit.org/current/user-guide/",
    ),
    BlockRule(
        id="junit4.randomized",
        tool="junit",
        kind="test",
        category="code.test",
        start=r"^(FAILURE|ERROR|HEARTBEAT) +[0-9.]+s( J[0-9]+)? \| .+ <<<$",
        keep=r"   > | +>",
        blank_max=0,
        fields=(
            r"\| (?P<test>\S+).* <<<$",
            r"^ +> Throwable #1: (?P<exception>[\w.$]+?)(?:: (?P<message>.+))?$",
            r"\((?P<file>\w+\.java):(?P<line>\d+)\)",
        ),
        weight=1.0,
        sample="FAILURE 0.03s J0 | CartTest.total <<<\n   > Throwable #1: java.lang.AssertionError: expected 4\n   > \tat demo.CartTest.total(CartTest.java:9)\nCompleted [1/1]",
        expect=(
            0,
            2,
            {
                "test": "CartTest.total",
                "exception": "java.lang.AssertionError",
                "message": "expected 4",
                "file": "CartTest.java",
                "line": "9",
            },
        ),
        source="https://github.com/randomizedtesting/randomizedtesting",
    ),
    BlockRule(
        id="lein.test_failed",
        tool="clojure",
        kind="test",
        category="code.test",
        start=r"^(FAIL|ERROR) in (\(.+\)|[^ ()./][^ ()/]*/[^ ()/]+)( \(.*\))?$",
        reject=r"^ERROR in [^(]\S*\.(?:[cm]?[jt]sx?|vue|svelte|s?css|less|html|json)$",  # webpack's
        until=r"(?:FAIL|ERROR) in \(|lein test |Ran \d+ tests|Testing ",
        blank_max=1,
        fields=(
            r"^(?:FAIL|ERROR) in \(?(?P<test>[^) ]+)\)?(?: \((?P<file>[^:)]+):(?P<line>\d+)\))?",
            r"^ *actual: (?P<message>.+)$",
        ),
        weight=1.0,
        sample=(
            "lein test demo.cart-test\n"
            "\n"
            "FAIL in (total-test) (cart_test.clj:7)\n"
            "expected: (= 4 (total [1 2]))\n"
            "  actual: (not (= 4 3))\n"
            "\n"
            "Ran 1 tests containing 1 assertions."
        ),
        expect=(
            2,
            4,
            {"test": "total-test", "file": "cart_test.clj", "line": "7", "message": "(not (= 4 3))"},
        ),
        source="https://clojure.github.io/clojure/clojure.test-api.html",
    ),
)
