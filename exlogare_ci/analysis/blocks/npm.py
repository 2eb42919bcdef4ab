"""Blocks that npm prints: the newer ones begin with the code, those up to npm 2 end with it."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="npm.error_block",
        tool="npm",
        kind="resolve",
        category="deps.resolve",
        start=r"^npm (ERR!|error) code E[A-Z0-9]+$",
        reject=r"ELIFECYCLE",
        keep=r"npm (?:ERR!|error)",
        trim=r"npm (?:ERR!|error)(?:$| A complete log| {2,}/|     )",
        blank_max=1,
        lines_max=40,
        cause=r"^npm (?:ERR!|error) (?!code|errno|syscall|path|$)\S",
        fields=(
            r"^npm (?:ERR!|error) code (?P<code>E\w+)",
            r"^npm (?:ERR!|error) (?!code|errno|syscall|path|A complete)(?P<message>\S.+)$",
            r"(?P<package>'?@?[\w.-]+/?[\w.-]*@[^\s']+'?) is not in this registry",
        ),
        weight=1.0,
        sample=(
            "npm error code ETARGET\n"
            "npm error notarget No matching version found for lodash@99.\n"
            "npm error notarget In most cases you or one of your dependencies are requesting\n"
            "npm error notarget a package version that doesn't exist.\n"
            "npm error A complete log of this run can be found in: /home/ci/.npm/_logs/1.log\n"
            "next"
        ),
        expect=(0, 3, {"code": "ETARGET", "message": "notarget No matching version found for lodash@99."}),
        source="ran: npm 11",
    ),
    BlockRule(
        id="npm.old_error",
        tool="npm",
        kind="resolve",
        category="deps.resolve",
        start=r"^npm ERR! (peerinvalid|notarget|enotsup|network|fetch failed|registry error|shasum check failed|cb\(\) never called|Error: |Unexpected) ?.*$",
        keep=r"npm ERR! (?:peerinvalid|notarget|enotsup|network|Error: |    at |In most|Valid install|\[|This is|Actual|From|not with)",
        blank_max=0,
        fields=(
            r"^npm ERR! (?P<message>(?:peerinvalid|notarget|enotsup|network|fetch failed|registry error|shasum|cb\(\)|Error: |Unexpected).*)$",
        ),
        weight=1.5,
        sample=(
            "npm http 200 https://registry.npmjs.org/grunt\nnpm ERR! peerinvalid The package grunt does not satisfy its siblings' peerDependencies requirements!\n"
            "npm ERR! peerinvalid Peer grunt-cart@0.1.1 wants grunt@~0.4.0\n\nnpm ERR! System Linux 3.13.0\nnpm ERR! code EPEERINVALID"
        ),
        expect=(
            1,
            2,
            {"message": "peerinvalid The package grunt does not satisfy its siblings' peerDependencies requirements!"},
        ),
        source="https://github.com/npm/npm/blob/v1.4.28/lib/utils/error-handler.js",
    ),
)
