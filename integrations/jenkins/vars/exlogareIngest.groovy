// Explains a failure that has happened, in a post section or a catch block. See exlogareIngest.txt.
import com.cloudbees.groovy.cps.NonCPS
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException

/** post { failure { exlogareIngest(logPath: 'build.log', credentialsId: 'exlogare-token') } } */
def call(Map settings = [:]) {
    String status = "${settings.status ?: currentBuild.currentResult}".toString()
    if (status == 'SUCCESS' || status == 'NOT_BUILT') {
        echo("exlogare: the build's result is ${status}; nothing is sent.")
        return null
    }
    String folder = null
    List<String> further = ["EXLOGARE_STATUS=${status}".toString()]
    if (settings.trusted && !settings.logPath) {
        try {
            folder = exlogareStep.folder()
            // The text is never kept in a variable: it would be written to disk with the pipeline's state.
            writeFile(file: "${folder}/console".toString(), encoding: 'UTF-8', text: console(currentBuild))
            further.add("EXLOGARE_LOG_PATH=${folder}/console".toString())
        } catch (FlowInterruptedException interruption) {
            throw interruption
        } catch (Exception failure) {
            echo("exlogare: the console cannot be read (${failure.getMessage()}); " +
                'the setting trusted needs a global trusted library.')
        }
    }
    try {
        exlogareStep.explain(settings, further)
    } finally {
        if (folder) {
            exlogareStep.remove(folder)
        }
    }
    return null
}

/** The console's last lines, as Jenkins shows them; only trusted libraries may ask for them. */
@NonCPS
private static String console(build) {
    // More would be too large to send: 10 MiB are some 100 characters a line.
    return build.rawBuild.getLog(100000).join('\n') + '\n'
}
