"""The words: one specific sentence, how it is known, and what to do."""

from string import Formatter

from exlogare_ci.analysis.candidate import Candidate
from exlogare_ci.analysis.text import CleanLog

ROOT_CAUSE_CHARS_MAX = 600
MESSAGE_CHARS_MAX = 300

CATEGORY_WORDS: dict[str, tuple[str, str]] = {
    "code.compile": ("The code does not compile.", "Correct the named source line; later errors often follow from the first."),
    "code.syntax": ("A file cannot be parsed.", "Correct the syntax at the named place."),
    "code.type": ("The type checker refuses the code.", "Make the types at the named place agree."),
    "code.link": ("The linker misses or repeats a symbol.", "Link the library or object file that defines the symbol, or add its declaration to the build."),
    "code.test": ("A test does not get what it expects.", "Run the named test alone and compare what it expects with what the code now does."),
    "code.test_timeout": ("A test did not end in time.", "Run the named test alone; look for a promise, lock or server that never answers, or raise its time limit."),
    "code.runtime_crash": ("The program ended with an uncaught error.", "Follow the trace to the first line of your own code and handle the case there."),
    "code.lint": ("A linter or checker refuses what it found.", "Correct the listed places, with the tool's own fix option where it has one."),
    "code.format": ("Files are not formatted as the project demands.", "Run the formatter and commit what it changes."),
    "code.coverage": ("The coverage is below the limit that the project set.", "Add tests for what is not covered, or lower the limit on purpose."),
    "deps.resolve": ("The package manager found no set of versions that fits.", "Relax or align the version constraints that are named."),
    "deps.not_found": ("A dependency does not exist where it was looked for.", "Check its name and version, and that the registry is configured and reachable."),
    "deps.build_native": ("A dependency with native code does not build.", "Install the compiler, headers or library that is named, or use a prebuilt package."),
    "config.build_script": ("The build script or its tool's configuration is at fault.", "Correct the named target, option or file."),
    "config.command_missing": ("A command is not installed or not in PATH.", "Install it in the job's image or correct PATH."),
    "config.path": ("A file or folder is not where it is looked for.", "Check the path and the step that should have made it."),
    "vcs.checkout": ("The source could not be checked out.", "Check that the branch or commit still exists and that the job may read it."),
    "container.build": ("The image does not build.", "Run the named build step alone and correct it."),
    "infra.runner": ("The runner itself reports an error.", "Read the runner's message; a retry may help when it is not about your configuration."),
    "deploy.terraform": ("Terraform refuses the configuration or the provider failed.", "Correct the named resource or argument."),
    "deploy.cloud": ("The deployment failed on its target.", "Read the target's message and correct the named task or resource."),
    "unknown": ("No signature knows this failure.", "Read the shown lines, which are the last that the failing step printed."),
}  # fmt: skip
"""For each category what it means and what to do, where neither a signature nor the tool says it better."""


def message_of(candidate: Candidate, log: CleanLog) -> str:
    """Return the failure's message in the tool's own words."""
    text = candidate.groups.get("message") or log.text(candidate.cause).strip()
    exception = candidate.groups.get("exception")
    if exception and "message" in candidate.groups and not text.startswith(exception):
        text = f"{exception}: {text}"
    expected, actual = candidate.groups.get("expected"), candidate.groups.get("actual")
    if candidate.kind == "test" and expected and actual:
        text = f"expected {expected}, got {actual}"
    return text[:MESSAGE_CHARS_MAX]


def root_cause(candidate: Candidate, log: CleanLog) -> str:
    """Return the sentence that names what broke and where."""
    message = message_of(candidate, log)
    place = _place(candidate)
    if candidate.kind == "test":
        name = (candidate.tests[0] if candidate.tests else candidate.groups.get("test", "")).rstrip(":")
        if name:
            more = len(candidate.tests) - 1
            others = f" ({more} more test{'s' if more > 1 else ''} failed)" if more > 0 else ""
            sentence = f"Test `{name}` failed{f' at {place}' if place else ''}: {message}{others}"
        else:
            sentence = f"A test failed{f' at {place}' if place else ''}: {message}"
    elif candidate.signature is not None and candidate.signature.role == "root" and _prefers_signature(candidate):
        sentence = _filled(candidate.signature.title, candidate.groups, log.text(candidate.cause).strip())
        if place and place not in sentence and candidate.groups.get("file", "\0") not in sentence:
            sentence = f"{sentence} ({place})"
    elif place and candidate.kind in ("compile", "lint", "trace"):
        sentence = f"{place}: {message}"
    elif candidate.kind == "list" and candidate.groups.get("file"):
        sentence = f"{candidate.groups['file']}: {CATEGORY_WORDS[candidate.category][0].rstrip('.')}"
        sentence += f" ({candidate.blocks} places)" if candidate.blocks > 1 else ""
    elif candidate.kind in ("tail", "keyword"):
        sentence = f"The failing step's last words: {message}" if candidate.kind == "tail" else message
    else:
        sentence = message
    return sentence[:ROOT_CAUSE_CHARS_MAX] or "The build failed without saying why."


def _prefers_signature(candidate: Candidate) -> bool:
    """Whether the signature's title says more than the block's own message."""
    return candidate.rule is None or candidate.kind in ("trace", "resolve", "build", "cascade")


def explanation(candidate: Candidate, log: CleanLog) -> str:
    """Return what it means, how it is known and what else was affected."""
    parts: list[str] = []
    signature = candidate.signature
    if signature is not None and signature.explain and (candidate.kind != "test" or signature.role == "root"):
        parts.append(_filled(signature.explain, candidate.groups, ""))
    else:
        parts.append(CATEGORY_WORDS.get(candidate.category, CATEGORY_WORDS["unknown"])[0])
    step = candidate.step
    if step is not None and step.failed and step.name:
        name = step.name.removeprefix('The command "').split('" exited')[0][:120]
        parts.append(f"It stands in the step that failed first ({name}, exit code {step.exit_code}).")
    if candidate.tool:
        parts.append(f"Printed by {candidate.tool} at line {candidate.cause + 1} of the log.")
    if len(candidate.tests) > 1:
        parts.append(f"{len(candidate.tests)} tests failed in this block.")
    return " ".join(p for p in parts if p)


def fix(candidate: Candidate) -> str:
    """Return what to do."""
    signature = candidate.signature
    if signature is not None and signature.fix and (candidate.kind != "test" or signature.role == "root"):
        return _filled(signature.fix, candidate.groups, "")
    return CATEGORY_WORDS.get(candidate.category, CATEGORY_WORDS["unknown"])[1]


def _place(candidate: Candidate) -> str:
    file = candidate.groups.get("file", "")
    line = candidate.groups.get("line", "")
    return f"{file}:{line}" if file and line else file


def _filled(template: str, groups: dict[str, str], text: str) -> str:
    """Fill a template; when a name is missing, fall back to the line itself."""
    names = [name for _, name, _, _ in Formatter().parse(template) if name]
    values = {**groups, "text": text}
    if any(name not in values for name in names):
        return text or template.split("{", maxsplit=1)[0].strip()
    return template.format_map(values)
