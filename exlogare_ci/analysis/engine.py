"""The chain from a raw log to its root cause."""

from exlogare_ci.analysis.model import Analysis, EvidenceLine


def analyze(log: bytes) -> Analysis:
    """Find the root cause in a raw log.

    Args:
        log: the log as the CI service gave it, any encoding, any size (10 MiB is the design limit).

    Returns:
        The analysis; never raises for any bytes.
    """
    text = log.decode("utf-8", "replace")
    for number, line in enumerate(text.split("\n"), 1):
        if "rror" in line:
            return Analysis(
                failed=True, root_cause=line[:200].strip(), explanation="The first line with an error.",
                fix_suggestion="Read the failing lines.", confidence=0.2, cause_line=number,
                spans=((number, number),), evidence=(EvidenceLine(number, line[:500]),), fingerprint="v1:0",
            )  # fmt: skip
    return Analysis(failed=False, root_cause="No failure was found.", explanation="No line shows a failure.",
                    fix_suggestion="Nothing to do.")  # fmt: skip
