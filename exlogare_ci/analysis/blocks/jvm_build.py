"""Blocks that the compilers, build tools and linters of the Java virtual machine print."""

from exlogare_ci.analysis.blocks.base import BlockRule

_FRAME = r"^\s+at (?P<symbol>[\w.$]+)\((?P<file>\w+\.\w+):(?P<line>\d+)\)"

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="gradle.what_went_wrong",
        tool="gradle",
        kind="build",
        category="config.build_script",
        start=r"^\* What went wrong:$",
        until=r"\* (?:Try|Exception is|Get more help)|BUILD FAILED|={30,}",
        needs=r"^\s*>\s",
        blank_max=1,
        cause=r"^\s*>\s",
        cause_last=True,
        fields=(r"^Execution failed for task '(?P<target>[^']+)'", r"^\s*> (?P<message>.+)$"),
        weight=-1.0,
        sample=(
            "* What went wrong:\n"
            "Execution failed for task ':compileJava'.\n"
            "> Could not resolve all files for configuration ':compileClasspath'.\n"
            "   > Could not find com.example:demo:9.9.\n"
            "     Required by:\n"
            "         project :\n"
            "\n"
            "* Try:"
        ),
        expect=(
            0,
            5,
            {
                "target": ":compileJava",
                "message": "Could not resolve all files for configuration ':compileClasspath'.",
            },
        ),
        source="https://docs.gradle.org/current/userguide/troubleshooting.html",
    ),
    BlockRule(
        id="maven.enforcer",
        tool="maven",
        kind="build",
        category="config.tool_version",
        start=r"^\[(ERROR|WARNING)\] Rule [0-9]+: .+ failed with message:$",
        until=r"\[(?!ERROR\] (?!Rule|Failed))",
        follow=1,
        blank_max=0,
        lines_max=8,
        cause=r"^(?:\[ERROR\] )?(?!\[|.*failed with message)\S",
        fields=(r"^(?:\[ERROR\] )?(?P<message>(?!\[|.*failed with message)\S.+)$",),
        weight=2.0,
        sample=(
            "[ERROR] Rule 0: org.apache.maven.enforcer.rules.version.RequireJavaVersion failed with message:\n"
            "Detected JDK version 17.0.15 (JAVA_HOME=/usr/lib/jvm) is not in the allowed range [21,).\n"
            "[INFO] ------------------------------------------------------------------------"
        ),
        expect=(
            0,
            1,
            {"message": "Detected JDK version 17.0.15 (JAVA_HOME=/usr/lib/jvm) is not in the allowed range [21,)."},
        ),
        source="ran: maven-enforcer-plugin 3.5",
    ),
    BlockRule(
        id="maven.compile_error",
        tool="maven",
        kind="compile",
        category="code.compile",
        start=r"^\[ERROR\] +[^ ]+\.(java|kt|groovy|scala):( \([0-9]+, [0-9]+\)|\[[0-9]+,[0-9]+\]) ",
        reject=r"\] \([a-z]+\) [A-Z]\w+: ",
        keep=r"\[ERROR\] +(?:\S+\.(?:java|kt|groovy|scala):(?: \(|\[)\d+, ?\d+[\])] |symbol|location|reason|\(|required|found|method|constructor|both|where)|  +\S",
        blank_max=0,
        fields=(
            r"^\[ERROR\] +(?P<file>\S+\.\w+):(?: \(|\[)(?P<line>\d+), ?(?P<column>\d+)[\])] (?:error: )?(?P<message>.+)$",
            r"symbol: +\w+ (?P<symbol>\S+)",
            r"package (?P<package>[\w.]+) does not exist",
        ),
        weight=1.5,
        sample=(
            "[ERROR] COMPILATION ERROR : \n"
            "[INFO] -------------------------------------------------------------\n"
            "[ERROR] /src/demo/Cart.java:[7,16] cannot find symbol\n"
            "[ERROR]   symbol:   variable price\n"
            "[ERROR]   location: class demo.Cart\n"
            "[INFO] 1 error"
        ),
        expect=(
            2,
            4,
            {
                "file": "/src/demo/Cart.java",
                "line": "7",
                "column": "16",
                "message": "cannot find symbol",
                "symbol": "price",
            },
        ),
        source="ran: maven-compiler-plugin 3.11 with javac 17",
    ),
    BlockRule(
        id="javac.error",
        tool="javac",
        kind="compile",
        category="code.compile",
        start=r"^(\[javac\] |\[ERROR\] |\[groovyc\] |(:[A-Za-z]+)+)? *([A-Z]:)?[^ :]+\.java:[0-9]+: (error: |[a-z])",
        reject=r": warning(?::| -) |: note: ",
        then=r"(?!(?:\[\w+\] )?[^ :]+\.\w+:\d+: error: (?!.*(?:expected|symbol))|Audit done)",
        follow=2,
        keep=r"(?:\[javac\] )? *(?:\^|symbol|location|required|found|reason)|\[javac\]  ",
        blank_max=0,
        fields=(
            r"^(?:\[\w+\] )?(?:(?::[A-Za-z]+)+(?=/))? *(?P<file>[^ :\]]+\.java):(?P<line>\d+): (?:error: )?(?P<message>.+)$",
            r"symbol *: +\w+ (?P<symbol>\S+)",
            r"package (?P<package>[\w.]+) does not exist",
        ),
        weight=1.0,
        sample=(
            "> Task :compileJava FAILED\n"
            "/src/Cart.java:4: error: cannot find symbol\n"
            "        return price;\n"
            "               ^\n"
            "  symbol:   variable price\n"
            "  location: class Cart\n"
            "1 error"
        ),
        expect=(
            1,
            5,
            {"file": "/src/Cart.java", "line": "4", "message": "cannot find symbol", "symbol": "price"},
        ),
        source="ran: javac 17",
    ),
    BlockRule(
        id="kotlinc.error",
        tool="kotlinc",
        kind="compile",
        category="code.compile",
        start=r"^e: .*\.kts?:",
        keep=r"e: ",
        fields=(
            r"^e: (?:file://)?(?P<file>(?:[A-Z]:)?[^ :]+\.kts?):(?: \()?(?P<line>\d+)[:,] ?(?P<column>\d+)\)?:? (?P<message>.+)$",
        ),
        weight=1.5,
        sample="> Task :compileKotlin FAILED\ne: file:///src/Cart.kt:3:12 Unresolved reference 'price'.\n\nFAILURE: Build failed with an exception.",
        expect=(
            1,
            1,
            {"file": "/src/Cart.kt", "line": "3", "column": "12", "message": "Unresolved reference 'price'."},
        ),
        source="https://kotlinlang.org/docs/whatsnew20.html",
    ),
    BlockRule(
        id="scalac.error",
        tool="scalac",
        kind="compile",
        category="code.compile",
        start=r"^\[error\] .*\.(scala|java|sbt):[0-9]+:",
        reject=r"warning:",
        keep=r"\[error\]",
        blank_max=0,
        fields=(
            r"^\[error\] (?:-- .*?Error: )?(?P<file>(?:[A-Z]:)?[^ :]+\.(?:scala|java|sbt)):(?P<line>\d+):(?:(?P<column>\d+):?)? ?(?:error: )?(?P<message>.*)$",
            r"^\[error\]  found {0,3}: (?P<actual>.+)$",
            r"^\[error\]  required: (?P<expected>.+)$",
        ),
        weight=1.5,
        sample=(
            "[info] compiling 2 Scala sources to /src/target/classes ...\n"
            "[error] /src/Cart.scala:3:18: not found: value price\n"
            "[error]   def total: Int = price\n"
            "[error]                    ^\n"
            "[error] one error found\n"
            "[info] done"
        ),
        expect=(
            1,
            4,
            {"file": "/src/Cart.scala", "line": "3", "column": "18", "message": "not found: value price"},
        ),
        source="https://www.scala-sbt.org/1.x/docs/Howto-Logging.html",
    ),
    BlockRule(
        id="sbt.error",
        tool="sbt",
        kind="cascade",
        category="config.build_script",
        start=r"^\[error\] [^ ].*$",
        reject=r"Total time|^\[error\] \(.*\) |Passed: Total|^\[error\] (?:Failed|Error) tests:",
        keep=r"\[error\]",
        blank_max=0,
        lines_max=60,
        fields=(r"^\[error\] (?P<message>.+)$",),
        weight=2.5,
        sample="[info] loading\n[error] Not a valid command: tset\n[error] tset\n[error]     ^\n[info] done",
        expect=(1, 3, {"message": "Not a valid command: tset"}),
        source="https://www.scala-sbt.org/1.x/docs/Howto-Logging.html",
    ),
    BlockRule(
        id="checkstyle.error",
        tool="checkstyle",
        kind="lint",
        category="code.lint",
        start=r"^(\[ant:checkstyle\] )?\[(ERROR|WARN)\] [^ ]+\.(java|kt|xml|properties):[0-9]+(:[0-9]+)?: .+\]$",
        keep=r"(?:\[ant:checkstyle\] )?\[(?:ERROR|WARN)\] \S+\.\w+:\d+",
        fields=(r"(?P<file>[^ ]+\.\w+):(?P<line>\d+)(?::\d+)?: (?P<message>.+?) \[(?P<code>\w+)\]$",),
        weight=0.5,
        sample="[INFO] Starting audit...\n[ERROR] /src/Cart.java:4:1: Missing a Javadoc comment. [MissingJavadocMethod]\nAudit done.",
        expect=(
            1,
            1,
            {
                "file": "/src/Cart.java",
                "line": "4",
                "message": "Missing a Javadoc comment.",
                "code": "MissingJavadocMethod",
            },
        ),
        source="https://checkstyle.sourceforge.io/cmdline.html",
    ),
    BlockRule(
        id="detekt.finding",
        tool="detekt",
        kind="lint",
        category="code.lint",
        start=r"^(\[.+\] )?[^ :]+\.kts?:[0-9]+:[0-9]+:? .+( \[.+\]| \(.+\))$",
        reject=r"^[ew]: ",
        back=r"(?:[A-Z]:)?[^ :]+\.kts?:\d+:\d+:? ",
        keep=r"(?:[A-Z]:)?[^ :]+\.kts?:\d+:\d+:? ",
        blank_max=0,
        fields=(
            r"(?P<file>(?:[A-Z]:)?[^ :]+\.kts?):(?P<line>\d+):(?P<column>\d+):? (?P<message>.+?)(?: \[(?P<code>\w+)\]| \((?P<symbol>.+)\))$",
        ),
        weight=0.0,
        sample="/src/Cart.kt:3:1: Unnecessary space(s) (no-multi-spaces)\n\nFAILURE: Build failed with an exception.",
        expect=(
            0,
            0,
            {
                "file": "/src/Cart.kt",
                "line": "3",
                "column": "1",
                "message": "Unnecessary space(s)",
                "symbol": "no-multi-spaces",
            },
        ),
        source="https://pinterest.github.io/ktlint/",
    ),
    BlockRule(
        id="jvm.exception",
        tool="jvm",
        kind="trace",
        category="code.runtime_crash",
        start=r"^(Exception in thread |Error: A JNI error|Caused by: |\[ERROR\] )?.*[a-z]\.[A-Z][A-Za-z]*(Error|Exception)(: .*)?$",
        reject=r"^\s+at |^\s*\[junit\]|DEBUG|\bINFO\b|\bWARN",
        then=r"\s+at |\s*\.\.\. \d+ more|Caused by: |\s*\S+$",
        keep=r"Caused by: |\s+at |\s*\.\.\. \d+ (?:more|common)",
        blank_max=0,
        cause=r"^(?:Exception in|Caused by: |.*[a-z]\.[A-Z]\w*(?:Error|Exception))",
        cause_last=True,
        last_of=("exception", "message"),
        forget=r"^Caused by: ",
        fields=(
            r"^(?:Exception in thread \S+ |Caused by: )?(?P<exception>[a-z][\w.$]+(?:Error|Exception))(?:: (?P<message>.*))?$",
            _FRAME,
        ),
        sample=(
            "starting\n"
            'Exception in thread "main" java.lang.IllegalStateException: no port\n'
            "\tat demo.Main.start(Main.java:8)\n"
            "\tat demo.Main.main(Main.java:4)\n"
            "done"
        ),
        expect=(
            1,
            3,
            {
                "exception": "java.lang.IllegalStateException",
                "message": "no port",
                "symbol": "demo.Main.start",
                "file": "Main.java",
                "line": "8",
            },
        ),
        source="ran: OpenJDK 17",
    ),
    BlockRule(
        id="aether.not_found",
        tool="maven",
        kind="resolve",
        category="deps.not_found",
        start=r"^(Could not (find artifact|transfer artifact) |Failure to (find|transfer) )[^ ]+:.*$",
        keep=r"Could not (?:find|transfer) |Failure to |This could be due to |If you are behind a proxy",
        blank_max=0,
        fields=(r"(?:find|transfer)(?: artifact)? (?P<package>\S+)", r"(?P<host>https?://[^\s)]+)"),
        weight=1.5,
        sample=(
            "Could not find artifact demo:demo:jar:9.9 in central (https://repo1.maven.org/maven2/)\n"
            "This could be due to a typo in :dependencies, file system permissions, or network issues.\n"
            "\n"
            "next"
        ),
        expect=(0, 1, {"package": "demo:demo:jar:9.9", "host": "https://repo1.maven.org/maven2/"}),
        source="https://codeberg.org/leiningen/leiningen",
    ),
    BlockRule(
        id="gradle.went_wrong_plainly",
        tool="gradle",
        kind="build",
        category="config.build_script",
        start=r"^\* What went wrong:$",
        until=r"\* (?:Try|Exception is|Get more help)|BUILD FAILED|={30,}",
        unless=r"^\s*>\s",
        blank_max=1,
        cause=r"^[^\s*]",
        fields=(r"^(?P<message>[^\s*>].+)$",),
        weight=-0.5,
        sample="* What went wrong:\nCould not determine java version from '17.0.10'.\n\n* Try:",
        expect=(0, 1, {"message": "Could not determine java version from '17.0.10'."}),
        source="https://docs.gradle.org/current/userguide/troubleshooting.html",
    ),
    BlockRule(
        id="gradle.command_failed",
        tool="gradle",
        kind="build",
        category="config.build_script",
        start=r"^> Process 'command '.+'' finished with non-zero exit value [0-9]+$",
        back=r"(?!> Task |:[\w:-]+(?: FAILED)?$|BUILD ).*\S",
        back_blank_max=1,
        cause=r"^(?! FAILED$)\s*\S",
        cause_last=True,
        cause_until=r"^FAILURE: ",
        fields=(r"^(?! FAILED$)\s*(?P<message>\S.+)$",),
        last_of=("message",),
        weight=-0.5,
        sample=(
            "> Task :bundle FAILED\npacking\nlogo.svg is missing\n\nFAILURE: Build failed with an exception.\n\n"
            "* What went wrong:\nExecution failed for task ':bundle'.\n"
            "> Process 'command 'sh'' finished with non-zero exit value 3\n\n* Try:"
        ),
        expect=(1, 8, {"message": "logo.svg is missing"}),
        source="ran: gradle 4.4",
    ),
)
