"""What a failed goal of Maven was about, told by the plug-in that it belongs to."""

from exlogare_ci.analysis.signatures.base import Signature

_EXTRACT = (
    r"Failed to execute goal (?P<command>\S+).* on project (?P<package>[^:\s]+): (?P<message>.+?)(?: -> \[Help \d+\])?$"
)
_TITLE = "Maven's {command} failed on {package}: {message}"


def _goal(name: str, plugins: str, category: str, fix: str, sample: str) -> Signature:
    """Make the signature of one kind of plug-in; its line restates what the plug-in printed before."""
    return Signature(
        id=f"maven.goal_{name}",
        tool="maven",
        pattern=rf"Failed to execute goal [^ \n:]+:(?:{plugins}):[^ \n]+ ",
        category=category,
        role="cascade",
        title=_TITLE,
        explain="The plug-in's own lines above say what it refused.",
        fix=fix,
        extract=_EXTRACT,
        matches=(f"[ERROR] Failed to execute goal {sample} (default) on project shop: it failed -> [Help 1]",),
        non_matches=(
            "[ERROR] Failed to execute goal org.acme:acme-maven-plugin:1.0:run (default) on project shop: it failed",
        ),
        source="https://maven.apache.org/plugins/index.html",
    )


SIGNATURES = (
    _goal(
        "lint",
        r"maven-checkstyle-plugin|maven-pmd-plugin|spotbugs-maven-plugin|findbugs-maven-plugin|modernizer-maven-plugin"
        r"|animal-sniffer-maven-plugin|forbiddenapis|japicmp-maven-plugin|revapi-maven-plugin|detekt-maven-plugin|maven-dependency-plugin",
        "code.lint",
        "Read the plug-in's findings above its last line, or its report under target/, and correct them.",
        "org.apache.maven.plugins:maven-pmd-plugin:3.21.2:check",
    ),
    _goal(
        "format",
        r"spotless-maven-plugin|formatter-maven-plugin|fmt-maven-plugin|impsort-maven-plugin|ktlint-maven-plugin|sortpom-maven-plugin",
        "code.format",
        "Run the plug-in's goal that applies the format and commit what it changes.",
        "net.revelc.code.formatter:formatter-maven-plugin:2.23.0:validate",
    ),
    _goal(
        "test",
        r"maven-surefire-plugin|maven-failsafe-plugin|karate-maven-plugin|cucumber-maven-plugin",
        "code.test",
        "Read the failing tests above, or the reports under target/surefire-reports.",
        "org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test",
    ),
    _goal(
        "compile",
        r"maven-compiler-plugin|kotlin-maven-plugin|scala-maven-plugin|gmavenplus-plugin|maven-javadoc-plugin|dokka-maven-plugin",
        "code.compile",
        "Correct the first error that the compiler printed above.",
        "org.apache.maven.plugins:maven-javadoc-plugin:3.6.3:jar",
    ),
    _goal(
        "image",
        r"docker-maven-plugin|jib-maven-plugin|dockerfile-maven-plugin|spring-boot-maven-plugin",
        "container.build",
        "Read the plug-in's message; check the base image and the daemon or registry that it names.",
        "com.google.cloud.tools:jib-maven-plugin:3.4.0:build",
    ),
    _goal(
        "publish",
        r"maven-deploy-plugin|nexus-staging-maven-plugin|central-publishing-maven-plugin|maven-gpg-plugin|maven-release-plugin",
        "publish.rejected",
        "Check the credentials in settings.xml, whether the version exists already, and the signing key.",
        "org.sonatype.plugins:nexus-staging-maven-plugin:1.6.13:deploy",
    ),
    _goal(
        "migration",
        r"flyway-maven-plugin|liquibase-maven-plugin",
        "code.migration",
        "Correct the migration that the plug-in names, and run it against an empty database first.",
        "org.flywaydb:flyway-maven-plugin:10.0.0:migrate",
    ),
)
