"""How sure the engine is of who spoke: a form that many tools print says it only where the log names the tool."""

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.confidence import UNKNOWN_TOOL_CONFIDENCE_MAX


def step(command: str, *output: str) -> bytes:
    """A GitHub step that ran a command and failed with some output."""
    lines = [f"##[group]Run {command}", command, "shell: /usr/bin/bash -e {0}", "##[endgroup]", *output]
    return "\n".join([*lines, "##[error]Process completed with exit code 1.", "Post job cleanup."]).encode()


PLACED = "src/plan.c:41:5: error: call of old_read is forbidden"


@pytest.mark.parametrize(
    ("command", "output", "sure", "category"),
    [
        pytest.param("gcc -c src/plan.c", (PLACED,), True, "code.compile", id="named in the command"),
        pytest.param("./build-it", ("[1/4] gcc -c src/plan.c", PLACED), True, "code.compile", id="named above"),
        pytest.param("./house-rules src", (PLACED,), False, "code.lint", id="named nowhere"),
        pytest.param(
            "npx jest",
            ("  ● cart \u203a adds tax", "", "    Expected: 119", "    Received: 100", ""),
            True,
            "code.test",
            id="a test of a runner that is named",
        ),
        pytest.param(
            "./frob all",
            ("  ● cart \u203a adds tax", "", "    Expected: 119", "    Received: 100", ""),
            False,
            "code.test",
            id="a test in the form of a runner that is not named",
        ),
        pytest.param(
            "./release.sh",
            ("Error: version 2.1 already exists on the registry",),
            False,
            "publish.conflict",
            id="another's words",
        ),
        pytest.param(
            "./ship.sh",
            ("bash: line 3: frobnicate: command not found",),
            True,
            "config.command_missing",
            id="words of the shell",
        ),
    ],
)
def test_a_form_alone_is_not_sure(command: str, output: tuple[str, ...], sure: bool, category: str) -> None:
    """Without its tool's name the place is shown, with no more confidence than any unknown tool's."""
    analysis = analyze(step(command, *output))

    assert (analysis.confidence > UNKNOWN_TOOL_CONFIDENCE_MAX, analysis.category) == (sure, category)


def test_a_tools_bare_output_needs_no_name() -> None:
    """A log of no CI service begins behind the command; there a text that only the tool prints is enough."""
    rust = b"error[E0425]: cannot find value `x` in this scope\n --> src/main.rs:2:5\n  |\n2 |     x\n  |     ^\n\n"

    assert analyze(rust, known_failed=True).confidence > UNKNOWN_TOOL_CONFIDENCE_MAX
    assert analyze(PLACED.encode(), known_failed=True).confidence <= UNKNOWN_TOOL_CONFIDENCE_MAX
