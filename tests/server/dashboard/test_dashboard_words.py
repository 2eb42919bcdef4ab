"""Words, plots and reasons: pure functions of what they are given."""

import re
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from exlogare_ci.analysis import analyze, score, weights
from exlogare_ci.analysis.model import CATEGORIES
from exlogare_server.dashboard import categories, charts, links, messages, navigation, reasons, words
from exlogare_server.dashboard.render import project_address, query
from exlogare_server.http.pages.desk import safe_address
from exlogare_server.ingest import outcome
from exlogare_server.read.browse_view import DetailView, Trend
from exlogare_server.read.clusters import ACTIONS
from exlogare_server.store.protocol import Reason
from scripts.demo_logs import KINDS

NOW = datetime(2026, 11, 23, 12, tzinfo=timezone.utc)
COUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=90)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "just now"), (59, "just now"), (60, "1 minute ago"), (3599, "59 minutes ago"), (3600, "1 hour ago"),
        (86_399, "23 hours ago"), (86_400, "1 day ago"), (29.9 * 86_400, "29 days ago"), (40 * 86_400, "14 Oct 2026"),
        (-5, "just now"),
    ],
)  # fmt: skip
def test_ago(seconds: float, expected: str) -> None:
    """Close times by their distance, far ones by their date."""
    assert words.ago((NOW - timedelta(seconds=seconds)).isoformat(), NOW) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(None, "\u2013"), (0.0001, "1 ms"), (0.25, "250 ms"), (2.34, "2.3 s"), (75, "1 min 15 s"), (7_300, "2 h 1 min")],
)
def test_duration(seconds: float | None, expected: str) -> None:
    """Two digits of worth."""
    assert words.duration(seconds).replace("\u202f", " ") == expected


def test_numbers_and_shares() -> None:
    """In groups of three; nouns agree."""
    assert words.number(1_234_567) == "1\u202f234\u202f567"
    assert (words.plural(1, "run"), words.plural(2, "run"), words.plural(0, "entry", "entries")) == (
        "1 run", "2 runs", "0 entries",
    )  # fmt: skip
    assert words.percent(0.954) == "95\u202f%"
    assert (words.commit("ab" * 20), words.commit("v1.2.3-rc1")) == ("ababababab", "v1.2.3-rc1")


@given(st.text(), st.integers(1, 60))
def test_sentence_is_one_short_line(text: str, characters_max: int) -> None:
    """However the text is, it fits on a line of a list."""
    line = words.sentence(text, characters_max)

    assert len(line) <= characters_max + 1
    assert len(line.splitlines()) <= 1


@given(st.text())
def test_prose_is_escaped(text: str) -> None:
    """Code between backticks gets a tag of ours; everything else is as it was, escaped."""
    marked = str(words.prose(text))

    assert re.sub(r"</?code>", "`", marked) == str(escape(text))
    assert marked.count("<code>") == marked.count("</code>") == text.count("`") // 2


@given(COUNTS)
def test_plots_are_xml_and_reach_no_further_than_their_frame(counts: list[int]) -> None:
    """Whatever the figures are; and the description says their sum."""
    bars = charts.bars_of(Trend("2026-09-01", tuple(counts)))
    both = f"<div>{charts.daily(bars, id='p', title='A < B')}</div>"

    for text in (both, charts.picture(bars, title="A & B", palette=charts.DARK)):
        root = ET.fromstring(text)  # noqa: S314 - of our own making
        for rect in root.iter():
            if rect.tag.endswith("rect"):
                assert float(rect.get("y", "0")) >= -30
                assert float(rect.get("height", "0")) >= 0
        assert words.number(sum(counts)) in "".join(root.itertext()) or not sum(counts)
    assert "style=" not in both


@given(COUNTS, st.text())
def test_sparks_and_badges_are_xml(counts: list[int], label: str) -> None:
    """Also with any label that XML can hold."""
    label = re.sub("[^\x20-\ud7ff\ue000-\ufffd]", "", label)

    for text in (
        charts.spark(counts, first_date="2026-09-01", label=label),
        charts.badge(label, "1", bad=True),
        charts.share(counts[0], max(counts)),
        charts.meter(counts[0]),
    ):
        ET.fromstring(str(text))  # noqa: S314 - of our own making


@pytest.mark.parametrize(
    ("highest", "step"), [(0, 1), (1, 1), (4, 1), (5, 2), (20, 5), (21, 10), (99, 50), (1000, 500)]
)
def test_axis_has_few_round_lines(highest: int, step: int) -> None:
    """At most five of them, the ground included."""
    assert charts.step_of(highest) == step


def test_every_category_has_a_name() -> None:
    """No dots, no underscores; and no two have the same."""
    names = [categories.name(category) for category in CATEGORIES]

    assert not [name for name in names if "." in name or "_" in name]
    assert len(set(names)) == len(names)
    assert categories.name("what.ever") == "what.ever"


def detail(*found: Reason) -> DetailView:
    """A detail with nothing but reasons."""

    class Analysis:
        needs_more_context = False

    return DetailView(
        analysis=Analysis(),  # type: ignore[arg-type]  # reasons look at nothing else
        tool=None,
        cause_line=None,
        reasons=found,
        cluster=None,
        earlier=(),
    )


def test_every_kind_of_finding_has_words() -> None:
    """A kind that the engine learns needs a sentence here."""
    for kind in weights.KIND_POINTS:
        (line,) = reasons.lines(detail(Reason(f"kind {kind}", 1.0)))
        assert line.text.endswith(".")


def test_terms_of_the_engine_have_words_or_are_left_out_on_purpose() -> None:
    """Where a line stands says little to people; everything else is said."""
    source = Path(score.__file__).read_text(encoding="utf-8")
    terms = set(re.findall(r'yield "([^"]+)"', source)) | {"its tool's block says more"}

    silent = {term for term in terms if not reasons.lines(detail(Reason(term, 1.0)))}

    assert silent <= {"early", "late", "about an upload"}


def test_reasons_of_real_logs() -> None:
    """What the engine says of the made-up team's logs becomes sentences, for and against."""
    for kind in KINDS:
        analysis = analyze(kind.log.encode(), known_failed=kind.status == "failed" or None)
        lines = reasons.lines(detail(*outcome.reasons(analysis)))
        assert lines or not analysis.failed, kind.job
        assert [line.speaks_for for line in lines] == sorted((line.speaks_for for line in lines), reverse=True)


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("/analyses?a=b", "/analyses?a=b"), ("/", "/"), ("", "/"), ("//evil", "/"), ("/\\evil", "/"),
        ("https://e", "/"),         ("/a\r\nb", "/"), ("/\u00e4", "/"), ("javascript:alert(1)", "/"), ("/a\\b", "/"),
    ],
)  # fmt: skip
def test_addresses_stay_on_this_server(address: str, safe: str) -> None:
    """Browsers read more than two slashes as another server's name."""
    assert safe_address(address) == safe


@pytest.mark.parametrize(
    ("run_url", "expected"),
    [
        ("https://gitlab.com/a/b/c/-/pipelines/12", "https://gitlab.com/a/b/c/-/commit/{sha}"),
        ("https://git.example:8443/a/b/-/jobs/12#L3", "https://git.example:8443/a/b/-/commit/{sha}"),
        ("https://github.com/o/r/actions/runs/1/job/2", "https://github.com/o/r/commit/{sha}"),
        ("https://user:secret@git.example/o/r/actions/runs/1", "https://git.example/o/r/commit/{sha}"),
        ("https://bitbucket.org/o/r/pipelines/results/7", "https://bitbucket.org/o/r/commits/{sha}"),
        ("https://app.circleci.com/pipelines/github/o/r/12/workflows/x", "https://github.com/o/r/commit/{sha}"),
        ("https://circleci.com/gh/o/r/12", "https://github.com/o/r/commit/{sha}"),
        ("https://app.travis-ci.com/gitlab/o/r/builds/12", "https://gitlab.com/o/r/-/commit/{sha}"),
        ("https://jenkins.example/job/a/12/", None),
        ("https://github.com/o/r", None),
        ("javascript:/o/r/actions/runs/1", None),
        ("https://[broken/o/r/actions/runs/1", None),
        (None, None),
    ],
)
def test_commit_is_linked_where_the_run_says_where_it_is(run_url: str | None, expected: str | None) -> None:
    """From the address of the run; never to a scheme that runs something."""
    sha = "0b42312f39aa"

    assert links.commit_address(run_url, sha) == (expected and expected.format(sha=sha))
    assert links.commit_address(run_url, "v1.2") is None
    assert links.commit_address(run_url, None) is None


def test_tables_agree() -> None:
    """Every action on a cluster has its message; links of the navigation are pages; names become addresses."""
    assert {f"cluster.{action}" for action in ACTIONS} <= set(messages.MESSAGES)
    assert len({entry.section for entry in navigation.ENTRIES}) == len(navigation.ENTRIES)
    assert project_address("a b/ü?#") == "/projects/a%20b/%C3%BC%3F%23"
    assert project_address("a/../b") == "/analyses?project=a%2F..%2Fb"
    assert query(a=1, b=None, c="", d="x y&") == "?a=1&d=x+y%26"
    assert query() == ""
