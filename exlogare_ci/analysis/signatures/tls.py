"""Signatures of certificates and TLS connections."""

from exlogare_ci.analysis.signatures.base import Signature

_OPENSSL = "https://docs.openssl.org/master/man1/openssl-verification-options/"
_GO = "https://pkg.go.dev/crypto/x509"

_CA = "The certificate was signed by an authority that this machine does not trust; a company proxy that opens TLS is the usual reason."
_CA_FIX = "Install the authority's certificate in the image (`update-ca-certificates`) or name it (NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE, SSL_CERT_FILE)."
_DATE = "The certificate's last day is over, or the machine's clock is wrong."
_DATE_FIX = (
    "Renew the certificate of that host; check the runner's clock, and update `ca-certificates` when a root expired."
)

SIGNATURES = (
    Signature(
        id="tls.expired",
        tool="tls",
        pattern=r"(?:certificate has expired|x509: certificate has expired or is not yet valid|CERT_HAS_EXPIRED|certificate is expired)",
        category="network.tls",
        title="A server's certificate has expired: {text}",
        explain=_DATE,
        fix=_DATE_FIX,
        matches=(
            "curl: (60) SSL certificate problem: certificate has expired",
            "x509: certificate has expired or is not yet valid: current time 2026-01-01T00:00:00Z is after 2025-12-01T00:00:00Z",
        ),
        non_matches=("certificate expires on 2027-01-01",),
        source=_OPENSSL,
        owner="platform",
        weight=1.0,
    ),
    Signature(
        id="tls.self_signed",
        tool="tls",
        pattern=r"(?:self[- ]signed certificate(?: in certificate chain)?|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN)[^\n]{0,40}$",
        category="network.tls",
        title="A server's certificate is self-signed and not trusted: {text}",
        explain=_CA,
        fix=_CA_FIX,
        matches=(
            "curl: (60) SSL certificate problem: self-signed certificate",
            "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1006)",
            "npm ERR! code SELF_SIGNED_CERT_IN_CHAIN",
        ),
        non_matches=("Generating a key for localhost",),
        source="ran: curl 7.88, Python 3.11",
        owner="platform",
    ),
    Signature(
        id="tls.unknown_issuer",
        tool="tls",
        pattern=r"(?:unable to get local issuer certificate|unable to verify the first certificate|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY|server certificate verification failed\.|ERROR: The certificate of .+ is not trusted\.|ERROR: cannot verify .+'s certificate, issued by )",
        category="network.tls",
        title="A server's certificate is not trusted: {text}",
        explain=_CA,
        fix=_CA_FIX,
        matches=(
            "curl: (60) SSL certificate problem: unable to get local issuer certificate",
            "ERROR: The certificate of ‘localhost’ is not trusted.",
            "fatal: unable to access 'https://git.example.com/a.git/': server certificate verification failed. CAfile: none CRLfile: none",
        ),
        non_matches=("certificate verification is off",),
        source=_OPENSSL,
        owner="platform",
        weight=0.5,
    ),
    Signature(
        id="tls.go_unknown_authority",
        tool="go",
        pattern=r"x509: certificate (?:signed by unknown authority|is not trusted)",
        category="network.tls",
        title="A server's certificate is signed by an authority that this machine does not know: {text}",
        explain=_CA,
        fix="Install the authority's certificate in the image or on the runner (`update-ca-certificates`); for Docker put it under `/etc/docker/certs.d/HOST/ca.crt`.",
        matches=(
            'Get "https://registry.example.com/v2/": x509: certificate signed by unknown authority',
            "tls: failed to verify certificate: x509: certificate signed by unknown authority",
        ),
        non_matches=("x509 certificate written",),
        source=_GO + "#UnknownAuthorityError",
        owner="platform",
        weight=1.5,
    ),
    Signature(
        id="tls.hostname_mismatch",
        tool="tls",
        pattern=r"(?:no alternative certificate subject name matches target host name|x509: certificate is valid for [^\n]+, not |Hostname mismatch, certificate is not valid for|ERR_TLS_CERT_ALTNAME_INVALID|hostname '[^'\n]+' doesn't match |ERROR: no certificate subject alternative name matches|ERROR: certificate common name [^\n]+ doesn't match requested host name|The certificate's owner does not match hostname )",
        category="network.tls",
        title="A server's certificate is for another name: {text}",
        explain="The host that was asked for is not among the names in the certificate: a wrong address, or a proxy answered.",
        fix="Use the name that the certificate holds, or have the certificate issued for this name.",
        matches=(
            "curl: (60) SSL: no alternative certificate subject name matches target host name 'db.example.com'",
            "x509: certificate is valid for localhost, not registry.example.com",
            "The certificate's owner does not match hostname ‘localhost’",
            "ERROR: no certificate subject alternative name matches",
        ),
        non_matches=("the host name matches",),
        source=_GO + "#HostnameError",
        owner="platform",
        weight=1.0,
    ),
    Signature(
        id="tls.handshake",
        tool="tls",
        pattern=r"(?:SSL routines:[a-zA-Z0-9_]*:(?:wrong version number|tlsv1 alert|sslv3 alert|unsupported protocol|dh key too small|ee key too small)|SSL routines::(?:wrong version number|tlsv1 alert|sslv3 alert|unsupported protocol|legacy sigalg|unsafe legacy|dh key too small)|SSL_ERROR_SYSCALL|tls: (?:handshake failure|first record does not look like a TLS handshake|protocol version not supported)|Unable to establish SSL connection\.|curl: \(35\) )",
        category="network.tls",
        title="The TLS handshake failed: {text}",
        explain="Both sides found no common protocol, or the port does not speak TLS at all (`wrong version number`).",
        fix="Check whether the address should be http or another port; update OpenSSL and the client where the protocol is too old.",
        matches=(
            "curl: (35) OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number",
            "Unable to establish SSL connection.",
        ),
        non_matches=("TLS handshake done",),
        source="ran: curl 7.88, wget 1.21",
        owner="platform",
        weight=0.5,
    ),
)
