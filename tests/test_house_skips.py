"""The marker ``needs``: what is skipped is listed, and on a CI it fails."""

from pathlib import Path

import pytest

from tests.plugins import needs

_SUITE = """
import pytest

@pytest.mark.needs("shellcheck")
def test_wants_shellcheck():
    pass

def test_wants_nothing():
    pass
"""


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite of its own with one test that wants a program which is nowhere to be found."""
    monkeypatch.setattr(needs, "find_program", lambda _name: None)
    pytester.makepyfile(_SUITE)
    return pytester


def test_unmet_need_is_skipped_and_listed(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """Away from a CI an unmet need skips the test and names it at the end of the run."""
    monkeypatch.delenv("CI", raising=False)

    result = suite.runpytest_inprocess("-p", "tests.plugins.skips")

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["=* Skipped for want of =*", "shellcheck (1 test)", "    *::test_wants_shellcheck"])


def test_unmet_need_fails_on_a_ci(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """With CI=true the same test fails and says how to get the program."""
    monkeypatch.setenv("CI", "true")

    result = suite.runpytest_inprocess("-p", "tests.plugins.skips")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*with CI=true a test may not be skipped; shellcheck not found: install*"])


def test_met_need_runs(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test whose program is there runs, and nothing is listed."""
    monkeypatch.setattr(needs, "find_program", lambda name: f"/usr/bin/{name}")

    result = suite.runpytest_inprocess("-p", "tests.plugins.skips")

    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*Skipped for want of*")


def test_unknown_need_is_refused(pytester: pytest.Pytester) -> None:
    """A need that the table does not have stops the run, so that a typing mistake skips nothing for ever."""
    pytester.makepyfile(_SUITE.replace('"shellcheck"', '"shelcheck"'))

    result = pytester.runpytest_inprocess("-p", "tests.plugins.skips")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*there is no need named 'shelcheck'; add it to NEEDS*"])


def test_every_need_names_programs_and_a_remedy() -> None:
    """Each need can be looked for and says how to meet it."""
    assert [name for name, need in needs.NEEDS.items() if not (need.programs and need.advice)] == []


@pytest.mark.parametrize(
    ("setting", "uid", "has_apt", "expected"),
    [
        pytest.param("no", 0, True, "not installed, as asked: ", id="turned-off"),
        pytest.param("", 1000, True, "only Debian's root could install them here: ", id="not-root"),
        pytest.param("", 0, False, "only Debian's root could install them here: ", id="not-debian"),
    ],
)
def test_nothing_is_installed_where_it_may_not_be(
    setting: str, uid: int, has_apt: bool, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packages are named but left alone when asked to, without root, or without apt-get."""
    monkeypatch.setattr(needs, "find_program", lambda _name: None)
    monkeypatch.setattr("os.geteuid", lambda: uid)
    monkeypatch.setenv("EXLOGARE_TEST_INSTALL", setting)
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\nexit 99\n", encoding="utf-8")
    apt.chmod(0o755 if has_apt else 0o644)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert needs.install_missing().startswith(f"System packages: {expected}")


def test_failed_installation_is_told_with_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When apt-get fails, its own words come first and the run goes on."""
    monkeypatch.setattr(needs, "find_program", lambda _name: None)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.delenv("EXLOGARE_TEST_INSTALL", raising=False)
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\necho 'E: no such mirror'\nexit 100\n", encoding="utf-8")
    apt.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert needs.install_missing().startswith(
        "E: no such mirror\n\nSystem packages: apt-get update failed, see above; wanted: "
    )
