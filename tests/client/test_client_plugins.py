"""Plug-ins: adapters and log sources of other packages, used only where they are named."""

import inspect
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from exlogare_ci import plugins
from exlogare_ci.adapters import Adapter, detect
from exlogare_ci.sources.ci import Access, Source, find_log
from tests.cli.exl_process import clean_env, run_exl

ADAPTER: Final = """
from exlogare_ci.adapters.base import is_true, no_files, rule
NAME, TITLE, SOURCES = "acme", "Acme CI", ("https://ci.acme.example/docs",)
MARKERS = (is_true("ACME_CI"),)
FIELDS = {"project": (rule("ACME_REPOSITORY"),)}
IGNORED = {}
facts = no_files
"""
SOURCE: Final = """
from exlogare_ci.sources.ci import Log
from exlogare_ci.sources.excerpt import Excerpt
NAME, CI, TITLE, DOCS, TOKENS = "acme", "acme", "Acme CI", (), ()
NEEDS = ADD = SELECTS = ""
ANONYMOUS = False
def ready(job): return True
def fetch(job): return Log(excerpt=Excerpt(data=b"boom\\n", bytes_total=5), what="job 7")
"""
POINTS: Final = """
[exlogare_ci.adapters]
acme = acme_adapter
broken = acme_broken
half = acme_half
[exlogare_ci.sources]
acme = acme_source
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on the module path that holds a package with plug-ins, good and bad."""
    info = tmp_path / "acme_ci-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-ci\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    for name, text in (
        ("adapter", ADAPTER), ("source", SOURCE), ("half", "NAME = 'h'"),
        ("broken", "raise RuntimeError('no licence')"),
    ):  # fmt: skip
        (tmp_path / f"acme_{name}.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    plugins._load.cache_clear()  # noqa: SLF001 - what is installed does not change while a process runs, but here
    yield tmp_path
    plugins._load.cache_clear()  # noqa: SLF001 - see above
    for name in ("adapter", "source", "broken", "half"):
        sys.modules.pop(f"acme_{name}", None)


def test_nothing_is_loaded_only_because_it_is_installed(installed: Path) -> None:
    """Without the variable the package might as well not be there."""
    assert detect({"ACME_CI": "true", "ACME_REPOSITORY": "org/app"}).ci == "local"
    assert "acme_adapter" not in sys.modules
    assert installed.exists()


@pytest.mark.usefixtures("installed")
def test_a_named_plug_in_detects_and_fetches() -> None:
    """It is asked before our own."""
    env = {"ACME_CI": "true", "ACME_REPOSITORY": "org/app", "EXLOGARE_PLUGINS": "acme", "DRONE": "true"}
    run = detect(env)
    access = Access(read_text=lambda _: None, read_properties=lambda _: {})
    found = find_log(env, run.ci, access)

    assert (run.ci, run.project) == ("acme", "org/app")
    assert (found.log.excerpt.data, found.source.TITLE) == (b"boom\n", "Acme CI")
    assert detect({**env, "EXLOGARE_CI": "drone"}).ci == "drone"


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("broken", "The plug-in broken cannot be loaded: RuntimeError: no licence. It is not used."),
        ("half", "The plug-in half lacks TITLE, SOURCES, MARKERS, FIELDS, IGNORED, facts, which exlogare_ci.adapters"),
        ("none", "EXLOGARE_PLUGINS names 'none', which no installed package offers. Install it, or correct the name."),
    ],
)
def test_what_cannot_be_used_is_named_and_changes_nothing(name: str, problem: str) -> None:
    """The others still work."""
    loaded = plugins.load({"EXLOGARE_PLUGINS": f"{name}, acme"})

    assert [module.NAME for module in loaded.modules[plugins.ADAPTERS]] == ["acme"]
    assert len(loaded.problems) == 1
    assert loaded.problems[0].startswith(problem)


@pytest.mark.slow
def test_commands_say_what_cannot_be_used(installed: Path) -> None:
    """One line; the wrapped command's exit code stays, and a good plug-in is used."""
    path = os.pathsep.join((str(installed), os.environ.get("PYTHONPATH", "")))
    env = clean_env(PYTHONPATH=path, EXLOGARE_PLUGINS="broken,acme", ACME_CI="1", ACME_REPOSITORY="org/app")
    shown = run_exl("env", "--no-git", "--format", "json", env=env)
    ran = run_exl("run", "--", "sh", "-c", "echo 'a.c:1:1: error: x'; exit 3", env=env)

    assert json.loads(shown.stdout)["ci"] == "acme"
    line = b"exl: The plug-in broken cannot be loaded: RuntimeError: no licence. It is not used.\n"
    assert shown.stderr == line
    assert (ran.returncode, ran.stderr.count(line)) == (3, 1)


def test_what_a_plug_in_needs_is_what_the_protocols_say() -> None:
    """So that the check and the documentation cannot part."""
    for group, protocol in ((plugins.ADAPTERS, Adapter), (plugins.SOURCES, Source)):
        methods = {name for name, _ in inspect.getmembers(protocol, inspect.isfunction) if not name.startswith("_")}
        assert set(plugins.WANTED[group]) == protocol.__annotations__.keys() | methods
