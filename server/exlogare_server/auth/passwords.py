"""Passwords: argon2id hashes, with the library's present parameters (RFC 9106, second recommended option)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, BusyError

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


class PasswordChecks:
    """Checks and hashes passwords, no more than ``PASSWORD_CHECKS_AT_ONCE_MAX`` at a time."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(limits.PASSWORD_CHECKS_AT_ONCE_MAX)

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Do ``verify_password``.

        Raises:
            BusyError: too many passwords are being checked.
        """
        with self._turn():
            return verify_password(password_hash, password)

    def hash(self, password: str) -> str:
        """Do ``hash_password``, for a password that a person chose on a page.

        Raises:
            BadRequestError: it is too short or too long.
            BusyError: too many passwords are being checked.
        """
        if len(password) < limits.PASSWORD_NEW_CHARACTERS_MIN:
            raise BadRequestError(f"A new password must have at least {limits.PASSWORD_NEW_CHARACTERS_MIN} characters.")
        with self._turn():
            return hash_password(password)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._free.acquire(timeout=limits.PASSWORD_WAIT_S_MAX):
            raise BusyError("Too many passwords are being checked right now; try again.", limits.RETRY_AFTER_S)
        try:
            yield
        finally:
            self._free.release()
