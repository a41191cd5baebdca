# Python 3.11 to 3.13 and make are all that is needed: `make run` on a fresh clone.
# PYTHON=/path/to/python3.12 make setup    chooses the interpreter; VENV=dir puts the environment elsewhere.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run serve test lint types unit test-postgres test-browser test-slow test-bench eval bench clean

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -q
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

# The first interpreter of a supported version, unless the caller names one.
ifndef PYTHON
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c '$(SUPPORTED)' 2>/dev/null && echo $$p && break; done)
endif

help:
	@echo "make setup          build $(VENV) from requirements.lock"
	@echo "make run            load the seeds and all due sources once, under Prefect, into data/"
	@echo "make serve          Prefect server with UI, schedules and runner on 127.0.0.1:4200"
	@echo "make test           ruff, mypy and the fast tests"
	@echo "make test-slow | test-postgres | test-browser | test-bench | eval | bench"

# ---- environment -----------------------------------------------------------------------------------------------

$(BIN)/python:
	@if [ -z "$(PYTHON)" ] || ! "$(PYTHON)" -c '$(SUPPORTED)' 2>/dev/null; then \
		echo "需要 Python 3.11、3.12 或 3.13；请用 PYTHON=/路径/python3.12 make setup 指定。"; \
		echo "Python 3.11, 3.12 or 3.13 is needed, found: $$("$(or $(PYTHON),python3)" --version 2>&1 || true)"; \
		echo "Name one with PYTHON=/path/to/python3.12 make setup"; exit 1; \
	fi
	@"$(PYTHON)" -m venv $(VENV) || { \
		echo "无法建立虚拟环境；Debian/Ubuntu 请先安装 python3-venv。"; \
		echo "Could not create $(VENV); on Debian and Ubuntu install python3-venv first."; rm -rf $(VENV); exit 1; }

# --no-deps: the lock is complete, and the resolver of older pips asks for hashes of extras that are not in it.
$(VENV)/.ready: requirements.lock pyproject.toml | $(BIN)/python
	@echo "正在安装依赖 / installing dependencies into $(VENV) ..."
	@$(PIP) install --no-deps --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "正在安装开发依赖 / installing development dependencies into $(VENV) ..."
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.ready

setup: $(VENV)/.ready

setup-dev: $(VENV)/.ready-dev

# ---- running ---------------------------------------------------------------------------------------------------

run: setup
	@$(BIN)/dangjian nightly

serve: setup
	@exec $(BIN)/dangjian serve

# ---- tests -----------------------------------------------------------------------------------------------------

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup-dev
	$(BIN)/mypy
	$(BIN)/mypy --explicit-package-bases scripts

# One file stays in one process: the flows' tests share a Prefect server.
unit: setup-dev
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

test: lint types unit

test-slow: setup-dev
	$(BIN)/python -m pytest -n auto --maxprocesses 2 --dist loadfile -m "slow and not browser and not postgres" --timeout 1500

test-postgres: setup-dev
	$(BIN)/python -m pytest -n auto --maxprocesses 2 --dist loadfile -m postgres --timeout 600

test-browser: setup-dev
	$(BIN)/python -m pytest -m browser --timeout 900

eval: setup-dev
	$(BIN)/python scripts/evaluate.py

# The table of docs/benchmarks.md; BENCH_SCRAPY_PYTHON names an interpreter that has Scrapy, to be measured beside.
bench: setup-dev
	$(BIN)/python -m benchmarks.pipeline

test-bench: setup-dev
	$(BIN)/python -m pytest -m bench --timeout 900

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
