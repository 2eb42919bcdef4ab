"""The rules made ready: one scan for all of them, and what each finds where its literals stand."""

import re
import threading
from collections.abc import Sequence
from functools import cache
from math import log2

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.scanner import database_of, hyperscan
from exlogare_ci.analysis.secret_blocks import Span, block
from exlogare_ci.analysis.secret_rule import SecretRule
from exlogare_ci.analysis.secret_rules import RULES
from exlogare_ci.analysis.secret_values import escaped
from exlogare_ci.analysis.secret_wraps import line_break, piece_ends_line

_CUT_VALUE_BYTES_MIN = 127  # from here on the pattern's own bound may have cut the value short
_TOKEN_BYTES_MIN = 12
_WORDLESS_BYTES_MIN = 24  # 24 random base64 characters hold no digit once in 60 times; shorter ones are words
_ENTROPY_BITS_MIN = 2.8  # 12 random hex digits have 2.9 on average; words with a number in them less
_ENTROPY_WITHOUT_DIGITS_BITS_MIN = 4.0
_WRAP_BYTES_MAX = 256  # of a token up to the end of its line; terminals and consoles are narrower
_WRAP_LINES_MAX = 3
_WRAPPED_LINE_BYTES_MIN = 60  # the narrowest line at which a tool breaks words: base64 and PEM (RFC 7468) take 64
_CONTINUATION_BYTES_MIN = 8

# Where a word starts, and what looks like a letter but ends an escape: ESC[31m, a written-out \n, %3D.
_BOUNDARY = rb"(?:(?<![A-Za-z0-9_])|(?<=[0-9;\[]m)|(?<=\\[nrt])|(?<=%[0-9A-Fa-f]{2}))"
_REST_OF_VALUE = late(rb"[^\s\"'\\,;&()<>\[\]{}|`]*")
_PLAIN_PLACE = late(rb"(?:\.{0,2}/|~/|[A-Za-z]:[\\/]|[a-z][a-z0-9+.-]{1,15}://)")
_DIGIT = late(rb"[0-9]")
_SYMBOL = late(rb"[^A-Za-z0-9_.\-:]")
_UNBROKEN = late(rb"\S+")
_CONTINUATION = late(rb"[A-Za-z0-9._~+/=-]+")


class _Table:
    """One database of all rules' literals and scans, and the rules to try where each stands."""

    def __init__(self, rules: Sequence[SecretRule]) -> None:
        tried: dict[tuple[bytes, int, int], list[int]] = {}
        for number, rule in enumerate(rules):
            caseless = hyperscan.HS_FLAG_CASELESS if rule.caseless else 0
            if rule.scan:
                key = (rule.scan, caseless | hyperscan.HS_FLAG_SOM_LEFTMOST, 0)
                tried.setdefault(key, []).append(number)
            for literal in rule.literals if not rule.scan else ():
                tried.setdefault((escaped(literal), caseless, len(literal)), []).append(number)
        self.rules = rules
        self.tried = list(tried.values())
        self._lengths = [length for _, _, length in tried]
        self._patterns: list[re.Pattern[bytes] | None] = [None] * len(rules)
        self._database = database_of([expression for expression, _, _ in tried], [flags for _, flags, _ in tried])
        self._own = threading.local()

    def pattern(self, number: int) -> re.Pattern[bytes]:
        """Give a rule's pattern, compiled when it is first needed: most runs need few."""
        pattern = self._patterns[number]
        if pattern is None:
            rule = self.rules[number]
            source = (_BOUNDARY if rule.boundary else b"") + rule.pattern
            pattern = self._patterns[number] = re.compile(source, re.IGNORECASE if rule.caseless else 0)
        return pattern

    def hits(self, data: bytes) -> list[tuple[int, int]]:
        """Give ``(start, number)`` of every literal and scan in the data, in order."""
        scratch = getattr(self._own, "scratch", None)  # Hyperscan's scratch space must not be shared by threads
        if scratch is None:
            scratch = self._own.scratch = hyperscan.Scratch(self._database)
        found: list[tuple[int, int]] = []
        lengths = self._lengths

        def hit(number: int, start: int, end: int, _flags: int, _context: object) -> None:
            length = lengths[number]
            found.append((end - length if length else start, number))

        self._database.scan(data, match_event_handler=hit, scratch=scratch)
        found.sort()
        return found


@cache
def _table() -> _Table:
    return _Table(RULES)


def shapes(data: bytes) -> tuple[list[Span], list[int]]:
    """Find every secret that a rule knows by its shape.

    Args:
        data: the log.

    Returns:
        The secrets, a piece for each line of one that is wrapped; and the places where a rule's literal stands.
    """
    if not data:
        return [], []
    table = _table()
    hits, tried, rules, pattern = table.hits(data), table.tried, table.rules, table.pattern
    spans: list[Span] = []
    masked_up_to = 0  # what starts inside a masked secret is part of it; this also keeps hostile text linear
    for start, literal in hits:
        if start < masked_up_to:
            continue
        for number in tried[literal]:
            found = _secret(rules[number], pattern(number), data, start)
            if found:
                spans += found
                masked_up_to = max(end for _, end, _ in found)
                break
    return spans, [start for start, _ in hits]


def _secret(rule: SecretRule, pattern: re.Pattern[bytes], data: bytes, hit: int) -> list[Span]:
    """Give the secret whose literal is at ``hit``; nothing when there is none."""
    at = max(0, hit - rule.lead)
    found = pattern.match(data, at)
    if found is None:
        may_be_wrapped = rule.check == "none" and not rule.ends and data.find(b"\n", at, at + _WRAP_BYTES_MAX) >= 0
        return _completed(rule, pattern, data, at) if may_be_wrapped else []
    if rule.ends:
        return block(data, found.end(), rule.ends, rule.id)
    start, end = found.span(found.lastindex or 0)
    if not _passes(rule, data, start, end):
        return []
    if rule.check != "none" and end - start >= _CUT_VALUE_BYTES_MIN:
        rest = _REST_OF_VALUE.match(data, end)
        end = rest.end() if rest else end
    return [(start, end, rule.id), *_continued(rule, data, start, end)]


def _passes(rule: SecretRule, data: bytes, start: int, end: int) -> bool:
    """Tell whether what stands where a secret would stand is likely to be one."""
    if rule.check == "none":
        return True
    value = data[start:end]
    if rule.check == "token":
        return _looks_random(value) and not _is_plain(value, data[end : end + 1])
    letter = value.upper() != value.lower()
    strong = letter and (_DIGIT.search(value) is not None or _SYMBOL.search(value) is not None)
    return strong and not _is_plain(value, data[end : end + 1])


def _is_plain(value: bytes, following: bytes) -> bool:
    """Tell a call, a path, an address and what somebody masked already from a secret."""
    return following == b"(" or _PLAIN_PLACE.match(value) is not None or b"${" in value or b"***" in value


def _looks_random(value: bytes) -> bool:
    digit = _DIGIT.search(value) is not None
    if not digit and (len(value) < _WORDLESS_BYTES_MIN or value.islower() or value.isupper()):
        return False
    if len(value) < _TOKEN_BYTES_MIN or b":" in value:  # coordinates, file and line, host and port; no token has one
        return False
    if value.upper() == value.lower():
        return False
    return _entropy_bits(value[:256]) >= (_ENTROPY_BITS_MIN if digit else _ENTROPY_WITHOUT_DIGITS_BITS_MIN)


def _entropy_bits(value: bytes) -> float:
    """Give Shannon's entropy in bits for each byte: 4 for random hex, about 2.5 for `aaabbbcccddd1`."""
    counts = [value.count(byte) for byte in set(value)]
    return -sum(count / len(value) * log2(count / len(value)) for count in counts)


def _completed(rule: SecretRule, pattern: re.Pattern[bytes], data: bytes, at: int) -> list[Span]:
    """Match a token of fixed shape whose rest a tool put on the next lines."""
    end = piece_ends_line(data, at, at + _WRAP_BYTES_MAX)
    unbroken = _UNBROKEN.match(data, at, end) if end >= at + _TOKEN_BYTES_MIN else None
    if unbroken is None or unbroken.end() != end:
        return []
    before = min(at, 4)  # what the pattern's boundary looks at
    joined = data[at - before : end]
    pieces = [(at, end)]
    for _ in range(_WRAP_LINES_MAX):
        start = line_break(data, end)
        run = _CONTINUATION.match(data, start, start + _WRAP_BYTES_MAX)
        if run is None:
            return []
        joined += run[0]
        end = run.end()
        pieces.append((start, end))
        found = pattern.match(joined, before)
        if found is not None:
            return _laid_out(rule.id, pieces, before, found.span(found.lastindex or 0))
        if end != piece_ends_line(data, start, end):
            return []
    return []


def _laid_out(name: str, pieces: Sequence[tuple[int, int]], before: int, span: tuple[int, int]) -> list[Span]:
    """Turn a span of the joined pieces into one for each of them."""
    spans: list[Span] = []
    offset = before
    for start, end in pieces:
        low, high = max(span[0], offset), min(span[1], offset + end - start)
        if low < high:
            spans.append((start + low - offset, start + high - offset, name))
        offset += end - start
    return spans


def _continued(rule: SecretRule, data: bytes, start: int, end: int) -> list[Span]:
    """Give the rest of a secret of any length that fills its line to the end: lines of nothing but random text."""
    spans: list[Span] = []
    while len(spans) < _WRAP_LINES_MAX and piece_ends_line(data, start, end) == end:
        if end - (data.rfind(b"\n", max(0, end - _WRAPPED_LINE_BYTES_MIN), end) + 1) < _WRAPPED_LINE_BYTES_MIN:
            break
        start = line_break(data, end)
        run = _CONTINUATION.match(data, start)
        if run is None or len(run[0]) < _CONTINUATION_BYTES_MIN or not _looks_random(run[0] + data[end - 8 : end]):
            break
        end = run.end()
        if piece_ends_line(data, start, end) != end:
            break
        spans.append((start, end, rule.id))
    return spans
