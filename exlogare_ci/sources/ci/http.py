"""HTTP to a CI service's API: time-outs, retries, redirects, sizes. Knows no service."""

import base64
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import msgspec
import requests
from requests.auth import AuthBase

from exlogare_ci.__about__ import __version__
from exlogare_ci.attempt import CONNECT_TIMEOUT_S, READ_TIMEOUT_S
from exlogare_ci.sources.ci.address import is_loopback, origin
from exlogare_ci.sources.ci.model import Headers, LogSourceError
from exlogare_ci.sources.ci.parts import open_spool
from exlogare_ci.sources.excerpt import MIB, Excerpt

TIMEOUT_S = 60.0
"""For a whole log, with all requests and retries that it takes."""
ATTEMPTS_MAX = 3
REDIRECTS_MAX = 5
JSON_BYTES_MAX = 32 * MIB
"""A log of 10 MiB in JSON, a time for each of its lines, is about 20 MiB."""

_ERROR_BYTES_MAX = 64 * 1024
_CHUNK_BYTES = 64 * 1024
_BACKOFF_S = 0.5
_RETRIED = frozenset({408, 425, 429})
_OK = 200
_NO_CONTENT = 204
_SERVER_ERROR = 500
_WORDS_CHARS_MAX = 200
_WORD_FIELDS = ("message", "error", "error_message")
_NETWORK_FIX = "Check the network and the proxy settings, or give the log with --log-file."
_CREDENTIAL_HEADERS = frozenset({"authorization", "private-token", "circle-token"})
_Document = TypeVar("_Document")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """What the sentences about a service say.

    Attributes:
        title: the service.
        tokens: the variables that hold its token.
        needs: what the token must be allowed to do.
        ca_bundle: a file of certificates to trust instead of the system's.
        allow_http: send the credential over plain HTTP to other machines, too.
    """

    title: str
    tokens: tuple[str, ...]
    needs: str
    ca_bundle: str | None = None
    allow_http: bool = False


class _Answer(msgspec.Struct):
    status: int
    headers: dict[str, str]
    excerpt: Excerpt


class _PassingError(Exception):
    """An attempt failed in a way that may pass."""

    def __init__(self, error: LogSourceError, wait_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_s = wait_s


class HttpApi:
    """Reads from one service.

    Args:
        root: the API's root; the credential is sent to its origin only.
        headers: what carries the credential.
        place: for the sentences.
        deadline_s: when to give up, by ``clock``.
        clock: a monotonic time in seconds.
        sleep: waits for some seconds.

    Raises:
        LogSourceError: the root is no URL, or the credential would travel unencrypted to another machine.
    """

    def __init__(
        self,
        root: str,
        headers: Headers,
        place: Place,
        *,
        deadline_s: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(root)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc or parts.query:
            raise LogSourceError(f"The address of {place.title}'s API is no plain http or https URL.")
        if parts.scheme == "http" and headers and not place.allow_http and not is_loopback(root):
            raise LogSourceError(
                f"{origin(root)} is plain HTTP, which would show {place.title}'s token to anyone on the way.",
                "Use its https:// address, or set EXLOGARE_ALLOW_HTTP=1 if the network is yours alone.",
            )
        self._root = root.rstrip("/")
        self._origin = origin(root)
        self._headers = {"User-Agent": f"exlogare-ci/{__version__}", **headers}
        self._secrets = [secret for name, value in headers.items() for secret in _secrets_of(name, value)]
        self._place = place
        self._deadline_s = deadline_s
        self._clock = clock
        self._sleep = sleep

    def json(self, path: str, kind: type[_Document], params: Mapping[str, str] | None = None) -> _Document:
        """See ``exlogare_ci.sources.ci.model.Api``."""
        answer = self._get(path, params, "application/json", whole=True)
        if answer.excerpt.bytes_omitted:
            raise LogSourceError(
                f"{self._place.title} sent more than {JSON_BYTES_MAX // MIB} MiB.",
                "Wrap the failing command instead: exl run -- COMMAND",
            )
        try:
            return msgspec.json.decode(answer.excerpt.data or b"null", type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise LogSourceError(
                f"{self._place.title} answered, but not as its API does.", f"Check that {self._origin} is its address."
            ) from None

    def text(
        self, path: str, params: Mapping[str, str] | None = None, accept: str = "text/plain"
    ) -> tuple[Excerpt, Headers]:
        """See ``exlogare_ci.sources.ci.model.Api``."""
        answer = self._get(path, params, accept, whole=False)
        return answer.excerpt, answer.headers

    def _get(self, path: str, params: Mapping[str, str] | None, accept: str, *, whole: bool) -> _Answer:
        tries = 0
        while True:
            tries += 1
            try:
                return self._follow(self._url(path), params, accept, whole=whole)
            except _PassingError as failure:
                wait_s = _BACKOFF_S * 2.0 ** (tries - 1) if failure.wait_s is None else failure.wait_s
                if tries >= ATTEMPTS_MAX or self._clock() + wait_s >= self._deadline_s:
                    raise failure.error from None
                self._sleep(wait_s)

    def _url(self, path: str) -> str:
        return path if "://" in path else self._root + path

    def _follow(self, url: str, params: Mapping[str, str] | None, accept: str, *, whole: bool) -> _Answer:
        """Send once and follow redirects; the credential never leaves the root's origin."""
        for _ in range(REDIRECTS_MAX + 1):
            self._check(url)
            answer = self._attempt(url, params, accept, whole=whole)
            location = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not location:
                return self._checked(answer, url)
            url, params = urljoin(url, location), None
        raise LogSourceError(f"{self._place.title} redirects without an end.", _NETWORK_FIX)

    def _check(self, url: str) -> None:
        """Refuse what a redirect must not lead to: another kind of URL, or from TLS to none."""
        scheme = urlsplit(url).scheme
        if scheme == "https" or (scheme == "http" and (origin(url) == self._origin or is_loopback(url))):
            return
        raise LogSourceError(
            f"{self._place.title} redirects to {origin(url)}, which is not encrypted.", "Give the log with --log-file."
        )

    def _attempt(self, url: str, params: Mapping[str, str] | None, accept: str, *, whole: bool) -> _Answer:
        """Send one request in a thread of its own: neither a slow name lookup nor a slow drip holds us longer."""
        left_s = self._deadline_s - self._clock()
        late = LogSourceError(f"{self._place.title} did not send the log in time ({origin(url)}).", _NETWORK_FIX)
        if left_s <= 0:
            raise late
        headers = {**self._headers, "Accept": accept}
        if origin(url) != self._origin:
            headers = {"User-Agent": self._headers["User-Agent"], "Accept": accept}
        box: queue.SimpleQueue[_Answer | BaseException] = queue.SimpleQueue()

        def run() -> None:
            try:
                box.put(_send(url, params, headers, self._place.ca_bundle, left_s, whole=whole))
            except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
                box.put(error)

        threading.Thread(target=run, name="exlogare-ci-log", daemon=True).start()
        try:
            result = box.get(timeout=left_s)
        except queue.Empty:
            raise late from None
        if isinstance(result, _Answer):
            return result
        if isinstance(result, OSError):  # the base of all that requests raises
            raise self._network_failure(result, url) from None
        raise result

    def _network_failure(self, error: OSError, url: str) -> Exception:
        place = origin(url)
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return LogSourceError(
                f"The certificate of {place} cannot be verified.",
                "If it is your organisation's own, name the CA's file in EXLOGARE_CI_CA_BUNDLE.",
            )
        if isinstance(error, requests.exceptions.ProxyError):
            return _PassingError(LogSourceError(f"The proxy on the way to {place} failed.", _NETWORK_FIX))
        if isinstance(error, requests.exceptions.Timeout):
            return _PassingError(LogSourceError(f"{place} did not answer in time.", _NETWORK_FIX))
        if isinstance(error, requests.exceptions.ConnectionError | requests.exceptions.ChunkedEncodingError):
            return _PassingError(LogSourceError(f"{place} cannot be reached, or broke off.", _NETWORK_FIX))
        return LogSourceError(f"The request to {place} cannot be made.", "Check EXLOGARE_CI_CA_BUNDLE and the proxy.")

    def _checked(self, answer: _Answer, url: str) -> _Answer:
        """Take a success; say what anything else means."""
        status = answer.status
        if status in (_OK, _NO_CONTENT):
            if answer.headers.get("content-type", "").lower().startswith("text/html"):
                raise self._refusal(f"{origin(url)} sent a web page in place of the log, likely its login page.", 401)
            return answer
        words = self._words(answer.excerpt.data)
        cause = f"{self._place.title} ({origin(url)}) answered {status}{words}"
        limited = status == 403 and answer.headers.get("x-ratelimit-remaining") == "0"  # noqa: PLR2004
        if status in _RETRIED or status >= _SERVER_ERROR or limited:
            raise _PassingError(
                LogSourceError(cause, "Try again later.", status=status), _retry_after_s(answer.headers)
            )
        if origin(url) != self._origin:
            raise LogSourceError(cause, "Try again: such an address is good for some minutes only.", status=status)
        raise self._refusal(cause, status)

    def _refusal(self, cause: str, status: int) -> LogSourceError:
        tokens = " or ".join(self._place.tokens)
        rejected = f"Check the token in {tokens}." if self._secrets else f"Set a token in {tokens}."
        fix = {
            203: rejected,  # Azure DevOps's way of showing its login page
            401: rejected,
            403: f"The token in {tokens} needs {self._place.needs}.",
            404: f"There is no such log (yet), or the token in {tokens} may not see it: it needs {self._place.needs}.",
        }.get(status, "Give the log with --log-file.")
        return LogSourceError(cause, fix, status=status)

    def _words(self, body: bytes) -> str:
        """Take the service's own words from an error's body, one line, the token taken out."""
        try:
            document: Any = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return "."
        found = _message_of(document)
        if found is None:
            return "."
        for secret in self._secrets:
            found = found.replace(secret, "…")
        return f": {' '.join(found.split())[:_WORDS_CHARS_MAX].rstrip('.')}."


class _NoOther(AuthBase):
    """Its presence keeps requests from taking a credential out of ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def _send(
    url: str,
    params: Mapping[str, str] | None,
    headers: Headers,
    ca_bundle: str | None,
    left_s: float,
    *,
    whole: bool,
) -> _Answer:
    with requests.Session() as session:
        session.trust_env = not is_loopback(url)
        with session.get(
            url,
            params=params,
            headers=dict(headers),
            auth=_NoOther(),
            timeout=(min(CONNECT_TIMEOUT_S, left_s), min(READ_TIMEOUT_S, left_s)),
            allow_redirects=False,
            stream=True,
            verify=ca_bundle or True,
        ) as response:
            names = {name.lower(): value for name, value in response.headers.items()}
            pieces: Iterator[bytes] = response.iter_content(_CHUNK_BYTES)
            if response.status_code != _OK:  # of an error only the beginning is of interest
                return _Answer(response.status_code, names, _start_of(pieces, _ERROR_BYTES_MAX))
            if whole:
                return _Answer(_OK, names, _start_of(pieces, JSON_BYTES_MAX))
            spool = open_spool()
            for piece in pieces:
                spool.write(piece)
            return _Answer(_OK, names, spool.read())


def _start_of(pieces: Iterator[bytes], bytes_max: int) -> Excerpt:
    kept = bytearray()
    for piece in pieces:
        kept += piece
        if len(kept) > bytes_max:
            return Excerpt(data=bytes(kept[:bytes_max]), bytes_total=len(kept), bytes_omitted=len(kept) - bytes_max)
    return Excerpt(data=bytes(kept), bytes_total=len(kept))


def _message_of(document: Any) -> str | None:
    """Find an error's sentence where one of the services puts it."""
    if not isinstance(document, dict):
        return None
    inner = document.get("error")
    places = [*(inner.values() if isinstance(inner, dict) else ()), *map(document.get, _WORD_FIELDS)]
    return next((found for found in places if isinstance(found, str) and found), None)


def _retry_after_s(headers: Headers) -> float | None:
    value = headers.get("retry-after", "").strip()
    return float(value[:9]) if value.isascii() and value.isdigit() else None


def _secrets_of(name: str, value: str) -> tuple[str, ...]:
    """Give what of a header must not be shown: the token, and the password that is packed in it."""
    if name.lower() not in _CREDENTIAL_HEADERS:
        return ()
    kind, _, token = value.rpartition(" ")
    if kind == "Basic":
        return token, base64.b64decode(token).decode().partition(":")[2]
    return (token,) if token else ()
