"""From a variable's value to a field's: pure functions that give ``None`` for a value that says nothing.

Each gets a value that is trimmed and not empty. None raises for any text, and each takes time linear in it.
"""

import re
from collections.abc import Mapping

NO_WORDS = frozenset({"false", "no", "off", "0"})

_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")
_NUMBER = re.compile(r"[0-9]{1,18}")
_PULL_REF = re.compile(r"refs/(?:pull|pull-requests|merge-requests)/([0-9]{1,18})/.+", re.DOTALL)
_NO_BRANCH = frozenset({"HEAD", "detached", "(no branch)", "(HEAD)"})
"""What git and Jenkins's git plugin call a checkout that is on no branch."""
_LOCAL_REFS = ("refs/heads/", "refs/remotes/origin/", "remotes/origin/", "origin/")
_OTHER_REFS = ("refs/", "tags/")


def environment(env: Mapping[str, str]) -> dict[str, str]:
    """Trim every value and leave out the empty ones, so that an empty variable counts as absent.

    Bytes that are no UTF-8, which Python keeps as lone surrogates, become question marks: nothing behind this
    function has to expect text that cannot be encoded.
    """
    trimmed = ((_encodable(name), _encodable(value).strip()) for name, value in env.items())
    return {name: value for name, value in trimmed if value}


def _encodable(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def is_set(value: str) -> bool:
    """Whether a flag is on: anything but the words for no."""
    return value.casefold() not in NO_WORDS


def text(value: str) -> str:
    """Take the value as it is."""
    return value


def branch(value: str) -> str | None:
    """Take a branch's name: without ``refs/heads/`` or one leading ``origin/``, never ``HEAD`` or a tag.

    Only the first prefix goes: ``refs/heads/origin/x`` is a branch that is called ``origin/x``.
    """
    for prefix in _LOCAL_REFS:
        if value.startswith(prefix):
            value = value[len(prefix) :]
            break
    else:
        if value.startswith(_OTHER_REFS):
            return None
    return None if not value or value in _NO_BRANCH else value


def branch_of_ref(value: str) -> str | None:
    """Take the branch of a full ref name; ``None`` for a tag's or a pull request's ref."""
    return branch(value) if value.startswith("refs/heads/") else None


def tag(value: str) -> str | None:
    """Take a tag's name, without ``refs/tags/`` or ``tags/``."""
    return value.removeprefix("refs/").removeprefix("tags/") or None


def tag_of_ref(value: str) -> str | None:
    """Take the tag of a ref name; ``None`` for any other ref."""
    return tag(value) if value.startswith(("refs/tags/", "tags/")) else None


def commit(value: str) -> str | None:
    """Take a git commit's id, 7 to 64 hex digits; ``None`` for names such as ``HEAD`` and for all zeros."""
    return value if _COMMIT.fullmatch(value) and value.strip("0") else None


def pull_request(value: str) -> str | None:
    """Take a pull request's number; ``None`` for ``false`` and ``0``, which mean that there is none."""
    return value if _NUMBER.fullmatch(value) and value.strip("0") else None


def pull_request_of_url(value: str) -> str | None:
    """Take the number at the end of a pull request's URL."""
    return pull_request(value.rstrip("/").rpartition("/")[2])


def pull_request_of_ref(value: str) -> str | None:
    """Take the number of ``refs/pull/N/merge`` and its like."""
    hit = _PULL_REF.fullmatch(value)
    return pull_request(hit[1]) if hit else None


def result(value: str) -> str | None:
    """Take a status that is a result; ``None`` while the job has none yet."""
    return None if value.casefold() in {"running", "pending", "started", "unknown"} else value
