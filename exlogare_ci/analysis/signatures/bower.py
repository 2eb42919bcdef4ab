"""Signatures of Bower, whose error lines hold the package, a code and a sentence."""

from exlogare_ci.analysis.signatures.base import Signature

_SOURCE = "https://github.com/bower/bower/tree/master/lib/core"

SIGNATURES = (
    Signature(
        id="bower.conflict",
        tool="bower",
        pattern=r"^bower [^ \n]*[ \t]+ECONFLICT ",
        category="deps.version_conflict",
        title="Bower: {message}",
        explain="Two packages ask for versions that do not go together; the lines below name who asks for which.",
        fix="Choose one version in `resolutions` of bower.json, or raise the package that asks for the old one.",
        extract=r"ECONFLICT (?P<message>.+)",
        matches=("bower angular#1.2.x                  ECONFLICT Unable to find suitable version for angular",),
        non_matches=("bower angular#~1.3.0                resolve git://github.com/angular/bower-angular.git#~1.3.0",),
        source=_SOURCE,
        weight=1.5,
    ),
    Signature(
        id="bower.not_found",
        tool="bower",
        pattern=r"^bower [^ \n]*[ \t]+(?:ENOTFOUND|ENORESTARGET) ",
        category="deps.not_found",
        title="Bower: {message}",
        explain="The package, or a version that fits the range asked for, does not exist (any more).",
        fix="Correct name and range in bower.json, or point it at the repository by its URL.",
        extract=r"E(?:NOTFOUND|NORESTARGET) (?P<message>.+)",
        matches=(
            "bower nosuch#*                        ENOTFOUND Package nosuch not found",
            "bower cart#~9.0                    ENORESTARGET No tag found that was able to satisfy ~9.0",
        ),
        non_matches=("bower cart#~1.0                     not-cached https://github.com/shop/cart.git#~1.0",),
        source=_SOURCE,
        weight=1.5,
    ),
    Signature(
        id="bower.bad_answer",
        tool="bower",
        pattern=r"^bower [^ \n]*[ \t]+EINVRES ",
        category="network.http",
        title="Bower: {message}",
        explain="Bower's registry, or the host of an archive, answered with an error.",
        fix="Try again; an old Bower asks a registry that is no more: use Bower 1.8 or newer, or name the registry in .bowerrc.",
        extract=r"EINVRES (?P<message>.+)",
        matches=("bower                    EINVRES Request to https://example.com/packages/cart failed with 502",),
        non_matches=("bower cart#~1.0               resolve https://github.com/shop/cart.git#~1.0",),
        source=_SOURCE,
        owner="platform",
        transient=True,
        weight=1.5,
    ),
    Signature(
        id="bower.git_failed",
        tool="bower",
        pattern=r"^bower [^ \n]*[ \t]+ECMDERR ",
        category="vcs.checkout",
        title="Bower: {message}",
        explain="Bower fetches packages with git, and this command failed; what git said stands in the line or below.",
        fix="Run the command by hand: the repository moved, needs credentials, or the host was not reachable.",
        extract=r"ECMDERR (?P<message>.+)",
        matches=(
            'bower cart#~1.0               ECMDERR Failed to execute "git ls-remote --tags --heads https://github.com/shop/cart.git", exit code of #128',
        ),
        non_matches=("bower cart#~1.0               download https://github.com/shop/cart/archive/1.0.0.tar.gz",),
        source=_SOURCE,
        weight=1.5,
    ),
)
