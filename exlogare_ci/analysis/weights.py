"""Every number that the score is made of, in one place, each with what it stands for.

The unit is a point. The numbers were set by hand from what each hint means and then checked, project by project,
on labelled logs (``benchmarks/accuracy.py``). They are few on purpose: a number that helps one log only is not here.
"""

KIND_POINTS: dict[str, float] = {
    "test": 6.0,
    "compile": 6.0,
    "resolve": 5.0,
    "lint": 4.5,
    "list": 4.5,
    "exit": 4.5,
    "build": 4.0,
    "root": 4.0,
    "trace": 3.5,
    "block": 3.0,
    "tail": 3.6,
    "cascade": 1.5,
    "keyword": 2.8,
}
"""What a candidate's kind is worth before anything else is known: tools that name the failing thing come first."""

FAILING_STEP = 4.0
"""It stands in the step that failed first."""
LATER_FAILING_STEP = 3.0
"""It stands in a step that failed after another one had."""
PASSED_STEP = -5.0
"""Its step passed, so what it printed was tolerated or expected."""
OUTSIDE = -2.5
"""The failing step is known, and this is in none."""
AFTER = -5.0
"""It ran when the job's fate was sealed: cleanup, uploads, after-scripts."""
STRONG_WORD = 1.5
"""A line of no known tool says error, fatal or failed outright."""
RED = 0.7
"""It was printed in red."""
NEAR_END = 1.5
"""At most this much for standing within ``NEAR_END_LINES`` of the end of its step; commands stop at their error."""
NEAR_END_LINES = 40
LATE = 1.0
"""At most this much for standing late in its step, where a command ends with its error."""
EARLY = 0.6
"""At most this much for standing early, where the first of many findings explains the others."""
REPEATED = -1.5
"""Its pattern hit more than ``REPEATED_COUNT`` times: chatter rather than a cause."""
REPEATED_COUNT = 12
EXPLAINED = 0.6
"""A signature knows a line of the block."""
DOMINANT = 2.0
"""Its category explains whatever else went wrong."""
CANCELLED = -1.0
"""The runner's word that the job was stopped, which follows the reason where there is one."""
CUT_OFF = -4.0
"""A package that a system's package manager does not know, behind its failure to fetch what there is."""
RESTATED = -3.0
"""It only says that something else failed."""
WARNING = -2.5
"""A line of a known text that calls itself a warning."""
BLOCK_SAYS_MORE = -2.0
"""A single line of a tool that printed a whole block about it in the same step."""
TRIED_AGAIN = -2.5
"""The log goes on with another try of what failed. If none helped, the last one is not followed by such a line."""
TOLERATED = -6.0
"""The script says that it does not matter: *ignored*, *optional*, *known issue*, *continuing*."""
UNVOUCHED = -0.5
"""Only its form says which tool printed it. It is weighed behind the others: it changes the confidence, no rank."""
WENT_ON = -2.0
"""A network failure after which its step went on for more than ``WENT_ON_LINES``: it was retried or tolerated."""
WENT_ON_LINES = 25
UPLOAD = -5.0
"""A line about uploading artefacts, reports or caches, which fails because the build did before; not in a step that is
for uploading."""
INCOMPLETE = -2.0
"""The block's header is there, its cause line is not."""

SHAPE_POINTS: dict[str, float] = {
    "several lines": 0.75,
    "quiet, near the end": 0.75,
    "first of its kind": 0.75,
    "first": 0.7,
    "strong": 0.55,
    "place": 0.55,
    "how late": 0.45,
    "quiet, first": 0.2,
    "before the first word of a failure": 0.4,
    "tells what was expected": 0.4,
    "clear": 0.4,
    "in red": 0.35,
    "numbered": 0.3,
    "indented": 0.3,
    "announced": 0.25,
    "length": 0.2,
    "behind a blank line": 0.2,
    "exception": 0.15,
    "error_at": 0.1,
    "says that something failed": -0.25,
    "behind the first word of a failure": -0.25,
    "nothing is clear": -0.3,
    "counts": -0.3,
    "without a shape": -0.35,
    "last words": -0.6,
    "count": -0.7,
    "weak": -0.75,
}
"""What is weighed of a block of a tool that nothing is known of.

Fitted on labelled logs whose own tools had been taken out of the catalogue (``benchmarks/accuracy.py
--unknown-tools``), and checked on other projects than those of the fit.
"""

SOMEWHERE = -0.6
"""Words of an unknown tool in a log that does not say which step failed, so that they may stand anywhere."""

LAST_RESORT_POINTS_MAX = 11.0
"""More than the words of an unknown tool get, but for a few; from there on they are not looked for."""
SURE = 7.0
"""Points from which a candidate alone makes a log a failed one, where no runner and no tool says how it ended."""
SECONDARY_BEHIND_MAX = 4.0
"""How far behind the best a further, independent cause may be to be named."""

LATE_KINDS = frozenset({"trace", "build", "root", "block", "keyword", "cascade"})
"""Kinds of which the last one counts; of all others the first one does."""
FINDING_CATEGORIES = frozenset(
    {"code.lint", "code.format", "code.type", "code.security_scan", "code.license", "code.compile"}
)
"""Categories of single lines that a checker prints one a finding: the first stands for all, as of a block's."""
NEAR_END_KINDS = frozenset({"trace", "root", "keyword", "build", "block"})
CHATTER_KINDS = frozenset({"trace", "root", "keyword", "block"})
RESTATING_KINDS = frozenset({"trace", "build", "keyword", "cascade", "root"})
DOMINANT_CATEGORIES = frozenset(
    {"infra.oom", "infra.disk", "infra.agent_lost", "infra.timeout", "infra.cancelled", "infra.runner"}
)
"""Causes that explain whatever else went wrong."""
