"""Git fills what the environment lacks; with real repositories, and with none."""

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from exlogare_ci import git
from exlogare_ci.context import RunContext

Git = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Runs git in ``tmp_path / "repo"``, away from the machine's own configuration."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "repo"
    folder.mkdir()

    def call(*arguments: str) -> str:
        identity = ("-c", "user.name=Jo", "-c", "user.email=jo@example.com")
        done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    return call


@pytest.fixture
def repository(tmp_path: Path, run: Git) -> Path:
    """A repository with one commit on ``main``, a tag, and a remote whose URL has a token in it."""
    run("init", "--quiet", "--initial-branch=main")
    run("commit", "--quiet", "--allow-empty", "--message=first")
    run("tag", "v1")
    run("remote", "add", "origin", "https://x-token:ghp_secret@github.com/octocat/hello-world.git")
    return tmp_path / "repo"


def test_everything_that_is_unknown_is_filled(repository: Path, run: Git) -> None:
    """Commit, branch, remote without its token, project and workspace, also from a folder below."""
    below = repository / "src" / "deep"
    below.mkdir(parents=True)

    context = git.complete(RunContext(), below)

    assert context == RunContext(
        commit_sha=run("rev-parse", "HEAD"),
        branch="main",
        remote_url="https://github.com/octocat/hello-world.git",
        project="octocat/hello-world",
        workspace=str(repository.resolve()),
    )


def test_what_is_known_is_kept(repository: Path) -> None:
    """The environment's word counts more than git's."""
    known = RunContext(ci="drone", commit_sha="a" * 40, branch="x", remote_url="git@h.example.com:a/b.git", project="p")

    context = git.complete(known, repository)

    assert context == RunContext(
        ci="drone",
        commit_sha="a" * 40,
        branch="x",
        remote_url="git@h.example.com:a/b.git",
        project="p",
        workspace=str(repository.resolve()),
    )


def test_detached_checkout_has_no_branch(repository: Path, run: Git) -> None:
    """``HEAD`` is not the name of a branch."""
    run("checkout", "--quiet", "--detach")

    context = git.complete(RunContext(), repository)

    assert (context.branch, context.commit_sha) == (None, run("rev-parse", "HEAD"))


@pytest.mark.parametrize("known", [RunContext(pull_request="7"), RunContext(tag="v1")], ids=["pr", "tag"])
def test_branch_of_pull_requests_and_tags_is_not_asked_for(repository: Path, known: RunContext) -> None:
    """Drone merges a pull request into a checkout of its target, which git would name."""
    assert git.complete(known, repository).branch is None


def test_repository_without_commits(tmp_path: Path, run: Git) -> None:
    """There is a branch, which is to be, and no commit."""
    run("init", "--quiet", "--initial-branch=trunk")

    context = git.complete(RunContext(), tmp_path / "repo")

    assert context == RunContext(branch="trunk", workspace=str((tmp_path / "repo").resolve()))


@pytest.mark.parametrize(
    ("remotes", "expected"),
    [
        ({"upstream": "git@github.com:a/b.git"}, "git@github.com:a/b.git"),
        ({"one": "git@github.com:a/b.git", "two": "git@github.com:c/d.git"}, None),
        ({"origin": "/srv/git/repo.git"}, None),
        ({}, None),
    ],
    ids=["not-called-origin", "ambiguous", "local-path", "none"],
)
def test_remote(tmp_path: Path, run: Git, remotes: dict[str, str], expected: str | None) -> None:
    """``origin``, or the only one there is."""
    run("init", "--quiet")
    for name, url in remotes.items():
        run("remote", "add", name, url)

    context = git.complete(RunContext(), tmp_path / "repo")

    assert context.remote_url == expected
    assert context.project == ("a/b" if expected else None)


@pytest.mark.usefixtures("run")
def test_folder_that_is_no_repository(tmp_path: Path) -> None:
    """Nothing is known, nothing is claimed."""
    assert git.complete(RunContext(), tmp_path / "repo") == RunContext()


def test_folder_that_is_not_there(tmp_path: Path) -> None:
    """Not even a folder is needed."""
    assert git.complete(RunContext(), tmp_path / "missing") == RunContext()
    assert git.complete(RunContext(), Path("a\0b")) == RunContext()


def test_git_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slim images have no git; the project still comes from a remote that the environment told."""
    monkeypatch.setenv("PATH", str(tmp_path))

    context = git.complete(RunContext(remote_url="https://github.com/org/repo.git"), tmp_path)

    assert context == RunContext(remote_url="https://github.com/org/repo.git", project="org/repo")


def _program(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a shell script into ``PATH`` as ``git``."""
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_git_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One time-out ends it: no second command is tried."""
    _program(tmp_path, monkeypatch, "exec sleep 30")
    monkeypatch.setattr(git, "TIMEOUT_S", 0.2)
    started = time.monotonic()

    assert git.complete(RunContext(), tmp_path) == RunContext()
    assert time.monotonic() - started < 0.2 * 5


def test_git_may_neither_ask_nor_lock_nor_run_hooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Prompts, optional locks, pager, hooks and the file system monitor are off, standard input is empty."""
    _program(
        tmp_path,
        monkeypatch,
        'cat; echo "$GIT_TERMINAL_PROMPT $GIT_OPTIONAL_LOCKS $LC_ALL $*"; echo noise >&2',
    )

    output = git.run_git(("rev-parse", "HEAD"), tmp_path)

    assert output == (f"0 0 C --no-pager -c core.hooksPath={os.devnull} -c core.fsmonitor=false rev-parse HEAD")


@pytest.mark.parametrize("script", ["exit 1", "echo x; exit 128", "true"], ids=["fails", "fails-late", "silent"])
def test_failure_of_git_is_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """What a failing git printed is not believed."""
    _program(tmp_path, monkeypatch, script)

    assert git.run_git(("rev-parse", "HEAD"), tmp_path) is None


def test_output_that_is_no_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder's name may be any bytes."""
    _program(tmp_path, monkeypatch, r"printf '/srv/\377/repo\n'")

    assert git.run_git(("rev-parse", "--show-toplevel"), tmp_path) == "/srv/\ufffd/repo"


def test_git_is_not_run_when_nothing_is_missing(tmp_path: Path) -> None:
    """A service that tells everything costs no process."""
    known = RunContext(
        commit_sha="a" * 40, branch="x", remote_url="git@h.example.com:a/b.git", workspace="/w", project="a/b"
    )

    def fail(arguments: Sequence[str], cwd: Path) -> str | None:
        raise AssertionError((arguments, cwd))

    assert git.complete(known, tmp_path, run=fail) == known


def test_sources_cover_what_can_be_filled(repository: Path) -> None:
    """Each field that git fills has a source for explanations."""
    filled = git.complete(RunContext(), repository)

    assert set(git.SOURCES) == {
        name for name in RunContext.__struct_fields__ if getattr(filled, name) != getattr(RunContext(), name)
    }
