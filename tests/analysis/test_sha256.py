"""The digests are SHA-256, whichever module of Python makes them."""

import hashlib

import pytest

from exlogare_ci.analysis import sha256


@pytest.mark.parametrize("data", [b"", b"a", b"\0" * 200])
def test_a_digest_is_that_of_hashlib(data: bytes) -> None:
    """What was kept under a name is found again, and a fingerprint stays the same."""
    expected = hashlib.sha256(data).hexdigest()

    assert sha256.hex_digest(data) == expected
    assert sha256.first_of(["no_such_module", "hashlib"])(data).hexdigest() == expected


def test_a_python_without_it_says_so() -> None:
    """There is no digest to fall back on."""
    with pytest.raises(ImportError, match="no_such_module"):
        sha256.first_of(["no_such_module"])
