#!/usr/bin/env bash
# Copyright (c) 2026, Mist Developers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# bench.sh: measures the inventory plugin and the minimum cost of any inventory. ARGS is passed to tests/benchmark.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
read -ra args <<<"${ARGS:-}"

bench() {
    lay_tree
    enter_collection
    python -m tests.benchmark "${args[@]}"
}

say setup
locked setup setup
say "the inventory and its floor, in turn"
locked check bench
