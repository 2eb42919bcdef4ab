"""Signatures of Lerna, Nx, Turborepo and node-gyp."""

from exlogare_ci.analysis.signatures.base import Signature

SIGNATURES = (
    Signature(
        id="lerna.exited",
        tool="lerna",
        pattern=r"^lerna ERR! .+ exited \d+ in '",
        role="wrapper",
        title="Lerna: {message}",
        extract=r"lerna ERR! (?P<message>.+)",
        matches=("lerna ERR! yarn run test exited 1 in 'app'",),
        non_matches=("lerna info run Ran npm script 'test' in 'app' in 1.2s:",),
        source="https://github.com/lerna/lerna/blob/main/libs/core/src/lib/npm-run-script.ts",
    ),
    Signature(
        id="nx.failed_targets",
        tool="nx",
        pattern=r"(?:Running target .+ for \d+ projects? failed|Ran target .+ for .+ failed|^[ \t]*(?:> +)?NX   (?:Running|Ran) target .+ failed)",
        role="summary",
        matches=(" NX   Running target build for 3 projects failed",),
        non_matches=(" NX   Successfully ran target build for 3 projects",),
        source="https://github.com/nrwl/nx/blob/master/packages/nx/src/tasks-runner/life-cycles/static-run-many-terminal-output-life-cycle.ts",
    ),
    Signature(
        id="turbo.exited",
        tool="turbo",
        pattern=r"(?:command finished with error: |^[ \t]*ERROR +(?:run failed: command +exited|[^ \n]+#[^ \n]+: command ))",
        role="wrapper",
        matches=(
            " ERROR  app#build: command (/src/app) pnpm run build exited (1)",
            "app:build: ERROR: command finished with error: command (/src/app) npm run build exited (1)",
        ),
        non_matches=(" Tasks:    3 successful, 3 total",),
        source="https://turbo.build/repo/docs",
    ),
    Signature(
        id="gyp.stack_error",
        tool="node-gyp",
        pattern=r"gyp ERR! stack (?:Error|TypeError): ",
        category="deps.build_native",
        role="block",
        title="node-gyp could not build a native module: {message}",
        explain="The compiler's or Python's own errors are above; `not found` lines below say what node-gyp missed.",
        fix="Install python3, make and g++ in the image, or a version of the package with prebuilt binaries for this Node.js.",
        extract=r"gyp ERR! stack (?P<message>.+)",
        matches=(
            "gyp ERR! stack Error: `make` failed with exit code: 2",
            "npm ERR! gyp ERR! stack Error: Could not find any Python installation to use",
        ),
        non_matches=("gyp ERR! stack     at ChildProcess.onExit",),
        source="https://github.com/nodejs/node-gyp",
        weight=0.7,
    ),
    Signature(
        id="gyp.find_python",
        tool="node-gyp",
        pattern=r"gyp ERR! find Python (?:You need to install the latest version of Python|\*{10})",
        category="config.command_missing",
        title="node-gyp finds no Python",
        explain="Building a native Node.js module needs Python 3 and the image has none.",
        fix="Install python3, make and g++ in the image (`apt-get install -y python3 make g++`, `apk add python3 make g++`).",
        matches=("gyp ERR! find Python You need to install the latest version of Python.",),
        non_matches=("gyp info find Python using Python version 3.11.2",),
        source="https://github.com/nodejs/node-gyp/blob/main/lib/find-python.js",
        weight=1.5,
    ),
)
