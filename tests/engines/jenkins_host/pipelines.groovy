/*
 * Runs pipelines against the shared library in integrations/jenkins, with JenkinsPipelineUnit and the real CPS
 * transformer (groovy-cps); every step between two steps of a pipeline is written and read back, as Jenkins does.
 * The steps really act: `sh` starts processes, `tee` writes files. What they do is written from the steps' own
 * documentation (https://www.jenkins.io/doc/pipeline/steps/).
 *
 * Usage: groovy pipelines.groovy CASES.json RESULTS.json
 */
import com.lesfurets.jenkins.unit.cps.BasePipelineTestCPS
import com.lesfurets.jenkins.unit.global.lib.LibraryConfiguration
import com.lesfurets.jenkins.unit.global.lib.LocalSource
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

/** The classes of Jenkins that pipelines may name. */
class Jenkins {
    static final GroovyClassLoader LOADER = new GroovyClassLoader(Jenkins.classLoader)
    static final Class ABORT = LOADER.parseClass('''
        package hudson
        class AbortException extends IOException { AbortException(String message) { super(message) } }
    ''')
    static final Class INTERRUPTION = LOADER.parseClass('''
        package org.jenkinsci.plugins.workflow.steps
        class FlowInterruptedException extends InterruptedException { }
    ''')
}

/** `currentBuild`. */
class Build implements Serializable {
    String result
    transient List<String> console
    transient boolean trusted

    String getCurrentResult() { result ?: 'SUCCESS' }

    Object getRawBuild() {
        if (!trusted) {
            throw new SecurityException('Scripts not permitted to use method RunWrapper getRawBuild')
        }
        List<String> lines = console.collect()
        return [getLog: { int max -> lines.takeRight(max) }] as RawBuild
    }
}

interface RawBuild {
    List<String> getLog(int max)
}

class Host extends BasePipelineTestCPS {
    Map spec
    File workspace
    List<String> console = []
    List<File> tees = []
    List<Map<String, String>> scopes = []
    List<File> folders = []
    List<String> steps = []
    Throwable stagesFailure
    Build build

    Host(Map spec) {
        this.spec = spec
        workspace = new File((String) spec.workspace)
        folders << workspace
        scopes << new LinkedHashMap<String, String>((Map) spec.env)
        build = new Build(trusted: spec.trusted ?: false, console: console)
        baseClassLoader = Jenkins.LOADER
        scriptRoots = [(String) spec.folder] as String[]
        scriptExtension = ''
    }

    void setUp() throws Exception {
        super.setUp()
        binding.setVariable('currentBuild', build)
        binding.setVariable('env', [:] + scopes[0])
        binding.setVariable('any', 'any')
        helper.registerSharedLibrary(LibraryConfiguration.library('exlogare').defaultVersion('local')
            .allowOverride(true).implicit(false).targetPath((String) spec.libraries)
            .retriever(new LocalSource((String) spec.libraries)).build())
        registerSteps()
        registerDeclarative()
    }

    Map run() {
        setUp()
        String outcome = null
        try {
            runScript((String) spec.pipeline)
        } catch (Throwable failure) {
            outcome = rank(failure)
            console << "ERROR: ${failure.message}".toString()
        }
        if (outcome) {
            build.result = outcome
        }
        return [result: build.currentResult, console: console.join('\n'), steps: steps]
    }

    private String rank(Throwable failure) {
        return Jenkins.INTERRUPTION.isInstance(failure) ? 'ABORTED' : 'FAILURE'
    }

    private Object inside(Closure body) { helper.callClosure(body) }

    private void step(String name, List<Class> types, Closure action) {
        helper.registerAllowedMethod(name, types) { Object... given ->
            if (name in spec.missing) {
                throw new NoSuchMethodError("No such DSL method '${name}' found among steps".toString())
            }
            steps << name
            return action.call(*given)
        }
    }

    private void registerSteps() {
        step('node', [Closure]) { Closure body -> inside(body) }
        step('echo', [String]) { String text -> say(text) }
        step('error', [String]) { String text -> throw Jenkins.ABORT.newInstance(text) }
        step('isUnix', []) { spec.windows ? false : true }
        step('sh', [String]) { String script -> shell([script: script]) }
        step('sh', [Map]) { Map arguments -> shell(arguments) }
        step('bat', [String]) { String script -> batch([script: script]) }
        step('bat', [Map]) { Map arguments -> batch(arguments) }
        step('string', [Map]) { Map arguments -> arguments }
        step('usernamePassword', [Map]) { Map arguments -> arguments }
        step('withEnv', [List, Closure]) { List pairs, Closure body -> scoped(pairs.collectEntries {
            String pair = it
            [(pair.substring(0, pair.indexOf('='))): pair.substring(pair.indexOf('=') + 1)]
        }, body) }
        step('withCredentials', [List, Closure]) { List bindings, Closure body -> scoped(secrets(bindings), body) }
        step('tee', [String, Closure]) { String path, Closure body ->
            File file = at(path)
            file.parentFile.mkdirs()
            file.createNewFile()
            tees << file
            try {
                return inside(body)
            } finally {
                tees.removeAt(tees.size() - 1)
            }
        }
        step('dir', [String, Closure]) { String path, Closure body ->
            folders << at(path)
            try {
                return inside(body)
            } finally {
                folders.removeAt(folders.size() - 1)
            }
        }
        step('pwd', []) { folders.last().path }
        step('pwd', [Map]) { Map arguments -> arguments.tmp ? workspace.path + '@tmp' : folders.last().path }
        step('deleteDir', []) { folders.last().deleteDir(); return null }
        step('fileExists', [String]) { String path -> at(path).exists() }
        step('writeFile', [Map]) { Map arguments ->
            File file = at((String) arguments.file)
            file.parentFile.mkdirs()
            if (arguments.encoding == 'Base64') {
                file.bytes = ((String) arguments.text).decodeBase64()
            } else {
                file.setText((String) arguments.text, (String) arguments.encoding ?: 'UTF-8')
            }
            return null
        }
        step('libraryResource', [String]) { String path -> resource(path).getText('UTF-8') }
        step('libraryResource', [Map]) { Map arguments -> resource((String) arguments.resource).bytes.encodeBase64().toString() }
    }

    /** The directives of a declarative pipeline that the tests use; `post` runs whatever became of the stages. */
    private void registerDeclarative() {
        step('pipeline', [Closure]) { Closure body ->
            inside(body)
            if (stagesFailure != null) {
                throw stagesFailure
            }
        }
        step('agent', [Object]) { Object ignored -> null }
        step('environment', [Closure]) { Closure body ->
            Set before = new HashSet(binding.variables.keySet())
            inside(body)
            (binding.variables.keySet() - before).each { scopes[0][(String) it] = "${binding.variables[it]}".toString() }
        }
        step('stages', [Closure]) { Closure body ->
            try {
                inside(body)
            } catch (Throwable failure) {
                stagesFailure = failure
                build.result = rank(failure)
            }
        }
        step('stage', [String, Closure]) { String name, Closure body -> inside(body) }
        step('steps', [Closure]) { Closure body -> inside(body) }
        step('post', [Closure]) { Closure body -> inside(body) }
        Map<String, Closure> conditions = [
            always: { true },
            success: { build.currentResult == 'SUCCESS' },
            failure: { build.currentResult == 'FAILURE' },
            aborted: { build.currentResult == 'ABORTED' },
            unsuccessful: { build.currentResult != 'SUCCESS' },
        ]
        conditions.each { String name, Closure holds ->
            step(name, [Closure]) { Closure body -> holds() ? inside(body) : null }
        }
    }

    private Object scoped(Map<String, String> values, Closure body) {
        scopes << values
        try {
            return inside(body)
        } finally {
            scopes.removeAt(scopes.size() - 1)
        }
    }

    private Map<String, String> secrets(List bindings) {
        Map<String, String> values = [:]
        bindings.each { Map one ->
            Object secret = ((Map) spec.credentials)[one.credentialsId]
            if (secret == null) {
                throw Jenkins.ABORT.newInstance("Could not find credentials entry with ID '${one.credentialsId}'".toString())
            }
            if (one.variable) {
                values[(String) one.variable] = (String) secret
            } else {
                values[(String) one.usernameVariable] = (String) secret[0]
                values[(String) one.passwordVariable] = (String) secret[1]
            }
        }
        return values
    }

    private File at(String path) {
        File file = new File(path)
        return file.absolute ? file : new File(folders.last(), path)
    }

    private File resource(String path) {
        File file = new File((String) spec.libraries + '/exlogare@local/resources/' + path)
        if (!file.exists()) {
            throw Jenkins.ABORT.newInstance("No such library resource ${path} could be found.".toString())
        }
        return file
    }

    private void say(String text) {
        console << text
        tees.each { it.append(text + '\n', 'UTF-8') }
    }

    /**
     * The environment of a process. Jenkins' launcher replaces $NAME, ${NAME} and $$ in the values (core's
     * EnvVars.overrideExpandingAll), here in one pass.
     */
    private Map<String, String> environment() {
        Map<String, String> plain = [:]
        scopes.each { plain.putAll(it) }
        return plain.collectEntries { String name, String value ->
            [(name): value.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/) { String all, String bare, String braced ->
                all == '$$' ? '$' : (plain[bare ?: braced] ?: all)
            }]
        }
    }

    private Object shell(Map arguments) {
        String script = arguments.script
        File file = File.createTempFile('durable', '.sh')
        file.setText(script, 'UTF-8')
        file.setExecutable(true)
        List<String> command = script.startsWith('#!') ? [file.path] : ['/bin/sh', '-xe', file.path]
        return finished(arguments, command, file)
    }

    /** A stand-in: the lines of cmd are not run; what the library's own batch file does is done by its shell. */
    private Object batch(Map arguments) {
        String script = arguments.script
        if (script.startsWith('@where')) {
            return 0
        }
        return shell(arguments + [script: script.startsWith('@echo off') ? 'exl step' : script])
    }

    private Object finished(Map arguments, List<String> command, File file) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folders.last()).redirectErrorStream(true)
        builder.environment().clear()
        builder.environment().putAll(environment())
        Process process = builder.start()
        process.outputStream.close()
        if (((String) arguments.script).contains('# aborted by a user')) {
            Thread.sleep(300)
            process.destroyForcibly()
            throw Jenkins.INTERRUPTION.newInstance()
        }
        process.inputStream.eachLine('UTF-8') { String line -> say(line) }
        int code = process.waitFor()
        file.delete()
        if (arguments.returnStatus) {
            return code
        }
        if (code != 0) {
            throw Jenkins.ABORT.newInstance("script returned exit code ${code}".toString())
        }
        return null
    }
}

List results = new JsonSlurper().parse(new File(args[0])).collect { Map spec -> new Host(spec).run() }
new File(args[1]).setText(JsonOutput.toJson(results), 'UTF-8')
