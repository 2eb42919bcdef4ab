"""Signatures of GNAT, gprbuild and Alire."""

from exlogare_ci.analysis.signatures.base import Signature

_GPRBUILD = "https://docs.adacore.com/gprbuild-docs/html/gprbuild_ug.html"

SIGNATURES = (
    Signature(
        id="gnat.style",
        tool="gnat",
        pattern=r"^[^ :\n]{1,200}\.ad[abs]:\d+:\d+: (?:error: )?\(style\) ",
        category="code.lint",
        title="{file} does not keep to the style at line {line}: {message}",
        explain="GNAT checks the style (`-gnaty`), and warnings count as errors (`-gnatwe`).",
        fix="Correct the place; the option's letters say which rules hold.",
        extract=r"^(?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):(?P<column>\d+): (?:error: )?\(style\) (?P<message>.+)",
        matches=("cart.adb:24:74: (style) incorrect line terminator",),
        non_matches=('cart.adb:9:04: error: "price" is undefined',),
        source="https://gcc.gnu.org/onlinedocs/gnat_ugn/Style-Checking.html",
        weight=1.0,
    ),
    Signature(
        id="gprbuild.project",
        tool="gprbuild",
        pattern=r"^[^ :\n]{1,200}\.c?gpr:\d+:\d+: (?:error: )?(?:[^w\n]|w[^a\n])",
        category="config.build_script",
        title="The project file {file} is wrong at line {line}: {message}",
        explain="gprbuild does not understand the project, or a project that it imports is not there.",
        fix="Correct the project file, or use the gprbuild that knows the attribute; `ADA_PROJECT_PATH` says where imports are looked for.",
        extract=r"^(?P<file>(?:[A-Z]:)?[^\s:]+):(?P<line>\d+):(?P<column>\d+): (?P<message>.+)",
        matches=(
            'arm.cgpr:112:11: undefined attribute "bindfile_option"',
            'shop.gpr:1:6: unknown project file: "cart"',
        ),
        non_matches=("shop.gpr:3:4: warning: unused",),
        source=_GPRBUILD,
        weight=1.2,
    ),
    Signature(
        id="gprbuild.phase_failed",
        tool="gprbuild",
        pattern=r"^ *(?:gprbuild|gnatmake): (?:\*\*\* [a-z ]{1,40} phase failed|processing of (?:configuration )?project [^\n]{1,300} failed|[^\n]{1,300} compilation error)$",
        category="code.compile",
        role="cascade",
        title="gprbuild ended",
        matches=(
            "gprbuild: *** compilation phase failed",
            'gprbuild: processing of configuration project "arm.cgpr" failed',
        ),
        non_matches=('gprbuild: "shop" up to date',),
        source=_GPRBUILD,
    ),
    Signature(
        id="gnat.unit_failed",
        tool="gnat",
        pattern=r"^ {3}compilation of [^ \n]+ failed$",
        role="summary",
        title="A unit did not compile",
        matches=("   compilation of cart.adb failed",),
        non_matches=("compilation of cart.adb",),
        source=_GPRBUILD,
    ),
    Signature(
        id="alire.command_failed",
        tool="alire",
        pattern=r'^(?:error|ERROR): (?:Command \["[^\n]{1,500}"\] exited with code \d+|Compilation failed\.|failed to build tests)$',
        role="wrapper",
        title="Alire's command failed",
        matches=('error: Command ["gprbuild", "-P", "/src/shop.gpr"] exited with code 4', "error: Compilation failed."),
        non_matches=("error: crate not found",),
        source="https://alire.ada.dev/docs/",
    ),
)
