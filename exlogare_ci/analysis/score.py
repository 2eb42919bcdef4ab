"""The score of a candidate: a sum of terms, each of which can be shown.

Each function below looks at one kind of hint and gives its terms; the numbers stand in ``weights``.
"""

import re
from collections.abc import Iterator

from exlogare_ci.analysis import weights
from exlogare_ci.analysis.candidate import Candidate, is_finding
from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.phrases import TOLERATED, WENT_ON
from exlogare_ci.analysis.sections import Layout, Step
from exlogare_ci.analysis.text import MATCH_BYTES_MAX, CleanLog
from exlogare_ci.analysis.wording import script_of

Term = tuple[str, float]

RED_LINES_LOOKED_AT = 12

_RESTATES = late(
    r"returned non-?zero|[Cc]ommand failed with status|non-zero exit"
    r"|exit(?:ed)? (?:with )?(?:status|code)(?!\(\d+\) and)|\(exit(?: code| status)? \d+\)$"
    r"|[Tt]ests? (?:failed|unsuccessful)|failed!$|failing tests|see the (?:compiler|report|log)"
    r"|[Ff]ound \d+ (?:failures?|errors?|problems?|issues?|violations?)\b"
    r"|\b(?:[Ll]ook|[Ss]ee) above\b|[Tt]erminating build"
)


_SYSTEM_PACKAGES = frozenset({"apt", "apk", "dnf", "yum", "zypper", "pacman", "homebrew", "chocolatey", "libsolv"})
CUT_OFF_LINES_MAX = 60
"""Lines between a failed fetch of an index and the package that is missing for it."""
_WEAK_BLOCKS = frozenset({"cascade", "build", "trace"})
_UPLOAD = late(
    rb"(?i)(?<![/.@-])\bupload(?:s|ed|ing)?\b(?!\.)"
    rb"|\b(?:sav|stor|restor|archiv|publish|collect)\w* (?:\w+ )?(?:artifacts?|cache)"
    rb"|s3:PutObject|\b(?:codecov|coveralls)\b"
)
_AWS_UPLOAD = b"upload failed: "
"""How ``aws s3 cp`` tells that it failed; nobody calls it for the sake of another step."""
_UPLOADING = late(r"(?i)upload|deploy|publish|release|artifact|codecov|coveralls|cache")
_AGAIN = late(
    rb"(?i)\bretrying\b|\btrying (?:again|(?:the )?next|to \w+ \S+ again)\b|\bwill (?:be )?retr(?:y|ied)\b"
    rb"|\bretry (?:#|no\.? ?)?\d+\b|\bagain in \d+ ?s"
)
_GRADLE_TRACE = b"* Exception is:"
"""Heading of the stack of what Gradle has told above under *What went wrong*."""
_REFUSED_BUILD, _REFUSED_PUSH = "heroku.push_rejected", "git.push_refused"
"""The word of a platform that builds what is pushed, and git's word that nothing was taken."""
_SURE_WEIGHT = 2.0
"""From this weight on, a signature's text names the failure, whatever exit code it ends with."""
_ANNOTATION = "github.annotation"
_CALLED_ERROR = late(rb"^##\[error\] *(?:(?:[Ee]rror|ERROR): *)*")
SAID_BYTES_MIN = 16
SAID_LINES_MAX = 40
"""Lines above a task's word to the runner that are searched for what it repeats."""
AGAIN_LINES = 2
"""Lines behind a failure in which a script says that it tries again, or that it does not matter."""
POLLS_MAX = 200
"""Lines of the same words, as a script prints them that waits for a server."""
_QUOTES = frozenset({"test", "compile", "lint", "list", "trace"})
"""Kinds whose lines hold the words of what is tested, compiled or called."""
_ANNOUNCES = late(rb"^[=#>*\[-]|:\s*$")
"""A heading: what it says is of the lines behind it, not of those before."""
_MAY_FAIL = late(r"\|\|\s*(?:true|:|echo|exit 0|printf)(?:\s|$)|--exit-zero\b")
_WORDS = late(r"[\w.+-]+")
_NOT_SAID = (b"##[", b"+ ", b"$ ")
TOLERATED_TERM = "said to be tolerated"
TOLERANCE_BYTES_MAX = 240
"""Of a line that are searched for such words: a longer one tells a story."""
_WARNING = late(rb"^\s*(?:\[WARN(?:ING)?\]|[Ww]arning:|WARN(?:ING)?\b|##\[warning\])")


def score(log: CleanLog, candidates: list[Candidate], layout: Layout) -> None:
    """Fill in ``score`` and ``terms`` of every candidate."""
    failing = layout.failing()
    told = {(c.tool, _start(c.step)) for c in candidates if c.rule is not None and c.kind not in _WEAK_BLOCKS}
    cut_off = _cut_off(candidates)
    causes = {candidate.cause for candidate in candidates}
    excused = _excused(log, failing)
    built = any(c.signature is not None and c.signature.id == _REFUSED_BUILD for c in candidates)
    for candidate in candidates:
        candidate.terms = [
            ("kind " + candidate.kind, weights.KIND_POINTS[candidate.kind]),
            *_knowledge(candidate),
            *_step(candidate, failing),
            *(_shape(log, candidate) if candidate.hints else [*_position(log, candidate), *_looks(log, candidate)]),
        ]
        if candidate.rule is None and (candidate.tool, _start(candidate.step)) in told:
            candidate.terms.append(("its tool's block says more", weights.BLOCK_SAYS_MORE))
        if tolerated(log, candidate) or (candidate.step is failing and candidate.tool in excused):
            candidate.terms.append((TOLERATED_TERM, weights.TOLERATED))
        if cut_off:
            candidate.terms += _knows_nothing(candidate, cut_off)
        if candidate.rule is not None and candidate.rule.id == _ANNOTATION and _said_above(log, candidate, causes):
            candidate.terms.append(("says again what stands above", weights.RESTATED))
        if built and candidate.rule is not None and candidate.rule.id == _REFUSED_PUSH:
            candidate.terms.append(("the build behind the push says why", weights.RESTATED))
        candidate.score = sum(points for _, points in candidate.terms)


def _excused(log: CleanLog, failing: Step | None) -> set[str]:
    """Return the words that only commands which may fail have in the failing step's script: ``mypy . || true``."""
    if failing is None:
        return set()
    echoed = log.text(failing.start) if failing.start < len(log.lines) else ""
    script = [failing.name, echoed, *script_of(log, failing.start)]
    may: set[str] = set()
    must: set[str] = set()
    for line in script:
        end = _MAY_FAIL.search(line)
        if end is not None:
            may.update(_WORDS.findall(line[: end.start()]))
        elif line is not echoed:
            must.update(_WORDS.findall(line))
    return may - must  # a tool that another line runs too may have ended the step there


def _said_above(log: CleanLog, candidate: Candidate, causes: set[int]) -> bool:
    """Whether a task's own word to the runner repeats a line of its output that is a candidate itself."""
    words = _CALLED_ERROR.sub(b"", log.lines[candidate.cause]).strip()
    if len(words) < SAID_BYTES_MIN:
        return False
    above = range(max(0, _start(candidate.step), candidate.start - SAID_LINES_MAX), candidate.start)
    return any(i in causes and words in log.lines[i] and not log.lines[i].startswith(b"##[error]") for i in above)


def _cut_off(candidates: list[Candidate]) -> dict[int, int]:
    """Return for each step where the first network failure of it stands, if a system's package manager runs in it."""
    if not any(c.tool in _SYSTEM_PACKAGES and c.category.startswith("deps.") for c in candidates):
        return {}
    first: dict[int, int] = {}
    for candidate in sorted(candidates, key=lambda c: c.cause):
        if candidate.category.startswith("network."):
            first.setdefault(_start(candidate.step), candidate.cause)
    return first


def _knows_nothing(candidate: Candidate, cut_off: dict[int, int]) -> Iterator[Term]:
    """A package manager that could not fetch its mirror's index calls every package missing."""
    place = cut_off.get(_start(candidate.step))
    if place is None or candidate.cause - place > CUT_OFF_LINES_MAX:
        return
    if candidate.tool in _SYSTEM_PACKAGES and candidate.category.startswith("deps.") and candidate.cause > place:
        yield "its index could not be fetched", weights.CUT_OFF
    elif candidate.category.startswith("network."):
        yield "a package is missing for it", -weights.CUT_OFF / 2


def _start(step: Step | None) -> int:
    return -1 if step is None else step.start


def _uploads(log: CleanLog, candidate: Candidate) -> bool:
    """Whether it is the step's own task to upload something."""
    named = candidate.step is not None and _UPLOADING.search(candidate.step.name) is not None
    return named or candidate.category.startswith("publish.") or log.lines[candidate.cause].startswith(_AWS_UPLOAD)


def _knowledge(candidate: Candidate) -> Iterator[Term]:
    """What is known of the tool and of the text."""
    rule, signature = candidate.rule, candidate.signature
    if rule is not None and rule.weight:
        yield "rule", rule.weight
    if signature is not None and rule is None and signature.weight:
        yield "signature", signature.weight
    if signature is not None and rule is not None and signature.role == "root":
        yield "explained by a signature", weights.EXPLAINED
    if signature is not None and signature.category == "infra.cancelled" and candidate.kind != "root":
        yield "says that it was stopped, not why", weights.CANCELLED
    if candidate.kind == "root" and candidate.category in weights.DOMINANT_CATEGORIES:
        yield "explains what follows", weights.DOMINANT
    if not candidate.certain:
        yield "its cause line is missing", weights.INCOMPLETE


def _step(candidate: Candidate, failing: Step | None) -> Iterator[Term]:
    """How the step ended that the candidate is in."""
    step = candidate.step
    if step is None:
        if failing is not None:
            yield "outside the failing step", weights.OUTSIDE
    elif step.after:
        yield "after the job's fate was sealed", weights.AFTER
    elif step.failed:
        yield "in a failing step", weights.FAILING_STEP if step is failing else weights.LATER_FAILING_STEP
    elif step.exit_code == 0:
        yield "in a step that passed", weights.PASSED_STEP


def _position(log: CleanLog, candidate: Candidate) -> Iterator[Term]:
    """Where in its step the candidate is."""
    step = candidate.step
    start, end = (step.start, step.end) if step is not None else (0, len(log.lines))
    share = (candidate.cause - start) / max(1, end - start)
    finding = is_finding(candidate)
    if candidate.kind in weights.LATE_KINDS and not finding:
        yield "late", round(weights.LATE * share, 3)
    else:
        yield "early", round(weights.EARLY * (1 - share), 3)
    if tried_again(log, candidate):
        yield "tried again", weights.TRIED_AGAIN
    left = end - candidate.end
    if candidate.kind == "root" and candidate.category.startswith("network.") and left > weights.WENT_ON_LINES:
        yield "the step went on", weights.WENT_ON
    if candidate.kind in weights.NEAR_END_KINDS and not finding and left <= weights.NEAR_END_LINES:
        yield "near the end", round(weights.NEAR_END * (1 - left / weights.NEAR_END_LINES), 3)


def _shape(log: CleanLog, candidate: Candidate) -> Iterator[Term]:
    """What is known of the words of a tool that is not."""
    yield from candidate.hints
    if candidate.step is None:
        yield "the failing step is not known", weights.SOMEWHERE
    if tried_again(log, candidate):
        yield "tried again", weights.TRIED_AGAIN
    if not _uploads(log, candidate) and _UPLOAD.search(log.lines[candidate.cause][:MATCH_BYTES_MAX]):
        yield "about an upload", weights.UPLOAD


def tried_again(log: CleanLog, candidate: Candidate) -> bool:
    """Whether the log goes on with another try: the lines behind say so, or the one that logged a trace."""
    if candidate.kind not in weights.CHATTER_KINDS:
        return False
    behind = log.lines[candidate.end + 1 : candidate.end + 1 + AGAIN_LINES]
    logged = log.lines[max(0, candidate.start - 1) : candidate.start] if candidate.kind == "trace" else []
    return any(_AGAIN.search(line[:MATCH_BYTES_MAX]) for line in [*behind, *logged])


def _is_polled(log: CleanLog, candidate: Candidate) -> bool:
    """Whether the line stands there twice in a row, and the step says something else behind it."""
    cause, end = candidate.cause, candidate.step.end if candidate.step is not None else len(log.lines)
    line = log.lines[cause]
    if line not in log.lines[max(0, cause - 1) : cause] + log.lines[cause + 1 : cause + 2]:
        return False
    return any(log.lines[i].strip() and log.lines[i] != line for i in range(cause + 1, min(end, cause + POLLS_MAX)))


def is_tolerated(candidate: Candidate) -> bool:
    """Whether its score says that the log goes on behind it as if nothing had happened."""
    return any(name == TOLERATED_TERM for name, _ in candidate.terms)


def tolerated(log: CleanLog, candidate: Candidate) -> bool:
    """Whether its own line, a heading above or one of the next lines behind says that it does not matter."""
    if candidate.kind == "root" and candidate.category.startswith("network.") and _is_polled(log, candidate):
        return True
    floor, ceiling = (candidate.step.start, candidate.step.end) if candidate.step is not None else (0, len(log.lines))
    above = [line for line in log.lines[max(floor, candidate.start - 1) : candidate.start] if _ANNOUNCES.search(line)]
    reach = 1 if _is_sure(candidate) else AGAIN_LINES
    behind = log.lines[candidate.end + 1 : min(ceiling, candidate.end + 1 + reach)]
    own = [] if candidate.kind in _QUOTES else [log.lines[candidate.cause]]
    alone = own if candidate.rule is None else []
    return _says(TOLERATED, above + own + behind) or _says(WENT_ON, alone + behind[:1])


def _is_sure(candidate: Candidate) -> bool:
    """Whether it is a line, or a block with one, whose text names the failure by itself."""
    signature = candidate.signature
    return signature is not None and signature.role == "root" and signature.weight >= _SURE_WEIGHT


def _says(words: re.Pattern[bytes], lines: list[bytes]) -> bool:
    """Whether one of the lines, but for the runner's own and for echoes, holds such words."""
    return any(words.search(line[:TOLERANCE_BYTES_MAX]) for line in lines if not line.startswith(_NOT_SAID))


def _looks(log: CleanLog, candidate: Candidate) -> Iterator[Term]:
    """How the candidate's lines look."""
    if candidate.groups.get("strength") == "strong":
        yield "strong word", weights.STRONG_WORD
    if any(i in log.red for i in range(candidate.start, candidate.end + 1)[:RED_LINES_LOOKED_AT]):
        yield "red", weights.RED
    if (
        candidate.kind in weights.CHATTER_KINDS
        and not is_finding(candidate)
        and candidate.count > weights.REPEATED_COUNT
    ):
        yield "repeated", weights.REPEATED
    if candidate.rule is None and candidate.signature is not None and _WARNING.match(log.lines[candidate.cause]):
        yield "calls itself a warning", weights.WARNING
    if (
        candidate.rule is None
        and not _uploads(log, candidate)
        and _UPLOAD.search(log.lines[candidate.cause][:MATCH_BYTES_MAX])
    ):
        yield "about an upload", weights.UPLOAD
    words = candidate.groups.get("message") or log.text(candidate.cause)
    above = log.lines[candidate.start - 1] if candidate.start else b""
    told_by_maven = words.startswith("Failed to execute goal ")  # with -e, once more
    told_before = candidate.kind == "trace" and (told_by_maven or above == _GRADLE_TRACE)
    restating = candidate.kind in weights.RESTATING_KINDS and not _is_sure(candidate)
    if told_before or (restating and _RESTATES.search(words)):
        yield "restates that a command failed", weights.RESTATED
