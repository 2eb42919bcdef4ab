"""Git fills what the environment lacks: commit, branch, remote, project, workspace.

Only commands that read are run, with a time-out, without prompts, locks, pagers and hooks. Whatever goes
wrong (no git, no repository, a repository of another user's), the context comes back with what is known.
"""

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from exlogare_ci.adapters import clean, urls
from exlogare_ci.context import RunContext

Run = Callable[[Sequence[str], Path], str | None]
"""Runs git with arguments in a folder: its trimmed output, or ``None`` when it failed; never raises."""

TIMEOUT_S: Final = 2.0
"""For each command; they take some 3 ms, but a workspace may be on a network drive that hangs."""

SOURCES: Final[dict[str, str]] = {
    "commit_sha": "git rev-parse HEAD",
    "branch": "git symbolic-ref --short HEAD",
    "remote_url": "git config remote.origin.url",
    "project": "the remote URL",
    "workspace": "git rev-parse --show-toplevel",
}
"""For each field that ``complete`` can fill: where the value comes from, for explanations."""

_SAFE_OPTIONS = ("--no-pager", "-c", f"core.hooksPath={os.devnull}", "-c", "core.fsmonitor=false")
_SAFE_ENV = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


def run_git(arguments: Sequence[str], cwd: Path) -> str | None:
    """Run git and give what it printed.

    Args:
        arguments: of a command that only reads.
        cwd: the folder to run it in.

    Returns:
        Its standard output, trimmed; ``None`` when it is not installed, fails, prints nothing or takes longer
        than ``TIMEOUT_S``. Never raises.
    """
    try:
        done = subprocess.run(
            ("git", *_SAFE_OPTIONS, *arguments),
            cwd=cwd,
            env={**os.environ, **_SAFE_ENV},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError, ValueError):  # ValueError: a null byte in the folder's name
        return None
    if done.returncode != 0:
        return None
    return done.stdout.decode("utf-8", "replace").strip() or None


def complete(context: RunContext, cwd: Path, run: Run = run_git) -> RunContext:
    """Fill the fields that are unknown from the repository that a folder is in.

    Args:
        context: what the environment told; none of its values is changed.
        cwd: the folder that the command was started in.
        run: how to run git.

    Returns:
        The context with more of ``commit_sha``, ``branch``, ``remote_url``, ``project`` and ``workspace``.
        The branch of a pull request or a tag is not asked for: services check those out on no branch, or on
        the target's. Never raises as long as ``run`` does not.
    """
    wants_branch = not (context.branch or context.tag or context.pull_request)
    wants_remote = context.remote_url is None
    found: dict[str, str | None] = {}
    if context.workspace is None or context.commit_sha is None or wants_branch or wants_remote:
        top = run(("rev-parse", "--show-toplevel"), cwd)
        if top is not None:
            found["workspace"] = top
            if context.commit_sha is None:
                found["commit_sha"] = _read(run, cwd, clean.commit, "rev-parse", "--verify", "--quiet", "HEAD")
            if wants_branch:
                found["branch"] = _read(run, cwd, clean.branch, "symbolic-ref", "--quiet", "--short", "HEAD")
            if wants_remote:
                found["remote_url"] = _remote_url(run, cwd)
    remote = context.remote_url or found.get("remote_url")
    if remote is not None:
        found["project"] = urls.slug(remote)
    missing = {name: value for name, value in found.items() if value and getattr(context, name) is None}
    return msgspec.structs.replace(context, **missing)


def _read(run: Run, cwd: Path, make: Callable[[str], str | None], *arguments: str) -> str | None:
    output = run(arguments, cwd)
    return None if output is None else make(output)


def _remote_url(run: Run, cwd: Path) -> str | None:
    """Read the URL of ``origin``, or of the only remote where none is called so."""
    url = _read(run, cwd, urls.remote_url, "config", "--get", "remote.origin.url")
    if url is None:
        names = (run(("remote",), cwd) or "").split("\n")
        if len(names) == 1 and names[0] not in ("", "origin"):
            url = _read(run, cwd, urls.remote_url, "config", "--get", f"remote.{names[0]}.url")
    return url
