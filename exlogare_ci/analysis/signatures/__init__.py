"""The catalogue: one file a tool family, and here the one table of them."""

from exlogare_ci.analysis.signatures import (
    git,
    golang,
    gomod,
    rust,
    rusttest,
)
from exlogare_ci.analysis.signatures.base import Signature

FAMILIES: tuple[tuple[str, tuple[Signature, ...]], ...] = (
    ("git", git.SIGNATURES),
    ("golang", golang.SIGNATURES),
    ("gomod", gomod.SIGNATURES),
    ("rust", rust.SIGNATURES),
    ("rusttest", rusttest.SIGNATURES),
)
"""Name and signatures of each family, in the order of the reference page."""

SIGNATURES: tuple[Signature, ...] = tuple(s for _, family in FAMILIES for s in family)
"""All signatures; the position is the id in the scan."""
