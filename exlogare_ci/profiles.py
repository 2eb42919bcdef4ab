"""Profiles, and tokens in a file: one JSON file in the user's configuration folder that only the user can read.

A profile is a name for a server and its token, for people who use several. Tokens stand in the file only where that was
asked for; else they are in the system's keychain.
"""

import contextlib
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from exlogare_ci.errors import SettingsError

VARIABLE: Final = "EXLOGARE_PROFILE"
FOLDER_VARIABLE: Final = "EXLOGARE_CONFIG_DIR"
FILE_NAME: Final = "profiles.json"
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

_FILE_BYTES_MAX = 1024 * 1024
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Kept(msgspec.Struct, forbid_unknown_fields=True):
    """What the file holds.

    Attributes:
        version: of its form.
        profiles: the server's root by the profile's name.
        tokens: tokens by the account that the keychain would have them under.
    """

    version: int = 1
    profiles: dict[str, str] = msgspec.field(default_factory=dict)
    tokens: dict[str, str] = msgspec.field(default_factory=dict)


def file_of(env: Mapping[str, str]) -> Path:
    """Give the file's path; there may be none yet.

    Args:
        env: the environment; ``EXLOGARE_CONFIG_DIR`` wins over the system's usual folder.
    """
    folder = env.get(FOLDER_VARIABLE, "").strip()
    if folder:
        return Path(folder) / FILE_NAME
    import platformdirs  # noqa: PLC0415 - only for people, not for jobs

    return platformdirs.user_config_path("exlogare", appauthor=False) / FILE_NAME


def read(path: Path) -> Kept:
    """Read the file.

    Args:
        path: from ``file_of``.

    Returns:
        What it holds; nothing when there is no file.

    Raises:
        SettingsError: it cannot be read, is broken, or holds tokens that others could read.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_FILE_BYTES_MAX + 1)
    except (FileNotFoundError, NotADirectoryError):
        return Kept()
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.", "Correct its permissions.") from None
    try:
        kept = msgspec.json.decode(data, type=Kept)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise SettingsError(f"{path} is broken.", "Remove it, and log in again.") from None
    if kept.tokens and os.name == "posix" and mode & _OTHERS:
        raise SettingsError(f"{path} holds tokens and can be read by others.", f"Run: chmod 600 {path}")
    return kept


def write(path: Path, kept: Kept) -> None:
    """Write the file anew, for the user alone; the file goes when nothing is left to keep.

    Raises:
        SettingsError: it cannot be written.
    """
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        if not kept.profiles and not kept.tokens:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):
            part.unlink()
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(msgspec.json.format(msgspec.json.encode(kept)) + b"\n")
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise SettingsError(f"{path} cannot be written: {error.strerror}.", "Correct its permissions.") from None


def named(env: Mapping[str, str]) -> str | None:
    """Give the name of the profile to use; ``None`` for none.

    Raises:
        SettingsError: the name cannot be one.
    """
    name = env.get(VARIABLE, "").strip()
    return checked_name(name) if name else None


def checked_name(name: str) -> str:
    """Refuse what cannot be a profile's name.

    Raises:
        SettingsError: it has other characters than letters, digits, ``_``, ``.`` and ``-``, or is too long.
    """
    if not NAME.fullmatch(name):
        raise SettingsError(f"{name!r} is no name for a profile.", "Use letters, digits, '-', '_' and '.'.")
    return name


def url_of(env: Mapping[str, str], name: str) -> str:
    """Give a profile's server.

    Raises:
        SettingsError: there is no such profile, or its file cannot be used.
    """
    profiles = read(file_of(env)).profiles
    if name not in profiles:
        known = f"There are: {', '.join(sorted(profiles))}." if profiles else "There is none yet."
        raise SettingsError(
            f"There is no profile {name!r}.", f"{known} Make it: exl auth login --profile {name} --url URL."
        )
    return profiles[name]


def account_of(name: str) -> str:
    """Give the account under which a profile's token is kept."""
    return f"profile:{name}"


class TokenFile:
    """The file in the place of a keychain, with the methods that we use of one.

    Args:
        path: from ``file_of``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def get_password(self, service_name: str, username: str, /) -> str | None:
        """Give a token; ``None`` when there is none."""
        del service_name
        return read(self._path).tokens.get(username)

    def set_password(self, service_name: str, username: str, password: str, /) -> None:
        """Keep a token."""
        del service_name
        kept = read(self._path)
        kept.tokens[username] = password
        write(self._path, kept)

    def delete_password(self, service_name: str, username: str, /) -> None:
        """Remove a token."""
        del service_name
        kept = read(self._path)
        if kept.tokens.pop(username, None) is not None:
            write(self._path, kept)
