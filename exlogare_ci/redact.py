"""Secrets out of a log before it goes anywhere: the environment's own values, and the known shapes."""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

from exlogare_ci.analysis.masking import VALUE_BYTES_MIN, mask

_SECRET_NAME = re.compile(
    r"TOKEN(?!IZ)|SECRET|PASSW(?:OR)?D|PASSPHRASE|CREDENTIAL|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY"
    r"|(?:^|_)(?:AUTH|PASS|PWD|PAT|DSN|COOKIE|JWT)(?:_|$)"
    r"|(?:^|_)(?:SSH|GPG|PGP|DEPLOY|SIGNING|ENCRYPTION|LICENSE|ACCOUNT|MASTER|STORAGE|SERVICE|APP)_KEY$"
    r"|CONNECTION_?STRING|WEBHOOK_URL$"
)
# What stands behind a secret's word when the value only speaks about the secret.
_HARMLESS_END = re.compile(
    r"(?:^|_)(?:NAME|FILE|FILENAME|PATH|DIR|DIRECTORY|URI|TYPE|IDS?|USER|USERNAME|LENGTH|LEN|SIZE|COUNT|MAX"
    r"|MIN|LIMIT|TTL|AGE|EXPIRY|EXPIRES|EXPIRATION|EXPIRES_(?:AT|IN)|HEADER|ENABLED|DISABLED|SCOPES?|METHOD"
    r"|MODE|PROVIDER|SOCK|HOST|PORT|REGION|DOMAIN|REALM|ISSUER|AUDIENCE|VERSION|ALGORITHM|FORMAT|PREFIX|STORE"
    r"|CLASS|PARALLELISM|POLICY)$"
)
_HARMLESS_NAMES = frozenset({"PWD", "OLDPWD"})
_TRIVIAL = frozenset(
    {
        "default", "disable", "disabled", "enable", "enabled", "ignore", "inherit", "optional", "required",
        "undefined", "unknown", "public", "private", "bearer", "oauth2", "github", "gitlab", "docker",
        "string",
    }
)  # fmt: skip
_PLACE = re.compile(r"(?:~|\.{0,2}|[A-Za-z]:)[\\/]")
_URL_PASSWORD = re.compile(r"://[^\s/:@?#]{0,256}:([^\s/?#]{1,512})@")
_EMBEDDED_BYTES_MIN = 8
"""From this length on a value is also looked for inside longer base64 text, as in an HTTP basic header."""


def secret_values(env: Mapping[str, str]) -> tuple[str, ...]:
    """Give the values of an environment that must not be seen.

    A variable counts as secret by its name (``…TOKEN``, ``…PASSWORD``, ``AUTH``, ``…PRIVATE_KEY`` and so on;
    not ``…TOKEN_NAME``, ``…_FILE`` and the like). A password inside a URL counts in every variable.

    Args:
        env: names and values.

    Returns:
        The values, longest first; none shorter than 6 characters, no plain word such as ``disabled``, no
        path.
    """
    found: set[str] = set()
    for name, value in env.items():
        if _names_a_secret(name) and _is_worth_hiding(value):
            found.add(value.strip())
        if "://" in value:
            passwords = _URL_PASSWORD.findall(value)
            found.update(word for word in passwords if len(word) >= VALUE_BYTES_MIN)
    return tuple(sorted(found, key=lambda value: (-len(value), value)))


def redact(log: bytes, env: Mapping[str, str], extra: Iterable[str] = ()) -> bytes:
    """Mask every secret in a log.

    Args:
        log: the log, any bytes.
        env: the environment of the job, see ``secret_values``.
        extra: further secrets, e.g. of a service's own property files.

    Returns:
        The log with ``[masked:…]`` in the place of each secret; as many lines as before.
    """
    return mask(log, _forms((*secret_values(env), *extra)))


def redact_text(text: str, env: Mapping[str, str], extra: Iterable[str] = ()) -> str:
    """Do as ``redact`` for a short text, such as a branch's name; lone surrogates are kept as they are."""
    data = text.encode("utf-8", "surrogatepass")
    masked = redact(data, env, extra)
    return text if masked is data else masked.decode("utf-8", "surrogatepass")


def _names_a_secret(name: str) -> bool:
    plain = re.sub(r"[^A-Z0-9]+", "_", name.upper())
    return bool(_SECRET_NAME.search(plain)) and not _HARMLESS_END.search(plain) and plain not in _HARMLESS_NAMES


def _is_worth_hiding(value: str) -> bool:
    value = value.strip()
    return len(value) >= VALUE_BYTES_MIN and value.lower() not in _TRIVIAL and not _is_path(value)


def _is_path(value: str) -> bool:
    """Tell a path from base64 that begins with a slash: a path's parts do not look random."""
    if not _PLACE.match(value):
        return False
    return not any(_looks_random(part) for part in re.split(r"[\\/]", value))


def _looks_random(part: str) -> bool:
    digits = sum(character.isdigit() for character in part)
    return digits > 0 and part.lower() != part and part.upper() != part and len(part) >= VALUE_BYTES_MIN


def _forms(values: Iterable[str]) -> list[bytes]:
    """Give each value as it is and as tools print it: percent-encoded, in JSON, in base64."""
    forms: set[bytes] = set()
    for value in values:
        plain = _lenient(value)
        percent = quote(plain, safe="")
        lower_hex = re.sub(r"%[0-9A-F]{2}", lambda escape: escape[0].lower(), percent)
        forms |= {plain, percent.encode(), lower_hex.encode(), quote_plus(plain).encode()}
        forms |= {json.dumps(value, ensure_ascii=ascii_only)[1:-1].encode("utf-8", "surrogatepass")
                  for ascii_only in (True, False)}  # fmt: skip
        forms |= _base64_forms(plain)
    return [form for form in forms if len(form) >= VALUE_BYTES_MIN]


def _lenient(value: str) -> bytes:
    """Encode a value that may hold bytes the environment could not decode."""
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")


def _base64_forms(plain: bytes) -> set[bytes]:
    """Give what base64 makes of a value, alone and at each place it may have inside a longer text.

    Base64 turns three bytes into four characters, so that a value that starts at the second or third byte of
    such a group looks different; characters that also hold neighbouring bits are left out.
    """
    forms: set[bytes] = set()
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        forms.add(encode(plain).rstrip(b"="))
        if len(plain) < _EMBEDDED_BYTES_MIN:
            continue
        for shift in range(3):
            start = (shift * 8 + 5) // 6
            end = (shift + len(plain)) * 8 // 6
            forms.add(encode(b"\0" * shift + plain)[start:end])
    return forms
