"""How to run one failing test again, in the words of its own tool.

Names come from the log, so they are quoted for a POSIX shell, and a name that holds a line feed is left alone.
"""

import shlex
from collections.abc import Callable, Mapping

from exlogare_ci.analysis.late import late

Rerun = Callable[[str, Mapping[str, str]], str | None]

_JUNIT = late(r"^(?P<method>[\w$]+)\((?P<cls>[\w.$]+)\)$")
_UNITTEST = late(r"^(?P<method>\w+) \((?P<path>[\w.]+)\)$")


def _plain(command: str) -> Rerun:
    return lambda name, _groups: f"{command} {shlex.quote(name)}"


def _pytest(name: str, groups: Mapping[str, str]) -> str | None:
    file = groups.get("file", "")
    if file and not file.startswith("/"):
        return "pytest " + shlex.quote(f"{file}::{name.replace('.', '::')}")
    return f"pytest -k {shlex.quote(name.split('[', maxsplit=1)[0].rsplit('.', maxsplit=1)[-1])}"


def _unittest(name: str, _groups: Mapping[str, str]) -> str | None:
    match = _UNITTEST.match(name)
    if match is None:
        return None
    path = match["path"]
    dotted = path if path.endswith("." + match["method"]) else f"{path}.{match['method']}"
    return f"python -m unittest {dotted}"


def _maven(name: str, _groups: Mapping[str, str]) -> str | None:
    match = _JUNIT.match(name)
    return f"mvn test -Dtest={shlex.quote(match['cls'] + '#' + match['method'])}" if match else None


def _gradle(name: str, _groups: Mapping[str, str]) -> str | None:
    return f"./gradlew test --tests {shlex.quote(name.replace(' > ', '.').removesuffix('()'))}"


def _go(name: str, _groups: Mapping[str, str]) -> str | None:
    exact = "/".join(f"^{part}$" for part in name.split("/"))
    return f"go test -run {shlex.quote(exact)} ./..."


def _at_line(command: str) -> Rerun:
    def rerun(_name: str, groups: Mapping[str, str]) -> str | None:
        file, line = groups.get("file", ""), groups.get("line", "")
        return f"{command} {shlex.quote(f'{file}:{line}')}" if file and line else None

    return rerun


RERUNS: dict[str, Rerun] = {
    "bats": lambda name, groups: f"bats --filter {shlex.quote(name)} {shlex.quote(groups.get('file', 'test'))}",
    "cargo": lambda name, _groups: f"cargo test {shlex.quote(name)} -- --exact",
    "ctest": lambda name, _groups: f"ctest --output-on-failure -R {shlex.quote(f'^{name}$')}",
    "exunit": _at_line("mix test"),
    "go": _go,
    "gradle": _gradle,
    "jest": _plain("npx jest -t"),
    "minitest": lambda name, groups: (
        f"ruby -Itest {shlex.quote(groups['file'])} -n {shlex.quote(name.split('#')[-1])}" if "file" in groups else None
    ),
    "mocha": lambda name, _groups: f"npx mocha --grep {shlex.quote(name.rstrip(':'))}",
    "phpunit": lambda name, _groups: f"phpunit --filter {shlex.quote(name.split('::')[-1])}",
    "pytest": _pytest,
    "rspec": _at_line("rspec"),
    "surefire": _maven,
    "unittest": _unittest,
    "vitest": lambda name, _groups: f"npx vitest run -t {shlex.quote(name.split(' > ', 1)[-1])}",
}
"""For each test tool how it runs a single test; left out where the log does not give what the tool wants."""


def rerun_command(tool: str, name: str, groups: Mapping[str, str]) -> str | None:
    """Return the command that runs one failing test again, or ``None`` when the log does not tell it.

    Args:
        tool: the test tool, as in ``Analysis.tool``.
        name: the failing test's name, as in ``Analysis.failed_tests``.
        groups: what the block says of it (file, line).
    """
    rerun = RERUNS.get(tool)
    if rerun is None or not name or not name.isprintable():
        return None
    return rerun(name, groups)
