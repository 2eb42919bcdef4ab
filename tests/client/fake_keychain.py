"""A keychain in memory, and ones that misbehave."""

import time


class MemoryKeychain:
    """Keeps secrets while the test lasts; raises for a removal of nothing as the keyring package does."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str, /) -> str | None:
        """Give a secret."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Keep a secret."""
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        """Forget a secret."""
        del self.kept[service, username]


class BrokenKeychain(MemoryKeychain):
    """Raises what a system raises."""

    def get_password(self, *_: str) -> str | None:
        """Fail."""
        raise RuntimeError("org.freedesktop.DBus.Error.ServiceUnknown")


class HangingKeychain(MemoryKeychain):
    """Waits for somebody to type a password."""

    def get_password(self, *_: str) -> str | None:
        """Wait."""
        time.sleep(2)
        return None
