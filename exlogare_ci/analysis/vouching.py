"""Whether a log says, outside the lines that look like a tool's, that the tool ran in it.

Many programs print in the form that one of them made common: a place in a file and ``error:``, a table of findings, a
mark before a test's name. In a CI service's log a tool that ran is named somewhere else as well: in a command, a
version, a summary. Where nothing names it, its form is a guess at who spoke, and so is the category that comes with it.
"""

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.catalog import Found
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.sections import Layout
from exlogare_ci.analysis.text import MATCH_BYTES_MAX, CleanLog

FIRST_BYTES_MAX = 100_000
"""Of the log's beginning that are searched for the tool's name: jobs begin with what they install and run."""
BEFORE_BYTES_MAX = 500_000
BEHIND_BYTES_MAX = 100_000
"""Of what stands above and below the block."""
SPECIFIC_WEIGHT_MIN = 1.5
"""A signature of this weight is a text of one tool alone."""
HITS_MAX = 50
"""Places that are looked at for one name; one that is a part of so many other words is no name."""

NAMELESS = frozenset(
    {"ci", "glibc", "http", "jvm", "kernel", "native", "network", "os", "script", "shell", "system", "tls", "git"}
)
"""Families whose words mean the same whoever prints them, and programs that any other one runs."""
ANYBODY = frozenset({"checker", "compiler"})
"""Names for the forms themselves: who spoke is not known."""
NAMES: dict[str, tuple[bytes, ...]] = {
    "csc": (b"csc", b"dotnet", b"msbuild", b"xbuild", b".csproj"),
    "elixir": (b"elixir", b"mix"),
    "erlc": (b"erlc", b"rebar", b"rebar3", b"erlang"),
    "eslint": (b"eslint", b"lint"),
    "gcc": (
        b"cc",
        b"gcc",
        b"g++",
        b"c++",
        b"clang",
        b"clang++",
        b"cmake",
        b"ninja",
        b"configure",
        b"make -j",
        b"-wall",
    ),
    "ghc": (b"ghc", b"cabal", b"stack", b"haskell"),
    "googletest": (b"gtest", b"googletest", b"ctest"),
    "java": (b"java", b"gradle", b"maven", b"mvn", b"ant"),
    "javac": (b"java", b"javac", b"gradle", b"maven", b"mvn", b"ant"),
    "junit": (b"junit", b"gradle", b"maven", b"mvn", b"ant", b"sbt"),
    "kotlinc": (b"kotlin", b"kotlinc", b"gradle"),
    "ld": (b"ld", b"cc", b"gcc", b"g++", b"clang", b"clang++", b"cmake", b"ninja", b"rustc", b"ghc"),
    "maven": (b"maven", b"mvn", b"mvnw"),
    "node": (b"node", b"npm", b"yarn", b"pnpm"),
    "ocaml": (b"ocaml", b"dune", b"opam"),
    "postgresql": (b"postgres", b"postgresql", b"psql", b"pg"),
    "python": (b"python", b"python3", b"pip", b".py", b"py"),
    "r": (b"rscript", b"r cmd"),
    "ruby": (b"ruby", b"bundle", b"rake", b".rb"),
    "rust": (b"rust", b"rustc", b"cargo"),
    "rustc": (b"rust", b"rustc", b"cargo"),
    "scalac": (b"scala", b"scalac", b"sbt"),
    "surefire": (b"surefire", b"maven", b"mvn", b"mvnw"),
    "swiftc": (b"swift", b"swiftc", b"xcodebuild"),
    "tsc": (b"tsc", b"typescript", b"webpack", b"ng"),
    "xctest": (b"xctest", b"xcodebuild", b"swift"),
}
"""By what a tool is called where that is not its own name, in lower case."""
_PLACED = late(
    rb"\s*(?:\[\w+\]:? ?)?[^\s:()\[\]]{1,300}(?::\d+(?::\d+)?|\(\d+(?:,\d+)?\)|:\[\d+,\d+\]):? "
    rb"|\s*\d+:\d+\s"
)
"""A place in a file before a message, as compilers and checkers of all kinds print it."""


def vouched(candidate: Candidate, log: CleanLog, found: Found, layout: Layout) -> bool:
    """Whether it is more than the form of its lines that says which tool printed them.

    Args:
        candidate: the best one.
        log: the cleaned log.
        found: what the scan found.
        layout: the job's steps; a log of no CI service may be a tool's bare output, which names no command.
    """
    if candidate.tool in ANYBODY:
        return False
    if not candidate.tool or candidate.tool in NAMELESS:
        return True
    if candidate.rule is None and candidate.signature is not None and candidate.signature.weight >= SPECIFIC_WEIGHT_MIN:
        return True
    if _speaks_elsewhere(candidate, found) or _is_named(candidate, log):
        return True
    placed = candidate.kind in ("compile", "lint") and _PLACED.match(log.lines[candidate.cause][:MATCH_BYTES_MAX])
    return not layout.ci and (not placed or _is_explained(candidate))


def _is_explained(candidate: Candidate) -> bool:
    signature = candidate.signature
    return (
        signature is not None and signature.tool == candidate.tool and signature.role == "root" and signature.weight > 0
    )


def _speaks_elsewhere(candidate: Candidate, found: Found) -> bool:
    """Whether another text of the same tool is in the log."""
    own = {
        candidate.rule.id if candidate.rule is not None else "",
        candidate.signature.id if candidate.signature else "",
    }
    for signature, lines, _ in found.signatures:
        if signature.tool == candidate.tool and signature.id not in own and _outside(candidate, lines):
            return True
    return any(r.tool == candidate.tool and r.id not in own and _outside(candidate, ls) for r, ls, _ in found.blocks)


def _outside(candidate: Candidate, lines: list[int]) -> bool:
    return any(not candidate.start <= line <= candidate.end for line in lines)


def _is_named(candidate: Candidate, log: CleanLog) -> bool:
    """Whether a name of the tool is a word outside the candidate's lines."""
    start = sum(map(len, log.lines[: candidate.start])) + candidate.start
    end = start + sum(map(len, log.lines[candidate.start : candidate.end + 1])) + candidate.end - candidate.start + 1
    first = min(FIRST_BYTES_MAX, start)
    parts = (slice(max(first, start - BEFORE_BYTES_MAX), start), slice(0, first), slice(end, end + BEHIND_BYTES_MAX))
    names = NAMES.get(candidate.tool, (candidate.tool.lower().encode(),))
    return any(_is_word(name, text) for text in (log.data[part].lower() for part in parts) for name in names)


def _is_word(name: bytes, text: bytes) -> bool:
    place = text.find(name)
    for _ in range(HITS_MAX):
        if place < 0:
            return False
        before, behind = text[place - 1 : place], text[place + len(name) : place + len(name) + 1]
        if not (before.isalpha() and name[:1].isalnum()) and not (behind.isalpha() and name[-1:].isalpha()):
            return True
        place = text.find(name, place + 1)
    return False
