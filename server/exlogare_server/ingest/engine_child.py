"""A process that analyses logs, one after the other, and can be ended at any moment.

It is told what to do through a socket that is its standard input, answers there, and ends when that ends. Nothing of
a log is left anywhere else: it writes no output, no file and no core.
"""

import math
import resource
import signal
import socket
import struct
import sys

import msgspec

from exlogare_ci.analysis import analyze
from exlogare_server import limits

REQUEST = struct.Struct("!?I")
"""Before a log: whether its job is known to have failed, and the log's bytes."""
ANSWER = struct.Struct("!?I")
"""Before an answer: whether it is an analysis (else the name of an error), and its bytes. The first one is empty:
the process is ready."""


def main() -> None:
    """Answer until the socket ends."""
    # Whoever started it says when it ends, by the end of the socket: a service manager and a terminal tell their
    # signals to all processes at once, and a server that is told to stop finishes what it took.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # One byte, not none: see serving.py.
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (1 if hard else 0, hard))
    analyze(b"")  # loads the patterns
    server = socket.socket(fileno=sys.stdin.fileno())
    server.sendall(ANSWER.pack(True, 0))
    while len(head := server.recv(REQUEST.size, socket.MSG_WAITALL)) == REQUEST.size:
        known_failed, size_bytes = REQUEST.unpack(head)
        # In one call, and without a copy.
        log = server.recv(size_bytes, socket.MSG_WAITALL) if size_bytes else b""
        if len(log) < size_bytes:
            return
        # Were the server killed now, nobody would end an analysis that does not end: the kernel does.
        signal.alarm(math.ceil(2 * limits.ENGINE_S_MAX))
        try:
            answer, good = msgspec.msgpack.encode(analyze(log, known_failed=known_failed or None)), True
        except Exception as error:  # noqa: BLE001 - its name alone: what it says may quote the log
            answer, good = type(error).__name__.encode(), False
        signal.alarm(0)
        del log
        server.sendall(ANSWER.pack(good, len(answer)) + answer)


if __name__ == "__main__":
    main()
