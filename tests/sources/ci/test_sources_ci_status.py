"""The status of a running TeamCity build, asked of a server that answers as the vendor's documentation says.

Source: https://www.jetbrains.com/help/teamcity/rest/build.html.
"""

from pathlib import Path
from typing import Any

import pytest

from exlogare_ci.adapters import properties, read_small_file
from exlogare_ci.sources.ci import Access, LogSourceError, ask_status
from tests.client.scripted_server import FakeTime
from tests.sources.ci.ci_case import Answer, Service

PATH = "/httpAuth/app/rest/builds/id:99?fields=status"
BASIC = "Basic VGVhbUNpdHlCdWlsZElkPTk5Om1hZGUtdXAtdG9rZW4tNw=="
ENV = {"TEAMCITY_VERSION": "2025.07", "TEAMCITY_BUILD_PROPERTIES_FILE": "{tmp}/build.properties"}
BUILD = (
    "teamcity.auth.userId=TeamCityBuildId\\=99\nteamcity.auth.password=made-up-token-7\n"
    "teamcity.configuration.properties.file={tmp}/config.properties\n"
)
CONFIG = "teamcity.serverUrl={ci}\nteamcity.build.id=99\n"


def ask(service: Service, build: str = BUILD, config: str = CONFIG, **env: str) -> str | None:
    """Ask for the status in a job with the two properties files."""
    for name, text in (("build.properties", build), ("config.properties", config)):
        (service.tmp / name).write_text(service.fill(text), encoding="utf-8")
    access = Access(
        read_text=read_small_file,
        read_properties=lambda path: properties.parse(read_small_file(path) or ""),
        sleep=FakeTime().sleep,
    )
    return ask_status({name: service.fill(value) for name, value in {**ENV, **env}.items()}, "teamcity", access)


@pytest.mark.parametrize(
    ("told", "status"), [("SUCCESS", "SUCCESS"), ("FAILURE", "FAILURE"), ("ERROR", "ERROR"), ("UNKNOWN", "CANCELED")]
)
def test_the_builds_own_credentials_are_enough(told: str, status: str, tmp_path: Path) -> None:
    """The status comes as TeamCity tells it; what it calls unknown is a cancelled build."""
    with Service([Answer(path=PATH, json={"status": told})], tmp_path).running() as service:
        assert ask(service) == status

    assert [(one.path, one.headers["authorization"], one.headers["accept"]) for one in service.ci.asked] == [
        (PATH, BASIC, "application/json")
    ]


def test_an_access_token_wins(tmp_path: Path) -> None:
    """With a token the path is the one for tokens."""
    path = PATH.removeprefix("/httpAuth")
    with Service([Answer(path=path, json={"status": "FAILURE"})], tmp_path).running() as service:
        assert ask(service, TEAMCITY_TOKEN="made-up-token-7b") == "FAILURE"

    assert [one.headers["authorization"] for one in service.ci.asked] == ["Bearer made-up-token-7b"]


@pytest.mark.parametrize(
    ("build", "config", "words"),
    [
        pytest.param("", "", "there is no token for its API", id="no files"),
        pytest.param(BUILD, "teamcity.build.id=99\n", "tell neither build nor server", id="no server"),
        pytest.param(
            BUILD, "teamcity.serverUrl={ci}\nteamcity.build.id=9/../x\n", "teamcity.build.id is no number", id="no id"
        ),
    ],
)
def test_nothing_is_asked_without_what_it_takes(build: str, config: str, words: str, tmp_path: Path) -> None:
    """A sentence says what is missing, and no request is made."""
    with Service([], tmp_path).running() as service, pytest.raises(LogSourceError, match=words):
        ask(service, build, config)

    assert service.ci.asked == []


@pytest.mark.parametrize("answer", [{"json": {}}, {"json": {"status": 3}}, {"text": "<html>"}, {"status": 403}])
def test_an_answer_that_is_none_is_no_status(answer: dict[str, Any], tmp_path: Path) -> None:
    """Neither a refusal nor something else than a status is taken for one."""
    with Service([Answer(path=PATH, **answer)], tmp_path).running() as service, pytest.raises(LogSourceError):
        ask(service)


def test_other_services_are_not_asked(tmp_path: Path) -> None:
    """Where the variables tell, nothing is asked."""
    access = Access(read_text=lambda _: None, read_properties=lambda _: {})

    assert ask_status({"TEAMCITY_BUILD_PROPERTIES_FILE": str(tmp_path)}, "jenkins", access) is None
