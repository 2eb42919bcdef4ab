"""What no signature knows gets its category from its words, and from what its command is for."""

import pytest

from exlogare_ci.analysis import analyze


def category_of(command: str, *output: str) -> str:
    """Return the category of a GitHub step that ran a command and failed with some output."""
    lines = [f"##[group]Run {command}", command, "shell: /usr/bin/bash -e {0}", "##[endgroup]", *output]
    log = "\n".join([*lines, "##[error]Process completed with exit code 1.", "Post job cleanup."])
    return analyze(log.encode()).category


@pytest.mark.parametrize(
    ("command", "said", "category"),
    [
        ("./ship.sh", "Shipping stopped: disk quota exceeded on /srv", "infra.disk"),
        ("./ship.sh", "The licence server is not reachable", "network.connect"),
        ("./ship.sh", "You must provide ACME_API_KEY", "config.env_secret"),
        ("./ship.sh", "gate: coverage is 61 %, which is below 80 %", "code.coverage"),
        ("./ship.sh", "Run `make api` and commit what it changes.", "code.lint"),
        ("./ship.sh", "The house is on fire", "config.build_script"),
        ("shipit", "The house is on fire", "unknown"),
        ("npm run e2e", "The house is on fire", "code.test"),
        ("vendor/bin/phpspec run", "The house is on fire", "code.test"),
        ("npm run shop", "✖ the shop opens\n  The house is on fire", "code.test"),
        ("helm upgrade shop ./chart", "The house is on fire", "deploy.helm"),
        ("terraform apply", "The house is on fire", "deploy.terraform"),
        ("alembic upgrade head", "The house is on fire", "code.migration"),
        ("pnpm -r publish", "The house is on fire", "publish.rejected"),
        ("pnpm -r publish", "shop 1.2.0 already exists", "publish.conflict"),
        ("docker push acme/app", "the gate keeper says: authentication is required", "auth.registry"),
        ("aws s3 sync dist s3://site", "the gate keeper says: access denied", "auth.cloud"),
        ("git clone ssh://host/app.git", "the gate keeper says: access denied", "auth.git"),
        ("./ship.sh", "the gate keeper says: access denied", "auth.permission"),
    ],
)
def test_words_and_command_tell_the_category(command: str, said: str, category: str) -> None:
    """Words that mean the same everywhere come first, then what was run, then less sure words."""
    assert category_of(command, said) == category


def test_the_last_telling_line_of_a_script_counts() -> None:
    """A step's script ran line after line, and ended with the one that failed."""
    log = (
        "##[group]Run npm ci\nnpm ci\nkubectl apply -f k8s\necho done\nshell: bash\n##[endgroup]\n"
        "The house is on fire\n##[error]Process completed with exit code 1.\nPost job cleanup.\n"
    )

    assert analyze(log.encode()).category == "deploy.k8s"


def test_an_exception_of_a_migration_is_one_of_the_migration() -> None:
    """A traceback is a crash, but for what its command is for or its message says of the network."""
    trace = (
        "Traceback (most recent call last):",
        '  File "/src/env.py", line 3, in <module>',
        "    run()",
        "acme.OddError: column 4 is odd",
    )

    assert category_of("alembic upgrade head", *trace) == "code.migration"
    assert category_of("python run.py", *trace) == "code.runtime_crash"
