"""Sends one delivery to its receiver, whatever kind it is."""

from collections.abc import Callable
from uuid import UUID

from exlogare_server.notify import messenger, webhook
from exlogare_server.notify.addresses import Policy
from exlogare_server.notify.messenger import Messenger
from exlogare_server.notify.sealing import Sealer
from exlogare_server.store.outbox import Attempt, Receiver
from exlogare_server.store.records import StoredAnalysis
from exlogare_server.times import Clock

# Shows an analysis as the API does.
Show = Callable[[StoredAnalysis], object]


class Sender:
    """Sends.

    Args:
        sealer: decrypts the receivers' secrets.
        policy: which addresses may be sent to.
        messenger: sends to channels.
        show: gives the analysis of a webhook's body.
        clock: gives the present time.
    """

    def __init__(self, *, sealer: Sealer, policy: Policy, messenger: Messenger, show: Show, clock: Clock) -> None:
        self._sealer = sealer
        self._policy = policy
        self._messenger = messenger
        self._show = show
        self._clock = clock

    def send(self, receiver: Receiver, delivery_id: UUID, analysis: StoredAnalysis) -> Attempt:
        """Send an analysis, once."""
        secret = self._sealer.open(receiver.sealed)
        if secret is None:
            return _NO_KEY
        if receiver.kind == "webhook":
            return self._post(receiver, secret, delivery_id, self._show(analysis))
        return self._messenger.send(secret, *messenger.text_of(analysis))

    def test(self, receiver: Receiver, delivery_id: UUID, sample: object) -> Attempt:
        """Send a test, once.

        Args:
            receiver: to whom.
            delivery_id: of the test.
            sample: stands where an analysis would.
        """
        secret = self._sealer.open(receiver.sealed)
        if secret is None:
            return _NO_KEY
        if receiver.kind == "webhook":
            return self._post(receiver, secret, delivery_id, sample)
        return self._messenger.send(secret, *messenger.test_text(receiver))

    def _post(self, receiver: Receiver, secret: str, delivery_id: UUID, analysis: object) -> Attempt:
        now = self._clock()
        name = webhook.event_id(delivery_id)
        body = webhook.body_of(name, receiver.tenant_id, analysis, now)
        return webhook.send(receiver.address, secret, name, body, policy=self._policy, now=now)


_NO_KEY = Attempt(None, "The receiver's secret cannot be decrypted: the server's keys have changed.")
