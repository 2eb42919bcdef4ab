"""Where the server may send to: never to its own network, unless the operator says so.

Whoever may name a receiver could otherwise reach what only the server can reach (server-side request
forgery): the cloud's metadata service, a database without a password, an administration page on loopback.
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import msgspec

from exlogare_server import limits
from exlogare_server.errors import BadRequestError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

# What is not public although Python says so: Azure's metadata service
# (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16), the IETF's protocol
# assignments with Oracle's one in them (RFC 6890; older Pythons know a part), and the site-local addresses of
# IPv6's beginnings (RFC 3879).
_SPECIAL = tuple(ipaddress.ip_network(text) for text in ("168.63.129.16/32", "192.0.0.0/24", "fec0::/10"))
# Addresses of IPv6 that lead to one of IPv4, and where in them it stands (in bits from the right):
# NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), and what is left of "compatible" addresses (RFC 4291).
_CARRIERS = (
    (ipaddress.ip_network("64:ff9b::/96"), 0),
    (ipaddress.ip_network("64:ff9b:1::/48"), 0),
    (ipaddress.ip_network("2002::/16"), 80),
    (ipaddress.ip_network("::/96"), 0),
)


class Target(msgspec.Struct, frozen=True):
    """Where to connect to.

    Attributes:
        scheme: ``https`` or ``http``.
        host: as it is named to the receiver, in ASCII.
        port: its port.
        path: with the query; at least ``/``.
        addresses: of the host, each checked; at least one.
    """

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def authority(self) -> str:
        """The ``Host`` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _default_port(self.scheme) else f"{host}:{self.port}"


class Policy:
    """Says which addresses may be sent to.

    Args:
        allow: networks that may be sent to although they are private.
        dev: allow every network, as a developer's machine needs it.
        resolve: gives the addresses of a host.
    """

    def __init__(self, allow: Sequence[Network] = (), *, dev: bool = False, resolve: Resolve | None = None) -> None:
        self._allow = tuple(allow)
        self._dev = dev
        self._resolve = resolve or _resolve

    def permits(self, text: str) -> bool:
        """Say whether an address, as digits, may be sent to."""
        address = _parse(text)
        if address is None:
            return False
        return self._dev or any(address in network for network in self._allow) or _is_public(address)

    def target(self, url: str) -> Target:
        """Resolve a URL once, and check every address of its host.

        The addresses are what is connected to afterwards: a name that means another address a moment later
        changes nothing.

        Raises:
            BadRequestError: the URL cannot be sent to. The sentence says why, without addresses that only the
                server can know.
        """
        scheme, host, port, path = _split(url)
        addresses = self.check_host(host, port)
        # Which addresses are loopback, not what the host is called: "localhost" may be anything.
        if scheme == "http" and not all(ipaddress.ip_address(text).is_loopback for text in addresses):
            raise BadRequestError("A receiver's URL must begin with https://; plain http is for loopback alone.")
        return Target(scheme, host, port, path, addresses)

    def check_host(self, host: str, port: int) -> tuple[str, ...]:
        """Resolve a host and check all its addresses.

        Raises:
            BadRequestError: it is not known, or one of its addresses may not be sent to.
        """
        try:
            addresses = tuple(dict.fromkeys(self._resolve(host, port)))
        except (OSError, UnicodeError):
            addresses = ()
        if not addresses:
            raise BadRequestError("The receiver's host is not known.")
        if not all(self.permits(text) for text in addresses):
            raise BadRequestError(
                "The receiver's host has a loopback, private or link-local address, to which this server does not "
                "send; its operator can name the network in EXLOGARE_WEBHOOK_ALLOW."
            )
        return addresses


def _split(url: str) -> tuple[str, str, int, str]:
    sentence = "A receiver's URL must be like https://host/path, without a user and without blanks."
    if not 1 <= len(url) <= limits.RECEIVER_URL_CHARACTERS_MAX or not url.isprintable() or " " in url:
        raise BadRequestError(sentence)
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        if not host.isascii():
            host = host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise BadRequestError(sentence) from None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or "%" in host or "\\" in parts.netloc:
        raise BadRequestError(sentence)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise BadRequestError(sentence)
    return parts.scheme, host, port or _default_port(parts.scheme), path


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def _parse(text: str) -> Address | None:
    """Read an address; one of IPv4 inside one of IPv6 counts as the inner one."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            return None
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        for network, shift in _CARRIERS:
            # :: and ::1 are addresses of their own.
            if address in network and int(address) > 1:
                return ipaddress.IPv4Address(int(address) >> shift & 0xFFFF_FFFF)
    return address


def _is_public(address: Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
        and not any(address in network for network in _SPECIAL)
    )
