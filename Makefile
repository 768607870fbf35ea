# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint docs locale bench clean

demo: .venv/run
	rm -rf demo
	$(BIN)/importer demo demo

SERVERS := cap simple femock editor

test: lint $(SERVERS:%=tests/servers/%/node_modules/.ready)
	$(BIN)/python -m pytest -n 3 --dist worksteal --cov --cov-report=
	$(BIN)/coverage combine --quiet 2>/dev/null || true
	$(BIN)/coverage report

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

locale: .venv/test
	$(BIN)/python tests/house/catalogue.py

# What is generated: the schemas, the sample workbook, its copies in the package and in recipes/.
docs: .venv/test
	$(BIN)/python -m tests.house.generating

bench: .venv/test
	$(BIN)/python -m benchmarks

.venv/run: requirements/run.lock pyproject.toml
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/run.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch .venv/run

.venv/test: .venv/run requirements/test.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/test.lock
	touch .venv/test

# Third-party services to import into. Without Node 20 or its packages those tests are skipped, and the summary says so.
tests/servers/%/node_modules/.ready: tests/servers/%/package-lock.json
	@if command -v npm >/dev/null 2>&1; then \
	  cd tests/servers/$* && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.ready \
	  || echo "npm ci failed: the tests against tests/servers/$* will be skipped"; \
	else echo "no npm here: the tests against tests/servers/$* will be skipped"; fi

clean:
	rm -rf .venv demo .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis
