"""The server's settings: read once from the environment and the command line, then frozen."""

import difflib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from exlogare_server import limits
from exlogare_server.errors import SettingsError

DATABASE_URL = "EXLOGARE_DATABASE_URL"
INGEST_RATE = "EXLOGARE_INGEST_RATE_PER_MINUTE"
THREADS = "EXLOGARE_SERVER_THREADS"
IN_FLIGHT_BYTES = "EXLOGARE_SERVER_IN_FLIGHT_BYTES_MAX"
KNOWN = (DATABASE_URL, INGEST_RATE, THREADS, IN_FLIGHT_BYTES)

# The client's settings share the EXLOGARE_ prefix and may be set beside a server, so only names of these
# families are the server's own. One that is not in KNOWN is a slip of the pen, or belongs to another version:
# in both cases the operator believes in something that would not happen.
_FAMILIES = (
    "EXLOGARE_DATABASE_", "EXLOGARE_INGEST_RATE_", "EXLOGARE_SERVER_", "EXLOGARE_REDIS_", "EXLOGARE_WEBHOOK_",
    "EXLOGARE_RETENTION_", "EXLOGARE_TRUSTED_",
)  # fmt: skip


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the server runs with.

    Attributes:
        data_dir: the folder that holds everything the server keeps.
        database_url: an SQLAlchemy URL; this version takes SQLite files only.
        ingest_rate_per_minute: requests a minute for each tenant and endpoint; 0 turns the limit off.
        threads: how many requests run at once.
        in_flight_bytes_max: bytes of bodies that may be in memory at once, all requests together.
        dev: plain HTTP on a developer's machine.
    """

    data_dir: Path
    database_url: str
    ingest_rate_per_minute: int = limits.INGEST_RATE_PER_MINUTE
    threads: int = limits.THREADS
    in_flight_bytes_max: int = limits.IN_FLIGHT_BYTES_MAX
    dev: bool = False


def load(env: Mapping[str, str], *, data_dir: Path, dev: bool = False) -> Settings:
    """Read the settings.

    Args:
        env: the environment.
        data_dir: from the command line.
        dev: from the command line.

    Returns:
        The settings, whole and checked.

    Raises:
        SettingsError: a value does not fit, or a name of the server's families is not known.
    """
    _refuse_unknown(env)
    data_dir = data_dir.absolute()
    return Settings(
        data_dir=data_dir,
        database_url=env.get(DATABASE_URL) or f"sqlite:///{data_dir / 'exlogare.db'}",
        ingest_rate_per_minute=_integer(env, INGEST_RATE, limits.INGEST_RATE_PER_MINUTE, 0, 1_000_000),
        threads=_integer(env, THREADS, limits.THREADS, 1, limits.THREADS_MAX),
        in_flight_bytes_max=_integer(
            env, IN_FLIGHT_BYTES, limits.IN_FLIGHT_BYTES_MAX, 2 * limits.BODY_BYTES_MAX, 1 << 40
        ),
        dev=dev,
    )


def _refuse_unknown(env: Mapping[str, str]) -> None:
    for name in sorted(env):
        if name in KNOWN or not name.startswith(_FAMILIES):
            continue
        near = difflib.get_close_matches(name, KNOWN, n=1)
        hint = f"did you mean {near[0]}?" if near else f"this version knows {', '.join(KNOWN)}."
        raise SettingsError(f"The environment sets {name}, which this version does not know: {hint}")


def _integer(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    # isascii: int() would also take digits of other scripts, and underscores.
    if not (text.isascii() and text.isdigit()) or not low <= int(text[:20]) <= high:
        raise SettingsError(f"{name} must be a whole number from {low} to {high}.")
    return int(text)
