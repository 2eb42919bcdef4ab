"""A case: a tiny project, the command that is run in it, and what the command needs."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CASES: Final = Path(__file__).parent / "cases"
KEYS: Final = ("needs", "version", "setup", "run", "exit", "env")
_CASE = re.compile(r"^=== (\S+)$", re.MULTILINE)
_FILE = re.compile(r"^-- (\S+) --$", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One log to record.

    Attributes:
        name: ``tool__what_happens``, the name of the log's file without its ending.
        command: what the shell runs; what it prints is the log.
        version: the shell command whose first line of output is the tool's version.
        needs: tool sets by name, see ``toolsets``.
        setup: shell commands that are run first and not recorded.
        env: further environment variables.
        fails: whether the command must exit with a status other than 0.
        files: the project's files by their path in it.
    """

    name: str
    command: str
    version: str
    needs: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    fails: bool = True
    files: dict[str, str] = field(default_factory=dict)


def parse_cases(text: str) -> list[Case]:
    """Read the cases of one case file.

    A case begins with ``=== name``, then has ``key: value`` lines (``run`` and ``version`` must be there; ``needs``;
    ``setup`` and ``env``, both as often as wanted; ``exit: 0`` for a command that succeeds) and then its files, each
    under a line ``-- path --``. Lines before the first case are remarks.

    Raises:
        ValueError: a key is unknown or missing, or a name occurs twice.
    """
    pieces = _CASE.split(text)
    cases = [_parse_case(name, body) for name, body in zip(pieces[1::2], pieces[2::2], strict=True)]
    names = [case.name for case in cases]
    if len(set(names)) != len(names):
        raise ValueError(f"names occur twice: {sorted({name for name in names if names.count(name) > 1})}")
    return cases


def load_cases(folder: Path = CASES) -> dict[str, Case]:
    """All cases by name, in the order of the case files.

    Raises:
        ValueError: see ``parse_cases``; or two files have a case of the same name.
    """
    cases: dict[str, Case] = {}
    for path in sorted(folder.glob("*.txt")):
        for case in parse_cases(path.read_text(encoding="utf-8")):
            if case.name in cases:
                raise ValueError(f"{path.name}: the case {case.name} is in another file too")
            cases[case.name] = case
    return cases


def _parse_case(name: str, body: str) -> Case:
    header, *parts = _FILE.split(body)
    values: dict[str, list[str]] = {key: [] for key in KEYS}
    for line in filter(None, header.splitlines()):
        key, _, value = line.partition(": ")
        if key not in values:
            raise ValueError(f"case {name}: no key {key!r}; there are {', '.join(KEYS)}")
        values[key].append(value)
    if not values["run"] or not values["version"]:
        raise ValueError(f"case {name}: 'run' and 'version' must be given")
    return Case(
        name=name,
        command="\n".join(values["run"]),
        version=values["version"][0],
        needs=tuple(" ".join(values["needs"]).split()),
        setup=tuple(values["setup"]),
        env=dict(entry.split("=", 1) for entry in values["env"]),
        fails=values["exit"] != ["0"],
        files={
            path: body + "\n" if (body := text.strip("\n")) else ""
            for path, text in zip(parts[::2], parts[1::2], strict=True)
        },
    )
