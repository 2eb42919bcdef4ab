"""The examples of the README and of the pipelines' page, taken out of them, so that what they say is what is run."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import yaml

ROOT: Final = Path(__file__).resolve().parents[2]
README: Final = ROOT / "README.md"
PIPELINES: Final = ROOT / "docs" / "reference" / "pipelines.md"

_MARKED = re.compile(r"^<!-- test: (?P<name>\S+) -->\n```\w+\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)


def marked_snippets(markdown: str) -> dict[str, str]:
    """Find the code blocks under a comment ``<!-- test: NAME -->``.

    Raises:
        AssertionError: two of them have the same name, or a comment has no code block right under it.
    """
    found = {match["name"]: match["code"] for match in _MARKED.finditer(markdown)}
    assert len(found) == markdown.count("<!-- test: "), "a name is there twice, or a comment stands alone"
    return found


def documented_snippets() -> dict[str, str]:
    """Find those of the README and of the pipelines' page."""
    return marked_snippets("\n".join(page.read_text(encoding="utf-8") for page in (README, PIPELINES)))


def _gitlab(code: str) -> list[str]:
    script: list[str] = yaml.safe_load(code)["test"]["script"]
    return script


def _circleci(code: str) -> list[str]:
    steps = yaml.safe_load(code)["jobs"]["test"]["steps"]
    return [step["run"] for step in steps if isinstance(step, dict)]


def _steps(code: str) -> list[str]:
    commands: list[str] = yaml.safe_load(code)["steps"][0]["commands"]
    return commands


def _jenkins(code: str) -> list[str]:
    return re.findall(r"\bsh '([^']*)'", code)


def _azure(code: str) -> list[str]:
    script: str = yaml.safe_load(code)["steps"][0]["script"]
    return script.splitlines()


def _bitbucket(code: str) -> list[str]:
    script: list[str] = yaml.safe_load(code)["pipelines"]["default"][0]["step"]["script"]
    return script


def _gitea(code: str) -> list[str]:
    script: str = yaml.safe_load(code)["jobs"]["test"]["steps"][-1]["run"]
    return script.splitlines()


def _appveyor(code: str) -> list[str]:
    script: list[str] = yaml.safe_load(code)["test_script"]
    return script


def _buildkite(code: str) -> list[str]:
    script: list[str] = yaml.safe_load(code)["steps"][0]["command"]
    return script


COMMANDS_OF: Final[Mapping[str, Callable[[str], list[str]]]] = {
    "appveyor": _appveyor,
    "azure": _azure,
    "bitbucket": _bitbucket,
    "buildkite": _buildkite,
    "circleci": _circleci,
    "drone": _steps,
    "gitea": _gitea,
    "gitlab": _gitlab,
    "jenkins": _jenkins,
    "post-failure": str.splitlines,
    "server": str.splitlines,
    "teamcity": str.splitlines,
    "use": str.splitlines,
    "woodpecker": _steps,
}
"""For each snippet that is run by a plain shell: how its commands are read out of it."""


def commands(name: str) -> list[str]:
    """The shell commands of one of the documented snippets, in order.

    Raises:
        KeyError: the pages or ``COMMANDS_OF`` have no such snippet.
    """
    return COMMANDS_OF[name](documented_snippets()[name])
