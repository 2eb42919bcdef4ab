"""One request to a CI service with ``requests``, its answer bounded in size. Follows nothing, retries nothing."""

from collections.abc import Iterator, Mapping

import msgspec
import requests
from requests.auth import AuthBase

from exlogare_ci.attempt import CONNECT_TIMEOUT_S, READ_TIMEOUT_S
from exlogare_ci.sources.ci.address import is_loopback
from exlogare_ci.sources.ci.model import Headers
from exlogare_ci.sources.ci.parts import open_spool
from exlogare_ci.sources.excerpt import MIB, Excerpt

JSON_BYTES_MAX = 32 * MIB
"""A log of 10 MiB in JSON, a time for each of its lines, is about 20 MiB."""
OK = 200
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_ERROR_BYTES_MAX = 64 * 1024
_CHUNK_BYTES = 64 * 1024


class Answer(msgspec.Struct, frozen=True):
    """An answer of the service.

    Attributes:
        status: the HTTP status.
        headers: names in lower case.
        excerpt: the body, content encoding undone: head and tail of a log, the beginning of anything else.
    """

    status: int
    headers: dict[str, str]
    excerpt: Excerpt


class _NoOther(AuthBase):
    """Its presence keeps requests from taking a credential out of ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def send(
    url: str, params: Mapping[str, str] | None, headers: Headers, *, ca_bundle: str | None, left_s: float, is_log: bool
) -> Answer:
    """Send a GET request.

    Args:
        url: where to.
        params: the query.
        headers: all headers.
        ca_bundle: a file of certificates to trust instead of the system's; TLS is always verified.
        left_s: the longest that a connection or a pause may take.
        is_log: keep the body's end; of a body that is none, only the beginning is of use.

    Returns:
        The answer, whatever its status.

    Raises:
        OSError: no answer; what ``requests`` raises.
    """
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
            if response.status_code != OK:
                return Answer(response.status_code, names, _start_of(pieces, _ERROR_BYTES_MAX))
            return Answer(OK, names, _spooled(pieces) if is_log else _start_of(pieces, JSON_BYTES_MAX))


def _spooled(pieces: Iterator[bytes]) -> Excerpt:
    spool = open_spool()
    for piece in pieces:
        spool.write(piece)
    return spool.read()


def _start_of(pieces: Iterator[bytes], bytes_max: int) -> Excerpt:
    kept = bytearray()
    for piece in pieces:
        kept += piece
        if len(kept) > bytes_max:
            return Excerpt(data=bytes(kept[:bytes_max]), bytes_total=len(kept), bytes_omitted=len(kept) - bytes_max)
    return Excerpt(data=bytes(kept), bytes_total=len(kept))
