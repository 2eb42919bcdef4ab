"""The addresses about receivers: outbound webhooks, and channels of messengers. For owners and admins."""

import falcon

from exlogare_server.auth.sessions import ADMINS
from exlogare_server.http import bodies
from exlogare_server.http.answers import send
from exlogare_server.http.security import Gate
from exlogare_server.notify.bodies import ChannelBody, ChannelChanges, RedeliverBody, WebhookBody, WebhookChanges
from exlogare_server.notify.receivers import By, Receivers


class _Resource:
    """What all of them need."""

    def __init__(self, receivers: Receivers, gate: Gate) -> None:
        self._receivers = receivers
        self._gate = gate

    def _admin(self, req: falcon.Request) -> By:
        person = self._gate.person(req, ADMINS)
        return By(person.tenant, person.actor.id, person.actor.name)


class WebhooksResource(_Resource):
    """``/api/integrations/outbound-webhooks``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List the tenant's webhooks."""
        send(resp, self._receivers.webhooks(self._admin(req)))

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Make a webhook."""
        by = self._admin(req)
        send(resp, self._receivers.add_webhook(by, bodies.read_small(req, WebhookBody)), falcon.HTTP_201)


class WebhookResource(_Resource):
    """``/api/integrations/outbound-webhooks/{id}``."""

    def on_patch(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Change a webhook."""
        by = self._admin(req)
        send(resp, self._receivers.change_webhook(by, receiver_id, bodies.read_small(req, WebhookChanges)))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Delete a webhook."""
        self._receivers.delete(self._admin(req), receiver_id, channel=False)
        resp.status = falcon.HTTP_204


class DeliveriesResource(_Resource):
    """``GET /api/integrations/outbound-webhooks/{id}/deliveries``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Show what is owed, and the last attempts."""
        send(resp, self._receivers.deliveries(self._admin(req), receiver_id))


class WebhookSecretResource(_Resource):
    """``POST /api/integrations/outbound-webhooks/{id}/rotate-secret``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Give a webhook a new secret."""
        send(resp, self._receivers.rotate_secret(self._admin(req), receiver_id))


class RedeliveryResource(_Resource):
    """``POST /api/integrations/outbound-webhooks/{id}/redeliver``."""

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Send an analysis once more."""
        by = self._admin(req)
        body = bodies.read_small(req, RedeliverBody)
        send(resp, self._receivers.redeliver(by, receiver_id, body.analysis_id), falcon.HTTP_202)


class TestResource(_Resource):
    """``POST …/{id}/test``, of a webhook or of a channel."""

    # Not a test, whatever pytest thinks of the name.
    __test__ = False

    def __init__(self, receivers: Receivers, gate: Gate, *, channel: bool) -> None:
        super().__init__(receivers, gate)
        self._channel = channel

    def on_post(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Send a test."""
        send(resp, self._receivers.test(self._admin(req), receiver_id, channel=self._channel))


class ChannelsResource(_Resource):
    """``/api/integrations/notifications``."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """List the tenant's channels."""
        send(resp, self._receivers.channels(self._admin(req)))

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Make a channel."""
        by = self._admin(req)
        send(resp, self._receivers.add_channel(by, bodies.read_small(req, ChannelBody)), falcon.HTTP_201)


class ChannelResource(_Resource):
    """``/api/integrations/notifications/{id}``."""

    def on_patch(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Change a channel."""
        by = self._admin(req)
        send(resp, self._receivers.change_channel(by, receiver_id, bodies.read_small(req, ChannelChanges)))

    def on_delete(self, req: falcon.Request, resp: falcon.Response, *, receiver_id: str) -> None:
        """Delete a channel."""
        self._receivers.delete(self._admin(req), receiver_id, channel=True)
        resp.status = falcon.HTTP_204
