"""The reference page of the catalogue, generated.

Run ``python -m exlogare_ci.analysis.signatures.reference --write docs/reference/signatures.md`` after every change;
a test compares the page with the catalogue.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from exlogare_ci.analysis.signatures import FAMILIES
from exlogare_ci.analysis.signatures.base import Signature

_HEAD = """# Signatures

The lines that Exlogare CI knows, by tool family. Generated from the catalogue by
`python -m exlogare_ci.analysis.signatures.reference --write docs/reference/signatures.md`; do not edit by hand.

Roles: `root` is the cause itself, `block` heads it, `cascade` follows from it, `summary` counts or ends,
`wrapper` passes an exit status on, `noise` only looks like a failure, `success` says that all is well.
"""


def render(families: Iterable[tuple[str, Sequence[Signature]]]) -> str:
    """Render the page.

    Args:
        families: name and signatures of each family, in the order wanted.

    Returns:
        Markdown, ending in a line feed.
    """
    listed = [(name, tuple(signatures)) for name, signatures in families]
    total = sum(len(signatures) for _, signatures in listed)
    parts = [_HEAD, f"{total} signatures in {len(listed)} families.\n"]
    for name, signatures in listed:
        parts.append(f"## {name}\n")
        parts.append("| id | role | category | a line that it knows |\n|---|---|---|---|")
        parts += [_row(signature) for signature in signatures]
        parts.append("")
    return "\n".join(parts)


def _row(signature: Signature) -> str:
    sample = signature.matches[0].split("\n")[0].strip() if signature.matches else ""
    return f"| `{signature.id}` | {signature.role} | {signature.category or '–'} | {_code(sample)} |"


def _code(text: str) -> str:
    """Inline code that survives a Markdown table, whatever backticks and bars the text holds."""
    fence = "``" if "`" in text else "`"
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text.replace('|', chr(92) + '|')}{pad}{fence}"


def main(argv: Sequence[str]) -> None:
    """Write the page to a file, or print it when no file is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, help="the file to write")
    options = parser.parse_args(argv)
    page = render(FAMILIES)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    else:
        sys.stdout.write(page)


if __name__ == "__main__":
    main(sys.argv[1:])
