"""What the model is shown of a log: the engine's evidence and the failing step's last lines, secrets masked."""

from collections.abc import Callable

from exlogare_ci.analysis.catalog import Catalog, catalog
from exlogare_ci.analysis.masking import mask
from exlogare_ci.analysis.model import Analysis, EvidenceLine
from exlogare_ci.analysis.sections import read_layout
from exlogare_ci.analysis.text import MATCH_BYTES_MAX, clean

LAST_LINES_MAX = 40
"""Lines from the end of the step that failed; an engineer's first screen."""
LINE_CHARS_MAX = 500
"""As much of a line as an analysis keeps, too."""


def given_lines(
    log: bytes, analysis: Analysis, using: Catalog | None = None, *, without_secrets: Callable[[bytes], bytes] = mask
) -> tuple[EvidenceLine, ...]:
    """Choose the lines that the model is shown.

    Args:
        log: the raw log that was analysed.
        analysis: what the engine found in it, line numbers as the engine gave them.
        using: the catalogue that it was found with; the built-in one when left out.
        without_secrets: masks secrets and keeps the number of lines; by known shapes alone when left out.

    Returns:
        The lines in their order, each once, secrets masked: at most 20 of evidence and ``LAST_LINES_MAX`` others.
    """
    text = clean(log)
    # Masked as a whole: a private key is known by its first line, which may not be chosen. And after cleaning: a
    # colour code in the middle of a secret hides it from the masking, not from the reader.
    masked = without_secrets(text.data).split(b"\n")
    step = read_layout(text, (using or catalog()).find(text).marks).failing()
    start, end = (step.start, step.end) if step is not None else (0, len(masked))
    chosen = {item.line - 1 for item in analysis.evidence if 0 < item.line <= len(masked)}
    taken = 0
    for index in range(min(end, len(masked)) - 1, start - 1, -1):
        if taken >= LAST_LINES_MAX:
            break
        if masked[index].strip():
            chosen.add(index)
            taken += 1
    return tuple(EvidenceLine(index + 1, _shown(masked[index])) for index in sorted(chosen))


def _shown(line: bytes) -> str:
    return line[:MATCH_BYTES_MAX].decode("utf-8", "replace")[:LINE_CHARS_MAX]
