"""The words: one specific sentence, how it is known, and what to do."""

from string import Formatter

from exlogare_ci.analysis.candidate import Candidate, is_generic, is_retold
from exlogare_ci.analysis.category_words import CATEGORY_WORDS, UNTOLD
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.phrases import advice_behind, continued, is_advice, plain
from exlogare_ci.analysis.rerun import rerun_command
from exlogare_ci.analysis.text import MATCH_BYTES_MAX, CleanLog
from exlogare_ci.analysis.wording import script_of

_WORKSPACE = late(
    r"^(?:file://)?(?:/home/runner/work/[^/]+/[^/]+|/__w/[^/]+/[^/]+|/(?:home|Users)/travis/build/[^/]+/[^/]+"
    r"|/builds/[^/]+/[^/]+|/var/(?:lib/)?jenkins(?:_home)?/workspace/[^/]+|/home/jenkins/(?:agent/)?workspace/[^/]+"
    r"|/home/circleci/(?:project|repo)|/drone/src|/woodpecker/src/[^/]+/[^/]+/[^/]+"
    r"|/opt/atlassian/pipelines/agent/build|/opt/buildagent/work/[^/]+)/"
)
"""Where each CI service checks out: the part of a path that says nothing of the project."""
_CLAUSE_END = late(r"(?<=[.;]) ")
_FRAME = late(rb"^\s*(?:at |from |in |#\d+:? |\d+: |File \")|[^\s:]\.\w{1,5}:\d+|\.\w+\(\d+\)|, line \d+|on line \d+")
"""A frame of a stack, or a place in a file, as the languages print them."""
_ONE_COMMAND = late(r"(?:\$ |The command \")(?P<command>.+?)(?:\" (?:failed and )?exited with .*)?$")
"""A step's name that is one command: GitLab's echo, Travis CI's sentence."""
_FAILED_MARKS = late(r"[\s:.*()\[\]|>-]+|\b(?i:failed|fail|error|info)\b|\b\d+(?:\.\d+)?m?s\b")
"""What may stand around a test's name in the line that says that it failed."""
_WIDE = late(r"(?<![\s'\"`])\s{4,}(?![\s'\"`])")
"""A gap that is of a table or a column; a narrower one, or one in quotes, may be what the message is about."""
HEADLINES_MAX = 6
"""Lines behind a test's headline that are searched for what says more."""
COMMAND_CHARS_MAX = 80
_ANNOUNCING = frozenset({"tail", "keyword", "build", "resolve", "root", "cascade", "block"})
"""Kinds whose sentence may end in a colon, behind which the log goes on."""
_FULLER_IN_A_BLOCK = frozenset({"exception", "message"})
_OF_A_PLACE = frozenset({"file", "line", "column"})
_NO_PROGRAM = frozenset({"checker", "compiler", "http", "jvm", "kernel", "network", "script", "shell", "tls"})
"""Names of families that are no names of programs."""
ROOT_CAUSE_CHARS_MAX = 600
MESSAGE_CHARS_MAX = 300
CRASH_WITHOUT_TRACE = (
    "Run the command alone with more output, a debugger or core dumps on (`ulimit -c unlimited`), to see where it ends."
)
KEYWORD_ADVICE = "Read the shown line and those around it; nothing more is known of the tool that printed it."
GENERIC_WEIGHT = 0.5
"""Below this weight a signature knows the kind of trace, not the failure: the trace's own message says more."""


def message_of(candidate: Candidate, log: CleanLog) -> str:
    """Return the failure's message in the tool's own words."""
    return message_in(candidate.groups, log.text(candidate.cause), test=candidate.kind == "test")


def message_in(groups: dict[str, str], line: str, *, test: bool) -> str:
    """Return the message of a block: from the names found in it, else its cause line.

    Args:
        groups: the names found in it.
        line: its cause line.
        test: it tells of a failing test.
    """
    exception = groups.get("exception")
    exception = None if exception == "in" else exception  # pytest: ``file.py:3: in name``
    text = groups.get("message") or exception or plain(line)
    if exception and "message" in groups and not text.startswith(exception):
        text = f"{exception}: {text}"
    reason = groups.get("reason", "")
    if reason and reason not in text:
        text = f"{text}: {reason}"
    expected, actual = groups.get("expected"), groups.get("actual")
    if test and expected and actual:
        text = f"expected {expected}, got {actual}"
    return text[:MESSAGE_CHARS_MAX]


def root_cause(candidate: Candidate, log: CleanLog) -> str:
    """Return the sentence that names what broke and where."""
    message = message_of(candidate, log)
    place = _place(candidate)
    if candidate.kind == "test":
        name = _test_name(candidate)
        named = f"Test `{name}` failed" if name else "A test failed"
        more = len(candidate.tests) - 1
        others = f" ({more} more test{'s' if more > 1 else ''} failed)" if more > 0 else ""
        said = _telling(candidate, log, name) if _repeats(message, name) else _announced(candidate, log, message)
        said = f": {said}" if said else ""
        sentence = f"{named}{f' at {place}' if place else ''}{said}{others}"
    elif candidate.signature is not None and candidate.signature.role == "root" and _prefers_signature(candidate):
        groups = _names(candidate)
        sentence = _filled(candidate.signature.title, groups, plain(log.text(candidate.cause)))
        sentence += _left_out(candidate, place, sentence)
    elif place and candidate.kind in ("compile", "lint", "trace", "build", "resolve"):
        sentence = f"{place}: {message}"
        symbol = candidate.groups.get("symbol", "")
        if candidate.kind == "compile" and symbol not in message:
            sentence += f" (`{symbol}`)"
        sentence += _mismatch(candidate, sentence)
    elif candidate.kind == "list" and candidate.groups.get("file"):
        sentence = f"{candidate.groups['file']}: {CATEGORY_WORDS[candidate.category][0].rstrip('.')}"
        sentence += f" ({candidate.blocks} places)" if candidate.blocks > 1 else ""
    elif candidate.kind in ("tail", "keyword"):
        sentence = message
        if candidate.kind == "tail":
            command = _command(candidate, log)
            sentence = f"`{command}` failed: {message}" if command else f"The failing step's last words: {message}"
    else:
        sentence = message
    if candidate.kind in _ANNOUNCING:
        sentence = continued(sentence, log, candidate.cause)
    sentence = _WIDE.sub(" ", sentence).strip()
    return sentence[:ROOT_CAUSE_CHARS_MAX] or "The build failed without saying why."


def _command(candidate: Candidate, log: CleanLog) -> str:
    """Return the command that failed, where the runner's marks are of one command and not of a whole script."""
    step = candidate.step
    if step is None:
        return ""
    told = _ONE_COMMAND.match(step.name)
    command = told["command"] if told else ""
    if step.name.startswith("Run "):
        script = [line.strip() for line in script_of(log, step.start) if line.strip()]
        command = script[0] if len(script) == 1 else ""
    return command if len(command) <= COMMAND_CHARS_MAX else f"{command[:COMMAND_CHARS_MAX].rsplit(' ', 1)[0]} …"


def _repeats(message: str, name: str) -> bool:
    """Whether a message says nothing but the test's name, and that it failed."""
    return not _FAILED_MARKS.sub("", message.replace(name, "") if name else message)


def _telling(candidate: Candidate, log: CleanLog, name: str) -> str:
    """Return the first line behind a test's headline that says more than that it failed."""
    for index in range(candidate.cause + 1, min(candidate.end, candidate.cause + HEADLINES_MAX) + 1):
        line = plain(log.text(index))
        if not _repeats(line, name) and not _FRAME.search(log.lines[index][:MATCH_BYTES_MAX]):
            return continued(line[:MESSAGE_CHARS_MAX], log, index)
    return ""


def _announced(candidate: Candidate, log: CleanLog, message: str) -> str:
    """Return a test's message with what its colon announces."""
    said = message.strip()
    if not said.endswith(":"):
        return said
    for index in range(candidate.start, candidate.end):
        if log.text(index).rstrip().endswith(said):
            return continued(said, log, index)
    return said


def _mismatch(candidate: Candidate, sentence: str) -> str:
    """Return what a compiler expected and found, where it says so below its message."""
    expected, actual = candidate.groups.get("expected", ""), candidate.groups.get("actual", "")
    if not (candidate.kind == "compile" and expected and actual) or expected in sentence:
        return ""
    return f"{'' if sentence.endswith((';', ':')) else ':'} expected {expected}, found {actual}"


def _left_out(candidate: Candidate, place: str, sentence: str) -> str:
    """Return in brackets what is known and the sentence does not name: the package, the test, the place."""
    package = candidate.groups.get("package", "")
    test = candidate.tests[0] if candidate.tests else ""
    file = candidate.groups.get("file", "")
    target = candidate.groups.get("target", "")
    path = candidate.groups.get("path", "")
    expected = f"required {candidate.groups['expected']}" if "expected" in candidate.groups else ""
    reason = candidate.groups.get("reason", "") if candidate.kind == "build" else ""
    named = [
        reason,
        package,
        path,
        expected,
        target,
        f"in `{test}`" if test else "",
        place if file not in sentence else "",
    ]
    known = [word for word in named if word and word.removeprefix("in ").strip("`") not in sentence]
    return f" ({', '.join(known)})" if known else ""


def _prefers_signature(candidate: Candidate) -> bool:
    """Whether the signature's title says more than the block's own message."""
    if candidate.rule is None or candidate.kind in ("resolve", "build", "cascade"):
        return True
    generic = candidate.signature is not None and candidate.signature.weight < GENERIC_WEIGHT
    return candidate.kind == "trace" and not (generic and "message" in candidate.groups)


def explanation(candidate: Candidate, log: CleanLog) -> str:
    """Return what it means, how it is known and what else was affected."""
    parts: list[str] = []
    signature = candidate.signature
    if signature is not None and signature.explain and _is_telling(candidate, log):
        parts.append(_filled(signature.explain, _names(candidate), "") or _of_category(candidate)[0])
    else:
        parts.append(_of_category(candidate)[0])
    step = candidate.step
    if step is not None and step.failed and step.name:
        name = step.name.removeprefix('The command "').split('" exited')[0][:120]
        parts.append(f"It stands in the step that failed first ({name}, exit code {step.exit_code}).")
    if candidate.tool:
        who = "It is" if is_generic(candidate) or candidate.tool in _NO_PROGRAM else f"Printed by {candidate.tool} at"
        parts.append(f"{who} line {candidate.cause + 1} of the log.")
    if len(candidate.tests) > 1:
        parts.append(f"{len(candidate.tests)} tests failed in this block.")
    return " ".join(p for p in parts if p)


def fix(candidate: Candidate, log: CleanLog) -> str:
    """Return what to do: the signature's advice, and for a failing test how to run it alone."""
    signature = candidate.signature
    if signature is not None and signature.fix and _is_telling(candidate, log):
        told = _filled(signature.fix, _names(candidate), "")
        if told:
            return told
    if candidate.kind == "test" and candidate.tests:
        groups = {**candidate.groups, "file": _WORKSPACE.sub("", candidate.groups.get("file", ""))}
        command = rerun_command(candidate.tool, candidate.tests[0], groups)
        if command is not None:
            return f"Run it alone with `{command}` and compare what it expects with what the code now does."
    if candidate.category == "code.runtime_crash" and not _has_trace(candidate, log):
        return CRASH_WITHOUT_TRACE
    return _own_advice(candidate, log) or _of_category(candidate)[1]


def _own_advice(candidate: Candidate, log: CleanLog) -> str | None:
    """Return what a tool that nobody knows says itself that should be done."""
    if candidate.kind not in ("tail", "keyword"):
        return None
    advice = advice_behind(log, candidate.cause, candidate.end)
    if advice is not None:
        return advice
    if is_advice(log.lines[candidate.cause]):
        return "Do what the line says, then run the command again."
    return KEYWORD_ADVICE if candidate.kind == "keyword" and candidate.category == "unknown" else None


def _of_category(candidate: Candidate) -> tuple[str, str]:
    """Return the words for the category, in which nothing is promised that the log does not have."""
    if candidate.kind in ("tail", "keyword") and candidate.category in UNTOLD:
        return UNTOLD[candidate.category]
    return CATEGORY_WORDS.get(candidate.category, CATEGORY_WORDS["unknown"])


def _has_trace(candidate: Candidate, log: CleanLog) -> bool:
    """Whether a stack can be followed in the candidate's lines."""
    return any(_FRAME.search(log.lines[i][:MATCH_BYTES_MAX]) for i in range(candidate.start, candidate.end + 1))


def _is_telling(candidate: Candidate, log: CleanLog) -> bool:
    """Whether the signature says more of the failure than the kind of block that it stands in."""
    signature = candidate.signature
    if is_retold(candidate) or (
        is_generic(candidate) and _promises_a_stack(candidate) and not _has_trace(candidate, log)
    ):
        return False
    if signature is None or candidate.rule is None or candidate.kind not in ("test", "lint", "list"):
        return True
    if signature.role != "root" or signature.weight <= 0:
        return False
    own = candidate.kind != "test" and signature.tool == candidate.tool
    return own or signature.category != candidate.category


def _promises_a_stack(candidate: Candidate) -> bool:
    return candidate.category == "code.runtime_crash"


def _test_name(candidate: Candidate) -> str:
    """Return the first failing test's name, without what unittest adds to it in brackets."""
    name = (candidate.tests[0] if candidate.tests else candidate.groups.get("test", "")).rstrip(":")
    return name.split(" (")[0] if candidate.tool == "unittest" else name


def _place(candidate: Candidate) -> str:
    file = _WORKSPACE.sub("", candidate.groups.get("file", ""))
    line = candidate.groups.get("line", "")
    return f"{file}:{line}" if file and line else file


def _names(candidate: Candidate) -> dict[str, str]:
    """Return the names for a signature's words: its own, then the block's; its message where it is the fuller."""
    groups = candidate.groups
    own = {k: v for k, v in candidate.told.items() if k not in _FULLER_IN_A_BLOCK or v in groups.get(k, v)}
    if "file" in groups:  # the sentence names this place, so the advice must not send to another finding's
        own = {k: v for k, v in own.items() if k not in _OF_A_PLACE}
    return {**groups, **own}


def _filled(template: str, groups: dict[str, str], text: str) -> str:
    """Fill a template; when a name is missing, return the line itself, or the clauses that need no such name."""
    values = {**groups, "text": text}
    if "file" in groups:
        values["file"] = _WORKSPACE.sub("", groups["file"])

    def whole(part: str) -> bool:
        return all(name in values for _, name, _, _ in Formatter().parse(part) if name)

    if whole(template):
        return template.format_map(values)
    if text:
        return text
    clauses = " ".join(c.format_map(values) for c in _CLAUSE_END.split(template) if whole(c)).rstrip(";.")
    return f"{clauses[:1].upper()}{clauses[1:]}." if clauses else ""
