"""The catalogue in a compact form, kept beside its compiled patterns: a start reads one file instead of 120 modules.

It is found by the version of the package and, as Python finds its own byte code, by name, size and time of every file
that it was made from. Where the package was installed, the installer's list of checksums stands for the times: those
change when an image of a container is packed and unpacked. Signatures and rules stay packed until a line is hit by one.
"""

import os
import platform
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Generic, TypeVar, overload

import hyperscan
import msgspec

from exlogare_ci.__about__ import __version__
from exlogare_ci.analysis.blocks.base import BlockRule
from exlogare_ci.analysis.database_cache import read_database, short_hash, store
from exlogare_ci.analysis.scan import kept_name
from exlogare_ci.analysis.signatures.base import Signature

_ROOT: Final = str(Path(__file__).parent)
_SOURCES: Final = ("blocks", "sections", "signatures")
"""Folders that the catalogue is made from."""
_SUM_BYTES: Final = 4

_Item = TypeVar("_Item", Signature, BlockRule)


class _File(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    database: str
    signatures: list[msgspec.Raw]
    rules: list[msgspec.Raw]


class Packed(Sequence[_Item], Generic[_Item]):
    """A list of packed items, each unpacked when it is first asked for.

    Args:
        items: the packed items.
        kind: what they are.
    """

    def __init__(self, items: list[msgspec.Raw], kind: type[_Item]) -> None:
        self._items = items
        self._unpacked: dict[int, _Item] = {}
        self._decoder: msgspec.msgpack.Decoder[_Item] = msgspec.msgpack.Decoder(kind)

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> _Item: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[_Item]: ...
    def __getitem__(self, index: int | slice) -> _Item | Sequence[_Item]:
        if isinstance(index, slice):
            return [self[number] for number in range(len(self))[index]]
        item = self._unpacked.get(index)
        if item is None:
            item = self._unpacked[index] = self._decoder.decode(self._items[index])
        return item


class Kept(msgspec.Struct):
    """The catalogue as it was kept.

    Attributes:
        signatures: all of them, without samples and source.
        rules: all of them, without samples and source.
        database: the compiled patterns.
    """

    signatures: Packed[Signature]
    rules: Packed[BlockRule]
    database: Any


def load(folder: Path) -> Kept | None:
    """Return the catalogue that was kept, or ``None`` when there is none that fits."""
    try:
        data = (folder / _name()).read_bytes()
    except OSError:
        return None
    body = memoryview(data)[_SUM_BYTES:]
    if zlib.crc32(body) != int.from_bytes(data[:_SUM_BYTES], "big"):
        return None
    try:
        file = msgspec.msgpack.decode(body, type=_File)
    except msgspec.MsgspecError:
        return None
    database = read_database(file.database, folder)
    if database is None:
        return None
    return Kept(Packed(file.signatures, Signature), Packed(file.rules, BlockRule), database)


def keep(folder: Path, signatures: Iterable[Signature], rules: Iterable[BlockRule], patterns: Sequence[str]) -> None:
    """Keep the catalogue for the next start.

    Args:
        folder: the cache.
        signatures: the built-in ones.
        rules: all of them.
        patterns: what was compiled, in the order of their ids.
    """
    replace, pack = msgspec.structs.replace, msgspec.msgpack.Encoder().encode
    file = _File(
        kept_name(patterns),
        [msgspec.Raw(pack(replace(item, matches=(), non_matches=(), source=""))) for item in signatures],
        [msgspec.Raw(pack(replace(item, sample="", expect=None, source=""))) for item in rules],
    )
    body = pack(file)
    store(folder / _name(), zlib.crc32(body).to_bytes(_SUM_BYTES, "big") + body)


def _name() -> str:
    installed = _checksums()
    stamps = [__version__, getattr(hyperscan, "__version__", ""), platform.machine(), _ROOT]
    for folder in _SOURCES:
        with os.scandir(f"{_ROOT}/{folder}") as entries:
            files = sorted((entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py"))
        stamps += [f"{name} {facts.st_size} {0 if installed else facts.st_mtime_ns}" for name, facts in files]
    return f"catalogue-{short_hash([*(stamp.encode() for stamp in stamps), installed])}.bin"


def _checksums() -> bytes:
    """Give the installer's list of files with their checksums; empty where the sources are used as they are.

    https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-record-file
    """
    try:
        return (Path(_ROOT).parent.parent / f"exlogare_ci-{__version__}.dist-info" / "RECORD").read_bytes()
    except OSError:
        return b""
