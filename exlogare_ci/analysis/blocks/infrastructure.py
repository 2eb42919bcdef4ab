"""Blocks that Terraform and Ansible print."""

from exlogare_ci.analysis.blocks.base import BlockRule

RULES: tuple[BlockRule, ...] = (
    BlockRule(
        id="terraform.error_box",
        tool="terraform",
        kind="build",
        category="deploy.terraform",
        start=r"^(│ )?Error: .+$",
        needs=r"^│|^ +on \S+\.tf(?:vars)? line",
        back=r"╷",
        until=r"╵",
        until_included=True,
        blank_max=1,
        lines_max=30,
        cause=r"Error: ",
        fields=(
            r"^(?:│ )?Error: (?P<message>.+)$",
            r"on (?P<file>\S+\.tf(?:vars)?) line (?P<line>\d+)",
            r"variable (?:with the name )?\"(?P<target>[^\"]+)\" (?:is not set|has)",
            r"^(?:│ )?(?P<package>[\w.-]+/[\w-]+/[\w-]+): could not connect",
            r"tcp: lookup (?P<package>[\w.-]+)",
        ),
        weight=0.5,
        sample='╷\n│ Error: Reference to undeclared input variable\n│ \n│   on main.tf line 2, in output "a":\n│    2:   value = var.zoen\n│ \n│ An input variable with the name "zoen" has not been declared.\n╵\nnext',
        expect=(
            0,
            7,
            {
                "message": "Reference to undeclared input variable",
                "file": "main.tf",
                "line": "2",
                "target": "zoen",
            },
        ),
        source="https://developer.hashicorp.com/terraform/cli/commands/plan",
    ),
    BlockRule(
        id="ansible.fatal",
        tool="ansible",
        kind="build",
        category="deploy.cloud",
        start=r"^ {0,4}(fatal|failed): \[.+\]: (FAILED|UNREACHABLE)!",
        unless=r"^\.\.\.ignoring",
        back=r" *TASK \[|\[WARNING\]",
        until=r"(?:TASK|PLAY|NO MORE HOSTS|RUNNING HANDLER|ok:|changed:|skipping:)",
        blank_max=0,
        cause=r"^(?:fatal|failed): ",
        fields=(
            r"^TASK \[(?P<target>.+?)\]",
            r"\[(?P<host>[^\]]+)\]: (?:FAILED|UNREACHABLE)!",
            r"\"msg\": \"(?P<message>[^\"]+)\"",
        ),
        weight=1.0,
        sample='TASK [install nginx] ***\nfatal: [web1]: FAILED! => {"changed": false, "msg": "No package matching nginx"}\n\nPLAY RECAP ***',
        expect=(0, 1, {"target": "install nginx", "host": "web1", "message": "No package matching nginx"}),
        source="https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_error_handling.html",
    ),
    BlockRule(
        id="ansible.ignored",
        tool="ansible",
        kind="noise",
        category="unknown",
        start=r"^ {0,4}(fatal|failed): \[.+\]: (FAILED|UNREACHABLE)!",
        until=r"(?:TASK|PLAY|ok:|changed:)",
        needs=r"^\.\.\.ignoring",
        blank_max=0,
        sample='fatal: [web1]: FAILED! => {"changed": true, "msg": "non-zero return code"}\n...ignoring\n\nPLAY RECAP ***',
        expect=(0, 1, {}),
        source="https://docs.ansible.com/ansible/latest/playbook_guide/playbooks_error_handling.html",
    ),
    BlockRule(
        id="ansible.yaml_error",
        tool="ansible",
        kind="build",
        category="config.build_script",
        start=r"^(ERROR! (We were unable to read either as JSON nor YAML|Syntax Error while loading YAML)|\[ERROR\]: YAML parsing failed)",
        until=r"PLAY |TASK |make: ",
        blank_max=1,
        lines_max=24,
        fields=(
            r"The error appears to (?:be|have been) in '(?P<file>[^']+)': line (?P<line>\d+), column (?P<column>\d+)",
            r"^Origin: (?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+)",
            r"^  (?P<message>[a-z].+)$",
        ),
        weight=1.5,
        sample=(
            "ERROR! We were unable to read either as JSON nor YAML, these are the errors we got from each:\n"
            "JSON: Expecting value: line 1 column 1 (char 0)\n\nSyntax Error while loading YAML.\n"
            "  did not find expected '-' indicator\n\n"
            "The error appears to be in '/src/play.yml': line 4, column 16, but may\n\n\nnext"
        ),
        expect=(
            0,
            6,
            {"message": "did not find expected '-' indicator", "file": "/src/play.yml", "line": "4", "column": "16"},
        ),
        source="ran: ansible-core 2.14",
    ),
)
