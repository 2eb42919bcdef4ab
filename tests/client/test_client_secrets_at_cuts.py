"""Secrets where a log is cut: at the borders of chunks, of what is kept of a long log, and of what is sent."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exlogare_ci.redact import redact
from exlogare_ci.shorten import shorten
from exlogare_ci.sources.spool import Spool

SECRET = "q7Zp2Kx9Wm4Tn8Vb5Rd3"
ENV = {"DEPLOY_TOKEN": SECRET}
KEY = (
    b"-----BEGIN PRIVATE KEY-----\n"
    + b"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n" * 20
    + (b"-----END PRIVATE KEY-----\n")
)


def parts(secret: bytes, length: int = 8) -> list[bytes]:
    """Every piece of a secret that is long enough to be worth something."""
    return [secret[start : start + length] for start in range(len(secret) - length + 1)]


def assert_gone(masked: bytes, secret: bytes = SECRET.encode()) -> None:
    """No piece of the secret is left."""
    assert [part for part in parts(secret) if part in masked] == []


@settings(deadline=None)
@given(
    before=st.integers(0, 400), after=st.integers(0, 900), chunk=st.integers(1, 64),
    separator=st.sampled_from([b"\n", b" "]), head=st.integers(0, 200), tail=st.integers(32, 300),
)  # fmt: skip
def test_a_secret_at_any_border_is_masked(
    before: int, after: int, chunk: int, separator: bytes, head: int, tail: int
) -> None:
    """Whatever the chunks and wherever the middle of the log is left out; lines or words stand round it."""
    word = b"abcd" + separator
    log = (word * 100)[:before] + separator + SECRET.encode() + separator + (word * 300)[:after]
    spool = Spool(io.BytesIO, head_bytes_max=head, tail_bytes_max=tail)
    for start in range(0, len(log), chunk):
        spool.write(log[start : start + chunk])

    assert_gone(redact(spool.read().data, ENV))


@settings(deadline=None)
@given(before=st.integers(0, 3_000), after=st.integers(0, 3_000), separator=st.sampled_from([b"\n", b" "]))
def test_a_secret_where_the_upload_is_cut_is_masked(before: int, after: int, separator: bytes) -> None:
    """A log too large to be searched for secrets as a whole is cut before that."""
    word = b"abcd" + separator
    log = (word * 600)[:before] + separator + SECRET.encode() + separator + (word * 600)[:after]

    assert_gone(redact(shorten(log, 1_024), ENV))


@pytest.mark.parametrize("tail", range(100, 1_400, 26))
def test_the_rest_of_a_private_key_is_left_out(tail: int) -> None:
    """Without its first line it could not be known for one."""
    log = b"start\n" * 50 + KEY + b"end of the job\n"
    spool = Spool(io.BytesIO, head_bytes_max=40, tail_bytes_max=tail)
    spool.write(log)
    masked = redact(spool.read().data, {})

    assert b"MIIEvQ" not in masked
    assert masked.endswith(b"end of the job\n")


@pytest.mark.parametrize("width", [12, 16, 19])
def test_a_secret_broken_over_lines_is_masked(width: int) -> None:
    """As a narrow console breaks it, also with a runner's time stamp before the rest."""
    secret = SECRET * 2
    for join in ("\n", "\r\n", "\n2026-01-31T12:00:00.0000000Z "):
        lines = join.join(secret[start : start + width * 2] for start in range(0, len(secret), width * 2))
        masked = redact(f"token is\n{lines}\nend\n".encode(), {"DEPLOY_TOKEN": secret})

        assert b"q7Zp2Kx9" not in masked
        assert b"Vb5Rd3\n" not in masked.replace(b"\r", b"")
