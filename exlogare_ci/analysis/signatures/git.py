"""Signatures of git."""

from exlogare_ci.analysis.signatures.base import Signature

SIGNATURES = (
    Signature(
        id="git.could_not_read_username",
        tool="git",
        pattern=r"fatal: could not read Username for '",
        category="auth.git",
        title="git has no credentials for {host}",
        explain="git asked for a user name and, in a CI job, nobody can type one: no credentials are configured for this host.",
        fix="Give the job a token or deploy key for {host}, or use the checkout step's credentials.",
        extract=r"could not read Username for '(?P<host>[^']+)'",
        matches=("fatal: could not read Username for 'https://github.com': terminal prompts disabled",),
        non_matches=("Username for 'https://github.com':",),
        source="https://git-scm.com/docs/gitcredentials",
        owner="platform",
        weight=1.0,
    ),
)
