# make demo and make test are all a new machine needs: each makes .venv first when it is missing or stale.
# `make demo ARGS="--seconds 20 --players 10"` passes options on; `make help` lists everything.

SHELL := /bin/sh
ARGS ?=
PYTHON ?= $(shell for python in python3 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null \
	&& { echo "$$python"; exit; }; done; echo python3)
IN := .venv/bin
QUESTIONS = $(shell sed -n 's/.*`python benchmarks\/\([a-z_]*\)\.py.*/\1/p' benchmarks/README.md | awk '!seen[$$0]++')

.PHONY: demo test check bench screenshots long-test faults compose-test audit lock clean help install install-dev install-bench

demo: install ## Play: the stack comes up, an autopilot and 50 bots paddle, the river answers
	@$(IN)/whitewater demo $(ARGS)

test: install-dev ## Every test, on the real Kafka, Redis, SQL and browser: the fast ones first, on every core
	@$(IN)/pytest -n auto --ignore=tests/system
	@$(IN)/pytest -n 3 --dist loadfile --no-loadscope-reorder tests/system

check: install-dev ## What must hold before a commit: style, types, who imports whom, the fast tests
	@$(IN)/ruff check .
	@$(IN)/ruff format --check .
	@$(IN)/mypy
	@$(IN)/lint-imports
	@$(IN)/pytest -n auto --ignore=tests/system $(ARGS)

bench: install-bench ## Every question of benchmarks/README.md in its order, kept in .whitewater/bench; or ARGS="consume fold"
	@silent=; for question in $(or $(ARGS),$(QUESTIONS)); do echo "== $$question"; \
		$(IN)/python "benchmarks/$$question.py" --json || silent="$$silent $$question"; done; \
		if [ -n "$$silent" ]; then echo "no answer from:$$silent"; exit 1; fi

screenshots: install-dev ## The screens at three sizes, into .whitewater/screenshots
	@$(IN)/python -m game_client.screenshots

long-test: install-dev ## What takes minutes: an experiment on the stack, find-max, a replay, erasures, fuzzing, canaries
	@$(IN)/pytest tests/long

faults: install-dev ## Every fault, 20 seeded runs each, on a stack of its own; ARGS="--fault worker-killed --runs 3"
	@$(IN)/whitewater fault run --runs 20 $(ARGS)

compose-test: install-dev ## The containers, from build to a demo against them to down -v (needs Docker)
	@sh infra/compose-test

audit: install-dev ## Ask the public advisories about every version in the locks (needs the network)
	@for lock in requirements*.lock; do echo "== $$lock"; \
		$(IN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r $$lock || exit 1; done

lock: install-dev ## Resolve every dependency again: Python packages, uv itself, Kafka's and the operators' jars
	@$(IN)/python -m infra.lock

clean: ## Stop the stack and remove .venv and everything that was made here
	@if [ -x $(IN)/whitewater ]; then $(IN)/whitewater down || true; fi
	@rm -rf .venv .whitewater .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install:
	@$(PYTHON) infra/install.py demo

install-dev:
	@$(PYTHON) infra/install.py dev

install-bench:
	@$(PYTHON) infra/install.py bench
