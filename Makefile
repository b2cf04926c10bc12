# Everything a person or CI needs; a fresh machine needs git, make and Python 3.11 or newer, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --quiet --disable-pip-version-check

# Every process of the bot, and tests start many, would compile the whole program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup install demo test lint style types tests format bench clean

setup: $(VENV)/dev.stamp ## everything for working on it

install: $(VENV)/run.stamp ## what running it needs, and nothing else

demo: $(VENV)/run.stamp ## the bot on the demo company Acme, with a local Slack
	$(BIN)/idp demo $(ARGS)

test: style ## format, lint, types, import contracts, all tests
	$(MAKE) --no-print-directory --jobs=2 types tests

tests: $(VENV)/dev.stamp
	$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

lint: style types

style: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/dev.stamp ## the promises of speed, as ratios
	$(BIN)/python -m bench $(ARGS)

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: $(BIN)/python requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --editable .
	touch $@

$(VENV)/dev.stamp: $(BIN)/python requirements-dev.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements-dev.lock
	$(PIP) install --no-deps --editable .
	touch $@ $(VENV)/run.stamp
