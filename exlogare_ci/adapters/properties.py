r"""Java's ``.properties`` format, as ``java.util.Properties.load`` reads it.

Source: https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html#load(java.io.Reader).
A natural line ends at ``\n``, ``\r`` or ``\r\n``; an odd number of backslashes at its end continues it, and
the white space that the next one starts with is dropped; ``#`` or ``!`` as the first character makes a
comment to the end of the line; the key ends at the first unescaped ``=``, ``:`` or white space.
"""

import re
from collections.abc import Iterator

_LINE_END = re.compile(r"\r\n|\n|\r")
_BLANKS = " \t\f"
# The key, then at most one "=" or ":" with white space round it, then the value.
_ENTRY = re.compile(r"((?:[^\\=: \t\f]|\\.)*)[ \t\f]*[=:]?[ \t\f]*(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def parse(text: str) -> dict[str, str]:
    r"""Read a properties file.

    Args:
        text: the file's text.

    Returns:
        The entries; the last one of the same name wins. Never raises: a malformed ``\u`` escape, for which
        Java refuses the file, stands for a plain ``u``, as with any other needless backslash.
    """
    return dict(_entry(line) for line in _logical_lines(text))


def _logical_lines(text: str) -> Iterator[str]:
    natural_lines = _LINE_END.split(text)
    if not natural_lines[-1]:
        natural_lines.pop()  # behind the last line end there is no line
    pieces: list[str] = []
    continued = False
    for natural in natural_lines:
        line = natural.lstrip(_BLANKS)
        if not pieces and (not line or line[0] in "#!"):
            continued = False
            continue
        continued = (len(line) - len(line.rstrip("\\"))) % 2 == 1
        if continued:
            line = line[:-1]
        if line:
            pieces.append(line)
        if not continued:
            yield "".join(pieces)
            pieces.clear()
    if continued:
        yield "".join(pieces)


def _entry(line: str) -> tuple[str, str]:
    hit = next(_ENTRY.finditer(line))  # matches every text
    return _unescape(hit[1]), _unescape(hit[2])


def _unescape(text: str) -> str:
    plain = _ESCAPE.sub(lambda hit: chr(int(hit[1], 16)) if hit[1] else _LETTERS.get(hit[2], hit[2]), text)
    if plain.isascii():
        return plain
    # Characters beyond the first 65,536 are written as two escapes, a surrogate pair.
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
