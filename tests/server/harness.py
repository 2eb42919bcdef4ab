"""What the server's tests share: a clock that stands still, a fresh database, an API client without a network."""

import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import falcon.testing
import msgspec

from exlogare_ci.analysis.model import Analysis, EvidenceLine
from exlogare_server.app import Application, make_app
from exlogare_server.auth.tenants import Tenants
from exlogare_server.auth.tokens import Tokens
from exlogare_server.ingest.service import EngineOfBytes
from exlogare_server.settings import Settings, load
from exlogare_server.store.protocol import SEVERITIES, Plan, Role, Severity, Tenant

NOON = datetime(2026, 11, 23, 12, 0, 0, 250_000, tzinfo=timezone.utc)

JENKINS: dict[str, Any] = {"job": "team/app", "build_number": 7, "status": "FAILURE", "log": "error: no such file\n"}


PASSWORD = "correct horse battery"
SEVERITIES_BY_NAME: dict[str, Severity] = {severity: severity for severity in SEVERITIES}


class FakeClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Give the time."""
        return self.now

    def advance(self, **amount: float) -> None:
        """Move on, by the arguments of ``timedelta``."""
        self.now += timedelta(**amount)


def first_line_engine(log: bytes, *, known_failed: bool | None = None) -> Analysis:
    """An engine whose answer can be foretold: the first line is the cause.

    Causes with the same first word are the same; a first word that is a severity is the severity.
    """
    del known_failed
    line = log.split(b"\n", 1)[0].decode("utf-8", "replace")[:200]
    return Analysis(
        failed=True,
        root_cause=line,
        explanation="The first line.",
        fix_suggestion="Read it.",
        severity=SEVERITIES_BY_NAME.get(line.split(" ")[0], "high"),
        confidence=0.5,
        category="code.test",
        cause_line=1,
        evidence=(EvidenceLine(1, line),),
        fingerprint=f"v1:{line.split(' ')[0]}",
        tool="test",
    )


def settings_for(folder: Path, template: Path, env: Mapping[str, str] | None = None) -> Settings:
    """Make settings for a folder that gets a copy of an empty, migrated database."""
    folder.mkdir(exist_ok=True)
    shutil.copyfile(template, folder / "exlogare.db")
    return load({"EXLOGARE_INGEST_RATE_PER_MINUTE": "0", **(env or {})}, data_dir=folder)


class Api:
    """A client of an application in this process; every answer passes ``wsgiref.validate``.

    Args:
        settings: of a migrated database.
        engine: finds the root causes.
        clock: the application's time.
    """

    def __init__(
        self, settings: Settings, *, engine: EngineOfBytes = first_line_engine, clock: FakeClock | None = None
    ) -> None:
        self.clock = clock or FakeClock()
        self.application: Application = make_app(settings, engine=engine, clock=self.clock)
        self.store = self.application.store
        self.tokens = Tokens(self.store, self.clock)
        self._client = falcon.testing.TestClient(self.application.wsgi)
        self.tenant = self.add_tenant("Acme")
        self.token = self.add_token()

    def add_tenant(self, name: str, plan: Plan = "paid") -> Tenant:
        """Make a tenant."""
        return Tenants(self.store, self.clock).ensure(name=name, plan=plan)[0]

    def add_token(self, tenant: Tenant | None = None, *scopes: str, expires_at: datetime | None = None) -> str:
        """Make a token with the scopes, both by default, and give its raw form."""
        return self.tokens.create(
            tenant or self.tenant, name="test", scopes=scopes or ("ingest", "read"), expires_at=expires_at
        )[1]

    def add_user(self, email: str, role: Role, tenant: Tenant | None = None) -> None:
        """Make a user with ``PASSWORD`` and a role in a tenant, or change the role."""
        tenants = Tenants(self.store, self.clock)
        tenants.ensure_role(tenant or self.tenant, tenants.ensure_user(email=email, password=PASSWORD)[0], role)

    def browser(self, role: Role | None = None, tenant: Tenant | None = None) -> "Browser":
        """Open a browser; with a role, a user with it in the tenant is logged in."""
        browser = Browser(self)
        if role is not None:
            email = f"{role}@{(tenant or self.tenant).slug}.example"
            self.add_user(email, role, tenant)
            assert browser.login(email).status_code == 200
        return browser

    def request(self, method: str, path: str, **options: Any) -> falcon.testing.Result:
        """Send a request as it is given."""
        return self._client.simulate_request(method, path, **{"remote_addr": "127.0.0.1", **options})

    def post(
        self, endpoint: str, body: object, *, token: str | None = None, headers: Mapping[str, str] | None = None
    ) -> falcon.testing.Result:
        """Post a body (bytes as they are, else as JSON) to an ingest endpoint."""
        return self.request(
            "POST",
            f"/api/ingest/{endpoint}",
            body=body if isinstance(body, bytes) else msgspec.json.encode(body),
            headers={
                "Authorization": f"Bearer {token or self.token}",
                "Content-Type": "application/json",
                **(headers or {}),
            },
        )

    def accepted(self, endpoint: str, body: object, *, token: str | None = None) -> str:
        """Post a body that is fine, and give the analysis's id."""
        result = self.post(endpoint, body, token=token)
        assert result.status_code == 202, result.text
        assert list(result.json) == ["status", "analysis_id"]
        return str(result.json["analysis_id"])

    def get(self, path: str, *, token: str | None = None, **parameters: str) -> falcon.testing.Result:
        """Get an address."""
        return self.request("GET", path, params=parameters, headers={"Authorization": f"Bearer {token or self.token}"})

    def items(self, **parameters: str) -> list[dict[str, Any]]:
        """Get the analyses of one page."""
        result = self.get("/api/v1/analyses", **parameters)
        assert result.status_code == 200, result.text
        items: list[dict[str, Any]] = result.json["items"]
        return items

    def close(self) -> None:
        """Stop the application."""
        self.application.close()


class Browser:
    """A browser: keeps cookies, and sends the CSRF token as our pages do.

    Args:
        api: the application.
    """

    def __init__(self, api: Api) -> None:
        self._api = api
        self.cookies: dict[str, str] = {}
        self.access_token = ""

    def send(
        self, method: str, path: str, body: object = None, *, csrf: bool = True, **options: Any
    ) -> falcon.testing.Result:
        """Send a request; a body is sent as JSON."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if csrf and method != "GET" and "csrf_token" in self.cookies:
            headers["X-CSRF-Token"] = self.cookies["csrf_token"]
        headers.update(options.pop("headers", {}))
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        content = None if body is None else msgspec.json.encode(body)
        result = self._api.request(method, path, body=content, headers=headers, **options)
        for name, cookie in result.cookies.items():
            if cookie.max_age == 0 or not cookie.value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = cookie.value
        return result

    def get(self, path: str, **parameters: Any) -> falcon.testing.Result:
        """Get an address."""
        return self.send("GET", path, params=parameters)

    def login(self, email: str, password: str = PASSWORD, **options: Any) -> falcon.testing.Result:
        """Log in, as our page does it: with a CSRF token of before."""
        self.get("/api/auth/csrf")
        body = {"email": email, "password": password, **options.pop("more", {})}
        result = self.send("POST", "/api/auth/login", body, **options)
        if result.status_code == 200:
            self.access_token = result.json["access_token"]
        return result
