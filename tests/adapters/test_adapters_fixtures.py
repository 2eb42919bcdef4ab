"""Whole contexts from environments that were written from the vendors' pages, one JSON file a case."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from exlogare_ci.adapters import ADAPTERS, Adapter, detect, explain
from exlogare_ci.context import RunContext

FOLDER = Path(__file__).parent / "fixtures"
CASES = sorted(FOLDER.glob("*/*.json"))

WANTED = {adapter.NAME: {"push", "pull_request", "tag"} for adapter in ADAPTERS} | {
    "teamcity": {"push", "pull_request"},  # it has no variable for tags
    "bamboo": {"push", "pull_request", "push_on_windows"},  # it does not build tags
    "gocd": {"push", "named_material", "two_materials"},  # its variables know neither tags nor pull requests
    "concourse": {"put_step", "task", "one_off_build"},  # what it builds is a resource's affair
    "local": {"shell"},
}
"""The cases that each service must have."""

COMPANIONS = {"harness": ("drone",), "forgejo": ("gitea", "github"), "gitea": ("github",)}
"""Services whose runners set another's marker, too: that one is visible as well, and comes later."""


def _load(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return case


def _id(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.mark.parametrize("path", CASES, ids=_id)
def test_whole_context_is_as_the_vendor_documents(path: Path) -> None:
    """Every field of the context, the unknown ones included, is the one that the fixture says."""
    case = _load(path)

    context = detect(case["env"], read_text=case.get("files", {}).get)

    assert case["context"] == msgspec.to_builtins(context)


@pytest.mark.parametrize("path", CASES, ids=_id)
def test_no_adapter_claims_the_environment_of_another(path: Path) -> None:
    """Exactly one service's markers are visible in a fixture, its own, but for the services it imitates."""
    case = _load(path)

    explanation = explain(case["env"], read_text=case.get("files", {}).get)

    imitated = set(explanation.matched) & set(COMPANIONS.get(path.parent.name, ()))
    assert explanation.matched[0] == path.parent.name
    assert set(explanation.matched) == {path.parent.name} | imitated
    assert explanation.context.ci == path.parent.name


@pytest.mark.parametrize("path", CASES, ids=_id)
def test_fixture_is_whole_and_cites_its_source(path: Path) -> None:
    """A fixture has a vendor's page, an environment and every field of the context, and nothing else."""
    case = _load(path)

    assert set(case) - {"files"} == {"source", "env", "context"}
    assert set(case["context"]) == set(RunContext.__struct_fields__)
    assert urlsplit(case["source"]).scheme == "https"
    assert all(isinstance(value, str) for value in case["env"].values())


def test_every_adapter_has_its_fixtures_and_every_fixture_its_adapter() -> None:
    """Nobody can add a service, or leave out its pull requests, without a fixture."""
    present: dict[str, set[str]] = {}
    for path in CASES:
        present.setdefault(path.parent.name, set()).add(path.stem)

    assert set(present) == {adapter.NAME for adapter in ADAPTERS}
    assert {name: WANTED[name] - cases for name, cases in present.items()} == {name: set() for name in present}


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.NAME)
def test_every_variable_that_is_read_stands_in_a_fixture(adapter: Adapter) -> None:
    """A rule on a variable that no fixture has would be a rule that nothing tests."""
    rules = [rule for rules in adapter.FIELDS.values() for rule in rules]
    read = {name for rule in rules for name in (*rule.names, *rule.when, *rule.unless)}
    read |= {name for marker in adapter.MARKERS for name in (marker.name, *marker.also)} | set(adapter.IGNORED)
    content = "".join(path.read_text(encoding="utf-8") for path in (FOLDER / adapter.NAME).glob("*.json"))

    # Entries of GitHub's event file are nested there; the test of the pull request has all three.
    missing = {name for name in read if name.rstrip("*") not in content and not name.startswith("event.")}

    assert missing == set()


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.NAME)
def test_every_rule_decides_a_fixture(adapter: Adapter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any one of its rules an adapter gets at least one of its fixtures wrong."""
    cases = [_load(path) for path in CASES if path.parent.name == adapter.NAME]
    fields = dict(adapter.FIELDS)

    idle = []
    for field, rules in fields.items():
        for number, rule in enumerate(rules):
            others = rules[:number] + rules[number + 1 :]
            monkeypatch.setattr(adapter, "FIELDS", {**fields, field: others})
            contexts = [detect(case["env"], read_text=case.get("files", {}).get) for case in cases]
            if [case["context"] for case in cases] == msgspec.to_builtins(contexts):
                idle.append((field, rule.label))

    assert idle == []


def test_order_of_detection_is_fixed() -> None:
    """The order is the documented one: who imitates comes before whom it imitates, Jenkins last of the services."""
    assert [adapter.NAME for adapter in ADAPTERS] == [
        "harness",
        "woodpecker",
        "drone",
        "forgejo",
        "gitea",
        "github",
        "gitlab",
        "circleci",
        "buildkite",
        "teamcity",
        "azure",
        "appveyor",
        "bitbucket",
        "travis",
        "semaphore",
        "cirrus",
        "codefresh",
        "bitrise",
        "buddy",
        "codebuild",
        "gocd",
        "bamboo",
        "concourse",
        "cloudbuild",
        "jenkins",
        "local",
    ]


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.NAME)
def test_adapter_fills_only_fields_that_exist(adapter: Adapter) -> None:
    """Tables name fields of the context, and say where they were written from."""
    assert set(adapter.FIELDS) <= set(RunContext.__struct_fields__) - {"ci"}
    assert {field for field, _ in adapter.IGNORED.values()} <= set(RunContext.__struct_fields__)
    assert all(urlsplit(source).scheme == "https" for source in adapter.SOURCES)
    assert bool(adapter.SOURCES) == bool(adapter.FIELDS)
