"""Signatures of Packer, whose lines are read without the builder's name before them."""

from exlogare_ci.analysis.signatures.base import Signature

_BUILD = "https://github.com/hashicorp/packer/blob/main/command/build.go"

SIGNATURES = (
    Signature(
        id="packer.script_failed",
        tool="packer",
        pattern=r"^(?:Build '[^'\n]+' errored(?: after [^:\n]+)?: |--> [\w.-]+: )Script (?:exited|disconnected) [^\n]*$",
        role="wrapper",
        title="A provisioning script failed",
        matches=(
            "Build 'amazon-ebs' errored: Script exited with non-zero exit status: 1",
            "--> amazon-ebs: Script exited with non-zero exit status: 1",
        ),
        non_matches=("Build 'amazon-ebs' finished after 3 minutes.",),
        source=_BUILD,
    ),
    Signature(
        id="packer.build_failed",
        tool="packer",
        pattern=r"^Build '[^'\n]+' errored(?: after [^:\n]+)?: (?:[^S\n]|S[^c\n])[^\n]*$",
        category="deploy.cloud",
        title="Packer could not build {target}: {message}",
        explain="The builder refused its settings, or the machine that the image is made on could not be started or reached.",
        fix="Correct what the message names in the template or in the account, and run `packer validate`.",
        extract=r"^Build '(?P<target>[^']+)' errored(?: after [^:]+)?: (?P<message>.+)",
        matches=("Build 'amazon-ebs.web' errored after 3 seconds: The vpc ID 'vpc-1' does not exist",),
        non_matches=("Build 'amazon-ebs' errored: Script exited with non-zero exit status: 1",),
        source=_BUILD,
        weight=1.5,
    ),
    Signature(
        id="packer.nothing_made",
        tool="packer",
        pattern=r"^==> (?:Some builds didn't complete successfully and had errors:|Builds finished but no artifacts were created\.)$",
        role="summary",
        title="Packer made no image",
        matches=("==> Some builds didn't complete successfully and had errors:",),
        non_matches=("==> Builds finished. The artifacts of successful builds are:",),
        source=_BUILD,
    ),
)
