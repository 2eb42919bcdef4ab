r"""A path that begins with a drive (``C:\src\cart.c:3:4``) is a path, although a colon stands in it."""

import pytest

from exlogare_ci.analysis import analyze

LINES = {
    "gcc": (r"C:\src\cart.c:3:4: error: 'price' undeclared (first use in this function)", "gcc", "code.compile"),
    "mingw": ("D:/a/shop/cart.c:3:4: fatal error: price.h: No such file or directory", "gcc", "deps.not_found"),
    "javac": ("C:\\src\\Cart.java:3: error: cannot find symbol\n    price();\n    ^", "javac", "code.compile"),
    "dmd": (r"C:\src\cart.d(31,5): Error: undefined identifier `price`", "compiler", "code.compile"),
    "swift": (r"C:\src\Cart.swift:3:4: error: cannot find 'price' in scope", "swiftc", "code.compile"),
    "zig": (r"C:\src\cart.zig:3:4: error: use of undeclared identifier 'price'", "zig", "code.compile"),
    "protoc": (r'C:\src\cart.proto:3:1: "Price" is not defined.', "protoc", "code.compile"),
    "cppcheck": (r"C:\src\cart.cpp:31:9: error: Memory leak: items [memleak]", "cppcheck", "code.lint"),
    "cpplint": ("C:\\src\\cart.cc:3:  Missing space after ,  [whitespace/comma] [3]", "cpplint", "code.lint"),
    "mypy": ("C:\\src\\cart.py:3: error: No  [return-value]\nFound 1 error in 1 file", "mypy", "code.type"),
    "flake8": (r"C:\src\cart.py:3:1: F401 'os' imported but unused", "flake8", "code.lint"),
    "rubocop": ("C:/src/cart.rb:3:1: C: Style/StringLiterals: Prefer single quotes.", "rubocop", "code.lint"),
    "yamllint": (r"C:\src\a.yml:3:1: [error] too many spaces (indentation)", "yamllint", "code.lint"),
    "ktlint": (r"C:\my src\Cart.kt:3:1: Unused import (no-unused-imports)", "ktlint", "code.lint"),
    "pmd": ("C:\\src\\Cart.java:9:\tUnusedPrivateField:\tAvoid unused private fields.", "pmd", "code.lint"),
    "catch2": ("C:\\src\\cart.cpp(5): FAILED:\n  REQUIRE( total() == 4 )\n", "catch2", "code.test"),
    "googletest": (
        (
            "[ RUN      ] Cart.Total\nC:\\src\\cart.cc(5): error: Expected equality of these values:\n  total()\n"
            "    Which is: 3\n  4\n[  FAILED  ] Cart.Total (0 ms)"
        ),
        "googletest",
        "code.test",
    ),
}
"""Per tool what it prints, the tool's name and the category."""


@pytest.mark.parametrize("name", LINES)
def test_a_drive_hides_no_tool(name: str) -> None:
    """The same rule knows the line, and the sentence names file and line."""
    text, tool, category = LINES[name]

    analysis = analyze(f"##[group]Run ./x.cmd\n./x.cmd\n##[endgroup]\n{text}\n##[error]exit code 1.\n".encode())

    assert (analysis.tool, analysis.category) == (tool, category)
