"""How often a tenant may post to an endpoint."""

import math
import time
from uuid import UUID

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from exlogare_server.errors import RateLimitedError


class IngestRate:
    """A moving window of one minute for each tenant and endpoint, kept in this process's memory.

    Args:
        per_minute: requests a minute; 0 turns the limit off.
    """

    def __init__(self, per_minute: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._item = RateLimitItemPerMinute(per_minute) if per_minute else None

    def check(self, tenant_id: UUID, endpoint: str) -> None:
        """Count a request.

        Raises:
            RateLimitedError: it is one too many.
        """
        if self._item is None:
            return
        identifiers = ("ingest", str(tenant_id), endpoint)
        if self._limiter.hit(self._item, *identifiers):
            return
        reset_s = self._limiter.get_window_stats(self._item, *identifiers).reset_time
        wait_s = max(1, math.ceil(reset_s - time.time()))
        raise RateLimitedError(
            f"Over the limit of {self._item.amount} requests a minute here; try again in {wait_s} s.",
            wait_s,
        )
