"""The packages for CI services are what ``inputs.yml`` and the templates give, and miss no setting."""

import re
from pathlib import Path

import pytest

from exlogare_ci.cli.step_settings import CLIENT_VARIABLES, INSTALLER_SETTINGS, STEP_VARIABLES
from scripts.render_integrations import INTEGRATIONS, differences, load, rendered, settings_of

INPUTS = load()


def test_every_rendered_file_is_what_its_template_gives() -> None:
    """A file that was edited by hand, or not rendered again, is found; run: make integrations."""
    assert differences(dict(rendered(INPUTS))) == []


def test_every_setting_is_one_that_exl_step_takes() -> None:
    """The settings' file and the command's table name the same settings and variables."""
    of_exl = {**STEP_VARIABLES, **CLIENT_VARIABLES}
    told = {e.name: e.variable for e in INPUTS.settings if e.name not in INSTALLER_SETTINGS}
    assert {name: of_exl.get(name) for name in told} == told
    # Jenkins' library spells in Jenkins' way and maps the names itself; the others hand theirs on to exl step --prefix.
    spellings = {own for e in INPUTS.settings for package, own in e.names.items() if package != "jenkins"}
    assert spellings <= {*of_exl, *INSTALLER_SETTINGS}


@pytest.mark.parametrize("package", sorted(INPUTS.packages))
def test_a_package_has_every_setting_or_says_why_not(package: str) -> None:
    """Each setting stands in the package's own files, in its spelling, as a name or as its variable."""
    folder = INTEGRATIONS / package
    assert folder.is_dir(), f"there is no package {package}"
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in (".pyz", ".png") and path.name != "README.md"
    )
    page = (folder / "README.md").read_text(encoding="utf-8")
    missing = [s.name for s in settings_of(INPUTS, package) if not _stands(s.name, s.variable, text)]
    told = set(re.findall(r"`(\w+)`", page))
    unexplained = [s.name for s in settings_of(INPUTS, package) if not {s.name, s.name.upper(), s.variable} & told]
    assert (missing, unexplained) == ([], [])


def _stands(name: str, variable: str, text: str) -> bool:
    camel = re.sub(r"[_-]([a-z])", lambda found: found[1].upper(), name)
    spellings = {name, name.upper(), name.replace("_", "-"), camel, variable}
    return any(re.search(rf"\b{re.escape(spelling)}\b", text) for spelling in spellings)


def test_every_package_has_a_page() -> None:
    """Whoever opens a package's folder finds what it is and how to use it."""
    assert [p for p in INPUTS.packages if not Path(INTEGRATIONS / p / "README.md").is_file()] == []
