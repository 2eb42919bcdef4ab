"""The catalogue: one file a tool family, and here the one table of them."""

from exlogare_ci.analysis.signatures import (
    git,
    golang,
    gomod,
    gradle,
    gradledeps,
    javac,
    jvm,
    jvmlint,
    maven,
    mavendeps,
    pip,
    pylint_tools,
    pypackaging,
    pytest,
    python,
    rust,
    rusttest,
    surefire,
    unittest,
)
from exlogare_ci.analysis.signatures.base import Signature

FAMILIES: tuple[tuple[str, tuple[Signature, ...]], ...] = (
    ("git", git.SIGNATURES),
    ("golang", golang.SIGNATURES),
    ("gomod", gomod.SIGNATURES),
    ("gradle", gradle.SIGNATURES),
    ("gradledeps", gradledeps.SIGNATURES),
    ("javac", javac.SIGNATURES),
    ("jvm", jvm.SIGNATURES),
    ("jvmlint", jvmlint.SIGNATURES),
    ("maven", maven.SIGNATURES),
    ("mavendeps", mavendeps.SIGNATURES),
    ("pip", pip.SIGNATURES),
    ("pylint_tools", pylint_tools.SIGNATURES),
    ("pypackaging", pypackaging.SIGNATURES),
    ("pytest", pytest.SIGNATURES),
    ("python", python.SIGNATURES),
    ("rust", rust.SIGNATURES),
    ("rusttest", rusttest.SIGNATURES),
    ("surefire", surefire.SIGNATURES),
    ("unittest", unittest.SIGNATURES),
)
"""Name and signatures of each family, in the order of the reference page."""

SIGNATURES: tuple[Signature, ...] = tuple(s for _, family in FAMILIES for s in family)
"""All signatures; the position is the id in the scan."""
