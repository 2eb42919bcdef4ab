"""What each category means and what to do about it, in words."""

CATEGORY_WORDS: dict[str, tuple[str, str]] = {
    "code.compile": (
        "The code does not compile.",
        "Correct the named source line; later errors often follow from the first.",
    ),
    "code.syntax": (
        "A file cannot be parsed.",
        "Correct the syntax at the named place.",
    ),
    "code.type": (
        "The type checker refuses the code.",
        "Make the types at the named place agree.",
    ),
    "code.link": (
        "The linker misses or repeats a symbol.",
        "Link the library or object file that defines the symbol, or add its declaration to the build.",
    ),
    "code.test": (
        "A test does not get what it expects.",
        "Run the named test alone and compare what it expects with what the code now does.",
    ),
    "code.test_timeout": (
        "A test did not end in time.",
        "Run the named test alone; look for a promise, lock or server that never answers, or raise its time limit.",
    ),
    "code.runtime_crash": (
        "The program ended with an uncaught error.",
        "Follow the trace to the first line of your own code and handle the case there.",
    ),
    "code.lint": (
        "A linter or checker refuses what it found.",
        "Correct the listed places, with the tool's own fix option where it has one.",
    ),
    "code.format": (
        "Files are not formatted as the project demands.",
        "Run the formatter and commit what it changes.",
    ),
    "code.coverage": (
        "The coverage is below the limit that the project set.",
        "Add tests for what is not covered, or lower the limit on purpose.",
    ),
    "deps.resolve": (
        "The package manager found no set of versions that fits.",
        "Relax or align the version constraints that are named.",
    ),
    "deps.not_found": (
        "A dependency does not exist where it was looked for.",
        "Check its name and version, and that the registry is configured and reachable.",
    ),
    "deps.build_native": (
        "A dependency with native code does not build.",
        "Install the compiler, headers or library that is named, or use a prebuilt package.",
    ),
    "config.build_script": (
        "The build script or its tool's configuration is at fault.",
        "Correct the named target, option or file.",
    ),
    "config.command_missing": (
        "A command is not installed or not in PATH.",
        "Install it in the job's image or correct PATH.",
    ),
    "config.path": (
        "A file or folder is not where it is looked for.",
        "Check the path and the step that should have made it.",
    ),
    "vcs.checkout": (
        "The source could not be checked out.",
        "Check that the branch or commit still exists and that the job may read it.",
    ),
    "container.build": (
        "The image does not build.",
        "Run the named build step alone and correct it.",
    ),
    "infra.runner": (
        "The runner itself reports an error.",
        "Read the runner's message; a retry may help when it is not about your configuration.",
    ),
    "deploy.terraform": (
        "Terraform refuses the configuration or the provider failed.",
        "Correct the named resource or argument.",
    ),
    "deploy.cloud": (
        "The deployment failed on its target.",
        "Read the target's message and correct the named task or resource.",
    ),
    "unknown": (
        "No signature knows this failure.",
        "Read the shown lines, which are the last that the failing step printed.",
    ),
}
"""For each category what it means and what to do, where neither a signature nor the tool says it better."""
