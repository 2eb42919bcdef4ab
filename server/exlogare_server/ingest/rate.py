"""How often a tenant may post to an endpoint."""

from uuid import UUID

from limits import RateLimitItemPerMinute

from exlogare_server.errors import RateLimitedError
from exlogare_server.throttle import Throttle


class IngestRate:
    """A moving window of one minute for each tenant and endpoint.

    Args:
        per_minute: requests a minute; 0 turns the limit off.
        throttle: counts them.
    """

    def __init__(self, per_minute: int, throttle: Throttle) -> None:
        self._throttle = throttle
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None

    def check(self, tenant_id: UUID, endpoint: str) -> None:
        """Count a request.

        Raises:
            RateLimitedError: it is one too many.
            StoreUnavailableError: it cannot be counted, and the operator wants it refused then.
        """
        if self._item is None:
            return
        wait_s = self._throttle.hit(self._item, "ingest", str(tenant_id), endpoint)
        if wait_s is not None:
            raise RateLimitedError(
                f"Over the limit of {self._item.amount} requests a minute here; try again in {wait_s} s.",
                wait_s,
            )
