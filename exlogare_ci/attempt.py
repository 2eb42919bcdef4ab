"""One HTTP request with ``requests``, bounded in time and size. Everything to and from the server passes here."""

import queue
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.client import RemoteDisconnected
from http.cookiejar import DefaultCookiePolicy

import msgspec
import requests
from requests.auth import AuthBase

from exlogare_ci.answers import Reply
from exlogare_ci.errors import NotTrustedError, ProtocolError, SettingsError, UnavailableError

CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 30.0
"""Between two pieces of an answer; the analysis of 10 MiB takes the server a second or two."""
REPLY_BYTES_MAX = 32 * 1024 * 1024
"""A page of 500 analyses with all texts at their limits is about 8 MiB."""

_GZIP_LEVEL = 1  # logs shrink 7 to 12 times at level 1, hardly more above it
_GZIP_WBITS = 31
_NETWORK_FIX = "Check the server's URL in EXLOGARE_URL, the network and the proxy settings."
_PROXY_FIX = "Set them in HTTPS_PROXY: http://USER:PASSWORD@PROXY:PORT."
_TLS_FIX = "If its certificate is your organisation's own, name the CA's file in --ca-bundle or EXLOGARE_CA_BUNDLE."
_SENTENCES: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((requests.exceptions.ProxyError,), "The proxy on the way to {place} failed: {reason}."),
    ((requests.exceptions.ConnectTimeout,), "{place} cannot be reached: no connection in time."),
    ((requests.exceptions.Timeout,), "{place} did not answer in time."),
    (
        (
            requests.exceptions.ConnectionError,
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ),
        "{place} cannot be reached: {reason}.",
    ),
)


Progress = Callable[[int, int], None]
"""Is told how many bytes of a body are sent, and how many there are."""


class Body:
    """A request's body, made anew each time that it is iterated.

    Args:
        chunks: makes the pieces.
        progress: is told after each piece.
    """

    def __init__(self, chunks: Callable[[], Iterable[bytes]], progress: Progress | None = None) -> None:
        self._chunks = chunks
        self._progress = progress
        self._bytes = sum(len(chunk) for chunk in chunks())

    def __len__(self) -> int:
        return self._bytes

    def __iter__(self) -> Iterator[bytes]:
        sent = 0
        for chunk in self._chunks():
            yield chunk
            sent += len(chunk)
            if self._progress is not None:
                self._progress(sent, self._bytes)


def compress(chunks: Iterable[bytes], progress: Progress | None = None) -> Body:
    """Compress a body with gzip, piece by piece.

    Args:
        chunks: its pieces.
        progress: see ``Body``; counts compressed bytes.

    Returns:
        The compressed body.
    """
    packer = zlib.compressobj(_GZIP_LEVEL, zlib.DEFLATED, _GZIP_WBITS)
    packed = [piece for chunk in chunks if (piece := packer.compress(chunk))]
    packed.append(packer.flush())
    return Body(lambda: packed, progress)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request.

    Attributes:
        method: ``GET``, ``POST`` or ``OPTIONS``.
        url: where to.
        params: the query.
        headers: all but the credential.
        body: the body, if any.
        token: the bearer, if any.
        ca_bundle: a file of certificates to trust instead of the system's.
        use_proxies: whether proxies and CA files of the environment count.
    """

    method: str
    url: str
    params: Mapping[str, str] | None = None
    headers: Mapping[str, str]
    body: Body | None = None
    token: str | None = None
    ca_bundle: str | None = None
    use_proxies: bool = True

    def __repr__(self) -> str:
        return f"Request({self.method} {self.url})"  # never the token

    @property
    def place(self) -> str:
        """Scheme, host and port, for sentences."""
        return "/".join(self.url.split("/", 3)[:3])


def attempt(request: Request, remaining_s: float, session: requests.Session | None = None) -> Reply:
    """Send one request; follow nothing, retry nothing.

    The request runs in a thread of its own: neither a name lookup that hangs nor a server that sends a byte
    now and then can hold the caller longer than agreed.

    Args:
        request: what to send.
        remaining_s: when to give up.
        session: keeps the connection for a further request; after an error it must not be used again.

    Returns:
        The answer, whatever its status.

    Raises:
        UnavailableError: no answer, or none in time.
        SettingsError: the URL or the proxy's cannot be used.
        ProtocolError: the answer is too large, or cannot be read.
    """
    box: queue.SimpleQueue[Reply | BaseException] = queue.SimpleQueue()
    left_s = max(0.001, remaining_s)

    def run() -> None:
        try:
            box.put(_send(request, left_s, session))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread
            box.put(error)

    threading.Thread(target=run, name="exlogare-http", daemon=True).start()
    try:
        result = box.get(timeout=left_s)
    except queue.Empty:
        raise UnavailableError(f"{request.place} did not answer in time.", _NETWORK_FIX) from None
    if isinstance(result, Reply):
        return result
    if isinstance(result, OSError):  # the base of all that requests raises
        raise _failure(result, request.place) from None
    if isinstance(result, ValueError):  # a redirect to an address that is none
        raise ProtocolError(f"{request.place} sent an answer that cannot be read.", may_pass=False) from None
    raise result


class _Bearer(AuthBase):
    """Sets the credential; its presence also keeps requests from taking another one out of ~/.netrc."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def open_session() -> requests.Session:
    """Make a session that keeps its connection, and no cookies."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return session


def _send(request: Request, left_s: float, kept: requests.Session | None) -> Reply:
    session = kept or open_session()
    try:
        reply = _answered(request, left_s, session)
    except BaseException:
        session.close()
        raise
    if kept is None:
        session.close()
    return reply


def _answered(request: Request, left_s: float, session: requests.Session) -> Reply:
    session.trust_env = request.use_proxies
    with session.request(
        request.method,
        request.url,
        params=request.params,
        headers=dict(request.headers),
        data=request.body,
        auth=_Bearer(request.token),
        timeout=(min(CONNECT_TIMEOUT_S, left_s), min(READ_TIMEOUT_S, left_s)),
        allow_redirects=False,
        stream=True,
        verify=request.ca_bundle or True,
    ) as response:
        pieces: list[bytes] = []
        size = 0
        for piece in response.iter_content(64 * 1024):
            pieces.append(piece)
            size += len(piece)
            if size > REPLY_BYTES_MAX:
                raise ProtocolError(f"{request.place} sent more than {REPLY_BYTES_MAX} bytes.", may_pass=False)
        names = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, names, b"".join(pieces))


def _failure(error: OSError, place: str) -> UnavailableError | SettingsError:
    """Put what requests raised into a sentence."""
    text = str(error)
    if not isinstance(error, requests.RequestException):
        return SettingsError(f"The request to {place} cannot be made: {text}.", "Check EXLOGARE_CA_BUNDLE.")
    if "CERTIFICATE_VERIFY_FAILED" in text:
        why = text.partition("certificate verify failed:")[2].partition("(")[0].strip() or "not trusted"
        return NotTrustedError(f"The certificate of {place} cannot be verified: {why}.", _TLS_FIX, may_pass=False)
    if "WRONG_VERSION_NUMBER" in text or "RECORD_LAYER" in text:
        return UnavailableError(f"{place} does not speak TLS.", "Check the scheme in EXLOGARE_URL.", may_pass=False)
    if isinstance(error, requests.exceptions.ProxyError) and "407" in text:
        cause = f"The proxy on the way to {place} wants a user name and a password."
        return UnavailableError(cause, _PROXY_FIX, may_pass=False)
    for kinds, sentence in _SENTENCES:
        if isinstance(error, kinds):
            return UnavailableError(sentence.format(place=place, reason=_reason(error)), _NETWORK_FIX)
    return SettingsError(f"{place} is no usable address, or a proxy's is not.", _NETWORK_FIX)


def _reason(error: BaseException) -> str:
    """Give the innermost reason that says something, e.g. ``Connection refused``."""
    seen: set[int] = set()
    found = type(error).__name__
    while id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, RemoteDisconnected):
            found = "it closed the connection without an answer"
        elif isinstance(error, OSError) and error.strerror:
            found = error.strerror
        inner = getattr(error, "reason", None) or error.__cause__ or error.__context__
        inner = inner or next((item for item in error.args if isinstance(item, BaseException)), None)
        if not isinstance(inner, BaseException):
            break
        error = inner
    return found
