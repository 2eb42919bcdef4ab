"""Blocks of scanners for secrets and vulnerabilities, and of tools that deploy."""

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
        id="pulumi.diagnostics",
        tool="pulumi",
        kind="build",
        category="deploy.cloud",
        start=r"^Diagnostics:$",
        until=r"(?:Resources|Outputs|Policies|Duration|Permalink|View (?:Live|in Browser))\b",
        needs=r"error: ",
        lines_max=80,
        cause=r"error: (?!update failed|preview failed|.*\d+ errors? occurred|.*(?:Preview|Update) failed)|^\s+\* ",
        fields=(
            r"error: (?!update failed|preview failed|.*\d+ errors? occurred)(?P<message>.+)$",
            r"^\s+\* (?P<message>.+)$",
        ),
        weight=2.0,
        sample=(
            "Diagnostics:\n  pulumi:pulumi:Stack (shop-prod):\n    error: update failed\n\n  aws:s3:Bucket (b):\n"
            "    error: 1 error occurred:\n    \t* creating S3 Bucket (b): BucketAlreadyExists\n\nResources:\n    + 1 created"
        ),
        expect=(0, 6, {"message": "creating S3 Bucket (b): BucketAlreadyExists"}),
        source="https://github.com/pulumi/pulumi/blob/master/pkg/backend/display/diff.go",
    ),
    BlockRule(
        id="git.push_refused",
        tool="git",
        kind="build",
        category="vcs.push",
        start=r"^ ! \[(?:remote )?rejected\] ",
        back=r"remote: |To \S|(?:   | \* | \+ | - |   )\S.* -> ",
        keep=r"error: failed to push|hint: |remote: ",
        blank_max=0,
        cause=r"^ ! \[",
        fields=(
            r"^ ! \[(?:remote )?rejected\] +(?P<target>\S+) -> \S+ \((?P<message>[^)]+)\)",
            r"^remote: +(?:error: |ERROR: |fatal: )?(?P<reason>[A-Z]\S* \S.*?) *$",
        ),
        weight=1.0,
        sample=(
            "remote: error: GH006: Protected branch update failed for refs/heads/main.        \nTo https://git.example/app\n"
            " ! [remote rejected] main -> main (protected branch hook declined)\n"
            "error: failed to push some refs to 'https://git.example/app'\nnext"
        ),
        expect=(
            0,
            3,
            {
                "target": "main",
                "message": "protected branch hook declined",
                "reason": "GH006: Protected branch update failed for refs/heads/main.",
            },
        ),
        source="ran: git 2.39",
    ),
    BlockRule(
        id="flyway.error",
        tool="flyway",
        kind="build",
        category="code.migration",
        start=r"^ERROR: (?:Validate failed: |Migration [^ \n]+ failed|Failed to execute script |Unable to obtain connection from database)",
        keep=r"(?!Need more flexibility|Caused by: |\tat )\S",
        blank_max=1,
        lines_max=30,
        trim=r"Need more flexibility",
        fields=(
            r"^ERROR: (?P<message>.+)$",
            r"^Message +: (?P<reason>.+)$",
            r"^(?P<reason>Migration checksum mismatch .+)$",
            r"^Location +: (?P<file>\S+)",
            r"^Line +: (?P<line>\d+)",
        ),
        weight=1.5,
        sample=(
            "Database: jdbc:postgresql://db:5432/app (PostgreSQL 15.4)\n"
            "ERROR: Validate failed: Migrations have failed validation\n"
            "Migration checksum mismatch for migration version 12\n-> Applied to database : 18\n"
            "Either revert the changes to the migration, or run repair to update the schema history.\n"
            "Need more flexibility with validation rules?"
        ),
        expect=(
            1,
            4,
            {
                "message": "Validate failed: Migrations have failed validation",
                "reason": "Migration checksum mismatch for migration version 12",
            },
        ),
        source="https://github.com/flyway/flyway/blob/main/flyway-core/src/main/java/org/flywaydb/core/internal/sqlscript/FlywaySqlScriptException.java",
    ),
    BlockRule(
        id="ansible.task_failed",
        tool="ansible",
        kind="build",
        category="deploy.cloud",
        start=r"^\[ERROR\]: Task failed: ",
        until=r"(?:TASK|PLAY|NO MORE HOSTS|RUNNING HANDLER|ok:|changed:|skipping:)",
        unless=r"^\.\.\.ignoring",
        blank_max=1,
        lines_max=60,
        cause=r"^\[ERROR\]: Task failed: ",
        fields=(
            r"^\[ERROR\]: Task failed: (?:Module failed: )?(?P<message>.+)$",
            r"^Origin: (?P<file>[^:]+):(?P<line>\d+)",
            r"\[(?P<host>[^\]]+)\]: (?:FAILED|UNREACHABLE)!",
        ),
        weight=1.0,
        sample=(
            "TASK [Render config] ***\n[ERROR]: Task failed: Could not find or access 'nothere.j2'\n"
            "Origin: /src/play.yml:7:7\n\n7     - name: Render config\n        ^ column 7\n\n"
            'fatal: [web1]: FAILED! => {"changed": false}\n\nPLAY RECAP ***'
        ),
        expect=(
            1,
            7,
            {
                "message": "Could not find or access 'nothere.j2'",
                "file": "/src/play.yml",
                "line": "7",
                "host": "web1",
            },
        ),
        source="ran: ansible-core 2.19",
    ),
    BlockRule(
        id="jenkins.pipeline_compile",
        tool="jenkins",
        kind="build",
        category="config.ci_syntax",
        start=r"MultipleCompilationErrorsException: startup failed:$",
        until=r"\d+ errors?$",
        until_included=True,
        blank_max=1,
        cause=r"^\w[\w./-]*: (?:\d+: |Loading libraries)",
        fields=(r"^(?P<file>\w[\w./-]*): (?P<line>\d+): (?P<message>.+)$",),
        weight=1.5,
        sample=(
            "org.codehaus.groovy.control.MultipleCompilationErrorsException: startup failed:\n"
            "WorkflowScript: 27: Expected a step @ line 27, column 9.\n           branchName 'main'\n           ^\n\n1 error\n\n\tat x"
        ),
        expect=(
            0,
            5,
            {"file": "WorkflowScript", "line": "27", "message": "Expected a step @ line 27, column 9."},
        ),
        source="https://github.com/apache/groovy/blob/master/src/main/java/org/codehaus/groovy/control/ErrorCollector.java",
    ),
    BlockRule(
        id="circleci.config_errors",
        tool="circleci",
        kind="build",
        category="config.ci_syntax",
        start=r"^# Error calling workflow: '",
        keep=r"# +(?!-{3}|Warning:|Don't )\S",
        blank_max=0,
        trim=r"# *$",
        cause=r"^# (?!Error calling )",
        fields=(r"^# (?!Error calling )(?P<message>\S.+)$", r"^# Error calling (?P<target>(?:job|command): '[^']+')"),
        last_of=("target",),
        weight=2.0,
        sample=(
            "#!/bin/sh -eo pipefail\n# Error calling workflow: 'build'\n# Error calling job: 'deploy'\n"
            "# Unexpected argument(s): enviroment\n# \n# -------\n# Warning: This configuration was auto-generated"
        ),
        expect=(1, 3, {"message": "Unexpected argument(s): enviroment", "target": "job: 'deploy'"}),
        source="https://circleci.com/docs/config-reference/",
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
        id="semantic_release.refusal",
        tool="semantic-release",
        kind="build",
        category="publish.rejected",
        start=r"\[semantic-release\].* › ✘  +E[A-Z]{4,} ",
        until=r"\s*(?:AggregateError|SemanticReleaseError|at )|\[\d+:",
        blank_max=1,
        lines_max=30,
        fields=(r"✘ +(?P<message>.+)$",),
        weight=1.0,
        sample=(
            "[8:14:06 AM] [semantic-release] › ✘  EINVALIDNPMTOKEN Invalid npm token.\n"
            "The npm token must be a valid token.\n\nPlease set NPM_TOKEN.\n\nAggregateError: \n    x"
        ),
        expect=(0, 3, {"message": "EINVALIDNPMTOKEN Invalid npm token."}),
        source="https://github.com/semantic-release/semantic-release/blob/master/lib/definitions/errors.js",
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
        id="dbt.error",
        tool="dbt",
        kind="build",
        category="code.migration",
        start=r"^(?:[0-9:.]{8,15} +)? {0,4}(?:Database|Compilation|Runtime|Parsing|Dependency) Error(?: in [a-z]+ [^ \n]+ \([^\n]+\))?$",
        until=r"(?:[\d:.]+ +)?(?:Done\. PASS=|Completed |compiled [Cc]ode at )|[\d:.]+ *$|[\d:.]+ +\S",
        blank_max=0,
        cause=r" Error",
        fields=(
            r"Error in \w+ (?P<target>\S+) \((?P<file>[^)]+)\)",
            r"^ {2,}(?P<message>(?!compiled|\w+ Error in )\S.+)$",
        ),
        weight=1.5,
        sample=(
            '08:14:11    Database Error in model stg_orders (models/stg_orders.sql)\n  column "orderd_at" does not exist\n'
            "  LINE 14:     orderd_at,\n08:14:11  \n08:14:11  Done. PASS=0 ERROR=1"
        ),
        expect=(
            0,
            2,
            {
                "target": "stg_orders",
                "file": "models/stg_orders.sql",
                "message": 'column "orderd_at" does not exist',
            },
        ),
        source="https://docs.getdbt.com/guides/debug-errors",
    ),
    BlockRule(
        id="serverless.stack_failed",
        tool="serverless",
        kind="build",
        category="deploy.cloud",
        start=r"^✖ (?:Stack [^ \n]+ failed to [a-z]+|Error)",
        until=r"\d+ deprecations? |Need help|Run '|Docs:",
        blank_max=1,
        lines_max=20,
        cause=r"^(?!✖|Environment:|Credentials:|Error:|Docs:)\S",
        fields=(r"^(?P<message>(?!✖|Environment:|Credentials:|Error:)\S.+)$",),
        weight=1.5,
        sample=(
            "✖ Stack api-prod failed to deploy (12s)\nEnvironment: linux, node 18.19.0\nCredentials: Local\n\nError:\n"
            "The security token included in the request is expired\n\n1 deprecation found: run 'serverless doctor'"
        ),
        expect=(0, 5, {"message": "The security token included in the request is expired"}),
        source="https://github.com/serverless/serverless/blob/v3/lib/cli/handle-error.js",
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
        id="actionlint.problem_shown",
        tool="actionlint",
        kind="lint",
        category="config.ci_syntax",
        start=r"^\.github/workflows/[^ \n:]+:[0-9]+:[0-9]+: [^\n]+ \[[a-z-]+\]$",
        keep=r" *(?:\d+ )?\|",
        blank_max=0,
        fields=(r"^(?P<file>\S+?):(?P<line>\d+):(?P<column>\d+): (?P<message>.+?) \[(?P<code>[a-z-]+)\]$",),
        weight=1.0,
        sample=(
            '.github/workflows/ci.yml:8:23: property "x" is not defined in object type {} [expression]\n  |\n'
            "8 |       - run: echo ${{ steps.x.outputs.y }}\n  |                       ^~~~~~~~~~~~~~~~~\nnext"
        ),
        expect=(
            0,
            3,
            {
                "file": ".github/workflows/ci.yml",
                "line": "8",
                "column": "23",
                "message": 'property "x" is not defined in object type {}',
                "code": "expression",
            },
        ),
        source="ran: actionlint 1.7",
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
