"""What is particular to the recording machine is taken out of a log: its paths, its name, its package mirrors."""

import re
from collections.abc import Iterable
from typing import Final

# Registries under names that are nobody's, the way a company's mirror would have one.
HOSTS: Final = (
    (rb"registry\.npmjs\.(?:org|com)", b"npm.example.com"),
    (rb"registry\.yarnpkg\.com", b"npm.example.com"),
    (rb"(?<![\w.])pypi\.org|(?<![\w.])files\.pythonhosted\.org", b"pypi.example.com"),
    (rb"repo1?\.maven\.(?:apache\.)?org", b"maven.example.com"),
    (rb"(?:proxy|sum)\.golang\.org", b"goproxy.example.com"),
    (rb"(?:index|static)\.crates\.io", b"crates.example.com"),
    (rb"(?:deb|security)\.debian\.org", b"deb.example.com"),
)
# A path of a home, a temporary or an optional folder, or of this machine's toolchain manager, that no rule replaced.
LEAK: Final = re.compile(rb"(?<![\w.$}-])/(?:root|tmp|opt|work|home/(?!ci\b))(?=/|\b)[^\s'\":,)]*|\.pyenv|\.rustup")


def normalise(log: bytes, folders: Iterable[tuple[str, str]]) -> bytes:
    """Replace folders, then registries' hosts.

    Args:
        log: what the tool printed.
        folders: pairs of a folder and what stands for it; longer ones must come first.
    """
    for folder, name in folders:
        log = log.replace(folder.encode(), name.encode())
    for pattern, host in HOSTS:
        log = re.sub(pattern, host, log)
    return log


def leaks(log: bytes) -> list[str]:
    """The paths in a normalised log that still belong to one machine; none in a log that may be kept."""
    return sorted({found.decode(errors="replace") for found in LEAK.findall(log)})
