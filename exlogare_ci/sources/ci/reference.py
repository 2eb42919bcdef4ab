"""The reference page of the log sources, from the table of sources.

``python -m exlogare_ci.sources.ci.reference --write docs/reference/log-sources.md`` writes it anew.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from exlogare_ci.sources.ci.model import API_URL_VARIABLE, TOKEN_VARIABLE, USER_VARIABLE, Source
from exlogare_ci.sources.ci.table import SOURCES

_INTRODUCTION = f"""\
<!-- Written by python -m exlogare_ci.sources.ci.reference --write docs/reference/log-sources.md; do not edit. -->
# Where a failed job's log comes from

The way that works everywhere is to wrap the command: `exl run -- COMMAND` sees all of its output, on every CI
service and with no token. A log file is given with `exl ingest --log-file FILE`; `-` is standard input.

`exl ingest` without `--log-file` asks the CI service for the log of the job that failed. The order is fixed:

1. a file that the service itself keeps on the machine (Buildkite's agent can),
2. the service's API, when a token for it is in the environment,
3. otherwise a line says what exactly to add for this service, and nothing is sent. Exit code 0; 3 with `--strict`.

`--from NAME` takes one source and no other. A source that may work without a token (public projects) is then
tried without one, too.

## What holds for all of them

- Tokens come from the environment only, are sent in a header to the origin of the service's API only, never in
  a URL, and never to where a redirect leads. Over plain HTTP they go to this machine only, unless
  `EXLOGARE_ALLOW_HTTP=1`.
- `{TOKEN_VARIABLE}` wins over a service's own variables. `{USER_VARIABLE}` is the user that it belongs to, where the
  service wants one (Jenkins, GoCD). `{API_URL_VARIABLE}` is the API's root, where it is not at the usual place.
  `EXLOGARE_CI_CA_BUNDLE` is a file of certificates to trust; `EXLOGARE_CA_BUNDLE` is for the Exlogare server alone.
- Getting the log takes at most as long as an upload may (`--timeout`, 60 s), with up to 3 tries of a request; a
  service that asks for a longer pause than that is not waited for.
- Of a log of more than 10 MiB the first 1 MiB and the last 9 MiB are kept, cut at whole lines. A log that comes as
  JSON is taken up to 32 MiB of JSON.
- Where the API tells steps apart, only those that failed are taken; several are joined, each under a line
  `[exl: log of …]`.
- `exl step` also asks TeamCity, in the same way, how the running build stands, because no variable tells. Where it
  cannot learn that, it sends nothing.
- Secrets are masked before anything is sent, as with every log; a log that a service gives may hold some that it did
  not mask.
"""


def render() -> str:
    """Give the page's text."""
    rows = [
        f"| {source.TITLE} | `{source.NAME}` | {_tokens(source)} | {source.NEEDS or '—'} | {source.SELECTS} |"
        for source in SOURCES
    ]
    table = [
        "## The sources",
        "",
        "| service | `--from` | token | it needs | what is taken |",
        "| --- | --- | --- | --- | --- |",
        *rows,
    ]
    return "\n".join([_INTRODUCTION, *table, *(line for source in SOURCES for line in _section(source))]) + "\n"


def _section(source: Source) -> Iterator[str]:
    yield ""
    yield f"### {source.TITLE} (`{source.NAME}`)"
    yield ""
    yield source.ADD
    yield ""
    yield "Written from: " + ", ".join(f"<{page}>" for page in source.DOCS)


def _tokens(source: Source) -> str:
    if not source.TOKENS:
        return "none"
    names = ", ".join(f"`{name}`" for name in source.TOKENS)
    return f"{names}; public projects need none" if source.ANONYMOUS else names


def main(arguments: list[str]) -> None:
    """Write the page to the file behind ``--write``, or print it."""
    if arguments[:1] == ["--write"]:
        Path(arguments[1]).write_text(render(), encoding="utf-8", newline="\n")
    else:
        sys.stdout.write(render())


if __name__ == "__main__":
    main(sys.argv[1:])
