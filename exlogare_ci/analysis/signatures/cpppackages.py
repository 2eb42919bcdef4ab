"""Signatures of the package managers of C and C++: Conan and vcpkg."""

from exlogare_ci.analysis.signatures.base import Signature

_CONAN = "https://github.com/conan-io/conan"

SIGNATURES = (
    Signature(
        id="conan.requirement_not_found",
        tool="conan",
        pattern=r"^ERROR: (?:Failed requirement '[^'\n]+' from '|Package '[^'\n]+' not resolved: )",
        category="deps.not_found",
        title="Conan does not find {package}",
        explain="No remote that is configured has this recipe or version.",
        fix="Correct the reference in the conanfile, or add the remote that has it (`conan remote add`).",
        extract=r"(?:requirement|Package) '(?P<package>[^']+)'",
        matches=(
            "ERROR: Failed requirement 'fmt/9.9.9@bincrafters/stable' from 'PROJECT'",
            "ERROR: Package 'fmt/99.0' not resolved: Unable to find 'fmt/99.0' in remotes.",
        ),
        non_matches=("zlib/1.2.11@conan/stable: Not found in local cache, looking in remotes...",),
        source=_CONAN,
        weight=1.5,
    ),
    Signature(
        id="conan.missing_binary",
        tool="conan",
        pattern=r"^ERROR: (?:Missing binary: |Missing prebuilt package for ')",
        category="deps.not_found",
        title="Conan has no binary of {package} for these settings",
        explain="The recipe is there, but nobody has built it for this compiler, build type and options.",
        fix="Add `--build=missing`, or align the profile with one that binaries exist for.",
        extract=r"(?:Missing binary: |package for ')(?P<package>[^\s:']+)",
        matches=(
            "ERROR: Missing binary: zlib/1.2.13:da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "ERROR: Missing prebuilt package for 'zlib/1.2.13'",
        ),
        non_matches=("zlib/1.2.13: Already installed!",),
        source=_CONAN,
        weight=1.5,
    ),
    Signature(
        id="vcpkg.build_failed",
        tool="vcpkg",
        pattern=r"^(?:error|Error): (?:building|Building package) [^ \n]+ failed with: [A-Z]",
        category="deps.build_native",
        title="vcpkg could not build {package}: {message}",
        explain="The port's own build failed; vcpkg names the log files that have its output.",
        fix="Read the logs that vcpkg lists (upload them as artifacts), or pin the baseline that worked.",
        extract=r"(?:building|package) (?P<package>[^ ]+) failed with: (?P<message>\w+)",
        matches=(
            "error: building openssl:x64-linux failed with: BUILD_FAILED",
            "Error: Building package openssl:x64-linux failed with: BUILD_FAILED",
        ),
        non_matches=("Building openssl[core]:x64-linux...",),
        source="https://github.com/microsoft/vcpkg-tool",
        weight=1.5,
    ),
    Signature(
        id="platformio.nothing_to_build",
        tool="platformio",
        pattern=r"^Error: Nothing to build\. Please put your source code files to '",
        category="config.path",
        title="PlatformIO finds no sources in {path}",
        explain="The folder that `src_dir` names is empty, or the project is another folder.",
        fix="Correct `src_dir` in platformio.ini, or call `pio run -d` with the project's folder.",
        extract=r"to '(?P<path>[^']+)'",
        matches=("Error: Nothing to build. Please put your source code files to '/src/cart/src' folder",),
        non_matches=("Error: Nothing to build.",),
        source="https://docs.platformio.org/en/latest/projectconf/sections/platformio/options/directory/src_dir.html",
        weight=1.5,
    ),
    Signature(
        id="platformio.failed",
        tool="platformio",
        pattern=r"^={5,60} \[FAILED\] Took [0-9.]+ seconds ={5,60}$",
        role="summary",
        title="PlatformIO's build failed",
        matches=("========================= [FAILED] Took 15.23 seconds =========================",),
        non_matches=("========================= [SUCCESS] Took 15.23 seconds =========================",),
        source="https://docs.platformio.org/en/latest/core/userguide/cmd_run.html",
    ),
)
