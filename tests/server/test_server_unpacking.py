"""Compressed bodies."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable, Iterator

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from exlogare_server import limits
from exlogare_server.errors import BadRequestError, UnsupportedBodyError
from exlogare_server.ingest.unpacking import ENCODINGS, unpack

PACK: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "zstd": zstandard.compress}


def in_chunks(data: bytes, size: int = 1000) -> Iterator[bytes]:
    """The data as it might arrive."""
    return (data[start : start + size] for start in range(0, len(data), size))


def test_every_encoding_has_a_packer() -> None:
    """The tests here know all encodings."""
    assert set(ENCODINGS) == set(PACK)


@given(data=st.binary(max_size=2000), size=st.integers(1, 500), encoding=st.sampled_from(ENCODINGS))
def test_what_was_packed_comes_out(data: bytes, size: int, encoding: str) -> None:
    """However the stream is cut into chunks."""
    assert data == b"".join(unpack(in_chunks(PACK[encoding](data), size), encoding))


@pytest.mark.parametrize("encoding", ["", "identity", " Identity "])
def test_plain_body_passes(encoding: str) -> None:
    """Without an encoding the chunks are the content."""
    assert list(unpack(iter([b"a", b"b"]), encoding)) == [b"a", b"b"]


@pytest.mark.parametrize("encoding", ["GZIP", " gzip "])
def test_name_is_read_in_any_case(encoding: str) -> None:
    """As HTTP wants it."""
    assert b"".join(unpack(in_chunks(gzip.compress(b"x")), encoding)) == b"x"


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "x", "compress"])
def test_other_encoding_is_refused(encoding: str) -> None:
    """Also two in a row: nobody needs them, and bombs like them."""
    with pytest.raises(UnsupportedBodyError):
        unpack(iter([b"x"]), encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_members_follow_each_other(encoding: str) -> None:
    """Several streams one behind the other are one content."""
    assert b"".join(unpack(in_chunks(PACK[encoding](b"a") + PACK[encoding](b"b")), encoding)) == b"ab"


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("body", [b"garbage", b"\0" * 100], ids=["text", "zeros"])
def test_damaged_stream_is_told(encoding: str, body: bytes) -> None:
    """What is no stream of this kind is a bad request."""
    with pytest.raises(BadRequestError, match=f"not a whole {encoding} stream"):
        list(unpack(iter([body]), encoding))


def test_rest_behind_a_gzip_stream_is_told() -> None:
    """Bytes behind the last member are no content."""
    with pytest.raises(BadRequestError):
        list(unpack(iter([gzip.compress(b"x") + b"rest"]), "gzip"))


def test_cut_gzip_stream_is_told() -> None:
    """An early end is a damage."""
    with pytest.raises(BadRequestError):
        list(unpack(iter([gzip.compress(b"x" * 1000)[:-9]]), "gzip"))


def test_cut_zstd_stream_never_gives_more() -> None:
    """The zstd reader is silent about an early end, and gives a beginning of the content."""
    content = b"".join(f"{number:x}\n".encode() for number in range(100_000))

    got = b"".join(unpack(in_chunks(zstandard.compress(content)[:-100]), "zstd"))

    assert content.startswith(got)
    assert len(got) < len(content)


def _gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return b"".join([*(packer.compress(bytes(limits.MIB)) for _ in range(64)), packer.flush()])


def _zstd_bomb() -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return b"".join([*(packer.compress(bytes(limits.MIB)) for _ in range(64)), packer.flush()])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_bomb_costs_only_what_is_taken(encoding: str) -> None:
    """Whoever stops taking pieces stops the unpacking: 64 MiB of zeros never exist."""
    bomb = {"gzip": _gzip_bomb, "zstd": _zstd_bomb}[encoding]()
    tracemalloc.start()

    taken = 0
    for piece in unpack(iter([bomb]), encoding):
        assert 0 < len(piece) <= limits.READ_BYTES
        taken += len(piece)
        if taken >= limits.MIB:
            break

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * limits.MIB


def test_zstd_window_is_limited() -> None:
    """A frame that wants a reader to keep 128 MiB is refused."""
    parameters = zstandard.ZstdCompressionParameters(window_log=27)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    frame = packer.compress(bytes(10 * limits.MIB)) + packer.flush()

    with pytest.raises(BadRequestError):
        list(unpack(iter([frame]), "zstd"))
