"""The JSON schema of ``.exlogare.yml``, made from the types that read it."""

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from exlogare_ci.analysis.custom_signatures import PATTERN_CHARS_MAX, SIGNATURES_MAX
from exlogare_ci.analysis.model import CATEGORIES
from exlogare_ci.analysis.signatures.base import Signature
from exlogare_ci.config_file import CONFIG_FILE_NAME, KNOWN_KEYS

# Where the words for developers would not help somebody in an editor.
_WORDS: Final[Mapping[str, str]] = {
    "tool": "the tool's name in lower case",
    "pattern": "what the line looks like: a regular expression without look-around and back-references, which ends in "
    "a literal, one character or $",
    "category": "what kind of cause it is; empty for the roles wrapper, summary, noise and success",
    "extract": "a Python regular expression whose named groups fill title, explain and fix",
    "severity": "how much is broken; medium leaves it to the category",
    "title": "the root cause in one sentence; may hold {group} of extract, and {text}, the line",
}
_ATTRIBUTE: Final = re.compile(r"^    (\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)


def render_schema() -> str:
    """Write the schema (https://json-schema.org/draft/2020-12/schema).

    Returns:
        Indented JSON with a line feed at its end.

    Raises:
        KeyError: a key of ``KNOWN_KEYS`` has no schema here.
    """
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": CONFIG_FILE_NAME,
        "description": "The settings of a project for exl.",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: {"description": meaning, **_KEYS[key]()} for key, meaning in KNOWN_KEYS.items()},
    }
    return msgspec.json.format(msgspec.json.encode(document)).decode() + "\n"


def _signatures() -> dict[str, Any]:
    schema = msgspec.json.schema(Signature)["$defs"]["Signature"]
    fields: dict[str, dict[str, Any]] = schema["properties"]
    for name, text in _ATTRIBUTE.findall(inspect.cleandoc(Signature.__doc__ or "")):
        words = _WORDS.get(name) or " ".join(text.replace("``", "`").split())
        fields[name] = {"description": words, **fields[name]}
    fields["category"]["enum"] = ["", *CATEGORIES]
    fields["pattern"] |= {"minLength": 1, "maxLength": PATTERN_CHARS_MAX}
    fields["extract"]["maxLength"] = PATTERN_CHARS_MAX
    for samples in ("matches", "non_matches"):
        fields[samples]["minItems"] = 1
    required = [*schema["required"], "matches", "non_matches"]
    item = {"type": "object", "additionalProperties": False, "required": required, "properties": fields}
    return {"type": "array", "maxItems": SIGNATURES_MAX, "items": item}


_KEYS: Final[Mapping[str, Callable[[], dict[str, Any]]]] = {"signatures": _signatures}
"""The schema of each key of ``KNOWN_KEYS``."""
