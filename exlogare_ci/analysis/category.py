"""The category of a cause: the block's own, the signature's where that one knows more, and the network's layers."""

import re

from exlogare_ci.analysis.candidate import Candidate, is_generic
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.text import CleanLog
from exlogare_ci.analysis.wording import WORDS_LINE_CHARS_MAX, asserted, category_told, meant, told_by_message
from exlogare_ci.analysis.wording_rules import REPUBLISHED

_FROM_SIGNATURE = frozenset({"trace", "resolve", "build", "cascade"})
_REFINES_COMPILE = frozenset(
    {
        "code.format",
        "code.lint",
        "code.link",
        "code.syntax",
        "config.command_missing",
        "deps.not_found",
        "deps.resolve",
        "deps.version_conflict",
    }
)
DETAIL_LINES_MAX = 5
"""Indented lines behind a single line that are read with it."""
_RELATIVE_PATH = late(r"['\"]\.{1,2}/")
_UNREACHABLE = late(
    r"Connection refused|Connection reset|No route to host|[Cc]onnect timed out|[Uu]nknown host"
    r"|Name or service not known|SSL_connect returned|certificate verify failed"
    r"|Timeout was reached|Operation too slow|[Cc]ould not resolve host|\bgot 5\d\d$"
)
FRAMES_MAX = 100
"""Lines of a stack that are searched for a test runner."""
_TEST_FRAME = late(
    rb"\s+at (?:java\.base/|app//)?(?:org\.testng\.|org\.junit\.|junit\.framework\.|org\.spockframework\."
    rb"|org\.gradle\.api\.internal\.tasks\.testing\.|org\.apache\.maven\.surefire\.|org\.scalatest\."
    rb"|org\.specs2\.|munit\.|io\.kotest\.|clojure\.test\$|org\.robolectric\.RobolectricTestRunner)"
)
_ANY_TASK = frozenset({"rake.aborted"})
"""Rules of tools that run anything: what failed is told by what was run."""
_ANYBODYS_WORDS = frozenset({"make.error_function"})
"""Signatures of a message that the script's author wrote."""
_GRADLE = frozenset({"gradle.what_went_wrong", "gradle.went_wrong_plainly"})
_TASKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("code.format", late(r"(?i)spotless|format|licen[cs]eHeader")),
    ("code.coverage", late(r"(?i)coverage|jacoco\w*Verification|koverVerify")),
    ("code.security_scan", late(r"(?i)dependencyCheck|vulnerab")),
    ("code.license", late(r"(?i)licen[cs]e|\brat\b")),
    (
        "code.lint",
        late(
            r"(?i)lint|checkstyle|\bpmd|cpdCheck|spotbugs|findbugs|detekt|codenarc|animalsniffer|forbiddenApis|apiCheck"
        ),
    ),
    ("code.test", late(r"[tT]est$|(?i:integrationTest|unitTest)\w*$")),
)
"""What the name of one of Gradle's tasks says of its failure, where nothing it printed is known."""
_OF_A_TRACE = frozenset(
    {
        "auth.cloud",
        "auth.git",
        "auth.permission",
        "auth.registry",
        "code.migration",
        "infra.disk",
        "network.connect",
        "network.dns",
        "network.rate_limit",
        "network.tls",
    }
)
"""What is told of an uncaught exception by its message, or by the command that it ended."""
_ANYBODYS = frozenset({"node.uncaught_error"})
"""Signatures of lines that any program may print; only a stack below one says whose it is."""
_SHAPES = frozenset({"tail", "keyword"})
"""Kinds of candidates whose own category, if any, is a guess by what they look like."""
_NO_MESSAGE = frozenset(
    {
        "code.compile",
        "config.build_script",
        "code.test",
        "code.lint",
        "code.format",
        "code.type",
        "deps.resolve",
        "infra.timeout",
    }
)
"""What the command was for is no better word for an uncaught error of its own."""
_FRAME = late(rb"\s*(?:at |File \"|in |from |#?\d+[:)]? |\[\d+\] |\S+:\d+)|[Ss]tack ?[Tt]race|Traceback")
"""A line of a stack."""
_OF_A_FORM = frozenset({"code.format", "code.lint", "code.syntax", "code.type"})
"""What the words of a finding tell better than the form in which it is printed."""
_NETWORK_LAYERS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        late(
            r"ENOTFOUND|EAI_AGAIN|[Cc]ould not resolve host|getaddrinfo|Name or service not known|no such host"
            r"|UnknownHostException|name resolution|nodename nor servname"
        ),
        "network.dns",
    ),
    (late(r"certificate|SSL|TLS|x509"), "network.tls"),
    (late(r"timed? ?out|ETIMEDOUT|deadline exceeded", re.IGNORECASE), "network.timeout"),
    (late(r"\b(?:429|rate limit|too ?many ?requests)", re.IGNORECASE), "network.rate_limit"),
    (late(r"\b(?:got|HTTP|status) 5\d\d\b"), "network.http"),
)
"""What a line about a failed connection says of where it failed; tools wrap all of it in one sentence."""


def category_of(candidate: Candidate, log: CleanLog) -> str:
    """Return the category of a candidate, one of ``CATEGORIES``."""
    category = _own_or_signature(candidate)
    if category == "config.build_script" and candidate.rule is not None and candidate.rule.id in _GRADLE:
        category = _of_a_task(candidate)
    line = "\n".join([log.text(candidate.cause), candidate.groups.get("reason", "")])
    if candidate.rule is None or candidate.rule.id in _GRADLE:  # its details, which say why nothing was found
        details = range(candidate.cause + 1, min(candidate.end, candidate.cause + DETAIL_LINES_MAX) + 1)
        line = "\n".join([line, *map(log.text, details)])
    if (category.startswith("deps.") or category == "network.http") and _UNREACHABLE.search(line):
        category = "network.connect"
    if category in ("network.connect", "network.http"):
        return next((layer for pattern, layer in _NETWORK_LAYERS if pattern.search(line)), category)
    if category == "publish.rejected" and REPUBLISHED.search(line):
        return "publish.conflict"
    if category == "unknown" or candidate.kind in _SHAPES:  # words and command say more than a shape
        guess = category if candidate.tests or category != "code.test" else "unknown"
        told = category_told(candidate, log)
        marked = guess == "code.test" and told == "config.build_script"  # a test is marked, whatever ran the script
        return guess if told is None or marked else told
    told = _of_a_script(candidate, log)
    if told is not None:
        return told
    if category == "code.runtime_crash" and (candidate.kind == "trace" or is_generic(candidate)):
        return _of_a_crash(candidate, log)
    return category


def category_of_a_form(candidate: Candidate, log: CleanLog) -> str:
    """Return the category of lines of which only the form is known: a place and a message, as many tools print them."""
    category = category_of(candidate, log)
    anybodys = candidate.kind == "trace" and not _is_its_tools(candidate)
    if anybodys and _has_no_frames(candidate, log):  # but the word "Error:", which anybody prints
        return category_told(candidate, log) or category
    if candidate.kind == "root" and candidate.rule is None:  # a text of one tool that another one may print as well
        return told_by_message(log.text(candidate.cause)[:WORDS_LINE_CHARS_MAX]) or category
    if candidate.kind not in ("compile", "lint") or category not in ("code.compile", "code.lint"):
        return category
    told = meant(log.text(candidate.cause)[:WORDS_LINE_CHARS_MAX])
    if category == "code.compile" and told == "code.type":  # of a compiler they are one
        return category
    return told if told in _OF_A_FORM else category


def _of_a_script(candidate: Candidate, log: CleanLog) -> str | None:
    """Return what a script that failed is at fault with: by its author's words, or by what it was run for."""
    if candidate.signature is not None and candidate.signature.id in _ANYBODYS_WORDS:
        return told_by_message(candidate.groups.get("message", ""))
    migrates = candidate.rule is not None and candidate.rule.id in _ANY_TASK
    return "code.migration" if migrates and category_told(candidate, log) == "code.migration" else None


def _of_a_task(candidate: Candidate) -> str:
    """Return what one of Gradle's tasks is for, unless a signature knows what it said."""
    known = candidate.signature is not None and candidate.signature.role == "root"
    task = candidate.groups.get("target", "").rpartition(":")[2]
    told = None if known else next((category for category, pattern in _TASKS if pattern.search(task)), None)
    return told or "config.build_script"


def _is_its_tools(candidate: Candidate) -> bool:
    """Whether a signature of the block's own tool knows what it says."""
    signature, rule = candidate.signature, candidate.rule
    if signature is None or rule is None or signature.id in _ANYBODYS:
        return False
    return signature.role == "root" and signature.tool == rule.tool


def _has_no_frames(candidate: Candidate, log: CleanLog) -> bool:
    return not any(_FRAME.match(log.lines[i]) for i in range(candidate.start, candidate.end + 1))


def _of_a_crash(candidate: Candidate, log: CleanLog) -> str:
    """Return what an uncaught exception is of: of a test that compares, or what its message or command tells."""
    if asserted(candidate, log):
        return "code.test"
    told = category_told(candidate, log)
    if candidate.rule is None and _is_anybodys(candidate, log):
        return "unknown" if told is None else "code.runtime_crash" if told == "code.test" else told
    known = told in _OF_A_TRACE if candidate.kind == "trace" else told not in _NO_MESSAGE
    if told is not None and known:
        return told
    return "code.test" if candidate.kind == "trace" and _is_in_a_test(candidate, log) else "code.runtime_crash"


def _is_in_a_test(candidate: Candidate, log: CleanLog) -> bool:
    """Whether a test runner stands on the stack of an exception."""
    frames = range(candidate.cause + 1, min(candidate.end + 1, candidate.cause + 1 + FRAMES_MAX))
    return any(_TEST_FRAME.match(log.lines[i]) for i in frames)


def _is_anybodys(candidate: Candidate, log: CleanLog) -> bool:
    """Whether it is a line ``Error: …`` without a stack below, with which programs of all kinds end."""
    if candidate.signature is None or candidate.signature.id not in _ANYBODYS:
        return False
    below = range(candidate.cause + 1, min(candidate.cause + 1 + DETAIL_LINES_MAX, len(log.lines)))
    return not any(log.lines[i].startswith(b"    at ") for i in below)


def _own_or_signature(candidate: Candidate) -> str:
    signature, rule = candidate.signature, candidate.rule
    if signature is None or not signature.category:
        return candidate.category
    if signature.role != "root":  # a header or what restates, which says more than a rule for the blocks of any tool
        header = signature.role == "block" and candidate.category == "unknown"
        any_task = rule is not None and rule.id in _GRADLE and signature.role == "cascade"
        return signature.category if header or any_task else candidate.category
    if rule is None:
        return signature.category
    if rule.category == "deps.build_native":
        return candidate.category
    refined = candidate.kind in _FROM_SIGNATURE and not (
        candidate.kind == "trace" and signature.category == "code.test"
    )
    if candidate.kind == "test":
        refined = signature.category == "code.test_timeout"
    elif candidate.kind == "lint":
        refined = rule.tool == "pre-commit" and signature.category.startswith("code.")  # the hook's tool knows better
    elif candidate.kind == "compile":
        own_file = _RELATIVE_PATH.search(candidate.groups.get("message", ""))  # of the project, no dependency
        # what MSBuild says of itself names no source file
        sdk = (
            rule.tool == "msbuild"
            and signature.tool in ("msbuild", "dotnet")
            and signature.category.startswith("config.")
        )
        known = sdk or signature.category in _REFINES_COMPILE or signature.category.startswith("network.")
        refined = known and not own_file
    return signature.category if refined else candidate.category
