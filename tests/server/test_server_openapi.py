"""The OpenAPI document: whole, right, and shown to people."""

import html.parser
import re
from typing import Any

import falcon
import msgspec
import pytest

from exlogare_server.http.operations import OPERATIONS
from exlogare_server.http.pages.table import PAGES
from tests.server.harness import Api

# What describes the API, and what programs other than clients ask for.
NOT_DESCRIBED = {("GET", "/api/openapi.json"), ("GET", "/api/docs"), ("GET", "/metrics")}


def document(api: Api) -> dict[str, Any]:
    """The document as it is served."""
    result = api.request("GET", "/api/openapi.json")
    assert (result.status_code, result.headers["content-type"]) == (200, "application/json")
    found: dict[str, Any] = result.json
    return found


def addresses(api: Api) -> set[tuple[str, str]]:
    """The application's methods and addresses, from its router."""
    app: falcon.App[Any, Any] = api.application.wsgi._app  # type: ignore[attr-defined]  # noqa: SLF001
    found: set[tuple[str, str]] = set()
    waiting = list(app._router._roots)  # noqa: SLF001
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.uri_template is not None:
            found |= {
                (method, node.uri_template)
                for method, responder in (node.method_map or {}).items()
                if getattr(responder, "__self__", None) is not None
            }
    return found


def test_every_address_is_described(api: Api) -> None:
    """And nothing is described that is not there."""
    described = {(operation.method, operation.path) for operation in OPERATIONS}

    pages = {address for address, _ in PAGES}
    assert described == {found for found in addresses(api) - NOT_DESCRIBED if found[1] not in pages}
    paths = document(api)["paths"]
    assert described == {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS)


def test_document_stands_on_its_own(api: Api) -> None:
    """It is OpenAPI 3.1, and every reference leads somewhere in it."""
    found = document(api)

    assert found["openapi"] == "3.1.1"
    references = set(re.findall(r'"\$ref": ?"#/components/schemas/(\w+)"', msgspec.json.encode(found).decode()))
    assert references <= set(found["components"]["schemas"])
    schemes = {name for path in found["paths"].values() for op in path.values() for s in op["security"] for name in s}
    assert schemes == set(found["components"]["securitySchemes"])


def test_document_says_what_the_structs_check(api: Api) -> None:
    """A body's bounds are those of the struct that checks it."""
    schema = document(api)["components"]["schemas"]["JenkinsBody"]

    assert schema["required"] == ["job", "build_number", "status", "log"]
    assert schema["properties"]["job"]["maxLength"] == 512
    assert schema["properties"]["build_number"] == {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
    assert re.search(schema["properties"]["status"]["pattern"], "Not_Built")
    assert not re.search(schema["properties"]["status"]["pattern"], "failed")


class Loads(html.parser.HTMLParser):
    """Collects what a page would make a browser ask for, and its words."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)
        self.asked += [value or "" for name, value in attrs if name in ("src", "srcset", "data", "action", "style")]


def test_page_for_people(api: Api) -> None:
    """Every operation is on it; the browser asks for nothing else, and may not."""
    result = api.request("GET", "/api/docs")

    assert (result.status_code, result.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert result.headers["content-security-policy"].startswith("default-src 'none';")
    page = Loads()
    page.feed(result.text)
    assert page.asked == []
    assert not page.tags & {"script", "link", "img", "iframe"}
    for operation in OPERATIONS:
        assert f'id="{operation.name}"' in result.text
        assert f"<code>{operation.path}</code>" in result.text


@pytest.mark.parametrize("path", ["/api/openapi.json", "/api/docs"])
def test_description_needs_no_credential(api: Api, path: str) -> None:
    """It tells nothing that the sources do not."""
    assert api.request("GET", path).status_code == 200
