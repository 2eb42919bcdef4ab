"""Passwords: argon2id hashes, with the library's present parameters (RFC 9106, second recommended option)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from exlogare_server import limits
from exlogare_server.errors import BadRequestError

_hasher = PasswordHasher()
# A hash of no password with the parameters of the others (the salt and the digest are blanks of their sizes in
# base64): checking it costs what checking a real one costs.
NOBODYS_HASH = (
    f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    f"${'A' * -(-_hasher.salt_len * 4 // 3)}${'A' * -(-_hasher.hash_len * 4 // 3)}"
)


def hash_password(password: str) -> str:
    """Hash a password with a fresh salt.

    Args:
        password: 1 to 1,024 bytes of UTF-8.

    Returns:
        The argon2 string, parameters and salt included.

    Raises:
        BadRequestError: the password is empty or too long.
    """
    size_bytes = len(password.encode("utf-8", "surrogateescape"))
    if not 1 <= size_bytes <= limits.PASSWORD_BYTES_MAX:
        raise BadRequestError(f"A password must have 1 to {limits.PASSWORD_BYTES_MAX} bytes.")
    return _hasher.hash(password.encode("utf-8", "surrogateescape"))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Say whether a password is the one that was hashed.

    Args:
        password_hash: an argon2 string; another string matches nothing. ``None`` matches nothing either, and
            costs as much time as a real one.
        password: what was typed.
    """
    try:
        return _hasher.verify(
            NOBODYS_HASH if password_hash is None else password_hash, password.encode("utf-8", "surrogateescape")
        )
    except (VerificationError, InvalidHashError):
        return False
