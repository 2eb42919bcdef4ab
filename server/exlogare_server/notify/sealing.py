"""Secrets at rest: encrypted with Fernet, under keys that can be rotated."""

import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from exlogare_server.errors import SettingsError
from exlogare_server.store.outbox import Outbox

KEY_FILE = "secret.key"


class Sealer:
    """Encrypts and decrypts.

    Args:
        keys: 32 bytes each as URL-safe base64; the first one encrypts, all of them decrypt.

    Raises:
        SettingsError: one of them is no key, or there is none.
    """

    def __init__(self, keys: tuple[str, ...]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError:
            raise SettingsError(
                "EXLOGARE_SECRET_KEYS (or the key file) must hold keys of 32 bytes as URL-safe base64; "
                "'exlogare-server key new' makes one."
            ) from None

    def seal(self, text: str) -> str:
        """Encrypt."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        """Decrypt; ``None`` when none of the keys fits."""
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None

    def rotate(self, outbox: Outbox) -> tuple[int, int]:
        """Encrypt every stored secret anew, under the first key.

        Returns:
            How many were, and how many none of the keys fits.
        """
        done = lost = 0
        for receiver_id, sealed in outbox.sealed_secrets():
            text = self.open(sealed)
            if text is None:
                lost += 1
            else:
                outbox.reseal(receiver_id, sealed, self.seal(text))
                done += 1
        return done, lost

    def fault(self, outbox: Outbox) -> str | None:
        """Say in a sentence that a stored secret cannot be decrypted; ``None`` when all can."""
        lost = sum(self.open(sealed) is None for _, sealed in outbox.sealed_secrets())
        if not lost:
            return None
        return f"{lost} secrets in the database fit none of the keys in EXLOGARE_SECRET_KEYS or the key file."


def new_key() -> str:
    """Make a key."""
    return Fernet.generate_key().decode()


def load_keys(keys: tuple[str, ...], data_dir: Path) -> tuple[str, ...]:
    """Give the keys of the settings, or those of the key file, which is made when it is missing.

    Raises:
        SettingsError: the file cannot be read or made.
    """
    if keys:
        return keys
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make(path)
        return tuple(path.read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The key file {path} cannot be read or made: {type(error).__name__}.") from None


def _make(path: Path) -> None:
    """Make the file whole or not at all; of two processes that try at once the second keeps the first's."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, f"{new_key()}\n".encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
