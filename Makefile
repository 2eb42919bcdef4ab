# Every command of the project. They need make and Python 3.10 or newer; everything else goes into .venv and .tox.
# Settings, given as `make target NAME=value`:
#   PYTHON      the Python that .venv is made with
#   LOG         a log of yours for `make demo`
#   ARGS        further arguments for pytest, e.g. ARGS='-k cursor -n0'
#   BENCH_LOGS, BENCH_LABELLED  folders of real logs for `make bench`, see benchmarks/README.md

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
export LOG BENCH_LOGS BENCH_LABELLED

BIN := $(VENV)/bin
BOOTSTRAP := scripts/bootstrap.py

.DEFAULT_GOAL := help
.PHONY: help demo test test-quick check lint types layers format bench picture screenshots integrations dev image release test-engines clean

help:  ## this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.server-ready  ## a failing build turns into a root cause, in a minute; LOG=path takes a log of yours
	@$(BIN)/python scripts/demo.py $${LOG:+--log "$$LOG"}

test: $(VENV)/.tox-ready  ## the whole test suite; installs the system packages it needs where it can
	$(BIN)/tox run -q -e py -- $(ARGS)

test-quick: $(VENV)/.tox-ready  ## the tests that take no longer than a second each; installs no system packages
	EXLOGARE_TEST_INSTALL=no $(BIN)/tox run -q -e py -- -m "not slow" $(ARGS)

check: $(VENV)/.tox-ready  ## lint, format, types, layers
	$(BIN)/tox run -q -e lint,types,layers

lint types layers: $(VENV)/.tox-ready
	$(BIN)/tox run -q -e $@

format: $(VENV)/.tox-ready  ## put the code into its format and repair what ruff can
	$(BIN)/tox run -q -e format

bench: $(VENV)/.dev-ready  ## every benchmark; those on real logs need BENCH_LOGS=folder or BENCH_LABELLED=folder
	@for file in benchmarks/*.py; do \
		echo "== $$file"; \
		case $$file in \
		*/accuracy.py) setting=BENCH_LABELLED data=$$BENCH_LABELLED ;; \
		*/engine_speed.py|*/pattern_cost.py) setting=BENCH_LOGS data=$$BENCH_LOGS ;; \
		*) setting= data= ;; \
		esac; \
		if [ -n "$$setting" ] && [ -z "$$data" ]; then echo "left out: it needs $$setting=folder"; continue; fi; \
		$(BIN)/python "$$file" $${data:+"$$data"} || exit 1; \
	done

test-engines: $(VENV)/.tox-ready  ## every package for a CI service in its engine, with a table of what it did
	$(BIN)/tox run -q -e py -- tests/engines $(ARGS)

release: $(VENV)/.tox-ready  ## build everything that a release is into dist; RELEASE_ARGS='--no-images' without images
	$(BIN)/tox run -q -e release -- dist $(RELEASE_ARGS)

picture: $(VENV)/.server-ready  ## draw docs/images/demo.svg from what the demo really prints
	@$(BIN)/python scripts/picture.py docs/images/demo.svg

integrations: $(VENV)/.dev-ready  ## render the packages for CI services from integrations/inputs.yml
	@$(BIN)/python scripts/render_integrations.py

screenshots: $(VENV)/.dev-ready  ## draw the dashboard's pictures in docs/images; needs Chromium
	@$(BIN)/python scripts/screenshots.py docs/images

image: ## build the generic container image with podman or docker
	@engine=$$(command -v podman || command -v docker) || { echo "Neither podman nor docker is installed." >&2; exit 1; }; \
	"$$engine" build -t exlogare-ci -f integrations/generic/Containerfile .

dev: $(VENV)/.dev-ready  ## .venv with everything a developer needs, and the git hooks
	$(BIN)/pre-commit install

clean:  ## remove what was installed and built
	rm -rf $(VENV) .tox .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

# One stamp file a set of packages; the version is checked here because an old Python could not even read bootstrap.py.
TOO_OLD = Python %d.%d is too old: Exlogare CI needs 3.10 or newer. Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3

$(VENV)/.server-ready $(VENV)/.tox-ready $(VENV)/.dev-ready: pyproject.toml $(BOOTSTRAP)
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "There is no $(PYTHON) here. Install Python 3.10 or newer, or name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; \
		exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.version_info >= (3, 10) or sys.exit("$(TOO_OLD)" % sys.version_info[:2])'
	@"$(PYTHON)" $(BOOTSTRAP) $(VENV) $(patsubst .%-ready,%,$(notdir $@))
