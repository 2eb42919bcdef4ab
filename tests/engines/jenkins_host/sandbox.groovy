/*
 * Runs the library's scripts as an untrusted library runs: compiled with groovy-cps' sandbox transformer, every call,
 * property and constructor told to an interceptor of groovy-sandbox. Steps do nothing here; what counts is what the
 * library asks of Groovy and Java. Prints one JSON object: the calls, and the order of the steps.
 *
 * Usage: groovy sandbox.groovy FOLDER_OF_VARS
 */
import com.cloudbees.groovy.cps.Continuation
import com.cloudbees.groovy.cps.Envs
import com.cloudbees.groovy.cps.SandboxCpsTransformer
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation
import com.cloudbees.groovy.cps.sandbox.SandboxInvoker
import groovy.json.JsonOutput
import org.codehaus.groovy.control.CompilerConfiguration
import org.kohsuke.groovy.sandbox.GroovyInterceptor

/** What Jenkins lets through without asking a whitelist: the scripts themselves, their steps, their variables. */
abstract class Untrusted extends Script implements Serializable {
    static final List<String> STEPS = []
    static boolean fails

    Object methodMissing(String name, Object given) {
        List arguments = given as List
        STEPS << name
        Object last = arguments ? arguments.last() : null
        if (last instanceof Closure) {
            return Run.closure(last)
        }
        switch (name) {
            case 'isUnix': return true
            case 'pwd': return '/ws@tmp'
            case 'fileExists': return false
            case 'libraryResource': return '#!/bin/sh'
            case 'string': case 'usernamePassword': return last
            case 'sh':
                if (last instanceof Map && last.returnStatus) {
                    return 1
                }
                if (fails) {
                    throw Run.loader.loadClass('hudson.AbortException').newInstance('script returned exit code 2')
                }
                return null
            case 'error': throw Run.loader.loadClass('hudson.AbortException').newInstance((String) last)
        }
        return null
    }
}

class Build implements Serializable {
    String getCurrentResult() { 'FAILURE' }
}

class Run {
    static GroovyClassLoader loader

    static Object closure(Closure body) { finish { body.call() } }

    /** Run CPS code to its end under the sandbox's invoker. */
    static Object finish(Closure start) {
        try {
            return start.call()
        } catch (CpsCallableInvocation call) {
            return call.invoke(Envs.empty(new SandboxInvoker()), null, Continuation.HALT).run().yield.replay()
        }
    }
}

/** Keeps what is asked of anything that is no script of the library. */
class Recorder extends GroovyInterceptor {
    final Set<String> asked = new TreeSet<>()

    private void keep(Object receiver, String what) {
        if (!(receiver instanceof Script) && !(receiver instanceof Closure)) {
            Class type = receiver instanceof Class ? (Class) receiver : receiver?.getClass()
            asked << "${type?.name} ${what}".toString()
        }
    }

    Object onMethodCall(GroovyInterceptor.Invoker invoker, Object receiver, String method, Object... arguments) {
        keep(receiver, method)
        return super.onMethodCall(invoker, receiver, method, arguments)
    }

    Object onStaticCall(GroovyInterceptor.Invoker invoker, Class receiver, String method, Object... arguments) {
        if (!Script.isAssignableFrom(receiver)) {
            asked << "static ${receiver.name} ${method}".toString()
        }
        return super.onStaticCall(invoker, receiver, method, arguments)
    }

    Object onNewInstance(GroovyInterceptor.Invoker invoker, Class receiver, Object... arguments) {
        asked << "new ${receiver.name}".toString()
        return super.onNewInstance(invoker, receiver, arguments)
    }

    Object onGetProperty(GroovyInterceptor.Invoker invoker, Object receiver, String property) {
        keep(receiver, receiver instanceof Map ? 'get' : ".${property}")
        return super.onGetProperty(invoker, receiver, property)
    }

    Object onSetProperty(GroovyInterceptor.Invoker invoker, Object receiver, String property, Object value) {
        keep(receiver, ".${property}=")
        return super.onSetProperty(invoker, receiver, property, value)
    }
}

GroovyClassLoader stubs = new GroovyClassLoader(this.class.classLoader)
stubs.parseClass('package hudson\nclass AbortException extends IOException { AbortException(String text) { super(text) } }')
stubs.parseClass('package org.jenkinsci.plugins.workflow.steps\nclass FlowInterruptedException extends InterruptedException { }')
CompilerConfiguration configuration = new CompilerConfiguration(scriptBaseClass: Untrusted.name)
configuration.addCompilationCustomizers(new SandboxCpsTransformer())
Run.loader = new GroovyClassLoader(stubs, configuration)

Map<String, Script> library = ['exlogareStep', 'exlogareRun', 'exlogareIngest'].collectEntries { String name ->
    [(name): (Script) Run.loader.parseClass(new File(args[0], name + '.groovy')).newInstance()]
}
Binding binding = new Binding(library + [currentBuild: new Build()])
library.each { String name, Script script -> script.binding = binding }

// The pipelines are untrusted, too. Each is the body of a node.
Map<String, Boolean> pipelines = [
    "exlogareRun 'make test'": false,
    "exlogareRun(script: 'make test', credentialsId: 'a', ciCredentialsId: 'b', strict: true, timeout: 3)": false,
    "exlogareRun(credentialsId: 'a') { sh 'make test' }": false,
    "try { exlogareRun(credentialsId: 'a') { sh 'make test' } } catch (failure) { echo 'failed' }": true,
    "exlogareIngest(logPath: 'build.log', credentialsId: 'a')": false,
    "exlogareIngest(status: 'FAILURE', wrong: 1)": true,
]
Recorder recorder = new Recorder()
Map<String, List<String>> steps = [:]
pipelines.each { String text, boolean fails ->
    Untrusted.STEPS.clear()
    Untrusted.fails = fails
    Script pipeline = (Script) Run.loader.parseClass(text).newInstance()
    pipeline.binding = binding
    recorder.register()
    try {
        Run.finish { pipeline.run() }
    } finally {
        recorder.unregister()
    }
    steps[text] = new ArrayList(Untrusted.STEPS)
}
println JsonOutput.toJson([asked: recorder.asked, steps: steps])
