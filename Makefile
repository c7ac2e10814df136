# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Needs git, make and a python3 (3.10 or newer) with venv. Everything else comes from the Python package index into
# .venv and .cache. `make help` lists the targets.

ifneq ($(words $(CURDIR)),1)
$(error The path of the checkout must not contain blanks: "$(CURDIR)")
endif

PYTHON ?= python3
BIN    := $(CURDIR)/.venv/bin
PY     := $(BIN)/python
STAMP  := .venv/.stamp

# Nothing in the caller's environment may change what a target does.
unexport $(filter MAINWP_% ANSIBLE_% PYTEST_% COVERAGE_% MYPY_% PYTHONPATH PYTHONHOME PYTHONSTARTUP VIRTUAL_ENV UV_PYTHON,$(.VARIABLES))
export ANSIBLE_CONFIG := $(CURDIR)/tests/ansible.cfg
export LC_ALL := C.UTF-8

# A checkout that was moved or copied needs a new .venv: the old one points to the old place.
ifneq ($(shell cat $(STAMP) 2>/dev/null),$(CURDIR))
.PHONY: $(STAMP)
endif

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help setup demo test unit

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

$(STAMP): pyproject.toml requirements.txt
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv pip install --quiet -r requirements.txt --group dev
	$(PY) tests/tools/envs.py layout .venv
	@printf %s "$(CURDIR)" > $@

setup: $(STAMP)  ## the development environment in .venv

demo: $(STAMP)  ## update a simulated fleet of a dozen sites: plan, run, run again
	$(PY) tests/demo/run.py </dev/null

test: unit  ## everything that must pass before a merge

unit: $(STAMP)  ## the test suite alone
	$(PY) -m pytest -q -n 2 </dev/null
