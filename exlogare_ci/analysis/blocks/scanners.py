"""Blocks of scanners for secrets, vulnerabilities, misconfiguration and licences."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="gitleaks.finding",
        tool="gitleaks",
        kind="build",
        category="code.security_scan",
        start=r"^Finding: +[^ \n]",
        keep=r"(?:Secret|RuleID|Entropy|Tags|File|Line|Commit|Author|Email|Date|Fingerprint|Link|Message): ",
        needs=r"^RuleID: ",
        fields=(
            r"^RuleID: +(?P<code>\S+)",
            r"^File: +(?P<file>\S.*)$",
            r"^Line: +(?P<line>\d+)$",
            r"^RuleID: +(?P<message>\S+)",
        ),
        weight=1.0,
        sample=(
            "Finding:     key: REDACTED\nSecret:      REDACTED\nRuleID:      aws-access-token\nEntropy:     3.98\n"
            "File:        conf/prod.yml\nLine:        2\nFingerprint: conf/prod.yml:aws-access-token:2\n\n7:26PM INF scan"
        ),
        expect=(
            0,
            6,
            {"code": "aws-access-token", "file": "conf/prod.yml", "line": "2", "message": "aws-access-token"},
        ),
        source="ran: gitleaks 8.18",
    ),
    BlockRule(
        id="trivy.table",
        tool="trivy",
        kind="build",
        category="code.security_scan",
        start=r"^Total: [1-9][0-9]* \((?:UNKNOWN|LOW|MEDIUM|HIGH|CRITICAL): [0-9]",
        back=r"=+$|\S.*\(.+\)$",
        keep=r"[┌├│└+|]",
        needs=r"(?:CVE|GHSA|AVD|DSA|TEMP)-[\w-]+",
        lines_max=200,
        cause=r"(?:│|\|) *(?:CVE|GHSA|AVD|DSA|TEMP)-[\w-]+",
        fields=(
            r"^(?:│|\|) *(?P<package>[^\s|]+)(?: \([^)]*\))? *(?:│|\|) *(?P<code>(?:CVE|GHSA|AVD|DSA|TEMP)-[\w-]+)",
        ),
        weight=1.0,
        sample=(
            "app:ci (debian 12.4)\n====================\nTotal: 1 (HIGH: 1, CRITICAL: 0)\n\n"
            "┌─────────┬────────────────┬──────────┐\n│ Library │ Vulnerability  │ Severity │\n"
            "├─────────┼────────────────┼──────────┤\n│ openssl │ CVE-2023-0286  │ HIGH     │\n"
            "└─────────┴────────────────┴──────────┘\nnext"
        ),
        expect=(0, 8, {"package": "openssl", "code": "CVE-2023-0286"}),
        source="https://trivy.dev/latest/docs/configuration/reporting/#table-default",
    ),
    BlockRule(
        id="pip_audit.table",
        tool="pip-audit",
        kind="build",
        category="code.security_scan",
        start=r"^Found [0-9]+ known vulnerabilit(?:y|ies)[^\n]* in [0-9]+ packages?$",
        keep=r"\S",
        blank_max=0,
        lines_max=60,
        cause=r"^\S+ +\S+ +(?:PYSEC|GHSA|CVE)-",
        fields=(r"^(?P<package>\S+) +(?P<version>\S+) +(?P<code>(?:PYSEC|GHSA|CVE)-\S+)",),
        weight=1.5,
        sample=(
            "Found 1 known vulnerability in 1 package\nName   Version ID              Fix Versions\n"
            "------ ------- --------------- ------------\njinja2 2.10    PYSEC-2019-217  2.10.1\n\nnext"
        ),
        expect=(0, 3, {"package": "jinja2", "version": "2.10", "code": "PYSEC-2019-217"}),
        source="https://github.com/pypa/pip-audit#usage",
    ),
    BlockRule(
        id="npm.audit_report",
        tool="npm",
        kind="build",
        category="code.security_scan",
        start=r"^# npm audit report$",
        until=r"\d+ .*vulnerabilit(?:y|ies)\b|To address ",
        until_included=True,
        blank_max=2,
        lines_max=200,
        cause=r"^Severity: ",
        fields=(
            r"^(?P<package>@?[\w./-]+) +(?P<version>[<>=*\d].*)$",
            r"^(?P<message>\S.* - https://github\.com/advisories/\S+)$",
        ),
        weight=1.0,
        sample=(
            "# npm audit report\n\nsemver  7.0.0 - 7.5.1\nSeverity: high\n"
            "semver vulnerable to ReDoS - https://github.com/advisories/GHSA-c2qf-rxjj-qqgw\n"
            "fix available via `npm audit fix`\n\n1 high severity vulnerability\n\nTo address all issues, run:"
        ),
        expect=(
            0,
            7,
            {
                "package": "semver",
                "version": "7.0.0 - 7.5.1",
                "message": "semver vulnerable to ReDoS - https://github.com/advisories/GHSA-c2qf-rxjj-qqgw",
            },
        ),
        source="https://docs.npmjs.com/cli/commands/npm-audit",
    ),
    BlockRule(
        id="checkov.failed_check",
        tool="checkov",
        kind="lint",
        category="code.security_scan",
        start=r"^Check: CKV[0-9A-Z_]+: ",
        needs=r"^\tFAILED for resource: ",
        blank_max=0,
        fields=(
            r"^Check: (?P<code>CKV\w+): \"(?P<message>[^\"]+)\"",
            r"^\tFAILED for resource: (?P<target>\S+)",
            r"^\tFile: /?(?P<file>[^:]+):(?P<line>\d+)",
        ),
        weight=1.0,
        sample=(
            'Check: CKV_AWS_20: "S3 Bucket allows public READ access."\n\tFAILED for resource: aws_s3_bucket.site\n'
            "\tFile: /main.tf:3-8\n\nnext"
        ),
        expect=(
            0,
            2,
            {
                "code": "CKV_AWS_20",
                "message": "S3 Bucket allows public READ access.",
                "target": "aws_s3_bucket.site",
                "file": "main.tf",
                "line": "3",
            },
        ),
        source="https://www.checkov.io/2.Basics/Reviewing%20Scan%20Results.html",
    ),
    BlockRule(
        id="detect_secrets.found",
        tool="detect-secrets",
        kind="build",
        category="code.security_scan",
        start=r"^ERROR: Potential secrets about to be committed to git repo!$",
        until=r"Possible mitigations",
        blank_max=1,
        fields=(
            r"^Secret Type: +(?P<message>\S.*)$",
            r"^Location: +(?P<file>[^:]+):(?P<line>\d+)",
        ),
        weight=1.5,
        sample=(
            "ERROR: Potential secrets about to be committed to git repo!\n\nSecret Type: GitHub Token\nLocation:    ds.py:1\n\n"
            "Possible mitigations:\n  - For information"
        ),
        expect=(0, 3, {"message": "GitHub Token", "file": "ds.py", "line": "1"}),
        source="ran: detect-secrets 1.5",
    ),
    BlockRule(
        id="reuse.missing",
        tool="reuse",
        kind="lint",
        category="code.license",
        start=r"^(?:The following files have no (?:copyright|licensing)|# (?:MISSING|BAD|DEPRECATED|UNUSED) )",
        until=r"# (?:SUMMARY|MISSING|BAD)",
        needs=r"^\* ",
        blank_max=1,
        lines_max=60,
        cause=r"^The following files",
        fields=(r"^\* (?P<file>\S+)$", r"^(?P<message>The following files .+?):?$"),
        weight=2.5,
        sample=(
            "# MISSING COPYRIGHT AND LICENSING INFORMATION\n\nThe following files have no copyright and licensing information:\n"
            "* tools/fix.sh\n\n# SUMMARY\n\n* Bad licenses: 0"
        ),
        expect=(
            0,
            3,
            {"file": "tools/fix.sh", "message": "The following files have no copyright and licensing information"},
        ),
        source="https://github.com/fsfe/reuse-tool/blob/main/src/reuse/cli/lint.py",
    ),
)
