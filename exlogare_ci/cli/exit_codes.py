"""The exit codes of ``exl``, the one place where they stand.

``exl run`` is apart: it ends with the wrapped command's own code. By default no failure to upload changes
the result of a job; the codes from 4 to 6 appear with ``--strict`` and in commands that exist only to talk to
a server.
"""

from typing import Final

OK: Final = 0
INTERNAL: Final = 1
"""A fault in ``exl`` itself."""
USAGE: Final = 2
"""An unknown option, command or setting, or a value that is out of range."""
UNREADABLE: Final = 3
"""A file that was named cannot be read."""
NO_CREDENTIALS: Final = 4
"""No token, or no server's URL, is set."""
REFUSED: Final = 5
"""The server answered with a 4xx that a retry cannot change."""
UNAVAILABLE: Final = 6
"""The server or the network did not answer in time, or answered with a 5xx."""
NOT_EXECUTABLE: Final = 126
"""``exl run``: the command exists but cannot be executed, as in POSIX shells."""
NOT_FOUND: Final = 127
"""``exl run``: there is no such command, as in POSIX shells."""
SIGNAL_BASE: Final = 128
"""``exl run``: 128 + n when signal n ended the command, as in POSIX shells."""
INTERRUPTED: Final = 130
"""^C: 128 + SIGINT."""
BROKEN_PIPE: Final = 141
"""The reader of our output went away: 128 + SIGPIPE, what ``cat`` would give."""
