"""The reference page is what the adapters' tables say."""

from collections.abc import Callable
from pathlib import Path

from exlogare_ci.adapters import ADAPTERS, reference

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "adapters.md"


def test_page_is_up_to_date(check_golden: Callable[[Path, str], None]) -> None:
    """The page in the documentation is the one that the tables give."""
    check_golden(PAGE, reference.render())


def test_page_has_every_variable() -> None:
    """Each variable of each rule, marker and warning stands in the section of its service."""
    sections = reference.render().split("\n## ")
    for adapter in ADAPTERS:
        if not adapter.FIELDS:
            continue
        section = next(part for part in sections if part.startswith(f"{adapter.TITLE}\n"))
        names = {name for rules in adapter.FIELDS.values() for rule in rules for name in rule.names}
        assert {name for name in {*names, *adapter.IGNORED} if f"`{name}`" not in section} == set()
        assert all(f"`{marker.name}`" in sections[1] for marker in adapter.MARKERS)


def test_command_writes_the_page(tmp_path: Path) -> None:
    """``--write FILE`` is how the page is made anew."""
    reference.main(["--write", str(tmp_path / "page.md")])

    assert (tmp_path / "page.md").read_text(encoding="utf-8") == reference.render()
