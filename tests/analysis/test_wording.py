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
        ("eslint src", "Error: the house needs brick version 3.1, which is older than 4.0", "config.tool_version"),
        ("./ship.sh", "roofer not found in PATH, skipping", "config.command_missing"),
        ("./ship.sh", "The house did not become ready in time.", "infra.timeout"),
        ("./ship.sh", "house v1.146.0 or greater is required", "config.tool_version"),
        ("go generate ./... && git diff --exit-code; git checkout -- .", "The house is on fire", "code.lint"),
        ("./ship.sh", "FAIL: there is work to do\nhouse.txt is out of date.", "code.lint"),
        ("./ship.sh", "house variables were detected, please remove them", "code.lint"),
        ("./ship.sh", "The house needs more history than a shallow clone has", "vcs.checkout"),
        ("./ship.sh", "Error: the houses are not in alphabetical order", "code.lint"),
        ("./ship.sh", "house mismatch: hash mismatch:\n  wanted: 1\n  got: 2", "deps.integrity"),
        ("./ship.sh", "Request to https://house.example.com failed with 502", "network.http"),
        ("sbt check", "House.scala has changes after housefmt", "code.format"),
    ],
)
def test_words_and_command_tell_the_category(command: str, said: str, category: str) -> None:
    """Words that mean the same everywhere come first, then what was run, then less sure words."""
    assert category_of(command, said) == category


@pytest.mark.parametrize(
    ("command", "said", "category"),
    [
        ("shipit", "plan.one: expected 3 parts but got 2", "code.test"),
        ("shipit", "GET /plans: status 500, want 200", "code.test"),
        ("shipit", "FAIL: test_token_is_refused (plan_test.TokenTest)", "code.test"),
        ("shipit", "expected version 3.1 but got 2.0", "config.tool_version"),
        ("shipit", "frob 3.1 is needed, this is 2.0", "config.tool_version"),
        ("./run-tests", "plan coverage is 41 %, wanted 80 %", "code.coverage"),
        ("./run-tests", "No module named 'frob'", "deps.not_found"),
        ("./run-tests", "The house is on fire", "code.test"),
        ("shipit", "libfrob: no version satisfies both requirements", "deps.version_conflict"),
        ("shipit", "frob.lock does not match frob.in", "deps.lockfile"),
        ("shipit", "frob.tar: checksum differs", "deps.integrity"),
        ("shipit", "plan.frob: block is opened and not closed", "code.syntax"),
        ("shipit", "reference to `frob_open` cannot be satisfied by any library", "code.link"),
        ("shipit", "argument 2 of add: string is no subtype of number", "code.type"),
        ("shipit", "not formatted: plan.frob", "code.format"),
        ("shipit", "plan.frob:9:14 expected Int but this is a Text", "code.type"),
        ("shipit", "partmath 0.4 LGPL-2.1 denied", "code.license"),
        ("shipit", "plug-a 2.0 needs core 5, plug-b 1.1 needs core 4", "deps.version_conflict"),
        ("shipit", "plan.frob:3 looks like a private key", "code.security_scan"),
        ("shipit", "the certificate of plans.test expired 3 days ago", "network.tls"),
        ("shipit", "/plans is full", "infra.disk"),
        ("./pub.sh", "2.1.0 was released on Monday, choose another number", "publish.conflict"),
        ("shipit", "plan.frob:3 FR012 too many parts", "code.lint"),
        ("shipit", "plan.frob:3 part x is never used (no-dead-part)", "code.lint"),
        ("shipit", "frob-left 2.1 has a licence that the policy does not allow", "code.license"),
        ("shipit", "0004_parts: duplicate column name: size", "code.migration"),
        ("shipit", "plans/a.frob is missing", "config.path"),
        ("shipit", "PartError: no part x", "code.runtime_crash"),
        ("shipit", "Illegal division by zero at plan.pl line 2.", "code.runtime_crash"),
        ("shipit", "Scenario: guest checkout ... FAILED", "code.test"),
        ("shipit", "part 017: outputs differ", "code.test"),
        ("shipit", "task: no such task 'lnit', did you mean 'lint'?", "config.build_script"),
        ("shipit", "Possible credential in plan.env:7", "code.security_scan"),
        ("shipit", "part-a@3 is required by plan, but part-b@1 requires part-a@2", "deps.version_conflict"),
        ("shipit", "frob 3.28 required, found 3.25.1", "config.tool_version"),
        ("shipit", "the parser crashed (signal 11)", "code.runtime_crash"),
        ("shipit", "the server rejected the package: name is reserved", "publish.rejected"),
        ("shipit", "Denied license: AGPL-3.0", "code.license"),
        ("shipit", "Missing required setting PLAN_TOKEN", "config.env_secret"),
        ("shipit", "plan.ts(12): 'part' is string | undefined, but string is required", "code.type"),
        ("shipit", "the service allows 60 calls an hour", "network.rate_limit"),
        ("./check-plans", "The house is on fire", "code.lint"),
        ("./naming-rules", "The house is on fire", "code.lint"),
        ("./compare-tables-with-models", "The house is on fire", "code.migration"),
        ("./check-plans", "plans/a.frob is missing", "config.path"),
        ("shfmt -d .", "The house is on fire", "code.format"),
        ("frobfmt --check", "The house is on fire", "code.format"),
        ("froblint src", "The house is on fire", "code.lint"),
        ("./check-plans", "plans/a.pod:1: no NAME", "code.lint"),
        ("make plans", "Makefile:3: *** PLAN_BUCKET is not set.  Stop.", "config.env_secret"),
        ("make plans", "Makefile:3: *** the house is on fire.  Stop.", "config.build_script"),
    ],
)
def test_plain_words_of_an_unknown_tool_tell_the_category(command: str, said: str, category: str) -> None:
    """What is compared is a test's, plain words beat a command that only tests or checks, and it beats the rest."""
    assert category_of(command, said) == category


@pytest.mark.parametrize(
    ("command", "echo", "category"),
    [
        ("tox", ("style run-test: commands[0] | shop-lint src",), "code.lint"),
        ("tox", ("style: commands[0]> shop-lint src",), "code.lint"),
        ("nox", ("nox > Running session style", "nox > shop-lint src"), "code.lint"),
        ("npm test", ("", "> shop@1.0.0 test", "> shop-lint src", ""), "code.lint"),
        ("npm test", ("", "> shop-lint src", ""), "code.test"),
    ],
)
def test_the_command_that_a_task_runner_started_tells_more_than_the_runner(
    command: str, echo: tuple[str, ...], category: str
) -> None:
    """Tox, nox and npm print what they run, as a shell does under -x."""
    assert category_of(command, *echo, "The house is on fire") == category


@pytest.mark.parametrize(
    ("output", "category"),
    [
        (("refused: frob-left 0.3 (GPL-3.0-only)",), "code.license"),
        (("asking after licences of 120 parts", "refused: frob-left 0.3"), "code.license"),
        (("plan.tgz: the signature is by key 9F11",), "deps.integrity"),
        (("orders: the model has a column that the database has not",), "code.migration"),
        (("plan.frob, line 8: `part' comes before it is declared",), "code.compile"),
        (("parts are indented with tabs",), "code.format"),
        (("acme-sdk 7.2 is in none of the repositories",), "deps.not_found"),
        (("DELETE /plans breaks the naming rule",), "code.lint"),
        (("plans/big ........ order is odd",), "code.test"),
        (("start: 812 ms (was 590 ms)",), "code.test"),
    ],
)
def test_what_words_are_about_tells_the_category_where_nothing_else_does(
    output: tuple[str, ...], category: str
) -> None:
    """The topic of the line counts, then that of what the program said it was about to do."""
    assert category_of("shipit", *output) == category


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


def test_a_record_that_powershell_broke_is_what_its_first_line_says() -> None:
    """The name of a branch above says nothing of it, nor does a record need frames where its words are known."""
    log = (
        "Build started\ngit fetch -q origin +refs/pull/77/merge:\nRunning Install scripts\n"
        "ps: Install-Module CartTools\n"
        "Install-Module : No match was found for the specified search criteria and module name 'CartTools'. Try \n"
        "Get-PSRepository to see all available registered module repositories.\nAt line:1 char:1\n"
        "+ Install-Module CartTools\n+ ~~~~~~~~~~~~~~~~~~~~~~~~\n"
        "    + CategoryInfo          : ObjectNotFound: (x:String) [Install-Package], Exception\n"
        "    + FullyQualifiedErrorId : NoMatchFoundForCriteria,Install-Package\n\n"
        "Command executed with exception: No match\nCommand exited with code 1\n"
    )
    analysis = analyze(log.encode())

    assert (analysis.category, analysis.spans) == ("deps.not_found", ((5, 11),))
