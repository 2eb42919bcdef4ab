# After the build, in a step that runs when it failed.
podman run --rm --volume "$PWD:/work:ro" --env EXLOGARE_URL --env EXLOGARE_TOKEN \
    --env EXLOGARE_PROVIDER=my-ci --env EXLOGARE_PROJECT=org/repo --env EXLOGARE_LOG_PATH=build.log exlogare-ci
