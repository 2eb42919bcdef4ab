"""Patterns compiled at first use are patterns like any other."""

import pkgutil
import re
from importlib import import_module

import exlogare_ci.analysis
from exlogare_ci.analysis.late import _Late, late


def test_a_late_pattern_does_what_re_does() -> None:
    """Methods, groups and flags are those of the compiled pattern."""
    pattern = late(r"^(?P<name>[a-z]+)=", re.IGNORECASE)

    match = pattern.match("Port=80")

    assert match is not None
    assert match["name"] == "Port"
    assert (pattern.search("1"), pattern.sub("", "Port=80"), pattern.findall("a=b")) == (None, "80", ["a"])
    assert pattern.pattern == r"^(?P<name>[a-z]+)="


def test_every_late_pattern_of_the_engine_compiles() -> None:
    """What fails only when it is first needed would fail in a user's build."""
    found = 0
    for module in pkgutil.iter_modules(exlogare_ci.analysis.__path__, "exlogare_ci.analysis."):
        for value in vars(import_module(module.name)).values():
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, _Late):
                    found += bool(item.pattern)
    assert found > 30
