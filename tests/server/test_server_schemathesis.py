"""Schemathesis against the OpenAPI document: all checks, thousands of requests, each kind of credential."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig as Config

from exlogare_ci.analysis import analyze
from exlogare_server.http.operations import OPERATIONS, Operation
from tests.server.harness import Api, settings_for

pytestmark = pytest.mark.slow
EXAMPLES_EACH = 55


def has_inputs(operation: Operation) -> bool:
    """Whether there is anything to vary; what has nothing is sent once."""
    return operation.query is not None or operation.body is not None or "{" in operation.path


# Not counting what the checks send themselves.
assert EXAMPLES_EACH * sum(map(has_inputs, OPERATIONS)) >= 2_000
# What fits by its schema may be refused all the same where two parameters do not fit together, a cursor is
# none of ours, a time has passed, a receiver lies in a private network, a kind of channel needs a field more (422).
RULES_BEYOND_A_SCHEMA = {
    "get_v1_analyses", "get_audit", "post_tokens", "post_integrations_outbound_webhooks",
    "patch_integrations_outbound_webhooks_receiver_id", "post_integrations_notifications",
}  # fmt: skip
FITS = ["2xx", "401", "403", "404", "409", "5xx"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Api]:
    """An application with the real engine and an owner."""
    api = Api(settings_for(tmp_path_factory.mktemp("schemathesis") / "data", template), engine=analyze)
    yield api
    api.close()


@pytest.fixture(scope="module")
def headers(server: Api) -> dict[str, dict[str, str]]:
    """A credential for each kind of access."""
    access = {"Authorization": f"Bearer {server.browser('owner').access_token}"}
    token = {"Authorization": f"Bearer {server.token}"}
    return {
        "open": {}, "csrf": {"X-CSRF-Token": "a" * 43, "Cookie": f"csrf_token={'a' * 43}"}, "ingest": token,
        "read": token, "reader": token, "person": access, "writer": access, "admin": access,
    }  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_operation_is_as_described(server: Api, headers: dict[str, dict[str, str]], operation: Operation) -> None:
    """No check finds anything: statuses, types, shapes, headers, misfits refused, fits taken, methods, credentials."""
    config = Config()
    if operation.name in RULES_BEYOND_A_SCHEMA:
        config.projects.default.checks.positive_data_acceptance.expected_statuses = (
            [*FITS, "400", "422"] if "notifications" in operation.name else [*FITS, "400"]
        )
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", server.application.wsgi, config=config)
    described = schema[operation.path][operation.method]
    sent = headers[operation.access]
    examples: list[schemathesis.Case[Any]] = []
    modes = [GenerationMode("positive")]
    if has_inputs(operation):
        modes.append(GenerationMode("negative"))

    @hypothesis.settings(
        max_examples=EXAMPLES_EACH,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=st.one_of([described.as_strategy(generation_mode=mode) for mode in modes]))
    def check(case: schemathesis.Case[Any]) -> None:
        examples.append(case)
        case.call_and_validate(headers=sent)

    check()

    assert len(examples) >= (EXAMPLES_EACH if has_inputs(operation) else 1)
