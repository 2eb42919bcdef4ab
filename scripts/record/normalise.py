"""What is particular to the recording machine is taken out of a log: its paths, its name, its package mirrors."""

import platform
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
LEAK: Final = re.compile(rb"(?<![\w.$}-])/(?:root|tmp|opt|home/(?!ci\b))(?=/|\b)[^\s'\":,)]*|\.pyenv|\.rustup")


RESOLVER: Final = re.compile(rb"(?<= on )\d+\.\d+\.\d+\.\d+(?=:53\b)")
"""The name server that Go's resolver asked."""


def normalise(log: bytes, folders: Iterable[tuple[str, str]]) -> bytes:
    """Replace folders, then registries' hosts, this machine's name and its name server.

    Args:
        log: what the tool printed.
        folders: pairs of a folder and what stands for it.
    """
    names = {folder.encode(): name.encode() for folder, name in folders}
    anyone = b"|".join(re.escape(folder) for folder in sorted(names, key=len, reverse=True))
    log = re.sub(rb"(?<!/var)(?:" + anyone + rb")", lambda found: names[found[0]], log)
    for pattern, host in HOSTS:
        log = re.sub(pattern, host, log)
    log = re.sub(rb"\b" + re.escape(platform.node().encode()) + rb"\b", b"runner", log)
    return RESOLVER.sub(b"10.0.0.2", log)


def leaks(log: bytes) -> list[str]:
    """The paths in a normalised log that still belong to one machine; none in a log that may be kept."""
    return sorted({found.decode(errors="replace") for found in LEAK.findall(log)})
