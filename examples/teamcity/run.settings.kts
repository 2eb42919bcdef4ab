import jetbrains.buildServer.configs.kotlin.*

version = "2025.07"

project {
    buildType {
        id("Test")
        name = "Test"
        steps {
            exlogareRun("make test")
        }
    }
}
