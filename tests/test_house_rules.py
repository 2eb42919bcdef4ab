"""What holds for the whole repository, checked because nobody would notice otherwise."""

import re
import subprocess
from pathlib import Path
from typing import Final

import pytest
import yaml

ROOT: Final = Path(__file__).resolve().parents[1]
LINES_MAX: Final = 400
"""A longer file has more than one job."""


def tracked(*patterns: str) -> list[Path]:
    """The files that git keeps and that match one of the patterns, and are there."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listing.returncode != 0:
        pytest.skip("this is not a git checkout")
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def read(name: str) -> str:
    """A file's text, by its name from the root."""
    return (ROOT / name).read_text(encoding="utf-8")


def test_readme_begins_with_the_two_commands() -> None:
    """The first code block of the README is `make demo` and `make test`."""
    block = re.search(r"```\n(.*?)```", read("README.md"), re.DOTALL)
    assert block is not None

    assert [line.split("#")[0].strip() for line in block[1].splitlines()] == ["make demo", "make test"]
    assert read("README.md").index(block[0]) < read("README.md").index("\n## ")


def test_ci_runs_the_test_command_of_the_readme() -> None:
    """`.ci/run` is executable and calls `make test`, and nothing else."""
    lines = [line for line in read(".ci/run").splitlines() if line and not line.startswith("#")]

    assert lines == ["set -eu", 'cd "$(dirname "$0")/.."', "exec make test </dev/null"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_make_help_lists_every_target() -> None:
    """Each phony target of the Makefile is in `make help`, with what it does."""
    makefile = read("Makefile")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None

    listing = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    listed = {line.split()[1] for line in listing.stdout.splitlines()}
    assert set(phony[1].split()) - {"lint", "types", "layers"} == listed


def test_python_is_refused_alike_everywhere() -> None:
    """The Makefile asks for the Python version that the distribution asks for."""
    wanted = re.search(r'requires-python = ">=3\.(\d+)"', read("pyproject.toml"))
    assert wanted is not None

    assert f"sys.version_info >= (3, {wanted[1]})" in read("Makefile")


def test_hooks_need_no_network() -> None:
    """Every pre-commit hook is local and uses what `make dev` installed."""
    config = yaml.safe_load(read(".pre-commit-config.yaml"))

    assert [repo["repo"] for repo in config["repos"]] == ["local"]
    hooks = config["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)


def without_code(markdown: str) -> str:
    """The text without code blocks and code spans, in which brackets are no links."""
    return re.sub(r"(`+)(?!`).*?\1", "", re.sub(r"^```.*?^```$", "", markdown, flags=re.MULTILINE | re.DOTALL))


def test_links_lead_somewhere() -> None:
    """Every relative link in the Markdown files names a file that is there."""
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in tracked("*.md")
        for target in re.findall(r"\]\(([^)\s#]+)[^)]*\)", without_code(page.read_text(encoding="utf-8")))
        if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists()
    ]

    assert dead == []


def test_decisions_are_listed() -> None:
    """The list of decisions names each record, and nothing else."""
    listed = set(re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", read("docs/adr/README.md")))
    records = {path.name for path in tracked("docs/adr/*.md") if path.name != "README.md"}

    assert listed == records


def test_files_have_one_job() -> None:
    """No source file is longer than 400 lines."""
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked("*.py", "*.sh", "*.js", "*.groovy")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES_MAX
    }

    assert long == {}


def test_every_benchmark_is_described() -> None:
    """The benchmarks' page lists each of them."""
    described = set(re.findall(r"^\| `(\w+\.py)`", read("benchmarks/README.md"), re.MULTILINE))

    assert described == {path.name for path in tracked("benchmarks/*.py")}


def test_picture_of_the_demo_stands_alone() -> None:
    """The README's picture shows the root cause of the failing build, and loads nothing from elsewhere."""
    picture = read("docs/images/demo.svg")

    assert "test_discount_holds_for_every_piece" in picture
    assert set(re.findall(r"https?://[^\s\"<)]+", picture)) <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in picture
