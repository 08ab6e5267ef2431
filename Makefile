# Two commands are all one needs: make run, make test. "make help" lists the others.
# Settings go on the same line (make run PORT=9000) or into a file named .env (see .env.example).

.DEFAULT_GOAL := help
.PHONY: help run demo test check client soak bench wheel sbom audit lock clean

PYTHON ?= python3
python := .venv/bin/python
# The stamp of "dev" serves both, so that "make run" never takes the tests' tools away.
python_env := $(if $(wildcard .make/python-dev),.make/python-dev,.make/python-run)
locks := scripts/python-env pyproject.toml requirements/build.txt requirements/uv.txt

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(python_env) client ## Serve on http://127.0.0.1:8000, setting up whatever is missing
	@exec scripts/with-env $(python) -m server serve

demo: $(python_env) client ## The same with a dozen simulated people at work
	@exec scripts/with-env $(python) -m server demo

test: .make/python-dev ## Run every check and every test
	@scripts/system-tools
	@$(python) scripts/run_tests.py

check: .make/python-dev ## Run the static checks only
	@$(python) scripts/run_tests.py --checks

client: $(python_env)
	@$(python) scripts/build_client.py

soak: .make/python-dev client ## Run the random tests many times over (HAHMO_TEST_SOAK=20)
	@scripts/system-tools
	@HAHMO_TEST_SOAK=$${HAHMO_TEST_SOAK:-20} $(python) -m pytest --timeout 3600 tests/boards tests/faults tests/interop \
		tests/attacks/boards tests/attacks/resources/test_bar.py tests/attacks/resources/test_fuzz.py tests/e2e/network/test_schedules.py
	@HAHMO_TEST_RECUT=1 $(python) -m pytest --timeout 300 tests/server tests/attacks tests/faults

bench: .make/python-dev client ## Measure speed, and print the figures
	@scripts/system-tools
	@$(python) -m tests.bench

wheel: .make/python-dev client ## Make dist/hahmo-*.whl, browser client included
	@$(python) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

sbom: .make/python-dev ## Write dist/sbom.cdx.json and dist/licences.txt
	@$(python) scripts/sbom.py

audit: .make/python-dev ## Ask for known weaknesses of all packages (needs the network)
	@$(python) scripts/audit.py

lock: .make/python-dev ## Write the lock files in requirements/ anew
	@scripts/lock

clean: ## Remove what the build made; the data in var/ stays
	rm -rf .make .venv build dist client/node_modules server/static server/exports/fonts

.make/python-run: $(locks) requirements/run.txt
	@[ -e .make/python-dev ] || scripts/python-env run
	@mkdir -p .make && touch $@

.make/python-dev: $(locks) requirements/run.txt requirements/dev.txt
	@scripts/python-env dev
	@mkdir -p .make && touch $@
