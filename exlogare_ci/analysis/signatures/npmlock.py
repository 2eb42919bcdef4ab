"""Signatures of npm's lock file, its checks and publishing."""

from exlogare_ci.analysis.signatures.base import Signature

_RAN = "ran: npm 11.19.1"
_CLI = "https://github.com/npm/cli/blob/latest/lib/utils/error-message.js"
_P = r"^npm (?:ERR!|error) "

SIGNATURES = (
    Signature(
        id="npm.ci_out_of_sync",
        tool="npm",
        pattern=r"can only install packages when your package\.json and package-lock\.json",
        category="deps.lockfile",
        title="package-lock.json does not fit package.json",
        explain="`npm ci` refuses a lock file that is not in step; the `Missing:` and `Invalid:` lines name the differences.",
        fix="Run `npm install` with the job's npm version and commit package-lock.json.",
        matches=(
            "npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before continuing.",
        ),
        non_matches=("npm error Clean install a project",),
        source=_RAN,
        weight=2.0,
    ),
    Signature(
        id="npm.ci_no_lock",
        tool="npm",
        pattern=r"The `npm ci` command can only install with an existing package-lock\.json",
        category="deps.lockfile",
        title="`npm ci` was run without a package-lock.json",
        explain="The lock file is not committed, or the job runs in another folder.",
        fix="Commit package-lock.json, or use `npm install`.",
        matches=("npm error The `npm ci` command can only install with an existing package-lock.json or",),
        non_matches=("npm error npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or",),
        source=_RAN,
        weight=2.0,
    ),
    Signature(
        id="npm.lock_difference",
        tool="npm",
        pattern=_P + r"(?:Missing: .+ from lock file|Invalid: lock file's )",
        category="deps.lockfile",
        role="cascade",
        title="package-lock.json differs: {message}",
        extract=r"(?P<message>(?:Missing|Invalid): .+)",
        matches=(
            "npm error Missing: is-odd@3.0.0 from lock file",
            "npm error Invalid: lock file's left-pad@1.3.0 does not satisfy left-pad@1.2.0",
        ),
        non_matches=('npm error Missing script: "nope"',),
        source=_RAN,
    ),
    Signature(
        id="npm.need_auth",
        tool="npm",
        pattern=r"This command requires you to be logged in",
        category="auth.registry",
        title="npm has no credentials for the registry",
        explain="The command needs a login and the job has no token in .npmrc.",
        fix="Set NODE_AUTH_TOKEN (or `//registry/:_authToken=…` in .npmrc) in the job.",
        matches=("npm error need auth This command requires you to be logged in to http://127.0.0.1:9/",),
        non_matches=("npm error need auth You need to authorize this machine using `npm adduser`",),
        source=_RAN,
        weight=2.0,
    ),
    Signature(
        id="npm.publish_over",
        tool="npm",
        pattern=r"(?:You cannot publish over the previously published version|cannot modify pre-existing version|You cannot publish over the previously staged)",
        category="publish.conflict",
        title="This version of the package is already published on npm",
        explain="A registry takes each version only once.",
        fix="Raise the version (`npm version patch`) and publish again.",
        matches=(
            "npm ERR! 403 403 Forbidden - PUT https://registry.npmjs.org/app - You cannot publish over the previously published versions: 1.0.0.",
        ),
        non_matches=("npm notice Publishing to https://registry.npmjs.org/",),
        source=_CLI,
        weight=2.0,
    ),
    Signature(
        id="npm.integrity",
        tool="npm",
        pattern=r"(?:integrity checksum failed when using sha|EINTEGRITY$)",
        category="deps.integrity",
        title="A package that npm downloaded does not have the checksum of the lock file",
        explain="The tarball differs from the one the lock file was written for, or a cache or proxy returned a broken one.",
        fix="Run `npm cache clean --force`; if it stays, make the lock file anew after checking the package.",
        matches=(
            "npm ERR! sha512-abc integrity checksum failed when using sha512: wanted sha512-abc but got sha512-def. (1234 bytes)",
            "npm ERR! code EINTEGRITY",
        ),
        non_matches=("npm notice integrity: sha512-OHpT",),
        source=_CLI,
        weight=1.5,
    ),
)
