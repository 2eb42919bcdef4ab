"""Signatures of the user's own, from YAML: the same fields, the same demands."""

import re
from typing import Any, get_args

import hyperscan
import msgspec

from exlogare_ci.analysis.model import CATEGORIES
from exlogare_ci.analysis.signatures.base import Role, Signature

SIGNATURES_MAX = 500
"""Signatures in one file; far above what anyone writes, low enough that compiling them takes about a second."""
PATTERN_CHARS_MAX = 1000

_NEVER_A_CAUSE = frozenset({"wrapper", "summary", "noise", "success"})
_OPEN_END = re.compile(r"(?:[*+]|\{\d+,\d*\}|\?)\??\)*$")


class SignatureError(ValueError):
    """A user's signature file cannot be used; the message says which signature, why, and what to change."""


class _File(msgspec.Struct, forbid_unknown_fields=True):
    signatures: list[dict[str, Any]]


def parse(text: str, *, source: str, taken: frozenset[str] = frozenset()) -> tuple[Signature, ...]:
    """Read signatures from YAML.

    Args:
        text: a mapping with the key ``signatures``, a list of mappings with the fields of ``Signature``.
        source: the file's name, for messages, and the ``source`` of signatures that name none.
        taken: ids that are in use already.

    Returns:
        The signatures, in the file's order.

    Raises:
        SignatureError: the file is no such YAML, has an unknown or wrong field, a pattern that is not linear-time,
            no samples, or samples that the pattern does not fit.
    """
    import yaml  # noqa: PLC0415 - only needed where somebody has signatures of their own

    try:
        loaded = yaml.safe_load(text)
        file = msgspec.convert(loaded, _File)
    except Exception as error:  # PyYAML hands on what building a value raised, e.g. ValueError for 2026-13-01
        first = (str(error).splitlines() or [type(error).__name__])[0]
        raise SignatureError(
            f"{source} is not a signature file: {first}. It needs a list under `signatures:`."
        ) from error
    if len(file.signatures) > SIGNATURES_MAX:
        raise SignatureError(f"{source} has {len(file.signatures)} signatures; at most {SIGNATURES_MAX} are taken.")
    signatures: list[Signature] = []
    seen = set(taken)
    for number, fields in enumerate(file.signatures, 1):
        signature = _one(fields, f"{source}, signature {number}", source)
        if signature.id in seen:
            raise SignatureError(f"{source}, signature {number}: the id {signature.id} is taken. Choose another.")
        seen.add(signature.id)
        signatures.append(signature)
    return tuple(signatures)


def _one(fields: dict[str, Any], where: str, source: str) -> Signature:
    known = {f.name for f in msgspec.structs.fields(Signature)}
    unknown = sorted(set(map(str, fields)) - known)
    if unknown:
        raise SignatureError(f"{where}: unknown field {unknown[0]!r}. Known are: {', '.join(sorted(known))}.")
    try:
        signature = msgspec.convert({"source": source, **fields}, Signature)
    except msgspec.ValidationError as error:
        raise SignatureError(f"{where}: {error}.") from error
    where = f"{where} ({signature.id})"
    if signature.role not in get_args(Role):
        raise SignatureError(f"{where}: role is {signature.role!r}; it must be one of {', '.join(get_args(Role))}.")
    if signature.role in _NEVER_A_CAUSE:
        if signature.category:
            raise SignatureError(f"{where}: a {signature.role} is never the cause, so leave `category` empty.")
    elif signature.category not in CATEGORIES:
        raise SignatureError(f"{where}: {signature.category!r} is no category. Take one of {', '.join(CATEGORIES)}.")
    if not signature.matches or not signature.non_matches:
        raise SignatureError(f"{where}: give at least one sample line under `matches` and one under `non_matches`.")
    _check_pattern(signature, where)
    _check_extract(signature, where)
    return signature


def _check_pattern(signature: Signature, where: str) -> None:
    if not signature.pattern or len(signature.pattern) > PATTERN_CHARS_MAX:
        raise SignatureError(f"{where}: `pattern` needs 1 to {PATTERN_CHARS_MAX} characters.")
    if _OPEN_END.search(signature.pattern) and not signature.pattern.endswith((r"\*", r"\+", r"\?")):
        raise SignatureError(f"{where}: `pattern` ends in a repetition. End it in a character or in `$`.")
    database = _compiled(signature.pattern, f"{where}: `pattern`")
    for samples, wanted in ((signature.matches, True), (signature.non_matches, False)):
        for sample in samples:
            if _matches(database, sample) is not wanted:
                verb = "does not match its own sample" if wanted else "matches what it must not"
                raise SignatureError(f"{where}: `pattern` {verb}: {sample[:120]!r}.")


def _compiled(pattern: str, what: str) -> Any:
    """Compile a pattern for the scanner, which takes exactly what can be searched in linear time."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(expressions=[pattern.encode()], ids=[0], elements=1, flags=[hyperscan.HS_FLAG_MULTILINE])
    except hyperscan.error as error:
        raise SignatureError(
            f"{what} cannot be searched in linear time ({error}). Leave out look-around and"
            " back-references, and let it match no empty text."
        ) from error
    return database


def _matches(database: Any, sample: str) -> bool:
    found: list[int] = []
    scratch = hyperscan.Scratch(database)
    database.scan(sample.encode(), match_event_handler=lambda *_: found.append(1), scratch=scratch)
    return bool(found)


def _check_extract(signature: Signature, where: str) -> None:
    if not signature.extract:
        return
    try:
        re.compile(signature.extract)
    except re.error as error:
        raise SignatureError(f"{where}: `extract` is no regular expression: {error}.") from error
    if len(signature.extract) > PATTERN_CHARS_MAX or nests_repetition(signature.extract):
        raise SignatureError(
            f"{where}: `extract` repeats a repetition, which can take exponential time. Rewrite it without."
        )
    _compiled(signature.extract, f"{where}: `extract`")


_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[^()|\\\[]", re.DOTALL)
_QUANTIFIER = re.compile(r"(?P<unbounded>[*+]|\{\d*,\})\??|\?\??|\{\d+(?:,\d+)?\}\??")
_GROUP_OPEN = re.compile(r"\((?:\?(?:P<\w+>|:|[aimsux-]+:))?")


class _Group:
    """What is known of a group while a pattern is read."""

    def __init__(self) -> None:
        self.unbounded = False
        self.alternatives = False
        self.last_repeated = ""  # the atom right before, when it is repeated without bound


def nests_repetition(pattern: str) -> bool:
    """Whether Python's backtracking engine could take exponential or high polynomial time for a pattern.

    That is so when a group that holds an unbounded repetition or alternatives is itself repeated without bound, and
    when the same thing is repeated without bound twice in a row.
    """
    groups = [_Group()]
    index = 0
    while index < len(pattern):
        here = groups[-1]
        closed: _Group | None = None
        if pattern[index] == "(":
            match = _GROUP_OPEN.match(pattern, index)
            index = match.end() if match else index + 1
            groups.append(_Group())
            continue
        if pattern[index] == "|":
            here.alternatives, here.last_repeated = True, ""
            index += 1
            continue
        if pattern[index] == ")" and len(groups) > 1:
            closed, here = groups.pop(), groups[-1]
            atom, index = "()", index + 1
        else:
            found = _ATOM.match(pattern, index)
            atom = found[0] if found else pattern[index]
            index += len(atom)
        quantifier = _QUANTIFIER.match(pattern, index)
        unbounded = quantifier is not None and quantifier["unbounded"] is not None
        index = quantifier.end() if quantifier else index
        if unbounded and closed is not None and (closed.unbounded or closed.alternatives):
            return True
        if unbounded and here.last_repeated and (atom == here.last_repeated or "." in (atom, here.last_repeated)):
            return True
        here.unbounded |= unbounded or (closed is not None and closed.unbounded)
        here.last_repeated = atom if unbounded and closed is None else ""
    return False
