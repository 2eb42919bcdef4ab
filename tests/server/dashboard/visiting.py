"""Somebody with a browser that runs no scripts: follows links and redirects, fills in the forms that are there."""

import html.parser
from typing import Any
from urllib.parse import urlencode

import falcon.testing
import msgspec
import pytest

from exlogare_server.store.protocol import Role, Tenant
from tests.server.harness import PASSWORD, Api

FORM = "application/x-www-form-urlencoded"
# For what has nothing to do with the database.
ON_SQLITE = pytest.mark.parametrize("api", ["sqlite"], indirect=True)


class Form(msgspec.Struct):
    """A form of a page: its address and fields as a browser would send them, and the words of its button."""

    action: str
    fields: list[tuple[str, str]]
    button: str = ""
    disabled: bool = False


class Page(html.parser.HTMLParser):
    """A page as it was answered: its words, forms and links.

    Args:
        result: the answer.
    """

    def __init__(self, result: falcon.testing.Result) -> None:
        super().__init__()
        self.status = result.status_code
        self.headers = result.headers
        self.text = result.text
        self.words = ""
        self.title = ""
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.by_id: dict[str, str] = {}
        self._open: list[tuple[str, str]] = []
        self._select = ""
        self.feed(result.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, a field, a link."""
        given = {name: value or "" for name, value in attrs}
        if tag not in ("input", "img", "br", "hr", "meta", "link"):
            self._open.append((tag, given.get("id", "")))
        if tag == "form":
            self.forms.append(Form(given["action"], []))
        elif tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "input" and self.forms:
            self._note_input(given)
        elif tag == "textarea" and self.forms:
            self.forms[-1].fields.append((given["name"], ""))
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select:
            self._note_option(given)
        elif tag == "button" and self.forms and given.get("type") == "submit":
            self.forms[-1].disabled = "disabled" in given

    def handle_endtag(self, tag: str) -> None:
        """Leave it."""
        if tag == "select":
            self._select = ""
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Collect words."""
        tags = [tag for tag, _ in self._open]
        if "title" in tags:
            self.title += data
        self.words = f"{self.words} {' '.join(data.split())}".strip()
        for _, found in self._open:
            if found:
                self.by_id[found] = self.by_id.get(found, "") + data
        if "button" in tags and "form" in tags:
            self.forms[-1].button = " ".join(f"{self.forms[-1].button} {data}".split())

    def _note_input(self, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in given:
            return
        if kind != "file":
            self.forms[-1].fields.append((given["name"], given.get("value", "")))

    def _note_option(self, given: dict[str, str]) -> None:
        fields = self.forms[-1].fields
        if not any(name == self._select for name, _ in fields):
            fields.append((self._select, given["value"]))
        elif "selected" in given:
            self.forms[-1].fields = [
                (name, given["value"] if name == self._select else value) for name, value in fields
            ]

    def form(self, action: str, button: str | None = None) -> Form:
        """The one form with an address, and where there are several with a button."""
        (found,) = (form for form in self.forms if form.action == action and button in (None, form.button))
        return found

    def actions(self) -> set[str]:
        """Where the forms of the page lead, without the one to sign out."""
        return {form.action for form in self.forms} - {"/logout"}


class Visitor:
    """A browser without scripts.

    Args:
        api: the application.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self.cookies: dict[str, str] = {}
        self.address = ""

    def get(self, address: str) -> Page:
        """Go to an address, and on where it leads."""
        return self._follow(self.send("GET", address))

    def fill(self, form: Form, changes: dict[str, str | list[str]] | None = None, /, **more: str | list[str]) -> Page:
        """Send a form with some fields changed, and go where it leads."""
        wanted = {**(changes or {}), **more}
        fields = [(name, value) for name, value in form.fields if name not in wanted]
        for name, value in wanted.items():
            fields += [(name, one) for one in ([value] if isinstance(value, str) else value)]
        return self._follow(self.post(form.action, fields))

    def post(self, address: str, fields: list[tuple[str, str]], **options: Any) -> falcon.testing.Result:
        """Send fields to an address."""
        headers = {"Content-Type": FORM, **options.pop("headers", {})}
        return self.send("POST", address, body=urlencode(fields).encode(), headers=headers, **options)

    def send(self, method: str, address: str, **options: Any) -> falcon.testing.Result:
        """Send a request, with and for the cookies."""
        headers = {"Accept": "text/html,*/*", **options.pop("headers", {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        path, _, query = address.partition("#")[0].partition("?")
        result = self._api.request(method, path, query_string=query, headers=headers, **options)
        for name, cookie in result.cookies.items():
            if cookie.max_age == 0 or not cookie.value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = cookie.value
        self.address = address
        return result

    def _follow(self, result: falcon.testing.Result) -> Page:
        for _ in range(5):
            if result.status_code != 303:
                return Page(result)
            result = self.send("GET", result.headers["location"])
        raise AssertionError("too many redirects")

    def sign_in(self, email: str, password: str = PASSWORD, address: str = "/login") -> Page:
        """Fill in the sign-in page."""
        return self.fill(self.get(address).form("/login"), email=email, password=password)


def visitor(api: Api, role: Role, tenant: Tenant | None = None) -> Visitor:
    """Somebody with a role, signed in."""
    email = f"{role}@{(tenant or api.tenant).slug}.example"
    api.add_user(email, role, tenant)
    found = Visitor(api)
    assert found.sign_in(email).status == 200
    return found
