"""A user's own signatures are found like the built-in ones, or refused with a sentence that helps."""

import pytest

from exlogare_ci.analysis import analyze
from exlogare_ci.analysis.catalog import catalog
from exlogare_ci.analysis.custom_signatures import SignatureError, nests_repetition, parse

GOOD = r"""
signatures:
  - id: acme.deploy_locked
    tool: acme
    pattern: '^deploy lock held by '
    category: deploy.cloud
    title: 'The deployment lock is held by {symbol}'
    explain: Somebody else deploys right now.
    fix: Wait, or run `acme unlock {symbol}`.
    extract: 'held by (?P<symbol>\w+)'
    matches: ['deploy lock held by alice']
    non_matches: ['deploy lock released']
"""


def test_a_signature_of_the_users_own_is_the_root_cause() -> None:
    """Title, category and fix come from the user's file."""
    analysis = analyze(b"deploying\ndeploy lock held by alice\n", using=catalog(parse(GOOD, source="mine.yml")))

    assert (analysis.failed, analysis.category, analysis.cause_line) == (True, "deploy.cloud", 2)
    assert analysis.root_cause == "The deployment lock is held by alice"
    assert analysis.fix_suggestion == "Wait, or run `acme unlock alice`."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(("signatures:", "rules:"), "needs a list under `signatures:`", id="other key"),
        pytest.param(("    tool: acme", "    toolname: acme"), "unknown field 'toolname'", id="unknown field"),
        pytest.param(("deploy.cloud", "deploy.moon"), "is no category", id="unknown category"),
        pytest.param(("'^deploy lock held by '", "'(a)\\1 held by'"), "linear time", id="back-reference"),
        pytest.param(("'^deploy lock held by '", "'(?=deploy)lock'"), "linear time", id="look-ahead"),
        pytest.param(("'^deploy lock held by '", "'^deploy .*'"), "ends in a repetition", id="open end"),
        pytest.param(("'^deploy lock held by '", "'^deploy lock'"), "matches what it must not", id="near miss"),
        pytest.param(("['deploy lock held by alice']", "[]"), "at least one sample", id="no samples"),
        pytest.param(("'held by (?P<symbol>\\w+)'", "'held by (?P<symbol>(\\w+)+)'"), "exponential", id="nested"),
        pytest.param(("'held by (?P<symbol>\\w+)'", "'held (by'"), "no regular expression", id="broken extract"),
        pytest.param(("acme.deploy_locked", "git.could_not_read_username"), "is taken", id="id in use"),
        pytest.param(("tool: acme", "tool: [acme]"), "Expected `str`", id="wrong type"),
        pytest.param(("signatures:", "signatures: ["), "is not a signature file", id="broken YAML"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(change: tuple[str, str], words: str) -> None:
    """Each mistake has its own sentence, with the file and the signature in it."""
    with pytest.raises(SignatureError, match=r"mine\.yml") as caught:
        parse(GOOD.replace(*change), source="mine.yml", taken=frozenset({"git.could_not_read_username"}))

    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("extract", "slow"),
    [
        (r"(\w+)+x", True),
        (r"(?:a|aa)+$", True),
        (r"\w*\w*\w*x", True),
        (r".*.*x", True),
        (r"(?:(?:ab)*c)*", True),
        (r"held by (?P<symbol>\w+) +at \S+", False),
        (r"^\s*(?P<file>[^:]+):(?P<line>\d+): (?P<message>.+)$", False),
        (r"(?:a|b) x+", False),
        (r"[+*]{2,3}\++", False),
        (r"(?P<name>\w{1,20})+", False),
    ],
)
def test_patterns_that_backtrack_without_end_are_told_apart(extract: str, slow: bool) -> None:
    """What can take exponential time is refused; ordinary patterns are not."""
    assert nests_repetition(extract) is slow
