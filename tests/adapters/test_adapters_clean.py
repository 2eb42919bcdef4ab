"""The pure functions that make fields from values: names, numbers, URLs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exlogare_ci.adapters import clean, urls

SHA = "eba09b46064473a1d345da7abf28b477468e8dbd"


def test_environment_is_trimmed_and_empty_values_left_out() -> None:
    """White space only is nothing; bytes that are no UTF-8 cannot get any further."""
    env = {"A": " x\n", "B": "", "C": " \t", "D": "\udcff", "E": "é"}

    assert clean.environment(env) == {"A": "x", "D": "?", "E": "é"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("main", "main"),
        ("refs/heads/feature/x", "feature/x"),
        ("origin/main", "main"),
        ("remotes/origin/main", "main"),
        ("refs/heads/", None),
        ("HEAD", None),
        ("origin/HEAD", None),
        ("(no branch)", None),
        ("refs/pull/2/merge", None),
        ("refs/tags/v1", None),
        ("tags/v1", None),
        ("tagsoup", "tagsoup"),
    ],
)
def test_branch(value: str, expected: str | None) -> None:
    """A branch's name, or nothing."""
    assert clean.branch(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (SHA, SHA),
        (SHA.upper(), SHA.upper()),
        ("eba09b4", "eba09b4"),
        ("a" * 64, "a" * 64),
        ("HEAD", None),
        ("eba09b", None),
        ("a" * 65, None),
        ("0" * 40, None),
        (f"{SHA}\n", None),
        ("main", None),
    ],
)
def test_commit(value: str, expected: str | None) -> None:
    """7 to 64 hex digits, and not the id that stands for none."""
    assert clean.commit(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("42", "42"),
        ("0", None),
        ("000", None),
        ("false", None),
        ("PR-42", None),
        ("٤٢", None),
        ("9" * 19, None),
    ],
)
def test_pull_request(value: str, expected: str | None) -> None:
    """A number in ASCII digits."""
    assert clean.pull_request(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("refs/pull/42/merge", "42"),
        ("refs/pull/42/head", "42"),
        ("refs/merge-requests/7/head", "7"),
        ("refs/pull/42", None),
        ("refs/heads/pull/42/merge", None),
        ("refs/pull/x/merge", None),
    ],
)
def test_pull_request_of_ref(value: str, expected: str | None) -> None:
    """The number in a pull request's ref."""
    assert clean.pull_request_of_ref(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://ci.example.com/a?b=c#d", "https://ci.example.com/a?b=c#d"),
        ("http://buildserver:8080/jenkins/", "http://buildserver:8080/jenkins/"),
        ("https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
        ("https://user:pass@ci.example.com/a", "https://ci.example.com/a"),
        ("https://to@ken@ci.example.com/a", "https://ci.example.com/a"),
        ("https://user:pa/ss@ci.example.com/a", None),
        ("ftp://ci.example.com/", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https:///path", None),
        ("https://ci.example.com/a b", None),
        ("https://ci.example.com/a\nb", None),
        ("https://ci.example.com/" + "a" * 2048, None),
    ],
)
def test_web_url(value: str, expected: str | None) -> None:
    """Web pages have a host and no credentials."""
    assert urls.web_url(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://github.com/org/repo.git", "https://github.com/org/repo.git"),
        ("https://ghp_0123456789@github.com/org/repo.git", "https://github.com/org/repo.git"),
        ("https://user:pa%40ss@github.com/org/repo.git", "https://github.com/org/repo.git"),
        ("https://user:p@ss@github.com/org/repo.git", "https://github.com/org/repo.git"),
        ("https://user:pa/ss@github.com/org/repo.git", None),
        ("https://user:12/34@github.com/org/repo.git", None),
        ("https://github.com/org/repo.git?private_token=x#y", "https://github.com/org/repo.git"),
        ("HTTPS://GitHub.com/org/repo", "HTTPS://GitHub.com/org/repo"),
        ("ssh://git@host.example.com:7999/proj/repo.git", "ssh://git@host.example.com:7999/proj/repo.git"),
        ("ssh://git:secret@host.example.com/repo.git", "ssh://git@host.example.com/repo.git"),
        ("ssh://APKAEXAMPLE@host.example.com/repo", "ssh://host.example.com/repo"),
        ("git@github.com:org/repo.git", "git@github.com:org/repo.git"),
        ("jo:secret@github.com:org/repo.git", "github.com:org/repo.git"),
        ("jo@github.com:org/repo.git", "github.com:org/repo.git"),
        ("git://github.com/org/repo.git", "git://github.com/org/repo.git"),
        ("file:///srv/git/repo.git", None),
        ("/srv/git/repo.git", None),
        ("../repo.git", None),
        ("C:\\repos\\repo", None),
        ("https://github.com/", None),
        ("git@github.com:org/re po.git", None),
    ],
)
def test_remote_url(value: str, expected: str | None) -> None:
    """No credentials in any form that git takes; nothing for local paths."""
    assert urls.remote_url(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://github.com/org/repo.git", "org/repo"),
        ("https://github.com/org/repo/", "org/repo"),
        ("git@gitlab.example.com:group/sub/project.git", "group/sub/project"),
        ("ssh://git@host.example.com:7999/proj/repo.git", "proj/repo"),
        ("https://bitbucket.example.com/scm/proj/repo.git", "proj/repo"),
        ("https://github.com/scm/repo.git", "scm/repo"),
        ("git@host.example.com:/org//repo.git", "org/repo"),
        ("https://github.com/org/repo.git.git", "org/repo.git"),
        ("git@host.example.com:.git", None),
        ("/srv/git/repo.git", None),
    ],
)
def test_slug(value: str, expected: str | None) -> None:
    """The path of the remote, without ``.git``."""
    assert urls.slug(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("git@bitbucket.org:acme/shop.git", "bitbucket.org"),
        ("https://BitBucket.org/acme/shop", "bitbucket.org"),
        ("ssh://git@host.example.com:7999/proj/repo.git", "host.example.com"),
        ("/srv/git/repo.git", None),
    ],
)
def test_remote_host(value: str, expected: str | None) -> None:
    """The host, without user and port."""
    assert urls.remote_host(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://u:p@h/x and ssh://t@h/y.", "see https://h/x and ssh://h/y."),
        ("https://u:p@ss@h/x", "https://h/x"),
        ("mail jo@example.com, https://h/@x", "mail jo@example.com, https://h/@x"),
    ],
)
def test_credentials_are_taken_out_of_text(text: str, expected: str) -> None:
    """Every URL in a text loses them, nothing else changes."""
    assert urls.strip_credentials(text) == expected


@given(
    scheme=st.sampled_from(["https://", "http://", "ssh://", "git://", "HTTPS://", ""]),
    user=st.sampled_from(["", "git", "x-oauth"]),
    password=st.text(alphabet="abc:/@?#[]%. \\", max_size=8),
    rest=st.sampled_from(["github.com/org/repo.git", "github.com:org/repo.git", "h:22/x", "[::1]/x", ""]),
)
def test_password_never_survives(scheme: str, user: str, password: str, rest: str) -> None:
    """However a password is written, it is not in what we show."""
    secret = f"S3CR3T{password}S3CR3T"

    shown = [
        urls.remote_url(f"{scheme}{user}:{secret}@{rest}"),
        urls.web_url(f"{scheme}{user}:{secret}@{rest}"),
    ]

    assert [url for url in shown if url is not None and "S3CR3T" in url] == []


@given(st.text(max_size=60))
def test_url_functions_never_raise(value: str) -> None:
    """Any text gives a URL or nothing."""
    for function in (urls.web_url, urls.remote_url, urls.remote_host, urls.slug):
        assert function(value) != ""
    assert isinstance(urls.strip_credentials(value), str)
