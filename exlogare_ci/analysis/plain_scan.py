"""What masking needs of Hyperscan, in plain Python: slower, and there where Hyperscan's library cannot be loaded.

Masking must not depend on a compiled library: whoever cannot load it can still upload, but never unmasked. Names and
arguments are those of the ``hyperscan`` package, as far as masking uses them. The engine has no such substitute: its
2,000 patterns would take minutes.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

HS_FLAG_CASELESS: Final = 1
HS_FLAG_SOM_LEFTMOST: Final = 256

Handler = Callable[[int, int, int, int, object], object]
"""Takes a pattern's number, start and end of a match, flags and a context."""

_LITERAL: Final = re.compile(rb"(?:\\x[0-9a-f]{2})+")


class Database:
    """Patterns that are looked for together."""

    def __init__(self) -> None:
        self._caseless: list[tuple[int, bytes]] = []
        self._literals: list[tuple[int, bytes]] = []
        self._patterns: list[tuple[int, re.Pattern[bytes]]] = []

    def compile(self, *, expressions: Sequence[bytes], ids: Sequence[int], elements: int, flags: Sequence[int]) -> None:
        r"""Take the patterns.

        Args:
            expressions: each either a literal written as ``\xNN\xNN…`` or a pattern that ``re`` takes and that
                holds no open repetition.
            ids: what the handler is given for each.
            elements: how many there are.
            flags: for each; only ``HS_FLAG_CASELESS`` counts.
        """
        del elements
        for expression, number, flag in zip(expressions, ids, flags, strict=True):
            is_caseless = bool(flag & HS_FLAG_CASELESS)
            if _LITERAL.fullmatch(expression):
                literal = bytes.fromhex(expression.replace(b"\\x", b"").decode())
                if is_caseless:
                    self._caseless.append((number, literal.lower()))
                else:
                    self._literals.append((number, literal))
            else:
                self._patterns.append((number, re.compile(expression, re.IGNORECASE if is_caseless else 0)))

    def scan(self, data: bytes, *, match_event_handler: Handler, scratch: object = None) -> None:
        """Report every place where a pattern matches, in no order.

        Args:
            data: where to look.
            match_event_handler: is called for each match; what it returns does not count.
            scratch: not needed here.
        """
        del scratch
        for text, literals in ((data, self._literals), (data.lower() if self._caseless else b"", self._caseless)):
            for number, literal in literals:
                start = text.find(literal)
                while start >= 0:
                    match_event_handler(number, start, start + len(literal), 0, None)
                    start = text.find(literal, start + 1)
        for number, pattern in self._patterns:
            found = pattern.search(data)
            while found is not None:
                match_event_handler(number, found.start(), found.end(), 0, None)
                found = pattern.search(data, found.start() + 1)


class Scratch:
    """Hyperscan's working memory, of which there is none here."""

    def __init__(self, database: Database) -> None:
        del database
