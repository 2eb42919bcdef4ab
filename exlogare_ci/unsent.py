"""Logs that could not be sent, kept in a folder until they can. Only where the user names one.

A file holds one body, secrets masked already, compressed, readable by this user alone. It is bound to the server
and the token that it was meant for: a folder may be shared by projects of different tenants.
"""

import contextlib
import hashlib
import os
import stat
import time
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from exlogare_ci.errors import RefusedError, SettingsError, UploadError
from exlogare_ci.payload import FIELDS, Payload
from exlogare_ci.shorten import LOG_BYTES_MAX
from exlogare_ci.transport import origin

FOLDER_VARIABLE = "EXLOGARE_SPOOL_DIR"
FOLDER_BYTES_MAX = 64 * 1024 * 1024
FILES_MAX = 100
AGE_S_MAX = 7 * 24 * 3600.0
"""A failure of last week is no news."""

_SUFFIX = ".exl"
_HEAD_BYTES_MAX = 64 * 1024
_BODY_BYTES_MAX = LOG_BYTES_MAX + _HEAD_BYTES_MAX
_REJECTED = frozenset({401, 403})


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    """A file's first line; the log follows."""

    version: int
    server: str
    token: str
    endpoint: str
    fields: dict[str, str | int]


class Flushed(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the kept logs.

    Attributes:
        sent: how many were sent.
        dropped: how many were too old, broken, or refused for good.
        left: how many are left.
        error: why it stopped before the end; ``None`` when it did not.
    """

    sent: int = 0
    dropped: int = 0
    left: int = 0
    error: UploadError | None = None


class UnsentFolder:
    """A bounded folder of bodies.

    Args:
        path: the folder; made when it is first needed.
        server: the server's root; only its own bodies are kept and sent.
        token: the token, of which only a hash is written.
        now: seconds since 1970.
    """

    def __init__(self, path: Path, server: str, token: str, *, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._server = origin(server)
        self._token = hashlib.sha256(token.encode()).hexdigest()[:32]
        self._now = now

    def add(self, body: Payload) -> None:
        """Keep a body; the oldest ones go when there is no room.

        Raises:
            OSError: the folder cannot be written.
        """
        head = msgspec.json.encode(
            _Head(version=1, server=self._server, token=self._token, endpoint=body.endpoint, fields=body.fields)
        )
        data = zlib.compress(head + b"\n" + body.log, 1)
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._make_room(len(data))
        name = f"{int(self._now() * 1000):015d}-{os.urandom(6).hex()}"
        whole, part = self._path / (name + _SUFFIX), self._path / (name + ".part")
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
                file.write(data)
            part.replace(whole)  # so that nobody ever reads half of it
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def flush(self, send: Callable[[Payload], object], may_go_on: Callable[[], bool] = lambda: True) -> Flushed:
        """Send what is kept for this server and token, the oldest first.

        Args:
            send: sends one body; raises ``UploadError`` when that fails.
            may_go_on: whether there is time for one more.

        Returns:
            What became of them. It stops at the first failure that the next body would meet, too.
        """
        sent = dropped = 0
        files = self._files()
        error: UploadError | None = None
        mine = [path for path in files if self._is_mine(path)]
        for path in mine:
            if not may_go_on():
                break
            body = self._read(path)
            if body is not None and self._age_s(path) <= AGE_S_MAX:
                try:
                    send(body)
                except RefusedError as refusal:
                    if refusal.status in _REJECTED:
                        error = refusal
                        break
                    dropped += 1
                except UploadError as failure:
                    error = failure
                    break
                else:
                    sent += 1
            else:
                dropped += 1
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        return Flushed(sent=sent, dropped=dropped, left=len(mine) - sent - dropped, error=error)

    def _files(self) -> list[Path]:
        """List the files that are ours, the oldest first; their names begin with the time."""
        with contextlib.suppress(OSError):
            return sorted(path for path in self._path.iterdir() if path.suffix == _SUFFIX)
        return []

    def _make_room(self, wanted_bytes: int) -> None:
        sized = [(path, _size(path)) for path in self._files()]
        total = sum(size for _, size in sized) + wanted_bytes
        excess = len(sized) + 1 - FILES_MAX
        for path, size in sized:
            if total <= FOLDER_BYTES_MAX and excess <= 0 and self._age_s(path) <= AGE_S_MAX:
                break
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            total, excess = total - size, excess - 1

    def _age_s(self, path: Path) -> float:
        head = path.name.partition("-")[0]
        return self._now() - int(head) / 1000 if head.isascii() and head.isdigit() else AGE_S_MAX + 1

    def _is_mine(self, path: Path) -> bool:
        """Tell whether a file is meant for our server and token; one that cannot be read so far is nobody's."""
        head = _head(_unpacked(path, _HEAD_BYTES_MAX))
        return head is not None and (head.server, head.token) == (self._server, self._token)

    def _read(self, path: Path) -> Payload | None:
        data = _unpacked(path, _BODY_BYTES_MAX)
        head = _head(data)
        log = data.partition(b"\n")[2]
        if head is None or head.endpoint not in FIELDS or not log:
            return None
        return Payload(endpoint=head.endpoint, fields=head.fields, log=log)


def folder_of(
    env: Mapping[str, str], server: str, token: str, *, now: Callable[[], float] = time.time
) -> UnsentFolder | None:
    """Open the folder that the environment names.

    Args:
        env: the environment.
        server: the server's root.
        token: the token.
        now: seconds since 1970.

    Returns:
        The folder; ``None`` when none is named.

    Raises:
        SettingsError: what is named is no absolute path.
    """
    name = env.get(FOLDER_VARIABLE, "").strip()
    if not name:
        return None
    path = Path(name)
    if not path.is_absolute() or "\0" in name:
        raise SettingsError(f"{FOLDER_VARIABLE} is no absolute path.", "Name a folder that outlives the job.")
    return UnsentFolder(path, server, token, now=now)


def _unpacked(path: Path, bytes_max: int) -> bytes:
    """Read at most so much of a file; nothing of what is no regular file of this user's."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with open(descriptor, "rb") as file:  # noqa: PTH123 - pathlib opens no descriptors
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode) or about.st_uid != getattr(os, "geteuid", lambda: about.st_uid)():
                return b""
            unpacker = zlib.decompressobj()
            data = unpacker.decompress(file.read(FOLDER_BYTES_MAX), bytes_max)
    except (OSError, zlib.error):
        return b""
    return data


def _head(data: bytes) -> _Head | None:
    try:
        head = msgspec.json.decode(data.partition(b"\n")[0], type=_Head)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return head if head.version == 1 else None


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
