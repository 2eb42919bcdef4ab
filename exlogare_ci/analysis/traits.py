"""Which of a few texts a log holds anywhere: one look for all of them, at a tenth of the cost of one search each."""

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import hyperscan

from exlogare_ci.analysis.scanner import database_of
from exlogare_ci.analysis.secret_values import escaped


class Traits:
    """Texts to look for; safe to use from several threads.

    Args:
        texts: what to look for, without regard to where it stands.
    """

    def __init__(self, texts: Sequence[bytes]) -> None:
        self._texts = sorted(texts)  # a set's order is another in each process: each would compile and keep its own
        self._own = threading.local()

    @cached_property
    def _database(self) -> Any:
        return database_of([escaped(text) for text in self._texts], [hyperscan.HS_FLAG_SINGLEMATCH] * len(self._texts))

    def of(self, data: bytes) -> set[bytes]:
        """Return those of the texts that stand anywhere in the data."""
        scratch = getattr(self._own, "scratch", None)  # Hyperscan's scratch space must not be shared by threads
        if scratch is None:
            scratch = self._own.scratch = hyperscan.Scratch(self._database)
        found: set[bytes] = set()

        def hit(number: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            found.add(self._texts[number])

        if data:
            self._database.scan(data, match_event_handler=hit, scratch=scratch)
        return found
