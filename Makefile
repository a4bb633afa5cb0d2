# Two commands matter: `make serve` and `make test`. Everything they need is set up on the first run.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
PORT   ?= 8000
WEB_TESTS := tests/browser tests/web
INSTALL := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.DEFAULT_GOAL := help
.PHONY: help serve build check test web-tests other-tests lint format bench editor messages lock clean

help: ## Show what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

serve: $(VENV)/.serve ## Build the graph and serve it on http://127.0.0.1:8000
	@$(BIN)/migov serve --port $(PORT)

build: $(VENV)/.serve ## Build a release of the graph
	@$(BIN)/migov build

check: $(VENV)/.serve ## Check the graph against its shapes
	@$(BIN)/migov check

# Two sessions side by side: much of what is tested is waited for.
test: $(VENV)/.test lint ## Run every test
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target web-tests other-tests

web-tests:
	@$(BIN)/python -m pytest $(WEB_TESTS)

other-tests:
	@$(BIN)/python -m pytest $(WEB_TESTS:%=--ignore=%) tests

lint: $(VENV)/.test ## Check style, types and the canonical form of the Turtle files
	@$(BIN)/ruff check --quiet server tests bench
	@$(BIN)/ruff format --quiet --check server tests bench
	@$(BIN)/mypy
	@find ontology graphs -name '*.ttl' | xargs -n 200 -P 2 $(BIN)/python -m migov.graph.turtle --check

format: $(VENV)/.test ## Put code and Turtle into canonical form
	@$(BIN)/ruff check --quiet --fix server tests bench
	@$(BIN)/ruff format --quiet server tests bench
	@$(BIN)/python -m migov.graph.turtle $$(find ontology graphs -name '*.ttl')

bench: $(VENV)/.bench ## Measure validation, build, start, and answers beside other engines
	@$(BIN)/python bench/measure.py
	@$(BIN)/migov build
	@$(BIN)/python bench/pages.py
	@$(BIN)/python bench/side_by_side.py
	@$(BIN)/python bench/soak.py

editor: $(VENV)/.serve ## Build the query editor of /sparql again, and say what fails
	@$(BIN)/python hatch_build.py

messages: $(VENV)/.test ## Bring the catalogues of translations up to date with the texts
	@$(BIN)/python -m migov.web.messages

lock: $(VENV)/.test ## Pin the newest versions that pyproject.toml allows (needs uv)
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group install pyproject.toml -o requirements.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group node -o requirements-node.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group install --group dev pyproject.toml -o requirements-dev.lock
	@uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --group install --group bench pyproject.toml -o requirements-bench.lock

clean: ## Remove the environment and every release built
	@rm -rf $(VENV) releases frontend/node_modules server/migov/web/static/editor.*

$(VENV)/.serve: requirements.lock requirements-node.lock pyproject.toml hatch_build.py $(wildcard frontend/*.*)
	@echo "Setting up the environment in $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(INSTALL) --require-hashes -r requirements.lock
	@command -v npm >/dev/null || $(INSTALL) --require-hashes -r requirements-node.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@$(BIN)/python hatch_build.py || echo "/sparql is served as a plain form without it; 'make editor' tries again."
	@touch $@

$(VENV)/.test: requirements-dev.lock $(VENV)/.serve
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

$(VENV)/.bench: requirements-bench.lock $(VENV)/.serve
	@$(INSTALL) --require-hashes -r requirements-bench.lock
	@touch $@
