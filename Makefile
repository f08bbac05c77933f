# The commands of this project. `make run` and `make test` need git, make and Python 3.11 with venv; nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Some tests wait more than they compute: three for two processors.
WORKERS ?= $(shell echo $$(( $$(nproc 2>/dev/null || echo 2) * 3 / 2 )))
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export FEEDSERVICE_CONFIG ?= config.yaml
# The tests start some hundred processes, each of which would compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test lint types slow campaign check chromium s3 lock clean

run: $(VENV)/run.stamp
	@exec $(BIN)/feedservice run

test: $(VENV)/dev.stamp
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev.stamp
	$(BIN)/mypy

slow: $(VENV)/dev.stamp
	$(BIN)/pytest -n $(WORKERS) --dist worksteal -m 'slow and not campaign'

campaign: $(VENV)/dev.stamp
	$(BIN)/pytest -m campaign

check: lint types test

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "feedservice needs Python 3.11 or newer; say make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

# What `render: chromium` needs beside the browser itself.
chromium: $(VENV)/chromium.stamp

$(VENV)/chromium.stamp: requirements-chromium.lock $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-chromium.lock
	@touch $@

# What exporting to S3-compatible stores needs.
s3: $(VENV)/s3.stamp

$(VENV)/s3.stamp: requirements-s3.lock $(VENV)/run.stamp
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-s3.lock
	@touch $@

# Renews the lock files but the small ones of the extras `chromium` and `s3`; needs uv, which is no dependency of the project.
lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra build -o requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra build --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
