"""Blocks of tools that migrate, release and deploy, and of pipelines that cannot be read."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
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
        id="heroku.refused",
        tool="heroku",
        kind="list",
        category="deploy.cloud",
        start=r"^ {1,3}!  +[A-Z][^\n]",
        reject=r"Push (?:failed|rejected)|[Ff]ailed to compile|^ *! +(?:Warning|WARNING|NOTE|Note)\b",
        keep=r" *! {2,}(?!Push )\S|\t+(?:HINT|See)\b",
        blank_max=0,
        lines_max=20,
        trim=r" *!? *$",
        fields=(r"^ *! +(?P<message>\S.*?) *$",),
        weight=3.0,
        sample=(
            "-----> Building on the Heroku-22 stack\n !     No default language could be detected for this app.\n"
            "\t\t\tHINT: This occurs when Heroku cannot detect the buildpack to use.\n\n !     Push failed"
        ),
        expect=(1, 2, {"message": "No default language could be detected for this app."}),
        source="https://devcenter.heroku.com/articles/buildpacks",
    ),
)
