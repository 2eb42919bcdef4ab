"""Blocks that Dart's and Flutter's tools print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="dart.test_failed",
        tool="dart",
        kind="test",
        category="code.test",
        start=r"^[0-9]+:[0-9]+ \+[0-9]+( ~[0-9]+)? -[0-9]+: .+ \[E\]$",
        blank_max=1,
        fields=(
            r"^\d+:\d+ \+\d+(?: ~\d+)? -\d+: (?P<test>.+) \[E\]$",
            r"^ +(?P<message>(?:Expected|Exception|.*Error).+)$",
            r"^ +(?P<file>\S+\.dart) (?P<line>\d+):\d+",
        ),
        weight=1.0,
        sample="00:01 +0 -1: total of two [E]\n  Expected: <4>\n    Actual: <3>\n  test/cart_test.dart 5:5  main.<fn>\n\n00:01 +0 -1: Some tests failed.",
        expect=(0, 3, {"test": "total of two", "message": "Expected: <4>", "file": "test/cart_test.dart", "line": "5"}),
        source="https://dart.dev/tools/dart-test",
    ),
    BlockRule(
        id="dart.analyze",
        tool="dart",
        kind="lint",
        category="code.lint",
        start=r"^ *(error|warning|info|hint|lint) (•|-) .+ (•|-|at) [^ ]+\.dart:[0-9]+:[0-9]+",
        keep=r" *(?:error|warning|info|hint|lint) (?:•|-) ",
        fields=(r"^ *\w+ (?:•|-) (?P<message>.+?) (?:•|-|at) (?P<file>[^ ]+\.dart):(?P<line>\d+):(?P<column>\d+)",),
        weight=0.5,
        sample="Analyzing cart...\n  error • Undefined name 'price' • lib/cart.dart:2:14 • undefined_identifier\n\n1 issue found.",
        expect=(1, 1, {"message": "Undefined name 'price'", "file": "lib/cart.dart", "line": "2", "column": "14"}),
        source="https://dart.dev/tools/dart-analyze",
    ),
    BlockRule(
        id="dart.compile_place_above",
        tool="dart",
        kind="compile",
        category="code.compile",
        start=r"^[^ \n]{1,160}\.dart:[0-9]+:[0-9]+:$",
        then=r"Error: ",
        until=r"\S{1,160}\.dart:\d+:\d+:$|Error: Compilation failed|Unhandled exception:|#0 |Target |$",
        blank_max=0,
        follow=1,
        cause=r"^Error: ",
        fields=(r"^(?P<file>\S+\.dart):(?P<line>\d+):(?P<column>\d+):$", r"^Error: (?P<message>.+)"),
        weight=1.0,
        sample=(
            "Target dart2js failed: ProcessException: Process exited abnormally with exit code 1:\n"
            "lib/cart.dart:5:1:\nError: Expected a declaration, but got '}'.\n}\n^\n"
            "lib/shelf.dart:6:3:\nError: The getter 'price' isn't defined for the type 'Shelf'.\n  price;\n  ^^^^^\n"
            "Error: Compilation failed."
        ),
        expect=(
            1,
            4,
            {"file": "lib/cart.dart", "line": "5", "column": "1", "message": "Expected a declaration, but got '}'."},
        ),
        source="https://github.com/dart-lang/sdk/tree/main/pkg/compiler",
    ),
    BlockRule(
        id="pub.validation",
        tool="pub",
        kind="list",
        category="publish.rejected",
        start=r"^(ERROR: )?Package validation found the following errors?:$",
        until=r"(?:ERROR: )?Sorry, your package",
        until_included=True,
        blank_max=2,
        cause=r"^(?:ERROR: )?\* ",
        fields=(r"^(?:ERROR: )?\* (?P<message>.+)",),
        weight=1.5,
        sample=(
            "Validating package...\nPackage validation found the following error:\n"
            "* You must have a LICENSE file in the root directory.\n  It says what others may do.\n\n"
            "Sorry, your package is missing a requirement and can't be published yet.\nFor more information, see: x"
        ),
        expect=(1, 5, {"message": "You must have a LICENSE file in the root directory."}),
        source="https://github.com/dart-lang/pub/blob/master/lib/src/command/lish.dart",
    ),
    BlockRule(
        id="dart.analyze_place_first",
        tool="dart",
        kind="lint",
        category="code.lint",
        start=r"^ *(error|warning|info) - [^ \n]{1,160}\.(dart|yaml):[0-9]+:[0-9]+ - [^ ]",
        keep=r" *(?:error|warning|info) - ",
        fields=(r"^ *\w+ - (?P<file>\S+):(?P<line>\d+):(?P<column>\d+) - (?P<message>.+?)(?: - (?P<code>\w+))?$",),
        weight=0.5,
        sample="Analyzing cart...\n\n   info - lib/a.dart:1:1 - Sort the directives. - directives_ordering\n  error - lib/cart.dart:2:14 - Undefined name 'price'. - undefined_identifier\n\n2 issues found.",
        expect=(
            2,
            3,
            {
                "message": "Sort the directives.",
                "file": "lib/a.dart",
                "line": "1",
                "column": "1",
                "code": "directives_ordering",
            },
        ),
        source="https://dart.dev/tools/dart-analyze",
    ),
)
