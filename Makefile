# Copyright: (c) 2026, wpfleet.mainwp contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Needs git, make and a python3 (3.10 or newer) with venv. Everything else comes from the Python package index into
# .venv and .cache. `make help` lists the targets.

ifneq ($(words $(CURDIR)),1)
$(error The path of the checkout must not contain blanks: "$(CURDIR)")
endif

# on the command line: the Python to set up with, pytest's processes (which often wait), more arguments for pytest,
# the first scenario of a soak (empty: a random one) and how many, the ansible-core branch of make sanity-branch
PYTHON := python3
JOBS   := 6
ARGS   :=
SEED   :=
COUNT  := 2000
CORE   := 2.18

BIN    := $(CURDIR)/.venv/bin
PY     := $(BIN)/python
UV     := .venv/bin/uv
STAMP  := .venv/.stamp
# what .venv is made of; PYTHON itself where it was given
BASE   := $(shell $(PYTHON) tests/tools/interpreter.py $(if $(filter command,$(origin PYTHON)),this))

# Nothing in the caller's environment may change what a target does, or (without compiled files) double its time.
unexport $(filter MAINWP_% ANSIBLE_% GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE PYTEST_% COVERAGE_% MYPY_% PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONDONTWRITEBYTECODE VIRTUAL_ENV UV_PYTHON,$(.VARIABLES))
export ANSIBLE_CONFIG := $(CURDIR)/tests/ansible.cfg
export LC_ALL := C.UTF-8
export PATH := $(BIN):$(PATH)

# uv brings its own list of certificate authorities; where the machine has one, that knows about a company's proxy too.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS := 1
endif

# A checkout that was moved or copied needs a new .venv: the old one points to the old place.
ifneq ($(shell cat $(STAMP) 2>/dev/null),$(CURDIR))
.PHONY: $(UV) $(STAMP)
endif

# For what talks to a server on 127.0.0.1: no proxy in between.
NO_PROXY := env $(foreach name,http https all no,-u $(name)_proxy) $(foreach name,HTTP HTTPS ALL NO,-u $(name)_PROXY)

.NOTPARALLEL:
.PHONY: help setup set-up demo bench test unit axe browser events pictures soak fuzz mutants oldest matrix awx-check format sanity sanity-oldest sanity-branch docs coverage clean
.PHONY: lint lint-code lint-types lint-house lint-yaml lint-changelog lint-docs lint-ansible lint-artifact
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

# One at a time: who comes second waits, looks once more, and finds it made. Without flock (macOS) nobody is kept away.
ifndef SETTING_UP
$(STAMP): pyproject.toml requirements.txt
	@$(if $(shell command -v flock),flock Makefile )$(MAKE) --no-print-directory SETTING_UP=1 set-up
else
set-up: $(STAMP)
	@:

$(UV):
	@$(BASE) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Needs Python 3.10 or newer: make PYTHON=... setup")'
	$(BASE) -m venv --clear .venv
	$(BIN)/pip install --quiet --disable-pip-version-check uv

$(STAMP): $(UV) pyproject.toml requirements.txt
	VIRTUAL_ENV=$(CURDIR)/.venv $(UV) pip install --quiet -r requirements.txt --group dev
	$(PY) tests/tools/envs.py layout .venv
	@printf %s "$(CURDIR)" > $@
endif

setup: $(STAMP)  ## the development environment in .venv

demo: $(STAMP)  ## update a simulated fleet of a dozen sites: plan, run, run again
	$(NO_PROXY) $(PY) tests/demo/run.py </dev/null

# Needs a machine that does nothing else meanwhile.
bench: $(STAMP)  ## measure against the Dashboard's limits, write docs/benchmarks.md; ARGS="--quick" or "--only sync"
	cd tests && $(NO_PROXY) $(PY) -m bench $(ARGS) </dev/null

# The full suite on the newest ansible-core that this Python runs, the integration suite on the oldest. What keeps one
# core busy goes side by side; pytest has its processes.
test: $(STAMP)  ## everything that must pass before a merge
	$(PY) tests/tools/side_by_side.py lint docs sanity "sanity-oldest collected"
	$(MAKE) --no-print-directory unit oldest

# Once, before as many processes as there are find the same uncompiled.
collected: $(STAMP)
	$(PY) -m pytest -q -n 0 --collect-only >/dev/null

unit: $(STAMP)  ## the test suite alone; arguments for pytest in ARGS
	$(PY) -m pytest -q -n $(JOBS) --dist worksteal $(ARGS) </dev/null

AXE := .cache/axe/node_modules/axe-core/axe.min.js
axe: $(AXE)  ## axe-core in .cache, by npm: what make browser judges pages with
$(AXE):
	@command -v npm >/dev/null || { echo "Needs npm, for axe-core: on Debian, apt-get install npm."; exit 1; }
	mkdir -p .cache/axe && npm install --silent --no-audit --no-fund --prefix .cache/axe axe-core@4

# What a page of the site is made of, apart from the modules' own words.
SITE := .cache/docs/html/index.html
$(SITE): $(wildcard *.md docs/*.md docs/docsite/*.yml docs/docsite/rst/* tests/website/* tests/website/static/*) | $(STAMP)
	$(MAKE) --no-print-directory docs

# Needs chromium and chromedriver (Debian: chromium chromium-driver), and npm; that is why it is not a part of test.
browser: $(STAMP) $(AXE) $(SITE)  ## the HTML pages, and the site of the documents, in a real browser
	$(NO_PROXY) $(PY) -m pytest -q -n 0 $(ARGS) tests/browser </dev/null

# Needs Java 17 or newer (Debian: default-jre-headless), for ansible-rulebook; that is why it is not a part of test.
events: $(STAMP)  ## rulebooks and the event source in the real ansible-rulebook
	$(NO_PROXY) $(PY) tests/tools/events.py -n 2 $(ARGS) </dev/null

pictures: $(STAMP)  ## pictures for the documentation, in docs/images: of the HTML pages, and of a drift report
	cd tests && $(NO_PROXY) $(PY) -m browser.pictures </dev/null
	cd tests && $(NO_PROXY) $(PY) -m demo.drift </dev/null

soak: JOBS := 2
soak: $(STAMP)  ## the long fault campaign: SEED=7 COUNT=1 for one scenario
	cd tests && $(NO_PROXY) $(PY) -m faults $(addprefix --seed ,$(SEED)) --count $(COUNT) --jobs $(JOBS) $(ARGS) </dev/null

fuzz: $(STAMP)  ## break recorded answers in new ways, some minutes long
	$(PY) -m pytest -q -n $(JOBS) --hypothesis-profile=fuzz $(ARGS) tests/unit/test_fuzz_*.py </dev/null

mutants: $(STAMP)  ## change what decides, in 60 ways drawn from the commit, and see whether a test notices: ARGS="--count 9"
	$(NO_PROXY) $(PY) tests/tools/mutants.py $(ARGS) </dev/null

# Without what is marked "once": examples, measurements, the second dialect, results that come without a playbook, and what
# differs from the story beside it in the Dashboard's words alone, do not depend on the core. What happens on the wire depends
# on the HTTP libraries, of which the oldest are here, too; and what Ansible makes of a file of variables, on Ansible.
ON_THE_WIRE := request_left http bounds tls proxies export_yaml
oldest: $(STAMP)  ## the integration suite on the oldest ansible-core that this Python runs
	$(PY) tests/tools/matrix.py oldest -n $(JOBS) --dist worksteal -m "not once" tests/integration $(ON_THE_WIRE:%=tests/unit/test_%.py)

matrix: $(STAMP)  ## a smoke run on every supported ansible-core that the Pythons on this machine run
	$(PY) tests/tools/matrix.py smoke -n 0 tests/smoke

lint: lint-code lint-types lint-house lint-yaml lint-changelog lint-docs lint-ansible lint-artifact  ## all of lint-*

lint-code: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
lint-types: $(STAMP)
	$(BIN)/mypy
lint-house: $(STAMP)
	$(PY) tests/tools/house.py
# A schema for each kind of file that only its host reads.
SCHEMA := $(BIN)/check-jsonschema --builtin-schema vendor
ISSUES := .github/ISSUE_TEMPLATE
lint-yaml: $(STAMP)
	$(BIN)/yamllint --strict .
	$(SCHEMA).github-workflows $(wildcard .github/workflows/*.yml)
	$(SCHEMA).github-issue-forms $(filter-out %/config.yml,$(wildcard $(ISSUES)/*.yml))
	$(SCHEMA).github-issue-config $(ISSUES)/config.yml
	$(SCHEMA).dependabot .github/dependabot.yml
lint-changelog: $(STAMP)
	$(BIN)/antsibull-changelog lint
# Once more where it fails, for it takes a temporary folder of its own whose name ends with _ for a broken link. The markup
# that is made of documentation is checked by `make docs`, which reads the same, with warnings as errors.
DOCS_LINT := $(BIN)/antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck --validate-collection-refs=all .
lint-docs: $(STAMP)
	$(DOCS_LINT) || $(DOCS_LINT)
lint-ansible: $(STAMP)
	ANSIBLE_HOME=$(CURDIR)/.cache/ansible-lint $(BIN)/ansible-lint </dev/null
lint-artifact: $(STAMP)
	$(PY) tests/tools/artifact.py

awx-check: $(STAMP)  ## examples/awx against the real collection awx.awx (large) and a stand-in for AWX
	$(NO_PROXY) $(PY) tests/tools/awx.py

format: $(STAMP)  ## let ruff format the code and repair what it can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

sanity: $(STAMP)  ## ansible-test sanity, without any ignore file
	$(PY) tests/tools/sanity.py

sanity-oldest: $(STAMP)  ## the same on the oldest ansible-core that this Python runs
	$(PY) tests/tools/sanity.py oldest

sanity-branch: $(STAMP)  ## the same on one branch of ansible-core: CORE=2.18
	$(PY) tests/tools/sanity.py $(CORE)

docs: $(STAMP)  ## the site of guides and reference as HTML in .cache/docs/html, each link followed
	$(PY) tests/tools/website.py

coverage: $(STAMP)  ## what the test suite covers, playbook runs included
	rm -rf .cache/coverage && mkdir -p .cache/coverage
	$(BIN)/coverage run -m pytest -q -n $(JOBS) --dist worksteal $(ARGS) </dev/null
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

clean:  ## remove everything that was made here
	rm -rf .venv .cache .ansible collections tests/output
