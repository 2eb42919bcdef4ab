"""Each source against a server that answers as the vendor's documentation says; the cases are data."""

from pathlib import Path

import pytest

from exlogare_ci.sources.ci import SOURCES, LogSourceError
from tests.sources.ci.ci_case import FIXTURES, Expected, Service, every_case, load

BY_NAME = {source.NAME: source for source in SOURCES}


@pytest.mark.parametrize(("name", "case_name"), every_case())
def test_the_log_of_the_failure_is_found(name: str, case_name: str, tmp_path: Path) -> None:
    """Log, words and fields as a whole; every request has its headers, and the store sees no credential."""
    case = load(name).cases[case_name]
    with Service(case.answers, tmp_path).running() as service:
        try:
            found = service.find(case, forced=name)
        except LogSourceError as error:
            result = Expected(error=str(error).replace(service.ci.url, "{ci}").replace(service.store.url, "{store}"))
        else:
            result = Expected(log=found.log.excerpt.data.decode(), what=found.log.what, fields=found.log.fields)
        wanted = case.expect

    assert result == wanted
    for asked in service.ci.asked:
        assert {header: asked.headers.get(header) for header in case.headers} == case.headers
    assert service.credentials(service.store.asked) == []
    asked_for = {("ci", one.path) for one in service.ci.asked} | {("store", one.path) for one in service.store.asked}
    assert {(one.server, one.path) for one in case.answers} == asked_for


def test_every_source_has_a_fixture() -> None:
    """No source goes untested, and no fixture is left over."""
    assert {path.stem for path in FIXTURES.glob("*.json")} == set(BY_NAME)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_fixture_has_a_log_and_an_error(name: str) -> None:
    """At least one case of each, the first one a log, and the vendor's pages that they were written from."""
    fixture = load(name)
    cases = list(fixture.cases.values())

    assert cases[0].expect.log is not None
    assert any(case.expect.error for case in cases)
    assert all(page.startswith("https://") for page in fixture.pages)
    assert fixture.pages
