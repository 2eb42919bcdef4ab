"""Why the engine is as sure as it is, in sentences: the terms of its score, and what the analysis itself says."""

from typing import Final

import msgspec

from exlogare_server.read.browse_view import DetailView

# The engine's kinds of findings, from the surest to the weakest.
_KINDS: Final = {
    "test": "A test tool names the failing test itself.",
    "compile": "A compiler names the place itself.",
    "resolve": "A package manager explains what does not fit.",
    "lint": "A checker lists what it refuses.",
    "list": "A tool lists what failed.",
    "exit": "A command ended, and said why just before.",
    "build": "A build tool names the failing step.",
    "root": "The line is one that is known to be a cause.",
    "trace": "It is the end of a stack trace.",
    "block": "A tool prints it as one block.",
    "tail": "Nothing known was found; these are the last words before the end.",
    "cascade": "The line is usually a consequence of another one.",
    "keyword": "The line only has a word that often stands in errors.",
}
_TERMS: Final = {
    "explained by a signature": "The text is in the catalogue of known failures.",
    "signature": "The text is in the catalogue of known failures.",
    "rule": "The tool's form of reporting is known.",
    "explains what follows": "It explains whatever else went wrong after it.",
    "in a failing step": "It stands in the step that failed.",
    "in a step that passed": "Its step passed all the same.",
    "outside the failing step": "It stands outside the step that failed.",
    "after the job's fate was sealed": "It ran after the job had failed already.",
    "its cause line is missing": "The line that says why is not in the log.",
    "strong word": "The line says outright that it is an error.",
    "red": "It was printed in red.",
    "near the end": "It stands close to the end, where commands stop at their error.",
    "repeated": "The same text comes often, so it may be chatter.",
    "calls itself a warning": "The line calls itself a warning.",
    "restates that a command failed": "It only says that something else failed.",
    "the step went on": "The step went on after it.",
    "tried again": "It was tried again afterwards.",
    "said to be tolerated": "The log says that it does not matter.",
    "nothing else in the log names its tool": "Nothing else in the log names the tool that prints in this form.",
    "its tool's block says more": "The same tool says more elsewhere.",
    "the failing step is not known": "The log does not say which step failed.",
    "says that it was stopped, not why": "It only says that the job was stopped.",
    "its index could not be fetched": "The list of packages could not be fetched before.",
    "a package is missing for it": "A package is missing later because of it.",
    # Of the words of a tool that nothing is known of.
    "tells what was expected": "It says what was expected.",
    "first": "Nothing before it in its step looks like a failure.",
    "first of its kind": "It is the first of several like it.",
    "in red": "It was printed in red.",
    "says that something failed": "It only says that something else failed.",
    "without a shape": "It does not look like a failure.",
    "before the first word of a failure": "It stands before the first word of a failure.",
    "behind the first word of a failure": "It stands behind the first word of a failure.",
}
# Of the lead over the next candidate, in points; the engine counts no further than 4.
_CLEAR_LEAD: Final = 2.0
_NARROW_LEAD: Final = 0.75


class Line(msgspec.Struct, frozen=True):
    """One reason; ``speaks_for`` is false for one that makes the engine less sure."""

    speaks_for: bool
    text: str


def lines(detail: DetailView) -> tuple[Line, ...]:
    """Give the reasons, those for it first. Terms without words (where the line stands) are left out."""
    found: dict[str, Line] = {}
    for reason in detail.reasons:
        kind = reason.name.removeprefix("kind ")
        if reason.name == "lead":
            continue
        text = _KINDS.get(kind) if reason.name.startswith("kind ") else _TERMS.get(reason.name)
        if text and reason.points:
            weak = kind in ("tail", "cascade", "keyword")
            found.setdefault(text, Line(reason.points > 0 and not weak, text))
    lead = next((reason.points for reason in detail.reasons if reason.name == "lead"), None)
    if lead is not None and lead >= _CLEAR_LEAD:
        found["lead"] = Line(speaks_for=True, text="Nothing else in the log comes close.")
    elif lead is not None and lead < _NARROW_LEAD:
        found["lead"] = Line(speaks_for=False, text="Another place in the log is almost as likely.")
    if detail.analysis.needs_more_context:
        found["context"] = Line(speaks_for=False, text="The log does not hold enough to be sure.")
    if not detail.reasons and detail.tool:
        found["tool"] = Line(speaks_for=True, text=f"{detail.tool} reported it.")
    return tuple(sorted(found.values(), key=lambda line: not line.speaks_for))


def level(confidence: float) -> str:
    """Say a confidence in a word, as the command line does."""
    return "high" if confidence >= 0.75 else "medium" if confidence >= 0.45 else "low"  # noqa: PLR2004 - thirds or so
