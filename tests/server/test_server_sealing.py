"""Secrets at rest, and the keys they are under."""

import stat
import threading
import uuid
from pathlib import Path

import pytest

from exlogare_server.errors import SettingsError
from exlogare_server.notify.sealing import Sealer, load_keys, new_key
from exlogare_server.store.protocol import Store
from tests.server.harness import Api


def test_what_is_sealed_is_unreadable_and_opens_again() -> None:
    """Only with the key."""
    sealer = Sealer((new_key(),))

    sealed = sealer.seal("secret ß")

    assert "secret" not in sealed
    assert (sealer.open(sealed), Sealer((new_key(),)).open(sealed), sealer.open("no")) == ("secret ß", None, None)


def test_keys_are_rotated(api: Api) -> None:
    """With the new key in front everything opens; after the rotation the old one can go."""
    store: Store = api.store
    old, new = new_key(), new_key()
    sealed = Sealer((old,)).seal("s")
    other = Sealer((new_key(),)).seal("lost")
    kept = {uuid.uuid4(): sealed, uuid.uuid4(): other}

    class Kept:
        """The part of a store that rotation needs."""

        def sealed_secrets(self) -> tuple[tuple[uuid.UUID, str], ...]:
            return tuple(kept.items())

        def reseal(self, receiver_id: uuid.UUID, before: str, after: str) -> None:
            assert kept[receiver_id] == before
            kept[receiver_id] = after

    assert store.sealed_secrets() == ()
    assert Sealer((new, old)).rotate(Kept()) == (1, 1)  # type: ignore[arg-type]
    assert [Sealer((new,)).open(text) for text in kept.values()] == ["s", None]
    assert Sealer((new,)).fault(Kept()) == (  # type: ignore[arg-type]
        "1 secrets in the database fit none of the keys in EXLOGARE_SECRET_KEYS or the key file."
    )


def test_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    """Of many that start at the same time all have the same key."""
    found: list[tuple[str, ...]] = []
    threads = [threading.Thread(target=lambda: found.append(load_keys((), tmp_path / "data"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]
    assert stat.S_IMODE((tmp_path / "data/secret.key").stat().st_mode) == 0o600
    assert load_keys(("given",), tmp_path) == ("given",)


@pytest.mark.parametrize("keys", [(), ("short",), (new_key(), "ä")])
def test_what_is_no_key_is_refused(keys: tuple[str, ...]) -> None:
    """With the command that makes one."""
    with pytest.raises(SettingsError, match="key new"):
        Sealer(keys)
