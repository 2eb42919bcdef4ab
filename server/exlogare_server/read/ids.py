"""Ids as they come in a path or a query."""

from uuid import UUID


def parse(text: str) -> UUID | None:
    """Read an id; ``None`` for what is none.

    ``UUID()`` also reads braces, ``urn:uuid:`` and digits without dashes, which are no ids of ours.
    """
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None
