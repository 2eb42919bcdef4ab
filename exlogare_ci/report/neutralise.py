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

# A sequence without its terminator must not swallow the text behind it, hence the bounds.
_ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x9b[0-?]*[ -/]*[@-~]"  # CSI in its one-character form
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)"  # OSC and its kin: titles, hyperlinks
    r"|\x1b[ -/]*[0-~]?"  # two-character sequences, and a lone ESC
)
_INVISIBLE = ("Cc", "Cf", "Cs", "Zl", "Zp")
_KEPT = frozenset("\n\t\u200d")  # the joiner holds emoji together
_ANYWHERE = re.compile(r"(##\w*)\[|(section_(?:start|end)|travis_(?:fold|time)):", re.IGNORECASE)
_LINE_START = re.compile(r"^(?=(?:[^\S\n]|\u200d)*(?:::|---|\+\+\+|~~~|\^\^\^))", re.MULTILINE)
_MAYBE_INVISIBLE = re.compile(r"[^\n\t -~]")


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


def neutralise_json(encoded: str) -> str:
    r"""Make JSON safe to print without changing what it says.

    Inside strings, invisible characters and the bracket or colon of a command become ``\uNNNN`` escapes. A
    line of JSON never starts like a command.

    Args:
        encoded: JSON text.

    Returns:
        JSON text that decodes to the same value.
    """
    encoded = _MAYBE_INVISIBLE.sub(_escape_for_json, encoded)
    return _ANYWHERE.sub(lambda hit: f"{hit[1]}\\u005b" if hit[1] else f"{hit[2]}\\u003a", encoded)


def _escape_for_json(hit: "re.Match[str]") -> str:
    character = hit[0]
    if character == "\u200d" or unicodedata.category(character) not in _INVISIBLE:
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _escape_invisible(hit: "re.Match[str]") -> str:
    character = hit[0]
    if character in _KEPT or unicodedata.category(character) not in _INVISIBLE:
        return character
    code = ord(character)
    if code <= 0xFF:  # noqa: PLR2004 - the last code that two digits hold
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - likewise four digits
