"""The transport and TLS, against real servers on loopback with a certificate of their own."""

import datetime as dt
import ipaddress
from pathlib import Path

import pytest

from exlogare_ci.errors import NotTrustedError, SettingsError, UnavailableError
from tests.client.scripted_server import FakeTime, ScriptedServer, accept
from tests.client.transport_tools import post, transport


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a self-signed certificate for 127.0.0.1, with its key in the same file."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "exlogare test")])
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    now = dt.datetime.now(dt.timezone.utc)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_an_unknown_certificate_is_refused_and_named(certificate: Path) -> None:
    """TLS is always verified, at once and without a retry; the sentence says how to trust a CA."""
    time_ = FakeTime()
    with (
        ScriptedServer(accept(), certificate=certificate).running() as server,
        pytest.raises(NotTrustedError, match=r"cannot be verified: self-signed certificate.*--ca-bundle"),
    ):
        post(transport(server, time_))

    assert (server.asked, time_.slept_s) == ([], [])


def test_a_ca_bundle_makes_it_trusted(certificate: Path) -> None:
    """With the certificate named, the upload goes through."""
    with ScriptedServer(accept(), certificate=certificate).running() as server:
        assert post(transport(server, ca_bundle=str(certificate))).status == 202


def test_a_missing_ca_bundle_is_a_setting_to_repair(certificate: Path) -> None:
    """No traceback, and the variable's name."""
    with (
        ScriptedServer(accept(), certificate=certificate).running() as server,
        pytest.raises(SettingsError, match="EXLOGARE_CA_BUNDLE"),
    ):
        post(transport(server, ca_bundle="/nowhere/ca.pem"))


def test_a_server_without_tls_is_told_apart() -> None:
    """A plain port spoken to with https is no matter of certificates."""
    with (
        ScriptedServer(accept()).running() as server,
        pytest.raises(UnavailableError, match="does not speak TLS"),
    ):
        post(transport(server.url.replace("http:", "https:")))
