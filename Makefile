# `make demo` and `make test` set everything up in .venv from a bare Python 3.11.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint check clean

demo: $(READY)
	$(BIN)/nutgraf build --force
	@echo
	@echo "With whom did Moroccan forces expand cooperation to intercept shipments?"
	$(BIN)/nutgraf query queries/S02.rq --format table
	@echo
	@echo "When exactly was the Vice-President for Africa elected, and how is that known?"
	$(BIN)/nutgraf query queries/T01.rq --format table
	@echo
	@echo "The same to read: nutgraf site -o build/site, then open build/site/index.html (pip install '.[site]')"

test: $(READY)
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

clean:
	rm -rf $(VENV) .nutgraf dist

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "nutgraf needs Python 3.11 or newer; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test,lint]'
	touch $@
