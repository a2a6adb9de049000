.DEFAULT_GOAL := help
.PHONY: help setup run demo test fmt check docs
PYTHON := .venv/bin/python
ARGS ?=

help: ## Say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */  \1\t/' | expand -t 12

setup: ## Make .venv with everything for development
	python3 run.py setup

run: setup ## Serve the demo factory without opening a browser
	$(PYTHON) -m andon.cli demo --no-browser $(ARGS)

demo: ## Open the demo factory in the browser
	python3 run.py demo $(ARGS)

test: ## Run the tests (ARGS="-k ledger -x" goes to pytest)
	python3 run.py test $(ARGS)

fmt: setup ## Format the code and mend what the linter can
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

check: ## Everything CI runs: checks, measures, and all tests
	python3 run.py test

docs: setup ## Make the parts of the documentation that come from the code
	$(PYTHON) -m tools.docs
	$(PYTHON) -m tools.openapi
