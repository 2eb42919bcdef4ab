"""HTTP to the server: time-outs, retries, redirects, proxies, TLS. Nothing here knows what is sent."""

import ipaddress
import random as random_module
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from exlogare_ci.__about__ import __version__
from exlogare_ci.answers import Reply, error_of, redirected
from exlogare_ci.errors import RefusedError, SettingsError, UnavailableError

if TYPE_CHECKING:
    import requests

    from exlogare_ci.attempt import Body, Progress, Request

TIMEOUT_S = 60.0
"""For everything together: connecting, sending, waiting, trying again."""
ATTEMPTS_MAX = 5
REDIRECTS_MAX = 3
GZIP_BYTES_MIN = 64 * 1024
"""A smaller body is sent as it is: asking whether the server takes gzip would cost more than it saves."""
USER_AGENT = f"exlogare-ci/{__version__}"

_BACKOFF_S = 0.5
_BACKOFF_S_MAX = 8.0
# A proxy may announce gzip where the server behind it takes none: that calls it malformed, or says 415.
_GZIP_REFUSALS = frozenset({400, 415})
_METHOD_KEEPING = frozenset({307, 308})

Chunks = Callable[[], Iterable[bytes]]
"""Makes a body's pieces anew for each try."""


class _Call(NamedTuple):
    """What is asked for; see ``Transport.get`` and ``Transport.post``."""

    method: str
    path: str
    params: Mapping[str, str] | None = None
    chunks: Chunks | None = None
    progress: "Progress | None" = None


class Transport:
    """Speaks to one server.

    Args:
        url: the server's root, ``http`` or ``https``, no user name, no query.
        token: sent as a bearer to this server's origin only; ``None`` sends none.
        timeout_s: the budget of one call with all its retries.
        ca_bundle: a file of certificates to trust instead of the system's; TLS is always verified.
        allow_http: send the token over plain HTTP to other machines, too.
        clock: a monotonic time in seconds.
        wall_clock: seconds since 1970.
        sleep: waits for some seconds.
        random: a number from 0 to 1, for the jitter.

    Raises:
        SettingsError: the token would travel unencrypted to another machine.
    """

    def __init__(
        self,
        url: str,
        token: str | None,
        *,
        timeout_s: float = TIMEOUT_S,
        ca_bundle: str | None = None,
        allow_http: bool = False,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random_module.random,
    ) -> None:
        self._url = url.rstrip("/")
        self.server = origin(url)
        if token and not allow_http and urlsplit(url).scheme == "http" and not is_loopback(url):
            raise SettingsError(
                f"{self.server} is plain HTTP, which would show the token to anyone on the way.",
                "Use its https:// address, or set EXLOGARE_ALLOW_HTTP=1 if the network is yours alone.",
            )
        self._token = token
        self._timeout_s = timeout_s
        self._ca_bundle = ca_bundle
        self._clock = clock
        self._wall_clock = wall_clock
        self._sleep = sleep
        self._random = random
        self._takes_gzip: bool | None = None  # not known yet
        self._session: requests.Session | None = None

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """Ask for something.

        Args:
            path: from the server's root, e.g. ``/api/v1/analyses``.
            params: the query.

        Returns:
            The answer, a 2xx.

        Raises:
            RefusedError: a 4xx that no retry changes, or a redirect elsewhere.
            UnavailableError: a 5xx or a failure of the network, also after retries, or no time left.
        """
        return self._answered(_Call("GET", path, params))

    def post(self, path: str, chunks: Chunks, progress: "Progress | None" = None) -> Reply:
        """Send a JSON body; a large one compressed, where the server announces that it takes gzip.

        It announces it by ``Accept-Encoding`` in its answer to ``OPTIONS``, which is asked without the token
        (https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3).

        Args:
            path: from the server's root.
            chunks: makes the JSON's pieces.
            progress: is told how many bytes are sent, and how many there are.

        Returns:
            The answer, a 2xx.

        Raises:
            RefusedError: see ``get``.
            UnavailableError: see ``get``.
        """
        return self._answered(_Call("POST", path, None, chunks, progress))

    def _answered(self, call: _Call) -> Reply:
        try:
            return self._until_answered(call)
        finally:
            if self._session is not None:
                self._session.close()
                self._session = None

    def _until_answered(self, call: _Call) -> Reply:
        deadline_s = self._clock() + self._timeout_s
        tries = 0
        while True:
            tries += 1
            try:
                reply = self._try(call, deadline_s)
            except UnavailableError as error:
                if not error.may_pass:
                    raise
                failure, wanted_s = error, None
            else:
                if reply.is_success:
                    return reply
                refusal = error_of(self._without_token(reply), self.server)
                if isinstance(refusal, RefusedError):
                    raise refusal
                failure, wanted_s = refusal, reply.retry_after_s(self._wall_clock())
            delay_s = self._backoff_s(tries) if wanted_s is None else wanted_s
            if tries >= ATTEMPTS_MAX or self._clock() + delay_s >= deadline_s:
                raise _given_up(failure, tries, wanted_s, self._timeout_s) from None
            self._sleep(delay_s)

    def _try(self, call: _Call, deadline_s: float) -> Reply:
        """Send once, with what that takes: redirects within the origin, plain JSON where gzip is refused."""
        from exlogare_ci.attempt import Body, Request, compress  # noqa: PLC0415 - loads requests

        url, params = self._url + call.path, call.params
        body = plain = None if call.chunks is None else Body(call.chunks, call.progress)
        if plain is not None and call.chunks is not None and self._wants_gzip(plain, url, deadline_s):
            body = compress(call.chunks(), call.progress)
        redirects = 0
        while True:
            request = Request(
                method=call.method,
                url=url,
                params=params,
                headers=request_headers(has_body=body is not None, compressed=body is not plain),
                body=body,
                token=self._token,
                ca_bundle=self._ca_bundle,
                use_proxies=not is_loopback(url),
            )
            reply = self._attempt(request, deadline_s)
            if reply.is_redirect:
                url, params = self._follow(call.method, url, reply, redirects), None
                redirects += 1
            elif body is not plain and reply.status in _GZIP_REFUSALS:
                self._takes_gzip = False
                body = plain
            else:
                return reply

    def _wants_gzip(self, body: "Body", url: str, deadline_s: float) -> bool:
        """Tell whether a body is worth compressing and the server takes that; asked once."""
        from exlogare_ci.attempt import Request  # noqa: PLC0415 - loads requests

        if len(body) < GZIP_BYTES_MIN:
            return False
        if self._takes_gzip is None:
            request = Request(
                method="OPTIONS", url=url, headers=request_headers(has_body=False), ca_bundle=self._ca_bundle,
                use_proxies=not is_loopback(url),
            )  # fmt: skip
            codings = self._attempt(request, deadline_s).headers.get("accept-encoding", "").lower().split(",")
            self._takes_gzip = "gzip" in [coding.strip() for coding in codings]
        return self._takes_gzip

    def _attempt(self, request: "Request", deadline_s: float) -> Reply:
        """Send one request over the connection that is kept; give that up after an error."""
        from exlogare_ci.attempt import attempt, open_session  # noqa: PLC0415 - loads requests

        session = self._session = self._session or open_session()
        try:
            return attempt(request, deadline_s - self._clock(), session)
        except BaseException:
            self._session = None
            raise

    def _follow(self, method: str, url: str, reply: Reply, redirects: int) -> str:
        """Give the next URL of a redirect that may be followed."""
        target = urljoin(url, reply.headers["location"])
        keeps_method = method == "GET" or reply.status in _METHOD_KEEPING
        if origin(target) != self.server or not keeps_method or redirects >= REDIRECTS_MAX:
            raise redirected(self._without_token(reply), self.server)
        return target

    def _without_token(self, reply: Reply) -> Reply:
        """Take the token out of an answer that is shown: a server may repeat what it does not like."""
        if not self._token:
            return reply
        headers = {name: value.replace(self._token, "…") for name, value in reply.headers.items()}
        return Reply(reply.status, headers, reply.body.replace(self._token.encode(), b"..."))

    def _backoff_s(self, tries: int) -> float:
        """Full jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/)."""
        return self._random() * min(_BACKOFF_S_MAX, _BACKOFF_S * 2.0 ** (tries - 1))


def request_headers(*, has_body: bool = True, compressed: bool = False) -> dict[str, str]:
    """Give the headers of a request, but for the credential and the length."""
    headers = {"User-Agent": USER_AGENT, "Accept": "application/json"}
    if has_body:
        headers["Content-Type"] = "application/json"
    if has_body and compressed:
        headers["Content-Encoding"] = "gzip"
    return headers


def origin(url: str) -> str:
    """Give scheme, host and port of a URL, in lower case, the scheme's own port left out."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    try:
        port = parts.port
    except ValueError:
        port = -1
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{port}" if port not in (None, usual) else "")


def is_loopback(url: str) -> bool:
    """Tell whether a URL's host is this machine, by its name or address alone."""
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _given_up(failure: UnavailableError, tries: int, wanted_s: float | None, timeout_s: float) -> UnavailableError:
    cause = failure.cause
    if tries > 1:
        cause += f" Tried {tries} times."
    if wanted_s is not None and wanted_s >= timeout_s:
        cause += f" It asks to wait {wanted_s:.0f} s, longer than the {timeout_s:.0f} s that exl may take."
    return UnavailableError(cause, failure.fix)
