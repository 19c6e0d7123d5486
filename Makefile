# Short names for the two commands and what stands around them. ARGS are passed on: make test ARGS="-k catalogue -x"
.PHONY: start test check build environment
.DEFAULT_GOAL := start

start:  ## the dashboard: environment, warehouse, server
	python3 dashboard.py $(ARGS)

test:  ## every test
	python3 tests $(ARGS)

check: environment  ## lint, format, types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

build: environment  ## documents -> warehouse
	.venv/bin/python -m pipeline build $(ARGS)

environment:
	@python3 -m pipeline.environment
