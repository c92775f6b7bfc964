# Needs python 3.11, 3.12 or 3.13 and make; everything else is set up in .venv by the first target that needs it.

# Bytecode is compiled once, here: without it every start takes three times as long.
unexport PYTHONDONTWRITEBYTECODE
# The environment is .venv and what is installed there, whatever the shell that calls us has set.
unexport PYTHONPATH PYTHONHOME

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# Each file's tests stay together, so that a server that they share is started once.
# Some more at a time than there are cores: many wait for a server or a clock.
ON_EVERY_CORE := -n $(shell expr $$(getconf _NPROCESSORS_ONLN) + 2) --dist loadfile
LOCK := UV_SYSTEM_CERTS=$${UV_SYSTEM_CERTS:-true} $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

.DEFAULT_GOAL := help
.PHONY: help setup demo test check model test-crash test-irc test-gerrit test-browser fuzz bench mutants lock

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv, or mend it; does nothing when all is there
	@sh tools/set_up.sh

demo: setup ## the whole story on this machine: an IRC network, its people, one emergency (ARGS="...")
	$(BIN)/python -m tocsin.demo $(ARGS)

test: setup ## every test but those that take long: `make model`, `make test-crash`, `make fuzz`, `make test-gerrit`, `make test-browser`, the hostile ones of `make test-irc`
	$(PYTEST) $(ON_EVERY_CORE) -m "not model and not crash and not fuzz and not gerrit and not hostile and not browser" $(ARGS)

check: setup ## what CI asks first: format, lint, types, floors, dependencies, the tree, the rules' coverage, the docs
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/deptry src
	$(BIN)/python tools/check_tree.py
	$(BIN)/python tools/check_size.py
	$(PYTEST) tests/domain --cov=tocsin.domain --cov-report=term-missing --cov-fail-under=100
	@# tests/docs joins as soon as it is there; all of these are in `make test` too, without the question of coverage.
	$(PYTEST) tests/tools $(wildcard tests/docs)

model: setup ## walk through every state that a small request can reach
	$(PYTEST) -m model $(ARGS)

test-crash: setup ## kill real processes and look at what is left
	$(PYTEST) -m crash $(ARGS)

# They wait more than they work.
test-irc: setup ## the tests on a real IRC network, and those that break it in the middle of a request
	$(PYTEST) -n 4 --dist load -m "network or hostile" $(ARGS)

# In one process: its start is long, and all share it.
test-gerrit: setup ## the tests on a real Gerrit, whose jars Maven fetches the first time (90 MB)
	$(PYTEST) -m gerrit $(ARGS)

test-browser: setup ## the pages in a real Chromium
	$(PYTEST) -m browser $(ARGS)

fuzz: setup ## look for a line that breaks what IRC lines may never break (FUZZ_SECONDS=3600 for each law, ARGS="-k talk")
	$(PYTEST) -n auto -m fuzz $(ARGS)

bench: setup ## measure
	$(BIN)/python -m tests.bench $(ARGS)

mutants: setup ## change the rules and the record a little, and see whether a test notices
	$(BIN)/mutmut run $(ARGS)

lock: setup ## pin what pyproject.toml asks for, with hashes (ARGS="--upgrade" for newer versions)
	$(LOCK) $(ARGS) --group installer --output-file requirements/installer.txt
	$(LOCK) $(ARGS) pyproject.toml --output-file requirements/runtime.txt
	$(LOCK) $(ARGS) pyproject.toml --group dev --constraints requirements/runtime.txt --output-file requirements/dev.txt
