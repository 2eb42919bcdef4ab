"""``exl doctor``: each thing that may be wrong is found, named, and comes with what to change."""

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from exlogare_ci.cli import exit_codes
from exlogare_ci.cli.doctor_checks import Check, Options, examine
from tests.cli.exl_in_process import call_exl
from tests.client.fake_keychain import BrokenKeychain, MemoryKeychain
from tests.client.scripted_server import ScriptedServer, Step, answer, free_port, hang
from tests.server.processes import command, prepare, running

TOKEN: Final = "exl_made-up-for-tests-0123456789"
SHOWN: Final = "exl_made-up-… from EXLOGARE_TOKEN"
ASKED_WITHOUT: Final = answer(401, {"detail": "Not authenticated"}, WWW_Authenticate="Bearer")
LIST: Final = answer(200, {"items": [], "next_cursor": None, "limit": 1})
NO_READ: Final = answer(403, {"detail": "Missing scope: read"})
NO_INGEST: Final = answer(403, {"detail": "Missing scope: ingest"})
INVALID: Final = answer(422, {"detail": []})
JOB: Final = {"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "org/shop", "GITHUB_RUN_NUMBER": "7"}


def doctor(cwd: Path, *options: str, **env: str) -> dict[str, Any]:
    """Run ``exl doctor --format json``: the checks by name."""
    done = call_exl("doctor", "--format", "json", *options, cwd=cwd, env=env)
    document = json.loads(done.stdout)
    assert (done.exit_code, done.stderr) == (0, "")
    assert document["ok"] == (not [check for check in document["checks"] if check["status"] == "problem"])
    return {check["name"]: (check["status"], check["what"], check["fix"]) for check in document["checks"]}


def with_server(cwd: Path, *steps: Step, **env: str) -> dict[str, Any]:
    """Run it in a GitHub job against a scripted server."""
    with ScriptedServer(*steps).running() as server:
        return doctor(cwd, **JOB, EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN, **env)


def test_all_is_well(tmp_path: Path) -> None:
    """Every check in its order, the token shown only by its start; at most three requests."""
    with ScriptedServer(ASKED_WITHOUT, LIST, INVALID).running() as server:
        done = call_exl("doctor", cwd=tmp_path, env={**JOB, "EXLOGARE_URL": server.url, "EXLOGARE_TOKEN": TOKEN})

    assert done.exit_code == 0
    assert done.stdout == (
        "ok       environment   github, org/shop, run 7\n"
        f"ok       settings      server {server.url}\n"
        "ok       proxy         none is set\n"
        "skipped  certificates  the server is plain HTTP\n"
        f"ok       server        {server.url} answers\n"
        "ok       clock         agrees with the server's\n"
        "skipped  keychain      not needed: EXLOGARE_TOKEN is set\n"
        f"ok       token         {SHOWN}; the server takes it\n"
        "ok       scopes        ingest, read\n"
        "exl: uploads work from here\n"
    )
    assert [(asked.method, asked.path, asked.headers.get("authorization")) for asked in server.asked] == [
        ("GET", "/api/v1/analyses?limit=1", None),
        ("GET", "/api/v1/analyses?limit=1", f"Bearer {TOKEN}"),
        ("POST", "/api/ingest/log", f"Bearer {TOKEN}"),
    ]
    assert server.asked[2].body == b"{}"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scopes", "status", "what"),
    [
        ("ingest,read", "ok", "ingest, read"),
        ("ingest", "ok", "ingest; reading needs read, which a token for CI should not have"),
        ("read", "problem", "only read: uploads are refused"),
    ],
)
def test_real_server(
    real_server: tuple[str, Mapping[str, str]], scopes: str, status: str, what: str, tmp_path: Path
) -> None:
    """The reference server: scopes are found out, and nothing is left there."""
    url, tokens = real_server
    token = tokens[scopes]

    found = doctor(tmp_path, **JOB, EXLOGARE_URL=url, EXLOGARE_TOKEN=token)

    assert {name: found[name][0] for name in ("server", "clock", "token")} == dict.fromkeys(
        ("server", "clock", "token"), "ok"
    )
    assert found["scopes"][:2] == (status, what)
    if "read" in scopes:
        env = {"EXLOGARE_URL": url, "EXLOGARE_TOKEN": token}
        listed = call_exl("analyses", "list", "--format", "json", cwd=tmp_path, env=env)
        assert json.loads(listed.stdout) == {"items": []}


@pytest.mark.slow
def test_real_server_does_not_know_the_token(real_server: tuple[str, Mapping[str, str]], tmp_path: Path) -> None:
    """A wrong token is a problem with the words on where to get a right one."""
    url, _ = real_server
    done = call_exl("doctor", "--strict", cwd=tmp_path, env={**JOB, "EXLOGARE_URL": url, "EXLOGARE_TOKEN": TOKEN})

    assert done.exit_code == exit_codes.REFUSED
    assert "problem  token         " in done.stdout
    assert "answered 401" in done.stdout
    assert "Check the token in EXLOGARE_TOKEN" in done.stdout


@pytest.fixture(scope="module")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A reference server as a process of its own: its address, and a token for each choice of scopes."""
    data = tmp_path_factory.mktemp("doctor") / "data"
    token = prepare(data)
    tokens = {
        scopes: command(data, "token", "create", "--tenant", "acme", "--name", scopes, "--scopes", scopes)
        for scopes in ("ingest,read", "ingest", "read")
    }
    with running("granian", data, token) as server:
        yield server.url, tokens


@pytest.mark.parametrize(
    ("env", "name", "expected"),
    [
        (
            {},
            "settings",
            ("problem", "No server is set.", "Set EXLOGARE_URL (or --url) to your Exlogare server's address."),
        ),
        (
            {"EXLOGARE_URL": "ftp://x"},
            "settings",
            (
                "problem",
                "EXLOGARE_URL is no http or https URL.",
                "Give the server's root, e.g. EXLOGARE_URL=https://exlogare.example.org.",
            ),
        ),
        ({"EXLOGARE_CI": "gitbub"}, "environment", None),
        (
            {"CI": "true"},
            "environment",
            (
                "warning",
                "a CI job, of a service that exl does not know",
                "Set EXLOGARE_CI to its name, or give --provider.",
            ),
        ),
        ({}, "environment", ("warning", "local; the project is not known", "Give --project ORG/REPO.")),
    ],
)
def test_settings_and_environment(
    env: Mapping[str, str], name: str, expected: tuple[str, str, str] | None, tmp_path: Path
) -> None:
    """What is missing or misspelt is found without any request."""
    found = doctor(tmp_path, **env)

    if expected is None:
        assert found[name][0] == "problem"
        assert "gitbub" in found[name][1]
    else:
        assert found[name] == expected


def test_unknown_variables_are_named(tmp_path: Path) -> None:
    """With the one that was probably meant."""
    found = with_server(tmp_path, ASKED_WITHOUT, LIST, INVALID, EXLOGARE_TOKN="x")

    assert found["settings"][:2] == (
        "warning",
        "ignored unknown variable EXLOGARE_TOKN (did you mean EXLOGARE_TOKEN?).",
    )


@pytest.mark.parametrize(
    ("step", "what", "fix"),
    [
        (answer(200, b"<html>", Content_Type="text/html; charset=utf-8"), "answers 200 (text/html)", "login page"),
        (answer(404, {"detail": "x"}), "answers 404 (nothing said of its kind)", "EXLOGARE_URL"),
        (answer(302, Location="https://login.example.org/"), "redirects to https://login.example.org/", "EXLOGARE_URL"),
        (answer(503), "answered 503", "Try again later"),
        (hang(9), "did not answer", "network"),
    ],
    ids=["page", "not-found", "redirect", "down", "hangs"],
)
def test_what_answers_is_no_exlogare_server(step: Step, what: str, fix: str, tmp_path: Path) -> None:
    """It is said what answers instead, and the token is not shown to it."""
    with ScriptedServer(step).running() as server:
        found = doctor(tmp_path, "--timeout", "1", **JOB, EXLOGARE_URL=server.url, EXLOGARE_TOKEN=TOKEN)

    assert found["server"][0] == "problem"
    assert what in found["server"][1]
    assert fix in found["server"][2]
    assert found["token"] == ("skipped", f"{SHOWN}; not shown to the server, see above", "")
    assert not [asked for asked in server.asked if "authorization" in asked.headers]


def test_nobody_answers(tmp_path: Path) -> None:
    """With --strict the exit code is that of an upload."""
    env = {**JOB, "EXLOGARE_URL": f"http://127.0.0.1:{free_port()}", "EXLOGARE_TOKEN": TOKEN}
    done = call_exl("doctor", "--strict", cwd=tmp_path, env=env)

    assert done.exit_code == exit_codes.UNAVAILABLE
    assert "cannot be reached: Connection refused." in done.stdout
    assert done.stdout.endswith("exl: uploads do not work from here: 1 problem\n")


@pytest.mark.parametrize(
    ("steps", "name", "expected"),
    [
        ((answer(401, {"detail": "Token revoked"}),), "token", ("problem", "answered 401: Token revoked")),
        ((answer(403, {"detail": "Plan expired"}),), "token", ("problem", "answered 403: Plan expired")),
        ((NO_READ, INVALID), "scopes", ("ok", "ingest; reading needs read")),
        ((NO_READ, NO_INGEST), "scopes", ("problem", "neither ingest nor read: uploads are refused")),
        ((LIST, NO_INGEST), "scopes", ("problem", "only read: uploads are refused")),
        ((LIST, answer(429)), "scopes", ("warning", "ingest could not be tried: the rate limit is reached")),
        ((LIST, answer(500)), "scopes", ("warning", "ingest could not be tried: it answered 500")),
    ],
)
def test_tokens_and_scopes(steps: tuple[Step, ...], name: str, expected: tuple[str, str], tmp_path: Path) -> None:
    """What the server thinks of the token."""
    status, what, fix = with_server(tmp_path, ASKED_WITHOUT, *steps)[name]

    assert status == expected[0]
    assert expected[1] in what
    assert fix or status == "ok"


def checks(env: Mapping[str, str], folder: Path, **options: Any) -> dict[str, Check]:
    """Examine an environment directly."""
    wall_clock = options.pop("wall_clock", time.time)
    return {check.name: check for check in examine(env, Options(**options), folder, wall_clock=wall_clock)}


@pytest.mark.parametrize(("off_s", "what"), [(3600, "3600 s ahead of"), (-300, "300 s behind")])
def test_wrong_clock(off_s: float, what: str, tmp_path: Path) -> None:
    """The server's date against this machine's, to the second or so."""
    with ScriptedServer(ASKED_WITHOUT).running() as server:
        env = {"EXLOGARE_URL": server.url, "CI": "true"}
        found = checks(env, tmp_path, wall_clock=lambda: int(time.time()) + off_s)

    assert found["clock"].status == "warning"
    number = int(found["clock"].what.split(" ")[0])
    assert abs(number - abs(off_s)) <= 1
    assert what.split(" s ")[1] in found["clock"].what


def test_proxy_is_named_without_its_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which proxy is used, or that none is for this server."""
    port = free_port()
    monkeypatch.setenv("https_proxy", f"http://user:secret@127.0.0.1:{port}")
    env = {"EXLOGARE_URL": "https://exlogare.example.org", "CI": "true"}

    found = checks(env, tmp_path, timeout_s=5.0)
    assert (found["proxy"].status, found["proxy"].what) == ("ok", f"http://127.0.0.1:{port}")
    assert "The proxy on the way to https://exlogare.example.org failed" in found["server"].what

    monkeypatch.setenv("no_proxy", "localhost,127.0.0.1")
    with ScriptedServer(ASKED_WITHOUT).running() as server:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        found = checks({"EXLOGARE_URL": server.url, "CI": "true"}, tmp_path)
    assert found["proxy"].what == "none is used for 127.0.0.1"
    assert found["server"].status == "ok"


def test_missing_file_of_certificates(tmp_path: Path) -> None:
    """A path that is not there is said as such."""
    env = {"EXLOGARE_URL": f"https://127.0.0.1:{free_port()}", "EXLOGARE_CA_BUNDLE": "/nowhere/ca.pem", "CI": "1"}

    check = checks(env, tmp_path)["certificates"]

    assert (check.status, check.code) == ("problem", exit_codes.USAGE)
    assert check.what == "EXLOGARE_CA_BUNDLE or --ca-bundle names /nowhere/ca.pem, which is not there"


def test_certificate_that_is_not_trusted(certificate: Path, tmp_path: Path) -> None:
    """The reason, and how to trust it; with the file it is trusted."""
    with ScriptedServer(ASKED_WITHOUT, certificate=certificate).running() as server:
        env = {"EXLOGARE_URL": server.url, "CI": "true"}
        refused = checks(env, tmp_path)
        trusted = checks(env, tmp_path, ca_bundle=str(certificate))

    assert refused["certificates"].status == "problem"
    assert "self-signed certificate" in refused["certificates"].what
    assert "--ca-bundle" in refused["certificates"].fix
    assert refused["server"].status == "skipped"
    assert trusted["certificates"].what == f"those in {certificate} are trusted"
    assert trusted["server"].status == "ok"


@pytest.mark.parametrize(
    ("keychain", "env", "status", "what"),
    [
        (MemoryKeychain(), {}, "ok", "can be read"),
        (BrokenKeychain(), {}, "warning", "The keychain cannot be used"),
        (BrokenKeychain(), {"CI": "true"}, "skipped", "not asked in a CI job"),
    ],
)
def test_keychain(
    keychain: MemoryKeychain,
    env: Mapping[str, str],
    status: str,
    what: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked only where a person may be there."""
    monkeypatch.setattr("keyring.get_keyring", lambda: keychain)
    with ScriptedServer(ASKED_WITHOUT).running() as server:
        found = checks({"EXLOGARE_URL": server.url, **env}, tmp_path)

    assert found["keychain"].status == status
    assert what in found["keychain"].what
    assert (found["token"].status, found["token"].code) == ("problem", exit_codes.NO_CREDENTIALS)


def test_token_goes_nowhere_unencrypted(tmp_path: Path) -> None:
    """Plain HTTP to another machine is a problem before anything is sent there with the token."""
    env = {"EXLOGARE_URL": "http://exlogare.invalid", "EXLOGARE_TOKEN": TOKEN}

    found = checks(env, tmp_path, timeout_s=2.0)

    assert found["token"].status == "problem"
    assert "plain HTTP" in found["token"].what


def test_hostile_answers_are_harmless(tmp_path: Path) -> None:
    """What a server says is printed without commands for the CI service."""
    with ScriptedServer(
        ASKED_WITHOUT, answer(401, {"detail": "\x1b[31m##vso[task.complete]\n::error::x"})
    ).running() as s:
        done = call_exl("doctor", cwd=tmp_path, env={**JOB, "EXLOGARE_URL": s.url, "EXLOGARE_TOKEN": TOKEN})

    assert "\x1b" not in done.stdout
    assert "##vso[" not in done.stdout
    assert not [line for line in done.stdout.splitlines() if line.startswith("::")]
