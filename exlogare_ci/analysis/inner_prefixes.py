"""What tools put before the lines of the tools that they run, and lines in which a tool's text is wrapped.

A task runner or ``go test -json`` hides the text that patterns know. Each of them says in lines of
its own which prefix it uses, so only that one is taken off, and only in logs that hold such a line.
"""

import json
import re
from collections.abc import Callable

from exlogare_ci.analysis.late import late
from exlogare_ci.analysis.traits import Traits

NAMES_MAX = 200
"""More tasks than this are not looked for."""

# turbo: `@app/cart:test: cache miss, executing 0f1c`; https://turborepo.com/docs/reference/run
_TURBO = late(rb"^([\w@/.-]{1,80}:[\w:.-]{1,60}): cache (?:miss|hit|bypass)\b", re.MULTILINE)
# pnpm -r: `packages/cart test$ vitest run` before the lines `packages/cart test: …`; https://pnpm.io/cli/recursive
_PNPM = late(rb"^([\w@/.-]{1,80} [\w:.-]{1,60})\$ \S", re.MULTILINE)
# melos exec: `[cart]: ` before each line of what it runs in a package; https://melos.invertase.dev/commands/exec
_MELOS = late(rb"^\[[\w.-]{1,80}\]: ?", re.MULTILINE)
# flutter --verbose: how long it was quiet, before each line; https://docs.flutter.dev/reference/flutter-cli
_FLUTTER = late(rb"^\[(?: {8}|[ +\d,]{5} ms)\] ?", re.MULTILINE)
# A test of Go's whose output a program hands on through Go's logger: its time before each line
_GO_LOGGED = late(rb"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d (?= {0,16}(?:--- (?:FAIL|PASS|SKIP): |=== ))", re.MULTILINE)
# What problem matchers of GitHub Actions put before a finding, and golangci-lint's action before its own
_MATCHED = late(
    rb"^ {0,4}##\[(?:error|warning)\](?= +\d+:\d+ |[\w./\\@-]{1,300}(?::\d+(?::\d+)?: |\(\d+,\d+\): ))", re.MULTILINE
)
# Azure Pipelines: its mark before each line that a command wrote to its second stream, but for the task's own last word
_AZURE_ERRORS = late(
    rb"(?:^##\[error\](?!(?:Bash|PowerShell|Cmd\.exe|Process|Error: The process|The (?:process|job|operation))\b)"
    rb"[^\n]*\n){3,}",
    re.MULTILINE,
)
# Zuul's job output: the node before each line of a task; https://zuul-ci.org/docs/zuul/
_ZUUL = late(rb"^[\w.-]{1,60} \| ?", re.MULTILINE)
# mozharness: the time and level of each line, and the number that mochitest once put before its own
_MOZHARNESS = late(
    rb"^(?:\d\d:\d\d:\d\d +(?:INFO|ERROR|CRITICAL|FATAL|WARNING(?= - +TEST-UNEXPECTED)) - {0,2}(?:\d+ INFO )?"
    rb"|\d+ INFO )",
    re.MULTILINE,
)
# git's word that the other side speaks, before a build's output: https://devcenter.heroku.com/articles/git
_REMOTE = late(rb"^remote: ?(?: {7}(?=\S))?", re.MULTILINE)
# WebdriverIO's spec reporter: the browser and the worker before each line; https://webdriver.io/docs/spec-reporter
_WDIO = late(rb"^\[[^\]\n]{1,120} #\d{1,3}-\d{1,3}\]", re.MULTILINE)
# concurrently: `[web] npm run web exited with code 1` behind the lines `[web] …`; https://github.com/open-cli-tools/concurrently
_CONCURRENT = late(rb"^\[([\w.:/@-]{1,40})\] [^\n]{1,300} exited with code \d+\.?$", re.MULTILINE)
# Test Kitchen: what runs on the instance is set seven spaces in; https://docs.chef.io/workstation/kitchen/
_KITCHEN = late(rb"^ {7}", re.MULTILINE)
# Packer and Vagrant: `==> NAME: ` before its own words, four blanks and the name before those of what it runs
_PACKER_NAME = late(rb"^==> ([\w.-]{1,60}): ", re.MULTILINE)
# docker compose up: `Attaching to web-1, db-1`, then `web-1  | …`; https://docs.docker.com/reference/cli/docker/compose/up/
_COMPOSE = late(rb"^Attaching to ([\w., -]{1,2000})$", re.MULTILINE)
# Google Cloud Build; https://cloud.google.com/build/docs/view-build-results
_CLOUD_BUILD = late(rb'^Step #\d{1,3}(?: - "[^"\n]{1,120}")?: ?', re.MULTILINE)
# lerna run --stream: the package before each line, the first of which is npm's echo; https://lerna.js.org/docs
_LERNA = late(rb"^(@?[\w./-]{1,80}): > \S", re.MULTILINE)
# yarn workspaces foreach -v; https://yarnpkg.com/cli/workspaces/foreach
_YARN = late(rb"^\[([\w@/.-]{1,80})\]: Process started", re.MULTILINE)
# nimble: the words of what it ran, behind the command: https://github.com/nim-lang/nimble
_NIMBLE = late(rb"^ {2,16}\.\.\. (?:Output: )?", re.MULTILINE)
# Bazel with --show_timestamps
_BAZEL = late(rb"^\(\d\d:\d\d:\d\d\) ", re.MULTILINE)
# BitBake: a failed task's log, with a bar before each line; https://docs.yoctoproject.org/bitbake/
_BITBAKE = late(rb"^\| ", re.MULTILINE)
# ctest -V: the test's number before each line that it prints; https://cmake.org/cmake/help/latest/manual/ctest.1.html
_CTEST = late(rb"^\d{1,5}: (?!Test (?:command|timeout)|Working Directory)", re.MULTILINE)
_GO_EVENT = late(rb'^\{"(?:Time|Action)":"[^\n]{1,20000}\}$', re.MULTILINE)


def without_inner_prefixes(data: bytes) -> bytes:
    """Return a log in which every tool's text stands as that tool printed it; the number of line feeds stays.

    Args:
        data: the log without time stamps.
    """
    traits = _TRAITS.of(data)
    for probe, change in _CHANGES:
        if probe in traits:
            data = change(data)
    return data


def _named(pattern: "re.Pattern[bytes]", before: bytes = b"", behind: bytes = b": ?") -> Callable[[bytes], bytes]:
    """Return what takes off names that the log itself tells, with what stands before and behind each of them."""

    def change(data: bytes) -> bytes:
        told = (name.strip() for names in pattern.findall(data) for name in names.split(b","))
        names = sorted(dict.fromkeys(name for name in told if name), key=len, reverse=True)
        if not names or len(names) > NAMES_MAX:
            return data
        either = b"|".join(map(re.escape, names))
        return re.sub(rb"^" + before + rb"(?:" + either + rb")" + behind, b"", data, flags=re.MULTILINE)

    return change


def _without(pattern: "re.Pattern[bytes]") -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        return pattern.sub(b"", data)

    return change


def _azure_errors(data: bytes) -> bytes:
    return _AZURE_ERRORS.sub(lambda run: run[0][len(b"##[error]") :].replace(b"\n##[error]", b"\n"), data)


def _spoken(match: "re.Match[bytes]") -> bytes:
    try:
        event = json.loads(match[0])
    except (ValueError, RecursionError):
        return match[0]
    if "Action" not in event:
        return match[0]
    return str(event.get("Output", "")).rstrip("\n").replace("\n", " ").encode("utf-8", "replace")


def _go_events(data: bytes) -> bytes:
    """Return what ``go test -json`` reports as ``go test`` would print it; https://pkg.go.dev/cmd/test2json."""
    return _GO_EVENT.sub(_spoken, data)


_CHANGES: tuple[tuple[bytes, Callable[[bytes], bytes]], ...] = (
    (b'"Action":"output"', _go_events),
    (b": cache miss, executing ", _named(_TURBO)),
    (b" workspace projects", _named(_PNPM)),
    (b"MultiFileLogger online at ", _without(_MOZHARNESS)),
    (b"RUN START: [", _without(_ZUUL)),
    ("\u2514> RUNNING (in ".encode(), _without(_MELOS)),
    (b" --- FAIL: ", _without(_GO_LOGGED)),
    (b"\n[        ] ", _without(_FLUTTER)),
    (b"##[section]Starting: ", _azure_errors),
    (b"##[error]", _without(_MATCHED)),
    (b"remote: -----> ", _without(_REMOTE)),
    (b"Spec Files:", _without(_WDIO)),
    (b" exited with code ", _named(_CONCURRENT, rb"\[", rb"\] ?")),
    (b"-----> Starting Kitchen (", _without(_KITCHEN)),
    (b"-----> Starting Test Kitchen (", _without(_KITCHEN)),
    (b"\n==> Builds finished", _named(_PACKER_NAME, rb"(?:==>|   ) ")),
    (b"\nBringing machine '", _named(_PACKER_NAME, rb"(?:==>|   ) ")),
    (b"Attaching to ", _named(_COMPOSE, behind=rb" {1,40}\| ?")),
    (b"Starting Step #0", _without(_CLOUD_BUILD)),
    (b"lerna ", _named(_LERNA)),
    (b"]: Process started", _named(_YARN, rb"\[", rb"\]: ?")),
    (b" ... Command: ", _without(_NIMBLE)),
    (b") INFO: Elapsed time", _without(_BAZEL)),
    (b": Test command: ", _without(_CTEST)),
    (b"\nLog data follows:\n| ", _without(_BITBAKE)),
)
"""A text that is in every log of the kind, and what takes its prefixes off."""
_TRAITS = Traits([probe for probe, _ in _CHANGES])
