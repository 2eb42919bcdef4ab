"""What a CI service's answers and a network's failures mean, in sentences with the next step."""

import base64
from typing import Any

import msgspec
import requests

from exlogare_ci.sources.ci.model import Headers, LogSourceError
from exlogare_ci.sources.ci.request import Answer

NETWORK_FIX = "Check the network and the proxy settings, or give the log with --log-file."

_WORDS_CHARS_MAX = 200
_WORD_FIELDS = ("message", "error", "error_message")
_CREDENTIAL_HEADERS = frozenset({"authorization", "private-token", "circle-token"})
_FORBIDDEN = 403
_SERVER_ERROR = 500
_RETRIED = frozenset({408, 425, 429})


class PassingError(Exception):
    """Something failed that may succeed when it is tried again.

    Attributes:
        error: what to raise after the last try.
        wait_s: how long the service asks to wait; ``None`` when it does not.
    """

    def __init__(self, error: LogSourceError, wait_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_s = wait_s


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What the sentences about a service say.

    Attributes:
        title: the service.
        tokens: the variables that may hold its token.
        needs: what the token must be allowed to do.
        ca_bundle: a file of certificates to trust instead of the system's.
        allow_http: send the credential over plain HTTP to other machines, too.
    """

    title: str
    tokens: tuple[str, ...]
    needs: str
    ca_bundle: str | None = None
    allow_http: bool = False


def failed_answer(answer: Answer, at: str, place: Place, headers: Headers, *, is_own: bool) -> Exception:
    """Say what an answer means that is no success.

    Args:
        answer: the answer.
        at: the origin that it came from.
        place: the service.
        headers: the headers that carry the credential.
        is_own: whether it came from the API itself, not from where it redirected to.

    Returns:
        A ``PassingError`` when another try may help, else a ``LogSourceError``.
    """
    status = answer.status
    words = _words(answer.excerpt.data, [secret for item in headers.items() for secret in _secrets_of(*item)])
    cause = f"{place.title} ({at}) answered {status}{words}"
    used_up = status == _FORBIDDEN and answer.headers.get("x-ratelimit-remaining") == "0"
    if status in _RETRIED or status >= _SERVER_ERROR or used_up:
        return PassingError(LogSourceError(cause, "Try again later.", status=status), _retry_after_s(answer.headers))
    if not is_own:
        return LogSourceError(cause, "Try again: such an address is good for some minutes only.", status=status)
    return refusal(cause, status, place, headers)


def refusal(cause: str, status: int, place: Place, headers: Headers) -> LogSourceError:
    """Say what to do about a refusal."""
    tokens = " or ".join(place.tokens)
    has_token = any(name.lower() in _CREDENTIAL_HEADERS for name in headers)
    rejected = f"{'Check the' if has_token else 'Set a'} token in {tokens}."
    fix = {
        203: rejected,  # Azure DevOps's way of showing its login page
        401: rejected,
        403: f"The token in {tokens} needs {place.needs}.",
        404: f"There is no such log (yet), or the token in {tokens} may not see it: it needs {place.needs}.",
    }.get(status, "Give the log with --log-file.")
    return LogSourceError(cause, fix, status=status)


def failed_network(error: OSError, at: str) -> Exception:
    """Put what ``requests`` raised into words; see ``failed_answer``."""
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return LogSourceError(
            f"The certificate of {at} cannot be verified.",
            "If it is your organisation's own, name the CA's file in EXLOGARE_CI_CA_BUNDLE.",
        )
    if isinstance(error, requests.exceptions.ProxyError):
        return PassingError(LogSourceError(f"The proxy on the way to {at} failed.", NETWORK_FIX))
    if isinstance(error, requests.exceptions.Timeout):
        return PassingError(LogSourceError(f"{at} did not answer in time.", NETWORK_FIX))
    if isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return PassingError(LogSourceError(f"{at} cannot be reached, or broke off.", NETWORK_FIX))
    return LogSourceError(f"The request to {at} cannot be made.", "Check EXLOGARE_CI_CA_BUNDLE and the proxy settings.")


def _words(body: bytes, secrets: list[str]) -> str:
    """Take the service's own words from an error's body, one line, the token taken out."""
    try:
        document: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "."
    found = _message_of(document)
    if found is None:
        return "."
    for secret in secrets:
        found = found.replace(secret, "…")
    return f": {' '.join(found.split())[:_WORDS_CHARS_MAX].rstrip('.')}."


def _message_of(document: Any) -> str | None:
    """Find an error's sentence where one of the services puts it."""
    if not isinstance(document, dict):
        return None
    inner = document.get("error")
    places = [*(inner.values() if isinstance(inner, dict) else ()), *map(document.get, _WORD_FIELDS)]
    return next((found for found in places if isinstance(found, str) and found), None)


def _secrets_of(name: str, value: str) -> tuple[str, ...]:
    """Give what of a header must not be shown: the token, and the password that is packed in it."""
    if name.lower() not in _CREDENTIAL_HEADERS:
        return ()
    kind, _, token = value.rpartition(" ")
    packed = base64.b64decode(token).decode().partition(":")[2] if kind == "Basic" else ""
    return tuple(secret for secret in (token, packed) if secret)


def _retry_after_s(headers: Headers) -> float | None:
    value = headers.get("retry-after", "").strip()
    return float(value[:9]) if value.isascii() and value.isdigit() else None
