"""Web pages and repositories' URLs: checked, and without credentials. Pure; never raises for any text."""

import re

URL_CHARACTERS_MAX = 2048
"""The server refuses longer ones."""

_HTTP = re.compile(r"(https?)://([^/?#]+)(.*)", re.IGNORECASE | re.DOTALL)
_REMOTE = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,15})://([^/?#]*)([^?#]*).*", re.DOTALL)
# git's short form of ssh, [user@]host:path; one letter before the colon is a Windows drive.
_SCP = re.compile(r"(?:([^@/:\s]+)(?::[^@/\s]*)?@)?([a-zA-Z0-9][a-zA-Z0-9._-]+):(?!//)(.+)", re.DOTALL)
_HOST = re.compile(r"(?:\[[0-9a-fA-F:.]+\]|[^\s:@\[\]\\]+)(?::[0-9]{1,5})?")
_IN_TEXT = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,15}://)[^/?#\s]{1,500}@")
_NETWORK_SCHEMES = frozenset({"http", "https", "ssh", "git", "git+ssh", "ssh+git", "git+https", "git+http"})


def web_url(value: str) -> str | None:
    """Take the URL of a web page, without user name and password.

    Args:
        value: any text.

    Returns:
        The URL; ``None`` unless it is ``http`` or ``https``, of visible characters, with a host.
    """
    hit = _HTTP.fullmatch(value)
    if hit is None or len(value) > URL_CHARACTERS_MAX or not _is_visible(value):
        return None
    host = hit[2].rpartition("@")[2]
    # A password with a raw "/", "?" or "#" reaches beyond the host: refuse an "@" there rather than show it.
    if not _HOST.fullmatch(host) or ("@" in hit[3] and (":" in hit[2] or "@" in hit[2])):
        return None
    return f"{hit[1]}://{host}{hit[3]}"


def remote_url(value: str) -> str | None:
    """Take a repository's URL, without credentials.

    User name and password go (a token may stand in either), and so do a query and a fragment. The user name
    ``git`` stays with ssh: it is no secret, and the address does not work without it.

    Args:
        value: what ``git remote`` or a CI service gives: a URL, or ``user@host:path``.

    Returns:
        The URL; ``None`` for a path on the local machine and for what cannot be taken apart.
    """
    if len(value) > URL_CHARACTERS_MAX or not _is_visible(value):
        return None
    hit = _REMOTE.fullmatch(value)
    if hit is not None:
        scheme = hit[1].lower()
        user, _, host = hit[2].rpartition("@")
        # With a raw "/" in it a password reaches into the path: an "@" there is refused rather than shown.
        if scheme not in _NETWORK_SCHEMES or not _HOST.fullmatch(host) or "@" in hit[3] or not hit[3].strip("/"):
            return None
        kept = "git@" if "ssh" in scheme and user.partition(":")[0] == "git" else ""
        return f"{hit[1]}://{kept}{host}{hit[3]}"
    hit = _SCP.fullmatch(value)
    if hit is None or "@" in hit[3]:
        return None
    return f"{'git@' if hit[1] == 'git' else ''}{hit[2]}:{hit[3]}"


def remote_host(value: str) -> str | None:
    """Give the host of a repository's URL in lower case, without port; ``None`` where there is none."""
    url = remote_url(value)
    if url is None:
        return None
    address = url.partition("://")[2] or url
    return re.split(r"[:/]", address.rpartition("@")[2], maxsplit=1)[0].lower()


def slug(value: str) -> str | None:
    """Give the path of a repository's URL as its slug, such as ``org/repo``.

    Args:
        value: as for ``remote_url``.

    Returns:
        The slug without ``.git``; ``None`` where ``remote_url`` gives none. Bitbucket Data Center's ``scm/``
        before project and repository is no part of it
        (https://confluence.atlassian.com/bitbucketserver/clone-a-repository-790632786.html).
    """
    url = remote_url(value)
    if url is None:
        return None
    scheme, separator, rest = url.partition("://")
    path = rest.partition("/")[2] if separator else scheme.partition(":")[2]
    segments = [segment for segment in path.removesuffix("/").removesuffix(".git").split("/") if segment]
    if len(segments) > 2 and segments[0] == "scm":  # noqa: PLR2004 - prefix, project, repository
        del segments[0]
    return "/".join(segments) or None


def strip_credentials(text: str) -> str:
    """Take user names and passwords out of every URL in a text, for printing."""
    return _IN_TEXT.sub(r"\1", text)


def _is_visible(text: str) -> bool:
    return text.isprintable() and " " not in text
