"""Names that runners of parallel commands put before each line: ``[api] …``, ``api | …``, ``packages/api test: …``.

The tool behind such a prefix is not recognised, so it is taken off where most of a log carries one of a few names.
"""

import re
from collections import Counter

from exlogare_ci.analysis.late import late

NAMES_MAX = 12
"""More different names than this are no names of commands but part of the text."""
SHARE_MIN = 0.6
"""The part of the lines with something in them that must carry one of the names."""
SAMPLE_LINES_MAX = 400
FEW_LINES = 48
"""So many lines, spread over the sample, tell whether it is worth looking at all of it."""
FEW_SHARE_MIN = 0.3
"""The part of the few lines that must look like carrying a name."""
LINES_A_NAME_MIN = 2

_STYLES: tuple[re.Pattern[bytes], ...] = (
    # concurrently, npm-run-all: https://github.com/open-cli-tools/concurrently
    late(
        rb"^\[(?!(?i:info|warn|warning|error|debug|trace|fatal|fail|ok|notice|pipeline|success)\b)[\w@/.:-]{1,40}\] ?"
    ),
    # docker compose, foreman: https://docs.docker.com/reference/cli/docker/compose/logs/
    late(rb"^[\w@/.-]{1,40} +\| ?"),
    # pnpm -r, yarn workspaces: https://pnpm.io/cli/recursive
    late(rb"^[\w@/.-]{1,60} [\w:.-]{1,30}: ?"),
)


def without_runner_names(data: bytes) -> bytes:
    """Take off the names where most lines carry one; otherwise return the log as it is.

    Args:
        data: the log without time stamps.
    """
    sample = [line for line in data[: 256 * 1024].split(b"\n", SAMPLE_LINES_MAX)[:SAMPLE_LINES_MAX] if line.strip()]
    few = sample[:: len(sample) // FEW_LINES + 1]
    for style in _STYLES:
        if sum(1 for line in few if style.match(line)) < FEW_SHARE_MIN * len(few):
            continue
        found = Counter(match[0].rstrip() for match in map(style.match, sample) if match)
        names = [name for name, count in found.items() if count >= LINES_A_NAME_MIN]
        carried = sum(found[name] for name in names)
        if 0 < len(names) <= NAMES_MAX and carried >= SHARE_MIN * len(sample) and len(sample) > LINES_A_NAME_MIN:
            either = b"|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
            return re.sub(rb"^(?:" + either + rb") ?", b"", data, flags=re.MULTILINE)
    return data
