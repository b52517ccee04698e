# The same scripts as script/, for daily work. `make` alone lists what there is.
PYTHON := .venv/bin/python
ARGS ?=

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

setup: ## the environment, the database under var/ and its tables
	script/setup dev
	$(PYTHON) manage.py migrate --no-input

run: ## the pages on http://127.0.0.1:8000, reloaded when the code changes
	DEBUG=1 $(PYTHON) manage.py runserver $(ARGS)

worker: ## a worker with the scheduler beside `make run`
	$(PYTHON) -m celery -A config worker --beat --pool threads --concurrency 2 --loglevel info

fix: ## what can be put right by itself
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

check: ## everything that .ci/run checks before the tests
	.ci/run check

test: ## all tests, or ARGS="tests/issues -k confirm --lf"
	script/test $(ARGS)

messages: ## the catalogue from the code, and its compiled form
	$(PYTHON) script/messages.py

demo: ## the demonstration (RESET=1 begins again, PORT=8001 chooses the port)
	script/demo

benchmark: ## the figures of benchmarks/README.md, or ARGS="--quick"
	$(PYTHON) -m benchmarks $(ARGS)

ci: ## exactly what .ci/run runs
	.ci/run

.PHONY: help setup run worker fix check test messages demo benchmark ci
