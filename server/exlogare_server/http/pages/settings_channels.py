"""Settings: channels of messengers."""

from typing import Final

import falcon

from exlogare_server import limits
from exlogare_server.auth.sessions import ADMINS, Person
from exlogare_server.http.pages import checks, settings
from exlogare_server.http.pages.desk import Desk
from exlogare_server.http.pages.forms import Form
from exlogare_server.http.parts import Parts
from exlogare_server.notify.bodies import ChannelBody, ChannelChanges
from exlogare_server.notify.receivers import By, Receivers
from exlogare_server.notify.view import AttemptView

KINDS: Final = (
    ("slack", "Slack"), ("telegram", "Telegram"), ("matrix", "Matrix"), ("apprise", "Other"),
)  # fmt: skip
# A form that comes back has them empty: what is secret is typed again, and never sent back.
_SECRETS: Final = ("url", "bot_token", "access_token")
_FIELDS: Final = ("name", "url", "bot_token", "chat_id", "homeserver", "access_token", "room_id", "severity_min")


def by_of(person: Person) -> By:
    """Give who asks, as the use cases about receivers want it."""
    return By(person.tenant, person.actor.id, person.actor.name)


class _Page:
    """What the pages about channels need."""

    def __init__(self, desk: Desk, parts: Parts) -> None:
        self._desk = desk
        self._receivers: Receivers = parts.receivers

    def _show(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        person: Person,
        *,
        kind: str,
        status: str = falcon.HTTP_200,
        faults: dict[str, str] | None = None,
        given: dict[str, str] | None = None,
        tested: tuple[str, AttemptView] | None = None,
    ) -> None:
        settings.show(
            self._desk, req, resp, person, "channels", status=status, faults=faults or {},
            given={name: value for name, value in (given or {}).items() if name not in _SECRETS},
            kinds=KINDS, kind=kind if kind in dict(KINDS) else KINDS[0][0], tested=tested,
            channels=self._receivers.channels(by_of(person)), allowed=person.tenant.plan == "paid",
            channels_max=limits.CHANNELS_MAX, failures_max=limits.FAILURES_IN_A_ROW_MAX,
        )  # fmt: skip


class ChannelsPage(_Page):
    """``/settings/channels``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List the channels, with the form for a new one."""
        self._show(req, resp, self._desk.person(req, ADMINS), kind=req.get_param("kind") or "")

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Make a channel."""
        person, form = self._desk.submitted(req, ADMINS)
        kind = form.text("kind")
        values: dict[str, object] = {name: form.text(name) for name in _FIELDS}
        try:
            novel_only = form.text("novel_only") == "yes"
            body = checks.body_of(ChannelBody, {**values, "kind": kind, "novel_only": novel_only})
            self._receivers.add_channel(by_of(person), body)
        except checks.FORM_ERRORS as error:
            status, faults = checks.status_of(error), checks.faults_of(error)
            self._show(req, resp, person, kind=kind, status=status, faults=faults, given=form.values())
        else:
            self._desk.go(resp, "/settings/channels", "channel.create")


class ChannelPage(_Page):
    """``POST /settings/channels/{id}``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Change what a channel is told of, or whether it is told anything."""
        person, form = self._desk.submitted(req, ADMINS)
        body = checks.body_of(ChannelChanges, changes_of(form))
        self._receivers.change_channel(by_of(person), receiver_id, body)
        self._desk.go(resp, "/settings/channels", "channel.update")


class ChannelRemovalPage(_Page):
    """``POST /settings/channels/{id}/delete``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Delete a channel."""
        person, _ = self._desk.submitted(req, ADMINS)
        self._receivers.delete(by_of(person), receiver_id, channel=True)
        self._desk.go(resp, "/settings/channels", "channel.delete")


class ChannelTestPage(_Page):
    """``POST /settings/channels/{id}/test``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Send a test, and show how it went."""
        person, _ = self._desk.submitted(req, ADMINS)
        done = self._receivers.test(by_of(person), receiver_id, channel=True)
        self._show(req, resp, person, kind="", tested=(receiver_id, done))


def changes_of(form: Form) -> dict[str, object]:
    """Give the changes to a receiver that a form of few fields asks for."""
    changes: dict[str, object] = {
        name: form.text(name) == "yes" for name in ("enabled", "novel_only") if form.text(name)
    }
    changes |= {name: form.text(name) for name in ("severity_min", "name") if form.text(name)}
    return changes


PAGES = (
    ("/settings/channels", ChannelsPage),
    ("/settings/channels/{receiver_id}", ChannelPage),
    ("/settings/channels/{receiver_id}/delete", ChannelRemovalPage),
    ("/settings/channels/{receiver_id}/test", ChannelTestPage),
)
