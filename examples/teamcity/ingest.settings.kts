import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.buildSteps.script

version = "2025.07"

project {
    buildType {
        id("Test")
        name = "Test"
        steps {
            script { scriptContent = "make test" }
            exlogareIngest()
        }
    }
}
