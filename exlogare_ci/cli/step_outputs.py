"""The outputs of a GitHub Actions step, for the steps behind it.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter
"""

from collections.abc import Mapping
from pathlib import Path

from exlogare_ci.cli.errors import report_error
from exlogare_ci.report.neutralise import neutralise_inline

FILE_VARIABLE = "GITHUB_OUTPUT"
VALUE_CHARACTERS_MAX = 2000
"""As long as the contract lets a root cause be."""


def add_step_outputs(env: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Append outputs to the step's file, each on one line, so that no value can bring in a further output.

    Args:
        env: the environment, which names the file; without it nothing is done.
        outputs: values by name; a line feed in a value becomes a space.
    """
    path = env.get(FILE_VARIABLE)
    if not path:
        return
    lines = [f"{name}={_one_line(value)}\n" for name, value in outputs.items()]
    try:
        with Path(path).open("ab") as file:
            file.write("".join(lines).encode("utf-8", "replace"))
    except OSError as error:
        report_error(f"the step's outputs could not be written: {error.strerror}.")


def _one_line(value: str) -> str:
    return " ".join(neutralise_inline(value[:VALUE_CHARACTERS_MAX]).split())
