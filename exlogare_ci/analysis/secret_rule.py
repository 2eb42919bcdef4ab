"""What a rule for masking secrets is. The rules are in ``secret_shapes_*`` and ``secret_contexts*``."""

import re
from typing import Literal

import msgspec

from exlogare_ci.analysis.late import late

Check = Literal["none", "password", "token"]

_FILLERS = {
    b"a": b"q7WmZ3xKd9RtB5vLhN2cYp8JfS4gTa6E",
    b"b": b"k9_QzT3-wBn7XcV5hLr2MdY8pJ-f_Gs4",
    b"d": b"8305927461",
    b"h": b"9f3c07b1e5a82d64",
    b"l": b"r4kz7m2qx9w5t3bh8v6n",
    b"s": b"kX9/QzT3+wBn7XcV5hLr2MdY8pJ0fRGs4",
    b"u": b"Q7RZM2XK5DWTB3VL",
    b"w": b"kqWmZxKdRtBvLhNcYpJfSgTa",
}
_FILLER = late(rb"\{([" + b"".join(_FILLERS) + rb"])(\d{1,4})\}")


class SecretRule(msgspec.Struct, frozen=True, kw_only=True):
    """One shape of secret.

    The literals are looked for over the whole data in one pass; only where one stands is ``pattern`` tried,
    anchored at the literal's first byte (less ``lead``). So a pattern must begin with its literals (or with what
    ``scan`` finds), must not nest quantifiers, bounds every repetition that another match may begin in, and has
    no line feed in the secret.

    Attributes:
        id: ``vendor_kind`` in lower case, unique; it stands in the text in the secret's place.
        literals: any of these must be there, at the place where ``pattern`` starts.
        pattern: the secret with its context. Group 1, where there is one, is the secret; else all of it. With
            several groups the one that matched last is the secret.
        caseless: whether case is ignored.
        lead: how many bytes before the literal the pattern starts.
        scan: a Hyperscan expression that is looked for in place of the literals, for a shape whose literals
            stand in every other line of a build log; ``pattern`` is tried where a match of it starts.
        ends: what the last line of a secret of several lines starts with; ``pattern`` is then the line before
            its body only, and the body goes line by line, see ``secret_blocks``.
        boundary: whether the pattern may start only where a word starts (a colour code, an escaped line feed
            or a percent escape before it counts as that).
        check: ``none`` the shape is proof enough; ``password`` the value must look like a chosen word;
            ``token`` the value must look random.
        matches: at least one sample that must be masked; ``{a36}`` stands for 36 made-up characters (see
            ``expand``), so that no sample looks like a leaked secret to a scanner of this repository.
        non_matches: at least one near miss that must stay as it is.
        source: where the shape is known from.
    """

    id: str
    literals: tuple[bytes, ...] = ()
    pattern: bytes
    caseless: bool = False
    lead: int = 0
    scan: bytes = b""
    ends: bytes = b""
    boundary: bool = True
    check: Check = "none"
    matches: tuple[bytes, ...]
    non_matches: tuple[bytes, ...]
    source: str


def expand(sample: bytes) -> bytes:
    """Fill a sample's placeholders with fixed, made-up characters.

    Args:
        sample: text with ``{<kind><count>}``; kinds: ``a`` letters and digits, ``b`` URL-safe base64, ``d``
            digits, ``h`` lower-case hex, ``l`` lower-case letters and digits, ``s`` base64, ``u`` capitals
            and digits, ``w`` letters.

    Returns:
        The sample as a tool would print it.
    """

    def fill(found: re.Match[bytes]) -> bytes:
        alphabet, count = _FILLERS[found[1]], int(found[2])
        return (alphabet * (count // len(alphabet) + 1))[:count]

    return _FILLER.sub(fill, sample)
