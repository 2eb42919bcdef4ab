"""What is reported: an analysis and which log it is of."""

import msgspec

from exlogare_ci.analysis.model import Analysis

CONFIDENCE_HIGH = 0.75
CONFIDENCE_MEDIUM = 0.45
FAILED_TESTS_SHOWN_MAX = 20


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """An analysis and where its log comes from.

    Attributes:
        analysis: what the engine found.
        file: the log as the user named it (``-`` for standard input); ``None`` for a command's output.
        log_bytes_omitted: how much of a very large log was left out of the analysis.
        workspace: the folder of the checked-out repository; source paths below it are shown relative to it.
    """

    analysis: Analysis
    file: str | None = None
    log_bytes_omitted: int = 0
    workspace: str | None = None


def confidence_word(confidence: float) -> str:
    """Put a confidence into a word.

    Args:
        confidence: 0 to 1.

    Returns:
        ``high``, ``medium`` or ``low``.
    """
    if confidence >= CONFIDENCE_HIGH:
        return "high"
    return "medium" if confidence >= CONFIDENCE_MEDIUM else "low"


def notes(finding: Finding) -> list[str]:
    """List what else the reader should know, in sentences.

    Returns:
        From none to four sentences; those about missing context come from the log.
    """
    analysis = finding.analysis
    found = []
    if analysis.transient:
        found.append("It may be transient: a retry may help.")
    if analysis.failed and analysis.owner == "platform":
        found.append("It looks like a matter of the build platform, not of the code.")
    if analysis.needs_more_context:
        hint = analysis.missing_context_hint
        found.append(f"Not certain. The log lacks: {hint}" if hint else "Not certain. The log lacks the reason.")
    if finding.log_bytes_omitted:
        found.append(f"{finding.log_bytes_omitted} bytes in the middle of the log were not analysed.")
    return found


def shown_tests(finding: Finding) -> list[str]:
    """Name the failing tests, as many as one wants to read.

    Returns:
        At most ``FAILED_TESTS_SHOWN_MAX`` names, one line each, and how many more there are.
    """
    names = finding.analysis.failed_tests
    more = len(names) - FAILED_TESTS_SHOWN_MAX
    shown = [" ".join(name.split("\n")) for name in names[:FAILED_TESTS_SHOWN_MAX]]
    return [*shown, f"and {more} more"] if more > 0 else shown
