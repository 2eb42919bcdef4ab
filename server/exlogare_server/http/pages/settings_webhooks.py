"""Settings: outbound webhooks and their deliveries."""

import falcon

from exlogare_server import limits
from exlogare_server.auth.sessions import ADMINS, Person
from exlogare_server.http.pages import checks, settings
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.pages.settings_channels import by_of, changes_of
from exlogare_server.http.parts import Parts
from exlogare_server.notify.bodies import RedeliverBody, WebhookBody, WebhookChanges
from exlogare_server.notify.view import AttemptView, WebhookSecretView

_RECENT = 20


class _Page:
    """What the pages about webhooks need."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._receivers = parts.receivers
        self._analyses = parts.analyses

    def _show_all(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        person: Person,
        *,
        status: str = falcon.HTTP_200,
        faults: dict[str, str] | None = None,
        given: dict[str, str] | None = None,
    ) -> None:
        settings.show(
            self._desk, req, resp, person, "webhooks", status=status, faults=faults or {}, given=given or {},
            webhooks=self._receivers.webhooks(by_of(person)), allowed=person.tenant.plan == "paid",
            webhooks_max=limits.WEBHOOKS_MAX,
        )  # fmt: skip

    def _show_one(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        person: Person,
        receiver_id: str,
        *,
        status: str = falcon.HTTP_200,
        faults: dict[str, str] | None = None,
        made: WebhookSecretView | None = None,
        tested: AttemptView | None = None,
    ) -> None:
        by = by_of(person)
        desk, webhook = self._desk, self._receivers.webhook(by, receiver_id)
        recent = self._analyses.page(person.tenant.id, {"limit": str(_RECENT)}).items
        desk.show(
            req, resp, "settings_webhook.html", section="settings", status=status, tab="webhooks",
            tabs=settings.tabs_of(person), webhook=webhook, faults=faults or {}, made=made, tested=tested,
            recent=recent, deliveries=self._receivers.deliveries(by, receiver_id), allowed=person.tenant.plan == "paid",
            failures_max=limits.FAILURES_IN_A_ROW_MAX, attempts_max=limits.ATTEMPTS_KEPT_MAX,
        )  # fmt: skip


class WebhooksPage(_Page):
    """``/settings/webhooks``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List the webhooks, with the form for a new one."""
        self._show_all(req, resp, self._desk.person(req, ADMINS))

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Make a webhook, and show its secret this once."""
        person, form = self._desk.submitted(req, ADMINS)
        given = {"name": form.text("name"), "url": form.text("url")}
        try:
            made = self._receivers.add_webhook(by_of(person), checks.body_of(WebhookBody, given))
        except checks.FORM_ERRORS as error:
            status, faults = checks.status_of(error), checks.faults_of(error)
            self._show_all(req, resp, person, status=status, faults=faults, given=given)
        else:
            self._show_one(req, resp, person, str(made.id), status=falcon.HTTP_201, made=made)


class WebhookPage(_Page):
    """``/settings/webhooks/{id}``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Show a webhook and its last deliveries."""
        self._show_one(req, resp, self._desk.person(req, ADMINS), receiver_id)

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Change its name, its address, or whether it is told anything."""
        person, form = self._desk.submitted(req, ADMINS)
        try:
            body = checks.body_of(WebhookChanges, {**changes_of(form), "url": form.text("url")})
            self._receivers.change_webhook(by_of(person), receiver_id, body)
        except checks.FORM_ERRORS as error:
            status, faults = checks.status_of(error), checks.faults_of(error)
            self._show_one(req, resp, person, receiver_id, status=status, faults=faults)
        else:
            self._desk.go(resp, f"/settings/webhooks/{receiver_id}", "webhook.update")


class WebhookRemovalPage(_Page):
    """``POST /settings/webhooks/{id}/delete``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Delete a webhook."""
        person, _ = self._desk.submitted(req, ADMINS)
        self._receivers.delete(by_of(person), receiver_id, channel=False)
        self._desk.go(resp, "/settings/webhooks", "webhook.delete")


class WebhookSecretPage(_Page):
    """``POST /settings/webhooks/{id}/rotate-secret``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Give a webhook a new secret, and show it this once."""
        person, _ = self._desk.submitted(req, ADMINS)
        made = self._receivers.rotate_secret(by_of(person), receiver_id)
        self._show_one(req, resp, person, receiver_id, made=made)


class WebhookTestPage(_Page):
    """``POST /settings/webhooks/{id}/test``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Send a test, and show how it went."""
        person, _ = self._desk.submitted(req, ADMINS)
        tested = self._receivers.test(by_of(person), receiver_id, channel=False)
        self._show_one(req, resp, person, receiver_id, tested=tested)


class RedeliveryPage(_Page):
    """``POST /settings/webhooks/{id}/redeliver``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Send an analysis once more."""
        person, form = self._desk.submitted(req, ADMINS)
        try:
            body = checks.body_of(RedeliverBody, {"analysis_id": form.text("analysis_id")})
            self._receivers.redeliver(by_of(person), receiver_id, body.analysis_id)
        except checks.FORM_ERRORS as error:
            faults = {"analysis_id": next(iter(checks.faults_of(error).values()))}
            self._show_one(req, resp, person, receiver_id, status=checks.status_of(error), faults=faults)
        else:
            self._desk.go(resp, f"/settings/webhooks/{receiver_id}", "webhook.redeliver")


PAGES = (
    ("/settings/webhooks", WebhooksPage),
    ("/settings/webhooks/{receiver_id}", WebhookPage),
    ("/settings/webhooks/{receiver_id}/delete", WebhookRemovalPage),
    ("/settings/webhooks/{receiver_id}/rotate-secret", WebhookSecretPage),
    ("/settings/webhooks/{receiver_id}/test", WebhookTestPage),
    ("/settings/webhooks/{receiver_id}/redeliver", RedeliveryPage),
)
