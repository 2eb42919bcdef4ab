"""The server's settings: read once from a file, the environment and the command line, then frozen.

``OPTIONS`` is the one table: a setting is a row in it and a field of ``Settings``.
"""

import difflib
import ipaddress
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from exlogare_server import limits
from exlogare_server.errors import SettingsError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

FILE_NAME = "settings.yml"
FILE_VARIABLE = "EXLOGARE_SERVER_SETTINGS"
# Says that the environment is the server's alone, as in a container.
ALONE_VARIABLE = "EXLOGARE_SERVER_ALONE"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What the server runs with.

    Attributes:
        data_dir: the folder that holds everything the server keeps.
        database_url: an SQLAlchemy URL of an SQLite file or a PostgreSQL database.
        database_connections_max: connections to PostgreSQL that one process keeps.
        redis_url: where the rates of several processes are counted together; ``None`` counts in memory.
        redis_away: what a rate limit does while Redis does not answer: ``open`` lets in (counted in memory),
            ``closed`` answers ``503``.
        ingest_rate_per_minute: requests a minute for each tenant and endpoint; 0 turns the limit off.
        threads: how many requests run at once.
        engines: how many processes analyse logs.
        in_flight_bytes_max: bytes of bodies that may be in memory at once, all requests together.
        trusted_proxies: networks of proxies whose ``X-Forwarded-For`` is believed.
        webhook_allow: networks that receivers may be in although they are private.
        worker_threads: deliveries that one worker sends at once.
        retention_days: how long analyses are kept; 0 keeps them for ever.
        secret_keys: Fernet keys for secrets at rest, the first one encrypts; none means the key file.
        dev: plain HTTP on a developer's machine, and receivers in any network.
    """

    data_dir: Path
    database_url: str
    database_connections_max: int = limits.DATABASE_CONNECTIONS
    redis_url: str | None = None
    redis_away: Literal["open", "closed"] = "open"
    ingest_rate_per_minute: int = limits.INGEST_RATE_PER_MINUTE
    threads: int = limits.THREADS
    engines: int = limits.ENGINES
    in_flight_bytes_max: int = limits.IN_FLIGHT_BYTES_MAX
    trusted_proxies: tuple[Network, ...] = ()
    webhook_allow: tuple[Network, ...] = ()
    worker_threads: int = limits.WORKER_THREADS
    retention_days: int = limits.RETENTION_DAYS
    secret_keys: tuple[str, ...] = ()
    dev: bool = False


class Option(msgspec.Struct, frozen=True):
    """One setting.

    Attributes:
        field: its name in ``Settings`` and in the file.
        variable: its name in the environment, which wins over the file.
        read: turns the text into the value; raises ``ValueError`` with what was expected.
        secret: never shown.
    """

    field: str
    variable: str
    read: Callable[[str], object]
    secret: bool = False


def _integer(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        # isascii: int() would also take digits of other scripts, and underscores.
        if not (text.isascii() and text.isdigit()) or not low <= int(text[:20]) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return text

    return read


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("networks such as 10.1.0.0/16,fd00::/8, with commas between them") from None


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _redis_url(text: str) -> str:
    if not text.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("a URL such as redis://host:6379/0 or rediss://host:6379/0")
    return text


OPTIONS: tuple[Option, ...] = (
    Option("database_url", "EXLOGARE_DATABASE_URL", str, secret=True),
    Option("database_connections_max", "EXLOGARE_DATABASE_CONNECTIONS_MAX", _integer(2, 1000)),
    Option("redis_url", "EXLOGARE_REDIS_URL", _redis_url, secret=True),
    Option("redis_away", "EXLOGARE_REDIS_AWAY", _one_of("open", "closed")),
    Option("ingest_rate_per_minute", "EXLOGARE_INGEST_RATE_PER_MINUTE", _integer(0, 1_000_000)),
    Option("threads", "EXLOGARE_SERVER_THREADS", _integer(1, limits.THREADS_MAX)),
    Option("engines", "EXLOGARE_SERVER_ENGINES", _integer(1, limits.ENGINES_MAX)),
    Option(
        "in_flight_bytes_max", "EXLOGARE_SERVER_IN_FLIGHT_BYTES_MAX", _integer(2 * limits.BODY_BYTES_MAX, 1 << 40)
    ),
    Option("trusted_proxies", "EXLOGARE_TRUSTED_PROXIES", _networks),
    Option("webhook_allow", "EXLOGARE_WEBHOOK_ALLOW", _networks),
    Option("worker_threads", "EXLOGARE_WORKER_THREADS", _integer(1, limits.WORKER_THREADS_MAX)),
    Option("retention_days", "EXLOGARE_RETENTION_DAYS", _integer(0, 36_500)),
    Option("secret_keys", "EXLOGARE_SECRET_KEYS", _words, secret=True),
)  # fmt: skip
KNOWN = (*(option.variable for option in OPTIONS), FILE_VARIABLE, ALONE_VARIABLE)

# The client's settings share the EXLOGARE_ prefix and may be set beside a server, so only names of these
# families are the server's own. One that is not in KNOWN is a slip of the pen, or belongs to another version:
# in both cases the operator believes in something that would not happen.
_FAMILIES = (
    "EXLOGARE_DATABASE_", "EXLOGARE_INGEST_RATE_", "EXLOGARE_SERVER_", "EXLOGARE_REDIS_", "EXLOGARE_WEBHOOK_",
    "EXLOGARE_RETENTION_", "EXLOGARE_TRUSTED_", "EXLOGARE_SECRET_", "EXLOGARE_WORKER_",
)  # fmt: skip
# In an environment that is the server's alone every name is meant for it, but for the one that the engine reads.
_PREFIX = "EXLOGARE_"
_OF_THE_ENGINE = ("EXLOGARE_CACHE_DIR",)


def load(env: Mapping[str, str], *, data_dir: Path, dev: bool = False) -> Settings:
    """Read the settings.

    Args:
        env: the environment.
        data_dir: from the command line. ``settings.yml`` in it is read when it is there, unless the
            environment names another file.
        dev: from the command line.

    Returns:
        The settings, whole and checked.

    Raises:
        SettingsError: a value does not fit, a name of the server's families (where the environment is its alone,
            any name of ours) or a key of the file is not known, or the file cannot be read.
    """
    _refuse_unknown(env)
    data_dir = data_dir.absolute()
    given = _from_file(env.get(FILE_VARIABLE, "").strip(), data_dir)
    values: dict[str, Any] = {"database_url": f"sqlite:///{data_dir / 'exlogare.db'}"}
    for option in OPTIONS:
        name, text = option.variable, env.get(option.variable, "").strip()
        if not text:
            name, text = option.field, given.get(option.field, "")
        if text:
            try:
                values[option.field] = option.read(text)
            except ValueError as expected:
                raise SettingsError(f"{name} must be {expected}.") from None
    return Settings(data_dir=data_dir, dev=dev, **values)


class Shown(msgspec.Struct, frozen=True):
    """A setting as people may see it: its name, its value without secrets, and where it comes from."""

    field: str
    value: str
    origin: str


def describe(env: Mapping[str, str], settings: Settings) -> tuple[Shown, ...]:
    """Say what is in force, with secrets hidden.

    Args:
        env: the environment that the settings were read from.
        settings: what was read.

    Raises:
        SettingsError: the file cannot be read any more.
    """
    given = _from_file(env.get(FILE_VARIABLE, "").strip(), settings.data_dir)
    shown = [Shown("data_dir", str(settings.data_dir), "command line")]
    for option in OPTIONS:
        if env.get(option.variable, "").strip():
            origin = option.variable
        else:
            origin = "file" if given.get(option.field) else "default"
        value = getattr(settings, option.field)
        shown.append(Shown(option.field, _hide(value) if option.secret else _text(value), origin))
    return tuple(shown)


# The password of a URL; not all are URLs that a parser takes, and then nothing of them is shown.
_URL = re.compile(r"([a-z+0-9]+://)(?:([^:@/]*)(?::[^@/]*)?@)?([^@?]*)(\?.*)?")


def _hide(value: object) -> str:
    if value is None or value == ():
        return ""
    found = _URL.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return "(hidden)"
    scheme, user, rest, options = found.groups()
    return scheme + (f"{user}:(hidden)@" if user is not None else "") + rest + ("?(hidden)" if options else "")


def _text(value: object) -> str:
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _from_file(named: str, data_dir: Path) -> dict[str, str]:
    """Read the file: a YAML mapping of fields to plain values, or to lists of them."""
    path = Path(named) if named else data_dir / FILE_NAME
    if not named and not path.is_file():
        return {}
    import yaml  # noqa: PLC0415 - most servers have no file

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The settings file {path} cannot be read: {type(error).__name__}.") from None
    except yaml.YAMLError:
        # Without YAML's own words, which quote the file.
        raise SettingsError(f"The settings file {path} is no YAML.") from None
    if not isinstance(content, dict):
        raise SettingsError(f"The settings file {path} must be a list of 'name: value' lines.")
    fields = [option.field for option in OPTIONS]
    texts: dict[str, str] = {}
    for key, value in content.items():
        if key not in fields:
            raise SettingsError(f"The settings file {path} sets {key}, which is no setting: {_hint(str(key), fields)}")
        if isinstance(value, dict) or (isinstance(value, list) and any(isinstance(i, dict | list) for i in value)):
            raise SettingsError(f"The settings file {path} gives {key} a value that is neither plain nor a list.")
        texts[key] = ",".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return texts


def _refuse_unknown(env: Mapping[str, str]) -> None:
    alone = bool(env.get(ALONE_VARIABLE, "").strip())
    for name in sorted(env):
        is_ours = name.startswith(_FAMILIES) or (alone and name.startswith(_PREFIX) and name not in _OF_THE_ENGINE)
        if is_ours and name not in KNOWN:
            raise SettingsError(f"The environment sets {name}, which this version does not know: {_hint(name, KNOWN)}")


def _hint(name: str, known: tuple[str, ...] | list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]}?" if near else f"this version knows {', '.join(known)}."
