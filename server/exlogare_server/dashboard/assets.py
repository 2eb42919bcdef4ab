"""The files that a browser loads beside a page: one style, one script, one icon; held in memory, named by digest."""

import hashlib
from pathlib import Path
from typing import Final

import msgspec

_FOLDER: Final = Path(__file__).parent / "static"

# Every file that is served, and its type; another name is not found, whatever lies in the folder.
_TYPES: Final = {
    "app.css": "text/css; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


class Asset(msgspec.Struct, frozen=True):
    """A static file.

    Attributes:
        content: its bytes.
        media_type: for ``Content-Type``.
        version: 16 hex digits that change with the content.
    """

    content: bytes
    media_type: str
    version: str


class Assets:
    """All static files, read once."""

    def __init__(self) -> None:
        self._by_name = {name: _load(name, media_type) for name, media_type in _TYPES.items()}

    def find(self, name: str) -> Asset | None:
        """Find a file; ``None`` when there is none of this name."""
        return self._by_name.get(name)

    def address(self, name: str) -> str:
        """Give the address of a file, which changes with its content and may be kept for ever.

        Raises:
            KeyError: there is none of this name.
        """
        return f"/static/{name}?v={self._by_name[name].version}"


def _load(name: str, media_type: str) -> Asset:
    content = (_FOLDER / name).read_bytes()
    return Asset(content, media_type, hashlib.sha256(content).hexdigest()[:16])
