# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Each target installs what it needs. Required: Python 3.11 or newer, git, make and access to a package index.
# ARGS is passed to the tool:  make unit ARGS='-k backend'   make integration ARGS=mist_backend
# WORK sets another build cache, for two runs at the same time:  make unit WORK=/tmp/other

check := tests/tools/check.sh
export ARGS WORK SCREENSHOT

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint quick unit coverage browser integration sanity docs package matrix bench clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## install the pinned tools in .venv
	@$(check)

demo: ## run playbooks against an emulated Mist server of each generation
	@tests/tools/demo.sh

test: ## run lint, coverage, browser, docs, package, integration and sanity; stop at the first failure
	@ARGS= $(check) lint coverage browser docs package integration sanity

lint: ## run yamllint, ruff, mypy, shellcheck, ansible-lint, and check the changelog and the licenses
	@$(check) lint

quick: ## run the unit tests that need no server, in seconds
	@$(check) quick

unit: ## run the unit tests on all processors
	@$(check) unit

coverage: ## run the unit tests and report the branch coverage
	@$(check) coverage

browser: ## test the stats report in a headless browser; SCREENSHOT=FILE saves a picture
	@$(check) browser

integration: ## run the integration targets with ansible-test
	@$(check) integration

sanity: ## run all tests of ansible-test sanity
	@$(check) sanity

docs: ## check the documentation and build its site
	@$(check) docs

package: ## build, install and use the collection, and check it with galaxy-importer
	@$(check) package

matrix: ## run the tests with other versions of ansible-core, on the Pythons that are installed
	@tests/tools/matrix.sh

bench: ## measure the inventory at 1,000 and 10,000 machines, and the minimum cost of any inventory
	@tests/tools/bench.sh

clean: ## remove the tools and the build cache
	rm -rf .venv .cache
