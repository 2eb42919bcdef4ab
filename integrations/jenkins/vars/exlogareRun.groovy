// Runs a command or a block of steps and explains its failure. See exlogareRun.txt.
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException

/** exlogareRun 'make test' */
def call(String script) {
    return call([script: script])
}

/** exlogareRun(script: 'make test', credentialsId: 'exlogare-token') */
def call(Map settings) {
    String script = settings.script ? "${settings.script}".toString() : ''
    if (!script) {
        error("exlogareRun needs a script or a block: exlogareRun 'make test', or exlogareRun { sh 'make test' }.")
    }
    if (!isUnix()) {
        // exl could not run cmd's scripts as Jenkins does: the block's way is the same for the user.
        Map others = new HashMap(settings)
        others.remove('script')
        return call(others) {
            bat(script)
        }
    }
    String folder = null
    try {
        folder = exlogareStep.folder()
        writeFile(file: "${folder}/script".toString(), encoding: 'UTF-8', text: script)
    } catch (FlowInterruptedException interruption) {
        throw interruption
    } catch (Exception failure) {
        echo("exlogare: the command runs alone, because its file could not be written: ${failure.getMessage()}")
        sh(script)
        return null
    }
    try {
        exlogareStep.launch(settings, ["exlogare_script=${folder}/script".toString()])
    } finally {
        exlogareStep.remove(folder)
    }
    return null
}

/** exlogareRun(credentialsId: 'exlogare-token') { sh 'make test' } */
def call(Map settings = [:], Closure body) {
    boolean entered = false
    boolean noTee = false
    String folder = null
    try {
        folder = exlogareStep.folder()
        Object result = null
        tee("${folder}/log".toString()) {
            entered = true
            result = body()
        }
        return result
    } catch (FlowInterruptedException interruption) {
        echo('exlogare: the build was aborted or ran out of time; nothing is sent.')
        throw interruption
    } catch (NoSuchMethodError missing) {
        if (entered) {
            throw missing
        }
        noTee = true
    } catch (Exception failure) {
        if (!entered) {
            echo("exlogare: the output cannot be recorded: ${failure.getMessage()}")
            noTee = true
        } else {
            withoutStrictness(settings, ["EXLOGARE_LOG_PATH=${folder}/log".toString(), 'EXLOGARE_STATUS=FAILURE'])
            throw failure
        }
    } finally {
        if (folder && entered) {
            exlogareStep.remove(folder)
        }
    }
    return noTee ? withoutTee(settings, body) : null
}

/** Without the plugin that has `tee` the log can only come from Jenkins itself. */
private def withoutTee(Map settings, Closure body) {
    try {
        return body()
    } catch (FlowInterruptedException interruption) {
        throw interruption
    } catch (Exception failure) {
        if (settings.ciCredentialsId || settings.trusted) {
            Map failed = new HashMap(settings)
            failed.put('status', 'FAILURE')
            failed.remove('strict')
            exlogareIngest(failed)
        } else {
            echo("exlogare: there is no log of this block: install the plugin Pipeline Utility Steps, which has tee; " +
                "or give a command (exlogareRun 'make test'), or ciCredentialsId.")
        }
        throw failure
    }
}

/** The block has failed already, with an exception that the pipeline must see, whatever becomes of the report. */
private void withoutStrictness(Map settings, List<String> further) {
    Map lenient = new HashMap(settings)
    lenient.remove('strict')
    exlogareStep.explain(lenient, further)
}
