"""Shapes of failure that tools of all kinds share, for the tools that nothing else knows.

A test runner marks the test that failed, a compiler puts a place before its message, a program says ``error:`` or the
class of its exception, an assertion says what was expected. The shapes say what a line may be; ``unknown_tools``
makes blocks of them.

The patterns are Hyperscan's, for many lines at once; what stands before their first fixed text is bounded.
"""

from bisect import bisect_left
from functools import lru_cache
from itertools import accumulate

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.scan import Scanner, default_cache_dir

_CROSS = "(?:✗|✘|✖|❌|\u00d7|🔴|❎)"
_LEVEL = r"(?:\[(?:info|INFO|error|ERROR)\] )?"
_PLACE = (
    r"(?:[A-Za-z]:)?[^ \t:()\[\]'\"`<>|=]*[./\\\\][^ \t:()\[\]'\"`<>|=]*[A-Za-z][^ \t:()\[\]'\"`<>|=]*"
    r"(?::[0-9]+(?::[0-9]+)?(?:-[0-9]+)?|\([0-9]+(?:,[0-9]+)?\))"
)
_FAILED = r"(?:FAIL|FAILED|FAILURE|Failed|failed|Fail|Failure|ERROR|BROKEN|CRASHED|CRASH|TIMEOUT)"

SHAPES: dict[str, str] = {
    # A test runner's mark: before the name of the test, or behind it.
    "mark": (
        rf"^[ \t]*{_LEVEL}(?:{_CROSS} |\[ *{_FAILED} *\]|\[{_CROSS}\]|not ok [0-9]"
        rf"|(?:-{{2,3}} |• |\* |- |# )?(?:FAIL|FAILED|FAILURE|Failure|Failed|ERROR|Error)(?:!!?|:| ->| -) [^ ]"
        rf"|(?:FAIL|FAILED) +[^ ]|\*+ ?(?:FAIL|FAILED|Failed)\b)"
    ),
    "marked": (
        rf"[^ \n][ \t.:…-]{{1,80}}(?:\[ *{_FAILED} *\]|\( *{_FAILED} *\)|<<< (?:FAILURE|ERROR)"
        rf"|\*\*\* FAILED \*\*\*|(?:FAIL|FAILED|ERROR|{_CROSS}|Dubious, [^\n]{{1,60}}))!*"
        r"(?:[ \t]+[\[(]?[ \t]*[0-9.]+[ \t]*(?:%|s|ms|sec|seconds)?[\])]?)?[ \t]*$"
    ),
    "numbered": r"^[ \t]*[0-9]+\) [^ \n]",
    # A compiler's or a checker's place.
    "place": rf"^[ \t]*(?:\[\w+\] ?|{_CROSS} +|E +|> ?|\* |- )?(?:[Ii]n |[Ff]ile |[Aa]t )?{_PLACE}:? [^ \n]",
    "error_at": rf"^[ \t]*(?:\[\w+\] ?|{_CROSS} +|E +|> ?)?{_PLACE}:? *(?:fatal )?(?:[Ee]rror|ERROR)\b",
    # A program's own word.
    "says_error": (
        r"^[ \t]*(?:\[?[0-9][0-9:.,TZ/ -]*\]? *)?(?:\[(?:error|ERROR|Error|fatal|FATAL|ERR)\]|##\[error\]"
        r"|(?:[\w./@-]+(?: [\w./@-]+){0,2}:? )?(?:[Ff]atal |FATAL |[Ii]nternal |[Cc]ompil\w+ )?(?:error"
        r"|Error|ERROR|ERR!|fatal|Fatal|FATAL|E)"
        r"(?: ?[:!]| at | in | while |\[\w+\]|(?: [A-Z]+[0-9]+)|$)|[Ff]ATAL\b)"
    ),
    "exception": (
        r"^[ \t|+>`-]*(?:[\w\[\]]+ )?(?:Caused by: |[Uu]nhandled |[Uu]ncaught |[Ee]xception in [^:\n]{1,60} "
        r"|E +|\(|\*\* \()?"
        r"[A-Za-z_$][\w.$:\\/]*(?:Error|Exception|Failure|Fault|Panic|Interrupt|Failed)(?:\b\)? ?(?:\[[\w-]+\])?:"
        r"|[ \t]*$| \()"
    ),
    "crash": (
        r"(?:panicked at|^panic:|[Ss]egmentation fault|core dumped|Aborted|[Aa]borting|aborted!"
        r"|SIGSEGV|SIGABRT|Traceback \("
        r"|[Aa]ssertion[^\n]{1,200} failed|Sanitizer: |terminate called|[Uu]nhandled |[Uu]ncaught "
        r"|stack overflow|[Oo]ut of memory)"
    ),
    "assertion": (
        r"(?:^[ \t|>#*-]*(?:E +)?(?:[Ee]xpected|[Aa]ctual|Got|got|[Rr]eceived|[Ww]ant|Reason"
        r"|left|right|\+ expected|-Expected|\+\+\+ |Assertion\w*|Failed asserting|Expectation)\b ?:?[ \t(]"
        r"|\b(?:[Ee]xpected|[Ss]hould (?:be|have|equal|not))\b[^\n]{0,300}\b(?:but|got|actual"
        r"|found|instead|was|received|to (?:be|equal|eq|have|match|contain|include))\b"
        r"|is not equal to|[Aa]ssert[^\n]{1,200}(?:failed|FAILED|failure))"
    ),
    # Counts and last words, which restate.
    "count": (
        r"(?:^[^\n]{0,60}\b[1-9][0-9]* (?:\w+ ){0,2}(?:[Ff]ailed|[Ff]ailures?|[Ee]rrors?"
        r"|FAILED|ERRORS?|failing|[Pp]roblems?|[Ii]ssues?|[Ww]arnings?|offenses?|violations?)\b"
        r"|^[ \t]*[0-9]+ of [0-9]+ [a-z]|^[ \t]*[0-9]+ [a-z]+, [0-9]+ [a-z]+"
        r"|\b(?:[Ff]ailures?|[Ff]ailed|[Ee]rrors?|FAIL|FAILED|[Ff]ail|[Tt]ests?(?: run)?) *[:=] *[0-9]"
        r"|^[^\n]{0,40}\b(?:FAILURES?!|TESTS? FAILED|BUILD FAILED|[Bb]uild failed|[Tt]ests? failed"
        r"|FAILED SUMMARY|FAILED TEST|[Ss]ummary|[Oo]ne or more|errors? occurred|[Cc]ommand failed"
        r"|[Ss]ee above|[Ss]ee the|exited with|exit(?:ed)? (?:code|status)|returned non-zero"
        r"|[Ff]ailed!$|[Ff]ailed tests))"
    ),
    "strong": (
        r"(?:^|[^\w.-])(?:[A-Za-z]*(?:[Ee]rror|ERROR|Exception)\b(?:[:!]| in | at |\[)"
        r"|FATAL\b|[Ff]atal\b|FAILURE\b|FAILED\b|FAIL\b[ :!]|[Ff]ailure:|[Ff]ailed (?:to|with|on|at)\b|Failed:"
        r"|[Aa]bort(?:ed|ing)\b|panic\b|REGRESSION:|Segmentation fault|[Uu]nhandled|[Uu]ncaught)"
    ),
    "weak": (
        r"(?i)\b(?:cannot|can't|could not|couldn't|unable to|not found|no such|does not exist|doesn't exist"
        r"|is not installed|undefined|invalid|denied|refused|unexpected|mismatch|missing"
        r"|unknown (?:option|command|flag)"
        r"|not defined|unrecognized|timed? ?out|exceed(?:s|ed)?|illegal|conflict(?:s|ing)?"
        r"|violat(?:es|ions?)|rejected"
        r"|not allowed|not installed|too (?:many|long|large|deep|small)|bad|broken|wrong|must (?:be|not|have)"
        r"|did not|did you mean|undeclared|unresolved|not available|no matching)\b"
        r"|(?i)(?:^|[ \t(\[:'\"=])(?:errors?|failed|fails|failures?)(?:[ \t:,;!)\]'\"]|\.?$|\. )"
    ),
}
"""Name and Hyperscan pattern of each shape."""

NAMES: tuple[str, ...] = tuple(SHAPES)

_QUIET = (
    r"(?i)(?:\b0 (?:errors?|fail(?:ed|ures?)|warnings?|rejected)\b|\bno (?:errors?|failures?)\b|\bwarn(?:ing)?\b"
    r"|\bdeprecat|\bPASS(?:ED)?\b|\bok\b|\bDEBUG\b|\bTRACE\b|\bINFO\b|\bskipp|^[ \t]{0,20}SKIP"
    r"|\b(?:rm: cannot remove|ls: cannot access|which: no )|\bnotice\b|\bxfail)"
)
"""What takes the weight of the words from them: a count of none, a warning, a log level, a skipped test."""
FINE = late(
    r"[ \t]*(?:(?:ok|PASS|PASSED|SKIP|SKIPPED|--- (?:PASS|SKIP)|Success|Done)\b"
    r"|\[ *(?:OK|PASS|PASSED) *\]|✓|✔|√)".encode()
)
"""The tool's word, at a line's beginning, that something is as it should be."""
FINE_AT_END = late(
    rb"[ \t.]\[?(?:ok|OK|PASS|PASSED|passed|done|yes|no|SKIPPED|SKIP)\]?[ \t!.]*(?:[\[(][ \t0-9.%a-z]+[\])])?$"
)
"""The same behind what it speaks of."""


def bits(*names: str) -> int:
    """Return a set of shapes as the bits of a number."""
    return sum(1 << NAMES.index(name) for name in names)


@lru_cache(maxsize=1)
def scanner() -> Scanner:
    """Return the scanner for all shapes."""
    return Scanner(tuple(SHAPES.values()), default_cache_dir())


@lru_cache(maxsize=1)
def _quieting() -> Scanner:
    return Scanner((_QUIET,), default_cache_dir())


def quiet_places(lines: list[bytes]) -> set[int]:
    """Return the places of the lines that hold quiet words: all are looked at in one scan."""
    found = _quieting().ends(b"\n".join(lines))
    ends = list(accumulate(len(line) + 1 for line in lines))
    return {bisect_left(ends, end) for _, end in found}
