// What exlogareRun and exlogareIngest share; not for pipelines.
//
// Works in the sandbox with no approval, and under CPS: no closure goes to a method of Java or Groovy's own, nothing
// that cannot be serialised is kept over a step, and `libraryResource` is never kept in a variable.
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException

/** Which environment variable each setting becomes; an empty name means that the library itself takes it. */
Map<String, String> variables() {
    return [
        logPath: 'EXLOGARE_LOG_PATH',
        status: 'EXLOGARE_STATUS',
        url: 'EXLOGARE_URL',
        strict: 'EXLOGARE_STRICT',
        timeout: 'EXLOGARE_TIMEOUT',
        project: 'EXLOGARE_PROJECT',
        provider: 'EXLOGARE_PROVIDER',
        report: 'EXLOGARE_REPORT',
        reportDir: 'EXLOGARE_REPORT_DIR',
        outputFile: 'EXLOGARE_OUTPUT_FILE',
        caBundle: 'EXLOGARE_CA_BUNDLE',
        spoolDir: 'EXLOGARE_SPOOL_DIR',
        ciApiUrl: 'EXLOGARE_CI_API_URL',
        version: 'EXLOGARE_VERSION',
        script: '', credentialsId: '', ciCredentialsId: '', trusted: '',
    ]
}

/** Turn settings into a list for `withEnv`. A setting that does not exist is said, and with `strict` refused. */
List<String> environment(Map settings) {
    Map<String, String> names = variables()
    List<String> assignments = []
    for (String name in new ArrayList(settings.keySet())) {
        Object value = settings.get(name)
        if (!names.containsKey(name)) {
            String problem = "exlogare: there is no setting ${name}. Known are: ${names.keySet().join(', ')}."
            if (settings.strict) {
                error(problem)
            }
            echo(problem)
        } else if (names.get(name) && value != null && "${value}" != '') {
            assignments.add("${names.get(name)}=${value}".toString())
        }
    }
    return assignments
}

/** Give a folder of this call's own beside the workspace; `remove` deletes it. */
String folder() {
    return "${pwd(tmp: true)}/exlogare-${UUID.randomUUID()}".toString()
}

void remove(String folder) {
    try {
        dir(folder) {
            deleteDir()
        }
    } catch (FlowInterruptedException interruption) {
        throw interruption
    } catch (Exception ignored) {
        echo("exlogare: ${folder} could not be deleted.")
    }
}

/** Run `exl step` on the agent, with what Jenkins holds in its credentials. Throws what `sh` throws. */
void launch(Map settings, List<String> further) {
    List<String> values = environment(settings)
    values.addAll(further)
    if (!settings.credentialsId && !settings.ciCredentialsId) {
        onAgent(values)
        return
    }
    boolean bound = false
    String problem = ''
    try {
        withCredentials(bindings(settings)) {
            bound = true
            onAgent(values)
        }
    } catch (hudson.AbortException failure) {
        if (bound) {
            throw failure
        }
        problem = failure.getMessage()
    } catch (NoSuchMethodError missing) {
        if (bound) {
            throw missing
        }
        problem = 'the plugin Credentials Binding is not installed.'
    }
    if (problem) {
        echo("exlogare: the credentials cannot be used, nothing will be sent: ${problem}")
        onAgent(values)
    }
}

private List bindings(Map settings) {
    List bindings = []
    if (settings.credentialsId) {
        bindings.add(string(credentialsId: "${settings.credentialsId}".toString(), variable: 'EXLOGARE_TOKEN'))
    }
    if (settings.ciCredentialsId) {
        bindings.add(usernamePassword(
            credentialsId: "${settings.ciCredentialsId}".toString(),
            usernameVariable: 'EXLOGARE_CI_USER', passwordVariable: 'EXLOGARE_CI_TOKEN'))
    }
    return bindings
}

private void onAgent(List<String> values) {
    List<String> all = new ArrayList(values)
    if (isUnix()) {
        if (sh(label: 'Look for exl', returnStatus: true, script: '#!/bin/sh\ncommand -v exl >/dev/null 2>&1') != 0) {
            all.add("EXLOGARE_PACKAGE_DIR=${bring()}".toString())
        }
        withEnv(all) {
            sh(label: 'Exlogare CI', script: libraryResource('exlogare/step.sh'))
        }
    } else {
        if (bat(label: 'Look for exl', returnStatus: true, script: '@where exl >nul 2>nul') != 0) {
            all.add("EXLOGARE_PACKAGE_DIR=${bring()}".toString())
        }
        withEnv(all) {
            bat(label: 'Exlogare CI', script: libraryResource('exlogare/step.bat'))
        }
    }
}

/** Put the library's exl.pyz, where it has one, on the agent, once a workspace and version; give its folder. */
private String bring() {
    String place = "${pwd(tmp: true)}/exlogare-0.1.0".toString()
    if (!fileExists("${place}/exl.pyz".toString())) {
        try {
            // libraryResource reads binary files as base64, and writeFile writes them so.
            writeFile(
                file: "${place}/exl.pyz".toString(), encoding: 'Base64',
                text: libraryResource(resource: 'exlogare/exl.pyz', encoding: 'Base64'))
        } catch (hudson.AbortException ignored) {
            echo('exlogare: the library has no exl.pyz in resources/exlogare, and exl is not installed on the agent.')
        }
    }
    return place
}

/** Explain a failure that has happened: whatever goes wrong here is said in a line and changes no result. */
void explain(Map settings, List<String> further) {
    try {
        launch(settings, further)
    } catch (FlowInterruptedException interruption) {
        throw interruption
    } catch (Exception failure) {
        if (settings.strict) {
            throw failure
        }
        echo("exlogare: the failure could not be explained: ${failure.getMessage()}")
    }
}
