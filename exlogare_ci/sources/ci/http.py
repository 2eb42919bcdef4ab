"""HTTP to a CI service's API: time-outs, retries, redirects. Knows no service."""

import queue
import threading
import time
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urljoin

import msgspec

from exlogare_ci.__about__ import __version__
from exlogare_ci.sources.ci.address import is_loopback, is_plain_url, origin, scheme
from exlogare_ci.sources.ci.model import Headers, LogSourceError
from exlogare_ci.sources.ci.request import JSON_BYTES_MAX, OK, REDIRECTS, Answer, send
from exlogare_ci.sources.ci.words import NETWORK_FIX, PassingError, Place, failed_answer, failed_network, refusal
from exlogare_ci.sources.excerpt import MIB, Excerpt

ATTEMPTS_MAX = 3
REDIRECTS_MAX = 5

_BACKOFF_S = 0.5
_NO_CONTENT = 204
_UNAUTHORIZED = 401
_Document = TypeVar("_Document")


class HttpApi:
    """Reads from one service.

    Args:
        root: the API's root; the credential is sent to its origin only.
        headers: what carries the credential.
        place: the service, for the sentences.
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
        if not is_plain_url(root):
            raise LogSourceError(
                f"The address of {place.title}'s API is no plain http or https URL.",
                "Look at the CI service's variables, or set EXLOGARE_CI_API_URL.",
            )
        if scheme(root) == "http" and headers and not place.allow_http and not is_loopback(root):
            raise LogSourceError(
                f"{origin(root)} is plain HTTP, which would show {place.title}'s token to anyone on the way.",
                "Use its https:// address, or set EXLOGARE_ALLOW_HTTP=1 if the network is yours alone.",
            )
        self._root = root.rstrip("/")
        self._origin = origin(root)
        self._headers = headers
        self._place = place
        self._deadline_s = deadline_s
        self._clock = clock
        self._sleep = sleep

    def json(self, path: str, kind: type[_Document], params: Mapping[str, str] | None = None) -> _Document:
        """See ``exlogare_ci.sources.ci.model.Api``."""
        answer = self._get(path, params, "application/json", is_log=False)
        if answer.excerpt.bytes_omitted:
            raise LogSourceError(
                f"{self._place.title} sent more than {JSON_BYTES_MAX // MIB} MiB of JSON.",
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
        answer = self._get(path, params, accept, is_log=True)
        return answer.excerpt, answer.headers

    def _get(self, path: str, params: Mapping[str, str] | None, accept: str, *, is_log: bool) -> Answer:
        url = path if "://" in path else self._root + path
        tries = 0
        while True:
            tries += 1
            try:
                return self._follow(url, params, accept, is_log=is_log)
            except PassingError as failure:
                wait_s = _BACKOFF_S * 2.0 ** (tries - 1) if failure.wait_s is None else failure.wait_s
                if tries >= ATTEMPTS_MAX or self._clock() + wait_s >= self._deadline_s:
                    raise failure.error from None
                self._sleep(wait_s)

    def _follow(self, url: str, params: Mapping[str, str] | None, accept: str, *, is_log: bool) -> Answer:
        """Send once and follow redirects; the credential never leaves the root's origin."""
        for _ in range(REDIRECTS_MAX + 1):
            self._check(url)
            answer = self._attempt(url, params, accept, is_log=is_log)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                return self._checked(answer, url)
            try:
                url, params = urljoin(url, location), None
            except ValueError:
                url = ""
        raise LogSourceError(f"{self._place.title} redirects without an end.", NETWORK_FIX)

    def _check(self, url: str) -> None:
        """Refuse what an API's answer must not lead to: no web address, or one without TLS elsewhere."""
        if is_plain_url(url, with_query=True) and (
            scheme(url) == "https" or origin(url) == self._origin or is_loopback(url)
        ):
            return
        raise self._astray(url)

    def _astray(self, url: str) -> LogSourceError:
        cause = f"{self._place.title} points to {origin(url)}, which is no encrypted web address."
        return LogSourceError(cause, "Give the log with --log-file.")

    def _attempt(self, url: str, params: Mapping[str, str] | None, accept: str, *, is_log: bool) -> Answer:
        """Send one request in a thread of its own: neither a slow name lookup nor a slow drip holds us longer."""
        left_s = self._deadline_s - self._clock()
        late = LogSourceError(f"{self._place.title} ({origin(url)}) did not send the log in time.", NETWORK_FIX)
        if left_s <= 0:
            raise late
        own = self._headers if origin(url) == self._origin else {}
        headers = {"User-Agent": f"exlogare-ci/{__version__}", "Accept": accept, **own}
        box: queue.SimpleQueue[Answer | BaseException] = queue.SimpleQueue()

        def run() -> None:
            try:
                box.put(send(url, params, headers, ca_bundle=self._place.ca_bundle, left_s=left_s, is_log=is_log))
            except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
                box.put(error)

        threading.Thread(target=run, name="exlogare-ci-log", daemon=True).start()
        try:
            result = box.get(timeout=left_s)
        except queue.Empty:
            raise late from None
        if isinstance(result, Answer):
            return result
        if isinstance(result, OSError):  # the base of all that requests raises
            raise failed_network(result, origin(url)) from None
        if isinstance(result, ValueError):  # requests looks at where a redirect leads even when it is not to follow
            raise self._astray("") from None
        raise result

    def _checked(self, answer: Answer, url: str) -> Answer:
        """Give a success back; say what anything else means."""
        at = origin(url)
        if answer.status not in (OK, _NO_CONTENT):
            raise failed_answer(answer, at, self._place, self._headers, is_own=at == self._origin)
        if answer.headers.get("content-type", "").lower().startswith("text/html"):
            cause = f"{at} sent a web page in place of the log, likely its login page."
            raise refusal(cause, _UNAUTHORIZED, self._place, self._headers)
        return answer
