"""Signatures of BitBake and the Yocto project; a failed task's log is read without the bar before its lines."""

from exlogare_ci.analysis.signatures.base import Signature

_BITBAKE = "https://docs.yoctoproject.org/bitbake/"
_QA = "https://docs.yoctoproject.org/ref-manual/qa-checks.html"

SIGNATURES = (
    Signature(
        id="bitbake.task_failed",
        tool="bitbake",
        pattern=r"^(?:NOTE|ERROR): (?:(?:[^ \n]{1,160} do_\w{1,60}: |recipe [^ \n]{1,160}: task do_\w{1,60}: )?(?:oe_runmake failed$|Execution of '|ExecutionError\(|Function failed: |Failed$)|Task [^\n]{1,300} failed with exit code '|[^\n]{0,200}Logfile of failure stored in: )",
        category="config.build_script",
        role="cascade",
        title="BitBake: {message}",
        extract=r"^\w+: (?P<message>.+)",
        matches=(
            "ERROR: cart-1.0-r0 do_compile: oe_runmake failed",
            "ERROR: Logfile of failure stored in: /build/tmp/cart/1.0-r0/temp/log.do_compile.4242",
            "ERROR: Task (/src/meta/cart_1.0.bb:do_compile) failed with exit code '1'",
        ),
        non_matches=("NOTE: recipe cart-1.0-r0: task do_compile: Started",),
        source=_BITBAKE,
    ),
    Signature(
        id="bitbake.fetch",
        tool="bitbake",
        pattern=r"^ERROR: (?:[^ \n]{1,160} do_fetch: )?(?:Bitbake )?Fetcher (?:Error|failure)",
        category="deps.not_found",
        title="BitBake could not fetch the sources: {message}",
        explain="Neither the mirrors nor the address in `SRC_URI` gave the file or revision.",
        fix="Correct `SRC_URI` or `SRCREV`, or add a mirror that still holds the file.",
        extract=r"(?P<message>Fetcher .+)",
        matches=(
            "ERROR: cart-1.0-r0 do_fetch: Fetcher failure: Unable to find revision 1a2b in branch master even from upstream",
            "ERROR: cart-1.0-r0 do_fetch: Bitbake Fetcher Error: FetchError('Unable to fetch URL from any source.', 'https://example.com/cart.tgz')",
        ),
        non_matches=(
            "WARNING: cart-1.0-r0 do_fetch: Failed to fetch URL https://example.com/cart.tgz, attempting MIRRORS if available",
        ),
        source="https://docs.yoctoproject.org/bitbake/bitbake-user-manual/bitbake-user-manual-fetching.html",
        weight=1.5,
    ),
    Signature(
        id="bitbake.licence_file",
        tool="bitbake",
        pattern=r"^ERROR: [^ \n]{1,160} do_\w+: (?:QA Issue: [^\n]{1,200})?(?:LIC_FILES_CHKSUM|The LIC_FILES_CHKSUM|[^\n]{1,200}\[license-)",
        category="code.license",
        title="The licence file of a recipe changed or is not named: {message}",
        explain="BitBake compares the checksum of the licence text with `LIC_FILES_CHKSUM` in the recipe.",
        fix="Read what changed in the licence, then correct `LICENSE` and `LIC_FILES_CHKSUM`.",
        extract=r"do_\w+: (?P<message>.+)",
        matches=(
            "ERROR: cart-1.0-r0 do_populate_lic: QA Issue: cart: The LIC_FILES_CHKSUM does not match for file://LICENSE;md5=1a2b [license-checksum]",
        ),
        non_matches=(
            "ERROR: cart-1.0-r0 do_package: QA Issue: cart: Files/directories were installed but not shipped [installed-vs-shipped]",
        ),
        source=_QA,
        weight=1.6,
    ),
    Signature(
        id="bitbake.qa",
        tool="bitbake",
        pattern=r"^ERROR: [^ \n]{1,160} do_\w+: QA Issue: ",
        category="code.lint",
        title="Yocto's check refuses a package: {message}",
        explain="The name in brackets at the end of the message is that of the check.",
        fix="Correct the recipe; `INSANE_SKIP` leaves a single check out on purpose.",
        extract=r"QA Issue: (?P<message>.+)",
        matches=(
            "ERROR: cart-1.0-r0 do_package: QA Issue: cart: Files/directories were installed but not shipped [installed-vs-shipped]",
        ),
        non_matches=(
            "WARNING: cart-1.0-r0 do_package: QA Issue: cart: Files/directories were installed [installed-vs-shipped]",
        ),
        source=_QA,
        weight=1.3,
    ),
    Signature(
        id="bitbake.nothing_provides",
        tool="bitbake",
        pattern=r"^ERROR: (?:Nothing R?PROVIDES '|Required build target '|Multiple \.bb files are due to be built which each provide )",
        category="deps.not_found",
        title="BitBake has no recipe for what is asked for: {message}",
        explain="No layer in `bblayers.conf` holds such a recipe, or it was skipped; the rest of the line says why.",
        fix="Add the layer that holds it, or correct the name in `DEPENDS`, `RDEPENDS` or `IMAGE_INSTALL`.",
        extract=r"^ERROR: (?P<message>.+)",
        matches=("ERROR: Nothing PROVIDES 'cart' (but /src/meta/image.bb DEPENDS on or otherwise requires it)",),
        non_matches=("NOTE: Resolving any missing task queue dependencies",),
        source=_BITBAKE,
        weight=1.5,
    ),
    Signature(
        id="bitbake.parse",
        tool="bitbake",
        pattern=r"^ERROR: (?:ParseError |Unable to parse |ExpansionError |Unable to start bitbake server)",
        category="config.build_script",
        title="BitBake cannot read a recipe or its configuration: {message}",
        explain="The message names the file and line; nothing was built.",
        fix="Correct the file; a variable may be undefined, or a layer may be for another release.",
        extract=r"^ERROR: (?P<message>.+)",
        matches=("ERROR: ParseError at /src/meta/cart_1.0.bb:3: unparsed line: 'do_build {'",),
        non_matches=("Parsing recipes: 100% |####| Time: 0:00:10",),
        source=_BITBAKE,
        weight=1.3,
    ),
    Signature(
        id="bitbake.summary",
        tool="bitbake",
        pattern=r"(?:^Summary: (?:There (?:was|were) \d+ ERROR messages?|\d+ tasks? failed:)|[^ \n]\.bb:do_\w{1,60}$)",
        role="summary",
        title="BitBake counts what failed",
        matches=(
            "Summary: There was 1 ERROR message, returning a non-zero exit code.",
            "Summary: 1 task failed:",
            "  /src/meta/cart_1.0.bb:do_compile",
        ),
        non_matches=("Summary: There were 2 WARNING messages.",),
        source=_BITBAKE,
    ),
)
