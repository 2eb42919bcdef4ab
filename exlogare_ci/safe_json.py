"""JSON that may stand in a CI job's log: it decodes to the same value, and no CI service obeys anything in it.

What is sent to the server has this form, too, so that ``exl ingest --dry-run`` can print it byte for byte. Imports
nothing of ours; ``exlogare_ci.report.neutralise`` says what which service obeys.
"""

import re
import unicodedata
from typing import Final

INVISIBLE: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""The Unicode categories of characters that do not show."""
COMMAND: Final = re.compile(r"(##\w*)\[|(section_(?:start|end)|travis_(?:fold|time)):", re.IGNORECASE)
"""What is obeyed anywhere in a line."""
MAYBE_INVISIBLE: Final = re.compile(r"[^\n\t -~]")
"""A character that may be of one of the categories."""


def neutralise_json(encoded: str) -> str:
    r"""Make JSON safe to print without changing what it says.

    Inside strings, invisible characters and the bracket or colon of a command become ``\uNNNN`` escapes. A
    line of JSON never starts like a command.

    Args:
        encoded: JSON text.

    Returns:
        JSON text that decodes to the same value.
    """
    encoded = MAYBE_INVISIBLE.sub(_escaped, encoded)
    return COMMAND.sub(lambda hit: f"{hit[1]}\\u005b" if hit[1] else f"{hit[2]}\\u003a", encoded)


def _escaped(hit: "re.Match[str]") -> str:
    character = hit[0]
    if character == "\u200d" or unicodedata.category(character) not in INVISIBLE:
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
