"""Pack the CircleCI orb's folder into the one file that is published, as ``circleci orb pack`` does.

``python scripts/pack_orb.py`` writes ``integrations/circleci/orb.yml``; ``--check`` writes nothing and fails when it
differs. What the command does, from its documentation (https://circleci.com/docs/orbs/author/orb-concepts/#orb-packing)
and behaviour: ``@orb.yml`` is the top; each file of ``commands``, ``executors``, ``jobs`` and ``examples`` is an entry
named as the file; a value of the first three that is nothing but ``<< include(PATH) >>`` is the text of that file.
"""

import argparse
import re
import sys
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "integrations" / "circleci" / "src"
PACKED: Final = ROOT / "integrations" / "circleci" / "orb.yml"

_KINDS: Final = ("commands", "executors", "jobs", "examples")
_INCLUDE: Final = re.compile(r"<<\s*include\(([-\w/.]+)\)\s*>>")
_HEAD: Final = "# Packed by make integrations from integrations/circleci/src; do not edit.\n"


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _text)


def pack(source: Path = SOURCE) -> str:
    """Pack an orb.

    Args:
        source: its folder, with ``@orb.yml``.

    Returns:
        The packed orb, YAML.

    Raises:
        OSError: a file is missing, an included one above all.
        ValueError: an included file holds ``<<``, which CircleCI would take for a parameter.
    """
    orb: dict[str, Any] = yaml.safe_load((source / "@orb.yml").read_text(encoding="utf-8"))
    for kind in _KINDS:
        entries = {
            path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
            for path in sorted((source / kind).glob("*.yml"))
        }
        if entries:
            orb[kind] = entries if kind == "examples" else _included(entries, source)
    return _HEAD + yaml.dump(orb, Dumper=_Dumper, sort_keys=False, width=1000, allow_unicode=True)


def _included(value: Any, source: Path) -> Any:
    """Put the texts of files in the places of the values that name them."""
    if isinstance(value, dict):
        return {name: _included(inner, source) for name, inner in value.items()}
    if isinstance(value, list):
        return [_included(inner, source) for inner in value]
    hit = _INCLUDE.fullmatch(value.strip()) if isinstance(value, str) else None
    if hit is None:
        return value
    text = (source / hit[1]).read_text(encoding="utf-8")
    if "<<" in text:
        raise ValueError(f"{hit[1]} holds <<, which CircleCI would take for a parameter.")
    return text


def main() -> int:
    """Write, or check, the packed orb."""
    parser = argparse.ArgumentParser(description="Pack the CircleCI orb.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when the file differs")
    check = parser.parse_args().check
    text = pack()
    if PACKED.is_file() and PACKED.read_text(encoding="utf-8") == text:
        return 0
    print(f"{'differs' if check else 'wrote'}: {PACKED.relative_to(ROOT).as_posix()}")
    if not check:
        PACKED.write_text(text, encoding="utf-8")
    return 1 if check else 0


if __name__ == "__main__":
    sys.exit(main())
