"""Settings: what all of its pages share, the first of them, the plan, the audit log."""

from collections.abc import Sequence
from typing import Any, Final

import falcon
import msgspec

from exlogare_server import limits
from exlogare_server.auth.sessions import ADMINS, EVERYBODY, Person
from exlogare_server.dashboard import navigation
from exlogare_server.errors import FieldsError
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.parts import Parts

_AUDIT_ROWS: Final = 50
_DIGITS_MAX: Final = 7


def show(
    desk: Desk,
    req: falcon.Request,
    resp: falcon.Response,
    person: Person,
    tab: str,
    *,
    status: str = falcon.HTTP_200,
    **values: object,
) -> None:
    """Answer with a page of the settings, whose template has the name of its tab."""
    desk.show(
        req,
        resp,
        f"settings_{tab}.html",
        section="settings",
        status=status,
        csrf=None,
        tab=tab,
        tabs=tabs_of(person),
        **values,
    )


class Part(msgspec.Struct, frozen=True):
    """Some rows of many: a page of them.

    Attributes:
        rows: that are shown.
        number: of the page, from 1.
        count: of the pages, at least 1.
    """

    rows: tuple[Any, ...]
    number: int
    count: int


def part_of(rows: Sequence[Any], number: str, rows_max: int) -> Part:
    """Give a page of rows; a number that is none, or too large, is the nearest that there is."""
    count = max(1, -(-len(rows) // rows_max))
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < _DIGITS_MAX else 1
    found = min(max(1, wanted), count)
    return Part(tuple(rows[(found - 1) * rows_max : found * rows_max]), found, count)


def tabs_of(person: Person) -> tuple[navigation.Entry, ...]:
    """Give the pages of the settings that somebody may see."""
    return navigation.settings_for(person.role)


class SettingsPage:
    """``GET /settings``."""

    def __init__(self, desk: Desk, _parts: Parts) -> None:
        self._desk = desk

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Lead to the first page that somebody may see."""
        person = self._desk.person(req)
        self._desk.go(resp, tabs_of(person)[0].address)


class PlanPage:
    """``GET /settings/plan``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._parts = parts

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show what the plan allows, and what is used of it."""
        person = self._desk.person(req, EVERYBODY)
        now = self._desk.clock()
        active = [
            token
            for token in self._parts.tokens.all_of(person.tenant)
            if token.revoked_at is None and (token.expires_at is None or token.expires_at > now)
        ]
        show(
            self._desk,
            req,
            resp,
            person,
            "plan",
            plan=person.tenant.plan,
            slug=person.tenant.slug,
            tokens_active=len(active),
            tokens_max=limits.TOKENS_ACTIVE_FREE_MAX,
            webhooks_max=limits.WEBHOOKS_MAX,
            channels_max=limits.CHANNELS_MAX,
            log_mib=limits.LOG_BYTES_MAX // limits.MIB,
        )


class AuditPage:
    """``GET /settings/audit``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._audit = parts.audit

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Show a page of the audit log."""
        person = self._desk.person(req, ADMINS)
        cursor = req.get_param("cursor") or ""
        try:
            page = self._audit.page(person.tenant.id, {"cursor": cursor, "limit": str(_AUDIT_ROWS)})
        except FieldsError:
            self._desk.go(resp, "/settings/audit")
            return
        show(self._desk, req, resp, person, "audit", page=page, is_first=not cursor)


PAGES = (("/settings", SettingsPage), ("/settings/plan", PlanPage), ("/settings/audit", AuditPage))
