# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Each target does its own set-up and needs only Python 3.11 or newer, git, make and the package index.
# ARGS is handed on to the tool:  make unit ARGS='-k backend'   make integration ARGS=mist_backend
# WORK names another build cache, so that two runs can go side by side:  make unit WORK=/tmp/other

check := tests/tools/check.sh
export ARGS WORK SCREENSHOT

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint quick unit coverage browser integration sanity docs package matrix bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## the pinned tools in .venv
	@$(check)

demo: ## playbooks against an emulated Mist server of each generation
	@tests/tools/demo.sh

test: ## lint, coverage, browser, docs, package, integration, sanity; stops at the first failure
	@ARGS= $(check) lint coverage browser docs package integration sanity

lint: ## yamllint, ruff, mypy, shellcheck, ansible-lint, changelog, licences
	@$(check) lint

quick: ## the unit tests that need no server, in seconds
	@$(check) quick

unit: ## the unit tests, on all processors
	@$(check) unit

coverage: ## the unit tests with their branch coverage
	@$(check) coverage

browser: ## the report of the stats, in a browser without a window; SCREENSHOT names a file for a picture of it
	@$(check) browser

integration: ## the integration targets under ansible-test
	@$(check) integration

sanity: ## all tests of ansible-test sanity
	@$(check) sanity

docs: ## check the documentation and build its site
	@$(check) docs

package: ## build the collection, install it, use it, and show it to galaxy-importer
	@$(check) package

matrix: ## the tests under other versions of ansible-core, with the Pythons that are here
	@tests/tools/matrix.sh

bench: ## what the inventory costs at 1,000 and 10,000 machines, beside the least that it can
	@tests/tools/bench.sh

clean: ## remove the tools and the build cache
	rm -rf .venv .cache
