"""Read the small files that a CI service leaves beside its variables."""

import os
import stat

FILE_BYTES_MAX = 8 * 1024 * 1024
"""TeamCity's files have some 100 KB, a GitHub event a few MB at most; anything larger is something else."""


def read_small_file(path: str) -> str | None:
    """Read a file of at most ``FILE_BYTES_MAX`` bytes.

    Args:
        path: the file's path, from the environment and so not to be trusted.

    Returns:
        Its text: UTF-8, or else Latin-1, which is what Java writes properties in. ``None`` when it is not
        there, not readable, larger, or no regular file (a pipe would block for ever). Never raises.
    """
    try:
        # Not blocking, because between a look at the path and the opening it could become a pipe.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with open(descriptor, "rb") as file:  # noqa: PTH123 - pathlib opens no descriptors
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return None
            content = file.read(FILE_BYTES_MAX + 1)
    except (OSError, ValueError):  # ValueError: a null byte in the path
        return None
    if len(content) > FILE_BYTES_MAX:
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
