"""A pipeline for each CI that works as it stands, for the first-run page.

The texts are those of docs/reference/pipelines.md, whose examples are run by the tests; a test holds the two together.
"""

from typing import Final

import msgspec

# Stands in the texts for the address of the reader's server.
SERVER: Final = "https://exlogare.example.com"


class Snippet(msgspec.Struct, frozen=True, kw_only=True):
    """A pipeline of one CI.

    Attributes:
        name: for addresses; the name of that page's example.
        title: of the CI service.
        file: where the text belongs.
        where: where the CI keeps what the pipeline must know, in words.
        address_as: under which name it must know the server's address; empty when that stands in the text.
        known_as: under which name it must know the API token.
        text: the pipeline.
    """

    name: str
    title: str
    file: str
    where: str
    address_as: str
    known_as: str
    text: str

    def for_server(self, address: str) -> str:
        """Give the pipeline for a server."""
        return self.text.replace(SERVER, address)


SNIPPETS: Final[tuple[Snippet, ...]] = (
    Snippet(
        name="github-action",
        title="GitHub Actions",
        file="the steps of a job in .github/workflows/",
        where="Settings, Secrets and variables, Actions: the address as a variable, the token as a secret.",
        address_as="EXLOGARE_URL",
        known_as="EXLOGARE_TOKEN",
        text="""\
- uses: actions/checkout@v4
- uses: exlogare/exlogare-ci/integrations/github-action@main
  with:
    run: make test
    endpoint: ${{ vars.EXLOGARE_URL }}
    token: ${{ secrets.EXLOGARE_TOKEN }}
""",
    ),
    Snippet(
        name="gitlab",
        title="GitLab CI",
        file=".gitlab-ci.yml",
        where="Settings, CI/CD, Variables: both as variables, the token masked.",
        address_as="EXLOGARE_URL",
        known_as="EXLOGARE_TOKEN",
        text="""\
test:
  image: python:3.12
  script:
    - pip install exlogare-ci
    - exl run -- make test
""",
    ),
    Snippet(
        name="jenkins",
        title="Jenkins",
        file="Jenkinsfile",
        where="Manage Jenkins, Credentials: the token as “Secret text” with this id.",
        address_as="",
        known_as="exlogare-token",
        text="""\
pipeline {
    agent any
    environment {
        EXLOGARE_URL = 'https://exlogare.example.com'
        EXLOGARE_TOKEN = credentials('exlogare-token')
    }
    stages {
        stage('Test') {
            steps {
                sh 'pip install exlogare-ci'
                sh 'exl run -- make test'
            }
        }
    }
}
""",
    ),
    Snippet(
        name="circleci",
        title="CircleCI",
        file=".circleci/config.yml",
        where="Project Settings, Environment Variables: both.",
        address_as="EXLOGARE_URL",
        known_as="EXLOGARE_TOKEN",
        text="""\
version: 2.1
jobs:
  test:
    docker:
      - image: cimg/python:3.12
    steps:
      - checkout
      - run: pip install exlogare-ci
      - run: exl run -- make test
workflows:
  main:
    jobs:
      - test
""",
    ),
    Snippet(
        name="teamcity",
        title="TeamCity",
        file="a build step of type Command Line",
        where="Parameters of the build configuration: both, the token of type Password.",
        address_as="env.EXLOGARE_URL",
        known_as="env.EXLOGARE_TOKEN",
        text="""\
pip install exlogare-ci
exl run -- make test
""",
    ),
    Snippet(
        name="drone",
        title="Drone",
        file=".drone.yml",
        where="The repository's Settings, Secrets: the token under this name.",
        address_as="",
        known_as="exlogare_token",
        text="""\
kind: pipeline
type: docker
name: default
steps:
  - name: test
    image: python:3.12
    environment:
      EXLOGARE_URL: https://exlogare.example.com
      EXLOGARE_TOKEN:
        from_secret: exlogare_token
    commands:
      - pip install exlogare-ci
      - exl run -- make test
""",
    ),
    Snippet(
        name="woodpecker",
        title="Woodpecker",
        file=".woodpecker.yml",
        where="The repository's Settings, Secrets: the token under this name.",
        address_as="",
        known_as="exlogare_token",
        text="""\
steps:
  - name: test
    image: python:3.12
    environment:
      EXLOGARE_URL: https://exlogare.example.com
      EXLOGARE_TOKEN:
        from_secret: exlogare_token
    commands:
      - pip install exlogare-ci
      - exl run -- make test
""",
    ),
    Snippet(
        name="buildkite",
        title="Buildkite",
        file=".buildkite/pipeline.yml",
        where="The agent's environment hook, or the cluster's secrets: both.",
        address_as="EXLOGARE_URL",
        known_as="EXLOGARE_TOKEN",
        text="""\
steps:
  - label: test
    command:
      - pip install exlogare-ci
      - exl run -- make test
""",
    ),
    Snippet(
        name="appveyor",
        title="AppVeyor",
        file="appveyor.yml",
        where="Account, Encrypt YAML: encrypt the token there, and put what comes out in the place of the example.",
        address_as="",
        known_as="EXLOGARE_TOKEN",
        text="""\
image: Ubuntu
environment:
  EXLOGARE_URL: https://exlogare.example.com
  EXLOGARE_TOKEN:
    secure: your+encrypted+token==
test_script:
  - pip install exlogare-ci
  - exl run -- make test
""",
    ),
    Snippet(
        name="azure",
        title="Azure Pipelines",
        file="azure-pipelines.yml",
        where="Pipelines, Edit, Variables: the token, kept secret.",
        address_as="",
        known_as="EXLOGARE_TOKEN",
        text="""\
steps:
  - script: |
      pip install exlogare-ci
      exl run -- make test
    env:
      EXLOGARE_URL: https://exlogare.example.com
      EXLOGARE_TOKEN: $(EXLOGARE_TOKEN)
""",
    ),
    Snippet(
        name="bitbucket",
        title="Bitbucket Pipelines",
        file="bitbucket-pipelines.yml",
        where="Repository settings, Repository variables: both, the token secured.",
        address_as="EXLOGARE_URL",
        known_as="EXLOGARE_TOKEN",
        text="""\
image: python:3.12
pipelines:
  default:
    - step:
        name: test
        script:
          - pip install exlogare-ci
          - exl run -- make test
""",
    ),
    Snippet(
        name="gitea",
        title="Gitea, Forgejo",
        file=".gitea/workflows/test.yml, in Forgejo .forgejo/workflows/test.yml",
        where="Settings, Actions, Secrets: the token.",
        address_as="",
        known_as="EXLOGARE_TOKEN",
        text="""\
on: push
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: |
          pip install exlogare-ci
          exl run -- make test
        env:
          EXLOGARE_URL: https://exlogare.example.com
          EXLOGARE_TOKEN: ${{ secrets.EXLOGARE_TOKEN }}
""",
    ),
    Snippet(
        name="post-failure",
        title="Any other CI",
        file="a step that runs when the build failed, after pip install exlogare-ci",
        where="The CI's own store of secrets: both as environment variables.",
        address_as="EXLOGARE_URL",
        known_as="EXLOGARE_TOKEN",
        text="""\
exl ingest --status failed --log-file build.log
""",
    ),
)


def find(name: str) -> Snippet | None:
    """Find the pipeline of a CI; ``None`` for a name that is none."""
    return next((snippet for snippet in SNIPPETS if snippet.name == name), None)
