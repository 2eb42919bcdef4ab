"""Names of failing tests in what Surefire, Ant and JUnit's own runners print: ``method(class)``, JUnit's own form."""

import re

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.testnames_lists import LIST_LINES_MAX
from exlogare_ci.analysis.text import CleanLog

_NAME = late(r"^(?:\[ERROR\] )?(?P<cls>[\w$]+(?:\.[\w$]+)+)\.(?P<method>[\w$]+(?:[\[{(].*)?)$")
_CLASS = late(r"^(?:[\w$]+\.)*[A-Z][\w$]*$")
_ITEM = late(
    r"^(?:\[ERROR\])? *(?:Failed tests: *|Tests in error: *|Run \d+: )?"
    r"(?:(?P<whole>[\w$]+(?:\[[^\]]*\])?\([\w.$]+\))"
    r"|(?P<cls>[\w.$]+?)(?:>[\w.$]+)?"
    r"\.(?P<method>[\w$]+(?:[({][^)}]*[)}])?(?:\[\d+\])?)(?::\d+| »| Expected| expected))"
)
"""An item of the summary; ``CartTest>BaseTest.total:7`` is a test that CartTest inherits."""
_ONE_TEST = (b"FAILURE!", b"ERROR!")
_TESTCASE = late(r"^Testcase: (?P<test>.+?)(?: took [\d.,]+ sec|:?\s+(?:FAILED|Caused an ERROR))")
_TESTSUITE = "Testsuite: "
_NUMBERED = late(r"^\d+\) (?P<test>\S.*)$")
_TEXTUI_END = (b"FAILURES!!!", b"Tests run: ", b"OK (")
_CONSOLE_END = (b"Test run finished", b"[ ")
_METHOD = late(
    r"\[className = '(?P<cls>[^']*)', methodName = '(?P<method>[^']*)', methodParameterTypes = '(?P<types>[^']*)'\]"
)
_CLASS_SOURCE = late(r"ClassSource \[className = '(?P<cls>[^']*)'")
_NODE = late(r"^ {2}JUnit [\w ]+:(?P<path>\S.*)$")


_VERBS = ("should ", "must ", "can ")
_SUBJECT = late(r"^[\w\"'].{0,200}[^:.]$")
_SBT = late(r"^\[(?:info|error|warn)\] ?")
SUBJECT_LINES_MAX = 500
"""Between a sentence of a specification and its subject."""


def junit_form(name: str) -> str:
    """Return ``method(class)``, the form of JUnit itself, for the ``class.method`` that newer Surefires print."""
    match = _NAME.match(name)
    if match is None or match["method"][:1].isupper():
        return name
    return f"{match['method']}({match['cls']})"


def is_class(name: str) -> bool:
    """Tell whether a name is a class's alone, as Surefire prints it for an error outside the tests."""
    return _CLASS.match(name) is not None


def surefire_names(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the tests of a block or of the summary.

    Of an error outside the tests (``@BeforeClass``, a static field) Surefire names the class alone; then the method
    of the class on the stack is named, as its summary does.
    """
    if not log.lines[start].rstrip().split(b" - in ")[0].split(b" -- in ")[0].endswith(_ONE_TEST):
        listed = (_ITEM.match(log.text(i)) for i in range(start, end + 1))
        found = [m["whole"] or f"{m['method']}({m['cls']})" for m in listed if m]
        if found:
            return found
    if not named:
        return []
    return [_of_class(named, log, start, end) if is_class(named) else junit_form(named)]


def _of_class(cls: str, log: CleanLog, start: int, end: int) -> str:
    """Return the method of a class that is on the stack of an error outside its tests, in JUnit's form."""
    frame = re.compile(r"^\s+at (?:\S+/)?" + re.escape(cls) + r"\.(?P<method>[\w$<>]+)\(")
    frames = (frame.match(log.text(i)) for i in range(start, end + 1))
    method = next((m["method"] for m in frames if m), None)
    return f"{method}({cls})" if method else cls


def ant_names(named: str | None, log: CleanLog, start: int, end: int) -> list[str]:
    """Return the tests of a block, with the class that Ant prints once above all its tests."""
    cases = [m["test"] for m in (_TESTCASE.match(log.text(i)) for i in range(start, end + 1)) if m]
    names = cases or ([named] if named else [])
    names = [name.rstrip(":") for name in names]
    if not cases:
        return names  # the line of a whole class
    if all(name.endswith(")") for name in names):
        return names
    for index in range(start, max(-1, start - LIST_LINES_MAX), -1):
        if log.lines[index].startswith(b"Testsuite: "):
            suite = log.text(index).removeprefix(_TESTSUITE).strip()
            whole = (_of_class(suite, log, start, end) if name == suite else f"{name}({suite})" for name in names)
            return [name if name.endswith(")") else full for name, full in zip(names, whole, strict=True)]
    return names


def junit_names(named: str | None, log: CleanLog, start: int, _end: int) -> list[str]:
    """Return the tests in the lists of JUnit's own runners, read to their ends."""
    if _NODE.match(log.text(start)):
        return _console(log, start) or ([named] if named else [])
    if not _NUMBERED.match(log.text(start)):
        return [named] if named else []
    names: list[str] = []
    for index in range(start, min(start + LIST_LINES_MAX, len(log.lines))):
        if log.lines[index].startswith(_TEXTUI_END):
            break
        match = _NUMBERED.match(log.text(index))
        if match:
            names.append(match["test"])
    return names


def _console(log: CleanLog, start: int) -> list[str]:
    names: list[str] = []
    for index in range(start, min(start + LIST_LINES_MAX, len(log.lines))):
        line = log.lines[index]
        if line.startswith(_CONSOLE_END):
            break
        if b"Source [" not in line:
            continue
        text = log.text(index)
        method = _METHOD.search(text)
        cls = _CLASS_SOURCE.search(text)
        if method:
            names.append(f"{method['method']}({method['cls']})")
        elif cls:
            names.append(cls["cls"])
    return names


def scalatest_names(named: str | None, log: CleanLog, start: int, _end: int) -> list[str]:
    """Return the test; of a FlatSpec with the subject that stands once above all its sentences."""
    if not named or not named.startswith(_VERBS):
        return [named] if named else []
    for index in range(start - 1, max(-1, start - SUBJECT_LINES_MAX), -1):
        line = _SBT.sub("", log.text(index)).rstrip()
        if line and not line.startswith((" ", "- ")):
            return [f"{line} {named}" if _SUBJECT.match(line) else named]
    return [named]
