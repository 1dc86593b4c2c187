# Everything one does with Nordarkiv. `make` alone lists it.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
ARGS ?=
V := .venv/bin
export PORT HOST

.DEFAULT_GOAL := help
.PHONY: help env dev run test test-code test-pages test-postgres lint format messages screenshots bench clean

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

# The environment is made anew only when the requirements have changed.
$(V)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Nordarkiv needs Python 3.11 or newer, and $(PYTHON) is not: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Making the environment in .venv ..."
	@$(PYTHON) -m venv .venv

env: $(V)/pip ## make .venv with what Nordarkiv runs on
	@cmp -s requirements.txt .venv/requirements.txt || { \
	  echo "Installing the requirements ..." && \
	  $(V)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt && \
	  cp requirements.txt .venv/requirements.txt; }

dev: env ## add what the tests and the linters need
	@cat requirements.txt requirements-dev.txt | cmp -s - .venv/requirements-dev.txt || { \
	  echo "Installing the requirements of the tests ..." && \
	  $(V)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt && \
	  cat requirements.txt requirements-dev.txt > .venv/requirements-dev.txt; }

run: env ## prepare what is missing and serve the archive (PORT=8000)
	@$(V)/python -m config.serve

# Two parts, which `make --jobs=2 test` runs side by side.
ifeq ($(strip $(ARGS)),)
test: test-code test-pages ## run every test (ARGS="-k dates" for some)
else
test: dev
	$(V)/python -m pytest $(ARGS)
endif

test-code: dev ## run the tests that need no browser
	$(V)/python -m pytest -m "not browser"

test-pages: dev ## run the tests of the pages in Chromium
	$(V)/python -m pytest -m browser

test-postgres: dev ## run the tests of store and search that ask a database on the server at TEST_POSTGRES_URL
	@test -n "$$TEST_POSTGRES_URL" || { echo "Set TEST_POSTGRES_URL=postgres://user@host:port/name; the user must be allowed to create databases."; exit 1; }
	TEST_DATABASE_URL="$$TEST_POSTGRES_URL" $(V)/python -m pytest -m "not browser" archive search $(ARGS)

lint: dev ## check format, style, types, settings and migrations
	$(V)/ruff format --check .
	$(V)/ruff check .
	$(V)/python -m mypy
	@env NORDARKIV_ENV_FILE= NORDARKIV_DATA=.venv/lint DEBUG=0 HTTPS=1 SECRET_KEY="$$($(V)/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
	  $(V)/python manage.py check --deploy --fail-level WARNING
	@env NORDARKIV_ENV_FILE= NORDARKIV_DATA=.venv/lint $(V)/python manage.py makemigrations --check --dry-run

format: dev ## lay the code out as `make lint` wants it
	$(V)/ruff format .
	$(V)/ruff check --fix .

messages: env ## bring the translations up to the texts there are now
	@DJANGO_SETTINGS_MODULE=config.settings $(V)/python -m config.messages

screenshots: dev ## take pictures of every page into screenshots/
	$(V)/python -m config.tests.browser.screenshots $(ARGS)

bench: dev ## measure ingest, indexing and searching (ARGS="--articles 5000")
	$(V)/python -m bench $(ARGS)

clean: ## remove environment and caches; the archive in var/ and .env stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
