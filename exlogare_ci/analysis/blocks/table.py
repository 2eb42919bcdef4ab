"""The table of block rules: one file a family of tools."""

from exlogare_ci.analysis.blocks import (
    apple,
    beam,
    c_family,
    chains,
    checkers,
    cpp_test,
    delivery,
    deno_bun,
    dotnet,
    gnu_format,
    go,
    js_test,
    js_tools,
    jvm_build,
    jvm_test,
    ml_family,
    more_tests,
    php,
    platform,
    python,
    python_tools,
    ruby,
    rust,
    shell_tests,
    small_languages,
)
from exlogare_ci.analysis.blocks.base import BlockRule

FAMILIES: tuple[tuple[str, tuple[BlockRule, ...]], ...] = (
    ("apple", apple.RULES),
    ("beam", beam.RULES),
    ("c_family", c_family.RULES),
    ("chains", chains.RULES),
    ("checkers", checkers.RULES),
    ("cpp_test", cpp_test.RULES),
    ("delivery", delivery.RULES),
    ("deno_bun", deno_bun.RULES),
    ("dotnet", dotnet.RULES),
    ("gnu_format", gnu_format.RULES),
    ("go", go.RULES),
    ("js_test", js_test.RULES),
    ("js_tools", js_tools.RULES),
    ("jvm_build", jvm_build.RULES),
    ("jvm_test", jvm_test.RULES),
    ("ml_family", ml_family.RULES),
    ("more_tests", more_tests.RULES),
    ("php", php.RULES),
    ("platform", platform.RULES),
    ("python", python.RULES),
    ("python_tools", python_tools.RULES),
    ("ruby", ruby.RULES),
    ("rust", rust.RULES),
    ("shell_tests", shell_tests.RULES),
    ("small_languages", small_languages.RULES),
)
"""Name and rules of each family."""

RULES: tuple[BlockRule, ...] = tuple(rule for _, family in FAMILIES for rule in family)
"""All rules."""
