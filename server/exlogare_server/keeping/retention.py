"""Lets go of analyses that are older than the operator keeps them."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from exlogare_server import limits
from exlogare_server.store.protocol import Store
from exlogare_server.times import Clock

_log = logging.getLogger("exlogare_server.retention")


class Retention:
    """Deletes what is too old, a little at a time, with the figures of those days.

    Whole days go, in UTC: a daily figure is either there with all its analyses, or gone with them.

    Args:
        store: where analyses are.
        clock: gives the present time.
        days: how many days are kept beside the present one; 0 keeps everything.
        pause: waits between two steps, so that ingests come in between.
    """

    def __init__(self, store: Store, clock: Clock, days: int, *, pause: Callable[[float], object] = time.sleep) -> None:
        self._store = store
        self._clock = clock
        self._days = days
        self._pause = pause

    def run(self) -> int:
        """Delete what is too old; say how many analyses that were."""
        if self._days == 0:
            return 0
        today = self._clock().replace(hour=0, minute=0, second=0, microsecond=0)
        before = today - timedelta(days=self._days)
        deleted = 0
        while step := self._store.forget(before, rows_max=limits.RETENTION_ROWS):
            deleted += step
            self._pause(limits.RETENTION_PAUSE_S)
        if deleted:
            _log.info("forgot old analyses", extra={"count": deleted, "before": before.date().isoformat()})
        return deleted
