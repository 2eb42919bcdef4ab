"""Unpacks a compressed body, never further than the limit: a bomb costs no more than an honest body."""

import zlib
from collections.abc import Iterator
from typing import IO, cast

import zstandard

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, UnsupportedBodyError

ENCODINGS = ("gzip", "zstd")
_GZIP_WBITS = 16 + zlib.MAX_WBITS


def unpack(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Unpack a stream piece by piece; whoever takes the pieces stops taking when it has enough.

    Args:
        chunks: the compressed bytes as they arrive, none empty.
        encoding: the ``Content-Encoding``: empty or ``identity`` (nothing to do), ``gzip`` or ``zstd``, in
            any case.

    Returns:
        Pieces of the content, none larger than ``READ_BYTES`` but for the uncompressed case, where they are
        ``chunks``.

    Raises:
        UnsupportedBodyError: another encoding.
        BadRequestError: while iterating, when the stream is damaged or (gzip) ends early. The zstd reader
            takes an early end for the end; what it gives is then no JSON text any more.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return chunks
    if encoding == "gzip":
        return _gunzip(chunks)
    if encoding == "zstd":
        return _unzstd(chunks)
    raise UnsupportedBodyError("Content-Encoding must be gzip, zstd or identity.")


def _gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(_GZIP_WBITS)
    fresh = True
    try:
        for chunk in chunks:
            waiting = chunk
            while waiting:
                fresh = False
                piece = unpacker.decompress(waiting, limits.READ_BYTES)
                if piece:
                    yield piece
                waiting = unpacker.unconsumed_tail
                if unpacker.eof:
                    # A gzip stream may have several members, one behind the other (RFC 1952, section 2.2).
                    waiting = unpacker.unused_data
                    unpacker = zlib.decompressobj(_GZIP_WBITS)
                    fresh = True
    except zlib.error:
        raise _damaged("gzip") from None
    if not fresh:
        raise _damaged("gzip")


class _Source:
    """Chunks as a file that can be read; what the zstd reader wants."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._left = b""

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, at most ``size``; empty at the end."""
        chunk = self._left or next(self._chunks, b"")
        if size < 0:
            self._left = b""
            return chunk
        self._left = chunk[size:]
        return chunk[:size]


def _unzstd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zstandard.ZstdDecompressor(max_window_size=limits.ZSTD_WINDOW_BYTES_MAX)
    source = cast("IO[bytes]", _Source(chunks))
    reader = unpacker.stream_reader(source, read_size=limits.READ_BYTES, read_across_frames=True)
    try:
        while piece := reader.read(limits.READ_BYTES):
            yield piece
    except zstandard.ZstdError:
        raise _damaged("zstd") from None


def _damaged(encoding: str) -> BadRequestError:
    return BadRequestError(f"The body is not a whole {encoding} stream.")
