"""How often something may happen: counted in this process's memory, or in Redis (or Valkey) for many processes."""

import logging
import math
import threading
import time

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from exlogare_server import limits
from exlogare_server.errors import StoreUnavailableError

_log = logging.getLogger("exlogare_server.throttle")


class Throttle:
    """Moving windows.

    While Redis does not answer, an open throttle counts in memory, so that each process still holds the rate
    by itself; a closed one lets nothing in. It is asked again every ``REDIS_RETRY_S``, not by every request.

    Args:
        redis_url: where to count; ``None`` for this process's memory.
        open_when_away: what to do while Redis does not answer.
    """

    def __init__(self, redis_url: str | None = None, *, open_when_away: bool = True) -> None:
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._shared = None if redis_url is None else _redis(redis_url)
        self._open_when_away = open_when_away
        self._lock = threading.Lock()
        self._away_until_s = 0.0

    def hit(self, item: RateLimitItem, *names: str) -> int | None:
        """Count one.

        Args:
            item: so many in such a time.
            names: what is counted, and for whom.

        Returns:
            ``None`` when there was room, else after how many seconds there will be, at least 1.

        Raises:
            StoreUnavailableError: Redis does not answer, and the throttle is a closed one.
        """
        if self._shared is not None and self._may_ask():
            try:
                wait_s = _hit(self._shared, item, names)
            except StorageError as error:
                self._note_away(type(error.storage_error).__name__)
            else:
                self._away_until_s = 0.0
                return wait_s
        if self._shared is not None and not self._open_when_away:
            raise StoreUnavailableError("The rate limits cannot be counted right now; try again.", limits.RETRY_AFTER_S)
        return _hit(self._local, item, names)

    def fault(self) -> str | None:
        """Say in a sentence why nothing can be let in; ``None`` while it can."""
        if self._shared is None or self._open_when_away or self._shared.storage.check():
            return None
        return "Redis does not answer, and EXLOGARE_REDIS_AWAY is closed."

    def _may_ask(self) -> bool:
        """While Redis is away let one request in ``REDIS_RETRY_S`` find out whether it is back."""
        with self._lock:
            now_s = time.monotonic()
            if now_s < self._away_until_s:
                return False
            if self._away_until_s:
                self._away_until_s = now_s + limits.REDIS_RETRY_S
        return True

    def _note_away(self, kind: str) -> None:
        with self._lock:
            self._away_until_s = time.monotonic() + limits.REDIS_RETRY_S
        _log.warning("redis does not answer", extra={"error": kind})


def _redis(url: str) -> MovingWindowRateLimiter:
    time_s = limits.REDIS_MS_MAX / 1000
    return MovingWindowRateLimiter(
        RedisStorage(
            # limits knows a path to a socket under a name of its own.
            url.replace("unix://", "redis+unix://", 1) if url.startswith("unix://") else url,
            wrap_exceptions=True,
            socket_timeout=time_s,
            socket_connect_timeout=time_s,
            key_prefix="exlogare",
        )
    )


def _hit(limiter: MovingWindowRateLimiter, item: RateLimitItem, names: tuple[str, ...]) -> int | None:
    if limiter.hit(item, *names):
        return None
    reset_s = limiter.get_window_stats(item, *names).reset_time
    return max(1, math.ceil(reset_s - time.time()))
