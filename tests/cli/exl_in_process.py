"""Run ``exl`` inside the test's process: a tenth of the time that a process of its own takes."""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

from click.testing import CliRunner, Result

from exlogare_ci.cli import cli
from tests.cli.exl_process import clean_env


def call_exl(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None, stdin: bytes | None = None) -> Result:
    """Run ``exl`` in a folder and an environment.

    Args:
        arguments: of the command line.
        cwd: the working folder.
        env: variables beside PATH and HOME; nothing else of the machine's is seen.
        stdin: what standard input holds.

    Returns:
        Exit code, standard output and standard error.
    """
    before = Path.cwd()
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.dict(os.environ, clean_env(**(env or {})), clear=True))
        stack.callback(os.chdir, before)
        os.chdir(cwd)
        return CliRunner().invoke(cli, list(arguments), prog_name="exl", input=stdin, catch_exceptions=False)
