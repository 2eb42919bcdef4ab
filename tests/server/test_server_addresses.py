"""Where the server may send to."""

import ipaddress

import pytest

from exlogare_server.errors import BadRequestError
from exlogare_server.notify.addresses import Policy, Target

PUBLIC = ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
PRIVATE = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fd00:ec2::254", "ff02::1", "fec0::1", "64:ff9b::a00:1", "64:ff9b:1::7f00:1", "2002:7f00:1::", "2001:db8::1",
    "2001:0:1::1", "localhost", "", "1", "0x7f.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_address_may_be_sent_to(address: str) -> None:
    """Also when it is written inside one of IPv6."""
    assert Policy().permits(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_address_of_our_own_network_is_refused(address: str) -> None:
    """Loopback, private, link-local, metadata services, whatever leads there, and what is no address."""
    assert not Policy().permits(address)


def test_operator_may_allow_a_network() -> None:
    """That one and no other."""
    policy = Policy([ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("::1/128")])

    assert [policy.permits(a) for a in ("10.1.2.3", "::ffff:10.1.2.3", "::1", "10.2.0.1", "127.0.0.1")] == [
        True, True, True, False, False,
    ]  # fmt: skip
    assert Policy(dev=True).permits("127.0.0.1")


def test_target_is_what_will_be_connected_to() -> None:
    """The addresses of one resolution, each once; the port and the path of the URL."""
    policy = Policy(resolve=lambda _host, _port: ["93.184.216.34", "93.184.216.34", "2606:2800:220:1::1"])

    assert policy.target("https://Bücher.example:8443/a/b?c=d#e") == Target(
        "https", "xn--bcher-kva.example", 8443, "/a/b?c=d", ("93.184.216.34", "2606:2800:220:1::1")
    )
    assert policy.target("https://x.example").authority == "x.example"
    assert policy.target("https://x.example:8443").authority == "x.example:8443"


def test_one_private_address_of_many_is_enough() -> None:
    """A name with a public and a private address is refused: which one is connected to is chance."""
    policy = Policy(resolve=lambda _host, _port: ["93.184.216.34", "10.0.0.1"])

    with pytest.raises(BadRequestError, match="private or link-local address"):
        policy.target("https://x.example/")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f000001", "017700000001", "127.1", "[::1]", "localhost"]
)
def test_every_spelling_of_loopback_is_refused(host: str) -> None:
    """The system's own resolver says what a spelling means."""
    with pytest.raises(BadRequestError):
        Policy().target(f"https://{host}/")


def test_plain_http_is_for_loopback_alone() -> None:
    """Even where the operator allows a private network; a name counts by its addresses."""
    policy = Policy(dev=True, resolve=lambda host, _port: ["127.0.0.1"] if host == "me" else ["10.0.0.1"])

    assert policy.target("http://me:81/").port == 81
    with pytest.raises(BadRequestError, match="must begin with https"):
        policy.target("http://localhost/")


@pytest.mark.parametrize(
    "url",
    [
        "", "x.example", "ftp://x.example/", "https://", "https:///path", "https://a@x.example/", "https://x.example:99999/",
        "https://x.example:port/", "https://x.example/ a", "https://x.example/\n", "https://x.ex%61mple/", "https://[::1/",
        "https://x.example\\@y.example/", "file:///etc/passwd", "https://x.example/" + "a" * 2048, "https://x.example/ä",
    ],
)  # fmt: skip
def test_url_of_another_form_is_refused(url: str) -> None:
    """Before anything is resolved."""

    def resolve(_host: str, _port: int) -> list[str]:
        raise AssertionError("resolved")

    with pytest.raises(BadRequestError, match="must be like https://host/path"):
        Policy(resolve=resolve).target(url)


def test_unknown_host_is_told() -> None:
    """With a sentence."""

    def resolve(_host: str, _port: int) -> list[str]:
        raise OSError

    with pytest.raises(BadRequestError, match="host is not known"):
        Policy(resolve=resolve).target("https://x.example/")
