"""Which source is taken, what is said when there is none, and that each is described."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_ci.adapters import ADAPTERS
from exlogare_ci.sources.ci import SOURCES, LogSourceError, reference
from exlogare_ci.sources.ci.address import is_loopback, is_plain_url, origin
from exlogare_ci.sources.ci.model import segment
from exlogare_ci.sources.ci.parts import HEAD_BYTES_MAX, TAIL_BYTES_MAX, join, of_text
from exlogare_ci.sources.excerpt import Excerpt
from tests.conftest import CheckGolden
from tests.sources.ci.ci_case import Case, Service, api_sources, first_case

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "log-sources.md"


def test_the_table_is_of_known_services() -> None:
    """Each name once; each service has an adapter; files come before APIs."""
    names = [source.NAME for source in SOURCES]
    kinds = [bool(source.TOKENS) for source in SOURCES]

    assert len(names) == len(set(names))
    assert {source.CI for source in SOURCES} <= {adapter.NAME for adapter in ADAPTERS}
    assert kinds == sorted(kinds)


@pytest.mark.parametrize("name", [source.NAME for source in SOURCES])
def test_every_source_is_described(name: str) -> None:
    """Vendor's pages, what to add, what the token needs, what is taken; and a section on the page."""
    (source,) = [one for one in SOURCES if name == one.NAME]

    assert source.DOCS
    assert all(page.startswith("https://") for page in source.DOCS)
    assert source.ADD.endswith((".", "COMMAND"))
    assert "exl run -- COMMAND" in source.ADD or not source.TOKENS
    assert bool(source.NEEDS) == bool(source.TOKENS)
    assert source.SELECTS
    assert f"### {source.TITLE} (`{source.NAME}`)" in PAGE.read_text(encoding="utf-8")


def test_the_page_is_what_the_table_says(check_golden: CheckGolden, tmp_path: Path) -> None:
    """``--update-goldens`` writes it, and so does the module."""
    check_golden(PAGE, reference.render())
    reference.main(["--write", str(tmp_path / "page.md")])

    assert (tmp_path / "page.md").read_text(encoding="utf-8") == reference.render()


@pytest.mark.parametrize("name", api_sources())
def test_a_token_makes_the_api_the_choice(name: str, tmp_path: Path) -> None:
    """Without being forced."""
    case = first_case(name)
    ci = next(source.CI for source in SOURCES if name == source.NAME)
    with Service(case.answers, tmp_path).running() as service:
        found = service.find(case, ci=ci)

    assert (found.source.NAME, found.log.what) == (name, case.expect.what)


def test_the_general_token_wins(tmp_path: Path) -> None:
    """A project's own variable may hold a token for something else."""
    case = first_case("appveyor")
    with Service(case.answers, tmp_path).running() as service:
        service.find(case, {"EXLOGARE_CI_TOKEN": "other"}, ci="appveyor")

    assert service.credentials(service.ci.asked) == ["Bearer other"]


def test_a_file_comes_before_the_api(tmp_path: Path) -> None:
    """It costs no request; when it is gone, the API is asked."""
    case, file = first_case("buildkite"), first_case("buildkite-file")
    both = Case(env={**case.env, **file.env}, answers=case.answers, files=file.files)
    with Service(case.answers, tmp_path).running() as service:
        first = service.find(both, ci="buildkite")
        asked = len(service.ci.asked)
        second = service.find(both, {"BUILDKITE_JOB_LOG_TMPFILE": "{tmp}/gone"}, ci="buildkite")

    assert (first.source.NAME, asked, second.source.NAME) == ("buildkite-file", 0, "buildkite")


@pytest.mark.parametrize("ci", [adapter.NAME for adapter in ADAPTERS])
def test_without_a_token_one_sentence_says_what_to_add(ci: str, tmp_path: Path) -> None:
    """For every service that we know, also those that cannot be asked, and for none; nothing is sent."""
    with Service([], tmp_path).running() as service, pytest.raises(LogSourceError) as raised:
        service.find(Case(env={}), ci=ci)
    adds = [source.ADD for source in SOURCES if ci == source.CI]

    assert service.ci.asked == []
    assert raised.value.cause.startswith(("The log cannot be fetched from ", "There is no log: "))
    assert raised.value.fix in adds if adds else "exl run -- COMMAND" in raised.value.fix


@pytest.mark.parametrize("name", [source.NAME for source in SOURCES])
def test_a_job_that_cannot_be_named_is_a_sentence(name: str, tmp_path: Path) -> None:
    """A token and nothing else, as in a container that was not given the service's variables."""
    with Service([], tmp_path).running() as service, pytest.raises(LogSourceError) as raised:
        service.find(Case(env={"EXLOGARE_CI_TOKEN": "x", "EXLOGARE_CI_USER": "ann",
                               "EXLOGARE_CI_API_URL": "{ci}"}), forced=name)  # fmt: skip

    assert raised.value.fix
    assert service.ci.asked == []


def test_choosing_loads_no_network_library() -> None:
    """A job without a token should not wait for one."""
    code = "import sys, exlogare_ci.sources.ci; sys.exit('requests' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(st.text(min_size=1))
def test_a_segment_is_one_segment(value: str) -> None:
    """Whatever it holds, it reads back the same and has nothing that a path or query is made of."""
    if value in (".", ".."):
        with pytest.raises(LogSourceError):
            segment(value)
        return
    quoted = segment(value)

    assert unquote(quoted) == value.encode("utf-8", "replace").decode()
    assert not set(quoted) & set("/?#&:@ \\")


@given(st.text() | st.from_regex(r"https?://[^/]{0,20}(/.{0,10})?", fullmatch=True))
def test_no_address_raises(url: str) -> None:
    """An origin never has a path, a query or a user name in it."""
    shown = origin(url)

    assert is_loopback(url) in (True, False)
    assert not is_plain_url(url) or not set(shown.partition("://")[2]) & set("/?#@ ")


@given(st.lists(st.tuples(st.text(), st.binary()), max_size=5))
def test_joined_logs_lose_nothing(parts: list[tuple[str, bytes]]) -> None:
    """Each log is in it, in order; a heading is a line of its own."""
    whole = join([(name, Excerpt(data=data, bytes_total=len(data))) for name, data in parts]).data
    position = 0
    for _, data in parts:
        position = whole.index(data, position) + len(data)
    filled = [data for _, data in parts if data]

    assert whole == filled[0] if len(filled) == 1 else whole.count(b"[exl: log of ") >= len(filled) * bool(filled)


def test_joined_logs_are_bounded() -> None:
    """Several large ones together are no larger than one may be, and what is missing is counted."""
    one = of_text(["x" * 1023] * 8 * 1024)
    whole = join([("a", one), ("b", one)])

    assert len(whole.data) <= HEAD_BYTES_MAX + TAIL_BYTES_MAX + 100
    assert whole.bytes_omitted > 6_000_000
    assert whole.data.startswith(b"[exl: log of a]\n")
