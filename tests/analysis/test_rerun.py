"""A failing test comes with the command that runs it alone, quoted so that its name can do nothing."""

import shlex
import subprocess

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from exlogare_ci.analysis.rerun import RERUNS, rerun_command


@pytest.mark.parametrize(
    ("tool", "name", "groups", "command"),
    [
        (
            "pytest",
            "CartTest.test_total",
            {"file": "tests/test_cart.py"},
            "pytest tests/test_cart.py::CartTest::test_total",
        ),
        ("pytest", "test_total[1-2]", {}, "pytest -k test_total"),
        (
            "unittest",
            "test_total (tests.test_cart.CartTest.test_total)",
            {},
            "python -m unittest tests.test_cart.CartTest.test_total",
        ),
        (
            "unittest",
            "test_total (tests.test_cart.CartTest)",
            {},
            "python -m unittest tests.test_cart.CartTest.test_total",
        ),
        ("surefire", "total(demo.CartTest)", {}, "mvn test -Dtest='demo.CartTest#total'"),
        ("gradle", "CartTest > total()", {}, "./gradlew test --tests CartTest.total"),
        ("go", "TestTotal/two items", {}, "go test -run '^TestTotal$/^two items$' ./..."),
        ("cargo", "tests::total", {}, "cargo test tests::total -- --exact"),
        ("mocha", "cart totals two:", {}, "npx mocha --grep 'cart totals two'"),
        ("rspec", "Cart totals two", {"file": "./spec/cart_spec.rb", "line": "7"}, "rspec ./spec/cart_spec.rb:7"),
        ("rspec", "Cart totals two", {}, None),
        ("frobtest", "total", {}, None),
        ("jest", "a\nb", {}, None),
    ],
)
def test_each_tool_is_spoken_to_in_its_own_words(
    tool: str, name: str, groups: dict[str, str], command: str | None
) -> None:
    """The command is what the tool's own documentation says, or nothing."""
    assert rerun_command(tool, name, groups) == command


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), min_size=1, max_size=40)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(RERUNS)), PRINTABLE, PRINTABLE)
def test_no_name_can_leave_its_quotes(tool: str, name: str, file: str) -> None:
    """Whatever a test or file is called, a real shell reads the command as plain words and expands nothing of it."""
    command = rerun_command(tool, name, {"file": file, "line": "3"})

    if command is not None:
        done = subprocess.run(["sh", "-c", f"printf '%s\\n' {command}"], capture_output=True, check=True, cwd="/")
        assert done.stdout.decode().splitlines() == shlex.split(command)
