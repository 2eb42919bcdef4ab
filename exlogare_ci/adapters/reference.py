"""Writes the reference page of the adapters from their tables.

``python -m exlogare_ci.adapters.reference --write docs/reference/adapters.md``
"""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

from exlogare_ci.adapters.model import Adapter, Marker, Rule
from exlogare_ci.adapters.resolve import FORCE_VARIABLE
from exlogare_ci.adapters.table import ADAPTERS
from exlogare_ci.context import RunContext

_INTRODUCTION = f"""\
<!-- Written by python -m exlogare_ci.adapters.reference --write docs/reference/adapters.md; do not edit. -->
# What is read from each CI service

`exl env --explain` shows these fields for the job that it runs in, and where each came from.

- The services are tried in the order of this page; the first one whose variables are there is taken.
  `{FORCE_VARIABLE}` forces one: {{names}}.
- The rows of a field are tried from top to bottom; the first usable value is taken. `A + B` needs both.
- A variable that is empty counts as absent, and so does `false` where a number is expected.
- Branches lose `refs/heads/` or one leading `origin/`; `HEAD` is no branch and no commit. Where a tag was
  built and the branch's variable holds the tag's name too, there is no branch.
- URLs lose user name and password.
- Names without dots are environment variables. `event.…` is an entry of the file that `GITHUB_EVENT_PATH`
  names, and other names with dots are entries of TeamCity's properties files. A name that ends in `_*` stands
  for all variables that start so, when they have one value.
- Names with small letters are found in capitals, too: Windows knows no others.
- What no variable tells is read from git: commit, branch (not for pull requests and tags), remote, project
  and workspace.

## Which service it is

| service | `ci` | it is, when one of these is so |
| --- | --- | --- |
{{markers}}
"""


def render() -> str:
    """Write the page.

    Returns:
        Markdown, ending in a line feed.
    """
    names = ", ".join(f"`{adapter.NAME}`" for adapter in ADAPTERS)
    markers = "\n".join(f"| {adapter.TITLE} | `{adapter.NAME}` | {_markers(adapter.MARKERS)} |" for adapter in ADAPTERS)
    head = _INTRODUCTION.format(names=names, markers=markers)
    return "\n".join([head, *(_section(adapter) for adapter in ADAPTERS if adapter.FIELDS)])


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page to a file.

    Args:
        arguments: of the command line; the process's own when ``None``.
    """
    parser = argparse.ArgumentParser(description="Write the reference page of the CI adapters.")
    parser.add_argument("--write", metavar="FILE", type=Path, required=True, help="where to write it")
    parser.parse_args(arguments).write.write_text(render(), encoding="utf-8", newline="\n")


def _markers(markers: Iterable[Marker]) -> str:
    said = (" and ".join([f"`{one.name}` {one.says}", *(f"`{name}` is set" for name in one.also)]) for one in markers)
    return "; ".join(said) or "nothing else is"


def _section(adapter: Adapter) -> str:
    lines = [f"## {adapter.TITLE}", "", "| field | from | |", "| --- | --- | --- |"]
    for field in RunContext.__struct_fields__:
        for number, one in enumerate(adapter.FIELDS.get(field, ())):
            lines.append(f"| {'' if number else f'`{field}`'} | {_origin(one)} | {_conditions(one)} |")
    unknown = [field for field in RunContext.__struct_fields__ if field not in (*adapter.FIELDS, "ci")]
    lines += ["", f"Not told: {', '.join(f'`{field}`' for field in unknown)}."] if unknown else []
    if adapter.IGNORED:
        lines += ["", "Never read:", ""]
        lines += [f"- `{name}` for `{field}`: {why}." for name, (field, why) in adapter.IGNORED.items()]
    lines += ["", "Sources:", ""]
    lines += [f"- <{source}>" for source in adapter.SOURCES]
    return "\n".join([*lines, ""])


def _origin(one: Rule) -> str:
    return " + ".join(f"`{name}`" for name in one.names)


def _conditions(one: Rule) -> str:
    said = []
    if one.when:
        said.append(f"only while {' or '.join(f'`{name}`' for name in one.when)} is set")
    if one.unless:
        said.append(f"not while {' or '.join(f'`{name}`' for name in one.unless)} is set")
    note = one.note.replace("<", "&lt;")
    return ": ".join(part for part in ("; ".join(said), note) if part)


if __name__ == "__main__":
    main()
