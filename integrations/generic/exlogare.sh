#!/bin/sh
exec python3 -m exlogare_ci "$@"
