"""Settings: API tokens."""

from datetime import datetime
from typing import Final

import falcon

from exlogare_server import limits
from exlogare_server.auth.bodies import TokenBody
from exlogare_server.auth.sessions import ADMINS, Person
from exlogare_server.auth.tokens import Tokens
from exlogare_server.auth.view import NewTokenView, TokenView, new_token_view, token_view
from exlogare_server.errors import FieldError, FieldsError
from exlogare_server.http.pages import checks, settings
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.pages.forms import Form
from exlogare_server.http.parts import Parts
from exlogare_server.read import moments
from exlogare_server.times import to_text

_ROWS: Final = 50
_ENDED_ROWS: Final = 25


class TokensPage:
    """``/settings/tokens``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._tokens = parts.tokens

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List the tokens, with the form for a new one."""
        self._show(req, resp, self._desk.person(req, ADMINS))

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Make a token, and show it this once."""
        person, form = self._desk.submitted(req, ADMINS)
        try:
            made = make_token(self._tokens, person, form)
        except checks.FORM_ERRORS as error:
            given = {**form.values(), "scopes": ",".join(form.all("scopes"))}
            status, faults = checks.status_of(error), checks.faults_of(error)
            self._show(req, resp, person, status=status, faults=faults, given=given)
        else:
            self._show(req, resp, person, status=falcon.HTTP_201, made=made)

    def _show(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        person: Person,
        *,
        status: str = falcon.HTTP_200,
        faults: dict[str, str] | None = None,
        given: dict[str, str] | None = None,
        made: NewTokenView | None = None,
    ) -> None:
        now = self._desk.clock()
        rows = [token_view(token) for token in self._tokens.all_of(person.tenant)]
        active = [row for row in rows if state_of(row, now) == "active"]
        ended = [row for row in rows if state_of(row, now) != "active"]
        settings.show(
            self._desk, req, resp, person, "tokens", status=status, faults=faults or {}, made=made,
            given=given or {"scopes": "ingest"}, active=settings.part_of(active, req.get_param("page") or "", _ROWS),
            count=len(active), ended=ended[:_ENDED_ROWS], ended_count=len(ended),
            state_of=lambda row: state_of(row, now), tokens_max=limits.TOKENS_ACTIVE_FREE_MAX,
            capped=person.tenant.plan == "free", full=person.tenant.plan == "free"
            and len(active) >= limits.TOKENS_ACTIVE_FREE_MAX, today=f"{now:%Y-%m-%d}",
        )  # fmt: skip


class TokenRevocationPage:
    """``POST /settings/tokens/{id}/revoke``."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._tokens = parts.tokens

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, token_id: str) -> None:
        """Revoke a token."""
        person, _ = self._desk.submitted(req, ADMINS)
        self._tokens.revoke(person.tenant, checks.id_of(token_id, "token"), actor=person.actor)
        self._desk.go(resp, "/settings/tokens", "token.revoke")


def make_token(tokens: Tokens, person: Person, form: Form) -> NewTokenView:
    """Make a token as a form describes it.

    Raises:
        FieldsError: fields are missing or do not fit.
        BadRequestError: the name, the scopes or the time make no sense.
        ForbiddenError: the plan's tokens are used up.
    """
    values = {"name": form.text("name"), "scopes": list(form.all("scopes")), "expires_at": form.text("expires_at")}
    body = checks.body_of(TokenBody, values)
    if not body.scopes:
        raise FieldsError(
            [FieldError(("body", "scopes"), "Choose at least one: what may the token do?", "value_error")]
        )
    moment = moments.parse(body.expires_at) if body.expires_at else None
    if body.expires_at and moment is None:
        raise FieldsError([FieldError(("body", "expires_at"), "This is no date.", "datetime_parsing")])
    token, raw = tokens.create(
        person.tenant,
        name=body.name,
        scopes=body.scopes,
        expires_at=moment.start if moment else None,
        actor=person.actor,
    )
    return new_token_view(token, raw)


def state_of(token: TokenView, now: datetime) -> str:
    """Say what a token is: ``active``, ``revoked`` or ``expired``."""
    if token.revoked_at is not None:
        return "revoked"
    return "expired" if token.expires_at is not None and token.expires_at <= to_text(now) else "active"


PAGES = (("/settings/tokens", TokensPage), ("/settings/tokens/{token_id}/revoke", TokenRevocationPage))
