"""Masking of secrets: known values, known shapes, and every other place where a found value stands."""

import re
import threading
from collections.abc import Iterable, Sequence
from functools import cache
from math import log2

import hyperscan

from exlogare_ci.analysis.secret_rule import SecretRule
from exlogare_ci.analysis.secret_rules import RULES

VALUE_BYTES_MIN = 6
"""A known value shorter than this is not masked: it would black out ordinary words."""
FOUND_VALUE_BYTES_MIN = 8
"""A value found by its shape is masked elsewhere only from this length on."""
FOUND_VALUES_MAX = 2_000
"""How many found values are looked for elsewhere; each is masked where it was found in any case."""

_KEY_LINES_MAX = 200  # a 16,384-bit RSA key in PEM has 197 lines of 64 characters
_KEY_BYTES_MAX = 64 * 1024
_KEY_HEADERS_MAX = 3  # Proc-Type, DEK-Info and an empty line may come before the body (RFC 1421)
_CUT_VALUE_BYTES_MIN = 127  # from here on the pattern's own bound may have cut the value short
_SCAN_LITERAL_BYTES_MAX = 4_096  # longer values are looked for one by one
_FIND_BYTES_MAX = 4 * 1024 * 1024  # bytes times values up to which a plain search beats building a database
_TOKEN_BYTES_MIN = 12
_WORDLESS_BYTES_MIN = 24  # 24 random base64 characters hold no digit once in 60 times; shorter ones are words
_ENTROPY_BITS_MIN = 2.8  # 12 random hex digits have 2.9 on average; words with a number in them less
_ENTROPY_WITHOUT_DIGITS_BITS_MIN = 4.0

# Where a word starts, and what looks like a letter but ends an escape: ESC[31m, a written-out \n, %3D.
_BOUNDARY = rb"(?:(?<![A-Za-z0-9_])|(?<=[0-9;\[]m)|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
_REST_OF_VALUE = re.compile(rb"[^\s\"'\\,;&()<>\[\]{}|`]*")
_KEY_RUN = re.compile(rb"[A-Za-z0-9+/]{40}")
_KEY_BODY = re.compile(rb"[A-Za-z0-9+/]{40}={0,2}\r?$")
_KEY_BODY_BYTES = 44  # 40 characters of base64, padding, carriage return
_PLAIN_PLACE = re.compile(rb"(?:\.{0,2}/|~/|[A-Za-z]:[\\/]|[a-z][a-z0-9+.-]{1,15}://)")
_DIGIT = re.compile(rb"[0-9]")
_SYMBOL = re.compile(rb"[^A-Za-z0-9_.\-:]")

Span = tuple[int, int, str]
"""Start and end (exclusive) in bytes, and the id that stands in the secret's place."""


def mask(data: bytes, values: Sequence[bytes] = ()) -> bytes:
    r"""Put ``[masked:<rule id>]`` in the place of every secret.

    The number of lines does not change: a secret of several lines (a private key, a value with line feeds) is
    masked line by line. Time and memory are linear in the size of the data.

    Args:
        data: a log, or a piece of one, in any encoding that keeps ASCII.
        values: secrets that are known by value, e.g. of the environment; their lines shorter than
            ``VALUE_BYTES_MIN`` are ignored.

    Returns:
        The data without secrets; the same object when none was found.
    """
    spans = _known(data, _lines_of(values), "value")
    spans += _shapes(data)
    found = {data[start:end] for start, end, _ in spans if end - start >= FOUND_VALUE_BYTES_MIN}
    if found:
        names = {data[start:end]: name for start, end, name in spans}
        most_useful = sorted((value for value in found if b"\n" not in value), key=len, reverse=True)
        for start, end, _ in _known(data, most_useful[:FOUND_VALUES_MAX], ""):
            spans.append((start, end, names[data[start:end]]))
    return _replace(data, spans) if spans else data


def mask_text(text: str, values: Sequence[str] = ()) -> str:
    """Do as ``mask`` for decoded text.

    Args:
        text: any text; lone surrogates are kept as they are.
        values: secrets that are known by value.

    Returns:
        The text without secrets.
    """
    data = text.encode("utf-8", "surrogatepass")
    masked = mask(data, [value.encode("utf-8", "surrogatepass") for value in values])
    return text if masked is data else masked.decode("utf-8", "surrogatepass")


def _lines_of(values: Iterable[bytes]) -> list[bytes]:
    lines = {line.strip() for value in values for line in value.splitlines()}
    return sorted(line for line in lines if len(line) >= VALUE_BYTES_MIN)


def _known(data: bytes, values: Sequence[bytes], name: str) -> list[Span]:
    """Find every place where one of the values stands."""
    scanned = [value for value in values if len(value) <= _SCAN_LITERAL_BYTES_MAX]
    if len(data) * len(scanned) <= _FIND_BYTES_MAX:
        scanned = []
    spans: list[Span] = []
    for value in values if not scanned else [value for value in values if len(value) > _SCAN_LITERAL_BYTES_MAX]:
        start = data.find(value)
        while start >= 0:
            spans.append((start, start + len(value), name))
            start = data.find(value, start + len(value))
    if scanned:
        database = _compile([(value, False) for value in scanned])
        lengths = [len(value) for value in scanned]

        def hit(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            spans.append((end - lengths[number], end, name))

        database.scan(data, match_event_handler=hit)
    return spans


def _compile(literals: Sequence[tuple[bytes, bool]]) -> hyperscan.Database:
    database = hyperscan.Database()
    database.compile(
        expressions=[b"".join(b"\\x%02x" % byte for byte in literal) for literal, _ in literals],
        ids=list(range(len(literals))),
        elements=len(literals),
        flags=[hyperscan.HS_FLAG_CASELESS if caseless else 0 for _, caseless in literals],
    )
    return database


class _Table:
    """The rules made ready: one database of all literals, and for each literal the rules to try."""

    def __init__(self, rules: Sequence[SecretRule]) -> None:
        by_literal: dict[tuple[bytes, bool], list[int]] = {}
        for number, rule in enumerate(rules):
            for literal in rule.literals:
                by_literal.setdefault((literal, rule.caseless), []).append(number)
        self.rules = rules
        self.tried = list(by_literal.values())
        self.lengths = [len(literal) for literal, _ in by_literal]
        self.patterns = [
            re.compile((_BOUNDARY if rule.boundary else b"") + rule.pattern, re.IGNORECASE if rule.caseless else 0)
            for rule in rules
        ]
        self.database = _compile(list(by_literal))
        self._own = threading.local()

    def hits(self, data: bytes) -> list[tuple[int, int]]:
        """Give ``(start, literal number)`` of every literal in the data, in order."""
        scratch = getattr(self._own, "scratch", None)  # Hyperscan's scratch space must not be shared by threads
        if scratch is None:
            scratch = self._own.scratch = hyperscan.Scratch(self.database)
        found: list[tuple[int, int]] = []
        lengths = self.lengths

        def hit(number: int, _start: int, end: int, _flags: int, _context: object) -> None:
            found.append((end - lengths[number], number))

        self.database.scan(data, match_event_handler=hit, scratch=scratch)
        found.sort()
        return found


@cache
def _table() -> _Table:
    return _Table(RULES)


def _shapes(data: bytes) -> list[Span]:
    """Find every secret that a rule knows by its shape."""
    if not data:
        return []
    table = _table()
    spans: list[Span] = []
    masked_up_to = 0  # what starts inside a masked secret is part of it; this also keeps hostile text linear
    for hit, literal in table.hits(data):
        if hit < masked_up_to:
            continue
        for number in table.tried[literal]:
            rule = table.rules[number]
            found = table.patterns[number].match(data, max(0, hit - rule.lead))
            if found is None:
                continue
            if rule.id == "private_key":
                key = _private_key(data, found.end(), rule.id)
                spans += key
                masked_up_to = max([masked_up_to, *(end for _, end, _ in key)])
                break
            start, end = found.span(found.lastindex or 0)
            if _passes(rule, data, start, end):
                if rule.check != "none" and end - start >= _CUT_VALUE_BYTES_MIN:
                    rest = _REST_OF_VALUE.match(data, end)
                    end = rest.end() if rest else end
                spans.append((start, end, rule.id))
                masked_up_to = end
                break
    return spans


def _passes(rule: SecretRule, data: bytes, start: int, end: int) -> bool:
    """Tell whether what stands where a secret would stand is likely to be one."""
    if rule.check == "none":
        return True
    value = data[start:end]
    if data[end : end + 1] == b"(" or _PLAIN_PLACE.match(value) or b"${" in value or b"***" in value:
        return False
    digit = _DIGIT.search(value) is not None
    letter = value.upper() != value.lower()
    if rule.check == "password":
        return (digit and letter) or (letter and bool(_SYMBOL.search(value)))
    if b":" in value:  # coordinates, file and line, host and port; no token has one
        return False
    mixed = value != value.upper() and value != value.lower()
    if not letter or len(value) < _TOKEN_BYTES_MIN or not (digit or (mixed and len(value) >= _WORDLESS_BYTES_MIN)):
        return False
    return _entropy_bits(value[:256]) >= (_ENTROPY_BITS_MIN if digit else _ENTROPY_WITHOUT_DIGITS_BITS_MIN)


def _entropy_bits(value: bytes) -> float:
    """Give Shannon's entropy in bits for each byte: 4 for random hex, about 2.5 for `aaabbbcccddd1`."""
    counts = [value.count(byte) for byte in set(value)]
    return -sum(count / len(value) * log2(count / len(value)) for count in counts)


def _private_key(data: bytes, start: int, name: str) -> list[Span]:
    """Give what belongs to the private key whose first line ends at ``start``, but for its last line.

    A key whose last line is missing (a cut log) ends where lines stop to look like base64.
    """
    limit = data.find(b"-----BEGIN ", start, start + _KEY_BYTES_MAX)
    limit = limit if limit >= 0 else min(len(data), start + _KEY_BYTES_MAX)
    end = data.find(b"-----END ", start, limit)
    if end >= 0:
        return [(start, end, name)] if end > start else []
    line_end = _line_end(data, start)
    if _KEY_RUN.search(data, start, min(line_end, limit)):  # the whole key on one line, with written-out line feeds
        return [(start, line_end, name)]
    spans: list[Span] = []
    for number in range(_KEY_LINES_MAX):
        line_start, line_end = line_end + 1, _line_end(data, line_end + 1)
        if _KEY_BODY.search(data[line_start:line_end][-_KEY_BODY_BYTES:]):
            spans.append((line_start, line_end, name))
        elif spans or number >= _KEY_HEADERS_MAX:
            break
    return spans


def _line_end(data: bytes, start: int) -> int:
    end = data.find(b"\n", start)
    return end if end >= 0 else len(data)


def _replace(data: bytes, spans: list[Span]) -> bytes:
    """Put the marks in; spans that overlap become one, under the first one's name."""
    pieces: list[bytes] = []
    done = 0
    spans.sort(key=lambda span: (span[0], -span[1]))
    last = len(spans)
    number = 0
    while number < last:
        start, end, name = spans[number]
        number += 1
        while number < last and spans[number][0] < end:
            end = max(end, spans[number][1])
            number += 1
        pieces.append(data[done:start])
        pieces.append(_mark(data[start:end], b"[masked:" + name.encode() + b"]"))
        done = end
    pieces.append(data[done:])
    return b"".join(pieces)


def _mark(secret: bytes, mark: bytes) -> bytes:
    if b"\n" not in secret:
        return mark
    lines = secret.split(b"\n")
    return b"\n".join((mark if line.strip() else b"") + (b"\r" if line.endswith(b"\r") else b"") for line in lines)
