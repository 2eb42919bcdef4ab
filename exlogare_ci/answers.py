"""What the server's answers mean: which deserve another try, and what each says to a person."""

import email.utils
from typing import Any

import msgspec

from exlogare_ci.errors import RedirectedError, RefusedError, TooLargeError, UnavailableError

RETRIED_STATUSES = frozenset({408, 425, 429})
"""Beside every 5xx: the server was slow, does not want it yet, or wants it later."""
DETAIL_CHARS_MAX = 300

_SERVER_ERROR = 500
_FIXES = {
    401: "Check the token in EXLOGARE_TOKEN, or run `exl auth login`.",
    403: "Use a token with the scope that this needs: ingest for uploads, read for analyses.",
    404: "Check the id, and the server's URL in EXLOGARE_URL.",
    405: "Check the server's URL in EXLOGARE_URL; it must be the server's root, without /api.",
    407: "The proxy wants a user name and password; set them in HTTPS_PROXY.",
    413: "Send a shorter log, or raise the body limit of the proxy in front of the server.",
    415: "Update exl, or the server.",
    426: "Update exl, or the server: they do not speak the same version.",
    429: "Wait a little, or raise the server's rate limit.",
}  # fmt: skip


class Reply(msgspec.Struct, frozen=True):
    """An answer of the server.

    Attributes:
        status: the HTTP status.
        headers: names in lower case.
        body: at most 32 MiB, content encoding undone.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300  # noqa: PLR2004 - the class of successes

    @property
    def is_redirect(self) -> bool:
        """Whether the answer points elsewhere."""
        return self.status in (301, 302, 303, 307, 308) and "location" in self.headers

    def retry_after_s(self, now_s: float) -> float | None:
        """Give how long the server asks to wait.

        Args:
            now_s: the time as seconds since 1970, for the header's form with a date.

        Returns:
            Seconds, at least 0; ``None`` when it does not say so.
        """
        value = self.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdigit():
            return float(value[:9])
        try:
            moment = email.utils.parsedate_to_datetime(value)
        except ValueError:
            return None
        return max(0.0, moment.timestamp() - now_s)


def error_of(reply: Reply, server: str) -> RefusedError | UnavailableError:
    """Put an answer that is no success into an error.

    Args:
        reply: the answer.
        server: the server's origin, for the sentence.

    Returns:
        The error; its text holds at most 300 characters of the server's own words. An ``UnavailableError`` is
        worth a retry, a ``RefusedError`` is not.
    """
    if reply.is_redirect:
        return redirected(reply, server)
    detail = detail_of(reply.body)
    said = f": {detail}{'' if detail.endswith(('.', '!', '?', '…')) else '.'}" if detail else "."
    cause = f"{server} answered {reply.status}{said}"
    if reply.status >= _SERVER_ERROR:
        return UnavailableError(cause, "Try again later, or ask who runs the server.")
    fix = _FIXES.get(reply.status, "")
    if reply.status in RETRIED_STATUSES:
        return UnavailableError(cause, fix)
    kind = TooLargeError if reply.status == 413 else RefusedError  # noqa: PLR2004 - content too large
    return kind(cause, fix, status=reply.status)


def redirected(reply: Reply, server: str) -> RedirectedError:
    """Say that the server points to a place where the token must not follow by itself."""
    place = reply.headers.get("location", "")[:DETAIL_CHARS_MAX]
    return RedirectedError(
        f"{server} redirects to {place}, and the token is not sent to another place by itself.",
        "If that is the right server, set EXLOGARE_URL to it.",
        status=reply.status,
    )


def detail_of(body: bytes) -> str:
    """Take the server's own words from an error's body.

    Args:
        body: the contract's JSON, or anything, e.g. a proxy's page.

    Returns:
        One line; empty when the body is not in the contract's form.
    """
    try:
        document: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""
    detail = document.get("detail") if isinstance(document, dict) else None
    if isinstance(detail, list):
        detail = "; ".join(_one(item) for item in detail[:5])
    return " ".join(detail.split())[:DETAIL_CHARS_MAX] if isinstance(detail, str) else ""


def _one(item: Any) -> str:
    """Put one entry of a validation error into words: the field, and what is wrong with it."""
    if not isinstance(item, dict):
        return str(item)
    place = item.get("loc")
    where = ".".join(str(part) for part in place[1:]) if isinstance(place, list) else ""
    return f"{where}: {item.get('msg', 'invalid')}" if where else str(item.get("msg", "invalid"))
