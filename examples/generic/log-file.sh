# After the build, in a step that runs when it failed.
EXLOGARE_LOG_PATH=build.log sh exlogare.sh
