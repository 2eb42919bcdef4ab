r"""Log text made harmless before it is echoed: no control characters, and nothing that a CI service obeys.

A CI service reads commands from a job's output, so that a log line echoed by us could set variables, add
annotations or fold the output. What is obeyed, and where in a line:

- GitHub Actions: ``::`` at the start of a line after white space, and ``##[`` anywhere
  (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs);
- Azure Pipelines: ``##vso[`` and ``##[`` anywhere
  (https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands);
- TeamCity: ``##teamcity[`` (https://www.jetbrains.com/help/teamcity/service-messages.html);
- Buildkite: ``---``, ``+++``, ``~~~`` and ``^^^`` at the start of a line
  (https://buildkite.com/docs/pipelines/configure/managing-log-output);
- GitLab and Travis CI: ``section_start:``, ``section_end:``, ``travis_fold:``, ``travis_time:``
  (https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections);
- Jenkins and terminals: escape sequences.
"""

import re
import unicodedata

from exlogare_ci.safe_json import COMMAND as _ANYWHERE
from exlogare_ci.safe_json import INVISIBLE as _INVISIBLE
from exlogare_ci.safe_json import MAYBE_INVISIBLE as _MAYBE_INVISIBLE
from exlogare_ci.safe_json import neutralise_json

__all__ = ["neutralise", "neutralise_inline", "neutralise_json"]

# A sequence without its terminator must not swallow the text behind it, hence the bounds.
_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x9b[0-?]*[ -/]*[@-~]"  # CSI in its one-character form
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)"  # OSC and its kin: titles, hyperlinks
    r"|\x1b[ -/]*[0-~]?"  # two-character sequences, and a lone ESC
)
_KEPT = frozenset("\n\t\u200d")  # the joiner holds emoji together
_LINE_START = re.compile(r"^(?=(?:[^\S\n]|\u200d)*(?:::|---|\+\+\+|~~~|\^\^\^))", re.MULTILINE)


def neutralise(text: str) -> str:
    r"""Make log text safe to print as lines of its own.

    Escape sequences go, other control and invisible characters become ``\xNN`` or ``\uNNNN``, a command
    that is obeyed anywhere in a line gets a space before its bracket or colon, and a line that starts like a
    command gets ``| `` before it. Line feeds, tabs and everything visible stay. Applying it twice changes
    nothing more.

    Args:
        text: any text, with any number of lines.

    Returns:
        The same text with no line that a CI service obeys.
    """
    return _LINE_START.sub("| ", neutralise_inline(text))


def neutralise_inline(text: str) -> str:
    """Like ``neutralise``, for text that is printed behind a prefix of our own on every line.

    Args:
        text: any text; the caller puts a visible prefix before each of its lines.

    Returns:
        The text without escape sequences, control characters and commands that are obeyed anywhere in a line.
    """
    if "\x1b" in text or "\x9b" in text:
        text = _ESCAPE_SEQUENCE.sub("", text)
    text = _MAYBE_INVISIBLE.sub(_escape_invisible, text.replace("\r\n", "\n"))
    return _ANYWHERE.sub(lambda hit: f"{hit[1]} [" if hit[1] else f"{hit[2]} :", text)


def _escape_invisible(hit: "re.Match[str]") -> str:
    character = hit[0]
    if character in _KEPT or unicodedata.category(character) not in _INVISIBLE:
        return character
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - the last code that two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - likewise four digits
