// Written by make integrations from integrations/templates/teamcity; do not edit.
//
// The meta-runners for the Kotlin DSL: put this file beside settings.kts in .teamcity, and the two XML files into
// .teamcity/pluginData/metaRunners.
import jetbrains.buildServer.configs.kotlin.BuildStep
import jetbrains.buildServer.configs.kotlin.BuildSteps

/** The settings of integrations/teamcity/README.md, for the block behind [exlogareRun] and [exlogareIngest]. */
class Exlogare(private val step: BuildStep) {
    private fun set(name: String, value: String) = step.param("env.EXL_STEP_" + name, value)

    fun logPath(value: String) = set("LOG_PATH", value)
    fun status(value: String) = set("STATUS", value)
    fun workingDirectory(value: String) = set("WORKING_DIRECTORY", value)
    fun token(value: String) = set("TOKEN", value)
    fun url(value: String) = set("URL", value)
    fun strict(value: String) = set("STRICT", value)
    fun timeout(value: String) = set("TIMEOUT", value)
    fun project(value: String) = set("PROJECT", value)
    fun provider(value: String) = set("PROVIDER", value)
    fun report(value: String) = set("REPORT", value)
    fun reportDir(value: String) = set("REPORT_DIR", value)
    fun outputFile(value: String) = set("OUTPUT_FILE", value)
    fun caBundle(value: String) = set("CA_BUNDLE", value)
    fun spoolDir(value: String) = set("SPOOL_DIR", value)
    fun ciToken(value: String) = set("CI_TOKEN", value)
    fun ciUser(value: String) = set("CI_USER", value)
    fun ciApiUrl(value: String) = set("CI_API_URL", value)
    fun version(value: String) = set("VERSION", value)
}

/** Runs a command; when it fails, shows its root cause and uploads it. The step ends as the command ends. */
fun BuildSteps.exlogareRun(command: String, settings: Exlogare.() -> Unit = {}) {
    step {
        name = "Run, and explain a failure"
        type = "ExlogareRun"
        param("env.EXL_STEP_RUN", command)
        Exlogare(this).settings()
    }
}

/** The last step of a build: explains and uploads the failure of a build that has failed. */
fun BuildSteps.exlogareIngest(settings: Exlogare.() -> Unit = {}) {
    step {
        name = "Explain the failure"
        type = "ExlogareIngest"
        executionMode = BuildStep.ExecutionMode.ALWAYS
        Exlogare(this).settings()
    }
}
