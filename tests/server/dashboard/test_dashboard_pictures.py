"""Static files, and plots as files of their own: who gets them, how long they are kept, what is in them."""

import re
import uuid
import xml.etree.ElementTree as ET
from urllib.parse import parse_qs, urlsplit

import pytest

from exlogare_server.auth.chart_keys import ChartKeys
from exlogare_server.dashboard.assets import Assets
from exlogare_server.errors import NotFoundError
from tests.server.dashboard.test_dashboard_pages import HOSTILE, post
from tests.server.dashboard.visiting import visitor
from tests.server.harness import Api

pytestmark = pytest.mark.usefixtures("quick_passwords")


def shared(api: Api) -> list[str]:
    """The addresses that a project's page gives out for READMEs."""
    page = visitor(api, "member").get("/projects/team/app")
    found = [found.replace("&amp;", "&") for found in re.findall(r"https://[^\s)\]]+\.svg\?[^\s)]+", page.text)]
    return [address.removeprefix("https://falconframework.org") for address in found]


def get(api: Api, address: str, **headers: str) -> tuple[int, str]:
    """Ask without any credential."""
    path, _, query = address.partition("?")
    result = api.request("GET", path, query_string=query, headers=headers)
    return result.status_code, result.text


def test_picture_is_given_to_whoever_has_its_address(api: Api) -> None:
    """A README's picture needs no session: its key cannot be guessed, and may be kept for minutes."""
    for number in range(3):
        post(api, number)
    addresses = shared(api)
    assert [urlsplit(address).path for address in addresses] == ["/charts/badge.svg", "/charts/failures.svg"]

    for address in addresses:
        path, _, query = address.partition("?")
        result = api.request("GET", path, query_string=query)
        assert (result.status_code, result.headers["content-type"]) == (200, "image/svg+xml")
        assert result.headers["cache-control"] == "public, max-age=300"
        assert result.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert result.headers["cross-origin-resource-policy"] == "cross-origin"
        words = " ".join("".join(ET.fromstring(result.text).itertext()).split())  # noqa: S314 - of our own making
        assert "3" in words
        assert get(api, address + "&theme=dark")[0] == 200
        assert get(api, address + "&theme=pink")[0] == 400


def test_wrong_key_opens_nothing(api: Api) -> None:
    """Nor does a right one for another project, tenant, or for everything."""
    post(api, 1)
    other = api.add_tenant("Other")
    (address, _) = shared(api)
    given = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}

    for changed in (
        {"key": "x"},
        {"key": given["key"][:-2] + "AA"},
        {"key": "ä" * 20},
        {"project": "team/other"},
        {"project": ""},
        {"tenant": str(other.id)},
        {"tenant": str(uuid.uuid4())},
        {"tenant": "x"},
        {"tenant": ""},
    ):
        query = "&".join(f"{name}={value}" for name, value in {**given, **changed}.items())
        assert get(api, f"/charts/badge.svg?{query}") == (404, '{"detail":"There is no such picture."}')
    assert get(api, "/charts/badge.svg")[0] == 401


def test_keys_end_with_the_secret_that_made_them() -> None:
    """After a rotation both are believed; without the old secret its keys are none."""
    tenant = uuid.uuid4()
    old = ChartKeys(["one"]).sign(tenant, "p")

    assert ChartKeys(["two", "one"]).check(tenant, "p", old) == tenant
    assert ChartKeys(["two", "one"]).sign(tenant, "p") != old
    for keys, project in ((ChartKeys(["two"]), "p"), (ChartKeys(["one"]), None), (ChartKeys(["one"]), "q")):
        with pytest.raises(NotFoundError):
            keys.check(tenant, project, old)


def test_picture_for_a_session_is_private(api: Api) -> None:
    """And shows whichever project, however it is named, as text."""
    post(api, 1, project=f"a/{HOSTILE}")
    somebody = visitor(api, "viewer")

    result = somebody.send("GET", "/charts/failures.svg?project=a/x")
    assert result.headers["cache-control"] == "private, max-age=300"
    named = somebody.send("GET", f"/charts/failures.svg?project={HOSTILE.replace('&', '%26').replace('#', '%23')}")
    root = ET.fromstring(named.text)  # noqa: S314 - of our own making
    assert {element.tag.partition("}")[2] for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "text", "path", "g",
    }  # fmt: skip
    assert not re.search(r"<script|\sstyle=|\son\w+=", named.text.replace(HOSTILE, ""))


def test_static_files_are_kept_for_ever_by_their_version(api: Api) -> None:
    """A page names the version; an address without it, or with an old one, is asked for again each time."""
    for name in ("app.css", "app.js", "icon.svg"):
        path, _, query = Assets().address(name).partition("?")
        named = api.request("GET", path, query_string=query)
        assert named.headers["cache-control"] == "public, max-age=31536000, immutable"
        other = api.request("GET", path, query_string="v=0123456789abcdef")
        assert (other.status_code, other.headers["cache-control"]) == (200, "no-cache")
        again = api.request("GET", path, headers={"If-None-Match": other.headers["etag"]})
        assert (again.status_code, again.text) == (304, "")
    assert api.request("GET", "/static/../app.py").status_code == 404
    assert api.request("GET", "/static/base.html").status_code == 404
